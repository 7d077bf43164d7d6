# make run: all set-up, then the site. make test: all set-up, then the tests.
PY = .venv/bin/python
LOCKED = uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help run dev env setup upgrade pdf test check fix messages lock bench bench-all profile install install-dev test-all test-faults soak cluster
.SILENT:

help:
	echo "make run      the site with its sample content at http://127.0.0.1:8000/ (PORT=, DATABASE_URL=)"
	echo "make dev      the same, reloading while you write code"
	echo "make env      asks a few questions and writes .env, for a server"
	echo "make setup    everything but serving and sample content, for a server"
	echo "make upgrade  the next version (TO=): backs up, migrates, looks at every page, goes back if one fails"
	echo "make pdf      what the site needs to make PDFs (WeasyPrint; needs Pango)"
	echo "make test     every quick test, on SQLite and on PostgreSQL (TEST_DATABASE_URL=)"
	echo "make test-all  the long journeys too (tests/journeys.py), as .ci/run does"
	echo "make test-faults  kill -9, full disks, servers that are away … on both databases (ROUNDS=200: docs/faults.md)"
	echo "make soak     everybody at once for ten minutes on each database (SECONDS=), memory over time: docs/soak.md"
	echo "make cluster  two nodes, nginx, PostgreSQL with a replica, Redis, S3 on this machine: each is killed while readers read"
	echo "make check    lint, format, templates, types, dead code, layers, migrations, deployment settings, translations"
	echo "make fix      what lint and format can mend by themselves"
	echo "make messages collect words to translate (needs GNU gettext)"
	echo "make lock     the newest allowed packages, with hashes"
	echo "make bench    what pages cost as they are served, beside Wagtail and WordPress, and the rest (QUICK=1, SAVE=1)"
	echo "make profile  where the time of one page goes (PAGE=/…)"

# The locks go into one .venv: the one for PDFs holds everything of the plain one, the one for development all of both.
install:
	if test -f .venv/requirements-dev.installed; then deploy/install.sh requirements-dev.txt; \
	elif test -f .venv/requirements-pdf.installed; then deploy/install.sh requirements-pdf.txt; \
	else deploy/install.sh requirements.txt; fi

pdf:
	test -f .venv/requirements-dev.installed || deploy/install.sh requirements-pdf.txt
	$(PY) -c 'import weasyprint' || { echo "WeasyPrint needs Pango (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0)" >&2; exit 1; }

install-dev:
	deploy/install.sh requirements-dev.txt

run: install
	exec $(PY) -m deploy.start run

dev: install
	exec $(PY) -m deploy.start dev

# Asked by any Python: nothing has to be there yet.
env:
	exec $${PYTHON:-python3} -m deploy.ask

setup: install
	exec $(PY) -m deploy.start setup

# By any Python there is: .venv is what it changes.
upgrade:
	exec $(PY) -m deploy.upgrade $(TO)

test: install-dev
	$(PY) -m tests.run $(if $(CI),--require-all)

test-all: install-dev
	$(PY) -m tests.run --all $(if $(CI),--require-all)

test-faults: install-dev
	$(PY) -m tests.faults --rounds $(or $(ROUNDS),20) $(if $(ROUNDS),--write)

soak: install-dev
	$(PY) -m tests.faults.soak --seconds $(or $(SECONDS),600) --write

cluster: install-dev
	$(PY) -m tests.cluster

check: install-dev
	$(PY) -m deploy.check

fix: install-dev
	.venv/bin/ruff check --fix --quiet . || true
	.venv/bin/ruff format --quiet .

messages: install-dev
	command -v xgettext >/dev/null || { echo "make messages needs GNU gettext (Debian: apt-get install gettext)" >&2; exit 1; }
	DEBUG=true $(PY) manage.py makemessages --locale es --locale ca --add-location file --no-wrap --no-obsolete \
		--ignore .venv --ignore var --ignore tests --ignore bench --ignore docs --ignore deploy

lock: install-dev
	test -x .venv/bin/uv || $(PY) -m pip install --quiet uv
	.venv/bin/$(LOCKED) --upgrade --output-file requirements.txt
	.venv/bin/$(LOCKED) --upgrade --extra pdf --constraint requirements.txt --output-file requirements-pdf.txt
	.venv/bin/$(LOCKED) --upgrade --extra pdf --extra dev --constraint requirements-pdf.txt --output-file requirements-dev.txt

# QUICK=1: two minutes, the pages as they are served, on SQLite; else beside Wagtail and WordPress. SAVE=1 writes docs/performance.*
bench: install-dev
	$(PY) -m bench.served $(if $(QUICK),--quick,--peers) $(if $(SAVE),--save)
	test -n "$(QUICK)" || $(MAKE) bench-all SAVE=$(SAVE)

bench-all:
	$(PY) -m bench.pages
	$(PY) -m bench.comments
	$(PY) -m bench.search
	$(PY) -m bench.rebuilding
	$(PY) -m bench.finding
	$(PY) -m bench.imports
	$(PY) -m bench.library
	$(PY) -m bench.large $(if $(SAVE),--save)
	$(PY) -m bench.saving
	$(PY) -m bench.moving
	$(PY) -m bench.matching
	$(PY) -m bench.citations
	$(PY) -m bench.living

profile: install-dev
	$(PY) -m bench.profile $(or $(PAGE),/)
