#!/usr/bin/env bash
# The unit tests of the release build, which the client tests use too: building twice took longer than all unit tests.
# Of hundreds that pass, a line is enough; what did not is what a reader wants. All lines are in .build/unit-tests.txt.
#
# A few at a time: all at once, some that wait for an answer starved, and Foundation's Process crashed now and then,
# probably from too many open descriptors.
#
# What failed is told and run once more, one after the other: beside the client tests a test that waits for another task
# may wait for minutes. A run that did not come to its end has failed.
set -euo pipefail
cd "$(dirname "$0")/.."

events=.build/unit-tests.jsonl

# run RECORD WIDTH ARGUMENTS…
run() {
    SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$2 .build/release/weirPackageTests.xctest \
        --testing-library swift-testing --event-stream-version 0 --event-stream-output-path "$events" "${@:3}" >"$1" 2>&1
}

# A bound on both, because an expectation about bytes prints all of them.
failures() {
    grep -aE '^✘|error: |Fatal error|Exited with' "$1" | cut -c1-600 | tail -n 60 || tail -n 60 "$1" | cut -c1-600
}

record=.build/unit-tests.txt
if run "$record" 4 "$@"; then
    tail -n 1 "$record"
    exit 0
fi
echo "unit: what failed"
failures "$record"
grep -aq 'Test run with' "$record" || exit 1
again=$(python3 Scripts/failed-tests.py "$events")
[[ -n $again ]] || exit 1
echo "unit: what failed is run once more, one test at a time"
record=.build/unit-tests-again.txt
if run "$record" 1 --filter "$again"; then
    tail -n 1 "$record"
    grep -aqE 'Test run with [1-9]' "$record"
    exit
fi
failures "$record"
exit 1
