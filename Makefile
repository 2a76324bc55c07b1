PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DIR ?=
BEFORE ?=
PLATFORM ?=
PYTHON_VERSION ?=
EMBED ?=
ONE_IN ?=
LOCKED ?= yes
TOOLS ?= .venv-tools

.PHONY: help demo docs test fuzz windows check lint types layers schemas shelf catalogue man bench wheel kit lock audit

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(BIN)/shelterctl: pyproject.toml requirements.lock tables.lock development.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python tools/environment.py $(if $(filter no,$(LOCKED)),--ranges)
	@touch $@

demo: $(BIN)/shelterctl ## install into a virtual environment, and run the main job on invented clients
	$(BIN)/shelterctl demo run $(DIR)

test: $(BIN)/shelterctl ## the tests alone
	$(BIN)/python -m pytest -n auto --dist worksteal

fuzz: $(BIN)/shelterctl ## the property tests with examples that no run has drawn before, and kills at every call
	$(BIN)/python -m pytest -n auto --dist worksteal -m "hypothesis or sampled" --hypothesis-profile "drawn anew" --every-place

windows: $(BIN)/shelterctl ## the tests on Windows: its real Python under Wine, which has to be installed
	$(BIN)/python -m tests.windows.lane $(ONE_IN)

check: $(BIN)/shelterctl lint types layers test ## everything that must hold before a change is kept

lint: $(BIN)/shelterctl
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(BIN)/shelterctl
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 src

layers: $(BIN)/shelterctl
	$(BIN)/lint-imports

schemas: $(BIN)/shelterctl ## write the schemas that are made from the rulebook
	$(BIN)/python -m tools.generated schemas

shelf: $(BIN)/shelterctl ## compile the rulebook and the templates, so that they are read at once
	$(BIN)/python -m tools.generated shelf

catalogue: $(BIN)/shelterctl ## bring the catalogues up to date, and list what is not translated yet
	$(BIN)/python -m tools.catalogue

man: $(BIN)/shelterctl ## write the manual page from the commands
	$(BIN)/python -m tools.man

bench: $(BIN)/shelterctl ## how fast it is, as ratios measured in one run; BEFORE=DIR for an older checkout beside it
	$(BIN)/python -m tools.bench $(if $(BEFORE),--before "$(BEFORE)")
	$(BIN)/python -m tools.bench_windows

docs: $(BIN)/shelterctl ## the documentation as a site in dist/site, to be opened without a network
	$(BIN)/python -m tools.site

wheel: $(BIN)/shelterctl ## a wheel, with schemas and rulebook inside
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

kit: $(BIN)/shelterctl ## a folder and a zip of it, for a computer without a network; PLATFORM=win_amd64 for Windows, with its own Python
	$(BIN)/python -m tools.kit --platform $(PLATFORM) --python $(PYTHON_VERSION) $(if $(EMBED),--embed "$(EMBED)")

$(TOOLS)/bin/uv:
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet 'uv>=0.9,<0.14' 'pip-audit>=2.9,<3'

lock: $(BIN)/shelterctl $(TOOLS)/bin/uv ## write the locks anew: the newest versions within the ranges, with their hashes
	$(BIN)/python -m tools.lock $(TOOLS)/bin/uv

audit: $(TOOLS)/bin/uv ## ask whether what is locked has known holes; fails where one is known, and says so where nobody could be asked
	@$(TOOLS)/bin/python -m tools.audit || [ $$? -eq 3 ]
