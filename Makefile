# Everything a person or CI does in this checkout. Works on a bare machine with Python 3.11 or later and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
EXAMPLE := examples/support-assistant
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup
UV = @$$(command -v uv || echo $(BIN)/uv) pip install --quiet --python $(BIN)/python --constraint constraints.txt

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-long check style types layers stale unit regen bench tools pins clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(VENV)/package ## from a bare machine: check and compile the support assistant in all its environments
	$(BIN)/stackspec lint $(EXAMPLE)/stack.yaml
	$(BIN)/stackspec compile $(EXAMPLE)/stack.yaml --output $(EXAMPLE)/out
	@echo "Written: $(EXAMPLE)/out - start with docs/, then launch/ and compose/, one folder per environment."

test: tools style types layers stale ## from a bare machine: all that CI runs
	$(PYTEST) --cov --cov-report=term

test-long: tools ## fuzzing, all releases, all recipes: tens of minutes
	STACKSPEC_LONG=1 $(PYTEST) -m "long or not long"

check: style types layers stale unit ## the same as `test` without real tools and coverage: after every change

style: $(VENV)/dev ## formatting and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/yamllint --strict .

types: $(VENV)/dev ## mypy and pyright, strict
	$(BIN)/mypy
	$(BIN)/pyright

layers: $(VENV)/dev ## who may import whom
	$(BIN)/lint-imports

stale: $(VENV)/dev ## generated files are up to date
	@if $(BIN)/python -c "import stackspec.regen" 2>/dev/null; then $(BIN)/python -m stackspec.regen --check; \
	else echo "stackspec.regen is not there yet: nothing to compare"; fi

unit: $(VENV)/dev ## tests that need no real tool
	$(PYTEST) -m "not long and not tool"

regen: $(VENV)/dev ## write the generated files again
	$(BIN)/python -m stackspec.regen

bench: $(VENV)/package ## the measured ratios
	$(BIN)/python -m bench.run

tools: $(VENV)/dev ## real tools for the tests, kept outside the checkout
	$(BIN)/python -m tests.tools.install

pins: $(VENV)/dev ## newest versions of the development tools into constraints.txt
	@$$(command -v uv || echo $(BIN)/uv) pip compile --quiet --universal --upgrade --no-header --no-annotate \
	  --python-version 3.11 --group dev pyproject.toml --output-file constraints.txt

clean: ## remove what make made in the checkout; the tools stay in their cache
	rm -rf $(VENV) .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	@if command -v uv >/dev/null; then uv venv --quiet --python '>=3.11' $(VENV); \
	else $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; fi

$(VENV)/package: pyproject.toml constraints.txt | $(BIN)/python
	$(UV) --editable .
	@touch $@

$(VENV)/dev: $(VENV)/package
	$(UV) --group dev
	@touch $@
