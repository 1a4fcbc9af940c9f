"""How far a run is."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.cli.tally import Tally
from ingest.events import FileFinished, FileProgress, FileResult, RunPlanned

RESULTS = st.builds(
    FileResult,
    st.sampled_from("abc"),
    st.sampled_from(("written", "unchanged", "failed", "skipped", "pruned")),
    chunks=st.integers(0, 9),
)
PROGRESS = st.builds(
    FileProgress, st.sampled_from("abc"), st.just("write"), chunks_done=st.integers(0, 9), chunks=st.integers(9, 12)
)
EVENTS = st.one_of(RESULTS.map(FileFinished), PROGRESS, st.builds(RunPlanned, st.integers(0, 5)))


@given(st.lists(EVENTS))
def test_the_share_done_stays_between_none_and_all(events):
    tally = Tally()
    for event in events:
        tally.add(event)
        assert 0 <= tally.share <= 1


def test_counts_rate_and_time_left():
    """A file in hand counts by the share of its chunks that is written."""
    tally = Tally()
    tally.add(RunPlanned(4, 400))
    assert tally.left_s(3) is None
    tally.add(FileFinished(FileResult("a", "written", size_bytes=100, pages=2, chunks=10)))
    tally.add(FileProgress("b", "write", 1, 5, 10))
    assert (tally.files_done, tally.bytes_done, tally.pages, tally.chunks) == (1, 100, 2, 15)
    assert tally.share == 0.375
    assert tally.chunks_per_s(3) == 5
    assert tally.left_s(3) == 5


def test_files_that_were_not_read_in_full_are_counted():
    tally = Tally()
    tally.add(FileFinished(FileResult("a", "written", losses=("a chart",))))
    tally.add(FileFinished(FileResult("b", "written")))
    assert tally.incomplete == 1


def test_a_finished_file_is_no_longer_in_hand():
    tally = Tally()
    tally.add(RunPlanned(1))
    tally.add(FileProgress("a", "write", 1, 5, 10))
    tally.add(FileFinished(FileResult("a", "failed", chunks=0)))
    assert (tally.chunks, tally.failed, tally.share) == (0, 1, 1.0)
