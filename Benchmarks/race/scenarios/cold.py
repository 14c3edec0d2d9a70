"""A file that is not there yet: one client, and sixteen at once.

`cold-1` and `cold-16` know nothing of the repository either; `cold-known` was asked for another file of it before.
"""

from ..clients import download, expect
from ..ledger import turns
from ..processes import cpu_seconds, settle
from ..upstream import FILE
from .serving import attempt, contestants, fetch, front, hub, running

SUBJECTS = ["weir", "nginx-slice", "olah"]


def first_byte_of_upstream(before, path: str) -> float:
    """What a client waits that asks the upstream itself."""
    jobs = [{"path": path, "range": [0, 65535]}]
    downloads = download(next(iter(before.ports.values())), jobs)
    expect(downloads, [65536])
    return downloads[0].first_byte


def measure(contestant, clients: int, known: bool = False) -> dict[str, float]:
    if known:
        expect(download(contestant.port, [{"path": contestant.path().replace(FILE, "file-3.json")}]), [len('{"number": 3}\n')])
    size, before = contestant.front.hub.size, contestant.front.seen(contestant.name)
    used = cpu_seconds(contestant.pids())
    values = fetch(contestant, [{"path": contestant.path()}] * clients, [size] * clients)
    if clients == 1:
        # What the download leaves to be done: Weir scans what came.
        settle(contestant.pids)
        values["cpu_s_per_gib_until_quiet"] = (cpu_seconds(contestant.pids()) - used) / (size / 2**30)
    return {**values, **contestant.front.seen(contestant.name).since(before).values(size)}


def run(options, ledger, home):
    with hub(home / "upstream", options.mib) as source, front(home / "front", source, SUBJECTS + ["direct"]) as before:
        every = contestants(home, before, SUBJECTS)
        for scenario, clients in (("cold-1", 1), ("cold-known", 1), ("cold-16", 16)):
            for number in range(options.rounds):
                if scenario != "cold-16":
                    ledger.note(scenario, "direct", first_byte_s=first_byte_of_upstream(before, every[0].path()))
                for each in turns(every, number):
                    with running(each):
                        attempt(ledger, scenario, each, lambda: measure(each, clients, scenario == "cold-known"))
