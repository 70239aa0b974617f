# Every task of the project. `make demo` and `make test` need nothing but Python 3.11 or newer with venv.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
EXAMPLES := $(wildcard examples/*/*.yaml)

.PHONY: help demo examples test lint bench bench-intervals bench-explore screenshot requirements clean
help: ## list these tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-16s %s\n", $$1, $$2}' Makefile

demo: .venv/installed ## write the example report and print its path
	@$(BIN)/reportgen demo

examples: .venv/installed ## build the report of every example, under reports/
	@for manifest in $(EXAMPLES); do \
		name=$$(echo $$manifest | sed 's|examples/||; s|/reportgen.yaml||; s|/|-|; s|.yaml||'); \
		$(BIN)/reportgen build $$manifest -o reports/$$name --single-file reports/$$name.html --no-history || exit; \
	done

test: .venv/tested ## install what the tests need, then check style, types and behaviour
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@CHROMIUM=$$(tests/install_chromium.sh) && export CHROMIUM && $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

lint: .venv/tested ## check style and types alone
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: .venv/tested ## print what a report of 100,000 samples costs
	@$(BIN)/python tests/benchmarks/build_100k.py

bench-intervals: .venv/tested ## print how often the intervals hold, and put it into docs/intervals.md
	@$(BIN)/python tests/benchmarks/interval_coverage.py --write docs/intervals.md

bench-explore: .venv/tested ## print how quickly Explore answers, for the report in REPORT=folder
	@CHROMIUM=$$(tests/install_chromium.sh) && export CHROMIUM && $(BIN)/python tests/benchmarks/explore_browser.py $(REPORT)

screenshot: .venv/tested ## draw docs/overview.png again from the demo
	@CHROMIUM=$$(tests/install_chromium.sh) && export CHROMIUM && $(BIN)/python docs/screenshot.py

# What runs (with the examples and what builds the package), then what the tests add to it.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-config \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements"
requirements: ## pin the newest versions, with hashes and without addresses
	$(PYTHON) -m venv --clear .venv/pinning && .venv/pinning/bin/pip install --quiet uv
	printf 'hatchling\neditables\n' | .venv/pinning/bin/$(COMPILE) --upgrade pyproject.toml - --extra examples -o requirements.txt
	.venv/pinning/bin/$(COMPILE) --upgrade --group test -c requirements.txt -o .venv/pinning/more.txt \
		$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements.txt)
	{ echo "-r requirements.txt"; cat .venv/pinning/more.txt; } > requirements-dev.txt

clean: ## remove the virtual environment and what the tasks above wrote
	rm -rf .venv reports reportgen-demo

.venv/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("reportgen needs Python 3.11 or newer; try: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/tested: .venv/installed requirements-dev.txt
	$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@
