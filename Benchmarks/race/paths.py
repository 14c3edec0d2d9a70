"""Where things lie, and what the client tests lend: the Weir process, ports and content."""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "Benchmarks"
RESULTS = BENCHMARKS / "results"
sys.path.insert(0, str(ROOT / "Tests/Clients"))

from support.content import write_random  # noqa: E402,F401
from support.ports import free_port  # noqa: E402,F401
from support.weir import BINARY, Weir, mirror_document  # noqa: E402,F401


def python_of(environment: str) -> pathlib.Path:
    return ROOT / ".venv" / environment / "bin/python"


def scratch_folder() -> str | None:
    """Where temporary folders are made; WEIR_BENCH_DIR names a disk with room."""
    return os.environ.get("WEIR_BENCH_DIR")
