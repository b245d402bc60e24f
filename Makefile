# `make demo` and `make test` are all that a fresh machine needs: Python >= 3.10 with venv, pip, make.
# Every step leaves a file behind, so that nothing is done twice.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Apart, because Snakemake has requirements of its own.
WORKFLOW := .venv-workflow
CACHE := data/cache
FUZZ_SECONDS ?= 600

# A process per core, each with one thread: files of tests side by side take half the time of threads inside networks.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

# Marked tests need fetched weights or a reference; see pyproject.toml.
OFFLINE := not weights and not golden and not slow and not cluster

.PHONY: help demo test test-fast test-all test-cluster workflow-programs golden check lint docs data weights models train-demo tour bench fuzz clean hooks release-check native native-arm native-sanitized

help:
	@grep -E '^## ' Makefile | sed 's/^## /  /'

## make demo       install, fetch weights and a reference, annotate real variants, show the result
demo: $(CACHE)/demo.vcf
	@$(BIN)/spliceai-cli table $(CACHE)/demo.vcf
	@echo
	@echo "The commands are in $(BIN). For one variant:"
	@echo "  $(BIN)/spliceai-cli score chr19:38467722:C:T -R $(CACHE)/GRCh38.chr19.fa"

## make test       install; offline tests and a seeded part of the golden records
test: $(VENV)/.dev models data
	$(PYTEST) -m "not slow and not cluster"

## make test-fast  offline tests only, seven minutes on 2 cores
test-fast: $(VENV)/.dev
	$(PYTEST) -q -m "$(OFFLINE)"

## make test-all   every test and every golden record
test-all: $(VENV)/.dev models data
	$(PYTEST) --all-records -rP -m "not cluster"

## make test-cluster  the workflows on a real Slurm of one node, as root, where slurm-wlm and munge are installed
test-cluster: $(VENV)/.dev workflow-programs
	$(BIN)/pytest -m cluster -rs

## make workflow-programs  Snakemake and miniwdl in an environment of their own, for the tests of workflow/
workflow-programs: $(WORKFLOW)/.installed

## make golden     every golden record
golden: $(VENV)/.dev models data
	$(PYTEST) --all-records -rP -m golden

## make check      what every commit passes: lint, types, fast tests
check: lint test-fast

## make native     build the kernels again after an edit, into this checkout
native: $(VENV)/.cmake
	$(BIN)/cmake -S spliceai_cli/engine/native -B build/native
	$(BIN)/cmake --build build/native --parallel
	$(BIN)/cmake --install build/native --prefix .

## make native-sanitized  the kernel tests under address and undefined-behaviour sanitizers
native-sanitized: $(VENV)/.dev $(VENV)/.cmake
	$(BIN)/cmake -S spliceai_cli/engine/native -B build/sanitized -DSPLICEAI_SANITIZE=ON
	$(BIN)/cmake --build build/sanitized --parallel
	tests/engine/native/sanitized.sh build/sanitized $(BIN)/python

## make native-arm  the kernels for AArch64 in an emulator, where a cross compiler and QEMU are installed
native-arm: $(VENV)/.cmake
	tests/engine/native/arm.sh build/arm $(BIN)/cmake

## make lint       ruff and mypy
lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

## make docs       build the documentation into docs/_build/html
docs: $(VENV)/.docs
	$(BIN)/sphinx-build -q -W -b html docs docs/_build/html

## make data       fetch the reference and the wheel that tests and the demo use
data: $(CACHE)/GRCh38.chr19.fa $(CACHE)/.wheel

## make weights    install weights and gene tables
weights: $(VENV)/.installed
	@$(BIN)/spliceai-cli weights install

## make models     the weights of every model that can be fetched
models: weights
	@$(BIN)/spliceai-cli weights install cispliceai

## make train-demo  train a small network on part of chr19 and test it on the rest, in less than 10 minutes
train-demo: data weights
	@$(BIN)/python data/recipes/train_demo.py

## make tour       run docs/tour.ipynb and store what it shows
tour: $(VENV)/.dev models data
	$(BIN)/python tests/support/notebooks.py

## make bench      run the benchmarks
bench: $(VENV)/.dev weights
	$(BIN)/python benchmarks/run.py

## make fuzz       fuzz what reads files and options, then native kernels, FUZZ_SECONDS each (600)
fuzz: $(VENV)/.fuzz
	$(BIN)/python tests/fuzz/run.py --seconds $(FUZZ_SECONDS)
	$(BIN)/python tests/fuzz/native.py --seconds $(FUZZ_SECONDS)

## make release-check  build sdist and wheel, and try the wheel in an empty environment
release-check: $(VENV)/.release weights
	.ci/release-check $(abspath $(BIN))

## make hooks      let git run `make check` before each commit
hooks:
	git config core.hooksPath .githooks

## make clean      remove the virtual environment, fetched data and what was built
clean:
	rm -rf $(VENV) $(CACHE) build docs/_build spliceai_cli/engine/native/*.so

$(VENV)/.pip:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@touch $@

# The version is in provenance.py; pip records it when it installs.
$(VENV)/.installed: $(VENV)/.pip pyproject.toml constraints.txt spliceai_cli/provenance.py
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@$(BIN)/spliceai-cli --version --verbose
	@touch $@

$(WORKFLOW)/.installed: pyproject.toml
	$(PYTHON) -m venv $(WORKFLOW)
	$(WORKFLOW)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(WORKFLOW)/bin/python -m pip install --quiet --group workflow
	@touch $@

$(VENV)/.cmake: $(VENV)/.pip pyproject.toml
	$(BIN)/python -m pip install --quiet --group native
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-deps hgvs
	@touch $@

$(VENV)/.docs: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group docs
	@touch $@

$(VENV)/.release: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group release
	@touch $@

$(VENV)/.fuzz: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group fuzz
	@touch $@

$(CACHE)/GRCh38.chr19.fa: | $(VENV)/.installed
	$(BIN)/python data/recipes/chr19.py

# The original Keras files, for the tests' independent oracle.
$(CACHE)/.wheel: | $(VENV)/.installed
	$(BIN)/python -m pip download --quiet --no-deps --dest $(CACHE) spliceai==1.3.1
	@touch $@

$(CACHE)/demo.vcf: data/examples/chr19.vcf $(CACHE)/GRCh38.chr19.fa $(VENV)/.installed | weights
	$(BIN)/spliceai-annotate -I $< -R $(CACHE)/GRCh38.chr19.fa -A gencode -O $@
