# Short names for commands that also work without make. `make help` lists them.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
ROOMS := adapters catalog core demo desk orders people shop training
LOCK := uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-annotate pyproject.toml
# Longer than 40 minutes on one database, and it is interrupted: so it still shows what failed.
LONG := timeout --foreground -s INT -k 60 2400 $(PYTHON) -m pytest -m "slow or on_postgresql or on_sqlite" --durations=0
.PHONY: help run test test-fast check judges meter bench rush soak compare demo lock messages screens papers fresh

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: ## start the shop (sets up what is missing)
	./run

test: ## every check and test, SQLite and PostgreSQL, with the browser (at most 20 minutes)
	./test

test-fast: ## every check, and the tests without browser and PostgreSQL
	./test --fast

check: ## format, lint, types, import contracts, templates
	./test --check

judges: ## axe, Nu, HTML_CodeSniffer and Lighthouse on the running shop (needs Java and Node)
	./test --judges

meter: ## every desk screen at every level and size against the criteria: writes the table of docs/accessibility.md
	$(PYTHON) -m tests.meter

bench: ## what pages cost beside a bare reference page: CPU ratios, statements, bytes (a few minutes; docs/performance.md)
	$(PYTHON) -m tests.bench

rush: ## many buyers at the same instant on a server of our own, SQLite and PostgreSQL
	$(PYTHON) -m tests.rush

soak: ## the long random runs on both databases, about 110 minutes: pages on the other database, walks, money, races, kills, slow readers
	$(LONG) --database=sqlite
	$(LONG) --database=postgresql
	$(PYTHON) -m tests.rush --times 10
	$(PYTHON) -m tests.rush kill --times 50
	$(PYTHON) -m tests.rush slow --times 5

compare: ## steps, words and choices per task, beside django-oscar's (OSCAR=a Python that has it; docs/comparison.md)
	$(PYTHON) -m tests.comparison

demo: ## throw the demo's data away and fill it again
	DEMO=1 .venv/bin/flask --app app demo reset

lock: ## write the two lock files anew (needs uv: it is no prerequisite of anything else)
	$(LOCK) -o requirements.lock
	$(LOCK) --group test -o requirements-test.lock
	$(PYTHON) -m tests.judges.lock

messages: ## collect the sentences from code and templates into translations/, and compile them
	.venv/bin/pybabel -q extract -F babel.cfg -k _l -o translations/messages.pot --no-location --sort-output app.py $(ROOMS) templates
	.venv/bin/pybabel -q update -i translations/messages.pot -d translations --no-fuzzy-matching --ignore-obsolete --width=120
	.venv/bin/pybabel -q compile -d translations

screens: ## pictures of every screen, to look at
	$(PYTHON) -m tests.screens

papers: ## every paper as PDF and pictures under var/papers, to look at, with its time
	$(PYTHON) -m tests.papers var/papers

fresh: ## dress rehearsal on a minimal Debian 12 made for the purpose (as root)
	tests/fresh/rehearse --test
