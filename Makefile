# Everything runs in .venv, which the first command makes. Settings, given as `make demo NAME=value`:
#   PYTHON       the Python to build .venv with, 3.11 or newer (default: python3)
#   TORCH_INDEX  an extra package index for torch; on Linux https://download.pytorch.org/whl/cpu
#                gives the build without CUDA, several GB smaller (docs/guide/install.md)
#   JOBS         how many processes run the tests (default: one a processor, four at most)

PYTHON ?= python3
TORCH_INDEX ?=
JOBS ?= auto
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP_FLAGS := --quiet --disable-pip-version-check $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

.PHONY: help demo test docs bench clean

help:
	@echo 'make demo   ask four questions of the example documents'
	@echo 'make test   formatting, lint, types and tests'
	@echo 'make docs   write docs/reference/settings.md and commands.md anew'
	@echo 'make bench  list the benchmarks'
	@echo 'make clean  remove .venv and the caches'

demo: $(INSTALLED)
	@$(BIN)/footnote demo

test: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses=$(JOBS) --maxprocesses=4 --dist=loadscope --no-loadscope-reorder --durations=15

docs: $(INSTALLED)
	$(BIN)/python docs/reference/settings_page.py
	$(BIN)/python docs/reference/commands_page.py

bench: $(INSTALLED)
	@$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# pip runs only here: once it has succeeded, nothing needs the network until one of these two files changes.
$(INSTALLED): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo 'Footnote needs Python 3.11 or newer, and $(PYTHON) is not installed. Choose another: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Footnote needs Python 3.11 or newer; $(PYTHON) is %d.%d. Choose another: make PYTHON=python3.12" % sys.version_info[:2])'
	@echo 'Installing into $(VENV); the first time takes a few minutes, most of them for torch.'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install $(PIP_FLAGS) --constraint constraints.txt --editable '.[dev]'
	@touch $@
