"""What every race over the big file shares: contestants before one upstream, and one measured set of downloads."""

import contextlib
import pathlib

from ..clients import download, expect
from ..contestants import KINDS, Contestant
from ..ledger import Ledger
from ..processes import Watch
from ..upstream import Front, Hub


@contextlib.contextmanager
def hub(home: pathlib.Path, mib: int):
    home.mkdir(parents=True)
    found = Hub(home, mib)
    try:
        yield found
    finally:
        found.stop()


@contextlib.contextmanager
def front(home: pathlib.Path, hub: Hub, subjects: list[str], limited: bool = False):
    found = Front(home, hub, subjects, limited)
    try:
        yield found
    finally:
        found.stop()


@contextlib.contextmanager
def running(contestant: Contestant):
    """One contestant with an empty cache, for as long as it is needed."""
    contestant.start()
    try:
        yield contestant
    finally:
        contestant.stop()


def contestants(home: pathlib.Path, front: Front, names: list[str]) -> list[Contestant]:
    return [KINDS[name](name, home, front) for name in names]


def fetch(contestant: Contestant, jobs: list[dict], sizes: list[int], times: int = 1) -> dict[str, float]:
    """All jobs at once, `times` times: what they cost the server, and how soon and fast they came."""
    with Watch(contestant.pids) as seen:
        rounds = [download(contestant.port, jobs) for _ in range(times)]
    total = sum(expect(each, sizes) for each in rounds)
    firsts = sorted(each.first_byte for downloads in rounds for each in downloads)
    seconds = sum(max(each.seconds for each in downloads) for downloads in rounds)
    return {"cpu_s_per_gib": seen.cpu / (total / 2**30), "mib_per_s": total / 2**20 / seconds,
            "first_byte_s": firsts[0], "last_first_byte_s": firsts[-1], "peak_rss_mib": seen.peak_mib}


def attempt(ledger: Ledger, scenario: str, contestant: Contestant, work):
    """A contestant that cannot do it says so; Weir is the one that must."""
    try:
        ledger.note(scenario, contestant.name, **work())
    except RuntimeError as error:
        if contestant.name.startswith("weir"):
            raise
        ledger.skip(scenario, contestant.name, str(error))
