# The verbs of this repository. They assume GNU make and Python 3.11 or newer with venv, and nothing else.
#
#   make demo      the demonstration ministry on http://127.0.0.1:$(PORT); what was edited in it is kept
#   make check     the tests of what was changed since BASE (origin/main) and of what depends on it, on SQLite
#   make test      the whole suite; EGOV_TEST_DATABASE_URL adds a second round on that PostgreSQL server
#   make drills    kills, clusters, large data, thousands of made-up examples; EGOV_DRILLS=reduced takes ten minutes
#   make test-next the contract tests on the next Wagtail, in an environment of its own
#   make installed the wheel in an empty environment: every address, every format, each module alone
#   make bench     the measurements of bench/
#   make lint      ruff, djlint, import-linter, migrations, and what tests/lint reads out of the sources
#   make messages  extract and compile the translations (needs gettext)
#   make docs      rewrite the generated parts of docs/
#   make lock      compile requirements/*.txt anew
#   make clean     remove environments and the demonstration's data

PORT ?= 8000
# What `make check` compares with.
BASE ?=
# Processes for tests. Each takes a file or class at once, in the order in which they stand: costly fixtures are made once,
# and what needs the demonstration comes when it has loaded.
JOBS ?= $(shell cores=$$(nproc 2>/dev/null || echo 2); echo $$((cores > 4 ? 4 : cores)))
PYTEST ?= -q -n $(JOBS) --dist loadscope --no-loadscope-reorder
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# Compiled modules are kept, whatever the surroundings say: without them every process compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help demo check test drills test-next installed bench lint messages docs lock clean

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
# The distribution's Python first, where it can make environments: it is built with every optimisation, one that a
# version manager compiled seldom is, and everything takes a third longer with that.
SYSTEM_PYTHON ?= /usr/bin/python3
INTERPRETER := $(shell { test -z "$(PYTHON)" && $(SYSTEM_PYTHON) -c 'import ensurepip; $(NEW_ENOUGH)' 2>/dev/null && \
	echo $(SYSTEM_PYTHON); } || for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
	"$$python" -c '$(NEW_ENOUGH)' 2>/dev/null && echo "$$python" && break; done)
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes --no-compile -r
SELDOM_IMPORTED := djlint|elasticsearch|faker|fontTools|graphql|jsbeautifier|pip|pkg_resources|pygments|rich|setuptools|tests|wcwidth

help:
	@sed -n 's/^#   //p' Makefile

define environment
	@test -n "$(INTERPRETER)" || { echo "egov-cms needs Python 3.11 or newer; the newest here is" \
		"$$(python3 --version 2>&1 || echo none). Name one with: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(1)/bin/python || "$(INTERPRETER)" -m venv $(1) || { echo "The venv module is missing:" \
		"on Debian and Ubuntu, apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing $(2) into $(1) …"
	@# uv does on all processors what pip does on one. Where it cannot be had, or does not reach the packages, pip does it.
	@$(1)/bin/python $(PIP_INSTALL) requirements/installer.txt && \
		index=$$($(1)/bin/python -m pip config list | sed -n "s/^[^=]*[.]index-url='\(.*\)'$$/\1/p" | tail -n 1) && \
		$${index:+env "UV_DEFAULT_INDEX=$$index"} $(1)/bin/uv pip install --quiet --python $(1)/bin/python \
			--require-hashes -r $(2) || $(1)/bin/python $(PIP_INSTALL) $(2)
	@# At once on all processors what every first process would else compile by itself; but not what hardly any imports.
	@$(1)/bin/python -m compileall -qq -j 0 -x '/($(SELDOM_IMPORTED))/' $(1)/lib || true
	@touch $@
endef

.venv/.demo: requirements/demo.txt
	$(call environment,.venv,$<)

.venv/.test: requirements/test.txt
	$(call environment,.venv,$<)

.venv-next/.test: requirements/test-next.txt
	$(call environment,.venv-next,$<)

demo: .venv/.demo
	@exec .venv/bin/python manage.py serve_demo --port $(PORT)

check: .venv/.test
	@paths=$$(.venv/bin/python -m tests.selection --base "$(BASE)") && \
		EGOV_TEST_DATABASE_URL= .venv/bin/python -m pytest $(PYTEST) $$paths

# One round on SQLite, and where a PostgreSQL server is named a second one on it: of what touches SQL or locks
# (tests/sql.py), and of the contract tests, which open everything once.
test: .venv/.test
	@if [ -z "$${EGOV_TEST_DATABASE_URL:-}" ]; then .venv/bin/python -m pytest $(PYTEST); else \
		status=0; \
		EGOV_TEST_DATABASE_URL= .venv/bin/python -m pytest $(PYTEST) -m "not postgres" || status=$$?; \
		echo "Again, on the PostgreSQL server of EGOV_TEST_DATABASE_URL"; \
		.venv/bin/python -m pytest $(PYTEST) -m "(sql or contract or postgres) and not browser" || status=$$?; \
		exit $$status; fi

# In one process: what is killed, filled up or measured here needs the machine for itself.
drills: export EGOV_DRILLS ?= full
drills: .venv/.test
	@if [ "$$EGOV_DRILLS" = reduced ]; then .venv/bin/python -m pytest -q -m drill; else \
		HYPOTHESIS_PROFILE=thorough .venv/bin/python -m pytest -q -m "drill or hypothesis"; fi

test-next: .venv-next/.test
	@EGOV_TEST_DATABASE_URL= EGOV_TEST_REQUIRE= .venv-next/bin/python -m pytest $(PYTEST) -m "contract and not browser"

# The tests of the installation are no part of the suite: they make environments, which need the package index.
installed: .venv/.test
	@EGOV_TEST_DATABASE_URL= .venv/bin/python -m pytest -q -o tmp_path_retention_policy=failed tests/installed/walk.py

bench: .venv/.test
	@.venv/bin/python -m bench

lint: .venv/.test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djlint --lint --quiet egov_cms blocks
	.venv/bin/lint-imports
	EGOV_TEST_DATABASE_URL= DJANGO_SETTINGS_MODULE=egov_cms.settings.testing .venv/bin/python manage.py makemigrations --check --dry-run
	EGOV_TEST_DATABASE_URL= .venv/bin/python -m pytest -q tests/lint

messages: .venv/.test
	@for room in egov_cms/*/locale blocks/locale; do (cd "$$(dirname "$$room")" && \
		"$(CURDIR)/.venv/bin/django-admin" makemessages --locale ar --locale ckb --no-location --no-wrap && \
		"$(CURDIR)/.venv/bin/django-admin" compilemessages); done

docs: .venv/.test
	@DJANGO_SETTINGS_MODULE=egov_cms.settings.demo .venv/bin/python docs/generate.py

LOCK = .venv/bin/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

lock: .venv/.test
	$(LOCK) requirements/installer.in --output-file requirements/installer.txt
	$(LOCK) pyproject.toml --extra test --extra dev --constraint requirements/lts.in --output-file requirements/test.txt
	$(LOCK) pyproject.toml --extra all --constraint requirements/test.txt --output-file requirements/demo.txt
	$(LOCK) pyproject.toml --extra all --extra production --constraint requirements/test.txt --output-file requirements/production.txt
	$(LOCK) pyproject.toml --extra test --constraint requirements/next.in --output-file requirements/test-next.txt

clean:
	rm -rf .venv .venv-next var build
