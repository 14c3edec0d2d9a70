#!/usr/bin/env bash
# The unit tests, with the lines that matter last: of hundreds that pass, the ones that did not are what a reader wants.
#
# They run in the release build, which the client tests use too: building twice took longer than all unit tests.
# A few at a time: all at once, some that wait for an answer starved, and Foundation's Process crashed now and then,
# probably from too many open descriptors.
set -euo pipefail
cd "$(dirname "$0")/.."

record=.build/unit-tests.txt
mkdir -p .build
swift build -c release --build-tests
if SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 .build/release/weirPackageTests.xctest \
    --testing-library swift-testing "$@" 2>&1 | tee "$record"; then
    exit 0
fi
echo
echo "unit: what failed"
# A bound on both, because an expectation about bytes prints all of them.
grep -aE '^✘|error: |Fatal error|Exited with' "$record" | cut -c1-600 | tail -n 60
exit 1
