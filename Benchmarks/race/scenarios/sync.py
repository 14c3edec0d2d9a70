"""A sync of many small files from a git server, beside `git clone` of the same.

Each sync is of a repository that the hub never saw, and ends when its job says that it succeeded.
"""

import json
import shutil
import time

from ..git import git, history
from ..ledger import turns
from ..local_hub import LocalHub
from ..peers.http_backend import HTTPBackend
from ..processes import Watch

ENDS = {"succeeded", "failed", "cancelled"}


def wait(hub: LocalHub, name: str, files: int):
    begun = time.monotonic()
    answer = hub.weir.post("/api/gateway/v1/sync", json={"repo": f"model:{name}"}, headers=hub.headers)
    if answer.status_code >= 300:
        raise RuntimeError(f"POST /sync: {answer.status_code} {answer.text}")
    waiting = [job["id"] for job in answer.json()["jobs"]]
    while waiting:
        job = hub.weir.get(f"/api/gateway/v1/jobs/{waiting[0]}", headers=hub.headers).json()
        if job["state"] == "succeeded":
            waiting.pop(0)
        elif job["state"] in ENDS or time.monotonic() - begun > 1200:
            raise RuntimeError(f"the job did not succeed: {json.dumps(job)[:2000]}")
        else:
            time.sleep(0.01)


def run(options, ledger, home):
    home.mkdir(parents=True)
    source, files = home / "source.git", options.sync_files
    history(source, files, 1)
    backend = HTTPBackend(home / "backend")
    (backend.root / "bench").mkdir()
    for number in range(options.rounds + 1):
        shutil.copytree(source, backend.root / f"bench/many-{number}.git")
    try:
        with LocalHub(home / "weir", [{"name": "git", "type": "git-lfs", "url": backend.url}]) as hub:
            def sync(number: int) -> dict:
                with Watch(hub.pids) as seen:
                    wait(hub, f"bench/many-{number}", files)
                # What was synced is here: the upstream is not asked about it any more.
                listed = hub.weir.get(f"/api/models/bench/many-{number}", headers=hub.headers).json()["siblings"]
                if len(listed) != files:
                    raise RuntimeError(f"{len(listed)} files are here instead of {files}")
                return {"wall_s": seen.wall, "cpu_s": seen.cpu, "peak_rss_mib": seen.peak_mib}

            def clone(number: int) -> dict:
                begun = time.monotonic()
                git("clone", "--quiet", f"{backend.url}/bench/many-{number}.git", home / "clone")
                seconds = time.monotonic() - begun
                shutil.rmtree(home / "clone")
                return {"wall_s": seconds}

            # The first of each finds nothing in the page cache; it counts for neither.
            clone(options.rounds)
            sync(options.rounds)
            for number in range(options.rounds):
                for subject in turns(["weir", "git-clone"], number):
                    ledger.note("sync", subject, **(sync if subject == "weir" else clone)(number))
    finally:
        backend.stop()
