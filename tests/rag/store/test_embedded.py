"""What only the embedded store does: it has one owner, and it minds its disk."""

import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import StoreLocked, StoreUnavailable
from rag.store import CollectionSpec
from rag.store.embedded import EmbeddedStore

OWNER = """
import sys
from pathlib import Path
from rag.store.embedded import EmbeddedStore
store = EmbeddedStore(Path(sys.argv[1]))
print("owned", flush=True)
sys.stdin.readline()
"""


def test_a_folder_in_use_says_by_whom_and_what_to_do(tmp_path: Path) -> None:
    """Until the owner ends, however it ends."""
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "owned\n"
        with pytest.raises(StoreLocked, match=rf"process {owner.pid}.*FOOTNOTE_QDRANT_URL"):
            EmbeddedStore(tmp_path)
        owner.kill()
    EmbeddedStore(tmp_path).close()


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    """Collections and their points."""
    first = EmbeddedStore(tmp_path)
    first.create_collection("kept", CollectionSpec(8))
    first.close()
    second = EmbeddedStore(tmp_path)
    assert second.collections() == ["kept"]
    assert second.count("kept") == 0
    second.close()


def test_writing_stops_before_the_disk_is_full(tmp_path: Path) -> None:
    """A full disk under a memory map would end the process."""
    store = EmbeddedStore(tmp_path, min_free_mb=1e12)
    with pytest.raises(StoreUnavailable, match="FOOTNOTE_MIN_FREE_MB"):
        store.create_collection("any", CollectionSpec(8))
    store.close()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """With the setting that chooses another."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="FOOTNOTE_DATA_DIR"):
        EmbeddedStore(tmp_path / "file" / "store")
