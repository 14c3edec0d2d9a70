"""Who runs where: with two processors or more, servers do not share theirs with clients and upstreams."""

import os

_ALL = sorted(os.sched_getaffinity(0))
_HALF = len(_ALL) // 2
SERVER = _ALL[:_HALF] or _ALL
CLIENT = _ALL[_HALF:] or _ALL


def on(processors: list[int]) -> list[str]:
    """The words before a command that keep it on `processors`."""
    return ["taskset", "--cpu-list", ",".join(map(str, processors))]


def words() -> str:
    if SERVER == CLIENT:
        return "one processor for everybody"
    return f"servers on processors {SERVER[0]}-{SERVER[-1]}, clients and upstreams on {CLIENT[0]}-{CLIENT[-1]}"
