"""What a user gives (files, folders, patterns, archives, URLs, buckets) to a sorted list of single sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from ingest.sources.archives import Archive, too_big, too_many
from ingest.sources.buckets import has_pattern, in_bucket, is_bucket
from ingest.sources.fetching import Fetcher
from ingest.sources.folders import Found, in_folder, in_pattern, item_at
from ingest.sources.source import (
    ARCHIVE_DEPTH,
    MB,
    WEB,
    Item,
    Limits,
    Refused,
    Sources,
    is_archive,
    member_of,
    parts_of,
    printable,
)
from ingest.sources.urls import is_url, name_of, normalised
from rag.errors import SourceError

_MAGIC = frozenset("*?[")


def expand(given: Sequence[str | Path], limits: Limits | None = None, *, fetcher: Fetcher | None = None) -> Sources:
    """The sources of the arguments: files as given; supported files of folders, patterns, buckets and archives.

    Hidden files, unsupported ones and links that lead out of their folder are skipped. Archives are opened by
    `fetcher`, which downloads remote ones; None: a new fetcher. Nothing is raised for what cannot be read: it is in
    `missing`.
    """
    found: list[Found] = []
    roots: list[str] = []
    with ExitStack() as cleanup:
        opener = fetcher or cleanup.enter_context(Fetcher(limits or Limits()))
        for one in given:
            root, parts = _expanded(one)
            found += parts
            roots += [root] if root else []
        opened = {one.source: one for one in found if isinstance(one, Item) and is_archive(one.source)}
        for source in sorted(opened):
            found += _in_archive(source, opener, _Budget(opener.limits))
    return _sources([one for one in found if one.source not in opened or isinstance(one, Refused)], roots)


def expand_urls(file: Path, limits: Limits | None = None, *, fetcher: Fetcher | None = None) -> Sources:
    """The URLs of a text file, one a line; lines that start with `#` are comments.

    Lines that are no URLs are in `missing`, under the name of the file and the line's number. The root is the whole
    web, or such a line when there is one.
    """
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as exc:
        return _mistaken_list(file, f"cannot be read as a list of URLs ({exc}). Give a text file with one URL a line")
    urls: list[str] = []
    mistakes: list[Refused] = []
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        try:
            urls.append(normalised(line))
        except SourceError as exc:
            mistakes.append(Refused(f"{file}:{number}", str(exc), lost=True))
    if not urls and not mistakes:
        return _mistaken_list(file, "holds no URL. Write one a line")
    found = expand(urls, limits, fetcher=fetcher)
    return replace(found, missing=(*mistakes, *found.missing), roots=tuple(one.source for one in mistakes) or WEB)


def joined(*parts: Sources) -> Sources:
    """What was given in several ways as one, with what they share once."""
    found: list[Found] = []
    for part in parts:
        found += [*part.items, *part.skipped, *part.missing]
    return _sources(found, [root for part in parts for root in part.roots])


class _Budget:
    """What an archive and the archives in it may still hold together."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._files = 0
        self._bytes = 0

    def take(self, source: str, archive: Archive) -> None:
        """Count an archive's members.

        Raises:
            SourceError: they are too many or too large; none is counted then.
        """
        files = self._files + len(archive.members)
        size = self._bytes + sum(member.size_bytes for member in archive.members.values())
        if files > self._limits.archive_max_files:
            raise too_many(source, self._limits)
        if size > self._limits.archive_max_mb * MB:
            raise too_big(source, self._limits)
        self._files, self._bytes = files, size


def _expanded(one: str | Path) -> tuple[str | None, list[Found]]:
    """What one thing given stands for, archives still closed, and its root if it is one."""
    try:
        if isinstance(one, str) and is_url(one):
            url = normalised(one)
            return (url if is_archive(url) else None), [Item(url, name_of(url), given=True)]
        if isinstance(one, str) and is_bucket(one):
            return (None if has_pattern(one) else one.rstrip("/")), list(in_bucket(one))
        return _on_disk(Path(one))
    except SourceError as exc:
        return str(one), [_lost(str(one), exc)]
    except (OSError, RuntimeError) as exc:
        reason = f"{exc}. Check that it is there and may be read"
        return printable(str(one)), [Refused(printable(str(one)), reason, lost=True)]


def _on_disk(path: Path) -> tuple[str | None, list[Found]]:
    shown = printable(str(path))
    if path.is_dir():
        return printable(path.resolve().as_posix()), list(in_folder(path))
    if path.exists():
        found = item_at(path.resolve())
        if isinstance(found, Refused):
            return None, [replace(found, lost=True)]
        return (found.source if is_archive(found.name) else None), [replace(found, given=True)]
    if _MAGIC & set(shown):
        matches = list(in_pattern(path))
        reason = "no file matches this pattern. Check it, and quote it in the shell"
        return None, matches or [Refused(shown, reason, lost=True)]
    absolute = printable(path.absolute().as_posix())
    return absolute, [Refused(absolute, "no such file or folder. Check the path", lost=True)]


def _in_archive(source: str, fetcher: Fetcher, budget: _Budget) -> Iterator[Found]:
    """The members of an archive, and of archives in it."""
    try:
        archive = fetcher.archive(source)
        budget.take(source, archive)
    except SourceError as exc:
        yield _lost(source, exc)
        return
    yield from archive.refused
    members = archive.members
    for inner, member in members.items():
        whole = member_of(source, inner)
        if not is_archive(inner):
            yield Item(whole, inner.rpartition("/")[2], member.size_bytes)
        elif len(parts_of(source)) < ARCHIVE_DEPTH:
            yield from _in_archive(whole, fetcher, budget)
        else:
            yield Refused(whole, "an archive in an archive in an archive. Unpack it and give the folder", lost=True)


def _sources(found: Sequence[Found], roots: Iterable[str]) -> Sources:
    listed = sorted((one for one in found if isinstance(one, Item)), key=lambda one: one.given)
    items = {one.source: one for one in listed}  # of one that was also given, that
    refused = sorted({one for one in found if isinstance(one, Refused)}, key=lambda one: (one.source, one.reason))
    return Sources(
        tuple(items[source] for source in sorted(items)),
        # a file named by itself is taken, although its folder would skip it
        tuple(one for one in refused if not one.lost and one.source not in items),
        tuple(one for one in refused if one.lost),
        tuple(dict.fromkeys(roots)),
    )


def _lost(source: str, exc: SourceError) -> Refused:
    return Refused(source, str(exc).removeprefix(f"{source}: "), lost=True)


def _mistaken_list(file: Path, reason: str) -> Sources:
    return Sources((), missing=(Refused(str(file), reason, lost=True),), roots=(str(file),))
