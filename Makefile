# Everything runs from nothing: each target makes .venv first when it isn't there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: install test check demo bench accuracy train fuzz lock format servers clean

install: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "mailflow needs Python 3.11 or later; say which with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

servers:
	@sh tests/servers/install.sh

test: install servers
	$(BIN)/python -m pytest

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

demo: install
	$(BIN)/mailflow demo --keep demo-out

bench: install servers
	$(BIN)/python -m bench

accuracy: install
	$(BIN)/python -m bench.accuracy
	$(BIN)/python -m bench.answers
	$(BIN)/python -m bench.staff
	$(BIN)/python -m bench.digest

# The learned reader's tables, from the labelled answers in tests/answers.
train: install
	$(BIN)/python -m bench.train

fuzz: install
	$(BIN)/python -m bench.fuzz

# Resolve the newest versions for every supported Python and pin them with their hashes.
lock: install
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --group dev \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade \
	  --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) demo-out dist .mypy_cache .ruff_cache .pytest_cache
