#!/usr/bin/env bash
# What the website wears and did not make itself, at .assets/web: htmx, an editor, formulas, diagrams, fonts, icons.
# These are others' works, and so are taken from packages with known digests, never committed. Pages work without them.
#
#   web-assets.sh          all of it
#   web-assets.sh icons    the icons alone, after a page began to use another one
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
if [ "${1:-}" = icons ] && [ -f .assets/lucide.zip ] && [ -d .assets/web ]; then
    exec "$python" Scripts/web-assets.py icons .assets/lucide.zip .assets/web
fi

fonts=(libjs-katex fonts-katex fonts-inter-variable fonts-jetbrains-mono)
Scripts/install-packages.sh python3-venv "${fonts[@]}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/venv"
pip=("$work/venv/bin/python" -m pip --quiet --no-input --disable-pip-version-check)
"${pip[@]}" download --no-deps --require-hashes --dest "$work/wheels" --requirement Scripts/web-assets.txt
"${pip[@]}" install --no-deps --require-hashes --only-binary :all: --requirement Scripts/web-assets-tools.txt

if command -v dpkg-query >/dev/null; then
    dpkg-query --show --showformat='assets: ${Package} ${Version}\n' "${fonts[@]}" | tee "$work/debian.txt"
else
    : >"$work/debian.txt"
fi
"$work/venv/bin/python" Scripts/web-assets.py all "$work/wheels" "$work/web" "$work/debian.txt"
mkdir -p .assets
cp "$work/wheels/lucide.zip" .assets/lucide.zip
rm -rf .assets/web
mv "$work/web" .assets/web
"$python" Scripts/web-assets.py icons .assets/lucide.zip .assets/web
