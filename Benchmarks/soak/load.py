"""The mixed load: each kind of work is a thread that does a little, rests, and counts what it did."""

import base64
import hashlib
import json
import os
import pathlib
import random
import shutil
import socket
import threading
import time

import requests

from race.clients import download, expect, rate
from race.git import git
from race.local_hub import LocalHub
from race.upstream import FILE, Front, Hub

LFS = "application/vnd.git-lfs+json"


class Load:
    """Work against `gateway`, which mirrors `front` and has repositories of its own."""

    def __init__(self, home: pathlib.Path, gateway: LocalHub, front: Front, hub: Hub):
        self.home, self.gateway, self.front, self.hub = home, gateway, front, hub
        self.over = threading.Event()
        self.counts: dict[str, int] = {}
        self.failures: dict[str, int] = {}
        self.last_failure = ""
        self.path = f"/acme/bench/resolve/{hub.commit}/{FILE}"
        self.writer = hub.weir.token("acme", "write")
        for name in ("commits", "uploads", "pushes"):
            gateway.create(name)
        # Name -> (work, seconds of rest after it).
        self.kinds = {
            "whole files": (self.whole, 2), "ranges": (self.ranges, 1), "questions": (self.questions, 1),
            "commits": (self.commit, 0.2), "uploads": (self.upload, 5), "clones": (self.clone, 5),
            "new upstream files": (self.cold, 5), "clients that leave": (self.leave, 1), "searches": (self.search, 0.5)}
        self.threads = [threading.Thread(target=self._repeat, args=(name, *kind), daemon=True)
                        for name, kind in self.kinds.items()]

    def _repeat(self, name: str, work, rest: float):
        number, chance = 0, random.Random(name)
        while not self.over.is_set():
            try:
                work(number, chance)
                self.counts[name] = self.counts.get(name, 0) + 1
            except Exception as error:  # noqa: BLE001 - one failure is counted, the soak goes on
                self.failures[name] = self.failures.get(name, 0) + 1
                self.last_failure = f"{name}: {str(error)[:300]}"
            number += 1
            self.over.wait(rest)

    def __enter__(self):
        expect(download(self.gateway.weir.port, [{"path": self.path}]), [self.hub.size])
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(120)

    # -- kinds of work

    def whole(self, number: int, chance: random.Random):
        expect(download(self.gateway.weir.port, [{"path": self.path}] * 4), [self.hub.size] * 4)

    def ranges(self, number: int, chance: random.Random):
        firsts = [chance.randint(0, self.hub.size - (1 << 20)) for _ in range(16)]
        jobs = [{"path": self.path, "range": [first, first + (1 << 20) - 1]} for first in firsts]
        expect(download(self.gateway.weir.port, jobs), [1 << 20] * 16)

    def questions(self, number: int, chance: random.Random):
        paths = ["/api/models/ada/commits", "/api/models/ada/commits/tree/main", "/api/models/acme/bench"]
        rate(self.home / "wrk", self.gateway.weir.port, paths[number % 3], 2, 8, headers=self.gateway.headers)

    def search(self, number: int, chance: random.Random):
        for path in ("/models", f"/models?q=bench{number % 7}", "/api/models?limit=20"):
            self.gateway.weir.get(path).raise_for_status()

    @staticmethod
    def _commit(weir, token: str, repository: str, operations: list[dict]) -> str:
        lines = [{"key": "header", "value": {"summary": "soak", "description": ""}}, *operations]
        answer = weir.post(f"/api/models/{repository}/commit/main", data="\n".join(map(json.dumps, lines)), headers={
            "Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"})
        answer.raise_for_status()
        return answer.json()["commitOid"]

    @staticmethod
    def _lfs(weir, token: str, repository: str, content: bytes) -> str:
        oid = hashlib.sha256(content).hexdigest()
        answer = weir.post(f"/{repository}.git/info/lfs/objects/batch", data=json.dumps(
            {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": len(content)}]}),
            headers={"Authorization": f"Bearer {token}", "Accept": LFS, "Content-Type": LFS})
        answer.raise_for_status()
        action = answer.json()["objects"][0].get("actions", {}).get("upload")
        if action:
            requests.put(action["href"], data=content, headers=action.get("header", {}), timeout=120).raise_for_status()
        return oid

    def commit(self, number: int, chance: random.Random):
        content = base64.b64encode(f"{number} {chance.random()}\n".encode()).decode()
        self._commit(self.gateway.weir, self.gateway.token, "ada/commits", [
            {"key": "file", "value": {"path": f"data/{number % 200}.txt", "encoding": "base64", "content": content}}])

    def upload(self, number: int, chance: random.Random):
        content = chance.randbytes(2 << 20)
        oid = self._lfs(self.gateway.weir, self.gateway.token, "ada/uploads", content)
        self._commit(self.gateway.weir, self.gateway.token, "ada/uploads", [{"key": "lfsFile", "value": {
            "path": f"part-{number % 20}.bin", "algo": "sha256", "oid": oid, "size": len(content)}}])

    def clone(self, number: int, chance: random.Random):
        url = f"{self.gateway.weir.url}/ada/commits.git"
        git("clone", "--quiet", "--bare", url, self.home / "clone")
        shutil.rmtree(self.home / "clone")

    def cold(self, number: int, chance: random.Random):
        """A file that appeared at the upstream, fetched by its commit by four at once."""
        content = chance.randbytes(4 << 20)
        oid = self._lfs(self.hub.weir, self.writer, "acme/bench", content)
        commit = self._commit(self.hub.weir, self.writer, "acme/bench", [{"key": "lfsFile", "value": {
            "path": "news.bin", "algo": "sha256", "oid": oid, "size": len(content)}}])
        jobs = [{"path": f"/acme/bench/resolve/{commit}/news.bin"}] * 4
        expect(download(self.gateway.weir.port, jobs), [len(content)] * 4)

    def leave(self, number: int, chance: random.Random):
        """Clients that go away: in the middle of an answer, and in the middle of an upload."""
        asked = f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        promised = (b"POST /api/models/ada/commits/commit/main HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
                    b"Content-Type: application/x-ndjson\r\nAuthorization: Bearer " + self.gateway.token.encode() + b"\r\n\r\n{")
        for words in (asked, promised):
            with socket.create_connection(("127.0.0.1", self.gateway.weir.port), timeout=10) as connection:
                connection.sendall(words)
                if words is asked:
                    connection.recv(65536)
                time.sleep(0.05)


def leftovers(data: pathlib.Path) -> list[str]:
    """Temporary files of the server: what no transfer or commit that is under way can account for any more."""
    found = []
    for folder in ("blobs/partial", "blobs/incoming", "blobs/uploads", "xet/incoming"):
        found += [str(path.relative_to(data)) for path in (data / folder).rglob("*") if path.is_file()]
    for folder, _, names in os.walk(data / "git"):
        found += [os.path.relpath(os.path.join(folder, name), data) for name in names if name.startswith(("tmp_", ".tmp-"))]
    return found
