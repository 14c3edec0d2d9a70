"""Questions about a repository, authorised, by 64 connections: beside nginx with the same bytes in a file, and Olah.

The repository is private, so that each answer is one to somebody who may see it. Olah has no accounts; its answers are
those of a mirror to a stranger.
"""

import urllib.parse

from ..clients import rate
from ..ledger import turns
from ..paths import Weir, free_port
from ..peers.nginx import static
from ..peers.olah import olah
from ..processes import Watch, tree
from .. import processors
from .serving import front, hub

CONNECTIONS = 64
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def questions() -> dict[str, tuple[str, str, bytes | None]]:
    """Name -> (method, path below a repository, body)."""
    paths = urllib.parse.urlencode([("paths", f"file-{number}.json") for number in range(10)]).encode()
    return {"info": ("GET", "/api/models/{}", None), "tree": ("GET", "/api/models/{}/tree/main", None),
            "paths-info": ("POST", "/api/models/{}/paths-info/main", paths),
            "resolve-head": ("HEAD", "/{}/resolve/main/file-7.json", None)}


def run(options, ledger, home):
    with hub(home / "upstream", 8) as source, front(home / "front", source, ["olah"]) as before:
        (home / "weir").mkdir()
        weir = Weir(home / "weir", flags=("--log-level", "warning"))
        weir.prefix = processors.on(processors.SERVER)
        weir.import_folder(home / "upstream/content", "model:ada/read", "--private")
        weir.start()
        token = weir.token("ada", "read")
        root, port, olah_port = home / "static", free_port(), free_port()
        root.mkdir()
        for name, (method, path, body) in questions().items():
            if method != "HEAD":
                import requests
                answer = requests.request(method, weir.url + path.format("ada/read"), data=body,
                                          headers={"Authorization": f"Bearer {token}", **(FORM if body else {})})
                answer.raise_for_status()
                (root / name).write_bytes(answer.content)
            else:
                (root / name).write_bytes(b"{}\n")
        servers = {"nginx-static": static(home / "nginx", root, port)}
        try:
            servers["olah"] = olah(home / "olah", before.url("olah"), olah_port)
        except Exception as error:  # noqa: BLE001 - a peer that does not start is a line in the report
            ledger.skip("metadata", "olah", str(error))
        subjects = ["weir", *servers]
        try:
            for name, (method, path, body) in questions().items():
                for number in range(options.rounds):
                    for subject in turns(subjects, number):
                        asked = {"weir": (weir.port, path.format("ada/read"), method, body),
                                 # nginx answers no POST for a file: the same bytes by GET.
                                 "nginx-static": (port, f"/{name}", "HEAD" if method == "HEAD" else "GET", None),
                                 "olah": (olah_port, path.format("acme/bench"), method, body)}[subject]
                        headers = {"Authorization": f"Bearer {token}"} if subject == "weir" else {}
                        pids = ((lambda: tree(weir.process.pid)) if subject == "weir"
                                else (lambda: servers[subject].pids))
                        try:
                            with Watch(pids) as seen:
                                found = rate(home / "wrk", asked[0], asked[1], options.seconds, CONNECTIONS, asked[2],
                                             {**headers, **(FORM if asked[3] else {})}, asked[3])
                        except RuntimeError as error:
                            if subject == "weir":
                                raise
                            ledger.skip(f"metadata-{name}", subject, str(error))
                            continue
                        ledger.note(f"metadata-{name}", subject, per_s=found.per_second, p50_ms=found.p50_ms,
                                    p99_ms=found.p99_ms, cpu_ms_each=seen.cpu * 1000 / found.requests,
                                    peak_rss_mib=seen.peak_mib)
        finally:
            for server in servers.values():
                server.stop()
            weir.stop()
