"""The shape of the house, read from the imports: which room may know which, and where each vendor library stops."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests import ROOT

ARROWS = {
    "rag": set(),
    "ingest": {"rag"},
    "eval": {"ingest", "rag"},
    "api": {"eval", "ingest", "rag"},
}
ROOMS = tuple(ARROWS)
# The folders of `rag`, lowest first: each may know those before it, and the files that stand in `rag` itself.
LAYERS = (
    "rag.text.quantities",
    "rag.text",
    "rag.arithmetic",
    "rag.models",
    "rag.safety",
    "rag.store",
    "rag.retrieval",
    "rag.evidence",
    "rag.figures",
    "rag.verification.checks",
    "rag.verification.readers",
    "rag.verification",
    "rag.questions",
    "rag.answers",
    "rag.build",
    "rag.integrations",
)
# Files that bring a heavy vendor, and are imported only where something is built or where a command begins.
IMPORTED_BY_FILE = {
    "rag.models.bert",
    "rag.models.embedding_light",
    "rag.models.embedding_local",
    "rag.models.endpoints",
    "rag.models.tokens",
    "rag.models.weights",
    "rag.safety.moderation_endpoints",
    "rag.store.digest",
    "rag.store.embedded",
    "rag.store.points",
    "rag.store.server",
    "rag.verification.readers.hub",
    "ingest.parsers.ocr.rapid",
    "ingest.parsers.ocr.tesseract",
}
# Folders whose files are each an entry of their own: commands, endpoints, what builds, what other frameworks import.
ENTRIES = {
    "api.cli",
    "api.rest",
    "eval.fit",
    "eval.report",
    "ingest.cli",
    "ingest.queue",
    "rag.build",
    "rag.integrations",
}

# Languages of a whole room rather than vendors: arrays, wire models, command lines, the REST framework.
SPOKEN_IN = {
    "numpy": {"rag", "ingest", "eval"},
    "typer": {"ingest", "eval", "api"},
    "rich": {"ingest", "eval", "api"},
    "fastapi": {"api"},
    "pydantic": {"rag", "api"},
    "starlette": {"api"},
}
# Vendors that stop at a folder.
STOP_IN = {
    "alembic": "api/storage/",
    "sqlalchemy": "api/storage/",
}
# Vendors in more than one file, and why.
ACCEPTED = {
    "bs4": {
        "ingest/parsers/web/html.py": "reads the elements of a page",
        "ingest/parsers/web/elements.py": "walks elements",
        "ingest/parsers/web/content.py": "takes elements around the content away",
        "ingest/parsers/web/meaning.py": "writes what elements mean into their words",
        "ingest/parsers/web/mathml.py": "reads formulas",
        "ingest/parsers/web/tables.py": "makes tables regular",
        "ingest/parsers/web/list_marks.py": "gives list items their marks",
        "ingest/parsers/web/markdown.py": "hands elements to markdownify",
    },
    "dbos": {
        "ingest/queue/runs.py": "the queue from outside",
        "ingest/queue/database.py": "how its records are written",
        "ingest/queue/worker.py": "the workflows",
    },
    "filelock": {
        "rag/owner.py": "one process owns the embedded store, or this machine's queue",
        "ingest/reading/scratch.py": "tells the folders of live processes from those of dead ones",
        "api/storage/queue_claim.py": "tells live services that work with one SQLite file",
    },
    "httpx": {
        "ingest/sources/web.py": "fetches pages",
        "rag/store/server.py": "streams snapshots to and from disk, which qdrant-client does not",
    },
    "llama_index": {
        "rag/integrations/llamaindex.py": "Footnote as a retriever and query engine for LlamaIndex's users",
        "ingest/chunking/splitters.py": "its node parsers cut chunks",
    },
    "openai": {
        "rag/models/endpoints.py": "language models and embeddings",
        "rag/safety/moderation_endpoints.py": "moderation",
    },
    "psycopg": {
        "ingest/queue/identity.py": "asks a server which database it is",
        "ingest/queue/liveness.py": "holds the lock that shows that a worker is alive",
    },
    "pypdfium2": {
        "ingest/parsers/pdf/blanks.py": "looks for ink where the text is blank",
        "ingest/parsers/pdf/pdfium.py": "opens files, and reads what they say of themselves",
        "ingest/parsers/pdf/lines.py": "reads text",
        "ingest/parsers/pdf/glyphs.py": "looks at the shapes of letters",
        "ingest/parsers/pdf/drawn_boxes.py": "looks at small drawn shapes",
        "ingest/parsers/pdf/forms.py": "reads form fields and comments",
        "ingest/parsers/pdf/attachments.py": "reads the files that a PDF carries",
        "ingest/parsers/pdf/pictures.py": "finds pictures",
        "ingest/parsers/pdf/rules.py": "finds ruling lines",
        "ingest/parsers/pdf/baselines.py": "tells how letters are set",
        "ingest/parsers/pdf/page_space.py": "turns places on a page",
        "ingest/parsers/ocr/pdf_pictures.py": "draws pages",
    },
    "qdrant_edge": {
        "rag/store/embedded.py": "the embedded store",
        "rag/store/erasing.py": "has the engine write its files anew",
    },
    "safetensors": {
        "rag/models/weights.py": "reads weights into arrays",
    },
    "scipy": {
        "ingest/parsers/pdf/shapes.py": "matches glyphs with characters",
        "rag/verification/drift.py": "the test of the drift alarm",
        "eval/metrics/calibration.py": "p-values and limits of the guarantee",
        "eval/metrics/probabilities.py": "ranks of scores",
        "eval/fit/regression.py": "finds coefficients of given signs",
        "api/scores.py": "isotonic regression of scores",
        "eval/data/groups.py": "connected groups of labelled claims",
    },
    "sklearn": {
        "eval/fit/claims.py": "fits what tells claims from other sentences",
        "eval/fit/moderation.py": "fits the moderator",
        "eval/fit/verifier.py": "measures what was fitted",
        "eval/fit/regression.py": "scales the verifier's probabilities",
        "eval/fit/answerability.py": "fits answerability",
        "eval/report/verifier.py": "balanced accuracy",
        "eval/report/calibrate_reader.py": "scales a reader's probabilities",
    },
    "tokenizers": {
        "rag/models/tokens.py": "counts tokens",
        "rag/models/embedding_light.py": "cuts texts into tokens",
    },
    "transformers": {
        "rag/models/embedding_local.py": "keeps its progress bars quiet",
        "rag/verification/readers/hub.py": "runs published checkers",
    },
    "uvicorn": {
        "api/rest/ending.py": "runs the service to its end",
        "api/rest/heads.py": "its protocol, with a bound that it has not",
    },
    "sqlalchemy": {
        "ingest/queue/database.py": "the errors of the queue's database",
    },
    "torch": {
        "rag/models/embedding_local.py": "runs the embedding model",
        "rag/verification/readers/hub.py": "runs published checkers",
        "api/cli/doctor.py": "tells its version and devices",
    },
}
READS_ENVIRONMENT = {
    "rag/settings.py": "the one place settings come from",
    "api/cli/doctor.py": "tells whether a setting comes from the environment or the file",
}


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax of a file, parsed once."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def imports(path: Path) -> frozenset[str]:
    """The dotted names of all modules a file imports, inside functions too."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def vendors() -> dict[str, set[str]]:
    """Third-party packages and the files that import them."""
    ours = {*sys.stdlib_module_names, *ROOMS}
    found: dict[str, set[str]] = defaultdict(set)
    for path in sources(*ROOMS):
        for package in {name.partition(".")[0] for name in imports(path)} - ours:
            found[package].add(name_of(path))
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_between_the_rooms_run_one_way(room):
    """api → eval, ingest, rag; eval → ingest, rag; ingest → rag; rag → nothing."""
    wrong = {
        f"{name_of(path)} imports {name}"
        for path in sources(room)
        for name in imports(path)
        if name.partition(".")[0] in {*ROOMS, "tests", "benchmarks"} - {room} - ARROWS[room]
    }
    assert not wrong


def test_each_vendor_library_is_imported_in_one_file_or_folder():
    """Or in the files that the tables above give a reason for."""
    spread = {}
    for vendor, files in vendors().items():
        outside = {name for name in files if not name.startswith(STOP_IN.get(vendor, "nowhere/"))}
        if (len(files) > 1 or vendor in STOP_IN) and vendor not in SPOKEN_IN:
            spread[vendor] = outside - set(ACCEPTED.get(vendor, ()))
    assert not {vendor: sorted(files) for vendor, files in spread.items() if files}


def test_the_exceptions_are_still_needed():
    """An exception that no file uses any more leaves the table."""
    found = vendors()
    stale = {vendor: sorted(set(files) - found.get(vendor, set())) for vendor, files in ACCEPTED.items()}
    assert not {vendor: files for vendor, files in stale.items() if files}


@pytest.mark.parametrize("vendor", SPOKEN_IN)
def test_a_shared_library_stays_in_its_rooms(vendor):
    rooms = {name.partition("/")[0] for name in vendors().get(vendor, set())}
    assert rooms <= SPOKEN_IN[vendor]


def test_settings_are_read_in_one_place():
    """No `os.environ` or `os.getenv` elsewhere: a wrong value is found at start and named."""
    readers = {
        name_of(path)
        for path in sources(*ROOMS)
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb"))
        or (isinstance(node, ast.ImportFrom) and {"environ", "getenv"} & {alias.name for alias in node.names})
    }
    assert readers <= set(READS_ENVIRONMENT)


@pytest.mark.slow
def test_tests_use_fakes_and_no_mocks():
    patched = {name_of(path) for path in sources("tests") for name in imports(path) if name.startswith("unittest.mock")}
    assert not patched


@cache
def modules() -> dict[str, Path]:
    """Every module of the rooms by its dotted name; a folder's is the file of what it hands on."""
    return {
        name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in sources(*ROOMS)
    }


def folder_of(module: str, known: dict[str, Path]) -> str:
    """The folder a module stands in; a file directly in a room stands for itself."""
    if known[module].name == "__init__.py":
        return module
    outer = module.rpartition(".")[0]
    return module if outer in ROOMS else outer


def handed_on(path: Path) -> set[str]:
    """The names in a folder's `__all__`."""
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            return set(ast.literal_eval(node.value))
    return set()


@cache
def arrows() -> frozenset[tuple[str, str, str, str]]:
    """Who imports what: the module and its folder, the module it imports and that one's folder, if it is another."""
    return frozenset(_arrows())


def _arrows() -> Iterator[tuple[str, str, str, str]]:
    known = modules()
    public = {f"{module}.{name}" for module, path in known.items() for name in handed_on(path)}
    for module, path in known.items():
        for name in set(imports(path)) & (set(known) - set(ROOMS) - public):
            if folder_of(name, known) != folder_of(module, known):
                yield module, folder_of(module, known), name, folder_of(name, known)


def test_arrows_between_the_folders_have_no_circle():
    """Whoever reads a folder needs to know only those below it."""
    below: dict[str, set[str]] = defaultdict(set)
    for _, folder, _, other in arrows():
        below[folder].add(other)
    order = TopologicalSorter(below)
    order.prepare()


@pytest.mark.parametrize("folder", LAYERS)
def test_a_folder_of_the_core_knows_only_those_before_it(folder):
    """In the order of the table above, which is also that of docs/architecture.md."""
    allowed = set(LAYERS[: LAYERS.index(folder)])
    known = {other for _, own, _, other in arrows() if own == folder and other in LAYERS}
    assert known <= allowed


def test_what_a_folder_hands_on_is_all_that_others_import_of_it():
    """`from rag.text import split`; from a file of it only where the tables above say so."""
    inner = {
        f"{module} imports {name}"
        for module, folder, name, other in arrows()
        if name != other and other not in ENTRIES and name not in IMPORTED_BY_FILE
    }
    assert not inner
