#!/bin/sh
# Makes a Python environment with exactly what a lock file names: python-environment.sh PROJECT ENVIRONMENT
set -eu
project=$1 environment=$2
uv=/opt/uv/bin/uv
requirements=$(mktemp)
"$uv" venv --quiet --python /usr/bin/python3 "$environment"
"$uv" export --quiet --frozen --project "$project" --python /usr/bin/python3 --no-emit-project --output-file "$requirements"
"$uv" pip sync --quiet --require-hashes --compile-bytecode --python "$environment/bin/python" "$requirements"
rm "$requirements"
