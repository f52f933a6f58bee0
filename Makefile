# A fresh machine needs Python 3.11 or newer and make. Everything else is fetched, pinned and checked by hash.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCKS := requirements-dev.txt vigil/broker/jars.lock.toml
IS_NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell $(p) $(IS_NEW_ENOUGH) 2>/dev/null && echo $(p))))
PIP_INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps

.DEFAULT_GOAL := help
.PHONY: help demo test end-to-end-tests other-tests setup lint check format lock bench-peers clean

help:
	@echo 'make demo     set everything up and watch a simulated ward, on its page and in the terminal'
	@echo 'make test     set everything up and run every check, or those of TESTS=...'
	@echo 'make setup    only set everything up, in $(VENV)'
	@echo 'make format   let ruff mend what it can'
	@echo 'make lock     resolve the dependencies and the jars of the broker again'
	@echo 'make bench-peers  compare with other engines, which are installed in .venv-peers'
	@echo 'make clean    remove $(VENV) and .venv-peers'

demo: setup
	@$(BIN)/vigil demo

test: setup lint
	@.ci/install-prometheus $(BIN)
	@.ci/install-chromium
ifdef TESTS
	$(BIN)/pytest $(TESTS)
else
	@$(MAKE) --no-print-directory --jobs=2 --keep-going end-to-end-tests other-tests; \
	status=$$?; echo 'The other tests:'; cat $(OTHER_TESTS); exit $$status
endif

# Tests from end to end mostly wait for other processes, so all other tests run beside them: they yield to them, and
# are told after them.
OTHER_TESTS := $(VENV)/other-tests.log

end-to-end-tests: setup
	$(BIN)/pytest tests/end_to_end

other-tests: setup
	@nice -n 5 $(BIN)/pytest --ignore=tests/end_to_end >$(OTHER_TESTS) 2>&1

setup: $(READY)
	@:

lint: setup
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# The stamp is absent while an environment is being made, so a half-made one is made again from nothing.
$(READY): $(LOCKS) pyproject.toml
	@test -n "$(PYTHON)" || { echo 'Vigil needs Python 3.11 or newer: install it, or name it with PYTHON=...' >&2; exit 1; }
	@$(PYTHON) $(IS_NEW_ENOUGH) || { echo 'Vigil needs Python 3.11 or newer; $(PYTHON) is older.' >&2; exit 1; }
	@test -e $@ || { echo 'Making $(VENV) ...'; $(PYTHON) -m venv --clear $(VENV); }
	@rm -f $@
	@echo 'Installing the pinned packages ...'
	@$(PIP_INSTALL) --require-hashes --only-binary :all: --requirement requirements-dev.txt
	@$(PIP_INSTALL) --no-build-isolation --editable .
	@echo 'Fetching the broker ...'
	@$(BIN)/python -m vigil.broker
	@touch $@

UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --upgrade

lock: setup
	$(UV_COMPILE) pyproject.toml --extra setup --output-file requirements.txt
	$(UV_COMPILE) pyproject.toml --extra setup --extra dev --constraint requirements.txt --output-file requirements-dev.txt
	$(UV_COMPILE) benchmarks/requirements-peers.in --output-file benchmarks/requirements-peers.txt
	$(BIN)/python -m vigil.broker --lock

bench-peers: setup
	$(BIN)/vigil bench peers --install
	$(BIN)/vigil bench peers

clean:
	rm -rf $(VENV) .venv-peers
