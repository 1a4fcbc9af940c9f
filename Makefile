# Everything runs in .venv, which the first command makes. Settings, given as `make demo NAME=value`:
#   PYTHON       the Python to build .venv with, 3.11 or newer (default: python3)
#   TORCH_INDEX  an extra package index for torch; on Linux https://download.pytorch.org/whl/cpu
#                gives the build without CUDA, several GB smaller (docs/guide/install.md)
#   UPGRADE      for `make lock`: yes moves every pin to the newest version that pyproject.toml allows
#   JOBS         how many processes run the tests (default: one a processor, four at most)

# Compiled files are kept, also where the environment says otherwise: without them the tests start half a minute later.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
TORCH_INDEX ?=
JOBS ?= auto
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PYTEST = OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses=$(JOBS) --maxprocesses=4 --dist=loadscope --no-loadscope-reorder
PINS := --constraint requirements.lock
PIP_FLAGS := --quiet --disable-pip-version-check $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

.PHONY: help demo quick test nightly check docs bench newest lock audit clean

help:
	@echo 'make demo     ask four questions of the example documents'
	@echo 'make quick    formatting, lint, types and the tests that are fast'
	@echo 'make test     formatting, lint, types and tests'
	@echo 'make nightly  the tests that take minutes each'
	@echo 'make docs     write docs/reference/settings.md, commands.md and api.md anew'
	@echo 'make bench    list the benchmarks'
	@echo 'make newest   test with the newest versions that pyproject.toml allows, in .venv-newest'
	@echo 'make lock     write requirements.lock anew; pins stay unless UPGRADE=yes'
	@echo 'make audit    look up the locked packages among known vulnerabilities; needs the internet'
	@echo 'make clean    remove .venv and the caches'

demo: $(INSTALLED)
	@$(BIN)/footnote demo

quick: check
	$(PYTEST) -m 'not slow and not nightly'

test: check
	$(PYTEST) --durations=15

nightly: $(INSTALLED)
	$(PYTEST) -m nightly --durations=0

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: $(INSTALLED)
	$(BIN)/python docs/reference/settings_page.py
	$(BIN)/python docs/reference/commands_page.py
	$(BIN)/python docs/reference/api_page.py

bench: $(INSTALLED)
	@$(BIN)/python -m benchmarks

# For a scheduled job: what somebody gets who installs today.
newest:
	@rm -rf .venv-newest
	@$(MAKE) .venv-newest/.installed VENV=.venv-newest PINS=
	@$(MAKE) test VENV=.venv-newest PINS=

# One lock for every Python and system; uv is asked in an environment of its own, for pip cannot write such a lock.
lock:
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install $(PIP_FLAGS) uv
	@.venv-lock/bin/uv pip compile pyproject.toml --extra dev --extra bench --universal --python-version 3.11 \
	  $(if $(UPGRADE),--upgrade) --no-annotate --custom-compile-command 'make lock' --quiet --output-file requirements.lock >/dev/null

# Pins alone: nothing of them is installed, and pip-audit has an environment of its own. OSV knows what PyPI's service does, and more.
audit:
	@$(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/python -m pip install $(PIP_FLAGS) pip-audit
	@.venv-audit/bin/python -c 'import requests; requests.get("https://api.osv.dev", timeout=30)' 2>/dev/null || \
	  { echo 'make audit: api.osv.dev cannot be reached, so that nothing was looked up. Run it where the internet is.' >&2; exit 1; }
	@.venv-audit/bin/pip-audit --requirement requirements.lock --no-deps --disable-pip --vulnerability-service osv

clean:
	rm -rf $(VENV) .venv-newest .venv-lock .venv-audit .mypy_cache .ruff_cache .pytest_cache .hypothesis

# pip runs only here: once it has succeeded, nothing needs the network until one of these two files changes.
$(INSTALLED): pyproject.toml requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo 'Footnote needs Python 3.11 or newer, and $(PYTHON) is not installed. Choose another: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Footnote needs Python 3.11 or newer; $(PYTHON) is %d.%d. Choose another: make PYTHON=python3.12" % sys.version_info[:2])'
	@echo 'Installing into $(VENV); the first time takes a few minutes, most of them for torch.'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install $(PIP_FLAGS) $(PINS) --editable '.[dev]'
	@touch $@
