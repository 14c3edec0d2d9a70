"""The disk fills up in the middle of a pull."""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess

import pytest

from support.checks import assert_store_is_true, fetch
from support.content import MEBIBYTE, sha256_of
from support.hostile import HostileProxy
from support.weir import Weir, eventually, fast_upstream, mirror_document

FILE = "/acme/large/resolve/main/model.safetensors"


@pytest.fixture(scope="session")
def shim(tmp_path_factory):
    """A library that makes every write below a folder fail with ENOSPC while a flag file exists."""
    library = tmp_path_factory.mktemp("shim") / "enospc.so"
    source = pathlib.Path(__file__).parent / "support/enospc.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.fixture
def proxy(community):
    with HostileProxy(community.url) as each:
        yield each


def fill_midway(gateway, proxy, make_full):
    """Starts a read of the large file and makes the disk full once a part of it has come."""
    assert gateway.get("/acme/tiny/resolve/main/model.safetensors").status_code == 200
    assert gateway.get("/acme/large/resolve/main/config.json").status_code == 200
    proxy.forget()
    proxy.bytes_per_second = 24 * MEBIBYTE
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        reader = pool.submit(fetch, gateway, FILE, None, 60)
        eventually(lambda: proxy.body_bytes() > 8 * MEBIBYTE, 30)
        make_full()
        return reader.result()


def assert_refused_but_alive(gateway, community, first):
    complete, status, _ = first
    assert not (complete and status == 200), "a full disk was not noticed"
    digest = sha256_of(community.content.models["acme/large"] / "model.safetensors")
    assert digest not in gateway.stored_blobs()
    again = gateway.get(FILE)
    assert again.status_code == 507, (again.status_code, again.text)
    assert re.search(r"disk|space|storage", again.headers["X-Error-Message"], re.IGNORECASE)
    # What is stored is still served, and a reader needs no writes.
    stored = gateway.get("/acme/tiny/resolve/main/model.safetensors")
    assert stored.status_code == 200 and len(stored.content) == 300_000
    assert gateway.get("/livez").status_code == 200


def assert_recovers(gateway, community, proxy):
    proxy.behave()
    path = community.content.models["acme/large"] / "model.safetensors"

    def whole():
        complete, status, body = fetch(gateway, FILE)
        return complete and status == 200 and body == path.read_bytes()

    eventually(whole, 30, "the pull did not recover")
    assert sha256_of(path) in gateway.stored_blobs()
    assert_store_is_true(gateway)


def test_writes_fail_midway_and_later_work_again(shim, proxy, community, make_gateway, tmp_path, hub):
    flag = tmp_path / "disk-is-full"
    gateway = make_gateway(proxy.url, start=False, cache={"ttl": {"negative": "1s"}})
    gateway.environment = {"LD_PRELOAD": str(shim), "DISK_FULL_FLAG": str(flag), "DISK_FOLDER": str(gateway.data)}
    gateway.start()
    first = fill_midway(gateway, proxy, flag.touch)
    assert_refused_but_alive(gateway, community, first)
    output = hub("2.4.0", gateway.url).cli("hf", "download", "acme/large", "model.safetensors", timeout=120)
    assert not output.ok and re.search(r"disk|space|storage|507", output.text, re.IGNORECASE), output.text[-2000:]
    flag.unlink()
    assert_recovers(gateway, community, proxy)


def fill_up(filler):
    """Takes what is left of a disk, as another program's log would."""
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            pass


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_small_disk_really_runs_full(proxy, community, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=192m", "weir-test", disk]).returncode != 0:
        pytest.skip("this container may not mount")
    try:
        home = tmp_path / "home"
        home.mkdir()
        mirrors = [mirror_document("community", [fast_upstream("hub", "weir", proxy.url)],
                                   cache={"ttl": {"negative": "1s"}})]
        with Weir(home, mirrors, data=disk / "data") as gateway:
            filler = disk / "filler"
            first = fill_midway(gateway, proxy, lambda: fill_up(filler))
            assert_refused_but_alive(gateway, community, first)
            filler.unlink()
            assert_recovers(gateway, community, proxy)
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def test_a_commit_is_refused_whole_and_goes_through_later(shim, tmp_path):
    """The objects of small commits go into the database: a full disk refuses them there as well."""
    flag = tmp_path / "disk-is-full"
    home = tmp_path / "home"
    home.mkdir()
    server = Weir(home)
    server.environment = {"LD_PRELOAD": str(shim), "DISK_FULL_FLAG": str(flag), "DISK_FOLDER": str(server.data)}
    with server:
        token = server.token("ada", "write")
        server.checked("repository", "create", "model:ada/texts")
        headers = {"Authorization": f"Bearer {token}"}

        def commit(name: str):
            lines = [{"key": "header", "value": {"summary": name}},
                     {"key": "file", "value": {"path": name, "content": name, "encoding": "utf-8"}}]
            return server.post("/api/models/ada/texts/commit/main", headers=headers,
                               data="\n".join(map(json.dumps, lines)).encode())

        assert commit("first.txt").status_code == 200
        flag.touch()
        for number in range(3):
            refused = commit(f"lost-{number}.txt")
            assert refused.status_code == 507, (refused.status_code, refused.text)
        assert server.get("/livez").status_code == 200
        assert server.get("/ada/texts/resolve/main/first.txt", headers=headers).text == "first.txt"
        flag.unlink()
        assert commit("second.txt").status_code == 200
        listed = server.get("/api/models/ada/texts/tree/main", headers=headers).json()
        assert {"first.txt", "second.txt"} <= {entry["path"] for entry in listed}
        assert not any(entry["path"].startswith("lost") for entry in listed)
        server.kill()
        server.start()
        assert server.get("/ada/texts/resolve/main/second.txt", headers=headers).text == "second.txt"
        assert server.stop() == 0
        assert server.command("verify").returncode == 0
