# Lodestone. `make` lists what there is; every target works on a fresh clone with python3 (3.11 or later), venv and git.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev
STATIC_FILES := $(shell find traceability epd -path '*/static/*' -type f)
# The pure cores: no Django, no database.
CORES := $(wildcard $(addprefix tests/,ledger material acceptance rules intake formats credentials documents lca verifier oracles))
# Pages, files and descriptions that are the same on both databases; tests/project opens each of their routes on both.
ALIKE := $(addprefix tests/,api/test_docs.py api/test_openapi.py api/test_places.py epcis/test_documents.py \
  $(addprefix web/test_,bad_sheets.py declaration_pages.py every_text.py exchange_files.py figures_approval.py \
  interrupted.py lab_pages.py operator_pages.py printed.py supplier_access.py supplier_forms.py \
  supplier_inventory.py supplier_proposals.py supplier_signing.py templates.py))
QUICK := not slow and not fuzz and not browser and not postgres and not redis
SERVE := exec $(BIN)/gunicorn --config config/gunicorn.py config.wsgi

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- Run ---------------------------------------------------------------------------------------------------------------
# The demonstration has a folder of its own, so that it never mixes with a real installation in var/.
.PHONY: run
run: export LODESTONE_DEMO := 1
run: export LODESTONE_HOME := $(CURDIR)/var/demo
run: export LODESTONE_STATIC_ROOT := $(CURDIR)/var/static
run: export LODESTONE_BASE_URL := http://127.0.0.1:$(PORT)
run: export LODESTONE_BIND := 127.0.0.1:$(PORT)
run: $(INSTALLED) var/static/staticfiles.json ## start the demonstration on http://127.0.0.1:8000 (PORT=...)
	@$(BIN)/python -m config.free_port
	@$(MANAGE) migrate --no-input --verbosity 0
	@$(MANAGE) demo
	@echo "Lodestone is at http://127.0.0.1:$(PORT) - stop it with Ctrl-C"
	@$(SERVE)

.PHONY: serve
serve: $(INSTALLED) var/static/staticfiles.json ## start an embedded installation without demonstration, data in var/
	@$(MANAGE) migrate --no-input --verbosity 0
	@$(SERVE)

.PHONY: demo-reset
demo-reset: ## forget the demonstration; the next `make run` loads it anew
	rm -rf var/demo

var/static/staticfiles.json: $(INSTALLED) $(STATIC_FILES)
	@LODESTONE_STATIC_ROOT=$(CURDIR)/var/static $(MANAGE) collectstatic --no-input --clear --verbosity 0
	@touch $@

.PHONY: verifier
verifier: $(INSTALLED) ## build dist/lodestone-verify.pyz and .html, the offline verifiers
	$(MANAGE) build_verifier

# --- Check -------------------------------------------------------------------------------------------------------------
.PHONY: test
test: $(INSTALLED_DEV) ## all quick tests, on SQLite; no server and no browser needed
	$(BIN)/pytest -n 2 --dist worksteal -m "$(QUICK)"

.PHONY: test-core
test-core: $(INSTALLED_DEV) ## the pure cores alone, without Django, in seconds
	$(BIN)/pytest -p no:django -m "$(QUICK)" $(CORES)

.PHONY: test-oracles
test-oracles: $(INSTALLED_DEV) ## foreign test vectors (LODESTONE_STANDARDS) and other people's tools
	$(BIN)/pytest -n 2 -p no:django -m "$(QUICK)" tests/oracles tests/ledger tests/material tests/lca

.PHONY: test-postgres
test-postgres: $(INSTALLED_DEV) ## the tests above in which the database matters, on PostgreSQL; all by test-full
	.ci/with-postgres $(BIN)/pytest -n 2 --dist worksteal -m "not slow and not fuzz and not browser and not redis" \
	  $(CORES:%=--ignore=%) $(ALIKE:%=--ignore=%)

.PHONY: test-redis
test-redis: $(INSTALLED_DEV) ## the full size by hand: gunicorn, Celery, beat, PostgreSQL, Redis
	.ci/with-postgres .ci/with-redis $(BIN)/pytest -m "redis and not slow"

.PHONY: test-browser
test-browser: $(INSTALLED_DEV) ## the pages in headless Chromium
	$(BIN)/pytest -n 2 --dist worksteal -m "browser and not slow"

.PHONY: test-killed
test-killed: $(INSTALLED_DEV) ## processes that append are killed with -9 at every step, on both databases
	$(BIN)/pytest -n 2 --dist worksteal -m slow tests/log tests/api/test_killed.py
	.ci/with-postgres $(BIN)/pytest -n 2 --dist worksteal -m slow tests/log tests/api/test_killed.py

.PHONY: test-requests
test-requests: $(INSTALLED_DEV) ## requests made out of docs/openapi.yaml, right and wrong: the API keeps its promises
	$(BIN)/pytest -n 2 --dist worksteal -m slow tests/api/test_schemathesis.py

.PHONY: test-run
test-run: $(INSTALLED_DEV) ## `make run` in a fresh copy: first start, second start, demo-reset
	$(BIN)/pytest -m slow tests/project/test_make_run.py

.PHONY: test-fuzz
test-fuzz: $(INSTALLED_DEV) ## flip every byte of a small bundle and 2,000 of the demonstration's: never VALID
	$(BIN)/pytest -n 2 --dist worksteal -m fuzz tests/fuzz

.PHONY: test-full
test-full: $(INSTALLED_DEV) ## everything, the slow tests too, on both databases
	$(BIN)/pytest -n 2 --dist worksteal -m "not browser and not postgres and not redis"
	.ci/with-postgres $(BIN)/pytest -n 2 --dist worksteal -m "not fuzz and not browser and not redis" $(CORES:%=--ignore=%)
	.ci/with-postgres .ci/with-redis $(BIN)/pytest -m "redis"
	$(BIN)/pytest -n 2 --dist worksteal -m "browser"

.PHONY: lint
lint: $(INSTALLED_DEV) ## ruff, mypy and the import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy config epd traceability
	$(BIN)/lint-imports --no-logo

.PHONY: bench
bench: $(INSTALLED_DEV) ## measure; only ratios inside one run mean anything
	$(BIN)/pytest -p no:xdist -m "" -o python_files='bench_*.py' -s tests/benchmarks

.PHONY: fuzz
fuzz: export FUZZ_SEED ?= $(shell echo $$RANDOM$$RANDOM)
fuzz: export HYPOTHESIS_PROFILE := fuzz
fuzz: $(INSTALLED_DEV) ## the long run, hours: every bit and other bytes of bundles, and new examples for the properties
	@echo "FUZZ_SEED=$(FUZZ_SEED)"
	$(BIN)/pytest -n 2 --dist worksteal -m fuzz tests/fuzz
	$(BIN)/pytest -n 2 -m "$(QUICK)" $(CORES)
	$(BIN)/pytest -n 2 --dist worksteal -m slow tests/api/test_schemathesis.py

.PHONY: ci
ci: ## all that must pass before a merge, as the CI machine runs it
	.ci/run

# --- Maintain ----------------------------------------------------------------------------------------------------------
.PHONY: format
format: $(INSTALLED_DEV) ## let ruff order imports and format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: openapi
openapi: $(INSTALLED) ## write docs/openapi.yaml, the description of the API, from the code
	$(MANAGE) spectacular --validate --fail-on-warn --file docs/openapi.yaml

.PHONY: messages
messages: $(INSTALLED) ## bring the catalogues in config/locale up to date with the code and compile them (needs gettext)
	$(MANAGE) messages --verbosity 0
	$(MANAGE) compilemessages --ignore .venv --verbosity 0

.PHONY: lock
lock: $(INSTALLED_DEV) ## pin requirements*.in with hashes (UPGRADE=1 takes newer versions)
	$(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --custom-compile-command "make lock" \
	  $(if $(UPGRADE),--upgrade) requirements.in --output-file requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --custom-compile-command "make lock" \
	  $(if $(UPGRADE),--upgrade) --constraint requirements.txt requirements-dev.in --output-file requirements-dev.txt

.PHONY: secrets
secrets: ## make the files in deploy/secrets/ that docker-compose.yml needs
	deploy/make-secrets

# --- Install: stamps, so that the next start needs no pip ----------------------------------------------------------------
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Lodestone needs Python 3.11 or later: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv

$(INSTALLED): requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
