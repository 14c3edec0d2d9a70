#!/usr/bin/env bash
# The library DuckDB for the dataset viewer, at .assets/duckdb. It comes from a package with a known digest, built for
# Python 3.11, whose own library it needs beside it. Another libduckdb.so does as well: name it in WEIR_LIBDUCKDB.
set -euo pipefail
cd "$(dirname "$0")/.."

Scripts/install-packages.sh python3-venv libpython3.11
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
${PYTHON:-python3} -m venv "$work/venv"
"$work/venv/bin/python" -m pip download --quiet --no-input --disable-pip-version-check --no-deps --require-hashes \
    --only-binary :all: --python-version 3.11 --dest "$work" --requirement Scripts/duckdb.txt
mkdir -p .assets/duckdb
"$work/venv/bin/python" - "$work"/duckdb-*.whl .assets/duckdb <<'PYTHON'
import os, sys, zipfile

with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name in wheel.namelist():
        if name.startswith("_duckdb.") or name.endswith("licenses/LICENSE"):
            with open(os.path.join(sys.argv[2], os.path.basename(name)), "wb") as file:
                file.write(wheel.read(name))
PYTHON
touch .assets/duckdb/.complete
