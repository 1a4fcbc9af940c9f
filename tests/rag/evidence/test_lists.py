"""Lists are read whole, with the line that leads in to them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rag.evidence import lists_on
from rag.evidence.lists import ItemList
from tests.fakes.core import hit


def lists(*pages: str) -> list[ItemList]:
    chunks = {at: replace(hit(text).chunk, page=at) for at, text in enumerate(pages, 1)}
    return list(lists_on(1, chunks.get))


def told(found: ItemList) -> list[str]:
    return [each.text for each in found.items]


def test_a_list_below_a_line_that_leads_in_to_it() -> None:
    """Numbers stay, other marks are dashes; a line set in belongs to the item above."""
    (kit, steps) = lists(
        "# Van\n\nIt is red. In the box:\n\n* jack\n* two\n  flares\n\n## Start\n1. Turn the key.\n2) Wait.\n"
    )
    assert (kit.led_in_by, told(kit), kit.headings) == ("In the box:", ["- jack", "- two flares"], ("Van",))
    assert (steps.led_in_by, told(steps), steps.headings) == (
        "Start",
        ["1. Turn the key.", "2) Wait."],
        ("Van", "Start"),
    )


def test_a_list_goes_on_at_the_top_of_the_next_page() -> None:
    """Not below other words there."""
    assert told(lists("Load:\n- sand\n- lime", "- gravel\n\nThe end.")[0]) == ["- sand", "- lime", "- gravel"]
    assert told(lists("Load:\n- sand\n- lime", "Unload:\n- gravel")[0]) == ["- sand", "- lime"]
    assert told(lists("Load:\n- sand\n- lime\n\nThe end.", "- gravel")[0]) == ["- sand", "- lime"]


def test_one_item_is_no_list() -> None:
    """Nor are lines without marks."""
    assert lists("Load:\n- sand\n\nThe end.") == []
    assert lists("Load:\nsand\nlime") == []


ITEMS = st.lists(st.text("abc xyz.,", min_size=1, max_size=20).map(str.strip).filter(bool), min_size=2, max_size=12)


@given(ITEMS, st.sampled_from(["-", "*", "•"]), st.text("abc -*1.)\n#|", max_size=40))
def test_every_item_is_a_span_of_its_page(items: list[str], mark: str, before: str) -> None:
    """Word for word, in order, and none is lost."""
    text = f"{before}\n\nLead in:\n" + "\n".join(f"{mark} {each}" for each in items)
    *_, last = lists(text)
    assert [each.quote.quote for each in last.items] == [f"{mark} {each}" for each in items]
    assert all(each.quote.quote == text[each.start : each.end] for each in last.items)
    assert last.led_in_by == "Lead in:"
