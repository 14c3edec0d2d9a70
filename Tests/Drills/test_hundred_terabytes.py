"""A repository of a hundred terabytes: twenty thousand pointers to sparse objects, pushed, listed, described and read in part."""

import hashlib
import os
import pathlib
import sqlite3
import subprocess
import time

import pytest
import requests

from support.weir import Weir, run_weir

pytestmark = pytest.mark.drill

FILES = int(os.environ.get("WEIR_DRILL_POINTERS", "20000"))
EACH = 5 << 30
TOTAL = FILES * EACH
#: Bytes that a server may hold at its peak, whatever the repository.
MEMORY = 400 << 20


def pointers() -> list[tuple[str, str]]:
    return [(f"shards/{number // 1000:03d}/model-{number:05d}.safetensors", hashlib.sha256(b"sparse %d" % number).hexdigest())
            for number in range(FILES)]


@pytest.fixture
def own_hub(tmp_path):
    home = tmp_path / "hub"
    home.mkdir()
    with Weir(home) as weir:
        yield weir


def place(weir: Weir, repository: str, objects: list[str]):
    """What an upload of all those bytes leaves behind, without the bytes: sparse files, and the rows that name them.

    The digests are not those of the holes; nothing below reads a whole object."""
    database = sqlite3.connect(weir.data / "weir.db")
    key = database.execute("SELECT id FROM repositories WHERE name = ?", [repository]).fetchone()[0]
    now = int(time.time() * 1000)
    for oid in objects:
        path = weir.data / "blobs/sha256" / oid[:2] / oid[2:4] / oid
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as file:
            file.truncate(EACH)
            file.seek(EACH - 5)
            file.write(b"final")
        path.chmod(0o440)
    with database:
        database.executemany("INSERT INTO blobs (sha256, size, stored_at) VALUES (?, ?, ?)", [(oid, EACH, now) for oid in objects])
        database.executemany("INSERT INTO links (repository_id, sha256, size, is_proved) VALUES (?, ?, ?, 1)",
                             [(key, oid, EACH) for oid in objects])
    database.close()


def history(folder: pathlib.Path) -> pathlib.Path:
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", folder], check=True)
    feed = subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    out = feed.stdin
    out.write(b"commit refs/heads/main\ncommitter A <a@example.org> 1700000000 +0000\ndata 4\nmany\n")
    for path, oid in pointers():
        text = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n" % (oid.encode(), EACH)
        out.write(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text), text))
    attributes = b"*.safetensors filter=lfs diff=lfs merge=lfs -text\n"
    out.write(b"M 100644 inline .gitattributes\ndata %d\n%s\n" % (len(attributes), attributes))
    out.close()
    assert feed.wait() == 0
    return folder


def peak(weir: Weir) -> int:
    status = pathlib.Path(f"/proc/{weir.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) << 10


def test_a_hundred_terabytes(own_hub, git, hub, tmp_path):
    token = own_hub.token("ada", "write")
    headers = {"Authorization": f"Bearer {token}"}
    own_hub.post("/api/repos/create", headers=headers, json={"name": "vast", "organization": "ada", "type": "model"})
    own_hub.stop()
    objects = [oid for _, oid in pointers()]
    place(own_hub, "vast", objects)
    own_hub.start()
    source = history(tmp_path / "source.git")
    url = own_hub.url.replace("http://", f"http://ada:{token}@") + "/ada/vast.git"
    begun = time.monotonic()
    git.run("push", "--quiet", "--force", "--no-verify", url, "main", cwd=source, timeout=900)
    print(f"push: {time.monotonic() - begun:.1f} s, peak {peak(own_hub) >> 20} MiB")

    # Every page of the tree says sizes that no 32-bit number holds, and their sum no 46-bit number.
    page, seen, total = f"{own_hub.url}/api/models/ada/vast/tree/main?recursive=true", 0, 0
    while page:
        answer = requests.get(page, timeout=60)
        files = [entry for entry in answer.json() if entry.get("lfs")]
        assert all(entry["size"] == entry["lfs"]["size"] == EACH for entry in files)
        seen, total = seen + len(files), total + sum(entry["size"] for entry in files)
        page = answer.links.get("next", {}).get("url")
    assert (seen, total) == (FILES, TOTAL)

    info = own_hub.get("/api/models/ada/vast?blobs=true", timeout=120).json()
    assert len([entry for entry in info["siblings"] if entry.get("lfs")]) == FILES
    assert info.get("usedStorage", TOTAL) >= TOTAL

    path, oid = pointers()[FILES // 2]
    head = own_hub.head(f"/ada/vast/resolve/main/{path}", allow_redirects=True, timeout=60)
    assert int(head.headers["Content-Length"]) == EACH
    tail = requests.get(f"{own_hub.url}/ada/vast/resolve/main/{path}", headers={"Range": f"bytes={EACH - 5}-"}, timeout=60)
    assert (tail.status_code, tail.content) == (206, b"final")

    batch = own_hub.post("/ada/vast.git/info/lfs/objects/batch", headers={
        "Accept": "application/vnd.git-lfs+json", "Content-Type": "application/vnd.git-lfs+json"}, json={
            "operation": "download", "transfers": ["basic"], "objects": [{"oid": oid, "size": EACH} for oid in objects[:1000]]}).json()
    assert all("download" in entry["actions"] for entry in batch["objects"])

    dry = hub("2.4.0", own_hub.url).value(
        "from huggingface_hub import snapshot_download\n"
        "plan = snapshot_download('ada/vast', dry_run=True)\n"
        "result([len(plan), sum(each.file_size for each in plan)])", timeout=600)
    assert dry[0] == FILES + 1 and dry[1] >= TOTAL

    # A large file added beside them, and one taken away, in one commit.
    answer = own_hub.post("/api/models/ada/vast/commit/main", headers=headers | {"Content-Type": "application/x-ndjson"}, data="\n".join([
        '{"key":"header","value":{"summary":"one less","description":""}}',
        '{"key":"deletedFile","value":{"path":"%s"}}' % path,
        '{"key":"file","value":{"path":"README.md","content":"IyB2YXN0Cg==","encoding":"base64"}}']), timeout=120)
    assert answer.status_code == 200, answer.text[:500]
    assert requests.head(f"{own_hub.url}/ada/vast/resolve/main/{path}", timeout=60).status_code == 404

    assert peak(own_hub) < MEMORY, peak(own_hub) >> 20
    own_hub.stop()
    counted = run_weir("quota", "recount", "--data", own_hub.data).stdout
    assert int(counted.split(" counted;")[0].split()[-1]) >= TOTAL, counted
