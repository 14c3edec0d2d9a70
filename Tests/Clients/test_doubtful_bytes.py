"""Nobody completes on bytes that were never verified: not by a range, and not by continuing on a wrong beginning."""

import concurrent.futures
import hashlib
import time

import pytest

from support import hostile as lies
from support.checks import assert_store_is_true, fetch
from support.clients import HUB_VERSIONS
from support.content import sha256_of
from support.weir import eventually

FILE = "/acme/large/resolve/main/model.safetensors"
SIZE = 64 << 20
QUICK = {"ttl": {"ref": "10m", "negative": "1s"}}


@pytest.fixture
def large(community):
    path = community.content.models["acme/large"] / "model.safetensors"
    return {"sha256": sha256_of(path), "size": path.stat().st_size, "content": path.read_bytes()}


@pytest.fixture
def cold(hostile, make_gateway):
    gateway = make_gateway(hostile.url, cache=QUICK)
    assert gateway.get("/acme/large/resolve/main/config.json").status_code == 200
    return gateway


def spoil(gateway, hostile, large):
    """A pull whose bytes turn out wrong, after many of them have left (an aborted connection takes some back)."""
    hostile.on("blob", lies.flip_a_byte(1000))
    complete, status, body = fetch(gateway, FILE, timeout=30)
    assert not complete and status == 200 and len(body) > 1 << 20
    assert body[1000] != large["content"][1000]
    hostile.behave()
    return body


def make_good(gateway, large):
    complete, status, body = eventually(lambda: (r := fetch(gateway, FILE))[0] and r[1] == 200 and r, 30)
    assert hashlib.sha256(body).hexdigest() == large["sha256"]


@pytest.mark.parametrize("asked, length", [("bytes=0-9", 10), ("bytes=0-1048575", 1 << 20),
                                           ("bytes=500000-20500000", 20_000_001), ("bytes=1-", SIZE - 1)])
def test_no_range_completes_on_a_lie(asked, length, cold, hostile, large):
    hostile.on("blob", lies.flip_a_byte(30_000_000))
    complete, status, body = fetch(cold, FILE, {"Range": asked}, timeout=30)
    assert not (complete and status in (200, 206)), "a part was completed before the whole was verified"
    assert status != 206 or len(body) <= length - min(length, 64 << 10)
    assert large["sha256"] not in cold.stored_blobs()


def test_ranges_of_an_honest_file_come_while_it_arrives(cold, hostile, large):
    hostile.bytes_per_second = 32 << 20
    wanted = [(0, 9), (1_000_000, 1_999_999), (40 << 20, (41 << 20) - 1), (SIZE - 10, SIZE - 1)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(
            lambda r: fetch(cold, FILE, {"Range": f"bytes={r[0]}-{r[1]}"}, 60), wanted))
    for (first, last), (complete, status, body) in zip(wanted, answers):
        assert complete and status == 206 and body == large["content"][first:last + 1]
    assert hostile.count("blob", "GET") == 1


def test_what_continues_a_wrong_beginning_gets_the_whole(cold, hostile, large):
    spoil(cold, hostile, large)
    for restart in (False, True):
        make_good(cold, large)
        if restart:
            cold.restart()
        for asked in (f"bytes={SIZE // 2}-", f"bytes={SIZE // 2}-{SIZE - 1}", f"bytes={SIZE - 1}-"):
            complete, status, body = fetch(cold, FILE, {"Range": asked})
            assert (complete, status) == (True, 200), asked
            assert hashlib.sha256(body).hexdigest() == large["sha256"]
        # Parts from inside and the index at the end are read as ever.
        for asked, first, last in (("bytes=10-19", 10, 19), ("bytes=-8", SIZE - 8, SIZE - 1), ("bytes=0-9", 0, 9)):
            complete, status, body = fetch(cold, FILE, {"Range": asked})
            assert (complete, status, body) == (True, 206, large["content"][first:last + 1]), asked
    # Others are continued as ever.
    tiny = "/acme/tiny/resolve/main/model.safetensors"
    assert cold.get(tiny).status_code == 200
    assert cold.get(tiny, headers={"Range": "bytes=1000-"}).status_code == 206


@pytest.mark.parametrize("version", HUB_VERSIONS)
def test_huggingface_hub_does_not_complete_a_wrong_beginning(version, cold, hostile, large, hub, tmp_path):
    """The client itself is lied to, continues within the same call, and must end with the right file or an error."""
    hostile.on("blob", lies.flip_a_byte(1000), times=2)
    client = hub(version, cold.url)
    output = client.cli("hf", "download", "acme/large", "model.safetensors", "--local-dir", tmp_path / "files", timeout=120)
    if not output.ok:
        hostile.behave()
        client.cli("hf", "download", "acme/large", "model.safetensors", "--local-dir", tmp_path / "files",
                   timeout=120).checked()
    assert sha256_of(tmp_path / "files/model.safetensors") == large["sha256"]
    assert_store_is_true(cold)


@pytest.mark.parametrize("version", HUB_VERSIONS)
def test_huggingface_hub_starts_over_on_a_wrong_file_of_yesterday(version, cold, hostile, large, hub, tmp_path):
    wrong = spoil(cold, hostile, large)
    make_good(cold, large)
    client = hub(version, cold.url)
    got = client.value(
        """
        import hashlib, pathlib
        from huggingface_hub.file_download import http_get
        path = pathlib.Path(args[1])
        with path.open("ab") as file:
            http_get(args[0], file, resume_size=path.stat().st_size, expected_size=int(args[2]))
        result(hashlib.sha256(path.read_bytes()).hexdigest())
        """, cold.url + FILE, write(tmp_path / "part", wrong), SIZE)
    assert got == large["sha256"]


def write(path, content: bytes):
    path.write_bytes(content)
    return path


def test_git_lfs_does_not_complete_a_wrong_beginning(cold, hostile, large, git, tmp_path):
    clone = tmp_path / "clone"
    git.run("clone", "--quiet", f"{cold.url}/acme/large.git", clone, GIT_LFS_SKIP_SMUDGE="1")
    hostile.on("blob", lies.flip_a_byte(1000), times=2)
    for _ in range(3):
        if git.try_run("lfs", "pull", cwd=clone, timeout=120).ok:
            break
        hostile.behave()
    assert sha256_of(clone / "model.safetensors") == large["sha256"]


def test_git_lfs_starts_over_on_a_wrong_beginning(cold, hostile, large, git, tmp_path):
    clone = tmp_path / "clone"
    git.run("clone", "--quiet", f"{cold.url}/acme/large.git", clone, GIT_LFS_SKIP_SMUDGE="1")
    wrong = spoil(cold, hostile, large)
    make_good(cold, large)
    folder = clone / ".git/lfs/incomplete"
    folder.mkdir(parents=True)
    (folder / f"{large['sha256']}.part").write_bytes(wrong)
    for _ in range(2):
        if git.try_run("lfs", "pull", cwd=clone, timeout=120).ok:
            break
    assert sha256_of(clone / "model.safetensors") == large["sha256"]


def test_the_csghub_sdk_does_not_complete_a_wrong_beginning(cold, hostile, large, csghub, tmp_path):
    """It knows no digest and does not start over: an error is what it can have, and the next call is right."""
    hostile.on("blob", lies.flip_a_byte(1000), times=2)
    code = """
        import hashlib, pathlib
        from pycsghub.file_download import http_get
        folder = pathlib.Path(args[1])
        try:
            http_get(url=args[0], local_dir=str(folder), file_name="model.safetensors", quiet=True)
            result(hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest())
        except Exception as error:
            result(f"error: {error}")
        """
    client = csghub(cold.url)
    first = client.value(code, cold.url + FILE, mkdir(tmp_path / "first"), timeout=120)
    assert first == large["sha256"] or first.startswith("error"), first
    hostile.behave()
    make_good(cold, large)
    assert client.value(code, cold.url + FILE, mkdir(tmp_path / "second"), timeout=120) == large["sha256"]


def mkdir(path):
    path.mkdir()
    return path
