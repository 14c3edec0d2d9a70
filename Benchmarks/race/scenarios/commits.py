"""Durable commits by the API: 32 writers, on as many repositories and on one branch."""

import re
import subprocess

from .. import processors
from ..local_hub import LocalHub
from ..paths import BENCHMARKS

WRITERS = 32


def run(options, ledger, home):
    with LocalHub(home) as hub:
        for number in range(WRITERS):
            hub.create(f"many-{number}")
        hub.create("one-0")
        for number in range(options.rounds):
            for scenario, prefix, count in (("commits-many", "ada/many-", WRITERS), ("commits-one", "ada/one-", 1)):
                said = {}

                def write():
                    said["done"] = subprocess.run(
                        [*processors.on(processors.CLIENT), "wrk", "-t2", f"-c{WRITERS}", f"-d{options.seconds}s",
                         "--timeout", "30s", "-H", f"Authorization: Bearer {hub.token}", "-s",
                         str(BENCHMARKS / "race/commits.lua"), hub.weir.url, "--", prefix, str(count),
                         f"{scenario}-{number}"], capture_output=True, text=True, timeout=600)

                seen = hub.watched(write)
                found = re.search(r"commits (\d+) failed (\d+) seconds (\S+) p50_ms (\S+) p99_ms (\S+)", said["done"].stdout)
                if not found:
                    raise RuntimeError(f"wrk: {said['done'].stdout} {said['done'].stderr}")
                done, failed, seconds, p50, p99 = (float(word) for word in found.groups())
                ledger.note(scenario, "weir", per_s=(done - failed) / seconds, failed=failed, p50_ms=p50, p99_ms=p99,
                            cpu_ms_each=seen.cpu * 1000 / max(1, done), peak_rss_mib=seen.peak_mib)
