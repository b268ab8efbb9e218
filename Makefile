# Everything stays inside this folder: .venv (Python and Node), .cache (downloads), var (the platform's data).
# `make` alone lists the targets; these are exactly what CI runs.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
UV := $(BIN)/uv --quiet
export UV_CACHE_DIR := $(CURDIR)/.cache/uv
export PIP_CACHE_DIR := $(CURDIR)/.cache/pip
export npm_config_cache := $(CURDIR)/.cache/npm
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_PYTHON_DOWNLOADS := never
unexport PYTHONDONTWRITEBYTECODE  # with it every process compiles all that it imports: the hub starts in twice the time
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
SYSTEM_PATH := $(PATH)
export PATH := $(CURDIR)/$(BIN):$(PATH)

SDK_SOURCES := $(shell find packages/sdk -type f -not -path '*/.*' -not -name '*.pyc' -not -path '*/tests/*')
WEB_SOURCES := $(shell find web -type d \( -name node_modules -o -name dist \) -prune -o -type f -print)
SDK_WHEELS := src/hothouse/apps/bundled
WEB_UI := src/hothouse/hub/ui/index.html

say = @printf '  %s\n' '$(1)'
# Runs a talkative command silently; what it said is shown only if it fails.
quietly = @mkdir -p .cache && { $(1); } > .cache/last.log 2>&1 || { cat .cache/last.log; exit 1; }

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- Run and work on it ---

.PHONY: run
run: setup ## Install what is missing, start the platform on http://localhost:8000 with the example apps
	@exec $(BIN)/hothouse up --examples examples

.PHONY: setup
setup: $(STAMPS)/run $(STAMPS)/sdk $(WEB_UI) ## Install and build everything `run` needs

.PHONY: dev
dev: setup $(STAMPS)/dev $(STAMPS)/drivers $(STAMPS)/provider ## Install what tests and linters need, too

.PHONY: test
test: dev ## Run all tests: web units, then Python (units, API, contracts, browser)
	@cd web && npm run --silent test
	@# Two cores, three tests at a time: they wait a third of the time. What failed beside others has one more try, alone.
	@$(BIN)/pytest --numprocesses 3 --dist loadgroup || \
		{ [ $$? -eq 1 ] && echo "--- The tests that failed, once more and alone ---" && \
		$(BIN)/pytest --last-failed --last-failed-no-failures none --maxfail 3; }

.PHONY: test-unit
test-unit: dev ## Run the quick tests only
	@$(BIN)/pytest -q tests/unit packages/sdk

.PHONY: test-slow
test-slow: dev ## Run the tests that take minutes: images, kills under load, JupyterLab as a newcomer meets it
	@$(BIN)/pytest -m slow

.PHONY: test-frameworks
test-frameworks: dev ## Install Streamlit, JupyterLab, Gradio, Dash, … and use each in a browser (many minutes; not in CI)
	@$(BIN)/pytest -q --timeout 1800 tests/slow/frameworks

.PHONY: lint
lint: dev ## Check style, types, import directions and generated files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@cd web && npm run --silent lint && npm run --silent type-check && npm run --silent size
	@mkdir -p build && $(BIN)/python -m hothouse.hub.openapi > build/openapi.json
	@cd web && npm run --silent api -- --check
	@$(BIN)/python docs/generate.py --check

.PHONY: generate
generate: dev ## Write anew what is made from the code: API types of the web UI, reference documentation
	@mkdir -p build && $(BIN)/python -m hothouse.hub.openapi > build/openapi.json
	@cd web && npm run --silent api
	@$(BIN)/python docs/generate.py

.PHONY: format
format: dev ## Format and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@cd web && npm run --silent format

.PHONY: web
web: $(WEB_UI) ## Build the web UI

.PHONY: docs
docs: dev ## Build the documentation into site/
	@$(BIN)/python docs/generate.py
	$(call quietly,$(BIN)/mkdocs build --strict)
	$(call say,Documentation: site/index.html)

# --- Measure ---

.PHONY: bench
bench: bench-gateway bench-broker bench-access bench-screens bench-start bench-warm bench-environments bench-freeze bench-network ## Measure everything

.PHONY: bench-gateway
bench-gateway: dev ## Requests per second through the gateway and memory of idle WebSockets, against another proxy
	@$(BIN)/python bench/gateway/bench_gateway.py
	@$(BIN)/python bench/gateway/bench_websockets.py

.PHONY: bench-broker
bench-broker: dev ## Database commands through the broker, against direct, a bare relay and mdb-engine; 500 connections
	@$(BIN)/python bench/broker/bench_broker.py
	@$(BIN)/python bench/broker/bench_connections.py

.PHONY: fuzz
fuzz: dev ## Look longer for requests that the API does not bear (EXAMPLES=100 for each operation)
	@HOTHOUSE_FUZZ_EXAMPLES=$(or $(EXAMPLES),100) $(BIN)/pytest -q --timeout 7200 tests/api/access/test_fuzz.py

.PHONY: bench-access
bench-access: dev ## Time of a decision at up to 100,000 grants, and its share of a request to an app
	@$(BIN)/python bench/access/bench_access.py

.PHONY: bench-screens
bench-screens: dev ## Lists and screens of people, groups and the audit record, in a small lab and in a large one
	@$(BIN)/python bench/screens/bench_screens.py

.PHONY: bench-start
bench-start: dev ## Start of an app, of 20 at once, and memory of the idle platform
	@$(BIN)/python bench/start/bench_start.py

.PHONY: bench-warm
bench-warm: dev ## First answer of a sleeping app: from a spare, without one, thawed, against bare uvicorn
	@$(BIN)/python bench/warm/bench_warm.py

.PHONY: bench-environments
bench-environments: dev ## Start of JupyterLab, of 50 at once, and thaw, against bare and JupyterHub, which is installed beside
	@$(BIN)/python bench/environments/bench_environments.py

.PHONY: bench-freeze
bench-freeze: dev ## Freeze and thaw of an app: how long, how soon it answers; SWAP=512 lends it MiB of swap (as root)
	@$(BIN)/python bench/freeze/bench_freeze.py --swap $(or $(SWAP),0)

.PHONY: bench-network
bench-network: dev ## Requests to an app in a network of its own, through its relay and at its socket, against plain TCP
	@$(BIN)/python bench/network/bench_network.py

# --- Keep in order ---

COMPILE := pip compile --universal --generate-hashes --no-header --no-annotate \
	--prerelease if-necessary-or-explicit --python-version 3.11 --extra embedded --extra build
PROJECTS := pyproject.toml packages/sdk/pyproject.toml

.PHONY: lock
lock: $(STAMPS)/uv ## Resolve dependencies anew (UPGRADE=1 for the newest) and write the lock files
	$(call say,Resolving Python dependencies)
	@$(UV) $(COMPILE) $(if $(UPGRADE),--upgrade) $(PROJECTS) -o requirements.lock >/dev/null
	@$(UV) $(COMPILE) $(if $(UPGRADE),--upgrade) --extra dev $(PROJECTS) -o requirements-dev.lock >/dev/null
	@awk '/^[^ ]/ { ours = /^uv==/ } ours' requirements.lock > requirements-bootstrap.lock

.PHONY: clean
clean: ## Remove everything that was installed or built; data in var/ stays
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache site
	rm -rf web/node_modules web/dist src/hothouse/hub/ui $(SDK_WHEELS)/*.whl tests/artifacts bench/node_modules
	rm -rf tests/drivers/node/node_modules tests/support/provider/node_modules
	find src packages tests examples bench -name __pycache__ -type d -prune -exec rm -rf {} +

# --- How the parts come about; each stamp is newer than what it was made from ---

$(STAMPS)/venv: tools/make-venv
	@PATH='$(SYSTEM_PATH)' sh tools/make-venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/uv: requirements-bootstrap.lock $(STAMPS)/venv
	$(call say,Installing uv)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bootstrap.lock
	@touch $@

$(STAMPS)/run: requirements.lock pyproject.toml packages/sdk/pyproject.toml $(STAMPS)/uv
	$(call say,Installing the platform and what it needs)
	@$(UV) pip install --require-hashes -r requirements.lock
	@$(UV) pip install --no-deps --no-build-isolation -e . -e packages/sdk
	@touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/run
	$(call say,Installing tools for tests and checks)
	@$(UV) pip install --require-hashes -r requirements-dev.lock
	@touch $@

$(STAMPS)/sdk: $(SDK_SOURCES) $(STAMPS)/run
	$(call say,Building the SDK that apps import)
	@mkdir -p $(SDK_WHEELS) && rm -f $(SDK_WHEELS)/*.whl
	@$(UV) build --wheel --no-build-isolation --no-create-gitignore packages/sdk -o $(SDK_WHEELS)
	@touch $@

$(STAMPS)/npm: web/package-lock.json web/.npmrc $(STAMPS)/run
	$(call say,Installing what the web UI is built from)
	$(call quietly,cd web && npm ci --loglevel=error --no-audit --no-fund)
	@touch $@

$(STAMPS)/drivers: tests/drivers/node/package-lock.json tests/drivers/node/.npmrc $(STAMPS)/run
	$(call say,Installing the MongoDB driver for Node that tests use)
	$(call quietly,cd tests/drivers/node && npm ci --loglevel=error --no-audit --no-fund)
	@touch $@

$(STAMPS)/provider: tests/support/provider/package-lock.json tests/support/provider/.npmrc $(STAMPS)/run
	$(call say,Installing the OpenID provider that tests use)
	$(call quietly,cd tests/support/provider && npm ci --loglevel=error --no-audit --no-fund)
	@touch $@

$(WEB_UI): $(WEB_SOURCES) $(STAMPS)/npm
	$(call say,Building the web UI)
	$(call quietly,cd web && npm run --silent build)
	@touch $@
