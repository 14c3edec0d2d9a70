"""The hub everyone pulls from: its questions are answered by a Weir, its big file by nginx, and every byte is counted.

A subject has its own port, so that the log says who asked for what. The file comes by sendfile, by its `resolve` URL as
by that of its LFS object: the upstream is never what a race waits for. `limited` ports give 100 MiB/s to each connection.
"""

import dataclasses
import pathlib
import re
import time

from . import processors
from .paths import Weir, free_port, write_random
from .peers.nginx import nginx

FILE = "model.safetensors"
LIMIT = 100  # MiB/s for each connection of a limited upstream

# The big file, as hubs serve it and as LFS does.
PLACE = r"^/acme/[^/]+(/resolve/[^/]+/model\.safetensors|\.git/info/lfs/objects/[0-9a-f]{64})$"

PORT = """\
server {{
    listen 127.0.0.1:{port} backlog=4096; access_log {log} counted;
    location ~ "{place}" {{
        alias {file}; etag off; {limit}
        add_header ETag '"{digest}"' always; add_header X-Linked-Etag '"{digest}"' always;
        add_header X-Linked-Size {size} always; add_header X-Repo-Commit {commit} always;
    }}
    location / {{
        proxy_pass {hub}; proxy_method $method; proxy_buffering off; proxy_http_version 1.1; proxy_set_header Connection '';
        proxy_set_header Host $http_host;
    }}
}}
"""


@dataclasses.dataclass
class Seen:
    """What one subject asked for."""

    file_bytes: int
    file_requests: int
    metadata_requests: int

    def since(self, earlier: "Seen") -> "Seen":
        return Seen(self.file_bytes - earlier.file_bytes, self.file_requests - earlier.file_requests,
                    self.metadata_requests - earlier.metadata_requests)

    def values(self, size: int) -> dict[str, float]:
        return {"upstream_bytes_ratio": self.file_bytes / size, "upstream_file_requests": self.file_requests,
                "metadata_requests": self.metadata_requests}


class Hub:
    """`acme/bench` and `acme/again`, which hold the same big file."""

    def __init__(self, home: pathlib.Path, mib: int):
        self.size = mib << 20
        folder = home / "content"
        self.digest = write_random(folder / FILE, self.size, "bench")
        self.file = folder / FILE
        (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# bench\n")
        for number in range(20):
            (folder / f"file-{number}.json").write_text(f'{{"number": {number}}}\n')
        (home / "hub").mkdir()
        self.weir = Weir(home / "hub", flags=("--log-level", "warning"))
        self.weir.prefix = processors.on(processors.CLIENT)
        for name in ("bench", "again"):
            self.weir.import_folder(folder, f"model:acme/{name}", timeout=1200)
        self.weir.start()
        self.commit = self.weir.get("/api/models/acme/bench").json()["sha"]

    def stop(self):
        self.weir.stop()


class Front:
    """Counted ports before the hub, one for each of `subjects`."""

    def __init__(self, home: pathlib.Path, hub: Hub, subjects: list[str], limited: bool = False):
        home.mkdir(parents=True, exist_ok=True)
        self.hub, self.log = hub, home / "access.log"
        self.ports = {subject: free_port() for subject in subjects}
        again = hub.weir.get("/api/models/acme/again").json()["sha"]
        commits = f"map $uri $commit {{ default {hub.commit}; ~^/acme/again/ {again}; }}"
        servers = "".join(PORT.format(
            port=port, place=PLACE, log=self.log, file=hub.file, digest=hub.digest, size=hub.size, commit="$commit",
            hub=hub.weir.url, limit=f"limit_rate {LIMIT}m;" if limited else "") for port in self.ports.values())
        body = (f"log_format counted '$server_port $body_bytes_sent $request_method $status $request_uri';\n"
                # Olah asks whether a repository is there by HEAD, which not every hub answers.
                f"map $request_method $method {{ default $request_method; HEAD GET; }}\n{commits}\n{servers}")
        self.server = nginx(home, body, next(iter(self.ports.values())), where=processors.CLIENT)

    def url(self, subject: str) -> str:
        return f"http://127.0.0.1:{self.ports[subject]}"

    def seen(self, subject: str) -> Seen:
        """A line is written when its request ends, so this waits until none is added any more."""
        known = -1
        while (now := self.log.stat().st_size if self.log.exists() else 0) != known:
            known = now
            time.sleep(0.3)
        wanted, seen = str(self.ports[subject]), Seen(0, 0, 0)
        for line in self.log.read_text().splitlines() if self.log.exists() else []:
            port, size, method, _, uri = line.split(" ", 4)
            if port != wanted:
                continue
            if method == "GET" and re.match(PLACE, uri.split("?")[0]):
                seen.file_bytes += int(size)
                seen.file_requests += 1
            else:
                seen.metadata_requests += 1
        return seen

    def stop(self):
        self.server.stop()
