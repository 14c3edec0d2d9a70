"""Lists, searches, start and memory of a big catalogue, and how cost grows: `Benchmarks/catalogue.py` measures them."""

import json
import os
import subprocess

from ..ledger import Skip
from ..paths import BENCHMARKS, BINARY, RESULTS, python_of


def run(options, ledger, home):
    result = RESULTS / "catalogue.json"
    before = result.stat().st_mtime_ns if result.exists() else 0
    done = subprocess.run(
        [str(python_of("test")), str(BENCHMARKS / "catalogue.py")], cwd=BENCHMARKS.parent,
        env={**os.environ, "WEIR_BIN": str(BINARY), "WEIR_BENCH_BINARY": str(BINARY),
             "WEIR_BENCH_REPOSITORIES": str(options.repositories), **({"WEIR_BENCH_QUICK": "1"} if options.quick else {})})
    if not result.exists() or result.stat().st_mtime_ns == before:
        raise Skip(f"Benchmarks/catalogue.py ended with {done.returncode} and wrote no results")
    for row in json.loads(result.read_text())["rows"]:
        values = {row["metric"]: row["median"]}
        if "p95" in row:
            values["p95_s"] = row["p95"]
        ledger.note(row["row"], "weir", **values)
        if "met" in row:
            ledger.told.append({"group": "catalogue", "goal": f"{row['row']}, {row['metric'].replace('_', ' ')}",
                                "target": row["target"], "unit": "", "value": row.get("p95", row["median"]),
                                "met": row["met"]})
