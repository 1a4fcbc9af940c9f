"""What paths, folders and patterns stand for, and how local files are fetched."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import pickle
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ingest.sources import Item, Limits, Refused, Sources
from ingest.sources.expanding import expand
from ingest.sources.fetching import Fetcher
from ingest.sources.folders import Digest, fetch_local
from rag.errors import SourceError
from rag.settings import load_settings
from rag.types import sha256_of
from tests import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.md", "a.txt", "sub/c.PDF", "sub/deep/d.html", ".hidden.md", ".git/e.md", "f.exe"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return (tmp_path / "in").resolve()


def names(sources: Sources) -> list[str]:
    return [item.name for item in sources.items]


def reasons(refused: tuple[Refused, ...]) -> dict[str, str]:
    return {Path(item.source).name: item.reason for item in refused}


def test_a_folder_gives_its_supported_files_sorted(folder: Path):
    """Folders are read to any depth; hidden and unsupported files are skipped with a reason."""
    sources = expand([folder])
    assert [Path(item.source).relative_to(folder).as_posix() for item in sources.items] == [
        "a.txt",
        "b.md",
        "sub/c.PDF",
        "sub/deep/d.html",
    ]
    assert sources.roots == (folder.as_posix(),)
    skipped = reasons(sources.skipped)
    assert skipped.keys() == {".git", ".hidden.md", "f.exe"}
    assert "hidden" in skipped[".git"]
    assert "not supported" in skipped["f.exe"]


def test_an_item_travels_as_json(folder: Path):
    """A queue may carry it to another process, where the source alone is enough to fetch it."""
    item = expand([folder]).items[0]
    assert item == Item(f"{folder.as_posix()}/a.txt", "a.txt", 1)
    assert Item(**json.loads(json.dumps(dataclasses.asdict(item)))) == item


def test_a_file_is_taken_once(folder: Path):
    """A file named by itself, by its folder and by a pattern is one file."""
    sources = expand([folder / "a.txt", str(folder / "*.txt"), folder, folder / "sub" / ".." / "a.txt"])
    assert names(sources).count("a.txt") == 1
    assert {item.name for item in sources.items if item.given} == {"a.txt"}
    assert not any(item.given for item in expand([folder, str(folder / "*.txt")]).items)


def test_a_file_named_by_itself_is_never_skipped(folder: Path):
    """Whether it can be read is for the parsers to say, also when its folder is given too."""
    for given in ([folder / "f.exe", folder / ".hidden.md"], [folder, folder / "f.exe", folder / ".hidden.md"]):
        sources = expand(given)
        assert {".hidden.md", "f.exe"} <= set(names(sources))
        assert not {".hidden.md", "f.exe"} & reasons(sources.skipped).keys()


def test_files_without_an_extension_are_taken(folder: Path):
    """The parsers look at their bytes."""
    (folder / "README").write_text("x")
    assert "README" in names(expand([folder]))


def test_what_has_a_near_relative_that_is_read_says_which(folder: Path):
    """A file of another office program is skipped with the way to have it read."""
    (folder / "letter.wpd").write_bytes(b"PK")
    assert reasons(expand([folder]).skipped)["letter.wpd"] == (
        "not supported. Open it in Word or LibreOffice and save it as .docx"
    )


def test_patterns_reach_into_folders(folder: Path):
    """`**` stands for folders of any depth."""
    assert names(expand([folder / "**" / "*.html"])) == ["d.html"]


def test_what_is_missing_is_named(folder: Path):
    """A path that does not exist, and a pattern that matches nothing, are mistakes and not empty."""
    missing = reasons(expand([folder / "no.txt", folder / "*.docx"]).missing)
    assert "no such file" in missing["no.txt"]
    assert "no file matches" in missing["*.docx"]


def test_links_that_lead_out_are_refused(folder: Path):
    """A link to a file elsewhere is skipped; a link inside of the folder is that file; a loop ends."""
    (folder.parent / "secret.txt").write_text("x")
    (folder / "out.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "in.txt").symlink_to(folder / "a.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "dangling.txt").symlink_to(folder / "nowhere.txt")
    sources = expand([folder])
    assert names(sources) == ["a.txt", "b.md", "c.PDF", "d.html"]
    skipped = reasons(sources.skipped)
    assert "leads out" in skipped["out.txt"]
    assert "link to a folder" in skipped["loop"]
    assert reasons(sources.missing).keys() == {"self.txt", "dangling.txt"}


def test_pipes_and_sockets_are_not_opened(folder: Path):
    """Opening a pipe would wait for its other end for ever."""
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(folder / "socket.txt"))
        skipped = reasons(expand([folder]).skipped)
        assert skipped["pipe.txt"] == skipped["socket.txt"] == "not a regular file"
    assert reasons(expand([folder / "pipe.txt"]).missing) == {"pipe.txt": "not a regular file"}
    with Fetcher(Limits()) as fetcher, pytest.raises(SourceError, match="not a regular file"):
        fetcher.fetch((folder / "pipe.txt").as_posix())


EXPANDED_BY_NOBODY = """
import os, pwd, sys
from pathlib import Path
from ingest.sources.expanding import expand
if os.geteuid() == 0:
    os.setuid(pwd.getpwnam("nobody").pw_uid)
print(*(f"{each.source}: {each.reason}" for each in expand([Path(sys.argv[1])]).missing), sep="\\n")
"""


def test_an_unreadable_folder_is_reported():
    """Its files are not known, which is not the same as not there. Root, who reads everything, looks as `nobody`."""
    with tempfile.TemporaryDirectory() as place:  # of those above `tmp_path`, `nobody` may enter none
        locked = Path(place).resolve() / "in" / "sub"
        locked.mkdir(parents=True)
        Path(place).chmod(0o755)
        locked.chmod(0)
        command = [sys.executable, "-c", EXPANDED_BY_NOBODY, str(locked.parent)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        locked.chmod(0o755)
    assert done.stdout.startswith(f"{locked}: ")
    assert "Permission denied" in done.stdout


def test_one_folder_that_cannot_be_read_stops_no_other(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """It is reported, and the other folders are read."""
    really = os.scandir

    def scandir(path: Path) -> object:
        if path.name == "sub":
            raise PermissionError(13, "Permission denied")
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)
    sources = expand([folder])
    assert names(sources) == ["a.txt", "b.md"]
    assert "Permission denied" in reasons(sources.missing)["sub"]


def test_names_that_cannot_be_an_identity_are_reported(folder: Path):
    """Bytes that are no UTF-8, control characters, and paths that read like a member of an archive."""
    (Path(os.fsdecode(os.fsencode(folder) + b"/odd\xff.txt"))).write_text("x")
    (folder / "line\nbreak.txt").write_text("x")
    (folder / "x.zip!").mkdir()
    (folder / "x.zip!/y.txt").write_text("x")
    missing = reasons(expand([folder]).missing)
    assert missing.keys() == {"odd\\xff.txt", "line\nbreak.txt", "y.txt"}
    assert all("Rename" in reason for reason in missing.values())


def test_a_local_file_is_fetched_where_it_is(folder: Path):
    """Without a copy, with its hash and size; the bytes read later are the bytes that were hashed."""
    with Fetcher(Limits()) as fetcher:
        fetched = pickle.loads(pickle.dumps(fetcher.fetch((folder / "a.txt").as_posix())))
    with fetched:
        assert (fetched.path, fetched.sha256, fetched.size_bytes) == (folder / "a.txt", sha256_of(b"x"), 1)
        assert fetched.read() == b"x"
        (folder / "a.txt").write_text("y")
        with pytest.raises(SourceError, match=r"changed while it was read.*once it is complete"):
            fetched.read()
    assert (folder / "a.txt").exists(), "the user's own file is not temporary"


def test_a_file_that_is_too_large_or_gone_is_refused(folder: Path):
    (folder / "big.txt").write_bytes(bytes(20_001))
    with Fetcher(Limits(max_file_mb=0.02)) as fetcher:
        with pytest.raises(SourceError, match=r"big.txt.*0\.02 MB.*FOOTNOTE_MAX_FILE_MB"):
            fetcher.fetch((folder / "big.txt").as_posix())
        with pytest.raises(SourceError, match=r"no.txt: No such file.*Check"):
            fetcher.fetch((folder / "no.txt").as_posix())


def test_a_link_put_in_the_place_of_a_listed_file_is_not_followed(folder: Path):
    (folder / "a.txt").unlink()
    (folder / "a.txt").symlink_to("/etc/passwd")
    with Fetcher(Limits()) as fetcher, pytest.raises(SourceError, match=r"a\.txt"):
        fetcher.fetch((folder / "a.txt").as_posix())


class Growing:
    """A hash during which a file grows by a byte, for each one that is made until `times` have been."""

    def __init__(self, path: Path, times: int) -> None:
        self.path, self.times, self.made = path, times, 0

    def __call__(self) -> Digest:
        self.made += 1
        return hashlib.sha256() if self.made > self.times else self

    def update(self, block: bytes, /) -> None:
        with self.path.open("ab") as file:
            file.write(b"x" if len(block) > 1 else b"")

    def hexdigest(self) -> str:
        return ""


def test_a_file_that_keeps_changing_is_refused(folder: Path):
    """It is read twice at most; one that changed once is read as it is then."""
    path = folder / "growing.txt"
    path.write_bytes(b"some words")
    growing = Growing(path, 2)
    with pytest.raises(SourceError, match="keeps changing"):
        fetch_local(path.as_posix(), 1, growing)
    assert growing.made == 2
    fetched = fetch_local(path.as_posix(), 1, Growing(path, 1))
    assert fetched.sha256 == sha256_of(path.read_bytes())


def test_limits_come_from_the_settings():
    settings = load_settings(max_file_mb=3, archive_max_files=4, url_private_addresses=True)
    assert Limits.of(settings) == Limits(3, 4, 2000, 30, url_private_addresses=True)
