"""Many clients, one cold file: one download, readers right behind the writer, and a kill in the middle."""

import concurrent.futures
import re
import subprocess
import time

import pytest

from support.checks import assert_store_is_true, fetch
from support.content import MEBIBYTE, megabytes, sha256_of, small_model
from support.hostile import HostileProxy
from support.weir import eventually

PATH = "/acme/one-file/resolve/main/model.safetensors"


def read(url: str) -> tuple[str, float, int, int]:
    """One curl: (SHA-256 of what came, seconds to the first byte, bytes, exit code)."""
    done = subprocess.run(
        ["bash", "-c", 'set -o pipefail; curl -sS --noproxy "*" -w "%{stderr}@%{time_starttransfer} %{size_download}\n" "$0"'
         ' | openssl dgst -sha256', url], capture_output=True, text=True, timeout=600)
    first, size = re.search(r"@([\d.]+) (\d+)", done.stderr).groups()
    return done.stdout.split()[-1], float(first), int(size), done.returncode


@pytest.fixture(scope="module")
def big(community, tmp_path_factory):
    """A model of one big file on the community hub; its size in MiB is WEIR_TEST_FILE_MIB."""
    folder = small_model(tmp_path_factory.mktemp("big") / "model", "one-file", "apache-2.0",
                         megabytes("WEIR_TEST_FILE_MIB", 256))
    community.import_folder(folder, "model:acme/one-file")
    path = folder / "model.safetensors"
    return {"sha256": sha256_of(path), "size": path.stat().st_size}


@pytest.fixture
def slow(community):
    with HostileProxy(community.url) as proxy:
        yield proxy


def test_sixteen_clients_cost_one_download(big, slow, make_gateway):
    gateway = make_gateway(slow.url)
    assert gateway.get("/acme/one-file/resolve/main/config.json").status_code == 200
    slow.forget()
    # Slow enough that all sixteen arrive while the file is on its way.
    slow.bytes_per_second = max(32 * MEBIBYTE, big["size"] / 8)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        leader = pool.submit(read, gateway.url + PATH)
        eventually(lambda: slow.body_bytes() > 0, 20, "the first client never reached upstream")
        followers = [pool.submit(read, gateway.url + PATH) for _ in range(15)]
        results = [leader.result(), *(each.result() for each in followers)]
    assert {(digest, size, code) for digest, _, size, code in results} == {(big["sha256"], big["size"], 0)}
    assert big["size"] <= slow.body_bytes() <= 1.005 * big["size"]
    whole = [r for r in slow.seen("blob", "GET") if r.sent and "range" not in r.headers]
    assert len(whole) <= 1
    first_bytes = sorted(first for _, first, _, _ in results[1:])
    assert first_bytes[-1] <= 0.5, first_bytes
    assert_store_is_true(gateway)


def test_a_range_of_a_cold_file_ends_only_when_the_whole_is_right(big, slow, make_gateway):
    gateway = make_gateway(slow.url)
    assert gateway.get("/acme/one-file/resolve/main/config.json").status_code == 200
    answer = gateway.get(PATH, headers={"Range": "bytes=0-65535"})
    assert answer.status_code == 206 and len(answer.content) == 65536
    assert big["sha256"] in gateway.stored_blobs()


def test_a_client_that_leaves_does_not_stop_the_others(big, slow, make_gateway):
    gateway = make_gateway(slow.url)
    assert gateway.get("/acme/one-file/resolve/main/config.json").status_code == 200
    slow.bytes_per_second = max(32 * MEBIBYTE, big["size"] / 6)
    leaver = subprocess.Popen(["curl", "-sS", "-o", "/dev/null", gateway.url + PATH], stderr=subprocess.DEVNULL)
    eventually(lambda: slow.body_bytes() > MEBIBYTE, 20)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        stayer = pool.submit(read, gateway.url + PATH)
        time.sleep(0.5)
        leaver.kill()
        leaver.wait()
        digest, _, size, code = stayer.result()
    assert (digest, size, code) == (big["sha256"], big["size"], 0)
    assert slow.body_bytes() <= 1.005 * big["size"]


def test_killed_in_the_middle_it_resumes_and_ends_equal(big, slow, make_gateway):
    gateway = make_gateway(slow.url)
    assert gateway.get("/acme/one-file/resolve/main/config.json").status_code == 200
    slow.bytes_per_second = max(32 * MEBIBYTE, big["size"] / 6)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read, gateway.url + PATH) for _ in range(4)]
        eventually(lambda: slow.body_bytes() > big["size"] * 0.4, 60)
        assert big["sha256"] not in gateway.stored_blobs(), "an unverified blob is visible"
        gateway.kill()
        assert all(code != 0 and size < big["size"] for _, _, size, code in (each.result() for each in readers))
    assert big["sha256"] not in gateway.stored_blobs()
    slow.forget()
    gateway.start()
    digest, _, size, code = read(gateway.url + PATH)
    assert (digest, size, code) == (big["sha256"], big["size"], 0)
    ranges = [r.headers.get("range", "") for r in slow.seen("blob", "GET")]
    assert any(re.match(r"bytes=[1-9]\d*-", each) for each in ranges), ranges
    assert slow.body_bytes() < 0.95 * big["size"], "the bytes before the kill were fetched again"
    assert_store_is_true(gateway)
    complete, status, _ = fetch(gateway, PATH, headers={"Range": "bytes=0-0"})
    assert complete and status == 206


def test_the_same_bytes_under_another_name_cost_nothing(slow, community, make_gateway, tmp_path):
    folder = small_model(tmp_path / "copy", "tiny", "mit")  # the weights of acme/tiny
    community.import_folder(folder, "model:other/copy-of-tiny")
    gateway = make_gateway(slow.url)
    assert gateway.get("/acme/tiny/resolve/main/model.safetensors").status_code == 200
    assert gateway.get("/other/copy-of-tiny/resolve/main/config.json").status_code == 200
    slow.forget()
    assert len(gateway.get("/other/copy-of-tiny/resolve/main/model.safetensors").content) == 300_000
    assert slow.body_bytes() < 10_000
