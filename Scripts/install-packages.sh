#!/usr/bin/env bash
# Installs the named Debian packages that are not there yet. Silent, and without network, when nothing is missing.
set -euo pipefail

if ! command -v swift >/dev/null; then
    echo "A Swift 6.2 or newer toolchain is needed: https://www.swift.org/install/linux/" >&2
    exit 1
fi

# Elsewhere than on Debian the compiler and pkg-config will name what is missing.
command -v dpkg-query >/dev/null || exit 0

missing=()
for package in "$@"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Missing packages: ${missing[*]}. Install them as root, or install sudo." >&2
        exit 1
    fi
    as_root=(sudo)
fi

echo "setup: installing ${missing[*]}"
# Another installation, of this script too, is waited for.
patience=(-o DPkg::Lock::Timeout=600)
"${as_root[@]}" apt-get update -qq "${patience[@]}"
# Tests start their own nginx on a free port; RUNLEVEL=1 keeps the package from starting one on port 80.
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install -y -qq "${patience[@]}" --no-install-recommends "${missing[@]}" >/dev/null
