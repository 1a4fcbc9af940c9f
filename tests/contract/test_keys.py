"""Keys and tenants: who may ask, what for, and that nobody reaches anything of another tenant."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jwt
import openai
import pytest
from typer.testing import CliRunner

from api.cli.commands import app as command
from api.keys import KeyRing
from api.rest.guard import Entrance, entrance
from api.rest.serving import require_keys
from api.storage import Keys, NotStored, open_database
from rag.errors import SettingError
from rag.settings import load_settings
from tests.api.storage.conftest import Clock
from tests.fakes.library import Served, served_library

DAY_S, HOUR_S = 86_400, 3600


@dataclass
class Locked:
    """A service that asks for keys, and the ring they are made with."""

    served: Served
    ring: KeyRing
    words: dict[str, str] = field(default_factory=dict)

    def key(self, tenant: str, scope: Any = "write", **more: Any) -> str:
        return self.ring.create(f"{tenant} {scope}", tenant=tenant, scopes=frozenset({scope}), **more)[1]

    def client(self, key: str) -> openai.OpenAI:
        return openai.OpenAI(base_url=f"{self.served.url}/v1", api_key=key, max_retries=0, timeout=30)

    def call(
        self, method: str, path: str, key: str, more: Mapping[str, str] | None = None, **request: Any
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {key}", **(more or {})}
        return httpx.request(method, f"{self.served.url}{path}", headers=headers, timeout=30, **request)


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    folder = tmp_path_factory.mktemp("locked")
    with served_library(folder, authentication="keys") as served:
        database = open_database(None, folder)
        yield Locked(served, KeyRing(database))
        database.close()


def filled(client: openai.OpenAI, text: str = "The gate code is 4711.", **attributes: Any) -> tuple[str, str]:
    """A store with one file."""
    store = client.vector_stores.create(name="theirs").id
    file = client.files.create(file=("gate.txt", text.encode()), purpose="assistants").id
    done = client.vector_stores.files.create_and_poll(file, vector_store_id=store, attributes=attributes)
    assert done.status == "completed"
    return store, file


def test_without_a_key_nothing_but_health_is_told(locked: Locked):
    for key in ("none", "", "fn_0123456789abcdef_" + "x" * 43):
        with pytest.raises(openai.AuthenticationError) as raised:
            locked.client(key or "x").files.list()
        error = raised.value.response.json()["error"]
        assert error["code"] == "invalid_api_key"
        assert raised.value.response.headers["www-authenticate"] == "Bearer"
        assert raised.value.response.headers["x-request-id"]
    assert httpx.get(f"{locked.served.url}/healthz").status_code == 200
    assert httpx.get(f"{locked.served.url}/openapi.json").status_code == 401


def test_a_key_allows_what_its_scope_says(locked: Locked):
    """`read` asks and searches, `write` changes files too."""
    writer = locked.client(locked.key("acme"))
    store, file = filled(writer)
    reader = locked.client(locked.key("acme", "read"))
    assert reader.vector_stores.search(store, query="gate code").data
    assert reader.files.retrieve(file).id == file
    for call in (
        lambda: reader.files.delete(file),
        reader.vector_stores.create,
        lambda: reader.files.create(file=("a.txt", b"a"), purpose="assistants"),
    ):
        with pytest.raises(openai.PermissionDeniedError, match="write"):
            call()
    assert locked.call("GET", "/metrics", locked.key("acme")).status_code == 403


def test_a_revoked_an_expired_and_a_replaced_key_open_nothing(tmp_path: Path):
    """From that moment on, also where the key was used before; a replaced one may be good for a while."""
    clock = Clock()
    database = open_database(None, tmp_path, now=clock)
    ring = KeyRing(database)
    key, words = ring.create("shop", tenant="acme", days=1)
    assert ring.opened_by(words) == key
    assert ring.opened_by(words[:-1] + ("a" if words[-1] != "a" else "b")) is None
    new, new_words = ring.rotate(key.id, overlap_hours=2)
    assert (new.tenant, new.scopes, new.expires_at) == ("acme", key.scopes, key.expires_at)
    assert ring.opened_by(words) is not None
    clock.seconds += 2 * HOUR_S
    assert ring.opened_by(words) is None
    assert ring.opened_by(new_words) == new
    ring.revoke(new.id)
    assert ring.opened_by(new_words) is None
    with pytest.raises(NotStored):
        ring.rotate(new.id)
    _, last = ring.create("other", days=1)
    clock.seconds += DAY_S
    assert ring.opened_by(last) is None
    assert not ring.any_active()
    database.close()


def test_no_key_is_stored(tmp_path: Path):
    """Neither in the database nor in its log; what is kept is an Argon2 hash."""
    database = open_database(None, tmp_path)
    key, words = KeyRing(database).create("shop")
    found = Keys(database).find(key.id)
    assert found is not None
    assert found[1].startswith("$argon2id$")
    database.close()
    secret = words.split("_", 2)[2].encode()  # it may have such a mark itself
    assert not any(secret in path.read_bytes() for path in tmp_path.iterdir())


def test_keys_are_made_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path))

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(command, ["keys", *arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output.strip()

    words = run("create", "shop", "--tenant", "acme", "--scope", "read", "--group", "sales", "--days", "3")
    key_id = words.split("_")[1]
    line = rf"{key_id}  active   read   tenant=acme  groups=sales  expires=\d{{4}}-\d\d-\d\dT\d\d:\d\dZ  shop"
    assert re.fullmatch(line, run("list"))
    other = run("rotate", key_id)
    assert other.startswith("fn_")
    assert "expired" in run("list").splitlines()[0]
    assert run("revoke", other.split("_")[1]).startswith("revoked ")
    assert "revoked" in run("list").splitlines()[1]
    run("create", "shop without an end")
    assert "  expires=never  " in run("list").splitlines()[2]


@pytest.mark.parametrize(
    ("host", "authentication", "required"),
    [
        ("127.0.0.1", "auto", False),
        ("localhost", "auto", False),
        ("::1", "auto", False),
        ("0.0.0.0", "auto", True),
        ("192.168.1.2", "auto", True),
        ("127.0.0.1", "keys", True),
        ("0.0.0.0", "none", False),
    ],
)
def test_another_address_than_loopback_needs_keys(tmp_path: Path, host: str, authentication: str, required: bool):
    """Without any it is not served, and the message says what to do."""
    settings = load_settings(data_dir=tmp_path, host=host, authentication=authentication)
    if not required:
        require_keys(settings)
        return
    with pytest.raises(SettingError, match=r"footnote keys create NAME.*FOOTNOTE_AUTHENTICATION=none"):
        require_keys(settings)
    database = open_database(None, tmp_path)
    ring = KeyRing(database)
    assert entrance(settings, ring) == Entrance(ring, required=True)
    ring.create("first")
    database.close()
    require_keys(settings)


def test_a_page_that_calls_loopback_by_another_name_is_refused(locked: Locked):
    """A name of an attacker's that points to this machine (DNS rebinding)."""
    for name in ("127.0.0.1:1", "localhost", "[::1]:8080"):
        assert httpx.get(f"{locked.served.url}/healthz", headers={"host": name}).status_code == 200
    for name in ("evil.example", "127.0.0.1.evil.example", "[", ""):
        refused = httpx.get(f"{locked.served.url}/healthz", headers={"host": name})
        assert refused.status_code == 400
        assert "FOOTNOTE_TRUSTED_HOSTS" in refused.json()["error"]["message"]


BODIES: dict[str, Any] = {
    "POST /v1/chat/completions": lambda ids: {
        "model": f"footnote:{ids['store_id']}",
        "messages": [{"role": "user", "content": "What is the gate code?"}],
    },
    "POST /v1/responses": lambda ids: {
        "model": "footnote",
        "input": "What is the gate code?",
        "tools": [{"type": "file_search", "vector_store_ids": [ids["store_id"]]}],
    },
    "POST /v1/vector_stores/{store_id}": lambda _: {"name": "taken"},
    "POST /v1/vector_stores/{store_id}/search": lambda _: {"query": "gate code"},
    "POST /v1/vector_stores/{store_id}/files": lambda ids: {"file_id": ids["own_file"]},
    "POST /v1/vector_stores/{store_id}/files/{file_id}": lambda _: {"attributes": {"taken": True}},
    "POST /v1/vector_stores/{store_id}/file_batches": lambda ids: {"file_ids": [ids["own_file"]]},
    "POST /v1/uploads/{upload_id}/complete": lambda _: {"part_ids": ["part_1"]},
    "POST /v1/answers/{answer_id}/feedback": lambda _: {"rating": "up"},
}
"""What requests with a body send; others send none."""
MAKING = {
    "POST /v1/files",
    "POST /v1/uploads",
    "POST /v1/vector_stores",
    "POST /v1/embeddings",
    "GET /v1/files",
    "GET /v1/vector_stores",
    "GET /v1/models",
    "GET /v1/guarantee",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "POST /mcp",
}
"""Requests without an id of anything: what they tell is looked at apart."""


def test_no_route_tells_anything_of_another_tenant(locked: Locked):
    """Every route of the OpenAPI document is called with the ids of another tenant: they are not there."""
    theirs = locked.client(locked.key("acme"))
    store, file = filled(theirs)
    upload = theirs.uploads.create(bytes=1, filename="a.txt", mime_type="text/plain", purpose="assistants").id
    batch = theirs.vector_stores.file_batches.create_and_poll(store, file_ids=[file]).id
    document = theirs.vector_stores.files.retrieve(file, vector_store_id=store).to_dict()["document_id"]
    answer = theirs.responses.create(
        model="footnote", input="gate code?", tools=[{"type": "file_search", "vector_store_ids": [store]}]
    ).id
    key = locked.key("mallory", "admin")
    mine = locked.client(key)
    ids = {
        "store_id": store,
        "collection": store,
        "file_id": file,
        "upload_id": upload,
        "batch_id": batch,
        "document_id": document,
        "answer_id": answer,
        "response_id": answer,
        "model_id": f"footnote:{store}",
        "model": f"footnote:{store}",
        "number": "1",
        "own_file": mine.files.create(file=("mine.txt", b"mine"), purpose="assistants").id,
    }
    routes = locked.call("GET", "/openapi.json", key).json()["paths"]
    for path, methods in routes.items():
        for method in methods:
            name = f"{method.upper()} {path}"
            if name in MAKING or path.startswith("/v1/ingestions"):
                continue
            request: dict[str, Any] = {"json": BODIES[name](ids)} if name in BODIES else {}
            if name == "POST /v1/uploads/{upload_id}/parts":
                request = {"files": {"data": ("part", b"x")}}
            if path.endswith("/pages/{number}"):
                request = {"params": {"sha256": "0" * 64}}
            response = locked.call(method.upper(), path.format(**ids), key, **request)
            assert response.status_code == 404, f"{name}: {response.status_code} {response.text}"
    assert mine.files.list().data[0].id == ids["own_file"]
    assert [each.id for each in mine.files.list()] == [ids["own_file"]]
    assert [each.id for each in mine.vector_stores.list()] == []
    assert [each.id for each in mine.models.list() if store in each.id] == []
    with pytest.raises(openai.NotFoundError):
        mine.vector_stores.create(file_ids=[file])
    with pytest.raises(openai.NotFoundError):
        mine.responses.create(model="footnote", input="and then?", previous_response_id=answer)
    assert theirs.vector_stores.files.retrieve(file, vector_store_id=store).attributes == {}


def test_collections_of_the_command_line_are_of_the_tenant_without_a_name(locked: Locked):
    """A tenant with a name does not see them."""
    locked.served.rag.store.create_collection("shelf", locked.served.rag.spec)
    assert locked.client(locked.key("")).vector_stores.search("shelf", query="x").data == []
    with pytest.raises(openai.NotFoundError):
        locked.client(locked.key("acme")).vector_stores.search("shelf", query="x")


def test_a_key_of_groups_sees_the_documents_of_its_groups_alone(locked: Locked):
    """By searching and asking; files as such it does not see, and a filter of its own takes nothing away from that."""
    writer = locked.client(locked.key("groups"))
    store, sales = filled(writer, "The gate code of sales is 1.", group="sales")
    for name, attributes in (("ops", {"group": "ops"}), ("none", {})):
        file = writer.files.create(
            file=(f"{name}.txt", f"The gate code of {name} is 2.".encode()), purpose="assistants"
        )
        writer.vector_stores.files.create_and_poll(file.id, vector_store_id=store, attributes=attributes)
    assert len(writer.vector_stores.search(store, query="gate code").data) == 3
    limited_key = locked.key("groups", "read", groups=frozenset({"sales"}))
    limited = locked.client(limited_key)
    assert [each.file_id for each in limited.vector_stores.search(store, query="gate code").data] == [sales]
    either: Any = {
        "type": "or",
        "filters": [{"type": "eq", "key": "group", "value": "ops"}, {"type": "ne", "key": "group", "value": "x"}],
    }
    assert [each.file_id for each in limited.vector_stores.search(store, query="gate", filters=either).data] == [sales]
    for call in (
        limited.files.list,
        lambda: limited.vector_stores.files.list(store),
        lambda: limited.vector_stores.files.content(sales, vector_store_id=store),
    ):
        with pytest.raises(openai.PermissionDeniedError, match="groups"):
            call()
    pages = {
        each.filename: (each.to_dict()["document_id"], each.to_dict()["page"])
        for each in writer.vector_stores.search(store, query="gate code").data
    }
    versions = locked.served.rag.store.versions(store, [document for document, _ in pages.values()])
    told = {
        name: locked.call(
            "GET",
            f"/v1/vector_stores/{store}/documents/{document}/pages/{page}?sha256={versions[document]}",
            limited_key,
        ).status_code
        for name, (document, page) in pages.items()
    }
    assert told == {"gate.txt": 200, "ops.txt": 404, "none.txt": 404}


SECRET = "a secret of more than thirty-two bytes"


def signed(*groups: str, secret: str = SECRET, expires_s: float = 60, **claims: Any) -> dict[str, str]:
    """The header of a proxy."""
    said = {"groups": list(groups), "exp": time.time() + expires_s, **claims}
    return {"x-footnote-groups": jwt.encode(said, secret, algorithm="HS256")}


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    """A service that is told the groups of users by a proxy, with a store of documents of two groups and of none."""
    folder = tmp_path_factory.mktemp("proxied")
    with served_library(folder, authentication="keys", groups_secret=SECRET) as served:
        database = open_database(None, folder)
        made = Locked(served, KeyRing(database))
        writer = made.client(made.key("acme"))
        store = writer.vector_stores.create().id
        for group in ("sales", "ops", ""):
            file = writer.files.create(
                file=(f"{group}.txt", f"The gate of {group} is 1.".encode()), purpose="user_data"
            )
            attributes: Any = {"group": group} if group else {}
            writer.vector_stores.files.create_and_poll(file.id, vector_store_id=store, attributes=attributes)
        made.words = {"store": store, "read": made.key("acme", "read")}
        yield made
        database.close()


def seen(proxied: Locked, headers: dict[str, str], key: str = "") -> httpx.Response:
    headers = {**headers, "authorization": f"Bearer {key or proxied.words['read']}"}
    path = f"/v1/vector_stores/{proxied.words['store']}/search"
    return httpx.post(f"{proxied.served.url}{path}", json={"query": "gate"}, headers=headers, timeout=30)


@pytest.mark.parametrize(
    ("groups", "names"), [(["sales"], ["sales.txt"]), (["sales", "ops"], ["ops.txt", "sales.txt"]), (["other"], [])]
)
def test_a_proxy_says_the_groups_of_its_users(proxied: Locked, groups: list[str], names: list[str]):
    """They see the documents of these alone, in searches and answers, and tools; no filter takes that away."""
    found = seen(proxied, signed(*groups))
    assert sorted(each["filename"] for each in found.json()["data"]) == names
    body = {"model": f"footnote:{proxied.words['store']}", "messages": [{"role": "user", "content": "the gate?"}]}
    headers = {**signed(*groups), "authorization": f"Bearer {proxied.words['read']}"}
    answer = httpx.post(f"{proxied.served.url}/v1/chat/completions", json=body, headers=headers, timeout=30).json()
    assert answer["evidence"]["abstained"] is not bool(names)
    assert httpx.get(f"{proxied.served.url}/v1/files", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-footnote-groups": "sales"},
        signed("sales", secret="another secret of more than 32 bytes"),
        signed("sales", expires_s=-60),
        signed(),
        signed("sales", groups="sales"),
        signed("sales", groups=None),
        signed("sales", groups=["sales", 1]),
        {"x-footnote-groups": jwt.encode({"groups": ["sales"]}, SECRET, algorithm="HS256")},
        {"x-footnote-groups": jwt.encode({"groups": ["sales"], "exp": 9e9}, "", algorithm="none")},
    ],
    ids="none plain secret expired no-group text null number unlimited unsigned".split(),
)
def test_without_a_signed_header_nothing_is_told(proxied: Locked, headers: dict[str, str]):
    """Neither without any, nor with one that anybody could have written."""
    response = seen(proxied, headers)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "invalid_groups"


def test_keys_that_write_or_have_groups_need_no_header(proxied: Locked):
    """With one, they see what is in both."""
    limited = proxied.key("acme", "read", groups=frozenset({"sales"}))
    assert [each["filename"] for each in seen(proxied, {}, limited).json()["data"]] == ["sales.txt"]
    assert [each["filename"] for each in seen(proxied, signed("sales", "ops"), limited).json()["data"]] == ["sales.txt"]
    assert seen(proxied, signed("ops"), limited).status_code == 403
    assert len(seen(proxied, {}, proxied.key("acme")).json()["data"]) == 3


def test_a_header_that_is_not_taken_is_refused(locked: Locked):
    """A service that does not know the secret must not tell everything."""
    response = locked.call("GET", "/v1/models", locked.key("acme"), more=signed("sales"))
    assert response.status_code == 401
    assert "FOOTNOTE_GROUPS_SECRET" in response.json()["error"]["message"]
