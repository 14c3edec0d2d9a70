"""Measures how long a sync of many small files takes, beside `git clone` of the same upstream in the same run.

    make bench                     runs it after the race and the service
    WEIR_BENCH_QUICK=1             fewer files, once
    WEIR_BENCH_FILES=5000          how many files
    WEIR_BENCH_ROUNDS=3            how often each

The upstream is `git http-backend` behind nginx and fcgiwrap. A round is one clone and one sync, in turns as to which is
first; each sync is of a repository that the hub never saw, and ends when its job says that it succeeded.
"""

import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import tempfile
import time

from bench import BINARY, QUICK, ROOT, Weir, cpu_seconds, mirror_document, tree, version_of
from service import HTTPBackend, git

ROUNDS = int(os.environ.get("WEIR_BENCH_ROUNDS", 2 if QUICK else 5))
FILES = int(os.environ.get("WEIR_BENCH_FILES", 1_000 if QUICK else 5_000))
RESULT = ROOT / "Benchmarks/results/sync.json"
ROW = f"sync {FILES}-files"
# Metric -> (target in words, whether a value meets it).
TARGETS = {"clone_over_sync": ("at least 0.8 times as fast as git clone", lambda value: value >= 0.8)}
ENDS = {"succeeded", "failed", "cancelled"}


def publish(backend: HTTPBackend, home: pathlib.Path):
    """`bench/many-N.git`, one for each round: the same files under one commit."""
    work = home / "work"
    work.mkdir()
    git("init", "--quiet", "-b", "main", str(work))
    (work / "README.md").write_text("---\nlicense: apache-2.0\n---\n# many\n")
    for number in range(FILES - 1):
        folder = work / f"part-{number // 100:03}"
        folder.mkdir(exist_ok=True)
        # As configuration and annotations are: some hundred bytes up to a few KiB, no two alike.
        (folder / f"{number % 100:02}.json").write_text(
            json.dumps({"id": number, "text": f"{number * 2654435761 % 2**32:x} " * (10 + number % 200)}))
    git("add", "--all", cwd=work)
    git("commit", "--quiet", "--message", "Many small files", cwd=work)
    for number in range(ROUNDS + 1):
        url = backend.create(f"bench/many-{number}")
        git("push", "--quiet", url, "HEAD:refs/heads/main", cwd=work)
        # As a server keeps it: one pack with its bitmap.
        git("--git-dir", str(backend.root / f"bench/many-{number}.git"), "repack", "-adbq")


def clone(backend: HTTPBackend, home: pathlib.Path, number: int) -> float:
    begun = time.monotonic()
    git("clone", "--quiet", f"http://127.0.0.1:{backend.port}/bench/many-{number}.git", str(home / f"clone-{number}"))
    seconds = time.monotonic() - begun
    shutil.rmtree(home / f"clone-{number}")
    return seconds


def sync(weir: Weir, headers: dict, number: int) -> tuple[float, float]:
    """(wall seconds until the job succeeded, CPU seconds of the server)."""
    used, begun = cpu_seconds(tree(weir.process.pid)), time.monotonic()
    answer = weir.post("/api/gateway/v1/sync", json={"repo": f"model:bench/many-{number}"}, headers=headers)
    if answer.status_code >= 300:
        raise SystemExit(f"POST /sync: {answer.status_code} {answer.text}")
    waiting = [job["id"] for job in answer.json()["jobs"]]
    while waiting:
        job = weir.get(f"/api/gateway/v1/jobs/{waiting[0]}", headers=headers).json()
        if job["state"] == "succeeded":
            waiting.pop(0)
        elif job["state"] in ENDS or time.monotonic() - begun > 600:
            raise SystemExit(f"the job did not succeed: {json.dumps(job)[:2000]}\n{weir.log()[-2000:]}")
        else:
            time.sleep(0.01)
    seconds = time.monotonic() - begun
    used = cpu_seconds(tree(weir.process.pid)) - used
    # What was synced is here: the upstream is not asked about it any more.
    listed = weir.get(f"/api/models/bench/many-{number}", headers=headers).json()["siblings"]
    if len(listed) != FILES:
        raise SystemExit(f"{len(listed)} files are here instead of {FILES}")
    return seconds, used


def main():
    home = pathlib.Path(tempfile.mkdtemp(prefix="weir-bench-", dir=os.environ.get("WEIR_BENCH_DIR")))
    load = os.getloadavg()[0]
    samples: dict[str, list[float]] = {}
    try:
        backend = HTTPBackend(home / "backend")
        (home / "hub").mkdir()
        weir = Weir(home / "hub", [mirror_document("bench", [
            {"name": "git", "type": "git-lfs", "url": f"http://127.0.0.1:{backend.port}"}])],
            flags=("--log-level", "warning"))
        try:
            publish(backend, home)
            weir.start()
            headers = {"Authorization": f"Bearer {weir.token('ada', 'admin', admin=True)}"}
            # The first of each finds nothing in the page cache and nothing compiled; it counts for neither.
            clone(backend, home, ROUNDS)
            sync(weir, headers, ROUNDS)
            for number in range(ROUNDS):
                if number % 2 == 0:
                    cloned = clone(backend, home, number)
                    synced, used = sync(weir, headers, number)
                else:
                    synced, used = sync(weir, headers, number)
                    cloned = clone(backend, home, number)
                values = {"sync_s": synced, "git_clone_s": cloned, "clone_over_sync": cloned / synced, "cpu_s": used}
                for metric, value in values.items():
                    samples.setdefault(metric, []).append(value)
                print(f"{ROW:28} " + "  ".join(f"{name} {value:.3f}" for name, value in values.items()), flush=True)
        finally:
            weir.stop()
            backend.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    rows = []
    for metric, values in samples.items():
        median = statistics.median(values)
        target, meets = TARGETS.get(metric, (None, None))
        rows.append({"row": ROW, "metric": metric, "median": median, "min": min(values), "max": max(values),
                     "runs": len(values), **({"target": target, "met": meets(median)} if target else {})})
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps({
        "machine": {"cpu": cpu.group(1) if cpu else platform.machine(), "cores": os.cpu_count(),
                    "kernel": platform.release(), "load_average_before": load, "load_average": os.getloadavg()[0]},
        "versions": {"weir": version_of(str(BINARY), "--version"), "nginx": version_of("/usr/sbin/nginx", "-v"),
                     "git": version_of("git", "--version")},
        "rows": rows}, indent=1) + "\n")
    print()
    for row in rows:
        verdict = "" if "met" not in row else f"   {'met' if row['met'] else 'NOT MET'}: {row['target']}"
        print(f"{row['row'] + ' ' + row['metric']:44}{row['median']:>12.3f}{verdict}")
    print(f"written to {RESULT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
