# Remarkwire. `make help` lists the targets.
PYTHON ?= python3
BIN := .venv/bin
SBOM ?= dist/sbom.cdx.json
# Faults that are tested beside what they break; docs/faults.md has all.
BEYOND_FAULTS := tests/e2e/test_fetch_kill.py tests/e2e/test_run.py tests/integration/test_idle_watch.py \
  tests/integration/test_index_kills.py tests/integration/test_index_sink.py \
  tests/unit/group/test_group_worker_edge.py tests/unit/ingest/test_fetch_hung.py \
  tests/unit/processors/test_liveness.py tests/unit/processors/test_tables.py tests/unit/runtime/test_steps.py \
  tests/unit/runtime/test_unread.py tests/unit/runtime/test_watch.py
.DEFAULT_GOAL := help
.PHONY: help install demo test lint fuzz faults soak sbom bench services-up services-down lock docs clean

help:           ## this list
	@grep -hE '^[a-z-]+: .*##|^[a-z-]+:  *##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 18

install: .venv/installed  ## make .venv with the command in .venv/bin/remarkwire

.venv/installed: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install   ## the main job in a few minutes: a news site, all stages, the result; stops by itself
	$(BIN)/remarkwire demo

test: install   ## all tests; with JDK 21+ and Maven also on real Kafka and Elasticsearch
	$(BIN)/python -m pytest

faults: install ## everything that breaks the services, on real Kafka and Elasticsearch; about an hour on two quiet cores
	$(BIN)/python -m pytest --whole tests/faults $(BEYOND_FAULTS)

soak: install   ## twenty minutes of faults at random, then a table
	$(BIN)/python -m tests.faults.soak --minutes 20

lint: install   ## ruff, mypy, import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fuzz: install   ## random input for FUZZ_SECONDS (600): messages, feeds, sitemaps, pages, statements, files, addresses
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} $(BIN)/python -m tests.fuzz

sbom: install   ## what the command is made of, and what needs what, as CycloneDX JSON in dist/: from the lock file
	@mkdir -p $(dir $(SBOM))
	$(BIN)/cyclonedx-py requirements --output-reproducible --of JSON --pyproject pyproject.toml \
	  --output-file $(SBOM) requirements.lock
	$(BIN)/python -m deploy.sbom $(SBOM)

bench: install  ## speeds and memory, as a table
	$(BIN)/python -m tests.bench

services-up: install    ## real Kafka and Elasticsearch on this machine, until services-down
	$(BIN)/remarkwire services up --kind local

services-down: install  ## stop them
	$(BIN)/remarkwire services down

docs: install   ## generate the reference pages and the compiled dashboards from the code
	$(BIN)/python -m console.docs
	$(BIN)/python -m schemas.index.docs
	$(BIN)/python -m console.kibana

lock: install   ## compile the lock files anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --custom-compile-command "make lock" --extra dev pyproject.toml -o requirements-dev.lock
	echo hatchling | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --custom-compile-command "make lock" --constraint requirements-dev.lock - -o deploy/docker/requirements-build.lock

clean:          ## remove what the targets above made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .remarkwire dist build
