"""`python -m profiling --scenario warm-8`: perf while the load runs; `--allocations` counts them by what asked for them."""

import argparse
import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from race.processes import cpu_seconds

from . import flames
from .loads import LOADS


def recorded(home: pathlib.Path, pid: int, seconds: float, work, event: list[str]) -> str:
    """What `perf script` says of the load, once and again for `seconds`."""
    data = home / "perf.data"
    # Frame pointers are there in Swift and gone in C libraries; DWARF would make the data too big to read.
    perf = subprocess.Popen(["perf", "record", "--quiet", "--call-graph", "fp", *event, "--pid", str(pid),
                             "--output", str(data)], stderr=subprocess.PIPE)
    # It needs a moment until it sees everything.
    time.sleep(0.5)
    begun, number = time.monotonic(), 0
    while number == 0 or time.monotonic() - begun < seconds and perf.poll() is None:
        work(number)
        number += 1
    perf.send_signal(2)
    _, said = perf.communicate(timeout=60)
    if not data.exists():
        raise SystemExit(f"perf recorded nothing: {said.decode(errors='replace')}")
    return subprocess.run(["perf", "script", "--input", str(data), "--fields", "ip,sym,dso"], capture_output=True,
                          text=True, errors="replace", timeout=600).stdout


def allocation_probe() -> list[str]:
    """An event at malloc, so that its callers are counted."""
    library = next((path for path in ("/lib/x86_64-linux-gnu/libc.so.6", "/lib/aarch64-linux-gnu/libc.so.6")
                    if os.path.exists(path)), "libc.so.6")
    subprocess.run(["perf", "probe", "--quiet", "--del", "probe_libc:malloc"], capture_output=True)
    done = subprocess.run(["perf", "probe", "--quiet", "--exec", library, "--add", "malloc"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"perf cannot count allocations here: {done.stderr.strip()}")
    return ["--event", "probe_libc:malloc", "--count", "97"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="profiling")
    parser.add_argument("--scenario", default="warm-8", choices=sorted(LOADS))
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--allocations", action="store_true", help="count calls of malloc in place of time")
    parser.add_argument("--output", default="/tmp/weir-profile")
    asked = parser.parse_args()
    output = pathlib.Path(asked.output)
    output.mkdir(parents=True, exist_ok=True)
    home = pathlib.Path(tempfile.mkdtemp(prefix="weir-profile-"))
    event = allocation_probe() if asked.allocations else ["--freq", "997"]
    try:
        with LOADS[asked.scenario](home) as (pids_of, work):
            # A cold file is cold once.
            seconds = 0.0 if asked.scenario == "cold" else asked.seconds
            used, begun = cpu_seconds(pids_of()), time.monotonic()
            script = recorded(home, pids_of()[0], seconds, work, event)
            used = cpu_seconds(pids_of()) - used
            wall = time.monotonic() - begun
    finally:
        shutil.rmtree(home, ignore_errors=True)
    stacks: collections.Counter = flames.readable(flames.folded(script))
    name = asked.scenario + ("-allocations" if asked.allocations else "")
    title = f"{name}: {used:.2f} s of CPU in {wall:.1f} s"
    (output / f"{name}.txt").write_text(f"{title}\n{flames.text(stacks)}")
    (output / f"{name}.folded").write_text("".join(f"{';'.join(stack)} {count}\n" for stack, count in stacks.items()))
    (output / f"{name}.svg").write_text(flames.drawn(stacks, title))
    print(f"{title}\n{flames.text(stacks, 25)}\nwritten to {output}/{name}.txt, .folded and .svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
