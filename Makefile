# One door for everything. `make demo` and `make test` set up all they need on a fresh machine.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
MINUTES ?= 10
FLOORS := access aws blocks bot handlers operations sandbox slackapi storage

.PHONY: help demo story test prove mutants soak check lint types floors bench screenshots lock clean
help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# Installs one locked list into .venv, with uv where it is there and pip where not; both say nothing for a while.
# Byte code is made when a module is first used, not for all that is installed: half of pip's time went there.
define install
	@echo "Setting up $(VENV) from $(1), once: about half a minute, and as long again to download what is not there yet."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install -q --python $(BIN)/python --require-hashes -r $(1) && \
	  uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
	  $(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --require-hashes -r $(1) && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $(2)
endef

$(VENV)/.demo: requirements/demo.txt pyproject.toml
	$(call install,requirements/demo.txt,$@)

$(VENV)/.dev: requirements/dev.txt pyproject.toml
	$(call install,requirements/dev.txt,$@)
	@touch $(VENV)/.demo

demo: $(VENV)/.demo  ## the bot, a Slack workspace and an AWS of our own, on this machine
	@$(BIN)/jitbot demo

story: $(VENV)/.demo  ## one standard and one custom request, told from asking to expiry
	@$(BIN)/jitbot story

test: $(VENV)/.dev  ## all tests, on SQLite and PostgreSQL; one process more than cores, for many wait for others
	@$(BIN)/python -m pytest -n $$(($$(nproc 2>/dev/null || echo 2) + 1)) --dist loadfile --no-loadscope-reorder

prove: $(VENV)/.dev  ## the proofs of docs/reliability.md, in full: every crash point, every pair, real kills
	@PROVE=full $(BIN)/python -m pytest tests/faults -n auto --dist worksteal --timeout 3600

mutants: $(VENV)/.dev  ## breaks the bot on purpose, one seeded defect after the other: each must be noticed
	@$(BIN)/python -m tests.mutants

soak: $(VENV)/.dev  ## people and faults against the real process for MINUTES minutes, checked at the end
	@$(BIN)/python -m tests.soak $(MINUTES)

check: lint types floors  ## what CI checks besides the tests

lint: $(VENV)/.dev  ## ruff, every rule on
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev  ## mypy, strict
	@$(BIN)/mypy

floors: $(VENV)/.dev  ## imports only go down
	@$(BIN)/lint-imports

bench: $(VENV)/.dev  ## measures what the README promises
	@$(BIN)/python -m tests.bench

screenshots: $(VENV)/.dev  ## takes the pictures of the workspace anew (needs chromium)
	@$(BIN)/python -m tests.page.pictures

lock:  ## writes requirements/*.txt anew from pyproject.toml (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev --extra build pyproject.toml -o requirements/dev.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra demo --extra postgres --extra build -c requirements/dev.txt pyproject.toml -o requirements/demo.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra postgres --extra build -c requirements/dev.txt pyproject.toml -o requirements/run.txt

clean:  ## what was set up or left behind
	@rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
