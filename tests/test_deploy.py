"""The deployment files: held against the Compose schema and the real command line; no engine is needed.

Not tested here, because it needs a Docker engine and a GPU: building the image and starting the services.
"""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import tomllib
from typing import Any

import jsonschema
import pytest
import yaml

from tests import ROOT

COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "deploy/.env.example").read_text(encoding="utf-8")
FILE: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = FILE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]
ALWAYS = ("qdrant", "postgres", "worker", "inbox")
_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def test_the_file_is_valid_compose():
    """Once variables that stand for numbers have their values, as Compose fills them in before it validates."""
    filled = re.sub(r"\$\{\w+:-(\d+)\}", r"\1", COMPOSE.read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "deploy/compose-schema/compose-spec.json").read_text(encoding="utf-8"))
    jsonschema.Draft201909Validator(schema).validate(yaml.safe_load(filled))


def test_there_is_a_service_for_every_part():
    assert set(SERVICES) == {*ALWAYS, "vllm", "calibrate", "api", "api-cpu", "nightly", "nightly-cpu"}


@pytest.mark.parametrize(
    ("profile", "services"), [("gpu", {*ALWAYS, "vllm", "calibrate", "api"}), ("cpu", {*ALWAYS, "api-cpu"})]
)
def test_a_profile_starts_what_it_says(profile, services):
    """And everything that a started service waits for is started too."""
    started = {name for name, service in SERVICES.items() if profile in service.get("profiles", [profile])}
    assert started == services
    assert {needed for name in started for needed in SERVICES[name].get("depends_on", {})} <= started


def test_the_nightly_job_is_not_started_with_the_rest():
    assert SERVICES["nightly"]["profiles"] == SERVICES["nightly-cpu"]["profiles"] == ["nightly"]
    assert SERVICES["nightly"]["restart"] == "no"


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned(name):
    image = SERVICES[name]["image"]
    version = r":\d+\.\d+$" if name == "postgres" else r":v?\d+\.\d+\.\d+$"  # Postgres counts with two numbers
    assert re.search(version, image), image


def test_base_images_are_pinned():
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(images) == 2
    assert all(re.search(r":\d+\.\d+\.\d+-slim-\w+$", image) for image in images)


def test_the_api_waits_until_the_model_was_measured_once():
    """Whether the measure succeeds or not: the model may only withhold then."""
    assert SERVICES["calibrate"]["restart"] == "no"
    assert "||" in SERVICES["calibrate"]["command"][-1]
    assert SERVICES["calibrate"]["depends_on"]["vllm"] == {"condition": "service_healthy"}
    assert SERVICES["api"]["depends_on"]["calibrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", [name for name in SERVICES if not name.startswith(("nightly", "calibrate"))])
def test_a_service_that_stays_is_watched_and_restarted(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_a_service_waits_until_the_store_and_the_queue_are_healthy(name):
    assert SERVICES[name]["depends_on"]["qdrant"] == {"condition": "service_healthy"}
    assert SERVICES[name]["depends_on"]["postgres"] == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_without_rights(name):
    """Not root, no capabilities, a file system that cannot be written."""
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]


def test_the_image_does_not_run_as_root():
    """A fixed numeric user, so that Kubernetes can check it as well."""
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users == ["10001:10001"]


def test_the_store_the_queue_and_the_model_are_not_published():
    """Only the API listens outside of the compose network, and by default on this machine alone."""
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"api", "api-cpu"}
    assert all(port.startswith("${FOOTNOTE_PUBLISH:-127.0.0.1:") for ports in published.values() for port in ports)


def test_no_secret_is_in_the_file():
    """Keys and tokens come from the environment; those of the store and of the queue have no default."""
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"KEY|TOKEN|SECRET|PASSWORD", name):
                assert re.fullmatch(r"\$\{\w+:(-|\?.+)\}", value), name
            if url := re.match(r"\w+://\w+:(.*)@", value):
                assert url[1].startswith("${FOOTNOTE_POSTGRES_PASSWORD:?"), name
    assert "${FOOTNOTE_QDRANT_API_KEY:?" in COMPOSE.read_text(encoding="utf-8")
    assert re.findall(r"^\w*(?:KEY|TOKEN|PASSWORD)=(.*)$", EXAMPLE, re.MULTILINE) == ["", "", "", ""]


@pytest.mark.parametrize("name", OURS)
def test_our_services_share_the_queue_that_postgres_serves(name):
    """As the user, and in the database, that the image makes."""
    made = SERVICES["postgres"]["environment"]
    place = re.fullmatch(
        r"postgresql://(\w+):(\$\{.*\})@(\w+)/(\w+)", SERVICES[name]["environment"]["FOOTNOTE_QUEUE_URL"]
    )
    assert place
    assert place.groups() == (made["POSTGRES_USER"], made["POSTGRES_PASSWORD"], "postgres", made["POSTGRES_DB"])


def test_any_number_of_workers_see_the_files_that_are_handed_in():
    """At the same place; and what they have in hand, they may end."""
    worker, inbox = SERVICES["worker"], SERVICES["inbox"]
    assert worker["deploy"]["replicas"] == "${FOOTNOTE_WORKERS:-1}"
    assert not {"container_name", "ports"} & set(worker)
    assert worker["volumes"] == inbox["volumes"]
    assert f"{inbox['command'][2]}:ro" in str(worker["volumes"])
    assert int(worker["stop_grace_period"].removesuffix("s")) > 60


@pytest.mark.parametrize("name", ["worker", "inbox"])
def test_the_health_check_of_a_worker_asks_services_that_are_there(name):
    """Where both listen it is content, and where one does not it fails."""
    script = SERVICES[name]["healthcheck"]["test"][3]
    hosts = dict(re.findall(r"'(\w+)', (\d+)", script))
    assert hosts == {"qdrant": "6333", "postgres": "5432"}
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        for host, port, listening in (("qdrant", 6333, one), ("postgres", 5432, other)):
            script = script.replace(f"('{host}', {port})", repr(listening.getsockname()))
        assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
    assert subprocess.run([sys.executable, "-c", script], check=False, stderr=subprocess.DEVNULL).returncode == 1


def test_every_variable_is_in_the_example():
    asked = {name for name, _, _ in _VARIABLE.findall(COMPOSE.read_text(encoding="utf-8"))}
    given = set(re.findall(r"^#? ?(\w+)=", EXAMPLE, re.MULTILINE))
    assert asked <= given


def test_settings_of_our_services_exist():
    from rag.settings import PREFIX, Settings

    given = {name for service in OURS for name in SERVICES[service]["environment"]}
    assert given <= {PREFIX + name.upper() for name in Settings.model_fields}


def test_volumes_are_declared_and_used():
    mounted = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert {volume for volume in mounted if not volume.startswith("$")} == set(FILE["volumes"])


@pytest.mark.slow
@pytest.mark.parametrize("name", OURS)
def test_the_command_of_a_service_is_one_the_program_has(name):
    """With `--help` added a command line is parsed, and not run: a wrong option still fails."""
    command = SERVICES[name]["command"]
    program, *arguments = shlex.split(command[-1].partition("||")[0]) if command[0] == "sh" else command
    start = {"footnote": ["-c", "from api.cli.commands import main; main()"], "python": []}[program]
    done = subprocess.run(
        [sys.executable, *start, *arguments, "--help"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout
    wrong = subprocess.run(
        [sys.executable, *start, *arguments, "--no-such-option", "--help"], capture_output=True, check=False, cwd=ROOT
    )
    assert wrong.returncode != 0


@pytest.mark.parametrize("name", ["api", "api-cpu"])
def test_the_health_check_asks_a_path_the_service_has(name):
    from api.rest.app import create_app

    urls = re.findall(r"http://127\.0\.0\.1:8080(/\w+)", " ".join(SERVICES[name]["healthcheck"]["test"]) + DOCKERFILE)
    assert set(urls) == {"/healthz"}
    assert create_app().url_path_for("healthz") == "/healthz"


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash, as the image of Qdrant has it")
@pytest.mark.parametrize(("status", "healthy"), [("200 OK", True), ("503 Service Unavailable", False)])
def test_the_stores_health_check_reads_the_status(status, healthy):
    """Bash alone asks `/readyz`, because the image has no curl."""
    listening = socket.create_server(("127.0.0.1", 0))

    def reply() -> None:
        connection, _ = listening.accept()
        with connection:
            asked = b""
            while not asked.endswith(b"\r\n\r\n"):
                asked += connection.recv(1000)
            assert asked.startswith(b"GET /readyz HTTP/1.1\r\nHost: ")
            connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

    answering = threading.Thread(target=reply)
    answering.start()
    script = SERVICES["qdrant"]["healthcheck"]["test"][3].replace("/6333", f"/{listening.getsockname()[1]}")
    done = subprocess.run(["bash", "-c", script], check=False, timeout=10, env={"PATH": os.environ["PATH"]})
    answering.join(timeout=10)
    listening.close()
    assert (done.returncode == 0) == healthy


def test_only_what_the_image_needs_is_sent_to_the_engine():
    """Nothing is copied unless it is named, so that no .env and no data folder ends in an image."""
    first, *rest = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert first == "*"
    allowed = {line.removeprefix("!") for line in rest if line.startswith("!")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*wheel["packages"], *wheel["force-include"], *project["project"]["license-files"]} <= allowed
    assert {"pyproject.toml", "README.md", "requirements.lock"} <= allowed
    assert not allowed & {".", ".env", "deploy", "tests"}
