"""Whatever a tenant sends, nothing of another comes back: properties, where `test_keys` has one request a route."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from api.keys import KeyRing
from api.storage import open_database
from tests.fakes.library import served_library, until
from tests.files.documents import lines, pdf_of

pytestmark = pytest.mark.slow

TENANTS = ("acme", "other", "")
GROUPS = ("sales", "ops", None)
bounded = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass
class Tenant:
    """A tenant's key, a key of its group `sales`, and what it has: ids by kind."""

    name: str
    key: str
    sales: str
    ids: dict[str, list[str]]


@dataclass
class House:
    """A service of three tenants."""

    url: str
    tenants: dict[str, Tenant]

    def call(self, key: str, method: str, path: str, **request: Any) -> httpx.Response:
        return httpx.request(
            method, f"{self.url}/v1/{path}", headers={"authorization": f"Bearer {key}"}, timeout=60, **request
        )

    def made(self, key: str, path: str, **request: Any) -> Any:
        response = self.call(key, "POST", path, **request)
        assert response.is_success, response.text
        return response.json()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("tenants")
    with served_library(folder, authentication="keys") as served:
        database = open_database(None, folder)
        ring = KeyRing(database)
        house = House(served.url, {})
        for name in TENANTS:
            key = ring.create(name or "main", tenant=name)[1]
            sales = ring.create(f"{name} sales", tenant=name, groups=frozenset({"sales"}))[1]
            house.tenants[name] = Tenant(name, key, sales, _filled(house, key, name))
        database.close()
        yield house


def _filled(house: House, key: str, tenant: str) -> dict[str, list[str]]:
    """A store with a document of each group, whose words name its tenant and group."""
    store = house.made(key, "vector_stores", json={"name": tenant})["id"]
    files = []
    for group in GROUPS:
        data = pdf_of(lines(f"The gate of {tenant or 'main'} and {group} is open."))
        upload = {"files": {"file": (f"{group}.pdf", data)}, "data": {"purpose": "assistants"}}
        files.append(house.made(key, "files", **upload)["id"])
        attributes = {"year": 2025} | ({"group": group} if group else {})
        body = {"file_id": files[-1], "attributes": attributes}
        house.made(key, f"vector_stores/{store}/files", json=body)
    path = f"vector_stores/{store}"
    until(lambda: house.call(key, "GET", path).json()["file_counts"]["completed"] == len(files))
    return {"stores": [store], "files": files}


KEYS = st.sampled_from(["group", "year", "tenant", "filename", "document_id", "file_id", "page", "nowhere", "kind"])
VALUES = st.one_of(
    st.sampled_from(["sales", "ops", "acme", "other", "", "ops.pdf"]), st.integers(0, 3000), st.booleans()
)
COMPARISONS = st.one_of(
    st.builds(
        lambda kind, key, value: {"type": kind, "key": key, "value": value}, st.sampled_from(["eq", "ne"]), KEYS, VALUES
    ),
    st.builds(
        lambda kind, key, value: {"type": kind, "key": key, "value": value},
        st.sampled_from(["in", "nin"]),
        KEYS,
        st.lists(st.sampled_from(["sales", "ops", "acme", "x"]), min_size=1, max_size=3),
    ),
    st.builds(
        lambda kind, key, value: {"type": kind, "key": key, "value": value},
        st.sampled_from(["gt", "gte", "lt", "lte"]),
        KEYS,
        st.integers(0, 3000),
    ),
)
FILTERS = st.recursive(
    COMPARISONS,
    lambda inner: st.builds(
        lambda kind, filters: {"type": kind, "filters": filters},
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


def words_of(tenant: str) -> str:
    return f"gate of {tenant or 'main'} and"


def foreign(text: str, tenant: str) -> list[str]:
    """Which other tenants a text has words of."""
    return [other for other in TENANTS if other != tenant and words_of(other) in text]


@bounded
@given(tenant=st.sampled_from(TENANTS), of=st.sampled_from(TENANTS), where=st.none() | FILTERS, sales=st.booleans())
def test_no_filter_leads_to_documents_of_others(house: House, tenant: str, of: str, where: Any, sales: bool):
    """Neither of another tenant nor of another group, in searches, chat and responses; other stores are not there."""
    caller, store = house.tenants[tenant], house.tenants[of].ids["stores"][0]
    key = caller.sales if sales else caller.key
    tool = {"type": "file_search", "vector_store_ids": [store], "filters": where, "max_num_results": 50}
    chat = {"model": f"footnote:{store}", "messages": [{"role": "user", "content": "the gate?"}], "filter": where}
    asked = (
        house.call(key, "POST", f"vector_stores/{store}/search", json={"query": "gate", "filters": where}),
        house.call(key, "POST", "chat/completions", json=chat),
        house.call(
            key,
            "POST",
            "responses",
            json={"input": "the gate?", "tools": [tool], "include": ["file_search_call.results"]},
        ),
    )
    for response in asked:
        assert response.status_code == (200 if of == tenant else 404), response.text
        assert not foreign(response.text, tenant)
        assert not sales or not any(f"{words_of(tenant)} {group}" in response.text for group in ("ops", "None"))


@settings(bounded, max_examples=12)
@given(data=st.data(), tenant=st.sampled_from(TENANTS))
def test_a_batch_with_a_file_of_another_attaches_nothing(house: House, data: st.DataObject, tenant: str):
    """Wherever it stands among one's own."""
    mine = house.tenants[tenant]
    theirs = [file for other in house.tenants.values() if other is not mine for file in other.ids["files"]]
    files = data.draw(st.lists(st.sampled_from([*mine.ids["files"], *theirs]), min_size=1, max_size=5, unique=True))
    store = house.made(mine.key, "vector_stores", json={})["id"]
    body = {"file_ids": files} if data.draw(st.booleans()) else {"files": [{"file_id": each} for each in files]}
    response = house.call(mine.key, "POST", f"vector_stores/{store}/file_batches", json=body)
    allowed = set(files) <= set(mine.ids["files"])
    assert response.status_code == (200 if allowed else 404)
    counts = house.call(mine.key, "GET", f"vector_stores/{store}").json()["file_counts"]
    assert counts["total"] == (len(files) if allowed else 0)
    house.call(mine.key, "DELETE", f"vector_stores/{store}")


@bounded
@given(tenant=st.sampled_from(TENANTS), of=st.sampled_from(TENANTS), sales=st.booleans())
def test_answers_of_others_are_not_gone_on_from_nor_replayed(house: House, tenant: str, of: str, sales: bool):
    """Nor read, listed or judged; a key of one group has none of those that other keys were given."""
    caller, owner = house.tenants[tenant], house.tenants[of]
    tool = {"type": "file_search", "vector_store_ids": owner.ids["stores"]}
    response_id = house.made(owner.key, "responses", json={"input": "Is the gate open?", "tools": [tool]})["id"]
    key = caller.sales if sales else caller.key
    expected = 200 if of == tenant and not sales else 404
    calls = (
        (
            "POST",
            "responses",
            {
                "input": "and then?",
                "previous_response_id": response_id,
                "model": f"footnote:{caller.ids['stores'][0]}",
            },
        ),
        ("POST", f"answers/{response_id}/replay", {}),
        ("GET", f"answers/{response_id}", None),
        ("GET", f"answers/{response_id}/evidence", None),
        ("GET", f"responses/{response_id}", None),
        ("GET", f"responses/{response_id}?stream=true", None),
        ("GET", f"responses/{response_id}/input_items", None),
    )
    for method, path, body in calls:
        response = house.call(key, method, path, json=body)
        assert response.status_code == expected, (method, path, response.text)
        assert not foreign(response.text, tenant)


@bounded
@given(data=st.data(), tenant=st.sampled_from(TENANTS), number=st.integers(1, 3), sales=st.booleans())
def test_pages_of_others_are_not_drawn(house: House, data: st.DataObject, tenant: str, number: int, sales: bool):
    """With a quote marked or not; nor for keys of groups, who see documents by asking alone."""
    mine = house.tenants[tenant]
    of = data.draw(st.sampled_from(TENANTS))
    file = data.draw(st.sampled_from(house.tenants[of].ids["files"]))
    highlight = data.draw(st.sampled_from(["", "?highlight=0-8"]))
    response = house.call(mine.sales if sales else mine.key, "GET", f"files/{file}/pages/{number}.png{highlight}")
    if sales:
        assert response.status_code == 403
    elif of != tenant:
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/json"
    else:
        assert (response.status_code == 200) == (number == 1)


@settings(bounded, max_examples=15)
@given(
    tenant=st.sampled_from(TENANTS),
    of=st.sampled_from(TENANTS),
    where=st.none() | FILTERS,
    sales=st.booleans(),
    tool=st.sampled_from(["search", "ask"]),
)
def test_tools_reach_nothing_of_others(house: House, *, tenant: str, of: str, where: Any, sales: bool, tool: str):
    """Of another tenant's collection they say that there is none."""
    caller, store = house.tenants[tenant], house.tenants[of].ids["stores"][0]
    asked = {"query" if tool == "search" else "question": "gate", "collection": store, "filters": where}

    async def called() -> Any:
        headers = {"authorization": f"Bearer {caller.sales if sales else caller.key}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(f"{house.url}/mcp", http_client=http)) as client,
        ):
            return await client.call_tool(tool, asked)

    told = asyncio.run(called())
    assert told.is_error == (of != tenant)
    text = told.model_dump_json()
    assert not foreign(text, tenant)
    assert not sales or not any(f"{words_of(tenant)} {group}" in text for group in ("ops", "None"))
