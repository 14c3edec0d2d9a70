"""One Weir with an account that writes, for races about what people put in."""

import pathlib

from . import processors
from .paths import Weir, mirror_document
from .processes import Watch, tree


class LocalHub:
    def __init__(self, home: pathlib.Path, upstreams: list[dict] | None = None, flags: tuple = ()):
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        mirrors = [mirror_document("bench", upstreams)] if upstreams else []
        self.weir = Weir(home, mirrors, flags=("--log-level", "warning", *flags))
        self.weir.prefix = processors.on(processors.SERVER)
        self.weir.start(timeout=120)
        self.token = self.weir.token("ada", "admin" if upstreams else "write", admin=bool(upstreams))
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def pids(self) -> list[int]:
        return tree(self.weir.process.pid)

    def create(self, name: str) -> str:
        """The repository `ada/NAME`; returns the URL git pushes to."""
        self.weir.checked("repository", "create", f"model:ada/{name}")
        return f"http://ada:{self.token}@127.0.0.1:{self.weir.port}/ada/{name}.git"

    def watched(self, body) -> Watch:
        with Watch(self.pids) as seen:
            body()
        return seen

    def stop(self):
        self.weir.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
