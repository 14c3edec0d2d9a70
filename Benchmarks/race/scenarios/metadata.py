"""Questions about a repository, authorised, by 64 connections: beside nginx with the same bytes in a file, and Olah.

The repository is private, so that each answer is one to somebody who may see it. Olah has no accounts; its answers are
those of a mirror to a stranger, from its own cache.
"""

import urllib.parse

import requests

from ..clients import Rate, heads, rate
from ..ledger import turns
from ..local_hub import LocalHub
from ..paths import free_port
from ..peers.nginx import static
from ..peers.olah import olah
from ..processes import Watch, settle
from .serving import front, hub

CONNECTIONS = 64
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TEN_PATHS = urllib.parse.urlencode([("paths", f"file-{number}.json") for number in range(10)]).encode()
# Name -> (method, path, body).
QUESTIONS = {"info": ("GET", "/api/models/{}", None), "tree": ("GET", "/api/models/{}/tree/main", None),
             "paths-info": ("POST", "/api/models/{}/paths-info/main", TEN_PATHS),
             "resolve-head": ("HEAD", "/{}/resolve/main/file-7.json", None)}


class Subject:
    """Somebody who answers the questions about `repository` on `port`."""

    def __init__(self, name: str, port: int, repository: str, pids, headers: dict | None = None):
        self.name, self.port, self.repository, self.pids, self.headers = name, port, repository, pids, headers or {}

    def asked(self, name: str) -> tuple[str, str, bytes | None]:
        method, path, body = QUESTIONS[name]
        return method, path.format(self.repository), body

    def ask(self, name: str, seconds: int, home) -> Rate:
        method, path, body = self.asked(name)
        if method == "HEAD":
            return heads(self.port, path, seconds, CONNECTIONS, self.headers)
        headers = {**self.headers, **(FORM if body else {})}
        return rate(home, self.port, path, seconds, CONNECTIONS, method, headers, body)


class Static(Subject):
    """nginx answers no POST for a file: the same bytes by GET."""

    def asked(self, name: str):
        return "HEAD" if QUESTIONS[name][0] == "HEAD" else "GET", f"/{name}", None


def keep_answers(root, weir: Subject):
    root.mkdir()
    for name in QUESTIONS:
        method, path, body = weir.asked(name)
        answer = requests.request(method, f"http://127.0.0.1:{weir.port}{path}", data=body,
                                  headers={**weir.headers, **(FORM if body else {})})
        answer.raise_for_status()
        (root / name).write_bytes(answer.content or b"{}\n")


def measure(subject: Subject, name: str, options, home) -> dict[str, float]:
    # Whatever a first question fetches is there for all that follow.
    method, path, body = subject.asked(name)
    requests.request(method, f"http://127.0.0.1:{subject.port}{path}", data=body, timeout=120,
                     headers={**subject.headers, **(FORM if body else {})})
    with Watch(subject.pids) as seen:
        found = subject.ask(name, options.seconds, home)
    return {"per_s": found.per_second, "p50_ms": found.p50_ms, "p99_ms": found.p99_ms,
            "cpu_ms_each": seen.cpu * 1000 / found.requests, "peak_rss_mib": seen.peak_mib}


def run(options, ledger, home):
    servers = []
    with (hub(home / "upstream", 8) as source, front(home / "front", source, ["olah"]) as before,
          LocalHub(home / "weir") as mine):
        mine.weir.import_folder(home / "upstream/content", "model:ada/read", "--private")
        subjects = [Subject("weir", mine.weir.port, "ada/read", mine.pids, mine.headers)]
        keep_answers(home / "static", subjects[0])
        try:
            servers.append(static(home / "nginx", home / "static", free_port()))
            subjects.append(Static("nginx-static", servers[0].port, "", lambda: servers[0].pids))
            servers.append(olah(home / "olah", before.url("olah"), free_port()))
            subjects.append(Subject("olah", servers[1].port, "acme/bench", lambda: servers[1].pids))
            for name in QUESTIONS:
                for number in range(options.rounds):
                    for subject in turns(subjects, number):
                        try:
                            ledger.note(f"metadata-{name}", subject.name, **measure(subject, name, options, home / "wrk"))
                        except RuntimeError as error:
                            if subject.name == "weir":
                                raise
                            ledger.skip(f"metadata-{name}", subject.name, str(error))
                        # Answers that nobody waits for any more are made all the same, on everybody's processor.
                        settle(subject.pids, 60)
        finally:
            for server in servers:
                server.stop()
