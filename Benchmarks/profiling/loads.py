"""Loads for a profile: each prepares a server and returns (pids of the server, what to do again and again, clean up)."""

import contextlib
import pathlib
import shutil
import subprocess

from race import processors
from race.clients import download, heads, rate
from race.contestants import WeirContestant
from race.git import git, history
from race.local_hub import LocalHub
from race.paths import BENCHMARKS, write_random
from race.scenarios import lfs_batch, metadata, sync, upload
from race.scenarios.clone import pack
from race.scenarios.serving import front, hub, running
from race.peers.http_backend import HTTPBackend
from race.processes import settle


@contextlib.contextmanager
def big_file(home: pathlib.Path, mib: int):
    with hub(home / "upstream", mib) as source, front(home / "front", source, ["weir"]) as before:
        with running(WeirContestant("weir", home, before)) as contestant:
            yield contestant


@contextlib.contextmanager
def warm(home, streams: int, ranged: bool = False):
    with big_file(home, 512) as contestant:
        part = contestant.front.hub.size // 64
        jobs = [{"path": contestant.path(), **({"range": [n * part, (n + 1) * part - 1]} if ranged else {})}
                for n in range(streams)]
        download(contestant.port, [{"path": contestant.path()}])
        settle(contestant.pids)
        yield contestant.pids, lambda number: download(contestant.port, jobs)


@contextlib.contextmanager
def small_ranges(home):
    """A thousand bytes of a mirrored file over and over: what a question costs besides its bytes."""
    with big_file(home, 64) as contestant:
        download(contestant.port, [{"path": contestant.path()}])
        settle(contestant.pids)
        yield contestant.pids, lambda number: rate(home / "wrk", contestant.port, contestant.path(), 5, 8, "GET",
                                                   {"Range": "bytes=1000-1999"})


@contextlib.contextmanager
def cold(home):
    """One download into an empty cache: the profile is as long as that takes."""
    with big_file(home, 2048) as contestant:
        yield contestant.pids, lambda number: download(contestant.port, [{"path": contestant.path()}])


@contextlib.contextmanager
def question(home, name: str):
    with LocalHub(home / "weir") as mine:
        folder = home / "content"
        folder.mkdir()
        (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# bench\n")
        for number in range(20):
            (folder / f"file-{number}.json").write_text(f'{{"number": {number}}}\n')
        mine.weir.import_folder(folder, "model:ada/read", "--private")
        subject = metadata.Subject("weir", mine.weir.port, "ada/read", mine.pids, mine.headers)
        yield mine.pids, lambda number: subject.ask(name, 5, home / "wrk")


@contextlib.contextmanager
def batch(home, operation: str):
    with LocalHub(home / "weir") as mine:
        objects = lfs_batch.objects(1000, "profile")
        folder = home / "content"
        folder.mkdir()
        for number, content in enumerate(objects.values()):
            (folder / f"{number:04}.safetensors").write_bytes(content)
        mine.weir.import_folder(folder, "model:ada/many", timeout=600)
        body = lfs_batch.question(operation, objects if operation == "download" else lfs_batch.objects(1000, "new"))
        headers = {"Accept": lfs_batch.LFS, "Content-Type": lfs_batch.LFS, **mine.headers}
        yield mine.pids, lambda number: rate(home / "wrk", mine.weir.port, "/ada/many.git/info/lfs/objects/batch", 5, 4,
                                             "POST", headers, body)


@contextlib.contextmanager
def uploads(home, way: str):
    with LocalHub(home / "weir") as mine:
        mine.create("uploads")

        def send(number: int):
            file = home / f"{number}.bin"
            write_random(file, 96 << 20, f"{way} {number}")
            upload.WAYS[way](mine, file)
            file.unlink()
        yield mine.pids, send


@contextlib.contextmanager
def packs(home):
    home.mkdir(exist_ok=True)
    history(home / "source.git", 4000, 40)
    tip = git("--git-dir", home / "source.git", "rev-parse", "main")
    with LocalHub(home / "weir") as mine:
        git("--git-dir", home / "source.git", "push", "--quiet", mine.create("many"), "main:refs/heads/main")
        url = f"{mine.weir.url}/ada/many.git"
        yield mine.pids, lambda number: pack(url, tip)


@contextlib.contextmanager
def commits(home):
    with LocalHub(home / "weir") as mine:
        for number in range(32):
            mine.create(f"many-{number}")
        yield mine.pids, lambda number: subprocess.run(
            [*processors.on(processors.CLIENT), "wrk", "-t2", "-c32", "-d5s", "--timeout", "30s", "-H",
             f"Authorization: Bearer {mine.token}", "-s", str(BENCHMARKS / "race/commits.lua"), mine.weir.url, "--",
             "ada/many-", "32", f"run-{number}"], capture_output=True, timeout=120)


@contextlib.contextmanager
def syncs(home):
    history(home / "source.git", 2000, 1)
    backend = HTTPBackend(home / "backend")
    (backend.root / "bench").mkdir()
    try:
        with LocalHub(home / "weir", [{"name": "git", "type": "git-lfs", "url": backend.url}]) as mine:
            def one(number: int):
                shutil.copytree(home / "source.git", backend.root / f"bench/many-{number}.git")
                sync.wait(mine, f"bench/many-{number}", 2000)
            yield mine.pids, one
    finally:
        backend.stop()


LOADS = {
    "warm-1": lambda home: warm(home, 1), "warm-8": lambda home: warm(home, 8),
    "warm-64": lambda home: warm(home, 64, ranged=True), "small-ranges": small_ranges, "cold": cold,
    **{f"metadata-{name}": (lambda home, name=name: question(home, name)) for name in metadata.QUESTIONS},
    "lfs-batch-download": lambda home: batch(home, "download"), "lfs-batch-upload": lambda home: batch(home, "upload"),
    **{way: (lambda home, way=way: uploads(home, way)) for way in upload.WAYS},
    "pack": packs, "commits": commits, "sync": syncs,
}
