"""A repository with a million files: pushed, listed by pages, described, committed to and cloned in bounded memory."""

import json
import os
import pathlib
import subprocess
import time

import pytest
import requests

from support.weir import Weir

pytestmark = pytest.mark.drill

FILES = int(os.environ.get("WEIR_DRILL_FILES", "1000000"))
PER_FOLDER = 1000


@pytest.fixture
def own_hub(tmp_path):
    home = tmp_path / "hub"
    home.mkdir()
    with Weir(home) as weir:
        yield weir


def history(folder: pathlib.Path) -> pathlib.Path:
    """A bare repository of that many files in folders of a thousand, made without a working tree."""
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", folder], check=True)
    feed = subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    out = feed.stdin
    out.write(b"commit refs/heads/main\ncommitter A <a@example.org> 1700000000 +0000\ndata 4\nmany\n")
    for number in range(FILES):
        text = b"%d\n" % number
        path = b"d%04d/f%07d.txt" % (number // PER_FOLDER, number)
        out.write(b"M 100644 inline %s\ndata %d\n%s\n" % (path, len(text), text))
    out.close()
    assert feed.wait() == 0
    return folder


class Measure:
    """Tells how long each step took and how large the server became."""

    def __init__(self, weir: Weir):
        self.weir = weir

    def peak(self) -> int:
        status = pathlib.Path(f"/proc/{self.weir.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) >> 10

    def forget(self):
        pathlib.Path(f"/proc/{self.weir.process.pid}/clear_refs").write_text("5")

    def step(self, what: str, action):
        self.forget()
        start = time.monotonic()
        answer = action()
        peak = self.peak()
        print(f"{what}: {time.monotonic() - start:.1f} s, peak {peak} MiB")
        return answer, peak


def test_a_million_files(own_hub, git, tmp_path):
    token = own_hub.token("ada", "write")
    headers = {"Authorization": f"Bearer {token}"}
    source = history(tmp_path / "source.git")
    measure = Measure(own_hub)
    own_hub.post("/api/repos/create", headers=headers, json={"name": "many", "organization": "ada", "type": "dataset"})
    url = own_hub.url.replace("http://", f"http://ada:{token}@") + "/datasets/ada/many.git"
    measure.step("push", lambda: git.run("push", "--quiet", "--force", url, "main", cwd=source, timeout=1800))

    def walk():
        url, seen, last = f"{own_hub.url}/api/datasets/ada/many/tree/main?recursive=true", 0, ""
        while url:
            answer = requests.get(url, timeout=120)
            entries = answer.json()
            assert answer.status_code == 200 and len(entries) <= 1000 and entries[0]["path"] > last
            last = entries[-1]["path"]
            seen += len([entry for entry in entries if entry["type"] == "file"])
            url = answer.links.get("next", {}).get("url")
        return seen

    seen, peak = measure.step("tree, all pages", walk)
    assert seen == FILES and peak < 400
    info, peak = measure.step("repository info", lambda: own_hub.get("/api/datasets/ada/many", timeout=300).json())
    assert min(FILES, 50_001) <= len(info["siblings"]) <= 60_000 and peak < 600

    def commit():
        lines = [{"key": "header", "value": {"summary": "ten thousand", "description": ""}}]
        lines += [{"key": "file", "value": {"path": f"new/f{number}.txt", "content": "aGVsbG8=", "encoding": "base64"}}
                  for number in range(10_000)]
        body = "\n".join(json.dumps(line) for line in lines)
        return own_hub.post("/api/datasets/ada/many/commit/main", data=body, timeout=600,
                            headers=headers | {"Content-Type": "application/x-ndjson"})

    answer, peak = measure.step("commit of 10 000 files", commit)
    assert answer.status_code == 200 and peak < 600, answer.text[:500]
    measure.step("shallow clone", lambda: git.run(
        "clone", "--quiet", "--bare", "--depth=1", url, tmp_path / "clone.git", timeout=1800))
    names = subprocess.run(["git", "-C", tmp_path / "clone.git", "ls-tree", "-r", "--name-only", "main"],
                           capture_output=True, check=True).stdout
    assert names.count(b"\n") == FILES + 10_000
