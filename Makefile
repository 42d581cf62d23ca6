# One file for the whole developer's day. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DIST := luoshi/core/static/core/dist
WORDS := locale/zh_Hans/LC_MESSAGES/django

.DEFAULT_GOAL := help
.PHONY: help install ocr demo test check bench bench-province messages screenshots browser clean
.DELETE_ON_ERROR:

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

install: $(VENV)/app.stamp $(DIST)/stamp $(WORDS).mo ## the program alone, for a site of your own

ocr: $(VENV)/ocr.stamp ## the reader of scans too, offline (adds about 360 MB)

demo: install ## the demo county on 127.0.0.1:8000 (PORT=… for another port)
	@$(BIN)/luoshi demo --once --migrate
	@$(BIN)/luoshi serve --port $(PORT)

test: check browser ## every check and test: static checks, SQLite, PostgreSQL, a real browser
	$(BIN)/pytest tests/rules tests/app -n 2
	LUOSHI_TEST_DATABASE=postgres $(BIN)/pytest tests/app -n 2 -m "not one_database"
	$(BIN)/pytest tests/pages -n 2 --dist loadgroup

check: $(VENV)/test.stamp $(DIST)/stamp ## style, types, arrows, migrations, translations
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	DATABASE_URL=sqlite:// $(BIN)/luoshi makemigrations --check --dry-run
	$(BIN)/luoshi messages --check

bench: $(VENV)/test.stamp $(DIST)/stamp $(WORDS).mo ## ratios to the floor (M1–M9), on SQLite and PostgreSQL
	$(BIN)/python -m bench

bench-province: $(VENV)/test.stamp $(DIST)/stamp $(WORDS).mo ## the same for a million tasks in a country; KEEP=folder keeps its databases
	$(BIN)/python -m bench --tasks 1000000 --units 42000 $(if $(KEEP),--keep $(KEEP))

messages: $(VENV)/test.stamp ## collect user-facing strings into locale/ and compile them
	$(BIN)/luoshi messages

screenshots: $(VENV)/test.stamp $(DIST)/stamp $(WORDS).mo browser ## the guide's pictures, taken from the demo county
	$(BIN)/python -m tests.screenshots

browser: $(VENV)/test.stamp
	@$(BIN)/python -m tests.browser

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Luoshi needs Python 3.11 or newer; '$(PYTHON)' is missing or older. Install it, or run: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/app.stamp: $(VENV)/python.stamp requirements/app.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/app.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ocr.stamp: $(VENV)/app.stamp requirements/ocr.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/ocr.txt
	@touch $@

$(VENV)/test.stamp: $(VENV)/app.stamp requirements/test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

$(WORDS).mo: $(WORDS).po | $(VENV)/app.stamp
	@$(BIN)/luoshi messages --compile

# The front end is built with Node 20 or newer from PATH, or else with Node from a wheel.
$(DIST)/stamp: frontend/package-lock.json frontend/build.mjs $(wildcard frontend/src/*) | $(VENV)/python.stamp
	@sh frontend/build.sh $(BIN)
	@touch $@

clean: ## remove what was built (the demo database stays)
	rm -rf $(VENV) frontend/node_modules $(DIST) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
