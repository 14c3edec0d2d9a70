"""Olah as its manual starts it: one worker, its own defaults."""

import pathlib

from ..ledger import Skip
from ..paths import python_of
from ..processes import Server


def olah(home: pathlib.Path, upstream: str, port: int) -> Server:
    python = python_of("olah")
    if not python.exists():
        raise Skip("Olah is not installed; `make bench` does it")
    home.mkdir(parents=True, exist_ok=True)
    upstream = upstream.removeprefix("http://")
    mine = f"127.0.0.1:{port}"
    return Server([python, python.parent / "olah-cli", "--host", "127.0.0.1", "--port", port, "--repos-path",
                   home / "repos", "--log-path", home / "logs", "--hf-scheme", "http", "--hf-netloc", upstream,
                   "--hf-lfs-netloc", upstream, "--mirror-scheme", "http", "--mirror-netloc", mine,
                   "--mirror-lfs-netloc", mine], port, cwd=home)
