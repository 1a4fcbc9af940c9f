"""Lines that programs print or that are typed for them: errors with their calls, prompts, differences of files."""

from __future__ import annotations

import re

_ERROR = r"(?:\w+[.$])*[A-Z]\w*(?:Error|Exception|Interrupt|Warning)"
_PROMPT = r"(?:\$ (?=[a-z./~])|>>> |\.\.\. (?=\S)|[\w.-]+@[\w.-]+[: ]\S*[$#] |PS [A-Z]:|[A-Z]:\\[^>\n]*>)"
# What the first word of a line is enough to tell.
_BEGINS = re.compile(rf"\s*(?:{_ERROR}:|Traceback\b|panic:|>>>|@@|\+\+\+|---(?=\s\S)|\^+\s*$|\$\s)")
_WHOLE = re.compile(
    rf"\s*(?:{_ERROR}(?::|\s*$)|Traceback \(|File \"[^\"\n]+\", line \d+|at (?:async )?[\w$.<>/]+(?: \[.*\])? ?\(.*\)"
    rf"|at \S+:\d+(?::\d+)?$|\.\.\. \d+ more|Caused by: |Exception in thread |panic: |goroutine \d+ \[|created by \S+$"
    rf"|(?:raise|throw)(?: new)? [A-Z][\w.]*\s*(?:\(|;|$)|[\w./\\:-]+:\d+(?: \+0x[0-9a-f]+)?$"
    rf"|[\w./*()]+\((?:0x[0-9a-f]+.*)?\)$"
    rf"|{_PROMPT}|@@ -\d|(?:---|\+\+\+) \S|diff --git |index [0-9a-f]+\.\.|\^+\s*$)"
)

_FRAME = re.compile(r"\s*(?:at [\w$.<>/]+ ?\(.*\)|at \S+:\d+(?::\d+)?$|File \"[^\"\n]+\", line \d+|\.\.\. \d+ more)")


def is_trace(line: str) -> bool:
    """Whether a whole line is one of them."""
    return _WHOLE.match(line) is not None


def begins_trace(line: str) -> bool:
    """Whether a line is one of them by its first word."""
    return _BEGINS.match(line) is not None


def is_frame(line: str) -> bool:
    """Whether a line names a call of a stack trace, and says nothing else."""
    return _FRAME.match(line) is not None
