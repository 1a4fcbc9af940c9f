"""Calendar files (.ics) and the invitations in messages: each event with what, when, where and who."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Component

from ingest.parsers.common import ParsedFile, clean_text, one_line, receipt_of, require_text, split_pages, title_of
from ingest.parsers.text import decode
from rag.errors import ParseError

MEDIA_TYPE = "text/calendar"

_KINDS = ("VEVENT", "VTODO", "VJOURNAL")
_TIMES = (("DTSTART", "Start"), ("DTEND", "End"), ("DUE", "Due"), ("DURATION", "Duration"))
_FIELDS = (
    ("RRULE", "Repeats"), ("LOCATION", "Place"), ("ORGANIZER", "Organizer"), ("ATTENDEE", "Attendee"),
    ("STATUS", "Status"), ("CATEGORIES", "Categories"), ("URL", "Address"), ("COMMENT", "Comment"),
)  # fmt: skip


class CalendarParser:
    """Reads calendar files."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """Each event, task or note as a section under its summary."""
        text, notes = decode(data, filename)
        try:
            calendars = Calendar.from_ical(text, multiple=True)
        except (ValueError, IndexError) as exc:
            raise ParseError(f"{filename}: the calendar is malformed ({exc}). Export it again") from exc
        sections: list[str] = []
        skipped: list[str] = []
        for calendar in calendars:
            method = str(calendar.get("METHOD", ""))
            for entry in calendar.walk():
                if entry.name in _KINDS:
                    sections.append(_section(entry, method))
                    skipped.extend(f"{name}: {reason}" for name, reason in getattr(entry, "errors", ()))
        pages = split_pages("\n\n".join(sections))
        require_text(pages, filename)
        title = next((one_line(str(each["X-WR-CALNAME"])) for each in calendars if "X-WR-CALNAME" in each), "")
        if not title and len(sections) == 1:
            title = sections[0].partition("\n")[0].lstrip("# ")
        receipt = receipt_of("calendar", pages, notes, skipped=skipped)
        return ParsedFile(title or title_of(filename), MEDIA_TYPE, pages, receipt, markdown=True)


def _section(entry: Component, method: str) -> str:
    times = [(label, _last_day(entry) if name == "DTEND" else "", name) for name, label in _TIMES if name in entry]
    lines = [f"- {label}: {last_day or _moment(entry[name])}" for label, last_day, name in times]
    for name, label in _FIELDS:
        lines.extend(f"- {label}: {value}" for value in _values(entry, name))
    if method and method not in ("REQUEST", "PUBLISH"):
        lines.append(f"- Method: {method.lower()}")
    description = clean_text(str(entry.get("DESCRIPTION", ""))).strip()
    heading = f"# {one_line(str(entry.get('SUMMARY', ''))) or 'Without a title'}"
    return "\n\n".join(part for part in (heading, "\n".join(lines), description.replace("\n#", "\n\\#")) if part)


def _values(entry: Component, name: str) -> Iterator[str]:
    found: Any = entry.get(name, ())
    for value in found if isinstance(found, list) else (found,) if name in entry else ():
        shown = value.to_ical().decode() if name in ("RRULE", "CATEGORIES") else str(value)
        parameters = getattr(value, "params", {})
        called = str(parameters.get("CN", ""))
        answer = str(parameters.get("PARTSTAT", "")).lower().replace("-", " ")
        address = shown.removeprefix("mailto:").removeprefix("MAILTO:")
        yield one_line(f"{f'{called} <{address}>' if called else address}{f' ({answer})' if answer else ''}")


def _last_day(entry: Component) -> str:
    """Of whole days the last, for files name the day after it as their end (RFC 5545, 3.6.1); else empty."""
    start, end = (getattr(entry.get(name), "dt", None) for name in ("DTSTART", "DTEND"))
    if not isinstance(end, date) or isinstance(end, datetime):
        return ""
    known = isinstance(start, date) and not isinstance(start, datetime)
    return (max(start, end - timedelta(days=1)) if known and start else end).isoformat()


def _moment(value: Any) -> str:
    """A day, a time with its zone, or a duration."""
    moment = getattr(value, "dt", value)
    if isinstance(moment, datetime):
        zone = str(value.params.get("TZID", "")) or ("UTC" if moment.tzinfo else "")
        return f"{moment:%Y-%m-%d %H:%M}{f' ({zone})' if zone else ''}"
    return moment.isoformat() if isinstance(moment, date) else str(moment)
