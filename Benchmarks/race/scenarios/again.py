"""The same digest in another repository, once it is here: what is fetched a second time."""

from ..clients import download, expect
from ..ledger import turns
from .cold import SUBJECTS
from .serving import attempt, contestants, fetch, front, hub, running


def measure(contestant) -> dict[str, float]:
    size = contestant.front.hub.size
    expect(download(contestant.port, [{"path": contestant.path()}]), [size])
    before = contestant.front.seen(contestant.name)
    values = fetch(contestant, [{"path": contestant.path("again", "main")}], [size])
    return {**values, **contestant.front.seen(contestant.name).since(before).values(size)}


def run(options, ledger, home):
    with hub(home / "upstream", options.mib) as source, front(home / "front", source, SUBJECTS) as before:
        every = contestants(home, before, SUBJECTS)
        for number in range(options.rounds):
            for each in turns(every, number):
                with running(each):
                    attempt(ledger, "again", each, lambda: measure(each))
