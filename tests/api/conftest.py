"""A real core over four of the example documents, its language model a scripted server, and the service around it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openai
import pytest

from api.rest.app import create_app
from ingest.build import ingest_paths
from rag.build.core import Rag, build
from rag.settings import load_settings
from tests import ROOT
from tests.fakes.llm import FakeLlm, serving, unused_url

CORPUS = ROOT / "examples" / "corpus"
FILES = ("ouzel-4-manual.pdf", "service-bulletin-2025-03.txt", "price-list-2026.md", "warranty-and-returns.html")


@dataclass
class Service:
    """A served app, the core behind it, and the script of its language model."""

    url: str
    rag: Rag
    llm: FakeLlm

    def client(self) -> openai.OpenAI:
        return openai.OpenAI(base_url=f"{self.url}/v1", api_key="none", max_retries=0, timeout=30)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the documents in collection `default`; nobody has it open."""
    folder = tmp_path_factory.mktemp("filled")
    settings = load_settings(data_dir=folder)
    rag = build(settings)
    try:
        report = ingest_paths(rag, [CORPUS / name for name in FILES], settings.collection)
    finally:
        rag.close()
    assert report.count("written") == len(FILES)
    return folder


@pytest.fixture(scope="session")
def service(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with a language model that says what a test tells it to."""
    folder = tmp_path_factory.mktemp("service") / "data"
    shutil.copytree(filled, folder)
    llm = FakeLlm()
    with serving(llm.app()) as llm_url:
        settings = load_settings(data_dir=folder, llm_url=f"{llm_url}/v1", llm_retries=0, llm_timeout_s=60)
        rag = build(settings)
        try:
            with serving(create_app(rag)) as url:
                yield Service(url, rag, llm)
        finally:
            rag.close()


@pytest.fixture(scope="session")
def lonely(service: Service) -> Iterator[Service]:
    """The service of the same store, whose language model is down."""
    settings = service.rag.settings.model_copy(update={"llm_url": f"{unused_url()}/v1"})
    rag = build(settings, store=service.rag.store)
    with serving(create_app(rag)) as url:
        yield Service(url, rag, FakeLlm())


@pytest.fixture(scope="session")
def read(service: Service) -> Iterator[Service]:
    """The service of the same store and language model that has the model read what it wrote."""
    rag = build(service.rag.settings.model_copy(update={"reader": "llm"}), store=service.rag.store)
    with serving(create_app(rag)) as url:
        yield Service(url, rag, service.llm)


@pytest.fixture(scope="session")
def impatient(service: Service) -> Iterator[Service]:
    """The service of the same store and language model that does not wait long for the next token."""
    rag = build(service.rag.settings.model_copy(update={"llm_timeout_s": 1.0}), store=service.rag.store)
    with serving(create_app(rag)) as url:
        yield Service(url, rag, service.llm)


@pytest.fixture(scope="session")
def own_data(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled data folder for commands, which open and close it themselves."""
    folder = tmp_path_factory.mktemp("commands") / "data"
    shutil.copytree(filled, folder)
    return folder
