#!/usr/bin/env bash
# The unit tests of the release build, which the client tests use too: building twice took longer than all unit tests.
# Of hundreds that pass, a line is enough; what did not is what a reader wants. All lines are in .build/unit-tests.txt.
#
# A few at a time: all at once, some that wait for an answer starved, and Foundation's Process crashed now and then,
# probably from too many open descriptors.
set -euo pipefail
cd "$(dirname "$0")/.."

record=.build/unit-tests.txt
if SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 .build/release/weirPackageTests.xctest \
    --testing-library swift-testing "$@" >"$record" 2>&1; then
    tail -n 1 "$record"
    exit 0
fi
echo "unit: what failed"
# A bound on both, because an expectation about bytes prints all of them.
grep -aE '^✘|error: |Fatal error|Exited with' "$record" | cut -c1-600 | tail -n 60 || tail -n 60 "$record" | cut -c1-600
exit 1
