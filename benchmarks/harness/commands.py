"""The command `footnote` in a process of its own, with settings in its environment, as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

FOOTNOTE = (sys.executable, "-c", "from api.cli.commands import main; main()")


def environment(settings: Mapping[str, object]) -> dict[str, str]:
    """This process's environment, with these settings (`data_dir` becomes `FOOTNOTE_DATA_DIR`)."""
    return os.environ | {f"FOOTNOTE_{name.upper()}": str(value) for name, value in settings.items()}


def footnote_json(*arguments: object, settings: Mapping[str, object]) -> dict[str, Any]:
    """Run `footnote ARGUMENTS`; the last line it prints is one JSON object, which is returned.

    Raises:
        subprocess.CalledProcessError: it could not be done; the reason is on standard error.
    """
    command = [*FOOTNOTE, *map(str, arguments)]
    done = subprocess.run(command, env=environment(settings), stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
