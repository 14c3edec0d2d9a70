"""Contestants for the big file: each starts with an empty cache before its own counted port of the upstream."""

import os
import pathlib
import shutil

from . import processors
from .paths import Weir, free_port, mirror_document
from .peers.nginx import slices, static
from .peers.olah import olah
from .processes import tree
from .upstream import FILE, Front


class Contestant:
    def __init__(self, name: str, home: pathlib.Path, front: Front):
        self.name, self.home, self.front, self.port = name, home / name, front, 0

    def start(self) -> "Contestant":
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.port = free_port()
        self.server = self.launch(self.front.url(self.name))
        return self

    def pids(self) -> list[int]:
        return self.server.pids

    def stop(self):
        self.server.stop()

    def path(self, repository: str = "bench", revision: str | None = None) -> str:
        """By commit by default: what never changes needs no question to an upstream."""
        return f"/acme/{repository}/resolve/{revision or self.front.hub.commit}/{FILE}"


class WeirContestant(Contestant):
    ranges = 4

    def launch(self, upstream: str):
        self.weir = Weir(self.home, [mirror_document("bench", [
            {"name": "hub", "type": "huggingface", "url": upstream, "limits": {"rangesPerFile": self.ranges}}])],
            flags=("--log-level", "warning"))
        self.weir.prefix = processors.on(processors.SERVER)
        self.weir.start()
        self.port = self.weir.port
        return self.weir

    def pids(self):
        return tree(self.weir.process.pid)


class WeirOneRange(WeirContestant):
    ranges = 1


class Sendfile(Contestant):
    """The yardstick for a warm file: nothing but the file on the disk."""

    def launch(self, upstream: str):
        root = self.home / "root"
        for revision in ("main", self.front.hub.commit):
            place = root / f"acme/bench/resolve/{revision}"
            place.mkdir(parents=True)
            os.link(self.front.hub.file, place / FILE)
        return static(self.home, root, self.port)


class Slices(Contestant):
    """The yardstick for a cold file: a caching proxy that checks nothing."""

    def launch(self, upstream: str):
        return slices(self.home, upstream, self.port)


class Olah(Contestant):
    def launch(self, upstream: str):
        return olah(self.home, upstream, self.port)


KINDS = {"weir": WeirContestant, "weir-1-range": WeirOneRange, "nginx-sendfile": Sendfile, "nginx-slice": Slices,
         "olah": Olah}
