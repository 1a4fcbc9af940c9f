"""Pages of uploaded files as pictures, with a quote marked."""

from __future__ import annotations

import io
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
from PIL import Image

from ingest.reading.page_images import PageRenderer
from ingest.reading.sandbox import SameProcess
from tests.fakes.library import Served, served_library
from tests.files.documents import lines, pdf_of

TEXT = "The gate code is 4711."


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_library(tmp_path_factory.mktemp("pages")) as made:
        yield made


@pytest.fixture(scope="module")
def file_id(served: Served) -> str:
    """A PDF of two pages in a vector store."""
    data = pdf_of(lines(TEXT, size=20), lines("The door is blue.", size=20))
    file = served.client.files.create(file=("gate.pdf", data), purpose="assistants").id
    store = served.client.vector_stores.create().id
    done = served.client.vector_stores.files.create_and_poll(file, vector_store_id=store)
    assert done.status == "completed"
    return file


def yellow(png: bytes) -> int:
    """How many pixels are marked."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    return int(((pixels[..., 0] > 200) & (pixels[..., 1] > 200) & (pixels[..., 2] < 200)).sum())


def get(served: Served, file: str, page: object = 1, highlight: str | None = None) -> httpx.Response:
    parameters = {"highlight": highlight} if highlight else {}
    return httpx.get(f"{served.url}/v1/files/{file}/pages/{page}.png", params=parameters, timeout=120)


@pytest.mark.slow
def test_a_page_is_drawn_and_the_span_of_a_citation_marked(served: Served, file_id: str):
    """In a process of its own; the longer the span, the more is marked."""
    plain = get(served, file_id)
    assert plain.headers["content-type"] == "image/png"
    assert yellow(plain.content) == 0
    word, sentence = (get(served, file_id, highlight=span) for span in ("4-8", f"0-{len(TEXT)}"))
    assert 0 < yellow(word.content) < yellow(sentence.content)
    assert yellow(get(served, file_id, 2).content) == 0


@pytest.mark.parametrize(
    ("page", "highlight", "status"),
    [(1, "9-4", 400), (1, "0-9999", 400), (1, "a-b", 400), (1, "4", 400), (9, "0-4", 404), (0, None, 400)],
)
def test_a_span_that_is_none_is_refused(served: Served, file_id: str, page: int, highlight: str | None, status: int):
    response = get(served, file_id, page, highlight)
    assert response.status_code == status
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}


def test_a_file_that_is_not_there_has_no_pages(served: Served):
    assert get(served, "file-unknown").status_code == 404


def test_a_file_in_no_store_can_be_drawn_and_not_marked(served: Served):
    """Where its words are is known since it was read."""
    file = served.client.files.create(file=("a.pdf", pdf_of(lines("Words"))), purpose="assistants").id
    response = get(served, file, highlight="0-4")
    assert response.status_code == 404
    assert "vector store" in response.json()["error"]["message"]


def test_only_pdfs_and_images_have_pictures(tmp_path):
    """Others are refused by name, not taken for damaged PDFs."""
    path = tmp_path / "note.txt"
    path.write_text("Words.")
    with pytest.raises(Exception, match=r"note\.txt: only PDFs and images"):
        PageRenderer(SameProcess()).paint(path, "note.txt", 1)
