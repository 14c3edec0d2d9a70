"""What the measurements beside the race (catalogue, viewer) share with it."""

import os

from race.machine import version_of  # noqa: F401
from race.paths import BINARY, ROOT, Weir, free_port, mirror_document, write_random  # noqa: F401
from race.processes import cpu_seconds, forget_peaks, memory_mib, tree  # noqa: F401

QUICK = bool(os.environ.get("WEIR_BENCH_QUICK"))
