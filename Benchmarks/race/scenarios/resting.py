"""Memory of a server that nobody asks, and the time until it answers, with next to nothing in it: beside the peers.

What a hundred thousand repositories add is in the catalogue's rows.
"""

import time

from ..contestants import KINDS
from ..ledger import turns
from ..processes import cpu_seconds, memory_mib, wait_for
from .serving import front, hub

SUBJECTS = ["weir", "nginx-sendfile", "nginx-slice", "olah"]


def run(options, ledger, home):
    with hub(home / "upstream", 8) as source, front(home / "front", source, SUBJECTS) as before:
        for number in range(options.rounds):
            for subject in turns(SUBJECTS, number):
                contestant = KINDS[subject](subject, home, before)
                begun = time.monotonic()
                contestant.start()
                wait_for(contestant.port)
                started = time.monotonic() - begun
                try:
                    time.sleep(3)
                    used = cpu_seconds(contestant.pids())
                    time.sleep(5)
                    pids = contestant.pids()
                    ledger.note("resting", subject, start_s=started, rss_mib=memory_mib(pids, "VmRSS"),
                                cpu_percent=(cpu_seconds(pids) - used) / 5 * 100)
                finally:
                    contestant.stop()
