"""The power fails while people commit: a file system that forgets whatever was not durable, under the real server."""

import base64
import concurrent.futures
import contextlib
import fcntl
import json
import os
import random
import sqlite3
import struct
import subprocess
import time

import pytest
import requests

from support.weir import OK, Weir

pytestmark = [pytest.mark.drill, pytest.mark.skipif(os.geteuid() != 0, reason="mounting a disk needs root")]
CUTS = int(os.environ.get("WEIR_DRILL_CUTS", 8))
REPOSITORIES = 4
# EXT4_IOC_SHUTDOWN without a last flush of the log: what `xfs_io -x -c shutdown` does.
SHUTDOWN, NO_FLUSH = 0x8004587D, 2


class Disk:
    """A small ext4 in a file."""

    def __init__(self, folder):
        self.image, self.path = folder / "image", folder / "disk"
        self.path.mkdir()
        with open(self.image, "wb") as file:
            file.truncate(2 << 30)
        subprocess.run(["mkfs.ext4", "-q", "-F", self.image], check=True)

    def mount(self):
        return subprocess.run(["mount", "-o", "loop", self.image, self.path]).returncode == 0

    def cut(self):
        folder = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, SHUTDOWN, struct.pack("I", NO_FLUSH))
        finally:
            os.close(folder)

    def unmount(self):
        deadline = time.monotonic() + 20
        while subprocess.run(["umount", self.path], stderr=subprocess.DEVNULL).returncode != 0:
            assert time.monotonic() < deadline, "the disk is still in use: not a cut"
            time.sleep(0.1)
        # A process that copied our mounts meanwhile keeps the old one alive, and mounting would bring back that.
        while subprocess.run(["losetup", "--associated", self.image], capture_output=True, check=True).stdout:
            assert time.monotonic() < deadline, "the disk is still mounted elsewhere: not a cut"
            time.sleep(0.1)


def write(server, headers, name, acknowledged):
    """Commits until the server is gone; notes what was acknowledged."""
    for number in range(100_000):
        path, text = f"{number % 7}/{os.urandom(4).hex()}.txt", os.urandom(40).hex().encode()
        lines = [{"key": "header", "value": {"summary": "drill"}},
                 {"key": "file", "value": {"path": path, "content": base64.b64encode(text).decode(),
                                           "encoding": "base64"}}]
        try:
            answer = server.post(f"/api/models/ada/{name}/commit/main", headers=headers, timeout=20,
                                 data="\n".join(map(json.dumps, lines)).encode())
        except (requests.RequestException, OSError):
            return
        if answer.status_code == 200:
            acknowledged.append((time.monotonic(), name, answer.json()["commitOid"], path, text))


def push(git, work, acknowledged):
    """Pushes small commits until the server is gone."""
    for _ in range(100_000):
        (work / "text.txt").write_text(os.urandom(16).hex())
        git.run("add", "--all", cwd=work)
        git.run("commit", "--quiet", "-m", "drill", cwd=work)
        if not git.try_run("push", "--quiet", "origin", "main", cwd=work, timeout=30).ok:
            return
        acknowledged.append((time.monotonic(), "pushed", git.run("rev-parse", "HEAD", cwd=work)))


def test_what_was_acknowledged_survives_a_power_cut(tmp_path, git):
    seed = int(os.environ.get("WEIR_DRILL_SEED", time.time()))
    print("seed", seed)
    chance = random.Random(seed)
    disk = Disk(tmp_path)
    if not disk.mount():
        pytest.skip("this container may not mount")
    home = tmp_path / "home"
    home.mkdir()
    server = Weir(home, data=disk.path / "data")
    acknowledged, journaled = [], 0
    try:
        server.start()
        token = server.token("ada", "write")
        headers = {"Authorization": f"Bearer {token}"}
        names = [f"r{number}" for number in range(REPOSITORIES)]
        for name in [*names, "pushed"]:
            server.checked("repository", "create", f"model:ada/{name}")
        work = tmp_path / "work"
        git.run("init", "--quiet", "-b", "main", work)
        git.run("remote", "add", "origin", f"http://ada:{token}@127.0.0.1:{server.port}/ada/pushed.git", cwd=work)
        for _ in range(CUTS):
            fresh, pushed = [], []
            with concurrent.futures.ThreadPoolExecutor(2 * REPOSITORIES + 1) as pool:
                jobs = [pool.submit(write, server, headers, name, fresh) for name in names * 2]
                jobs.append(pool.submit(push, git, work, pushed))
                time.sleep(0.3 + 3 * chance.random())
                cut_at = time.monotonic()
                disk.cut()
                server.kill()
                for job in jobs:
                    job.result()
            disk.unmount()
            assert disk.mount()
            with contextlib.closing(sqlite3.connect(disk.path / "data/weir.db")) as database:
                journaled += database.execute("SELECT COUNT(*) FROM object_journal").fetchone()[0]
            server.start()
            # A sync that is under way while ext4 is shut down may be told that it is done: a drill's flaw, no power cut
            # answers. What was acknowledged before is what counts.
            fresh = [rest for at, *rest in fresh if at < cut_at]
            pushed = [rest for at, *rest in pushed if at < cut_at]
            for name, commit, path, text in fresh:
                answer = server.get(f"/ada/{name}/resolve/{commit}/{path}", headers=headers)
                assert answer.status_code == 200 and answer.content == text, (name, commit, path, answer.status_code)
            acknowledged += fresh + pushed
        print(f"{len(acknowledged)} commits acknowledged, {journaled} of them in the journal at a cut")
        assert acknowledged and journaled and any(name == "pushed" for name, *_ in acknowledged)
        for name in [*names, "pushed"]:
            clone = tmp_path / name
            git.run("clone", "--quiet", f"http://ada:{token}@127.0.0.1:{server.port}/ada/{name}.git", clone)
            git.run("fsck", "--strict", "--full", cwd=clone)
            known = set(git.run("rev-list", "HEAD", cwd=clone).split())
            assert {commit for owner, commit, *_ in acknowledged if owner == name} <= known
        server.stop()
        assert server.command("verify").returncode == OK
    finally:
        server.__exit__()
        subprocess.run(["umount", "--lazy", disk.path], stderr=subprocess.DEVNULL)
