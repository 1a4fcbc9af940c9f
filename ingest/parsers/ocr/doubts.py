"""Suspected pages of a file compared with their image by OCR: confirmed, or read by OCR like a scan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingest.parsers.common import ParsedFile, ScanReader, without_doubted, without_text
from rag.errors import ParseError

_SAMPLED, _SAMPLED_OF_GRAVE = 3, 6  # pages that have one reason in common
_MOST_NAMED = 10


def settled(parsed: ParsedFile, data: bytes, filename: str, reader: ScanReader | None) -> ParsedFile:
    """The file without doubts: pages whose picture shows something else are `scans` now, and the receipt says so.

    Of many pages with one doubt a sample is compared; where most of them differ, or one of
    those whose text would have to be withheld, the pages left out are read by OCR too.

    Raises:
        ParseError: nothing of the file is to be believed and no OCR can tell; says what to do.
    """
    if reader is None or not parsed.doubts:
        return without_doubted(parsed, filename)
    try:
        wrong = {reason: _wrong(parsed, data, filename, reader, of) for reason, of in _by_reason(parsed).items()}
    except ParseError as exc:
        noted = replace(parsed.receipt, notes=(*parsed.receipt.notes, f"pages cannot be compared by OCR ({exc})"))
        return without_doubted(replace(parsed, receipt=noted), filename)
    notes = [
        f"{_pages(numbers)}: {reason}, and the picture shows something else; read by OCR"
        for (reason, _), numbers in wrong.items()
        if numbers
    ]
    unread = sorted({number for numbers in wrong.values() for number in numbers})
    for (reason, _), numbers in _by_reason(parsed).items():
        kept = [number for number in numbers if number not in unread and not parsed.doubts[number].quiet]
        compared = any(parsed.doubts[number].lines for number in kept)
        how = "compared with the picture by OCR, which agrees" if compared else "check the text"
        notes.extend([f"{_pages(kept)}: {reason}; {how}"] if kept else [])
    left = without_text(parsed, unread)
    receipt = replace(left.receipt, notes=(*left.receipt.notes, *notes))
    return replace(left, scans=tuple(sorted({*left.scans, *unread})), receipt=receipt, doubts={})


def _by_reason(parsed: ParsedFile) -> dict[tuple[str, bool], list[int]]:
    reasons: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for number, doubt in parsed.doubts.items():
        reasons[doubt.reason, doubt.withhold].append(number)
    return reasons


def _wrong(parsed: ParsedFile, data: bytes, filename: str, reader: ScanReader, numbers: Sequence[int]) -> list[int]:
    """Of pages with one reason those whose text is not what they show."""
    grave = parsed.doubts[numbers[0]].withhold
    most = _SAMPLED_OF_GRAVE if grave else _SAMPLED
    sample = numbers[:: -(-len(numbers) // most)]
    wrong = {one for one in sample if not reader.confirms(data, filename, one, parsed.doubts[one].lines)}
    others = 2 * len(wrong) > len(sample) or (grave and wrong)
    return [number for number in numbers if number in wrong or (others and number not in sample)]


def _pages(numbers: Sequence[int]) -> str:
    named = ", ".join(map(str, numbers[:_MOST_NAMED]))
    more = f" and {len(numbers) - _MOST_NAMED} more" if len(numbers) > _MOST_NAMED else ""
    return f"{'page' if len(numbers) == 1 else 'pages'} {named}{more}"
