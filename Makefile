# Two commands: `make sandbox` to try Wavepost, `make test` to prove it. Both set up all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Tests wait (for a server to end, for a poll) about as long as they compute: one worker more than cores.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: sandbox test lint format lock clean

sandbox: $(READY)
	$(BIN)/wavepost sandbox $(ARGS)

test: $(READY)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Hashes pin what is installed; the lock names no index, so any mirror will do.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Wavepost needs Python 3.11 or newer; name one with: make sandbox PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --all-extras --upgrade --quiet --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV)
