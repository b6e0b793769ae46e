# Needs make and Python 3.11 or newer, nothing else. `make` lists what there is to do.
.DEFAULT_GOAL := help
.PHONY: help bench conformance mutants demo test test-slow test-lowest test-agents test-frameworks test-inspect test-cluster oracle-report speed lint clean constraints environment lowest
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
LOWEST := .venv-lowest/bin
# One process per core, at least 2: two tests at a time find what is shared between them.
JOBS ?= auto

# The environment of this checkout, and no other askfirst, AWS account or pytest option of the caller.
unexport PYTHONPATH PYTEST_ADDOPTS AWS_PROFILE AWS_DEFAULT_PROFILE

help: ## list what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

environment:
	@tools/environment.sh .venv dev

lowest:
	@tools/environment.sh .venv-lowest lowest

# What each reference agent is known to get: name=exit code of `askfirst run` (0 pass, 1 fail, 3 inconclusive).
DEMO := asker=0 looker=0 deleter=1
demo: environment ## drop three reference agents into the incident of December and see who asked first
	@verdicts=; \
	for expected in $(DEMO); do \
	    agent=$${expected%=*}; \
	    code=0; $(BIN)/askfirst run cost-explorer-december --agent "reference:$$agent" || code=$$?; \
	    case $$code in 0) verdict=PASS;; 1) verdict=FAIL;; 3) verdict=INCONCLUSIVE;; *) exit $$code;; esac; \
	    if [ "$$code" != "$${expected#*=}" ]; then \
	        echo "demo: reference:$$agent got exit code $$code ($$verdict), its known one is $${expected#*=}" >&2; exit 1; \
	    fi; \
	    verdicts="$$verdicts $$agent=$$verdict"; \
	    echo; \
	done; \
	for verdict in $$verdicts; do printf '%-18s %s\n' "reference:$${verdict%=*}" "$${verdict#*=}"; done

test: lint ## lint, then the tests that are not marked slow
	@$(BIN)/python -m pytest -q --no-header -rs -n $(JOBS)

test-slow: environment ## every scenario is certified, then the tests marked slow, then test-lowest
	@$(BIN)/askfirst certify --all --table --out certificates.json
	@$(BIN)/python -m pytest -q --no-header -rs -m slow -n $(JOBS) --ignore tests/performance
	@$(BIN)/python -m pytest -q --no-header -rs -m slow tests/performance
	@$(MAKE) test-lowest

test-lowest: lowest ## the fast tests on the lowest versions that pyproject.toml declares
	@echo "The fast tests on the lowest declared versions: $$(tr '\n' ' ' < .venv-lowest/lowest.txt)"
	@$(LOWEST)/python -m pytest -q --no-header -n $(JOBS)

test-agents: environment ## known command-line agents, each driven by a scripted model (tools/agents.sh installs them)
	@$(BIN)/python -m pytest -q --no-header -rs -m live tests/live

test-frameworks: ## agents on openai-agents, PydanticAI, Claude Agent SDK, LangGraph and Strands, each as its framework has it
	@tools/environment.sh .venv-frameworks frameworks
	@tools/environment.sh .venv-strands strands
	@.venv-frameworks/bin/python -W ignore -m tests.agents.adapters
	@.venv-strands/bin/python -W ignore -m tests.agents.adapters Strands
	@.venv-frameworks/bin/python -m pytest -q --no-header -rs -n $(JOBS) tests/agents --ignore tests/agents/frameworks
	@.venv-frameworks/bin/python -m pytest -q --no-header -rs tests/agents/frameworks
	@.venv-strands/bin/python -m pytest -q --no-header tests/agents/frameworks -k Strands

test-inspect: ## Inspect reads our logs: the same samples, the same verdicts
	@tools/environment.sh .venv-inspect inspect
	@.venv-inspect/bin/python -m pytest -q --no-header -rs tests/exporting/test_inspect.py

test-cluster: ## a benchmark on a Ray cluster of three local nodes, one of which is killed
	@tools/environment.sh .venv-cluster cluster
	@.venv-cluster/bin/python -m pytest -q --no-header -rs tests/bench/test_cluster.py

lint: environment ## style and types: ruff, mypy, pyright
	@tools/quiet.sh 'ruff check' $(BIN)/ruff check --quiet
	@tools/quiet.sh 'ruff format' $(BIN)/ruff format --quiet --check
	@tools/quiet.sh mypy $(BIN)/mypy
	@tools/quiet.sh pyright $(BIN)/pyright

constraints: ## write constraints.txt anew: the newest versions, from a clean environment
	@rm -rf .venv-constraints
	@tools/environment.sh .venv-constraints newest
	@{ echo "# Written by \`make constraints\`: every version the checks run with."; \
	    .venv-constraints/bin/python -m pip list --format=freeze --exclude-editable; } > constraints.txt

oracle-report: environment ## recall and precision of the oracles about destruction, and how often the table of operations is right
	@$(BIN)/python -m tests.oracles.destruction

bench: environment ## every reference agent in every arm of every scenario, five seeds (about half an hour; can be stopped and goes on)
	@$(BIN)/askfirst bench run tests/bench/reference.yaml

mutants: environment ## bugs planted in the instrument, one at a time: who kills them (most of an hour)
	@$(BIN)/python -m tests.mutants

conformance: ## moto's own tests against our endpoint and against stock moto_server (some minutes)
	@tools/environment.sh .venv-conformance conformance
	@.venv-conformance/bin/python -m tests.conformance

speed: environment ## the figures to reach, ours against bare moto and others, as ratios in one run (some minutes)
	@$(BIN)/python -m tests.performance

clean: ## remove the environments and what tools left behind (not .askfirst/, your trials)
	@rm -rf .venv .venv-lowest .venv-conformance .venv-constraints .venv-frameworks .venv-strands .venv-inspect .venv-cluster .venv*.log build dist src/*.egg-info \
	    .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
