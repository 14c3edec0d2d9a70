"""F5: kill -9 of the collector and of the server while people upload, commit, push and remove: nothing acknowledged is lost.

The collector has no grace here, so that it takes everything the moment nothing names it.
"""

import concurrent.futures
import hashlib
import json
import os
import random
import subprocess
import time

import pytest
import requests

from support.checks import assert_store_is_true
from support.weir import BINARY, OK, Weir

pytestmark = pytest.mark.drill
ROUNDS = int(os.environ.get("WEIR_DRILL_GC_KILLS", 40))
LFS = "application/vnd.git-lfs+json"
GONE = (requests.RequestException, OSError)
WITHOUT_GRACE = ("--grace", "0s", "--git-grace", "0s", "--upload-grace", "0s")


class Hub:
    """What was asked for and acknowledged."""

    def __init__(self, server: Weir, token: str, chance: random.Random):
        self.server, self.token, self.chance = server, token, chance
        self.headers = {"Authorization": f"Bearer {token}"}
        # The same few contents come and go: what one collector removes another writer brings again.
        self.contents = [chance.randbytes(chance.randrange(1, 200_000)) for _ in range(12)]
        self.kept: dict[str, bytes] = {}
        self.commits: list[str] = []
        self.pushed: list[str] = []
        self.counts = {"linked": 0, "removed": 0, "collected": 0, "refused": 0}

    def upload(self, name: str, data: bytes) -> bool:
        oid = hashlib.sha256(data).hexdigest()
        answer = self.server.post(f"/ada/{name}.git/info/lfs/objects/batch", timeout=20, data=json.dumps(
            {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": len(data)}]}),
            headers={**self.headers, "Accept": LFS, "Content-Type": LFS})
        if answer.status_code != 200:
            assert answer.status_code in (404, 429, 503), answer.text
            return False
        action = answer.json()["objects"][0].get("actions", {}).get("upload")
        if action:
            put = requests.put(action["href"], data=data, headers=action.get("header", {}), timeout=20)
            if put.status_code != 200:
                assert put.status_code in (401, 403, 404, 429, 503), put.text
                self.counts["refused"] += 1
                return False
        return True

    def commit(self, name: str, operation: dict) -> str | None:
        answer = self.server.post(f"/api/models/ada/{name}/commit/main", headers=self.headers, timeout=20, data="\n".join(
            map(json.dumps, [{"key": "header", "value": {"summary": "drill"}}, operation])).encode())
        if answer.status_code != 200:
            assert answer.status_code in (404, 429, 503), answer.text
            return None
        return answer.json()["commitOid"]

    def keep(self, round: str):
        """Files that stay for ever, made of contents that others remove."""
        for number in range(1000):
            data = self.chance.choice(self.contents)
            path = f"{round}-{number}.bin"
            try:
                if not self.upload("kept", data):
                    continue
                done = self.commit("kept", {"key": "lfsFile", "value": {
                    "path": path, "algo": "sha256", "oid": hashlib.sha256(data).hexdigest(), "size": len(data)}})
            except GONE:
                return
            if done:
                self.kept[path] = data
                self.commits.append(done)
                self.counts["linked"] += 1

    def come_and_go(self, letter: str):
        """Repositories that link the same contents and are removed with them."""
        for number in range(1000):
            name = f"gone-{letter}"
            try:
                self.server.post("/api/repos/create", headers=self.headers, timeout=20,
                                 json={"name": name, "organization": "ada", "type": "model"})
                for data in self.chance.sample(self.contents, 4):
                    self.upload(name, data)
                answer = requests.delete(f"{self.server.url}/api/repos/delete", headers=self.headers, timeout=20, json={
                    "name": name, "organization": "ada", "type": "model"})
            except GONE:
                return
            self.counts["removed"] += answer.status_code == 200

    def push(self, git, work, round: int):
        """Commits that stay, and branches that are made and deleted with their objects."""
        for number in range(1000):
            (work / f"{round}-{number}.txt").write_text(os.urandom(16).hex())
            git.run("add", "--all", cwd=work)
            git.run("commit", "--quiet", "-m", f"{round}-{number}", cwd=work)
            head = git.run("rev-parse", "HEAD", cwd=work)
            if not git.try_run("push", "--quiet", "origin", "main", cwd=work, timeout=30).ok:
                return
            self.pushed.append(head)
            for ref in (f"{head}:refs/heads/side-{round}", f":refs/heads/side-{round}"):
                if not git.try_run("push", "--quiet", "--force", "origin", ref, cwd=work, timeout=30).ok:
                    return

    def collect(self, until: float):
        """Collectors one after the other, each killed at some moment."""
        while time.monotonic() < until:
            for path in (self.server.data / "git").glob("??/??/*.git/writers"):
                try:
                    os.utime(path, (time.time() - 3600,) * 2)
                except OSError:
                    pass
            process = subprocess.Popen([str(BINARY), "gc", "--data", str(self.server.data), *WITHOUT_GRACE],
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            try:
                # Every other one may come to its end.
                process.wait(self.chance.uniform(0.05, 3) if self.chance.random() < 0.5 else 60)
                self.counts["collected"] += process.returncode == OK
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()

    def check(self, git, folder):
        for path, content in self.kept.items():
            answer = self.server.get(f"/ada/kept/resolve/main/{path}", headers=self.headers)
            assert answer.status_code == 200 and answer.content == content, path
        for name, commits in (("kept", self.commits), ("pushed", self.pushed)):
            clone = folder / name
            git.run("clone", "--quiet", f"http://ada:{self.token}@127.0.0.1:{self.server.port}/ada/{name}.git", clone,
                    GIT_LFS_SKIP_SMUDGE="1")
            git.run("fsck", "--strict", "--full", cwd=clone)
            known = set(git.run("rev-list", "HEAD", cwd=clone).split())
            assert not [commit for commit in commits if commit not in known], "an acknowledged commit is gone"


def test_the_collector_takes_nothing_that_was_acknowledged(tmp_path, git):
    seed = int(os.environ.get("WEIR_DRILL_SEED", time.time()))
    print("seed", seed)
    chance = random.Random(seed)
    home = tmp_path / "hub"
    home.mkdir()
    server = Weir(home).start()
    try:
        hub = Hub(server, server.token("ada", "write"), chance)
        for name in ("kept", "pushed"):
            server.checked("repository", "create", f"model:ada/{name}")
        work = tmp_path / "work"
        git.run("init", "--quiet", "-b", "main", work)
        git.run("remote", "add", "origin", f"http://ada:{hub.token}@127.0.0.1:{server.port}/ada/pushed.git", cwd=work)
        for round in range(ROUNDS):
            with concurrent.futures.ThreadPoolExecutor(6) as pool:
                end = time.monotonic() + 0.5 + chance.random() * 3
                jobs = [pool.submit(hub.keep, f"{round}{letter}") for letter in "ab"]
                jobs += [pool.submit(hub.come_and_go, letter) for letter in "xy"]
                jobs += [pool.submit(hub.push, git, work, round), pool.submit(hub.collect, end)]
                jobs[-1].result()
                server.kill()
                for job in jobs:
                    job.result()
            assert_store_is_true(server)
            server.start()
        print(f"acknowledged: {len(hub.commits)} commits, {len(hub.pushed)} pushes; {hub.counts}")
        assert hub.commits and hub.pushed and hub.counts["removed"] and hub.counts["collected"]
        hub.check(git, tmp_path / "clones")
        server.stop()
        assert server.command("gc", *WITHOUT_GRACE).returncode == OK
        verified = server.command("verify")
        assert verified.returncode == OK, verified.stdout
        # What was not linked is gone: all that is stored is named.
        wanted = {hashlib.sha256(data).hexdigest() for data in hub.kept.values()}
        assert wanted <= set(server.stored_blobs())
        for folder in (server.data / "git").glob("??/??/*.git"):
            git.run("--git-dir", folder, "fsck", "--full", "--no-dangling")
    finally:
        server.__exit__()
