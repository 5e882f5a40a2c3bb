# One virtual environment, made from the lock file with hashes; everything else runs inside it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
GENERATED := architecture rfc requirements schema findings senders predictions scenarios check_sets commands picture explain_accuracy explain_systems forms repairs tlsrpt_daemon watch_daemon publish_host sendertest_host scan_tables policyd_daemon policyd_figures silence_times silence_scores who_notices manuals mutant_scores

# Where it is set, each process of a test run would compile the program and the tests anew: a quarter of a minute for each of pytest's.
unexport PYTHONDONTWRITEBYTECODE

ENDPOINT_S ?= 10
SECONDS ?= 60
INPUTS ?= 34000
TARGETS ?=
SOAK_S ?= 3600
FILES_AT_ONCE ?= 3

EACH ?= 60
SEED ?= 8461
KEEP ?=
ROOMS ?=
ONLY ?=
SUITES ?= bookworm trixie

.PHONY: demo test thorough test-pythons lint lint-types lint-rules test-real test-deb test-cluster hostile fuzz silence mutants bench soak peers docs site wheel deb release lock clean

demo: $(READY)
	@$(BIN)/mxproof demo

# Compiled first, or the processes would all do it at once.
test: $(READY)
	$(BIN)/python -m compileall -q src
	$(BIN)/python tools/side_by_side.py

# What is left out of `make test`: the rest of every product of many like cases, and laws with all their examples, of which it tries a fifth.
thorough: $(READY)
	$(BIN)/python -m compileall -q src
	$(BIN)/python tools/side_by_side.py --exhaustive

# All tests with every Python beside the default one that can be found, from 3.11 to 3.14, each in an environment of its own
# from the lock file; those of pyenv are found too. `ONLY=newest` runs the rooms in which versions differ with the newest of them.
test-pythons: $(READY)
	$(BIN)/python tools/pythons.py $(ONLY)

# Types take as long as all else together, so both are looked at side by side; what each says appears whole.
lint: $(READY)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint-types lint-rules

lint-types: $(READY)
	$(BIN)/mypy

lint-rules: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python tools/generated.py $(GENERATED)

# Needs root on Debian: real Postfix, unbound, knot and nginx in network namespaces of the test's own, and Exim, chasquid,
# Courier, Sendmail and Haraka, without which their tests are skipped unless CI is set. Nothing of them is left, were it
# killed; the last tests prove that. Several files at a time, FILES_AT_ONCE of them.
test-real: $(READY)
	tools/install-real
	tools/install-postfix310
	tools/install-senders || [ -z "$$CI" ]
	$(BIN)/python tools/real_tests.py $(FILES_AT_ONCE)
	MXPROOF_REAL=1 $(BIN)/python -m pytest tests/trace

# Debian packages of both suites, built, installed, used, upgraded and purged in booted systems, the container image that is made of
# them, two servers that contrib/salt sets up with them, and the wheel as uv and pipx take it: minutes for each. As `test-real`.
test-deb: $(READY)
	tools/install-real
	tools/install-servers
	tools/install-container
	$(BIN)/python tools/real_tests.py 1 packages

# A scan on a cluster of Ray of two machines, one of which fails: as root. A node of Ray whose agents have not begun within 15 seconds
# ends, so its session is put before others of a busy machine. Ray stays in the environment, and nothing else needs it.
test-cluster: $(READY)
	tools/install-real
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ray.lock
	$(BIN)/python tools/real_tests.py 1 cluster

# Every behaviour of hostile servers that is known here, with ENDPOINT_S seconds for one endpoint as people have them, and the
# best plan of each scenario made and checked again, ten megabytes of anything behind each head, and every scenario with each of its
# answers gone, of which `make test` takes some. Most of it is waiting, so more run at once than there are processors.
hostile: $(READY)
	MXPROOF_HOSTILE=$(ENDPOINT_S) $(BIN)/python -m pytest tests/hostile tests/explain/test_hostile.py tests/judge/test_basis.py tests/remedy/test_over_network.py -n 8 --dist loadgroup

# Each fuzz target, or each of TARGETS, for SECONDS with inputs drawn anew, and those of TLS reports with INPUTS each, a hundred
# thousand in all; what breaks a law is kept in tests/fuzz/crashers. Without TARGETS also a million damaged datagrams, sent to the
# daemon that collects from Postfix, and a million names and tokens, asked of a public sender test.
REPORT_TARGETS := tls-report tls-report-container tls-report-intake
fuzz: $(READY)
	PYTHONPATH=tests $(BIN)/python -m fuzz.campaign $(SECONDS) $(TARGETS)
	$(if $(TARGETS),,PYTHONPATH=tests $(BIN)/python -m fuzz.campaign $(INPUTS)x $(REPORT_TARGETS))
	$(if $(TARGETS),,MXPROOF_TOKENS=1000000 $(BIN)/python -m pytest tests/lab/sendertest/test_public_serving.py -k tokens)
	$(if $(TARGETS),,MXPROOF_DATAGRAM_MUTANTS=1000000 $(BIN)/python -m pytest tests/serve/collect/test_daemon.py -k content)

# Scores of the silence alarm on simulated mail and reports, with seeds kept for scoring: a quarter of an hour, and what was scored of this
# model before is not scored again. The concept page is made of them. With WORLDS only so many worlds of each kind, and nothing is put down.
silence: $(READY)
ifdef WORLDS
	PYTHONPATH=tests $(BIN)/python -m silence.score 1000 $(WORLDS) ordinary
	PYTHONPATH=tests $(BIN)/python -m silence.score 1000 $(WORLDS) hard
	PYTHONPATH=tests $(BIN)/python -m silence.reporters 1000 $(WORLDS)
else
	PYTHONPATH=tests $(BIN)/python -m silence.scored
	$(BIN)/python tools/silence_scores.py
endif

# EACH changes in each of ROOMS, or in every room that counts, drawn by SEED, and which of them the tests notice: hours for all.
# With KEEP=--keep it is put down for docs/reference/what-the-tests-notice.md.
mutants: $(READY)
	$(BIN)/python tools/mutants.py --each $(EACH) --seed $(SEED) $(KEEP) $(ROOMS)

bench: $(READY)
	PYTHONPATH=tests $(BIN)/python -m bench

# Memory of the watch at work, for SOAK_S seconds: an hour, or 86400 for a day.
soak: $(READY)
	PYTHONPATH=tests $(BIN)/python -m bench.watch_soak $(SOAK_S)

# Other checkers over every world of the lab, as root: hours, most of them testssl.sh, and less where worlds were asked before.
# Then `make docs` writes who notices what. It needs `tools/install-real` first.
peers: $(READY)
	tools/install-peers
	PYTHONPATH=. $(BIN)/python -m peers

docs: $(READY)
	@for tool in $(GENERATED); do $(BIN)/python tools/$$tool.py || exit 1; done
	$(BIN)/python tools/consoles.py

# The documentation as pages, in build/site, or in FOLDER; a link that leads nowhere ends it.
site: $(READY)
	$(BIN)/python tools/documentation_site.py $(FOLDER)

# Debian packages of each of SUITES into dist/SUITE, as root on Debian.
deb: $(READY)
	tools/build-deb $(SUITES)

# Wheel and source archive into dist/; the same commit gives the same bytes.
wheel: $(READY)
	$(BIN)/python tools/release.py wheel

# Wheel, source archive and their notes; refused unless the work tree is clean and the changelog has a dated section for the version.
release: $(READY)
	$(BIN)/python tools/release.py release

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mxproof needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Resolve again, for every Python and platform at once; review the difference before committing it. What packages of systems are
# made of is without the extra `scan`: Arrow and DuckDB are larger than all else together, and are for pip. Ray, larger again, has a
# file of its own, which `test-cluster` installs.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --upgrade uv
	.venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--upgrade --python-version 3.11 --custom-compile-command "make lock" --extra serve --extra alerts --extra publish --extra scan \
		--group dev pyproject.toml --output-file requirements.lock
	.venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --custom-compile-command "make lock" --extra scan --extra ray --constraint requirements.lock \
		pyproject.toml --output-file requirements-ray.lock
	.venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --custom-compile-command "make lock" --extra serve --extra alerts --extra publish --constraint requirements.lock \
		pyproject.toml --output-file requirements-package.lock
	echo postfix-mta-sts-resolver==1.5.1 | .venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
		--no-emit-find-links --upgrade --python-version 3.11 --custom-compile-command "make lock" - \
		--output-file tools/mta-sts-daemon.lock

clean:
	rm -rf $(VENV) .venv-lock .venvs .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
