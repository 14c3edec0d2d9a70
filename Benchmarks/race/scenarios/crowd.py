"""A thousand clients ask for one cold file at the same moment.

Sixteen take it whole, the others 16 MiB each from all over it: what reaches the upstream, and when bytes come, is the
same as if all took the whole, which would take the clients a quarter of an hour.
"""

from ..ledger import turns
from .cold import SUBJECTS
from .serving import attempt, contestants, fetch, front, hub, running


def jobs_of(path: str, size: int, clients: int) -> tuple[list[dict], list[int]]:
    whole = 16
    part = min(16 << 20, size // 8)
    jobs, sizes = [{"path": path}] * whole, [size] * whole
    for number in range(clients - whole):
        first = number * (size - part) // max(1, clients - whole - 1)
        jobs.append({"path": path, "range": [first, first + part - 1]})
        sizes.append(part)
    return jobs, sizes


def measure(contestant, clients: int) -> dict[str, float]:
    size, before = contestant.front.hub.size, contestant.front.seen(contestant.name)
    values = fetch(contestant, *jobs_of(contestant.path(), size, clients))
    return {**values, "clients": clients, **contestant.front.seen(contestant.name).since(before).values(size)}


def run(options, ledger, home):
    # Olah holds a block of 64 MiB for each client: a thousand need more memory than there is.
    subjects = [name for name in SUBJECTS if name != "olah"]
    ledger.skip("crowd", "olah", "a block of 64 MiB in memory for each client is more than this machine has")
    with hub(home / "upstream", options.mib) as source, front(home / "front", source, subjects) as before:
        every = contestants(home, before, subjects)
        for number in range(options.rounds):
            for each in turns(every, number):
                with running(each):
                    attempt(ledger, "crowd", each, lambda: measure(each, options.crowd))
