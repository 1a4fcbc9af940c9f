"""Dates and times as a spreadsheet shows them, in an unambiguous form: 2026-03-01, 14:30."""

from __future__ import annotations

import datetime
import re

Moment = datetime.datetime | datetime.date | datetime.time | datetime.timedelta

_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]')
_MINUTES = re.compile(r"(?<=h)[^a-z]*m+|m+(?=[^a-z]*s)")
_HOUR_S, _MINUTE_S = 3600, 60


def shown_moment(moment: Moment, code: str) -> str:
    """A date or time under an Excel number format: the parts that the format shows, in the order of ISO 8601.

    A time of day under `h:mm` is `14:30`, a date under `mmm yyyy` is `2026-03`; a length of time is in hours.
    """
    letters = _MINUTES.sub("", _LITERALS.sub("", code.lower()).replace("am/pm", "").replace("a/p", ""))
    if isinstance(moment, datetime.timedelta):
        return _length(moment)
    if isinstance(moment, datetime.time):
        return _time(moment, letters)
    shows_date, shows_time = bool(set("ymd") & set(letters)), bool(set("hs") & set(letters))
    if not isinstance(moment, datetime.datetime):
        return _date(moment, letters)
    if shows_time and not shows_date:
        return _time(moment.time(), letters)
    if shows_time or (not shows_date and moment.time() != datetime.time()):
        return f"{moment.date().isoformat()} {_time(moment.time(), letters)}"
    return _date(moment.date(), letters)


def _date(date: datetime.date, letters: str) -> str:
    if "y" in letters and "d" not in letters:
        return f"{date:%Y-%m}" if "m" in letters else f"{date:%Y}"
    return date.isoformat()


def _time(time: datetime.time, letters: str) -> str:
    return time.isoformat("minutes" if "s" not in letters and not time.second else "seconds")


def _length(length: datetime.timedelta) -> str:
    seconds = round(abs(length.total_seconds()))
    hours, rest = divmod(seconds, _HOUR_S)
    minutes, rest = divmod(rest, _MINUTE_S)
    sign = "-" if length < datetime.timedelta() else ""
    return f"{sign}{hours}:{minutes:02}" + (f":{rest:02}" if rest else "")
