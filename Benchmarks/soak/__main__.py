"""`python -m soak --minutes 120`: runs the load, looks every few seconds, and writes Benchmarks/results/soak.json."""

import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import statistics
import sys
import tempfile
import time

from race import report
from race.local_hub import LocalHub
from race.machine import machine, versions
from race.paths import RESULTS, scratch_folder
from race.processes import cpu_seconds, memory_mib
from race.upstream import Front, Hub

from .load import Load, leftovers

WARM_UP = 0.2
SLOPE, LEAST_HOURS = 1.0, 1.5
QUIET_SECONDS = 30


def slope_per_hour(samples: list[dict], key: str) -> float:
    """The least-squares line through what was seen after the warm-up."""
    later = samples[int(len(samples) * WARM_UP):]
    xs, ys = [each["t"] / 3600 for each in later], [each[key] for each in later]
    x, y = statistics.mean(xs), statistics.mean(ys)
    below = sum((each - x) ** 2 for each in xs)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys)) / below if below else 0.0


def look(pid: int, pids: list[int], begun: float) -> dict:
    return {"t": round(time.monotonic() - begun, 1), "rss_mib": round(memory_mib([pid], "VmRSS"), 1),
            "anonymous_mib": round(memory_mib([pid], "RssAnon"), 1), "all_rss_mib": round(memory_mib(pids, "VmRSS"), 1),
            "descriptors": len(os.listdir(f"/proc/{pid}/fd")), "threads": len(os.listdir(f"/proc/{pid}/task")),
            "cpu_s": round(cpu_seconds(pids), 1)}


def open_things(pid: int) -> dict[str, int]:
    """What the descriptors are: kinds and files, digests and numbers left out."""
    found = collections.Counter()
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue
        kind = target.split(":")[0] if not target.startswith("/") else re.sub(r"[0-9a-f]{6,}|/[0-9a-f]{2}(?=/)", "*", target)
        found["/".join(kind.split("/")[-4:])] += 1
    return dict(found.most_common(20))


def judged(minutes: float, before: dict, after: dict, samples: list[dict], left: list[str], load: Load) -> list[dict]:
    slope = slope_per_hour(samples, "rss_mib")
    hours = minutes / 60 * (1 - WARM_UP)
    # A slope of a short time is that of a server that is still filling its caches.
    return [
        {"group": "soak", "goal": "memory's slope after warm-up", "target": f"< {SLOPE:g} MiB/h", "value": slope, "unit": "MiB/h",
         "met": slope < SLOPE if hours >= LEAST_HOURS else None},
        {"group": "soak", "goal": "descriptors more than before, at rest", "target": "≤ 8", "unit": "",
         "value": after["descriptors"] - before["descriptors"], "met": after["descriptors"] - before["descriptors"] <= 8},
        {"group": "soak", "goal": "temporary files left", "target": "≤ 0", "unit": "", "value": len(left), "met": not left},
        {"group": "soak", "goal": "pieces of work that failed", "target": "≤ 0", "unit": "",
         "value": sum(load.failures.values()), "met": not load.failures}]


def section(found: dict) -> str:
    words = [f"{found['at']} UTC", f"{found['minutes']:g} minutes", f"revision {found['versions']['revision']}",
             *([found["note"]] if found["note"] else [])]
    rows = found["samples"]
    marks = sorted({round(part * (len(rows) - 1) / 6) for part in range(7)})
    return "\n\n".join([
        f"*{', '.join(words)}.*",
        report.table(["goal", "target", "measured", ""], [
            [goal["goal"], goal["target"], f"{report.number(goal['value'])} {goal['unit']}".strip(), report.verdict(goal)]
            for goal in found["goals"]]),
        report.table(["minute", "memory MiB", "of it anonymous", "descriptors", "threads", "CPU s"], [
            [f"{rows[mark]['t'] / 60:.0f}", *(report.number(rows[mark][key]) for key in
                                            ("rss_mib", "anonymous_mib", "descriptors", "threads", "cpu_s"))] for mark in marks]),
        "Done: " + ", ".join(f"{count} {name}" for name, count in found["done"].items()) + "."
        + (f" Failed: {found['failed']}; the last: {found['last_failure']}." if found["failed"] else "")])


def main() -> int:
    parser = argparse.ArgumentParser(prog="soak")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--every", type=float, default=5, help="seconds between two looks")
    parser.add_argument("--mib", type=int, default=128, help="size of the big file")
    parser.add_argument("--note", default=os.environ.get("WEIR_BENCH_NOTE", ""))
    asked = parser.parse_args()
    home = pathlib.Path(tempfile.mkdtemp(prefix="weir-soak-", dir=scratch_folder()))
    samples = []
    try:
        (home / "upstream").mkdir()
        hub = Hub(home / "upstream", asked.mib)
        front = Front(home / "front", hub, ["weir"])
        gateway = LocalHub(home / "gateway", [{"name": "hub", "type": "huggingface", "url": front.url("weir")}])
        pid = gateway.weir.process.pid
        try:
            with Load(home, gateway, front, hub) as load:
                # Before the first look, what every server opens once is open.
                time.sleep(min(20, asked.minutes * 6))
                begun = time.monotonic()
                while time.monotonic() - begun < asked.minutes * 60:
                    samples.append(look(pid, gateway.pids(), begun))
                    if len(samples) % 60 == 1:
                        print(json.dumps(samples[-1]), f"failed {sum(load.failures.values())}", load.last_failure, flush=True)
                    time.sleep(asked.every)
                before = min(samples[:max(1, len(samples) // 5)], key=lambda each: each["descriptors"])
            busy = open_things(pid)
            time.sleep(QUIET_SECONDS)
            resting = open_things(pid)
            after, left = look(pid, gateway.pids(), begun), leftovers(gateway.weir.data)
            log = [line for line in gateway.weir.log().splitlines() if '"level":"error"' in line or '"level":"critical"' in line]
        finally:
            gateway.stop()
            front.stop()
            hub.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    found = {"at": time.strftime("%Y-%m-%d %H:%M", time.gmtime()), "minutes": asked.minutes, "note": asked.note,
             "machine": machine(), "versions": versions(), "goals": judged(asked.minutes, before, after, samples, left, load),
             "done": load.counts, "failed": load.failures, "last_failure": load.last_failure, "left": left[:100],
             "errors": log[-20:], "at_rest": after, "open_when_busy": busy, "open_at_rest": resting,
             "samples": samples}
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "soak.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    report.write_section("soak", section(found))
    print(section(found))
    return 0 if all(goal["met"] is not False for goal in found["goals"]) else 1


if __name__ == "__main__":
    sys.exit(main())
