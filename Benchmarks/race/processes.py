"""Processes looked at from outside: their children, their CPU time, their memory."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time

from . import processors

TICKS = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """`root` and every process below it."""
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        try:
            queue += [int(child) for task in os.listdir(f"/proc/{pid}/task")
                      for child in open(f"/proc/{pid}/task/{task}/children").read().split()]
        except OSError:
            pass
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of `pids`, and of those of their children that have ended."""
    total = 0
    for pid in pids:
        try:
            fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def memory_mib(pids: list[int], key: str) -> float:
    total = 0
    for pid in pids:
        try:
            match = re.search(rf"^{key}:\s+(\d+) kB", open(f"/proc/{pid}/status").read(), re.MULTILINE)
            total += int(match.group(1)) if match else 0
        except OSError:
            continue
    return total / 1024


def forget_peaks(pids: list[int]):
    for pid in pids:
        try:
            pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")
        except OSError:
            pass


def wait_for(port: int, process: subprocess.Popen | None = None, seconds: float = 60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}")


class Server:
    """A process with its children, on the processors of servers unless told otherwise."""

    def __init__(self, arguments, port: int, environment=None, cwd=None, where=processors.SERVER, log=None):
        self.port = port
        output = open(log, "ab") if log else subprocess.DEVNULL
        self.process = subprocess.Popen([*processors.on(where), *map(str, arguments)], stdout=output, stderr=output,
                                        cwd=cwd, env={**os.environ, **(environment or {})}, start_new_session=True)
        wait_for(port, self.process)

    @property
    def pids(self) -> list[int]:
        return tree(self.process.pid)

    def stop(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
                self.process.wait(10)
                return
            except subprocess.TimeoutExpired:
                continue
            except ProcessLookupError:
                self.process.wait()
                return


def settle(pids_of, seconds: float = 120):
    """Waits until a server has done what it does after being asked: scans, indexes, answers nobody waits for."""
    deadline, quiet, used = time.monotonic() + seconds, 0, cpu_seconds(pids_of())
    while quiet < 3 and time.monotonic() < deadline:
        time.sleep(0.5)
        now = cpu_seconds(pids_of())
        quiet, used = quiet + 1 if now - used <= 0.02 else 0, now


class Watch:
    """What a piece of work costs a server: `with Watch(pids_of) as seen: ...`, then `seen.cpu`, `.wall`, `.peak_mib`.

    The peak is the greater of what the processes that are still there remember and what a look twenty times a second
    saw of all of them, those that have ended since included.
    """

    def __init__(self, pids_of, extra_cpu=lambda: 0.0):
        self.pids_of, self.extra_cpu = pids_of, extra_cpu

    def __enter__(self):
        pids = self.pids_of()
        forget_peaks(pids)
        self._seen, self._over = 0.0, threading.Event()
        self._looker = threading.Thread(target=self._look, daemon=True)
        self._looker.start()
        self._cpu, self._begun = cpu_seconds(pids) + self.extra_cpu(), time.monotonic()
        return self

    def _look(self):
        while not self._over.wait(0.05):
            self._seen = max(self._seen, memory_mib(self.pids_of(), "VmRSS"))

    def __exit__(self, kind, *_):
        self.wall = time.monotonic() - self._begun
        pids = self.pids_of()
        self.cpu = cpu_seconds(pids) + self.extra_cpu() - self._cpu
        self._over.set()
        self._looker.join()
        self.peak_mib = max(self._seen, memory_mib(pids, "VmHWM"))
