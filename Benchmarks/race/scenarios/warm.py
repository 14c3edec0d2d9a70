"""A file that is there: 1, 8 and 64 streams, and 64 ranges at random."""

import random

from ..ledger import turns
from ..processes import settle
from .serving import attempt, contestants, fetch, front, hub

SUBJECTS = ["weir", "nginx-sendfile", "olah"]


def jobs_of(scenario: str, path: str, size: int) -> tuple[list[dict], list[int]]:
    if scenario == "warm-ranges":
        # Safetensors readers ask for tensors: up to a sixteenth of the file, from anywhere in it.
        chance, jobs = random.Random(7), []
        for _ in range(64):
            length = chance.randint(64 << 10, size // 16)
            first = chance.randint(0, size - length)
            jobs.append({"path": path, "range": [first, first + length - 1]})
        return jobs, [job["range"][1] - job["range"][0] + 1 for job in jobs]
    streams = int(scenario.partition("-")[2])
    if streams == 64:
        # 64 whole files would take minutes and say the same: each reads another eighth.
        part = size // 8
        return [{"path": path, "range": [n % 8 * part, (n % 8 + 1) * part - 1]} for n in range(64)], [part] * 64
    return [{"path": path}] * streams, [size] * streams


def run(options, ledger, home):
    with hub(home / "upstream", options.mib) as source, front(home / "front", source, SUBJECTS) as before:
        every = contestants(home, before, SUBJECTS)
        try:
            for each in every:
                each.start()
                fetch(each, [{"path": each.path()}], [source.size])
                # A file that just came is scanned: that is no part of serving it.
                settle(each.pids)
            for scenario in ("warm-1", "warm-8", "warm-64", "warm-ranges"):
                for number in range(options.rounds):
                    for each in turns(every, number):
                        jobs, sizes = jobs_of(scenario, each.path(), source.size)
                        # Four GiB at least: the clock of CPU time ticks a hundred times a second, and a GiB takes 25 ticks.
                        times = max(1, (4 << 30) // sum(sizes))
                        attempt(ledger, scenario, each, lambda: fetch(each, jobs, sizes, times))
        finally:
            for each in every:
                if hasattr(each, "server"):
                    each.stop()
