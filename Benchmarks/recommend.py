"""Ranks 100,000 invented models with the release binary, and compares its recommendations with simpler ones."""

import json
import pathlib
import statistics
import subprocess
import sys

WEIR = pathlib.Path(__file__).resolve().parent.parent / ".build" / "release" / "weir"
TARGET_SECONDS = 0.05


def evaluate(*arguments: str) -> dict:
    command = [str(WEIR), "recommend", "evaluate", *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> int:
    times = evaluate("--rank", "100000")
    ranks = sorted(times["rankSeconds"])
    median, slowest = statistics.median(ranks), ranks[-1]
    print(f"{times['rankedItems']} models: index {times['buildSeconds']:.2f} s, "
          f"one scene {median * 1e3:.1f} ms (slowest of {len(ranks)}: {slowest * 1e3:.1f} ms), "
          f"target {TARGET_SECONDS * 1e3:.0f} ms: {'met' if median <= TARGET_SECONDS else 'MISSED'}")
    for seed in (21, 22, 23):
        told = evaluate("--seed", str(seed))
        print(f"seed {seed}: {told['users']} organisations, {told['items']} models")
        for ranking in told["rankings"]:
            ndcg, recall = ranking["ndcg@10"], ranking["recall@20"]
            print(f"  {ranking['name']:<11} NDCG@10 {ndcg['mean']:.3f} [{ndcg['low']:.3f}, {ndcg['high']:.3f}]  "
                  f"Recall@20 {recall['mean']:.3f}  coverage {ranking['coverage']:.2f}  "
                  f"violations {ranking['licenseViolations']:.3f}/{ranking['hardwareViolations']:.3f}")
        lead = told["lead"]
        print(f"  ahead of the best of the others by {lead['mean']:.3f} [{lead['low']:.3f}, {lead['high']:.3f}]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
