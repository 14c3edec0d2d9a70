"""One cold file from two upstreams of 50 MiB/s each: how much faster than from one, and what a dead one costs."""

import os
import re
import subprocess
import time

import pytest

from support.checks import assert_store_is_true
from support.content import MEBIBYTE, sha256_of, small_model
from support.hostile import HostileProxy
from support.weir import Weir, eventually, fast_upstream, mirror_document

pytestmark = pytest.mark.drill
PATH = "/acme/two-upstreams/resolve/main/model.safetensors"
SIZE = int(os.environ.get("WEIR_DRILL_TWO_MIB", 512)) * MEBIBYTE

class LimitedServer(HostileProxy):
    """A hub that sends 50 MiB a second in each answer, from its first byte on.

    nginx would not do: its `limit_rate` lets the first second of every request pass unlimited.
    """

    def __init__(self, target: str):
        super().__init__(target)
        self.bytes_per_second = 50 * MEBIBYTE
        self.start()


@pytest.fixture(scope="module")
def big(community, tmp_path_factory):
    folder = small_model(tmp_path_factory.mktemp("big") / "model", "two-upstreams", "apache-2.0", SIZE)
    community.import_folder(folder, "model:acme/two-upstreams", timeout=600)
    return sha256_of(folder / "model.safetensors")


@pytest.fixture
def servers(community):
    made = [LimitedServer(community.url) for _ in "ab"]
    yield made
    for each in made:
        each.stop()


def cold(tmp_path, name: str, servers) -> Weir:
    home = tmp_path / name
    home.mkdir()
    upstreams = [fast_upstream(name, "weir", server.url, priority=10, limits={"rangesPerFile": 1})
                 for name, server in zip("ab", servers)]
    gateway = Weir(home, [mirror_document("community", upstreams)]).start()
    eventually(lambda: gateway.get("/acme/two-upstreams/resolve/main/config.json").status_code == 200, 20)
    return gateway


def download(gateway) -> subprocess.Popen:
    return subprocess.Popen(
        ["bash", "-c", 'set -o pipefail; curl -sS --noproxy "*" -w "%{stderr}@%{time_total} %{time_starttransfer}\n" "$0"'
         " | openssl dgst -sha256", gateway.url + PATH], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(client) -> tuple[str, float, float]:
    output, errors = client.communicate(timeout=600)
    assert client.returncode == 0, errors
    total, first = re.search(r"@([\d.]+) ([\d.]+)", errors).groups()
    return output.split()[-1], float(total), float(first)


def measure(tmp_path, name: str, servers, big: str) -> float:
    """MiB/s of one cold download."""
    gateway = cold(tmp_path, name, servers)
    try:
        digest, seconds, first = finish(download(gateway))
        assert digest == big
        status = open(f"/proc/{gateway.process.pid}/status").read()
        peak = int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024
        rate = SIZE / MEBIBYTE / seconds
        print(f"{name}: {rate:.1f} MiB/s, first byte after {first:.2f} s, peak memory {peak:.0f} MiB")
        assert_store_is_true(gateway)
        return rate
    finally:
        gateway.__exit__()


def test_two_upstreams_are_almost_twice_as_fast_as_one(big, servers, tmp_path):
    ratios = []
    for attempt in range(3):
        one = measure(tmp_path, f"one{attempt}", servers[:1], big)
        two = measure(tmp_path, f"two{attempt}", servers, big)
        ratios.append(two / one)
        print(f"ratio {ratios[-1]:.2f}")
        if ratios[-1] >= 1.8:
            break
    assert max(ratios) >= 1.8, ratios


def test_when_one_dies_in_the_middle_the_file_completes(big, servers, tmp_path):
    gateway = cold(tmp_path, "dies", servers)
    try:
        client = download(gateway)
        eventually(lambda: gateway.metric("hub_upstream_used_bytes_total", upstream="b") > SIZE / 8, 60)
        began = time.monotonic()
        servers[1].stop()
        digest, seconds, _ = finish(client)
        assert digest == big
        print(f"complete {time.monotonic() - began:.1f} s after the death of one, {seconds:.1f} s in all")
        assert_store_is_true(gateway)
    finally:
        gateway.__exit__()
