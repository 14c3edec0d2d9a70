"""A repository of many files: clones, eight at once, a fetch of nothing new, and the same clone again.

`git clone --bare` is what a user waits for, and most of that is the client's. `pack` asks for the same pack without
git on the client's side, so that the server's part can be seen: the first time, and once it was asked for before.
"""

import concurrent.futures
import shutil
import time

import requests

from ..git import git, history
from ..ledger import turns
from ..local_hub import LocalHub
from ..peers.http_backend import HTTPBackend
from ..processes import Watch, settle

PARALLEL = 8


def packet(text: str) -> bytes:
    return f"{len(text) + 4:04x}{text}".encode()


def pack(url: str, tip: str) -> tuple[float, float, int]:
    """The pack of everything below `tip`: (seconds to its first byte, to its last, bytes)."""
    body = (packet("command=fetch") + packet("object-format=sha1") + b"0001" + packet("ofs-delta\n")
            + packet(f"want {tip}\n") + packet("done\n") + b"0000")
    begun = time.monotonic()
    with requests.post(f"{url}/git-upload-pack", data=body, stream=True, timeout=600, headers={
            "Git-Protocol": "version=2", "Content-Type": "application/x-git-upload-pack-request",
            "Accept": "application/x-git-upload-pack-result"}) as answer:
        answer.raise_for_status()
        size, first = 0, 0.0
        for part in answer.iter_content(1 << 20):
            first = first or time.monotonic() - begun
            size += len(part)
    return first, time.monotonic() - begun, size


class Subject:
    def __init__(self, name: str, url: str, watch):
        self.name, self.url, self.watch = name, url, watch


def clones(subject: Subject, home, count: int):
    def one(number: int):
        folder = home / f"clone-{subject.name}-{number}"
        git("clone", "--quiet", "--bare", subject.url, folder)
        shutil.rmtree(folder)

    with subject.watch() as seen, concurrent.futures.ThreadPoolExecutor(count) as pool:
        list(pool.map(one, range(count)))
    return {"wall_s": seen.wall, "cpu_s": seen.cpu, "peak_rss_mib": seen.peak_mib}


def idle_fetch(subject: Subject, home):
    with subject.watch() as seen:
        for _ in range(5):
            git("--git-dir", home / f"kept-{subject.name}", "fetch", "--quiet", "origin", "main")
    return {"wall_s": seen.wall / 5, "cpu_s": seen.cpu / 5}


def packs(subject: Subject, tip: str):
    times = 5
    with subject.watch() as seen:
        found = [pack(subject.url, tip) for _ in range(times)]
    return {"wall_s": sorted(each[1] for each in found)[times // 2], "first_byte_s": sorted(each[0] for each in found)[times // 2],
            "cpu_s": seen.cpu / times, "mib": found[0][2] / 2**20, "peak_rss_mib": seen.peak_mib}


def run(options, ledger, home):
    home.mkdir(parents=True)
    source = home / "source.git"
    history(source, options.git_files, options.git_commits)
    tip = git("--git-dir", source, "rev-parse", "main")
    backend = HTTPBackend(home / "backend")
    try:
        with LocalHub(home / "weir") as hub:
            url = backend.create("many")
            shutil.rmtree(backend.root / "many.git")
            shutil.copytree(source, backend.root / "many.git")
            # The first clone ever is of a repository that nobody touched since the push: one for each round.
            fresh = []
            for number in range(options.rounds):
                pushed = hub.create(f"many-{number}")
                git("--git-dir", source, "push", "--quiet", pushed, "main:refs/heads/main")
                fresh.append(f"{hub.weir.url}/ada/many-{number}.git")
            # What a push leaves to be done is no part of a clone.
            settle(hub.pids)
            peer = Subject("http-backend", url, lambda: Watch(backend.pids, backend.ended_cpu))
            mine = [Subject("weir", each, lambda: Watch(hub.pids)) for each in fresh]
            for each in (peer, mine[0]):
                git("clone", "--quiet", "--bare", each.url, home / f"kept-{each.name}")
            for number in range(options.rounds):
                for subject in turns([mine[number], peer], number):
                    ledger.note("clone-1", subject.name, **clones(subject, home, 1))
            for scenario, work in (("clone-again", lambda subject: clones(subject, home, 1)),
                                   ("clone-8", lambda subject: clones(subject, home, PARALLEL)),
                                   ("fetch-nothing", lambda subject: idle_fetch(subject, home)),
                                   ("pack-again", lambda subject: packs(subject, tip))):
                for number in range(options.rounds):
                    for subject in turns([mine[0], peer], number):
                        ledger.note(scenario, subject.name, **work(subject))
    finally:
        backend.stop()
