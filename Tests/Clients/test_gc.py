"""`weir gc` beside a running server: what nothing names goes, and everything that was acknowledged stays."""

import hashlib
import json
import os
import re
import sqlite3
import subprocess
import time

import pytest
import requests

from support.checks import assert_store_is_true
from support.content import random_bytes
from support.weir import OK, ROOT, USAGE, Weir, eventually

LFS = "application/vnd.git-lfs+json"


@pytest.fixture
def server(tmp_path):
    home = tmp_path / "hub"
    home.mkdir()
    with Weir(home) as weir:
        weir.ada = weir.token("ada", "write")
        yield weir


def collect(server, *more) -> dict:
    answer = server.command("gc", "--json", *more)
    assert answer.returncode == OK, answer.stdout + answer.stderr
    return json.loads(answer.stdout)


def headers(server) -> dict:
    return {"Authorization": f"Bearer {server.ada}"}


def batch(server, name: str, data: bytes, transfers=("basic",)) -> dict:
    answer = server.post(
        f"/{name}.git/info/lfs/objects/batch", headers={**headers(server), "Accept": LFS, "Content-Type": LFS},
        data=json.dumps({"operation": "upload", "transfers": list(transfers), "objects": [
            {"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}]}))
    return answer.json()["objects"][0]["actions"]["upload"]


def upload(server, name: str, data: bytes) -> str:
    action = batch(server, name, data)
    answer = requests.put(action["href"], data=data, headers=action.get("header", {}), timeout=30)
    assert answer.status_code == 200, answer.text
    return hashlib.sha256(data).hexdigest()


def delete(server, name: str):
    owner, bare = name.split("/")
    answer = requests.delete(f"{server.url}/api/repos/delete", headers=headers(server), timeout=30,
                             json={"name": bare, "organization": owner, "type": "model"})
    assert answer.status_code == 200, answer.text


def repositories(server) -> list:
    return sorted((server.data / "git").glob("??/??/*.git"))


def let_writers_rest(server):
    """As if nobody had written for an hour: objects are not taken from where somebody writes."""
    for path in (server.data / "git").glob("??/??/*.git/writers"):
        os.utime(path, (time.time() - 3600, time.time() - 3600))


def loose(folder) -> int:
    return sum(1 for path in folder.glob("objects/??/*") if re.fullmatch("[0-9a-f]{38}", path.name))


def fsck(git, folder):
    git.run("--git-dir", folder, "fsck", "--full", "--strict", "--no-dangling")


@pytest.fixture
def work(server, git, tmp_path):
    server.checked("repository", "create", "model:ada/one")
    folder = tmp_path / "work"
    git.run("init", "--quiet", "-b", "main", folder)
    git.run("remote", "add", "origin", f"http://ada:{server.ada}@127.0.0.1:{server.port}/ada/one.git", cwd=folder)
    return folder


def change(git, work, path: str, content: bytes) -> str:
    (work / path).write_bytes(content)
    git.run("add", "--all", cwd=work)
    git.run("commit", "--quiet", "-m", path, cwd=work)
    return git.run("rev-parse", "HEAD", cwd=work)


def test_a_removed_repository_gives_its_space_back_after_the_grace(server):
    for name in ("ada/one", "ada/two"):
        server.checked("repository", "create", f"model:{name}")
    own, shared = random_bytes("own", 300_000), random_bytes("shared", 200_000)
    mine = upload(server, "ada/one", own)
    ours = upload(server, "ada/one", shared)
    assert upload(server, "ada/two", shared) == ours
    delete(server, "ada/one")

    report = collect(server, "--dry-run", "--grace", "0s")
    assert report["dryRun"] and report["removed"]["blobs"] == {"count": 1, "bytes": len(own)}
    report = collect(server)
    assert "blobs" not in report["removed"] and report["waiting"]["blobs"] == {"count": 1, "bytes": len(own)}
    assert mine in server.stored_blobs()
    report = collect(server, "--grace", "0s")
    assert report["removed"]["blobs"] == {"count": 1, "bytes": len(own)}
    assert set(server.stored_blobs()) == {ours}
    # The server knows: who wants it again has to bring it.
    assert upload(server, "ada/two", own) == mine
    assert mine in server.stored_blobs()
    assert server.command("verify").returncode == OK


def test_uploads_that_broke_off_are_kept_for_their_grace(server):
    server.checked("repository", "create", "model:ada/one")
    data = random_bytes("broken", 3_000_000)
    action = batch(server, "ada/one", data, ("tus",))
    sent = requests.patch(action["href"], data=data[:1_000_000], timeout=30, headers={
        **action.get("header", {}), "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream"})
    assert sent.status_code == 204, sent.text
    assert [path.stat().st_size for path in server.partial_files() if path.parent.name == "uploads"] == [1_000_000]
    assert "uploads" not in collect(server)["removed"]
    resumed = requests.head(action["href"], timeout=30, headers={
        **action.get("header", {}), "Tus-Resumable": "1.0.0"})
    assert resumed.headers["Upload-Offset"] == "1000000"
    for path in server.partial_files():
        os.utime(path, (time.time() - 8 * 86400,) * 2)
    report = collect(server)
    assert report["removed"]["uploads"]["count"] == 1 and report["removed"]["uploads"]["bytes"] >= 1_000_000
    assert not [path for path in server.partial_files() if path.parent.name == "uploads"]


def test_small_commits_are_packed_under_a_running_server(server, git, tmp_path):
    server.checked("repository", "create", "model:ada/one")
    for number in range(100):
        lines = [{"key": "header", "value": {"summary": f"{number}"}},
                 {"key": "file", "value": {"path": f"{number}.txt", "content": f"text {number}"}}]
        answer = server.post("/api/models/ada/one/commit/main", headers=headers(server),
                             data="\n".join(map(json.dumps, lines)).encode())
        assert answer.status_code == 200, answer.text
    [folder] = repositories(server)
    before = loose(folder)
    report = collect(server)
    if before >= 256:
        assert report["consolidated"] == 1 and loose(folder) == 0
        assert len(list(folder.glob("objects/pack/*.pack"))) == 1
    fsck(git, folder)
    for number in (0, 50, 99):
        assert server.get(f"/ada/one/resolve/main/{number}.txt", headers=headers(server)).text == f"text {number}"
    git.run("clone", "--quiet", f"http://ada:{server.ada}@127.0.0.1:{server.port}/ada/one.git", tmp_path / "clone")
    assert len(list((tmp_path / "clone").glob("*.txt"))) == 100
    assert server.post("/api/models/ada/one/commit/main", headers=headers(server), data="\n".join(map(json.dumps, [
        {"key": "header", "value": {"summary": "after"}},
        {"key": "file", "value": {"path": "after.txt", "content": "after"}}])).encode()).status_code == 200
    fsck(git, folder)


def test_s34_a_deleted_branch_goes_and_the_others_stay_whole(server, git, work, tmp_path):
    kept = change(git, work, "kept.txt", b"kept")
    git.run("push", "--quiet", "origin", "main", cwd=work)
    git.run("checkout", "--quiet", "-b", "side", cwd=work)
    lost = change(git, work, "lost.bin", random_bytes("lost", 500_000))
    git.run("push", "--quiet", "origin", "side", cwd=work)
    git.run("push", "--quiet", "origin", ":side", cwd=work)
    [folder] = repositories(server)

    report = collect(server, "--git-grace", "0s")
    assert report["skipped"] == 1 and "git-objects" not in report["removed"], "it was taken under a writer's hands"
    let_writers_rest(server)
    assert "git-objects" not in collect(server)["removed"]
    report = collect(server, "--dry-run", "--git-grace", "0s")
    assert report["removed"]["git-objects"]["count"] == 3
    assert git.try_run("--git-dir", folder, "cat-file", "-e", lost).ok
    report = collect(server, "--git-grace", "0s")
    assert report["removed"]["git-objects"]["count"] == 3 and report["removed"]["git-objects"]["bytes"] >= 500_000
    assert not git.try_run("--git-dir", folder, "cat-file", "-e", lost).ok
    assert git.try_run("--git-dir", folder, "cat-file", "-e", kept).ok
    fsck(git, folder)
    assert server.get(f"/api/models/ada/one/revision/{lost}", headers=headers(server)).status_code == 404
    git.run("clone", "--quiet", f"http://ada:{server.ada}@127.0.0.1:{server.port}/ada/one.git", tmp_path / "clone")
    git.run("fsck", "--full", cwd=tmp_path / "clone")
    # The same objects can be pushed again, and are whole again.
    git.run("push", "--quiet", "origin", "side", cwd=work)
    assert server.get("/ada/one/resolve/side/lost.bin", headers=headers(server)).content == random_bytes("lost", 500_000)
    fsck(git, folder)


def test_expired_rows_go_and_the_folder_of_a_half_removed_repository(server, git, work):
    change(git, work, "a.txt", b"a")
    git.run("push", "--quiet", "origin", "main", cwd=work)
    [folder] = repositories(server)
    with sqlite3.connect(server.data / "weir.db") as database:
        database.execute("INSERT INTO sessions (id, user_id, secret_hash, created_at, last_seen_at, expires_at) "
                         "SELECT 1, id, 'x', 0, 0, 1 FROM users LIMIT 1")
    # What is left when the server dies between the rows and the folder.
    digits = hashlib.sha256(b"1234567").hexdigest()
    orphan = server.data / "git" / digits[:2] / digits[2:4] / "1234567.git"
    orphan.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-r", folder, orphan], check=True)
    assert "repositories" not in collect(server)["removed"], "a folder that was made just now is left"
    os.utime(orphan, (time.time() - 7200,) * 2)
    report = collect(server)
    assert report["removed"]["repositories"]["count"] == 1 and not orphan.exists() and folder.exists()
    with sqlite3.connect(server.data / "weir.db") as database:
        assert database.execute("SELECT COUNT(*) FROM sessions WHERE id = 1").fetchone() == (0,)


def test_the_server_collects_when_an_administrator_asks(server):
    root = {"Authorization": f"Bearer {server.token('root', 'admin', admin=True)}"}
    route = "/api/gateway/v1/gc"
    assert server.get(route, headers=headers(server)).status_code == 403
    assert server.post(route, headers=headers(server)).status_code == 403
    assert server.get(route, headers=root).json() == {"finishedAt": None, "report": None}
    assert server.post(route, headers=root).status_code == 202
    last = eventually(lambda: (found := server.get(route, headers=root).json())["report"] and found, 30)
    assert last["finishedAt"] and last["report"]["problems"] == []
    assert [each for each in server.log_records() if each.get("msg") == "collected garbage"]


def test_times_that_are_none_are_refused(server):
    assert server.command("gc", "--grace", "soon").returncode == USAGE


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system needs root")
def test_it_works_on_a_full_disk(tmp_path):
    """F6: what takes no space to remove goes, and so does what was marked."""
    home, small = tmp_path / "hub", tmp_path / "small"
    home.mkdir(), small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("no small file system can be made here")
    try:
        with Weir(home, data=small / "data") as weir:
            weir.ada = weir.token("ada", "write")
            for name in ("ada/one", "ada/two"):
                weir.checked("repository", "create", f"model:{name}")
            data = random_bytes("large", 8 << 20)
            upload(weir, "ada/one", data)
            kept = upload(weir, "ada/two", random_bytes("kept", 1 << 20))
            delete(weir, "ada/one")
            collect(weir)
            with pytest.raises(OSError), open(small / "filler", "wb", buffering=0) as filler:
                while True:
                    filler.write(bytes(4096))
            report = json.loads(weir.command("gc", "--json", "--grace", "0s").stdout)
            assert report["removed"]["blobs"]["bytes"] == len(data), report
            assert set(weir.stored_blobs()) == {kept}
            assert upload(weir, "ada/two", data[:1 << 20])
            assert_store_is_true(weir)
    finally:
        subprocess.run(["umount", "-l", small], check=True)


def test_the_commands_of_the_manual_run(server):
    """Every command of the manual's section on garbage runs as printed."""
    section = (ROOT / "docs/operations.md").read_text().split("## Garbage\n", 1)[1].split("\n## ", 1)[0]
    commands = [line for block in re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S) for line in block.splitlines()]
    assert commands
    for command in commands:
        assert command.startswith("weir gc"), command
        assert server.command(*command.split()[1:]).returncode == OK, command
