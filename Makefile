# Thin on purpose: packaging/setup.sh prepares the machine, everything else is one command in .venv.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 4

.PHONY: help setup run test test-quick test-faults test-mutants test-agents test-interpreted test-xterm test-pictures test-fuzz test-installed wheel install uninstall lint format bench bench-ui bench-api bench-terminals bench-package docs package test-package

# Python keeps what pytest makes of the tests, whatever is set: made anew it takes each process ten seconds.
test test-quick: export PYTHONDONTWRITEBYTECODE :=

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Prepare this machine for running Podium
	@PYTHON="$(PYTHON)" packaging/setup.sh run

run: setup ## Set up, then open Podium (with the demo on the first start)
	@unset MAKEFLAGS MFLAGS MAKELEVEL MAKE_TERMOUT MAKE_TERMERR; $(BIN)/podium # programs in it are no part of this make

test: ## Set up all that the tests need, then run them (JOBS=2 for fewer at once)
	@PYTHON="$(PYTHON)" packaging/setup.sh test
	@$(BIN)/pytest --numprocesses=$(JOBS) --dist=worksteal

test-quick: ## Run the tests that need no Qt and no window; about a minute and a half (JOBS=2)
	@PYTHON="$(PYTHON)" packaging/setup.sh test
	@$(BIN)/pytest --numprocesses=$(JOBS) --dist=worksteal -m quick

test-faults: ## Inject every fault of the matrix and print the result of each (ROWS="9 A1" for some of them)
	@PYTHON="$(PYTHON)" packaging/setup.sh test
	@$(BIN)/python -m tests.faults $(ROWS)

test-mutants: ## Plant faults in a copy of the source and see which the tests notice (PARTS="supervision costs" JOBS=2)
	@PYTHON="$(PYTHON)" packaging/setup.sh test
	@JOBS=$(JOBS) $(BIN)/python -m tests.mutants $(PARTS)

test-agents: ## Run real agents, as turns and in panes, against the tests' own model server (AGENTS="claude codex")
	@PYTHON="$(PYTHON)" AGENTS="$(AGENTS)" packaging/setup.sh test-agents
	@$(BIN)/python -m tests.agents $(AGENTS)
	@$(BIN)/python -m tests.agents.first_prompts $(AGENTS)
	@$(BIN)/python -m tests.agents.sessions $(AGENTS)

test-xterm: ## Compare the recorded cases with a real xterm (RECORD=1 records them again)
	@PYTHON="$(PYTHON)" packaging/setup.sh test-xterm
	@$(BIN)/python -m tests.terminal.record_xterm $(if $(RECORD),,--check)

test-pictures: ## Compare panes with their reference pictures (RECORD=1 paints them again)
	@PYTHON="$(PYTHON)" packaging/setup.sh test
	@RECORD=$(RECORD) $(BIN)/pytest tests/ui_terminal/test_reference_pictures.py

test-fuzz: ## Feed the terminal 100,000 random inputs (INPUTS=n SEED=n)
	@PYTHON="$(PYTHON)" packaging/setup.sh test
	@$(BIN)/python -m tests.terminal.fuzz $(INPUTS) $(SEED)

test-interpreted: ## Run the engine's tests on its interpreted form
	@PYTHON="$(PYTHON)" packaging/setup.sh test
	@PODIUM_INTERPRETED=1 $(BIN)/pytest tests/terminal

wheel: ## Build the wheels, compiled and pure, and the sdist, and check their contents
	@PYTHON="$(PYTHON)" packaging/setup.sh wheel
	@rm -f dist/*.whl dist/podium-*.tar.gz
	@export PIP_CONSTRAINT="$(CURDIR)/constraints.txt"; \
		PODIUM_COMPILE=1 $(BIN)/python -m build --wheel --outdir dist . >/dev/null && \
		PODIUM_COMPILE=0 $(BIN)/python -m build --wheel --outdir dist . >/dev/null && \
		$(BIN)/python -m build --sdist --outdir dist . >/dev/null && \
		$(BIN)/python packaging/check_sdist.py dist/podium-*.tar.gz dist/podium-*-none-any.whl
	@$(BIN)/python packaging/check_wheel.py dist/*.whl
	@$(BIN)/twine check --strict dist/*.whl dist/podium-*.tar.gz
	@$(BIN)/check-wheel-contents dist/*.whl

test-installed: wheel ## Install the wheel with pip, pipx and uv, and run the tests from that copy (TESTS="-m quick")
	@$(BIN)/python packaging/test_installed.py $(TESTS)

install: setup ## Link podium into ~/.local/bin
	@packaging/link.sh

uninstall: ## Remove that link
	@packaging/link.sh --remove

bench-package: ## Compare the frozen program with the one in .venv and with other terminals (make package first; ROUNDS=20)
	@PYTHON="$(PYTHON)" packaging/setup.sh bench-window
	@$(BIN)/python -m tests.bench.package $(if $(ROUNDS),--rounds $(ROUNDS))

docs: ## Build the documentation into dist/docs, to be read offline; a broken link fails the build
	@PYTHON="$(PYTHON)" packaging/setup.sh lint
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --clean
	@echo "dist/docs/index.html"

lint: ## Check style, types and the boundaries between the rooms
	@PYTHON="$(PYTHON)" packaging/setup.sh lint
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32
	@$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin
	@$(BIN)/mypy --follow-imports=silent -p tests.ui -p tests.ui_terminal
	@$(BIN)/lint-imports
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

format: ## Format the code
	@PYTHON="$(PYTHON)" packaging/setup.sh lint
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: ## Measure the terminal engine and the worker
	@PYTHON="$(PYTHON)" packaging/setup.sh bench
	@$(BIN)/python -m tests.bench

bench-ui: ## Measure the window: echo under heavy output, stalls, start, memory, idling
	@PYTHON="$(PYTHON)" packaging/setup.sh bench-window
	@$(BIN)/python -m tests.bench.ui

bench-api: ## Measure the control API while four instances write without pause: errors, delays, stalls of the window
	@PYTHON="$(PYTHON)" packaging/setup.sh bench-window
	@$(BIN)/python -m tests.bench.api

bench-terminals: ## Compare with other terminals: time from a program's output to the painted window
	@PYTHON="$(PYTHON)" packaging/setup.sh bench-window
	@$(BIN)/python -m tests.bench.terminals

package: wheel docs ## Build all that a Linux user installs into dist/: the frozen program, a .deb, a portable archive, wheels
	@PYTHON="$(PYTHON)" packaging/setup.sh package
	@$(BIN)/python packaging/freeze.py
	@$(BIN)/python packaging/carried.py
	@rm -f dist/podium_*.deb dist/podium-*-linux-*.tar.xz
	@$(BIN)/python packaging/deb.py
	@$(BIN)/python packaging/check_linux.py dist/podium_*.deb
	@$(BIN)/python packaging/portable.py

test-package: ## Install, use, upgrade and remove the packages in clean systems; needs root (SUITES="bookworm noble")
	@$(if $(filter-out 0,$(shell id -u)),sudo )$(BIN)/python packaging/trial $(SUITES)
