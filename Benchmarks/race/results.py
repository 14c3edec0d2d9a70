"""Benchmarks/results/latest.json: what was measured last of each group, kept when only some groups run."""

import json
import os

from .goals import judged
from .ledger import Ledger
from .machine import machine, versions
from .paths import RESULTS

LATEST = RESULTS / "latest.json"


def known() -> dict:
    try:
        found = json.loads(LATEST.read_text())
        return found if "groups" in found else {}
    except (OSError, ValueError):
        return {}


def written(ledger: Ledger, fresh: bool) -> dict:
    """Writes and returns the report. Rows of groups that did not run now stay, with when and of which version."""
    earlier = {} if fresh else known()
    done = set(ledger.taken)
    here, now = machine(), versions()
    groups = {name: {**told, "versions": now, "machine": here} for name, told in ledger.taken.items()}
    kept = {name: told for name, told in earlier.get("groups", {}).items() if name not in done}
    rows = [row for row in earlier.get("rows", []) if row["group"] in kept] + ledger.rows()
    told = [goal for goal in earlier.get("told", []) if goal["group"] in kept] + ledger.told
    skipped = {name: why for name, why in earlier.get("skipped", {}).items() if name in kept} | ledger.skipped
    report = {"machine": {**here, "load_average": os.getloadavg()[0]}, "versions": now, "groups": {**kept, **groups},
              "rows": rows, "told": told, "skipped": skipped, "goals": judged(rows, told)}
    RESULTS.mkdir(parents=True, exist_ok=True)
    LATEST.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    return report
