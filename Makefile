# mkt-tui: `make demo` opens the practice desk, `make test` runs the whole suite.
# Everything is installed into .venv from requirements/*.txt, whose hashes are checked.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet
LOCALES := pt_BR it
MESSAGES := src/mkt_tui/locale
WORKERS ?= 3
ARGS ?=

COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --quiet \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make pins' $(UPGRADE)

.PHONY: demo test lint format pins messages compile clean help

help:
	@echo "make demo [ARGS=--keep]   the practice desk"
	@echo "make test [ARGS=...]      the whole suite (WORKERS=3 processes)"
	@echo "make lint | format        checks | ruff's own repairs"
	@echo "make pins [UPGRADE=-U]    requirements/*.txt anew"
	@echo "make messages | compile   gettext catalogues: collect | compile"

demo: $(VENV)/.run-installed
	@$(VENV)/bin/mkt-tui demo $(ARGS)

test: $(VENV)/.dev-installed compile
	$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(VENV)/.dev-installed
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/.dev-installed
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# The stamps are made anew when the requirements or the package's description change.
$(VENV)/.run-installed: requirements/run.txt requirements/build.txt pyproject.toml | $(PY)
	@echo "Installing mkt-tui into $(VENV) ..."
	@# An environment made by uv has no pip of its own.
	@$(PY) -c 'import pip' 2>/dev/null || $(PY) -m ensurepip >/dev/null
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --require-hashes -r requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev-installed: requirements/dev.txt $(VENV)/.run-installed
	@echo "Installing the tools for tests and checks into $(VENV) ..."
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(PY):
	@for python in python3.15 python3.14 python3.13 python3.12 python3.11 python3; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			$$python -c 'import ensurepip, venv' 2>/dev/null && exec $$python -m venv $(VENV); \
			lacking=$$python; \
		fi; \
	done; \
	if [ -n "$$lacking" ]; then \
		echo "$$lacking cannot make virtual environments. On Debian: apt install python3-venv" >&2; \
	else \
		echo "mkt-tui needs Python 3.11 or newer, and none was found." >&2; \
	fi; \
	exit 1

pins:
	$(COMPILE) --extra sandbox pyproject.toml -o requirements/run.txt
	$(COMPILE) --extra sandbox --extra postgres --group dev -c requirements/run.txt pyproject.toml \
		-o requirements/dev.txt
	$(COMPILE) --extra postgres -c requirements/dev.txt pyproject.toml -o requirements/postgres.txt
	$(COMPILE) -c requirements/dev.txt requirements/build.in -o requirements/build.txt
	@if grep -n '://' requirements/*.txt; then \
		echo "The requirements must name no host." >&2; exit 1; \
	fi

messages: $(VENV)/.run-installed
	@mkdir -p build
	$(VENV)/bin/pybabel --quiet extract --no-location --sort-output --no-wrap \
		--keyword=_ --keyword=N_ --keyword=ngettext:1,2 \
		--project=mkt-tui --copyright-holder='the authors of mkt-tui' \
		--output-file=build/mkt_tui.pot src/mkt_tui
	@for locale in $(LOCALES); do \
		catalogue=$(MESSAGES)/$$locale/LC_MESSAGES/mkt_tui.po; \
		if [ -e $$catalogue ]; then \
			$(VENV)/bin/pybabel --quiet update --ignore-pot-creation-date --no-fuzzy-matching \
				--no-wrap --locale=$$locale --input-file=build/mkt_tui.pot \
				--output-file=$$catalogue; \
		else \
			$(VENV)/bin/pybabel --quiet init --no-wrap --locale=$$locale \
				--input-file=build/mkt_tui.pot --output-file=$$catalogue; \
		fi || exit 1; \
	done
	@$(MAKE) --no-print-directory compile

compile: $(VENV)/.run-installed
	@for catalogue in $(MESSAGES)/*/LC_MESSAGES/mkt_tui.po; do \
		[ ! -e $$catalogue ] || $(VENV)/bin/pybabel --quiet compile --input-file=$$catalogue \
			--output-file=$${catalogue%.po}.mo || exit 1; \
	done

clean:
	rm -rf build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests bench -name __pycache__ -prune -exec rm -rf {} +
