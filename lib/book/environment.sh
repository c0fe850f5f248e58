#!/bin/sh
# Makes an environment of its own from an exact lock: environment.sh FOLDER LOCK [PYTHON].
# uv does the work where it runs, pip where it does not. Nothing is installed outside FOLDER.
set -eu
folder=$1
lock=$2
chosen=${3:-}
need="Python 3.11, 3.12 or 3.13"

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }
version() { "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null || echo missing; }
stop() { echo "$1" >&2; exit 1; }

find_python() {
  if [ -n "$chosen" ]; then set -- "$chosen"; else set -- python3 python3.13 python3.12 python3.11; fi
  for candidate in "$@"; do
    if suits "$candidate"; then echo "$candidate"; return; fi
  done
  stop "$need is needed, but $1 is $(version "$1"). Choose another with: make PYTHON=/path/to/python3.12 ..."
}

make_venv() {
  python=$(find_python)
  "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 ||
    stop "$python has no venv module. On Debian or Ubuntu: sudo apt install python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
  echo "Making $folder with $python ($(version "$python"))"
  "$python" -m venv --clear "$folder"
}

# The lock names uv with its hashes: its block alone is what pip installs first.
bootstrap_uv() {
  awk '/^uv==/ { on = 1 } on { print } on && !/\\$/ { exit }' "$lock" > "$folder/uv.txt"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    -r "$folder/uv.txt" >/dev/null 2>&1 && "$folder/bin/uv" --version >/dev/null 2>&1
}

# uv trusts its own certificates unless told to trust the machine's, which a company's proxy may need.
by_uv() {
  for trust in "" --system-certs; do
    VIRTUAL_ENV="$PWD/$folder" "$folder/bin/uv" pip sync --quiet --require-hashes $trust "$lock" 2>"$folder/uv.log" && return
  done
  return 1
}

by_pip() {
  echo "uv cannot install here: pip takes its place, and about a minute"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" && return
  if [ -s "$folder/uv.log" ]; then echo "Before that, uv said:" >&2; cat "$folder/uv.log" >&2; fi
  return 1
}

# An environment that works is kept, unless another Python is asked for.
if ! suits "$folder/bin/python" || ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
  make_venv
elif [ -n "$chosen" ] && [ "$(version "$chosen")" != "$(version "$folder/bin/python")" ]; then
  make_venv
fi

if [ "$folder/.made" -nt "$lock" ]; then exit; fi
echo "Installing $(grep -c '^[a-zA-Z0-9].*==' "$lock") packages of $lock"
{ bootstrap_uv && by_uv; } || by_pip || stop "The packages of $lock could not be installed; run the same command again once the network is there."
touch "$folder/.made"
