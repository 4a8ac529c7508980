# complaintmail: `make demo` to see it, `make test` to prove it. Nothing outside this folder is touched, but for the
# mail and database servers that the tests need: as root on Debian they are installed when missing (.ci/servers).

PYTHON ?= python3
JOBS ?= 3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench year lock wheel clean servers

help:
	@echo 'make demo    see it work, with nothing set up'
	@echo 'make test    everything: what the tests need, lint, types, tests'
	@echo 'make lint    ruff and mypy alone'
	@echo 'make bench   how fast it is, beside a bare loop over the same mails'
	@echo 'make year    a simulated year of each policy, and whether its books balance'
	@echo 'make bench-classify FOLDER=…   how well mails are told apart, on texts never learnt from'
	@echo 'make wheel   the package, into dist/'
	@echo 'make lock    requirements.lock from pyproject.toml (needs uv)'
	@echo 'make clean   takes away what make made'

demo: $(INSTALLED)
	@$(BIN)/complaintmail demo

test: servers lint
	PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE= $(BIN)/python tools/suite.py -n $(JOBS) --dist loadfile --no-loadscope-reorder -m 'not campaign'

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(INSTALLED) servers
	$(BIN)/python -m bench

year: $(INSTALLED)
	$(BIN)/python -m bench.year

bench-classify: $(VENV)/.training
	$(BIN)/python -W ignore -m bench.classify $(FOLDER)

# What trains and measures the shipped weights; the program itself needs none of it.
$(VENV)/.training: $(INSTALLED)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check 'scikit-learn>=1.9,<2'
	@touch $@

wheel: $(INSTALLED)
	$(BIN)/hatchling build -t wheel

servers:
	@.ci/servers

# The lock holds every package with its hash, for every platform and for every extra. It names no index.
lock:
	uv="$$(command -v uv || echo $(BIN)/uv)"; "$$uv" pip compile pyproject.toml --quiet --universal \
	  --python-version 3.11 --all-extras --group dev --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-annotate --no-header --output-file requirements.lock

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo 'A virtual environment cannot be made. On Debian, as root: apt-get install python3-venv' >&2; exit 1; }

# The package itself is installed as it lies here, so that what is edited is what runs.
$(INSTALLED): requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Setting up $(VENV) (once; a minute or two) ...'
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
