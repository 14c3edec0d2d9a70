"""Reads the events of a run of Swift tests, and prints the expression by which `--filter` runs again what failed.

    python3 Scripts/failed-tests.py .build/unit-tests.jsonl
"""

import json
import re
import sys


def failed(lines) -> list[str]:
    """Names of the tests that recorded an issue nobody had announced; arguments and places in files left out."""
    names = {}
    for line in lines:
        record = json.loads(line)
        event = record.get("payload", {})
        if record.get("kind") != "event" or event.get("kind") != "issueRecorded" or event.get("issue", {}).get("isKnown"):
            continue
        names[re.sub(r"/[^/]*\.swift:\d+:\d+$", "", event.get("testID", ""))] = None
    return [name for name in names if name]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
        print("|".join(f"^{re.escape(name)}($|/)" for name in failed(file)))
