# Two commands do everything: `make demo` and `make test`. uv is used where it is present, else venv and pip.
# pip gets --no-deps: the lock is complete, and older pips refuse `gql[requests]` beside a pinned `gql` in hash mode.
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed
O2C := $(VENV)/bin/o2c
ARGS ?=
# Hundreds of processes start in a test run: each would compile all of our modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test simulate mutate lint lock audit sbom clean help

help: ## Show the commands.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

demo: $(STAMP) ## Set up and run the demo company; ONCE=1 ends by itself, ARGS="--reset" starts anew.
	@$(O2C) demo $(if $(ONCE),--once) $(ARGS)

# Most tests wait for processes and servers of their own, so more of them than cores run side by side.
test: $(STAMP) ## Set up and run the whole test suite.
	$(VENV)/bin/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

simulate: $(STAMP) ## Simulated worlds: SEEDS=2000 many of them, SEED=123 one of them with its trace.
	$(VENV)/bin/python -m o2c_orchestration_tests.simulation $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),2000)) $(ARGS)

mutate: $(STAMP) ## Break the code that guards money, a fault at a time; PART=gate one part of it.
	$(VENV)/bin/python -m o2c_orchestration_tests.mutation $(PART) $(ARGS)

lint: $(STAMP) ## Style, types and import rules.
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/python -m pytest -q o2c_orchestration_tests/unit/test_import_rules.py o2c_orchestration_tests/unit/test_style.py

COMPILE := uv pip compile pyproject.toml --extra celery --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q

lock: ## Compile requirements.lock anew from pyproject.toml, and what of it a deployment needs (needs uv).
	$(COMPILE) --group dev -o requirements.lock
	$(COMPILE) -c requirements.lock -o requirements.runtime.lock

audit: ## Known faults of what we lean on (needs uv, and a list of them on the network).
	uv tool run pip-audit==2.10.1 --disable-pip --require-hashes --strict -r requirements.lock

sbom: ## sbom.json: what a deployment consists of, as CycloneDX (needs uv).
	uv tool run --from cyclonedx-bom==7.5.0 cyclonedx-py requirements requirements.runtime.lock \
		--pyproject pyproject.toml --output-reproducible -o sbom.json

$(STAMP): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) from requirements.lock ..."
	@if command -v uv >/dev/null 2>&1; then \
		([ -d $(VENV) ] || uv venv -q --python ">=3.11" $(VENV)) && \
		VIRTUAL_ENV=$(VENV) uv pip install -q --require-hashes -r requirements.lock && \
		VIRTUAL_ENV=$(VENV) uv pip install -q --no-deps -e . ; \
	else \
		$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "o2c needs Python 3.11 or newer: make PYTHON=python3.11")' && \
		([ -d $(VENV) ] || $(PYTHON) -m venv $(VENV)) && \
		$(VENV)/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock && \
		$(VENV)/bin/python -m pip install -q --disable-pip-version-check --no-deps -e . ; \
	fi
	@touch $(STAMP)

clean: ## Remove the environment and all local state.
	rm -rf $(VENV) .o2c
