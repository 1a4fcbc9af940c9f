"""Detects text that tries to instruct a language model. Pure; the text stays stored as data."""

from __future__ import annotations

import base64
import binascii
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.models import has_chat_marks
from rag.types import Page

_QUOTE_CHARACTERS = 100
_MOST_IN_A_PAGE = 5
_COMMENT_BYTES = 4000


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern, and words of which every match holds one: looking for them first is far quicker.

    Not every match is an `order`: a text may speak of system prompts and give none.
    """

    anchors: tuple[str, ...]
    pattern: re.Pattern[str]
    order: bool = True


def _rule(anchors: str, pattern: str, *, order: bool = True) -> _Rule:
    return _Rule(tuple(anchors.split(",")), re.compile(pattern, re.IGNORECASE | re.MULTILINE), order)


_OLD = r"(?:previous|prior|above|earlier|preceding|foregoing|existing|original|initial|system|your|all|any|these|those)"
_GAP = r"[^.!?\n]{0,40}?"
_RULES = (
    # English
    _rule(
        "instruction,prompt,guideline,directive,programming,commands",
        rf"\b(?:ignore|disregard|forget|override|bypass|neglect)\b{_GAP}\b{_OLD}\b{_GAP}"
        r"\b(?:instructions?|prompts?|guidelines|directives?|programming|commands)\b",
    ),
    _rule(
        "you are now",
        r"\byou are now (?:an? |the |in )?(?:\w+[ -]){0,3}"
        r"(?:assistant|AI|chat ?bot|model|DAN|jailbroken|unrestricted|mode|persona|hacker|pirate)\b",
    ),
    _rule("system prompt,systemprompt", r"\bsystem ?prompts?\b", order=False),
    _rule(
        "from now on",
        r"\bfrom now on,? (?:you (?:are|will|must|should|act|answer|respond)|(?:respond|answer|reply|act)\b)",
    ),
    _rule(
        "pretend,act as", r"\b(?:pretend (?:to be|you are)|act as) (?:an? )?(?:AI|DAN|unrestricted|jailbroken|evil)\b"
    ),
    _rule(
        "instruction",
        r"\b(?:new|updated|secret|hidden|real|important) instructions?(?: (?:for|to) (?:you|the \w+))?\s*:"
        r"|\binstructions? (?:for|to) (?:the )?(?:AI|LLMs?|language models?|chat ?bots?|AI assistants?)\b",
    ),
    _rule(
        "the user",
        r"\bdo not (?:tell|reveal|mention|inform|disclose|show|warn)\b[^.!?\n]{0,40}\bthe user\b"
        r"|\b(?:tell|inform|convince) the user (?:that|to)\b[^.!?\n]{0,60}"
        r"\b(?:password|credit card|click|visit|log ?in)\b",
    ),
    _rule(
        "you are a,as an ai",
        r"\byou are an? (?:helpful|AI|large language)\b[^.!?\n]{0,20}\b(?:assistant|model)\b",
        order=False,
    ),
    _rule(
        "you must,you should,you will,you shall", r"\byou (?:must|should|will|shall) (?:say|answer|reply)(?: that\b|:)"
    ),
    _rule(  # the end of an order that is spread over several places
        "instructions and,instructions, and,prompt and",
        r"\b(?:previous|prior|above|earlier|these|all|your|system) (?:instructions|prompt),? and (?:then )?"
        r"(?:say|answer|reply|respond|state|write|tell|claim)\b",
    ),
    _rule("let ", r"\blet \w{1,20} be:"),  # a piece of a sentence, named so that it can be joined elsewhere
    _rule("jailbreak,developer mode,do anything now", r"\bjail ?break(?:ing)? mode\b|\bdo anything now\b", order=False),
    # The other languages: an order to forget, and what is to be forgotten.
    _rule(
        "anweisung,instruktion,befehl",
        rf"\b(?:ignorier|vergiss|vergessen sie|missachte)\w*\b{_GAP}\b\w*(?:anweisung|instruktion|befehl)\w*",
    ),
    _rule("instruction,consigne", rf"\b(?:ignore[zr]?|oublie[zr]?)\b{_GAP}\b(?:instructions|consignes)\b"),
    _rule(
        "instruccion,instruções,instrucoes,istruzioni",
        rf"\b(?:ignor[aeo]\w*|olvid[ae]\w*|desconsider\w+|esque[cç]\w+|dimentic\w+)\b{_GAP}"
        r"\b(?:instrucciones|instruções|instrucoes|istruzioni)\b",
    ),
    _rule("instructies,opdrachten", rf"\b(?:negeer|vergeet)\b{_GAP}\b(?:instructies|opdrachten)\b"),
    _rule("instrukcj,polece", rf"\b(?:zignoruj|ignoruj|zapomnij)\w*\b{_GAP}\b(?:instrukcj|polece)\w+"),
    _rule(
        "инструкци,указани", rf"\b(?:игнорируй|проигнорируй|забудь|не обращай внимания)\w*\b{_GAP}(?:инструкци|указани)"
    ),
    _rule("talimat", r"\btalimat\w*\b[^.!?\n]{0,30}\b(?:yok say|unut|görmezden gel|dikkate alma)"),
    _rule("التعليمات,تعليمات", r"(?:تجاهل|انس|انسَ)[^.!؟\n]{0,40}تعليمات|(?:تجاهل|انس)[^.!؟\n]{0,40}التعليمات"),
    _rule("निर्देश", r"निर्देश[^।\n]{0,40}(?:अनदेखा|नज़रअंदाज|भूल)"),
    _rule("指令,指示,提示", r"(?:忽略|无视|忘记|忽視|無視|忘記)[^。！？\n]{0,20}(?:指令|指示|提示)"),
    _rule("指示,命令", r"(?:指示|命令)[^。！？\n]{0,10}(?:無視|忘れ)"),
    _rule("지시,명령", r"(?:지시|명령)[^.!?\n]{0,15}(?:무시|잊)"),
    # Marks by which chat templates tell who speaks
    _rule(
        "<|,[inst],[/inst],<<sys>>,<start_of_turn>,<system,</system,###",
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id|begin_of_text)\|>"
        r"|\[/?INST\]|<</?SYS>>|<start_of_turn>|</?system(?:[_-]?prompt)?>"
        r"|^###[ ]?(?:system|instruction|assistant|human)s?(?: prompt| message)?:",
    ),
)

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{24,4000}={0,2}(?![A-Za-z0-9+/=])")
_TAG_RUN = re.compile(rb"(?:\xf3\xa0[\x80\x81][\x80-\xbf]){8,4000}")
_ZERO_WIDTH_RUN = re.compile(
    rb"(?:\xe2\x80[\x8b-\x8d]|\xe2\x81\xa0|\xef\xbb\xbf|\xef\xb8[\x80-\x8f]|\xf3\xa0[\x84-\x87][\x80-\xbf]){16,}"
)

_PASSAGE_HEAD = re.compile(r"^\[\d+\] .{1,200}, page \d+$", re.MULTILINE)  # as `rag.models.prompts.passage` writes it
_INVISIBLE = (b"\xe2\x80\x8b", b"\xe2\x80\x8c", b"\xe2\x80\x8d", b"\xe2\x81\xa0", b"\xef\xb8", b"\xf3\xa0")


def find_instructions(pages: Sequence[Page]) -> tuple[str, ...]:
    """Short quotes of text that reads like instructions to a language model, each with its page number."""
    return tuple(
        f"page {page.number}: {quote}"
        for page in pages
        for quote in itertools.islice(_quotes(page.text), _MOST_IN_A_PAGE)
    )


def gives_orders(text: str) -> bool:
    """Whether a text orders a language model about, which no sentence of an answer may rest on.

    Narrower than `find_instructions`: what merely speaks of prompts and models is evidence like any other text. Marks
    of chat templates, and lines that pose as the head of another passage of the prompt, count as orders.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    lowered = plain.lower()
    if has_chat_marks(plain) or _PASSAGE_HEAD.search(plain):
        return True
    suspected = [rule for rule in _RULES if rule.order and any(anchor in lowered for anchor in rule.anchors)]
    forms = (plain, " ".join(plain.split())) if suspected else ()  # an order may be broken into lines
    return any(rule.pattern.search(form) for rule in suspected for form in forms)


def find_hidden(raw: bytes) -> tuple[str, ...]:
    """The same for text that a reader of the file does not see, in its bytes (UTF-8): HTML comments that give
    instructions, text written in invisible tag characters, long runs of zero-width characters."""
    found: list[str] = []
    for comment in _comments(raw):
        text = comment.decode("utf-8", errors="replace")
        found.extend(f"in a comment: {quote}" for quote in itertools.islice(_quotes(text), 1))
    if raw.isascii() or not any(mark in raw for mark in _INVISIBLE):
        return tuple(dict.fromkeys(found))
    for run in _TAG_RUN.finditer(raw):
        letters = (ord(character) - 0xE0000 for character in run[0].decode("utf-8", errors="ignore"))
        hidden = "".join(chr(code) for code in letters if code in range(32, 127))
        if hidden:
            found.append(f"in invisible characters: {_quoted(hidden)}")
    found.extend(
        f"{len(run[0].decode('utf-8', errors='ignore'))} invisible characters in a row"
        for run in _ZERO_WIDTH_RUN.finditer(raw)
    )
    return tuple(dict.fromkeys(found))


def _comments(raw: bytes) -> Iterator[bytes]:
    """The beginnings of HTML comments."""
    start = raw.find(b"<!--")
    while start >= 0 and (end := raw.find(b"-->", start)) >= 0:
        yield raw[start + 4 : min(end, start + _COMMENT_BYTES)]
        start = raw.find(b"<!--", end)


def _quotes(text: str) -> Iterator[str]:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    lowered = plain.lower()
    for rule in _RULES:
        if any(anchor in lowered for anchor in rule.anchors):
            yield from (_quoted(match[0]) for match in rule.pattern.finditer(plain))
    for match in _BASE64.finditer(plain):
        decoded = _decoded(match[0])
        if decoded:
            yield from (f"in base64: {quote}" for quote in itertools.islice(_quotes(decoded), 1))


def _decoded(text: str) -> str:
    """The text that base64 holds; empty when it holds none."""
    try:
        raw = base64.b64decode(text[: len(text) - len(text) % 4], validate=True)
        decoded = raw.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return decoded if all(map(_is_text, decoded)) else ""


def _is_text(character: str) -> bool:
    return character.isprintable() or character in "\n\t\r"


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    short = line if len(line) <= _QUOTE_CHARACTERS else line[:_QUOTE_CHARACTERS].rstrip() + "…"
    return f'"{short}"'
