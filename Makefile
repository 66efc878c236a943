# Needs only make and a Python of 3.11 or later; each target sets up what it uses in .venv.
#   make demo                       an invented county in a browser
#   make test SCENARIOS=DIR         the tests, with the scenario files of another folder
#   make bench ROWS="P1 P2"         some rows of the measurements
#   make chaos KILLS=20 SEED=7      fewer kills, the same ones again
#   make setup PYTHON=python3.12    another interpreter for a new .venv

PYTHON    ?= python3
SCENARIOS ?=
ROWS      ?=
WORKERS   ?= 2
KILLS     ?= 200
SEED      ?=
PYTEST_ARGS ?=

VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest
PINS   := pyproject.toml constraints.txt
# The client is built by `make client` with the Node of .venv, not with one that pip fetches for a build alone.
INSTALL := GUITU_SKIP_WEB=1 $(PIP) install --quiet --no-compile --constraint constraints.txt

RUNTIME := $(VENV)/.stamp-runtime
TEST    := $(VENV)/.stamp-test
BENCH   := $(VENV)/.stamp-bench

# pytest reads another folder of scenarios from here; the path is absolute, so that it holds anywhere.
SCENARIOS_ENV = $(if $(SCENARIOS),GUITU_TEST_SCENARIOS="$(abspath $(SCENARIOS))")

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup demo serve migrate client test test-fast cover check format docs bench chaos lock clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: client  ## Make .venv with the `guitu` command in it, and the web client

demo: client  ## Load an invented county into a demo database and serve it
	$(BIN)/guitu demo

serve: client  ## Serve the database of this office
	$(BIN)/guitu serve

migrate: $(RUNTIME)  ## Bring the database to the schema of this version
	$(BIN)/guitu migrate

client: $(RUNTIME)  ## Build the web client into api/client, where web/ has changed
	@$(BIN)/python web/build.py

test: $(TEST) client  ## Run all tests (SCENARIOS=DIR adds a folder of scenario files)
	@$(SCENARIOS_ENV) $(PYTEST) -n $(WORKERS) $(PYTEST_ARGS)

test-fast: $(TEST)  ## Run the tests that need no browser, server or patience
	@$(SCENARIOS_ENV) $(PYTEST) -n $(WORKERS) -m "not slow and not browser and not postgres and not fuzz" $(PYTEST_ARGS)

cover: $(TEST) client  ## Run all tests and show which branches none of them takes
	@$(SCENARIOS_ENV) $(PYTEST) -n $(WORKERS) --cov --cov-report=term-missing $(PYTEST_ARGS)

check: $(TEST)  ## Formatting, lint, types (those of web/ too), import contracts, architecture: what CI checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python web/build.py check
	$(PYTEST) -q tests/test_architecture.py

format: $(TEST)  ## Format the code and fix what ruff can fix by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(RUNTIME)  ## Renew docs/openapi.json, docs/rules.md, docs/errors.md and web/src/api/types.ts from the code
	$(BIN)/guitu docs
	@$(BIN)/python web/build.py types

bench: $(BENCH)  ## Measure beside the peers (ROWS="P1 P2" for some rows)
	$(BIN)/python -m bench $(ROWS)

chaos: $(TEST)  ## Kill who records and who tells people, 200 times each, and look for what was lost (KILLS=, SEED=)
	@$(BIN)/python -m tests.chaos --kills $(KILLS) $(if $(SEED),--seed $(SEED))

lock: $(TEST) $(BENCH)  ## Write the releases in .venv into constraints.txt
	@{ echo "# Exact releases that were tested together; written by \`make lock\` from .venv."; \
	   $(PIP) list --format=freeze --exclude-editable \
	     --exclude pip --exclude setuptools --exclude wheel --exclude guitu; } > $(VENV)/constraints.new
	@mv $(VENV)/constraints.new constraints.txt
	@touch $(RUNTIME) $(TEST) $(BENCH)
	@echo "constraints.txt: $$(grep -c == constraints.txt) releases"

clean:  ## Remove .venv, builds and caches, never a database
	rm -rf $(VENV) build dist api/client web/node_modules tests/web/audits/node_modules htmlcov \
	  .coverage .coverage.* \
	  .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------------------- the environment

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Guitu needs Python 3.11 or later, but '$(PYTHON)' is missing or older." >&2; \
	  echo "Name another one: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "'$(PYTHON) -m venv' failed. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(RUNTIME): $(PINS) | $(BIN)/python
	@echo "Installing guitu into $(VENV) ..."
	@$(INSTALL) --editable '.[web]'
	@touch $@

$(TEST): $(PINS) | $(BIN)/python
	@echo "Installing guitu with its test tools into $(VENV) ..."
	@$(INSTALL) --editable '.[test]'
	@touch $(RUNTIME) $@

$(BENCH): $(PINS) | $(BIN)/python
	@echo "Installing guitu with the peers that it is measured against into $(VENV) ..."
	@$(INSTALL) --editable '.[bench,web]'
	@touch $(RUNTIME) $@
