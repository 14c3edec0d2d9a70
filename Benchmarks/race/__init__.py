"""The race: Weir beside nginx, Olah, giftless and `git http-backend`, measured from outside, turn by turn.

    make bench                              everything: hours on a quiet machine
    make bench QUICK=1                      everything, small: some minutes for each group
    make bench SCENARIOS=warm,cold          some of it
    make bench OPTIONS="--rounds 5 --mib 512"

`python -m race --list` names the scenarios. Results go to Benchmarks/results/latest.json and docs/performance.md.
"""
