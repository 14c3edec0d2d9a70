#!/usr/bin/env bash
# huggingface_hub's own test-suite against a fresh Weir, from a checkout that you bring:
#
#   git clone --branch v1.28.0 https://github.com/huggingface/huggingface_hub somewhere
#   Scripts/huggingface-suite.sh somewhere                                  all of it
#   Scripts/huggingface-suite.sh somewhere tests/test_hf_api.py -k whoami   what pytest is told
#
# Neither the checkout nor its tests are changed: the endpoint, the names and the tokens are handed in by
# Tests/HuggingFaceSuite/weir_suite.py. A failure that docs/compatibility.md lists is expected; any other fails the run.
#
#   WEIR                the binary                               (.build/release/weir)
#   WEIR_SUITE_PYTHON   an interpreter that has the checkout and its tests' packages installed
#                       (a virtual environment is made in WEIR_SUITE_DATA otherwise)
#   WEIR_SUITE_TIMEOUT  seconds that one test may take           (600)
#   WEIR_SUITE_DATA     where everything of the run goes         (a temporary folder, removed at the end)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

checkout=$(cd "${1:?the folder of a huggingface_hub checkout}" && pwd)
shift
weir=$(realpath "${WEIR:-$root/.build/release/weir}")
server=
if [ -n "${WEIR_SUITE_DATA:-}" ]; then
    mkdir -p "$WEIR_SUITE_DATA"
    data=$(realpath "$WEIR_SUITE_DATA")
    rm -rf "$data/hub" "$data/home"
    keep=1
else
    data=$(mktemp -d)
    keep=
fi

finish() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    if [ -z "$keep" ]; then rm -rf "$data"; fi
}
trap finish EXIT

python=${WEIR_SUITE_PYTHON:-$data/python/bin/python}
if [ -z "${WEIR_SUITE_PYTHON:-}" ] && [ ! -x "$python" ]; then
    python3 -m venv "$data/python"
    # What setup.py calls "testing", less duckdb: its tests need the public datasets server.
    "$python" -m pip install --quiet --editable "$checkout[oauth]" hf-xet 'pytest>=8.4.2' pytest-cov pytest-env \
        pytest-xdist pytest-vcr pytest-asyncio 'pytest-rerunfailures>=16.2' pytest-mock pytest-timeout \
        'urllib3<2.0' Jinja2 jedi soundfile Pillow numpy fastapi
fi

# The people whom the suite knows from the staging hub.
hub="$data/hub"
for user in DummyHubUser DVUser EnterpriseAdmin; do "$weir" user create "$user" --data "$hub" >/dev/null; done
"$weir" org create valid_org_hub --full-name "Dummy Hub Org" --owner DummyHubUser --data "$hub" >/dev/null
"$weir" org create EnterpriseOrgPrivate --owner EnterpriseAdmin --private-by-default --data "$hub" >/dev/null
token() { "$weir" token create --user "$1" --scope write --name ci --data "$hub"; }
export WEIR_SUITE_USER=DummyHubUser WEIR_SUITE_TOKEN WEIR_SUITE_OTHER_TOKEN WEIR_SUITE_ENTERPRISE_TOKEN
WEIR_SUITE_TOKEN=$(token DummyHubUser)
WEIR_SUITE_OTHER_TOKEN=$(token DVUser)
WEIR_SUITE_ENTERPRISE_TOKEN=$(token EnterpriseAdmin)

"$weir" serve --data "$hub" --listen 127.0.0.1:0 >"$data/weir.out" 2>"$data/weir.log" &
server=$!
for _ in $(seq 300); do
    address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$data/weir.out" | head -n 1) && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
if [ -z "${address:-}" ]; then
    tail -n 5 "$data/weir.log" >&2
    exit 1
fi

mkdir -p "$data/home"
# pyproject.toml's own environment would choose the staging hub whatever HF_ENDPOINT says: it is overridden.
cd "$checkout"
status=0
env -u http_proxy -u https_proxy -u all_proxy -u HTTP_PROXY -u HTTPS_PROXY -u ALL_PROXY -u no_proxy -u NO_PROXY \
    HOME="$data/home" HF_HOME="$data/home/huggingface" HF_ENDPOINT="$address" RUN_GIT_LFS_TESTS=1 HF_TOKEN= \
    PYTHONPATH="$root/Tests/HuggingFaceSuite:$checkout" PYTHONDONTWRITEBYTECODE=1 \
    WEIR_SUITE_KNOWN="$root/docs/compatibility.md" \
    "$python" -m pytest -p weir_suite -p no:cacheprovider --override-ini addopts= --override-ini env= \
    -Werror::FutureWarning -q --tb=short \
    --timeout "${WEIR_SUITE_TIMEOUT:-600}" --no-header --color=no --disable-warnings "${@:-tests}" \
    || status=$?
exit "$status"
