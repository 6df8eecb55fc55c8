# make demo   build the example publication into outbox/
# make test   run the tests and checks, but for what is slow (under five minutes)
# make test ALL=1   run everything, as CI does
# make crash  kill senders at every place there is, and count who got what (about 10 minutes)
# make fuzz   look a hundred times longer for what nobody thought of (hours; FUZZ=tests/fuzz/test_state.py)
# make bench  print the tables of benchmarks/
# make docs   write the generated reference and the pictures again

PYTHON ?= python3
BIN = .venv/bin
READY = .venv/.ready
COMPILED = .venv/.compiled
ALL ?= # whether slow ones run as well: browsers, senders killed at every place, fuzzing
WORKERS ?= $(if $(ALL),6,4) # of the tests: some a core, for they wait for servers; slow ones wait most

# Each of the hundreds of programs that the tests start would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test crash fuzz bench docs clean

demo: $(READY)
	@$(BIN)/publisher -C examples/bayside build --at "2026-11-24 07:00"

test: $(READY) $(COMPILED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	@# Types are checked while the tests wait for servers.
	$(BIN)/mypy >.venv/types & \
		$(BIN)/python -m pytest $(if $(ALL),,-m "not slow") -n $(WORKERS) --dist loadgroup; \
		tests=$$?; wait $$!; types=$$?; cat .venv/types; exit $$((tests | types))

# What pytest makes of the tests lies beside them: each worker would make all of it at once.
$(COMPILED): $(READY) $(shell find publisher tests -name '*.py')
	@$(BIN)/python -m pytest --collect-only -q >.venv/collected && touch $@ || true

crash: $(READY)
	@$(BIN)/python -m tests.crash

FUZZ ?= tests/fuzz
fuzz: $(READY)
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest $(FUZZ)

bench: $(READY)
	@$(BIN)/python -m benchmarks

docs: $(READY)
	$(BIN)/python docs/generate.py

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "publisher needs Python 3.11 or newer: make PYTHON=python3.11 demo")'
	@echo "Building the environment in .venv (once, about a minute)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

clean:
	rm -rf .venv .publisher examples/bayside/.publisher outbox/editions outbox/feeds outbox/mail outbox/sent outbox/web
