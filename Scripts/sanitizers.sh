#!/usr/bin/env bash
# The unit tests once under the thread sanitizer and once under the address sanitizer, each with a build of its own:
# `Scripts/sanitizers.sh thread address --filter BlobStoreTests`. An hour and a half on two processors.
#
# Bounds on time are missed now and then at a tenth of the speed: what counts is what the sanitizers say.
set -euo pipefail
cd "$(dirname "$0")/.."

kinds=()
while [[ ${1:-} == thread || ${1:-} == address ]]; do kinds+=("$1"); shift; done
[[ ${#kinds[@]} -gt 0 ]] || kinds=(thread address)
found=0
for kind in "${kinds[@]}"; do
    scratch=.build/sanitize-$kind
    swift build --build-tests --sanitize="$kind" --scratch-path "$scratch"
    record=$scratch/unit-tests.txt
    reports=$PWD/$scratch/report
    rm -f "$reports".*
    preload=
    if [[ $kind == thread ]]; then
        preload=$PWD/$scratch/order.so
        clang -shared -fPIC -O1 -o "$preload" Scripts/sanitizers/order.c -ldl
    fi
    # The thread sanitizer's shadow does not fit the addresses that newer kernels draw at random.
    TSAN_OPTIONS="halt_on_error=0 history_size=4 log_path=$reports" \
        ASAN_OPTIONS="detect_leaks=0 log_path=$reports" \
        SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 LD_PRELOAD=$preload \
        setarch --addr-no-randomize "$scratch/debug/weirPackageTests.xctest" --testing-library swift-testing "$@" \
        >"$record" 2>&1 || { grep -aE '^✘ Test|Fatal error' "$record" || tail -n 3 "$record"; } | cut -c1-300 | tail -n 40
    grep -a 'Test run with' "$record" | cut -c1-300 || echo "sanitizers: the tests did not come to their end"
    if compgen -G "$reports.*" >/dev/null; then
        echo "sanitizers: reports of the $kind sanitizer:"
        grep -ah SUMMARY "$reports".* | sort | uniq -c | cut -c1-300
        found=1
    else
        echo "sanitizers: nothing to report by the $kind sanitizer"
    fi
done
exit $found
