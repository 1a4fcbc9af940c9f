"""Streams a form with a file to disk; nothing is held in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.storage import Incoming
from api.wire import Refused

_TOO_LARGE = 413
_MB = 1_000_000
_FIELD_BYTES, _FIELDS = 64_000, 100
_PATIENCE = 2  # times the limit: so much is read of what will be refused


@dataclass(frozen=True, slots=True)
class SentFile:
    """The file part of the form."""

    filename: str
    media_type: str


OpenSink = Callable[[SentFile], AbstractContextManager[Incoming]]


class FormReader:
    """Reads one form with one file, which is the part `name`; other parts are fields.

    The sink is opened when the file's head has come, and stays open until the caller leaves the reader, which is a
    context manager: whatever is raised inside undoes it.
    """

    def __init__(self, request: Request, name: str, open_sink: OpenSink, *, limit_mb: float, setting: str) -> None:
        self.fields: dict[str, str] = {}
        self.file: SentFile | None = None
        self._request = request
        self._name = name
        self._open_sink = open_sink
        self._limit_mb = limit_mb
        self._setting = setting
        self._sink: Incoming | None = None
        self._size = 0
        self._parts = ExitStack()
        self._header, self._value = bytearray(), bytearray()
        self._headers: dict[str, bytes] = {}
        self._field: tuple[str, bytearray] | None = None
        self._ended = False

    def __enter__(self) -> FormReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self._parts.__exit__(*exc)  # type: ignore[arg-type]

    async def read(self) -> SentFile:
        """Read the whole form.

        Raises:
            Refused: it is no form, has no such file, or the file is larger than the limit.
        """
        parser, received = self._parser(), 0
        failure: Refused | OSError | None = None
        async for block in self._request.stream():
            received += len(block)
            if received > _PATIENCE * self._limit_mb * _MB + _MB:
                break
            if failure is None and self._size <= self._limit_mb * _MB:
                try:
                    await asyncio.to_thread(parser.write, block)
                except FormParserError as exc:
                    failure = Refused(f"the form cannot be read: {exc}")
                except (Refused, OSError) as exc:
                    failure = exc
        if failure is not None:  # told when all was sent: a client that is cut off in its sending sees no answer
            raise failure
        if self._size > self._limit_mb * _MB:
            raise Refused(
                f"the file is larger than {self._limit_mb:g} MB, the limit that {self._setting} sets",
                param=self._name,
                code="file_too_large",
                status=_TOO_LARGE,
            )
        if not self._ended:
            raise Refused("the form is incomplete; send it again")
        if self.file is None:
            raise Refused(f"the form needs a part {self._name!r} with a filename", param=self._name)
        return self.file

    @property
    def sink(self) -> Incoming:
        """Where the bytes of the file went; only after `read`."""
        assert self._sink is not None
        return self._sink

    def _parser(self) -> MultipartParser:
        kind, options = parse_options_header(self._request.headers.get("content-type", ""))
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise Refused(f"send a form: multipart/form-data with a part {self._name!r}", param=self._name)
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._begin_body,
                "on_part_data": self._body,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    def _begin_part(self) -> None:
        self._headers = {}
        self._field = None

    def _end_header(self) -> None:
        self._headers[bytes(self._header).decode("latin-1").lower()] = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _begin_body(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", b""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if name != self._name or b"filename" not in options:
            if name == self._name:
                raise Refused(f"the part {name!r} has no filename", param=name)
            self._field = (name, bytearray())
            return
        if self.file is not None:
            raise Refused(f"the form has more than one part {name!r}", param=name)
        media_type = self._headers.get("content-type", b"application/octet-stream").decode("latin-1")
        self.file = SentFile(_decoded(options[b"filename"], name), media_type)
        self._sink = self._parts.enter_context(self._open_sink(self.file))

    def _body(self, data: bytes, start: int, end: int) -> None:
        if self._field is not None:
            self._field[1].extend(data[start:end])
            if len(self._field[1]) > _FIELD_BYTES:
                raise Refused(f"the field {self._field[0]!r} is too long", param=self._field[0])
        else:
            self._size += end - start
            if self._size <= self._limit_mb * _MB:
                self.sink.write(data[start:end])

    def _end_part(self) -> None:
        if self._field is None:
            return
        name, value = self._field
        if name in self.fields or len(self.fields) >= _FIELDS:
            raise Refused(f"the field {name!r} is there more than once, or there are too many", param=name)
        self.fields[name] = _decoded(bytes(value), name)

    def _end(self) -> None:
        self._ended = True


def _decoded(value: bytes, name: str) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise Refused(f"{name!r} is not UTF-8", param=name) from exc
