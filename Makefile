# Each line that a person or the CI runs. The environment is .venv, made anew only when
# pyproject.toml or constraints.txt changes. "make" alone lists the targets.

PYTHON   ?= python3
BIN      := .venv/bin
LAB_LANG ?= $(if $(filter ja%,$(LANG)),ja,en)
NOTEBOOK ?= notebooks/$(LAB_LANG)/first-look.ipynb
AS_ROOT  := $(if $(filter 0,$(shell id -u)),--allow-root)
APART    := opensearch or browser or notebook or mission or slow
N        ?= 5000

# Compiled modules are kept: a thousand processes start in the tests.
unexport PYTHONDONTWRITEBYTECODE

help:  ## list the targets
	@awk -F ':.*  ## ' '/^[a-z]+:.*  ## / { printf "make %-14s%s\n", $$1, $$2 }' Makefile

lab: data  ## open JupyterLab on the first notebook (LAB_CHECK=1: start, wait until it answers, stop)
	$(BIN)/$(if $(LAB_CHECK),python tests/browser/jupyter.py,jupyter lab --ip=127.0.0.1 $(AS_ROOT)) $(NOTEBOOK)

data: .venv/.ready  ## load the sample logs into the embedded store, for the notebooks
	$(BIN)/python -c 'from siemlab import Lab; Lab(store="sample")'

test: .venv/.ready  ## all tests: units; then what needs a server, a browser, a kernel or time
	.ci/system
	$(BIN)/pytest -n 2 -m "not ($(APART))"
	rm -rf data/tested  # the base data is built anew, once for all of them
	SIEMLAB_DATA=data/tested $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "$(APART)"

check: .venv/.ready  ## style, types, layers, sizes, names, docs
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/house

opensearch: .venv/.ready  ## start a real OpenSearch on this machine and load the sample logs into it
	$(BIN)/siemlab opensearch up
	$(BIN)/siemlab load data/sample --engine opensearch

bench: .venv/.ready  ## the speed table: ratios in one run, with the targets beside
	for part in normalize store write simulate discover; do $(BIN)/python tests/bench/$$part.py || exit 1; done

differential: .venv/.ready  ## N random queries on the three engines (N=5000)
	$(BIN)/python -m tests.differential --examples $(N)

editions: .venv/.ready  ## build what is generated: notebooks from their masters, docs tables
	$(BIN)/siemlab editions
	$(BIN)/python docs/generate.py

pins: .venv/.ready  ## resolve pyproject.toml anew into constraints.txt
	$(BIN)/uv pip compile pyproject.toml --all-extras --upgrade --no-header --no-annotate -q -o constraints.txt

.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "siemlab needs Python 3.11 or newer: make PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[dev]'
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --target .venv/botocore-2022 botocore==1.29.40  # what AWS had when the logs were written
	touch $@

.PHONY: help lab data test check opensearch bench differential editions pins
