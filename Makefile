# The commands of the study. `make help` lists them.
STUDY ?= ja
PYTHON ?=
PORT ?= 8000
DRAFT ?=
TIMEOUT ?=
SET ?=
STUDIES ?=
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

bin := .venv/bin
tests := .venv-test/bin
set := $(foreach each,$(SET),--set '$(each)')
limit := $(if $(TIMEOUT),--timeout $(TIMEOUT))
pytest := $(tests)/python -m pytest -q -n $(JOBS) --dist loadfile

# Without compiled modules every process of a build spends seconds on compiling its imports again; they lie in .venv and
# in folders that git does not see.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
FORCE:
.PHONY: FORCE help setup book site test lint bench check readme serve clean lock chapter

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo 'with STUDY=ja        a folder under data/'
	@echo '     PYTHON=...      the Python that makes .venv: 3.11, 3.12 or 3.13'
	@echo '     JOBS=2          how many chapters at a time'
	@echo '     SET="a.b=1 ..." parameters: chapter, name, value'
	@echo '     STUDIES="ja is" of all studies, build these alone (site)'
	@echo '     TIMEOUT=900     seconds that a chapter may take'
	@echo '     DRAFT=1         show a book with missing chapters or warnings (book)'

setup: .venv/.made  ## make .venv alone, from requirements.txt

book: .venv/.made  ## build the book of a study: _build/STUDY/html/index.html
	@$(bin)/python -m lib build $(STUDY) --jobs $(JOBS) $(if $(DRAFT),--draft) $(limit) $(set)

site: .venv/.made  ## build every study under data/, and put them together: _site/index.html
	@$(bin)/python -m lib site --jobs $(JOBS) $(if $(STUDIES),--studies '$(STUDIES)') $(if $(DRAFT),--draft) $(limit)

chapter: .venv/.made  ## execute one chapter only: make chapter CHAPTER=transfer
	@$(bin)/python -m lib execute $(STUDY) $(CHAPTER) $(limit) $(set)

check: .venv/.made  ## check a study's data, and the links, pictures and addresses of its built book
	@$(bin)/python -m lib check $(STUDY)

test: STUDIES := $(or $(STUDIES),ja is et)
test: .venv-test/.made site  ## build the site of the first three studies (STUDIES=...), then run all tests
	@$(pytest) tests

lint: .venv-test/.made  ## check the form and the types of the code (ruff, basedpyright)
	@$(tests)/ruff check .
	@$(tests)/ruff format --check .
	@$(tests)/basedpyright --warnings

bench: .venv/.made  ## compare the resampling with the obvious loops
	@$(bin)/python -m lib bench

readme: book  ## renew README.md's numbers and picture from the built book
	@$(bin)/python -m lib readme

serve: book  ## build the book and show it at http://localhost:8000 (PORT=...)
	@$(bin)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/$(STUDY)/html

clean:  ## remove what was built; .venv stays
	rm -rf _build _site .doit.db* .pytest_cache .hypothesis .ruff_cache

# uv speaks with its own certificates, then, as in environment.sh, with the machine's.
compile := $(bin)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(LOCK_OPTIONS)

lock: .venv/.made  ## renew requirements.txt and requirements-test.txt from the .in files
	@for name in requirements requirements-test; do \
	  $(compile) $$name.in -o $$name.txt 2>/dev/null || \
	  $(compile) --system-certs $$name.in -o $$name.txt || exit 1; \
	done

# A stamp is as new as the lock that its environment was made from. The tests have an environment of their own, so that
# nothing of theirs can stand in for what the book's lock lacks.
.venv/.made: requirements.txt $(if $(PYTHON),FORCE)
	@sh lib/book/environment.sh .venv requirements.txt "$(PYTHON)"

.venv-test/.made: requirements-test.txt $(if $(PYTHON),FORCE)
	@sh lib/book/environment.sh .venv-test requirements-test.txt "$(PYTHON)"
