"""What the numbers were taken on, and of which versions."""

import os
import pathlib
import platform
import re
import subprocess

from . import processors
from .paths import BINARY, ROOT, python_of


def _said(*command) -> str:
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=20)
    except OSError:
        return "not here"
    return ((done.stdout + done.stderr).strip().splitlines() or ["unknown"])[0]


version_of = _said


def _package(environment: str, name: str) -> str:
    return _said(python_of(environment), "-c", f"import importlib.metadata as m; print(m.version('{name}'))")


def _revision() -> str:
    return _said("git", "-C", ROOT, "describe", "--always", "--dirty")


def machine() -> dict:
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return {"cpu": cpu.group(1) if cpu else platform.machine(), "cores": os.cpu_count(),
            "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
            "kernel": platform.release(), "processors": processors.words()}


def build_of_weir() -> str:
    """Whether the binary is optimised: a debug build's numbers say nothing about speed."""
    parts = pathlib.Path(BINARY).resolve().parts
    return os.environ.get("WEIR_BENCH_BUILD") or next((word for word in ("release", "debug") if word in parts), "unknown")


def versions() -> dict:
    return {"weir": _said(BINARY, "--version"), "revision": _revision(), "build": build_of_weir(),
            "nginx": _said("/usr/sbin/nginx", "-v"), "olah": _package("olah", "olah"),
            "giftless": _package("giftless", "giftless"), "git": _said("git", "--version"),
            "openssl": _said("openssl", "version"), "wrk": _said("wrk", "-v").split(" Copyright")[0],
            "hf-xet": _package("hf240", "hf-xet")}
