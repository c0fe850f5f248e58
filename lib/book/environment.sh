#!/bin/sh
# Makes .venv from the exact lock: environment.sh book|test [PYTHON].
# uv does the work where it runs, pip where it does not. Nothing is installed outside .venv.
set -eu
wanted=$1
chosen=${2:-}
need="Python 3.11, 3.12 or 3.13"

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }
version() { "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null || echo missing; }
stop() { echo "$1" >&2; exit 1; }

find_python() {
  for candidate in ${chosen:-python3 python3.13 python3.12 python3.11}; do
    if suits "$candidate"; then echo "$candidate"; return; fi
  done
  first=${chosen:-python3}
  stop "$need is needed, but $first is $(version "$first"). Choose another with: make PYTHON=/path/to/python3.12 ..."
}

make_venv() {
  python=$(find_python)
  "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 ||
    stop "$python has no venv module. On Debian or Ubuntu: sudo apt install python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
  echo "Making .venv with $python ($(version "$python"))"
  "$python" -m venv --clear .venv
}

# The lock names uv with its hashes: its block alone is what pip installs first.
bootstrap_uv() {
  awk '/^uv==/ { on = 1 } on { print } on && !/\\$/ { exit }' "$1" > .venv/uv.txt
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    -r .venv/uv.txt >/dev/null 2>&1 && .venv/bin/uv --version >/dev/null 2>&1
}

# A .venv that works is kept, unless another Python is asked for.
if ! suits .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  make_venv
elif [ -n "$chosen" ] && [ "$(version "$chosen")" != "$(version .venv/bin/python)" ]; then
  make_venv
fi

# The test lock holds the book's too; once there, it stays.
lock=requirements.txt
if [ "$wanted" = test ] || [ -e .venv/.test ]; then lock=requirements-test.txt; fi
echo "Installing $(grep -c '^[a-zA-Z0-9].*==' "$lock") packages of $lock"
if bootstrap_uv "$lock"; then
  VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv pip sync --quiet --require-hashes "$lock"
else
  echo "uv does not run here: pip takes its place, and about a minute"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
fi
touch .venv/.book
if [ "$lock" = requirements-test.txt ]; then touch .venv/.test; fi
