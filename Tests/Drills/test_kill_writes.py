"""kill -9 while people write: every commit, upload and push that was acknowledged is there afterwards, whole."""

import base64
import concurrent.futures
import hashlib
import json
import os
import random
import time

import pytest
import requests

from support.checks import assert_store_is_true
from support.weir import OK, Weir

pytestmark = pytest.mark.drill
ROUNDS = int(os.environ.get("WEIR_DRILL_KILLS", 40))
LFS = "application/vnd.git-lfs+json"
# What a client sees of a server that is killed.
GONE = (requests.RequestException, OSError)


class Writers:
    """What was asked for and acknowledged."""

    def __init__(self, server: Weir, token: str):
        self.server = server
        self.headers = {"Authorization": f"Bearer {token}"}
        self.texts: dict[str, bytes] = {}
        self.large: dict[str, bytes] = {}
        self.commits: list[str] = []
        self.pushed: list[str] = []

    def commit(self, operations: list[dict]) -> str | None:
        lines = [{"key": "header", "value": {"summary": "drill"}}, *operations]
        answer = self.server.post("/api/models/ada/api/commit/main", headers=self.headers, timeout=20,
                                  data="\n".join(map(json.dumps, lines)).encode())
        if answer.status_code != 200:
            assert answer.status_code in (429, 503), answer.text
            return None
        self.commits.append(answer.json()["commitOid"])
        return self.commits[-1]

    def write_texts(self, round: int):
        for number in range(1000):
            path, text = f"texts/{round}-{number}.txt", os.urandom(30).hex().encode()
            try:
                done = self.commit([{"key": "file", "value": {
                    "path": path, "content": base64.b64encode(text).decode(), "encoding": "base64"}}])
            except GONE:
                return
            if done:
                self.texts[path] = text

    def write_large(self, round: int):
        for number in range(1000):
            path, data = f"large/{round}-{number}.bin", os.urandom(random.randrange(1, 3 << 20))
            oid = hashlib.sha256(data).hexdigest()
            try:
                batch = self.server.post("/ada/api.git/info/lfs/objects/batch", timeout=20, data=json.dumps(
                    {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": len(data)}]}),
                    headers={**self.headers, "Accept": LFS, "Content-Type": LFS}).json()
                upload = batch["objects"][0]["actions"]["upload"]
                if requests.put(upload["href"], data=data, headers=upload.get("header", {}), timeout=20).status_code != 200:
                    continue
                done = self.commit([{"key": "lfsFile", "value": {
                    "path": path, "algo": "sha256", "oid": oid, "size": len(data)}}])
            except GONE:
                return
            if done:
                self.large[path] = data

    def push(self, git, work, round: int):
        for number in range(1000):
            (work / f"{round}-{number}.txt").write_text(os.urandom(16).hex())
            git.run("add", "--all", cwd=work)
            git.run("commit", "--quiet", "-m", f"{round}-{number}", cwd=work)
            if not git.try_run("push", "--quiet", "origin", "main", cwd=work, timeout=30).ok:
                return
            self.pushed.append(git.run("rev-parse", "HEAD", cwd=work))

    def check(self, git, folder):
        for path, content in [*self.texts.items(), *self.large.items()]:
            answer = self.server.get(f"/ada/api/resolve/main/{path}", headers=self.headers)
            assert answer.status_code == 200 and answer.content == content, path
        token = self.headers["Authorization"].split()[1]
        for name, commits in (("api", self.commits), ("pushed", self.pushed)):
            clone = folder / name
            git.run("clone", "--quiet", f"http://ada:{token}@127.0.0.1:{self.server.port}/ada/{name}.git", clone,
                    GIT_LFS_SKIP_SMUDGE="1")
            git.run("fsck", "--strict", "--full", cwd=clone)
            known = set(git.run("rev-list", "HEAD", cwd=clone).split())
            assert not [commit for commit in commits if commit not in known], "an acknowledged commit is gone"


def test_nothing_acknowledged_is_lost(tmp_path, git):
    seed = int(os.environ.get("WEIR_DRILL_SEED", time.time()))
    print("seed", seed)
    chance = random.Random(seed)
    home = tmp_path / "hub"
    home.mkdir()
    server = Weir(home).start()
    try:
        token = server.token("ada", "write")
        writers = Writers(server, token)
        for name in ("api", "pushed"):
            server.checked("repository", "create", f"model:ada/{name}")
        work = tmp_path / "work"
        git.run("init", "--quiet", "-b", "main", work)
        git.run("remote", "add", "origin", f"http://ada:{token}@127.0.0.1:{server.port}/ada/pushed.git", cwd=work)
        for round in range(ROUNDS):
            with concurrent.futures.ThreadPoolExecutor(5) as pool:
                jobs = [pool.submit(writers.write_texts, f"{round}{letter}") for letter in "abc"]
                jobs.append(pool.submit(writers.write_large, round))
                jobs.append(pool.submit(writers.push, git, work, round))
                time.sleep(0.2 + chance.random() * 1.5)
                server.kill()
                for job in jobs:
                    job.result()
            assert_store_is_true(server)
            server.start()
        print(f"acknowledged: {len(writers.commits)} commits, {len(writers.large)} large files, {len(writers.pushed)} pushes")
        assert writers.commits and writers.large and writers.pushed
        writers.check(git, tmp_path / "clones")
        server.stop()
        assert server.command("verify").returncode == OK
    finally:
        server.__exit__()
