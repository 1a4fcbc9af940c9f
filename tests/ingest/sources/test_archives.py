"""Archives, honest and hostile: which members they give, and what is refused."""

from __future__ import annotations

import contextlib
import io
import os
import re
import struct
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources import Limits, Sources, lies_under, member_of, parts_of
from ingest.sources.archives import inner_path
from ingest.sources.expanding import expand
from ingest.sources.fetching import Fetcher
from rag.errors import SourceError
from rag.types import sha256_of

FILES = {"docs/b.md": b"bee", "a.txt": b"ay", "__MACOSX/a.txt": b"x", "docs/.hidden.md": b"x", "c.exe": b"x"}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def tarred(files: Mapping[str, bytes], mode: str = "w") -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return held.getvalue()


def put(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return (folder / name).resolve()


def inside(sources: Sources) -> list[str]:
    return ["!/".join(parts_of(item.source)[1:]) for item in sources.items]


def told(refused: Sources) -> str:
    return " | ".join(f"{one.source}: {one.reason}" for one in (*refused.skipped, *refused.missing))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.zip", zipped(FILES)),
        ("x.ZIP", zipped(FILES, zipfile.ZIP_STORED)),
        ("x.tar", tarred(FILES)),
        ("x.tar.gz", tarred(FILES, "w:gz")),
        ("x.tgz", tarred(FILES, "w:gz")),
        ("x.tar.bz2", tarred(FILES, "w:bz2")),
        ("x.tar.xz", tarred(FILES, "w:xz")),
        ("really-a-tar.zip", tarred(FILES)),
    ],
)
def test_an_archive_stands_for_its_supported_members(tmp_path: Path, name: str, data: bytes):
    """Hidden, unsupported and `__MACOSX` members are skipped with a reason; each member is fetched by its source."""
    path = put(tmp_path, name, data)
    sources = expand([tmp_path])
    assert [item.source for item in sources.items] == [f"{path}!/a.txt", f"{path}!/docs/b.md"]
    assert [(item.name, item.size_bytes) for item in sources.items] == [("a.txt", 2), ("b.md", 3)]
    assert {one.source.rpartition("!/")[2] for one in sources.skipped} == {
        "__MACOSX/a.txt",
        "docs/.hidden.md",
        "c.exe",
    }
    assert not sources.missing
    with Fetcher(Limits()) as fetcher, fetcher.fetch(f"{path}!/docs/b.md") as fetched:
        assert (fetched.read(), fetched.name, fetched.sha256) == (b"bee", "b.md", sha256_of(b"bee"))
        assert fetched.temporary
    assert not fetched.path.exists()
    assert [path.name for path in tmp_path.iterdir()] == [name], "nothing is unpacked beside it"


def test_archives_in_archives_are_read_twice_deep(tmp_path: Path):
    """A third one is reported, not silently left out."""
    third = zipped({"deep.md": b"x"})
    second = tarred({"two.md": b"2", "third.zip": third}, "w:gz")
    path = put(tmp_path, "x.zip", zipped({"one.md": b"1", "in/second.tar.gz": second}))
    sources = expand([path])
    assert inside(sources) == ["in/second.tar.gz!/two.md", "one.md"]
    assert sources.roots == (path.as_posix(),)
    assert re.search(r"third\.zip: an archive in an archive", told(sources))
    with Fetcher(Limits()) as fetcher, fetcher.fetch(sources.items[0].source) as fetched:
        assert fetched.read() == b"2"


@pytest.mark.parametrize(
    "name", ["../up.md", "a/../../up.md", "/etc/up.md", "C:\\up.md", "c:/up.md", "..\\up.md", "\\\\host\\up.md"]
)
def test_names_that_lead_out_are_reported_and_never_used(tmp_path: Path, name: str):
    """The other members are still read."""
    for archive in (zipped({name: b"x", "ok.md": b"x"}), tarred({name: b"x", "ok.md": b"x"})):
        sources = expand([put(tmp_path, "x.zip", archive)])
        assert inside(sources) == ["ok.md"]
        assert "leads out of the archive" in sources.missing[0].reason


@given(st.text(st.sampled_from("ab.\\/:!~ü") | st.characters(), max_size=30))
def test_no_name_escapes(name: str):
    """A clean name is relative, has no `..`, and is its own clean name."""
    inner = inner_path(name)
    if inner is not None:
        assert not inner.startswith("/")
        assert "\\" not in inner
        assert not {"", ".", ".."} & set(inner.split("/"))
        assert inner_path(inner) == inner


@given(
    st.lists(st.text("abz.!/é ", min_size=1, max_size=12).map(inner_path).filter(bool), min_size=1, max_size=2),
    st.sampled_from([".zip", ".tar", ".tgz", ".tar.bz2", ".TAR.XZ"]),
)
def test_an_identity_gives_back_its_parts(inner: list[str], extension: str):
    """`OUTER!/inner` and `OUTER!/archive!/inner` come apart where they were put together."""
    parts = ["/data/x" + extension, *(name + extension for name in inner[:-1]), inner[-1]]
    source = parts[0]
    for name in parts[1:]:
        source = member_of(source, name)
        assert lies_under(source, parts[0])
    assert parts_of(source) == tuple(parts)


def test_links_devices_and_encrypted_members_are_not_read(tmp_path: Path):
    """One bad member never stops the others."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, kind in (("l.md", tarfile.SYMTYPE), ("h.md", tarfile.LNKTYPE), ("d.md", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        archive.addfile(tarfile.TarInfo("ok.md"))
    sources = expand([put(tmp_path, "x.tar", held.getvalue())])
    assert inside(sources) == ["ok.md"]
    assert told(sources).count("a link or device") == 3

    link = zipfile.ZipInfo("l.md")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as packed:
        packed.writestr(link, "/etc/passwd")
        packed.writestr("ok.md", "x")
        packed.writestr("secret.md", "x")
        packed.writestr(zipfile.ZipInfo("bz.md"), "x", compress_type=zipfile.ZIP_BZIP2)
        packed.getinfo("secret.md").flag_bits |= 1
    sources = expand([tmp_path / "y.zip"])
    assert inside(sources) == ["ok.md"]
    assert re.search(r"l\.md: a link.*bz\.md: packed with bzip2.*secret\.md: encrypted", told(sources))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_with_one_name_the_later_is_read_and_it_is_said(tmp_path: Path):
    """As unpacking would have it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.md", "old")
        archive.writestr("./a.md", "new")
    path = put(tmp_path, "x.zip", held.getvalue())
    sources = expand([path])
    assert inside(sources) == ["a.md"]
    assert "more than once" in sources.missing[0].reason
    with Fetcher(Limits()) as fetcher, fetcher.fetch(f"{path}!/a.md") as fetched:
        assert fetched.read() == b"new"


def test_archives_with_too_much_in_them_are_refused(tmp_path: Path):
    """By files and by size, in nested archives together; one archive that is refused does not stop the others."""
    put(tmp_path, "a.zip", zipped({f"{i}.md": b"x" for i in range(4)}))
    put(tmp_path, "b.zip", zipped({"1.md": b"x", "2.md": b"x", "in.zip": zipped({"3.md": b"x", "4.md": b"x"})}))
    put(tmp_path, "c.tar.gz", tarred({"big.md": os.urandom(300_000)}, "w:gz"))
    put(tmp_path, "d.zip", zipped({"big.md": os.urandom(300_000)}))
    put(tmp_path, "e.zip", zipped({"ok.md": b"x"}))
    sources = expand([tmp_path], Limits(archive_max_files=3, archive_max_mb=0.2))
    assert inside(sources) == ["1.md", "2.md", "ok.md"]
    assert [Path(one.source).name for one in sources.missing] == ["a.zip", "in.zip", "c.tar.gz", "d.zip"]
    assert "more than 3 files" in told(sources)
    assert "more than 0.2 MB" in told(sources)
    assert "FOOTNOTE_ARCHIVE_MAX_FILES" in told(sources)


def test_a_bomb_is_refused_while_it_is_read(tmp_path: Path):
    """A member that unpacks to far more than it was packed into, and one whose declared size is a lie."""
    data = zipped({"bomb.md": bytes(40_000_000)})
    path = put(tmp_path, "x.zip", data)
    lie = data.replace(struct.pack("<I", 40_000_000), struct.pack("<I", 1000))
    assert lie != data
    lying = put(tmp_path, "lie.zip", lie)
    small = put(tmp_path, "small.zip", zipped({"big.md": os.urandom(30_000)}))
    with Fetcher(Limits(max_file_mb=100)) as fetcher:
        with pytest.raises(SourceError, match=r"bomb\.md: unpacks to more than 250 times"):
            fetcher.fetch(f"{path}!/bomb.md")
        with pytest.raises(SourceError, match=r"bomb\.md: .*damaged"):
            fetcher.fetch(f"{lying}!/bomb.md")
    with (
        Fetcher(Limits(max_file_mb=0.02)) as fetcher,
        pytest.raises(SourceError, match=r"larger than the limit of 0\.02"),
    ):
        fetcher.fetch(f"{small}!/big.md")
    put(tmp_path, "y.tar.gz", tarred({"bomb.md": bytes(40_000_000)}, "w:gz"))
    assert "unpacks to more than 250 times" in told(expand([tmp_path / "y.tar.gz"]))


def test_overlapping_members_are_refused(tmp_path: Path):
    """Many names for the same bytes are how a small archive unpacks to a large one."""
    data = zipped({"a.md": b"kernel" * 100, "b.md": b"kernel" * 100})
    at = data.rindex(b"PK\x01\x02")  # the second entry of the directory now points to the first member
    forged = data[: at + 42] + struct.pack("<I", 0) + data[at + 46 :]
    sources = expand([put(tmp_path, "x.zip", forged)])
    assert not sources.items
    assert "overlap" in told(sources)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.zip", b"not a zip"),
        ("x.zip", b""),
        ("x.zip", zipped(FILES)[:-30]),
        ("x.tar", tarred(FILES)[:700]),
        ("x.tar", tarred(FILES)[:512] + b"?" * 2048),
        ("x.tar", tarred({"a.md": b"x"})[:1024] + b"garbage, not a header" * 100),
        ("x.tar.gz", tarred(FILES, "w:gz")[:-20]),
        ("x.tar.gz", tarred(FILES, "w:gz")[:20] + b"?" * 50),
        ("x.tar.bz2", tarred(FILES, "w:bz2")[:-10]),
        ("x.tar.xz", tarred(FILES, "w:xz")[:-10]),
    ],
    ids=lambda value: (
        value if isinstance(value, str) else str(len(value))
    ),  # not the bytes: a header of gzip has the time, and two workers would collect two tests
)
def test_a_broken_archive_is_one_failed_source(tmp_path: Path, name: str, data: bytes):
    """Nothing of it is taken as if it were whole, and the file beside it is."""
    path = put(tmp_path, name, data)
    put(tmp_path, "beside.md", b"x")
    sources = expand([tmp_path])
    assert [item.name for item in sources.items] == ["beside.md"]
    assert [one.source for one in sources.missing] == [path.as_posix()]
    assert "damaged" in sources.missing[0].reason


def test_a_header_of_many_megabytes_is_not_read(tmp_path: Path):
    """The header of a name may not be so long that it fills the memory."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        info = tarfile.TarInfo("a.md")
        info.pax_headers = {"comment": "x" * 2_000_000}
        archive.addfile(info)
    assert "a header in it has more than" in told(expand([put(tmp_path, "x.tar.gz", held.getvalue())]))


ARCHIVES = [zipped(FILES), tarred(FILES)]


@given(st.sampled_from(ARCHIVES), st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=6))
def test_no_damage_raises_anything_but_a_source_error(archive: bytes, damage: list[tuple[int, int]]):
    """Whatever bytes are changed, members are listed or the archive is reported, and members are read or refused."""
    forged = bytearray(archive)
    for at, value in damage:
        forged[at % len(forged)] = value
    with tempfile.TemporaryDirectory() as folder, Fetcher(Limits()) as fetcher:
        path = put(Path(folder), "x.zip", bytes(forged))
        for item in expand([path], fetcher=fetcher).items:
            with contextlib.suppress(SourceError):
                fetcher.fetch(item.source).close()


def test_an_archive_that_was_replaced_is_read_anew(tmp_path: Path):
    """A member that it does not hold any more is an error that says so."""
    path = put(tmp_path, "x.zip", zipped({"a.md": b"old"}))
    with Fetcher(Limits()) as fetcher:
        fetcher.fetch(f"{path}!/a.md").close()
        put(tmp_path, "x.zip", zipped({"a.md": b"newer"}))
        with fetcher.fetch(f"{path}!/a.md") as fetched:
            assert fetched.read() == b"newer"
        put(tmp_path, "x.zip", zipped({"other.md": b"x"}))
        with pytest.raises(SourceError, match="does not hold it any more"):
            fetcher.fetch(f"{path}!/a.md")


def test_few_archives_stay_open(tmp_path: Path):
    """Members come in any order from more archives than are held."""
    paths = [put(tmp_path, f"{i}.zip", zipped({"a.md": str(i).encode()})) for i in range(9)]
    with Fetcher(Limits()) as fetcher:
        for number in (*range(9), *range(9)):
            with fetcher.fetch(f"{paths[number]}!/a.md") as fetched:
                assert fetched.read() == str(number).encode()
        held = [each for each in psutil.Process().open_files() if Path(each.path).parent == tmp_path.resolve()]
        assert len(held) < len(paths)


def test_office_files_are_documents(tmp_path: Path):
    """They are zip archives inside, and are told by their extension."""
    put(tmp_path, "report.docx", zipped({"word/document.xml": b"<x/>"}))
    assert [item.name for item in expand([tmp_path]).items] == ["report.docx"]
