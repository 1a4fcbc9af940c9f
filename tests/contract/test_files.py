"""`/v1/files` and `/v1/uploads`, as the official client sees them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.fakes.library import Served, served_library

HOUR_S = 3600


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_library(tmp_path_factory.mktemp("files"), max_upload_mb=1) as made:
        yield made


def error_of(response: httpx.Response) -> dict[str, Any]:
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return dict(error)


def form(name: bytes, content: bytes = b"x", *, disposition: bytes | None = None) -> dict[str, Any]:
    """A form as no client library would write it."""
    head = disposition or b'form-data; name="file"; filename="' + name + b'"'
    body = b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n'
    body += b"--b\r\nContent-Disposition: " + head + b"\r\n\r\n" + content + b"\r\n--b--\r\n"
    return {"content": body, "headers": {"content-type": "multipart/form-data; boundary=b"}}


def test_a_file_is_kept_with_its_digest_and_comes_back_byte_for_byte(served: Served):
    data = bytes(range(256)) * 1000
    file = served.client.files.create(file=("numbers.bin", data), purpose="assistants")
    assert (file.object, file.bytes, file.filename, file.purpose) == ("file", len(data), "numbers.bin", "assistants")
    assert (file.status, file.expires_at) == ("processed", None)
    assert file.to_dict()["sha256"] == hashlib.sha256(data).hexdigest()
    assert served.client.files.retrieve(file.id) == file
    assert served.client.files.content(file.id).read() == data


def test_content_is_for_saving_and_never_for_showing(served: Served):
    """A page with a script, uploaded by one, must not run in the browser of another."""
    file = served.client.files.create(file=("page.html", b"<script>alert(1)</script>"), purpose="user_data")
    response = httpx.get(f"{served.url}/v1/files/{file.id}/content")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_deleted_file_is_gone_with_its_bytes(served: Served):
    file = served.client.files.create(file=("a.txt", b"a"), purpose="assistants")
    deleted = served.client.files.delete(file.id)
    assert (deleted.id, deleted.object, deleted.deleted) == (file.id, "file", True)
    for call in (served.client.files.retrieve, served.client.files.content, served.client.files.delete):
        with pytest.raises(openai.NotFoundError):
            call(file.id)
    assert not list(served.rag.settings.data_dir.rglob(f"*{file.id}*/*"))


def test_missing_bytes_are_an_error(served: Served, caplog: pytest.LogCaptureFixture):
    """If two processes do not see one folder: never an empty file, and the log names the setting."""
    file = served.client.files.create(file=("a.txt", b"a"), purpose="assistants")
    (served.rag.settings.data_dir / "files" / file.id / "a.txt").unlink()
    with pytest.raises(openai.InternalServerError, match="the bytes of this file are not there") as raised:
        served.client.files.content(file.id)
    assert raised.value.status_code == 503
    assert "FOOTNOTE_FILES_DIR" in caplog.text


def test_a_file_larger_than_the_limit_is_413_and_leaves_nothing(served: Served):
    """With the length announced or not."""
    before = sorted(served.rag.settings.data_dir.rglob("files/*"))
    with pytest.raises(openai.APIStatusError, match="FOOTNOTE_MAX_UPLOAD_MB") as raised:
        served.client.files.create(file=("large.bin", b"x" * 1_000_001), purpose="assistants")
    assert raised.value.status_code == 413
    assert error_of(raised.value.response)["code"] == "file_too_large"
    whole = form(b"large.bin", b"x" * 1_500_000)
    response = httpx.post(
        f"{served.url}/v1/files", content=iter([whole["content"]]), headers=whole["headers"], timeout=30
    )
    assert response.status_code == 413
    assert sorted(served.rag.settings.data_dir.rglob("files/*")) == before


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("été 水文 Ω.txt", "été 水文 Ω.txt"),
        ("../../x.txt", "x.txt"),
        ("C:\\reports\\y.txt", "y.txt"),
        ("ü" * 125 + ".docx", "ü" * 125 + ".docx"),
        ("no extension", "no extension"),
        (".hidden", ".hidden"),
        ("a;b'c%20d.txt", "a;b'c%20d.txt"),
    ],
)
def test_any_name_is_kept_as_its_last_part(served: Served, sent: str, kept: str):
    """Without leading out of the folder, and up to 255 bytes."""
    file = served.client.files.create(file=(sent, b"words"), purpose="assistants")
    assert file.filename == kept
    assert served.client.files.content(file.id).read() == b"words"


def test_the_same_name_twice_makes_two_files(served: Served):
    one = served.client.files.create(file=("same.txt", b"one"), purpose="assistants")
    two = served.client.files.create(file=("same.txt", b"two"), purpose="assistants")
    assert [served.client.files.content(each.id).read() for each in (one, two)] == [b"one", b"two"]


def test_an_empty_file_is_kept(served: Served):
    file = served.client.files.create(file=("empty.txt", b""), purpose="assistants")
    assert file.bytes == 0
    assert served.client.files.content(file.id).read() == b""


@pytest.mark.parametrize("name", [b"..", b"", b"a/", b"x\x01.txt", b"\xff.txt", b"n" * 256])
def test_what_is_no_name_of_a_file_is_refused(served: Served, name: bytes):
    response = httpx.post(f"{served.url}/v1/files", **form(name))
    assert response.status_code == 400
    assert error_of(response)["param"] in ("filename", "file")


@pytest.mark.parametrize(
    "request_",
    [
        form(b"", disposition=b'form-data; name="file"'),
        form(b"a.txt", disposition=b'form-data; name="other"; filename="a.txt"'),
        {"json": {"purpose": "assistants"}},
        {"content": b"", "headers": {"content-type": "multipart/form-data"}},
        {"content": b"--b\r\nhalf a form", "headers": {"content-type": "multipart/form-data; boundary=b"}},
        {"content": form(b"a.txt")["content"][:-20], "headers": form(b"a.txt")["headers"]},
    ],
    ids=["no filename", "another part", "json", "no boundary", "malformed", "broken off"],
)
def test_a_form_without_a_whole_file_is_refused(served: Served, request_: dict[str, Any]):
    """As a 400 that says what is missing, and nothing is kept."""
    before = served.client.files.list().data
    response = httpx.post(f"{served.url}/v1/files", **request_)
    assert response.status_code == 400
    assert error_of(response)["message"]
    assert served.client.files.list().data == before


def test_a_purpose_that_openai_does_not_have_is_refused(served: Served):
    with pytest.raises(openai.BadRequestError) as raised:
        served.client.files.create(file=("a.txt", b"a"), purpose="fun")  # type: ignore[arg-type]
    assert error_of(raised.value.response)["param"] == "purpose"


def test_a_file_may_expire(served: Served):
    after = {"anchor": "created_at", "seconds": HOUR_S}
    file = served.client.files.create(file=("a.txt", b"a"), purpose="assistants", expires_after=after)  # type: ignore[arg-type]
    assert file.expires_at == file.created_at + HOUR_S
    for seconds in (HOUR_S - 1, 2_592_001):
        with pytest.raises(openai.BadRequestError, match="expires_after"):
            served.client.files.create(
                file=("a.txt", b"a"), purpose="assistants", expires_after={**after, "seconds": seconds}
            )


def test_a_list_walked_one_by_one_is_the_whole_list(served: Served):
    """`has_more` is exact, and the ids are those of the page."""
    made = [served.client.files.create(file=(f"{n}.txt", b"x"), purpose="evals").id for n in range(5)]
    walked = [file.id for file in served.client.files.list(purpose="evals", limit=1, order="asc")]
    assert walked == made
    page = served.client.files.list(purpose="evals", limit=2)
    raw = page.to_dict()
    assert [file.id for file in page.data] == made[:2:-1]
    assert (raw["object"], raw["first_id"], raw["last_id"], raw["has_more"]) == ("list", made[4], made[3], True)
    last = served.client.files.list(purpose="evals", limit=2, after=made[1])
    assert (last.to_dict()["has_more"], last.data[-1].id) == (False, made[0])
    none = served.client.files.list(purpose="batch").to_dict()
    assert (none["data"], none["first_id"], none["last_id"], none["has_more"]) == ([], None, None, False)


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 10_001}, {"order": "up"}])
def test_a_list_beyond_the_limits_is_refused(served: Served, wrong: dict[str, Any]):
    response = httpx.get(f"{served.url}/v1/files", params=wrong)
    assert response.status_code == 400
    assert error_of(response)["param"] == next(iter(wrong))


def test_an_upload_in_parts_becomes_the_file(served: Served, tmp_path: Path):
    """In the order in which the parts are named, as the client's own helper does it."""
    data = b"0123456789" * 1000
    path = tmp_path / "large.txt"
    path.write_bytes(data)
    upload = served.client.uploads.upload_file_chunked(
        file=path, mime_type="text/plain", purpose="assistants", part_size=3000
    )
    assert (upload.status, upload.object) == ("completed", "upload")
    assert upload.file is not None
    assert upload.file.filename == "large.txt"
    assert served.client.files.content(upload.file.id).read() == data
    assert served.client.files.retrieve(upload.file.id).to_dict()["sha256"] == hashlib.sha256(data).hexdigest()


def test_an_upload_that_is_not_what_was_announced_is_refused_and_stays_open(served: Served):
    uploads = served.client.uploads
    upload = uploads.create(bytes=4, filename="a.txt", mime_type="text/plain", purpose="assistants")
    one = uploads.parts.create(upload.id, data=b"ab")
    with pytest.raises(openai.BadRequestError, match="2 bytes together and 4"):
        uploads.complete(upload.id, part_ids=[one.id])
    two = uploads.parts.create(upload.id, data=b"cd")
    with pytest.raises(openai.BadRequestError, match="part_ids"):
        uploads.complete(upload.id, part_ids=[one.id, "part_x"])
    with pytest.raises(openai.BadRequestError, match="md5"):
        uploads.complete(upload.id, part_ids=[one.id, two.id], md5="0" * 32)
    done = uploads.complete(upload.id, part_ids=[two.id, one.id], md5=hashlib.md5(b"cdab").hexdigest())
    assert done.file is not None
    assert served.client.files.content(done.file.id).read() == b"cdab"
    with pytest.raises(openai.BadRequestError, match="completed"):
        uploads.cancel(upload.id)


def test_a_cancelled_upload_takes_no_more_parts(served: Served):
    uploads = served.client.uploads
    upload = uploads.create(bytes=4, filename="a.txt", mime_type="text/plain", purpose="assistants")
    uploads.parts.create(upload.id, data=b"ab")
    assert uploads.cancel(upload.id).status == "cancelled"
    with pytest.raises(openai.BadRequestError, match="cancelled"):
        uploads.parts.create(upload.id, data=b"cd")
    with pytest.raises(openai.NotFoundError):
        uploads.cancel("upload_none")
    assert not list((served.rag.settings.data_dir / "files" / upload.id).rglob("*"))
