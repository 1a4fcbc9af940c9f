"""Listings: a page at a time, exact, also while rows come and go."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.storage import Database, Files, NotStored, PageRequest, open_database
from tests.api.storage.test_database import new_file

ORDERS = ["asc", "desc"]


@pytest.fixture
def files(database: Database) -> Files:
    files = Files(database, "")
    for name in "abcde":
        files.add(new_file(name))
    return files


def names(listing) -> str:
    return "".join(file.id.removeprefix("file-") for file in listing.rows)


@pytest.mark.parametrize(
    ("request_", "rows", "has_more"),
    [
        (PageRequest(), "edcba", False),
        (PageRequest(order="asc"), "abcde", False),
        (PageRequest(limit=2), "ed", True),
        (PageRequest(limit=2, after="file-d"), "cb", True),
        (PageRequest(limit=2, after="file-c"), "ba", False),
        (PageRequest(limit=2, after="file-a"), "", False),
        (PageRequest(limit=2, before="file-b"), "dc", True),
        (PageRequest(limit=3, before="file-b"), "edc", False),
        (PageRequest(limit=9, after="file-e", before="file-b"), "dc", False),
        (PageRequest(limit=2, order="asc", before="file-d"), "bc", True),
        (PageRequest(limit=5), "edcba", False),
    ],
)
def test_a_page_is_what_was_asked_for(files: Files, request_: PageRequest, rows: str, has_more: bool):
    """`has_more` tells of rows in the direction that was asked for."""
    page = files.page(request_)
    assert (names(page), page.has_more) == (rows, has_more)


def test_a_page_behind_an_id_that_never_was_is_refused(files: Files):
    with pytest.raises(NotStored, match="file-z"):
        files.page(PageRequest(after="file-z"))


def test_another_tenants_files_are_no_place_to_begin_at(database: Database, files: Files):
    with pytest.raises(NotStored):
        Files(database, "other").page(PageRequest(after="file-c"))


@pytest.fixture(scope="module")
def many_tenants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(None, tmp_path_factory.mktemp("listings"))
    yield opened
    opened.close()


@settings(max_examples=40)
@given(
    order=st.sampled_from(ORDERS),
    limit=st.integers(1, 4),
    first=st.integers(0, 8),
    steps=st.lists(st.lists(st.tuples(st.sampled_from(["add", "delete"]), st.integers(0, 20)), max_size=3), max_size=8),
)
def test_a_walk_tells_every_row_that_stays_exactly_once(many_tenants, order, limit, first, steps):
    """Whatever is added and deleted between its pages, the row that the last page ended with among it."""
    tenant = uuid.uuid4().hex
    files, fresh = Files(many_tenants, tenant), itertools.count(first)
    there = [files.add(new_file(f"{tenant}-{number}")).id for number in range(first)]
    stays, told, after = list(there), [], None
    for turn in range(100):
        page = files.page(PageRequest(limit=limit, order=order, after=after))
        told += [file.id for file in page.rows]
        if not page.has_more:
            break
        after = page.rows[-1].id
        for action, choice in steps[turn] if turn < len(steps) else ():
            if action == "add":
                there.append(files.add(new_file(f"{tenant}-{next(fresh)}")).id)
            elif there:
                gone = there.pop(choice % len(there))
                files.delete(gone)
                stays = [each for each in stays if each != gone]
    assert len(told) == len(set(told))
    assert [each for each in told if each in stays] == (stays if order == "asc" else stays[::-1])
