"""Large files, many files, many repositories, slow lines."""

import concurrent.futures
import os
import re
import subprocess
import time

import pytest

from support.content import MEBIBYTE, sha256_of, small_model
from support.hostile import HostileProxy
from support.weir import Weir

pytestmark = pytest.mark.drill


@pytest.fixture
def own_hub(tmp_path):
    home = tmp_path / "hub"
    home.mkdir()
    with Weir(home) as weir:
        yield weir


def test_ranges_beyond_two_gibibytes(own_hub, make_gateway, tmp_path):
    """32-bit offsets are the classic mistake of LFS servers."""
    folder = small_model(tmp_path / "model", "huge", "mit", weights=1000)
    size = 3 << 30
    marks = {0: b"start", (2 << 30) - 2: b"over!", (3 << 30) - 5: b"final"}
    with open(folder / "huge.safetensors", "wb") as file:
        file.truncate(size)
        for offset, text in marks.items():
            file.seek(offset)
            file.write(text)
    own_hub.import_folder(folder, "model:acme/huge", timeout=600)
    gateway = make_gateway(own_hub.url)
    path = "/acme/huge/resolve/main/huge.safetensors"
    for state in ("cold", "warm"):
        for offset, text in marks.items():
            answer = gateway.get(path, headers={"Range": f"bytes={offset}-{offset + 4}"}, timeout=300)
            assert (answer.status_code, answer.content) == (206, text), (state, offset)
            assert answer.headers["Content-Range"] == f"bytes {offset}-{offset + 4}/{size}"
        digest = subprocess.run(["bash", "-c", f"curl -sS --noproxy '*' {gateway.url}{path} | openssl dgst -sha256"],
                                capture_output=True, text=True, timeout=600).stdout.split()[-1]
        assert digest == sha256_of(folder / "huge.safetensors")


def test_thousands_of_small_files(own_hub, make_gateway, git, hub, tmp_path):
    folder = tmp_path / "many"
    for number in range(3000):
        path = folder / f"part{number % 30}/file{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content {number}\n")
    own_hub.import_folder(folder, "dataset:acme/many", timeout=300)
    gateway = make_gateway(own_hub.url)
    git.run("clone", "--quiet", f"{gateway.url}/datasets/acme/many.git", tmp_path / "clone")
    git.run("fsck", "--strict", cwd=tmp_path / "clone")
    names = hub("2.4.0", gateway.url).value(
        "from huggingface_hub import HfApi\n"
        "result(len([e for e in HfApi().list_repo_tree('acme/many', repo_type='dataset', recursive=True) if hasattr(e, 'blob_id')]))")
    assert names in (3000, 3001)  # with .gitattributes
    page = gateway.get("/api/datasets/acme/many/tree/main?recursive=true")
    assert len(page.json()) <= 1000 and "next" in page.links


def test_the_feed_of_hundreds_of_repositories(own_hub, tmp_path):
    names = {f"acme/m{number}" for number in range(250)}
    folder = small_model(tmp_path / "model", "m", "mit", weights=100)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: own_hub.import_folder(folder, f"model:{name}"), names))
    token = {"Authorization": f"Bearer {own_hub.token('syncer')}"}
    cursor, seen, pages = 0, set(), 0
    while True:
        data = own_hub.get(f"/api/v1/sync/version/latest?cur={cursor}", headers=token).json()["data"]
        versions = data["versions"] or []
        assert [v["version"] for v in versions] == sorted({v["version"] for v in versions})
        assert len(versions) <= 100 and all(v["version"] > cursor for v in versions)
        seen |= {v["repo_path"] for v in versions}
        cursor = versions[-1]["version"] if versions else cursor
        pages += 1
        if not data["has_more"]:
            break
    assert seen == names and pages >= 3


def test_git_lfs_over_a_line_slower_than_its_patience(community, make_gateway, git, tmp_path):
    """git-lfs gives up after 30 s without a byte; a cold file that takes longer must flow from the start."""
    with HostileProxy(community.url) as proxy:
        gateway = make_gateway(proxy.url)
        git.run("clone", "--quiet", f"{gateway.url}/acme/large.git", tmp_path / "clone", GIT_LFS_SKIP_SMUDGE="1")
        proxy.forget()
        proxy.bytes_per_second = (64 << 20) / 45
        begun = time.monotonic()
        git.run("lfs", "pull", cwd=tmp_path / "clone", timeout=180)
        assert time.monotonic() - begun > 35, "the line was not slow"
        assert sha256_of(tmp_path / "clone/model.safetensors") == sha256_of(
            community.content.models["acme/large"] / "model.safetensors")
        assert proxy.body_bytes() < 1.05 * (64 << 20)


def test_memory_with_64_readers_behind_one_writer(own_hub, make_gateway, tmp_path):
    folder = small_model(tmp_path / "model", "big", "mit", weights=1 << 30)
    own_hub.import_folder(folder, "model:acme/big", timeout=600)
    gateway = make_gateway(own_hub.url)
    url = gateway.url + "/acme/big/resolve/main/model.safetensors"
    readers = [subprocess.Popen(["curl", "-sS", "--noproxy", "*", "-o", "/dev/null", url]) for _ in range(64)]
    assert all(reader.wait(900) == 0 for reader in readers)
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", open(f"/proc/{gateway.process.pid}/status").read()).group(1)) * 1024
    assert peak <= 250 * MEBIBYTE, peak / MEBIBYTE


def test_nothing_leaks_over_many_requests(community, make_gateway):
    gateway = make_gateway(community.url)
    folder = f"/proc/{gateway.process.pid}/fd"

    def round_of_work():
        for _ in range(150):
            gateway.get("/acme/tiny/resolve/main/model.safetensors")
            gateway.get("/acme/tiny.git/info/refs?service=git-upload-pack")
            gateway.get("/api/models/acme/nested?blobs=true")
        return len(os.listdir(folder)), gateway.metric("process_resident_memory_bytes")

    round_of_work()
    handles, memory = round_of_work()
    for _ in range(4):
        later_handles, later_memory = round_of_work()
    assert later_handles <= handles + 8
    assert later_memory <= memory + 32 * MEBIBYTE
