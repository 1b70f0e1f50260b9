# make chat: set up, index the sample articles, ask.   make test: set up, then every check.
# A second run reuses what is there. Windows has no make: see README.md for the plain commands.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: chat test test-faults check format bench clean

chat: $(VENV)/installed
	$(BIN)/qa --index .qa index --quiet --samples
	@if [ -t 0 ] && [ -t 1 ] && $(BIN)/qa chat --help >/dev/null 2>&1; then $(BIN)/qa --index .qa chat; \
	else $(BIN)/qa --index .qa ask "How many US troops are in Japan?"; fi

test: $(VENV)/installed-dev check
	$(BIN)/python -m pytest -n 2

# About ten minutes: 200 kills, three of them more with the real encoder, and a minute of concurrent use.
test-faults: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m fault -n 2 tests/faults

check: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@printf 'largest files:\n'; git ls-files 'index/*.py' 'qa/*.py' | xargs wc -l | grep -v total | sort -rn | head -3

format: $(VENV)/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/installed-dev
	$(BIN)/python tests/benchmarks/bench_lexical.py
	$(BIN)/python tests/benchmarks/bench_reader.py

clean:
	rm -rf $(VENV) .qa build dist

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "qa needs Python 3.11 or newer; name one with make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/installed
