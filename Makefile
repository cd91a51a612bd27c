# Everything a person does here, in one command each. Needs Python 3.11 or newer, and nothing else.

PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$python; break; }; done)
BIN := .venv/bin
WORKERS ?= 2
# The real help center that is measured with.
ARTICLES ?= ../shared/corpora/arduino-help-center/content

# kbtool is started hundreds of times in the tests: Python may keep what it compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check lint format bench bench-publish clean

demo: .venv/kbtool ## builds kbtool's own help center, and finds in a sample of tickets what it lacks
	@$(BIN)/kbtool build
	@echo
	@echo 'What the tickets in docs/sample-tickets.csv ask and no article answers (topic, people, tickets, trend, nearest article, words it lacks):'
	@$(BIN)/kbtool gaps docs/sample-tickets.csv
	@$(BIN)/kbtool gaps docs/sample-tickets.csv --format html --output .kbtool/gaps.html 2>/dev/null
	@echo
	@echo 'The same as a page to send round, with charts:   .kbtool/gaps.html'
	@echo
	@echo 'The same site, published to a folder, as to any other host:'
	@$(BIN)/kbtool publish 'file://$(CURDIR)/.kbtool/published/site' --no-build --yes 2>/dev/null
	@echo 'To open it:                                      $(BIN)/python -m http.server --directory .kbtool/published/site, then http://localhost:8000/'
	@echo
	@echo 'The site is in site/. To read it with search:    $(BIN)/kbtool serve'
	@echo 'or with any web server, for example:             $(BIN)/python -m http.server --directory site'

test: lint .tools/tools.json ## everything: style, types, and every test, those in a browser too
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope

check: WORKERS = 3 # some of the tests wait: for a process, or for a clock
check: lint ## what takes less than a minute
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m 'not browser and not tools and not quality'

lint: .venv/dev
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@$(BIN)/mypy --no-error-summary

format: .venv/dev ## mends what ruff can mend
	@$(BIN)/ruff check --quiet --fix
	@$(BIN)/ruff format

bench: .tools/tools.json .tools/aws/bin/aws ## the figures of docs/benchmarks.md; takes two hours on a quiet machine
	@$(BIN)/python -m benchmarks.build_speed
	@$(BIN)/python -m benchmarks.check_speed $(ARTICLES)
	@$(MAKE) --no-print-directory bench-publish
	@$(BIN)/python -m benchmarks.gap_speed

bench-publish: .tools/tools.json .tools/aws/bin/aws ## those of publishing alone: ten minutes
	@$(BIN)/python -m benchmarks.publish_speed --aws $(CURDIR)/.tools/aws/bin/aws
	@$(BIN)/python -m benchmarks.publish_speed --files 50000 --only kbtool --rounds 1 --round-trips 0
	@$(BIN)/python -m pytest -q -s tests/publish/test_readers.py

# The AWS command line asks for old versions of what others need: it has a place of its own.
.tools/aws/bin/aws:
	@$(BIN)/python -m venv .tools/aws
	@.tools/aws/bin/python -m pip install --quiet --disable-pip-version-check awscli

clean: ## everything that a command here made
	rm -rf .venv .tools .kbtool site dist

.venv/bin/python:
	@test -n '$(PYTHON)' || { echo 'error: no Python 3.11 or newer with the module "venv" was found;' \
		'install one (on Debian: python3 and python3-venv), or name it: make PYTHON=/path/to/python3.12' >&2; exit 1; }
	@echo 'Setting up .venv with '$(PYTHON)
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'

# What reads tickets is installed with it: the demo reads some.
.venv/kbtool: .venv/bin/python pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[tickets,import]'
	@touch $@

.venv/dev: .venv/kbtool
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[tickets,import,semantic,cloud,sftp]' --group dev
	@touch $@

.tools/tools.json: .venv/dev tests/tools/install.py tests/tools/package.json
	@$(BIN)/python tests/tools/install.py
