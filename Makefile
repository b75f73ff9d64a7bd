# `make run` and `make test` need Python 3.11 or newer and nothing else; `make help` lists the rest.
PORT ?= 8000
SANDBOX_PORT ?= 8100
DATA_DIR ?= var
# Test files run beside each other; most of them wait for the service, so a little more than the cores.
JOBS ?= 3
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)

.PHONY: help run practice test check bench browser clean

help:
	@echo "make run    start everything: service, worker, PostgreSQL, Kommo sandbox  [PORT= SANDBOX_PORT= DATA_DIR=]"
	@echo "make practice  the same with an empty Kommo account, to connect and prepare it yourself"
	@echo "make test   all checks and tests"
	@echo "make check  style, types, import rules, migrations in step with the models"
	@echo "make bench  the figures of docs/benchmarks.md"
	@echo "make clean  remove the environment and caches (the data in DATA_DIR stays)"

# The stamp makes `uv sync` run only when the lock file changed: the second `make run` starts at once.
.venv/.synced: uv.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found: install it, or set PYTHON=/path/to/python."; exit 1; }
	@test -d .venv || $(PYTHON) -m venv .venv || { echo "The environment could not be made: on Debian and Ubuntu, install python3-venv."; exit 1; }
	@command -v uv >/dev/null 2>&1 || test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(UV) sync --frozen --quiet --python $(BIN)/python
	@touch $@

# An account that nobody has connected: for docs/connect-kommo.md, in a data folder of its own.
practice: .venv/.synced
	@exec env AUTOPRIME_PORT=$(PORT) AUTOPRIME_DATA_DIR=$(DATA_DIR)/practice $(BIN)/autoprime run --practice --sandbox-port $(SANDBOX_PORT)

run: .venv/.synced
	@exec env AUTOPRIME_PORT=$(PORT) AUTOPRIME_DATA_DIR=$(DATA_DIR) $(BIN)/autoprime run --sandbox-port $(SANDBOX_PORT)

check: .venv/.synced
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

browser:
	@command -v chromium >/dev/null 2>&1 || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null 2>&1 \
		&& { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-color-emoji >/dev/null; } \
		|| echo "Chromium is missing and cannot be installed here: the browser tests will be skipped."; }

test: check browser
	@$(BIN)/pytest -n $(JOBS) --dist loadfile

bench: .venv/.synced
	@$(BIN)/python -m tests.benchmarks

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
