# make run    ten years of one authority's families, lived twice; prints where the page is
# make test   style, types, import rules and every test, slow ones and browser included
# make torture  the lab at its larger sizes: a hundred kills, small disks, long studies; up to an hour
# make experiments  every named study, small; FULL=1 at full size, with figures and docs; NAMES="spike levers" some
# make validation  authorities not seen and published effects, anew: docs/validation.md; half an hour
# make credibility  published patterns, loops, scenarios and falsifiers, in unlike authorities: docs/credibility.md; 2 hours
# make docs   this project's site, from pages and code: site/index.html
# make release-check  wheel and sdist, installed in an empty environment, and what the documents say typed there
# make mutants  faults planted in the rules, a sample of each module: how many the tests find; MODULES="money court", or all
# make cover  lines and branches that the tests run, the app's among them: docs/quality/cover.md; half an hour
# make bars   docs/bars.md: every bar, what was measured, and by which test
# make lint   style, types and import rules only
# make clean  takes away the environment, results and caches
# Each makes what it needs first. Only Python 3.11, 3.12 or 3.13 and make have to be there.
#
# make run AREA="North Yorkshire" SCALE=0.1 RUNS=10        make test PYTHON=python3.12

AREA ?= Wakefield
SCALE ?= 0.25
RUNS ?= 20
YEARS ?= 10
SEED ?= 1
OUT ?= results/$(AREA)
CORES ?= 2
VENV ?= .venv

SUPPORTED := 11 12 13
# The first supported Python on the PATH, unless PYTHON names another.
ifndef PYTHON
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
  $$python -c 'import sys; sys.exit(sys.version_info[0] != 3 or str(sys.version_info[1]) not in "$(SUPPORTED)".split())' \
  2>/dev/null && echo $$python && break; done)
endif
TAG := $(shell $(or $(PYTHON),false) -c 'import sys; print("py%d%d" % sys.version_info[:2])' 2>/dev/null)

CONSTRAINTS := constraints/$(TAG).txt
BIN := $(VENV)/bin
MADE := $(VENV)/.made-$(TAG)
FOR_RUN := $(VENV)/.installed-to-run
FOR_TEST := $(VENV)/.installed-to-test
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

# The rules are compiled once per machine; the first life lived does it.
COMPILE := $(BIN)/familyabm run Wakefield --scale 0.01 --years 1 --json > /dev/null

.PHONY: run experiments validation credibility test torture mutants cover bars lint docs release-check bench bench-app bench-workshop clean \
  constraints check-python
.DELETE_ON_ERROR:

run: $(FOR_RUN)
	$(BIN)/familyabm compare "$(AREA)" --scale $(SCALE) --runs $(RUNS) --seed $(SEED) --years $(YEARS) --out "$(OUT)"

# The rules are compiled, and the browser is looked for and if need be installed, before the tests start.
test: lint
	$(COMPILE)
	FAMILYABM_BROWSER="$$($(BIN)/python tools/browser.py)" && export FAMILYABM_BROWSER && \
	  $(BIN)/python -m pytest --numprocesses $(CORES) --dist worksteal

torture: $(FOR_TEST)
	$(COMPILE)
	$(BIN)/python -m pytest tests/torture

mutants: $(FOR_TEST)
	$(BIN)/python -m tools.mutants $(MODULES)

cover: $(FOR_TEST)
	$(COMPILE)
	FAMILYABM_BROWSER="$$($(BIN)/python tools/browser.py)" && export FAMILYABM_BROWSER && \
	  $(BIN)/python -m tools.cover $(CORES)

bars: $(FOR_TEST)
	$(BIN)/python tools/bars.py

lint: $(FOR_TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Runs that are stored are not lived again.
experiments: $(FOR_RUN)
	$(BIN)/python -m experiments $(NAMES) $(if $(FULL),--full) --workers $(CORES)

# Runs of authorities that are stored are not lived again; after a change of the model, take results/Validation away first.
validation: $(FOR_RUN)
	$(BIN)/familyabm effects --runs 36 --out results/Effects > /dev/null
	$(BIN)/familyabm validate --runs 6 --record src/familyabm/data/validation_record.csv --effects results/Effects \
	  --write docs/validation.md

# Loops and scenarios are England's, each world of which is lived in the same lucks. What its lucks left open has more.
PUT := $(BIN)/familyabm credibility --only patterns,falsifiers
MORE := $(BIN)/familyabm credibility --area England --scale 0.2
KEPT := results/Credibility
credibility: $(FOR_TEST)
	$(PUT) --runs 36 --further 48 --area England --scale 0.2 --out $(KEPT)/England > /dev/null
	$(PUT) --runs 24 --further 36 --area Derbyshire --scale 0.12 --out $(KEPT)/Derbyshire > /dev/null
	$(PUT) --runs 12 --further 24 --area Barnsley --scale 0.35 --out $(KEPT)/Barnsley > /dev/null
	$(MORE) --runs 20 --further 20 --only loops,scenarios --out $(KEPT)/Scenarios > /dev/null
	$(MORE) --only S0,S2,S4,S6,S7,S8,S10,S12,S14,S18,R3,R4,R7,B4 --runs 60 --out $(KEPT)/Scenarios-more > /dev/null
	$(BIN)/python -m tools.levels $(KEPT)/levels.json
	$(BIN)/python -m tools.credibility $(addprefix $(KEPT)/,England Derbyshire Barnsley Scenarios Scenarios-more)

# Any warning ends it, and nothing is fetched.
docs: $(FOR_TEST)
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet docs site
	@echo "The site: site/index.html"

release-check: $(FOR_TEST)
	$(BIN)/python -m tools.release_check --constraints $(CONSTRAINTS)

# Speed and size against their bars, with the anchors in C and in Mesa, on this machine: half an hour.
bench: $(FOR_RUN)
	$(BIN)/familyabm bench --json benchmarks/results/$$(date +%F).json --write docs/bench.md

# What the app takes, in a browser; and twenty browsers at once for ten minutes.
bench-app: $(FOR_TEST)
	$(BIN)/python benchmarks/app.py
	$(BIN)/python benchmarks/app.py waiting
	$(BIN)/python benchmarks/app.py browsers 600

# What a room of people waits for: between close and reveal, and thirty phones at once.
bench-workshop: $(FOR_RUN)
	PYTHONPATH=. $(BIN)/python benchmarks/workshop.py

clean:
	rm -rf $(VENV) results build dist site docs/reference .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Pins the newest releases pyproject.toml allows, for every Python at once, whichever one is here.
constraints: $(MADE)
	$(PIP) "uv>=0.9,<1"
	for minor in $(SUPPORTED); do \
	  echo "# Made by \`make constraints\` for Python 3.$$minor." > constraints/py3$$minor.txt && \
	  $(BIN)/uv pip compile pyproject.toml --all-extras --python-version 3.$$minor --no-config --no-header \
	    --no-annotate --quiet >> constraints/py3$$minor.txt || exit 1; \
	done

$(FOR_RUN): $(MADE) pyproject.toml $(wildcard $(CONSTRAINTS))
	@echo "Installing familyabm into $(VENV): once, a few minutes."
	$(PIP) --constraint $(CONSTRAINTS) --editable .
	$(COMPILE)
	@touch $@

$(FOR_TEST): $(MADE) pyproject.toml $(wildcard $(CONSTRAINTS))
	@echo "Installing familyabm, its pages and its test tools into $(VENV): once, two or three minutes."
	$(PIP) --constraint $(CONSTRAINTS) --editable ".[app,docs,examples,test]"
	@touch $(FOR_RUN) $@

# Named after the Python it was made with, so that asking for another Python makes another environment.
$(MADE): | check-python
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	@touch $@

check-python:
	@test -n "$(filter $(SUPPORTED:%=py3%),$(TAG))" || { echo "familyabm needs Python 3.11, 3.12 or 3.13, but $(or $(PYTHON),python3) is $(or $(TAG:py3%=Python 3.%),none of them): install one, or name one, as in make test PYTHON=python3.12." >&2; exit 1; }
	@$(PYTHON) -c "import venv, ensurepip" 2>/dev/null || { echo "$(PYTHON) cannot make environments, because its venv or ensurepip module is missing: on Debian and Ubuntu, apt-get install python3-venv." >&2; exit 1; }
