"""An upstream that gives 100 MiB/s to each connection: how much of it arrives, with one connection and with four."""

from ..ledger import turns
from ..upstream import LIMIT
from .cold import SUBJECTS, measure
from .serving import attempt, contestants, front, hub, running


def run(options, ledger, home):
    subjects = ["weir-1-range", *SUBJECTS]
    # Below some hundred MiB the start of the transfer is most of it.
    mib = max(options.mib, 512)
    with hub(home / "upstream", mib) as source, front(home / "front", source, subjects, limited=True) as before:
        every = contestants(home, before, subjects)
        for number in range(options.rounds):
            for each in turns(every, number):
                def work():
                    values = measure(each, 1)
                    return {**values, "of_line_rate": values["mib_per_s"] / LIMIT}
                with running(each):
                    attempt(ledger, "limited", each, work)
