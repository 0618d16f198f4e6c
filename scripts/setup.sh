#!/usr/bin/env bash
# Makes what the commands of this repository need: node_modules and the Python environments under .venv/.
#
#   scripts/setup.sh [NAME…]     NAME is a folder of python/; without names, all of them
#
# Each part keeps a stamp with the hash of its lock file, so that a second run changes nothing.
# The stamp is removed first and written last: an interrupted run is repeated, never believed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
logs=.cache/setup
uv_version=$(tr -d '[:space:]' <python/uv-version)

fail() {
  printf 'setup: %s\n' "$1" >&2
  exit 1
}

# Runs a command with its output kept in a log, which is shown only if the command fails.
quietly() { # NAME COMMAND…
  local name=$1 log="$logs/$1.log"
  shift
  "$@" >"$log" 2>&1 </dev/null && return
  tail -n 40 "$log" >&2
  fail "$name could not be installed; the lines above are the end of $log. Run it again when the cause is gone."
}

digest() { # reads stdin
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

is_fresh() { # STAMP DIGEST
  [ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

need() { # COMMAND WHAT-FOR
  command -v "$1" >/dev/null || fail "$1 is not on the PATH; it is needed $2. Install $1 and run this again."
}

need git 'to know which files belong to the project'
need make 'to run the commands of the Makefile'
need node 'to install the JavaScript packages, one of which is the Node that the project runs on'
need npm 'to install the JavaScript packages'
need python3 'to make the Python environments'

node_major=$(node --version | sed 's/^v//; s/\..*//')
[ "$node_major" -ge 20 ] ||
  fail "node is $(node --version), too old for npm ci to work. Install Node 20 or newer and run this again."
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "python3 is $(python3 --version 2>&1), too old. Install Python 3.11 and run this again."

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for folder in python/*/; do names+=("$(basename "$folder")"); done
fi
for name in "${names[@]}"; do
  [ -f "python/$name/uv.lock" ] ||
    fail "there is no environment \"$name\"; the names are: $(cd python && printf '%s ' */ | tr -d /)"
done

mkdir -p .venv "$logs"
# Two runs in one clone take turns where flock exists (not on macOS).
if command -v flock >/dev/null; then
  exec 9>.venv/lock
  flock 9
fi

# --- npm -------------------------------------------------------------------------------------------
npm_stamp=node_modules/.pipegen-setup # npm ci removes it together with the folder
npm_digest=$(digest <package-lock.json)
if is_fresh "$npm_stamp" "$npm_digest"; then
  echo 'npm packages: up to date'
else
  quietly npm npm ci --no-progress --loglevel=warn
  if [ -d node_modules/node ] && ! node_modules/.bin/node --version >/dev/null 2>&1; then
    fail 'npm did not install the Node of the package "node": its install script was not run. Allow it (npm config set ignore-scripts false) and run this again.'
  fi
  mkdir -p node_modules
  echo "$npm_digest" >"$npm_stamp"
  echo 'npm packages: installed'
fi

# --- uv --------------------------------------------------------------------------------------------
find_uv() { # prints the path of a uv of the pinned version
  local candidate
  for candidate in .venv/uv/bin/uv "$(command -v uv || true)"; do
    case $("$candidate" --version 2>/dev/null) in
      "uv $uv_version" | "uv $uv_version "*) echo "$candidate" && return ;;
    esac
  done
  return 1
}

install_uv() {
  rm -rf .venv/uv
  python3 -m venv .venv/uv &&
    .venv/uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
}

# --- Python environments -----------------------------------------------------------------------------
install_environment() { # NAME
  "$uv" venv --quiet --clear --python "$python" ".venv/$1" &&
    "$uv" export --quiet --frozen --project "python/$1" --python "$python" --no-emit-project \
      --output-file "$logs/$1.txt" &&
    # Compiled now: where Python may not write bytecode, each start of dbt or Airflow would compile all of it again.
    "$uv" pip sync --require-hashes --compile-bytecode --python ".venv/$1/bin/python" "$logs/$1.txt"
}

uv='' python=''
for name in "${names[@]}"; do
  stamp=".venv/$name/.pipegen-setup"
  # The scripts of an environment hold its absolute path, so a moved clone makes its own again.
  wanted=$({ cat "python/$name/pyproject.toml" "python/$name/uv.lock" && echo "$uv_version $root compiled"; } | digest)
  if is_fresh "$stamp" "$wanted" && [ -x ".venv/$name/bin/python" ]; then
    echo "python $name: up to date"
    continue
  fi
  if [ -z "$uv" ]; then
    export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
    unset VIRTUAL_ENV
    uv=$(find_uv) || {
      quietly uv install_uv
      uv=$(find_uv) || fail "uv $uv_version was installed to .venv/uv but does not start; see $logs/uv.log."
      echo "uv $uv_version: installed"
    }
    # uv does not read pip's configuration; where pip is sent to another index, send uv there too.
    if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
      index=${PIP_INDEX_URL:-$(python3 -m pip config get global.index-url 2>/dev/null || true)}
      if [ -n "$index" ]; then export UV_DEFAULT_INDEX=$index; fi
    fi
    python=$("$uv" python find --system 3.11 2>/dev/null) ||
      fail 'no Python 3.11 was found, which Airflow 2.11 and the lock files are made for. Install it (it may stand beside a newer one) and run this again.'
  fi
  rm -f "$stamp"
  quietly "$name" install_environment "$name"
  echo "$wanted" >"$stamp"
  echo "python $name: installed"
done
