"""What paths, folders and patterns stand for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.sources import expand


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.md", "a.txt", "sub/c.PDF", "sub/deep/d.html", ".hidden.md", ".git/e.md", "f.exe"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path / "in"


def test_a_folder_gives_its_supported_files_sorted(folder: Path):
    """Folders are read to any depth; hidden and unsupported files are skipped with a reason."""
    sources = expand([folder])
    assert [str(path.relative_to(folder.resolve())) for path in sources.files] == [
        "a.txt",
        "b.md",
        "sub/c.PDF",
        "sub/deep/d.html",
    ]
    reasons = {item.path.name: item.reason for item in sources.skipped}
    assert reasons.keys() == {".git", ".hidden.md", "f.exe"}
    assert "hidden" in reasons[".git"]
    assert "PDF, DOCX" in reasons["f.exe"]


def test_a_file_is_taken_once(folder: Path):
    """A file named by itself, by its folder and by a pattern is one file."""
    sources = expand([folder / "a.txt", str(folder / "*.txt"), folder, folder / "sub" / ".." / "a.txt"])
    assert len([path for path in sources.files if path.name == "a.txt"]) == 1


def test_a_file_named_by_itself_is_never_skipped(folder: Path):
    """Whether it can be read is for the parsers to say."""
    sources = expand([folder / "f.exe", folder / ".hidden.md"])
    assert [path.name for path in sources.files] == [".hidden.md", "f.exe"]


def test_patterns_reach_into_folders(folder: Path):
    """`**` stands for folders of any depth."""
    assert [path.name for path in expand([folder / "**" / "*.html"]).files] == ["d.html"]


def test_what_is_missing_is_named(folder: Path):
    """A path that does not exist, and a pattern that matches nothing, are mistakes and not empty."""
    missing = expand([folder / "no.txt", folder / "*.docx"]).missing
    assert [item.path.name for item in missing] == ["no.txt", "*.docx"]
    assert "no such file" in missing[0].reason
    assert "no file matches" in missing[1].reason


def test_links_that_lead_out_are_refused(folder: Path):
    """A link to a file elsewhere is skipped; a link inside of the folder is that file."""
    (folder.parent / "secret.txt").write_text("x")
    (folder / "out.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "in.txt").symlink_to(folder / "a.txt")
    (folder / "loop").symlink_to(folder)
    sources = expand([folder])
    assert [path.name for path in sources.files] == ["a.txt", "b.md", "c.PDF", "d.html"]
    reasons = {item.path.name: item.reason for item in sources.skipped}
    assert "leads out" in reasons["out.txt"]
    assert "link to a folder" in reasons["loop"]
