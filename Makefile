# Two commands do all the set-up on a machine with Python 3.11–3.13, pip and make: `make demo`, `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet -c constraints.txt

.PHONY: demo test test-all check unit bench series clean

demo: $(VENV)/.installed
	$(BIN)/exowatch demo

test: check
	$(BIN)/python -m pytest -n 3 -q -m "not long"

test-all: check
	$(BIN)/python -m pytest -n 3 -q --hypothesis-profile=thorough

check: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/exowatch knowledge check

unit: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n 2 -q -m "not slow" tests/unit tests/recorded

bench: $(VENV)/.installed-test
	$(BIN)/python bench/pipeline.py

series: $(VENV)/.installed-test
	$(BIN)/python -m bench.series

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "ExoWatch needs Python 3.11, 3.12 or 3.13; name one: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) -e ".[pdf]"
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) -e ".[test]"
	touch $@

clean:
	rm -rf $(VENV) exowatch-demo dist build
