"""A large cold file in pieces, from one upstream and from two: shared, cut, lied about, killed."""

import hashlib
import threading
import time

import pytest
import requests

from support import hostile as lies
from support.checks import assert_store_is_true
from support.content import MEBIBYTE, sha256_of, small_model
from support.hostile import HostileProxy
from support.weir import Weir, eventually, fast_upstream, mirror_document

PATH = "/acme/in-pieces/resolve/main/model.safetensors"
SIZE = 160 * MEBIBYTE


@pytest.fixture(scope="module")
def big(community, tmp_path_factory):
    folder = small_model(tmp_path_factory.mktemp("big") / "model", "in-pieces", "apache-2.0", SIZE)
    community.import_folder(folder, "model:acme/in-pieces")
    path = folder / "model.safetensors"
    return {"sha256": sha256_of(path), "size": path.stat().st_size}


@pytest.fixture
def proxies(community):
    with HostileProxy(community.url) as one, HostileProxy(community.url) as two:
        yield one, two


@pytest.fixture
def make(tmp_path, big):
    """`make(*proxies, **keys)`: a gateway whose mirror has these upstreams, `a` and `b`, with more keys for each."""
    started = []

    def start(*proxies, **keys) -> Weir:
        home = tmp_path / f"gateway{len(started)}"
        home.mkdir()
        upstreams = [fast_upstream(name, "weir", proxy.url, **{"priority": 10, **keys}) for name, proxy in zip("ab", proxies)]
        gateway = Weir(home, [mirror_document("community", upstreams)]).start()
        started.append(gateway)
        assert gateway.get("/acme/in-pieces/resolve/main/config.json").status_code == 200
        for proxy in proxies:
            proxy.forget()
        return gateway

    yield start
    for gateway in started:
        gateway.__exit__()


def read(gateway, headers=None) -> tuple[str | None, int]:
    """The SHA-256 of what came, None when it ended early, and its bytes."""
    digest, size = hashlib.sha256(), 0
    try:
        with requests.get(gateway.url + PATH, headers=headers, stream=True, timeout=120) as answer:
            for chunk in answer.iter_content(MEBIBYTE):
                digest.update(chunk)
                size += len(chunk)
            complete = size == int(answer.headers["Content-Length"]) and answer.ok
    except requests.RequestException:
        complete = False
    return (digest.hexdigest() if complete else None), size


def in_background(work) -> tuple[threading.Thread, list]:
    results = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    return thread, results


def test_two_upstreams_of_equal_priority_share_a_file(big, proxies, make):
    one, two = proxies
    gateway = make(one, two)
    one.bytes_per_second = two.bytes_per_second = 24 * MEBIBYTE
    assert read(gateway) == (big["sha256"], big["size"])
    assert min(one.body_bytes(), two.body_bytes()) > big["size"] / 5, (one.body_bytes(), two.body_bytes())
    assert one.body_bytes() + two.body_bytes() <= 1.08 * big["size"]
    used = [gateway.metric("hub_upstream_used_bytes_total", upstream=name) for name in "ab"]
    # The configuration of the model came from there as well, but in git.
    assert big["size"] <= sum(used) <= big["size"] + MEBIBYTE
    assert_store_is_true(gateway)


def test_the_second_is_asked_only_when_the_first_fails(big, proxies, make):
    one, two = proxies
    gateway = make(one)
    gateway.stop()
    document = mirror_document("community", [fast_upstream("a", "weir", one.url, priority=10),
                                             fast_upstream("b", "weir", two.url, priority=20)])
    gateway.write_mirror(document)
    gateway.start()
    one.bytes_per_second = 16 * MEBIBYTE
    thread, results = in_background(lambda: read(gateway))
    eventually(lambda: one.body_bytes() > 40 * MEBIBYTE, 60)
    assert two.body_bytes() == 0
    one.stop()
    thread.join(120)
    assert results == [(big["sha256"], big["size"])]
    assert 0 < two.body_bytes() < big["size"] - 16 * MEBIBYTE


def test_one_that_dies_in_the_middle_is_made_up_for(big, proxies, make):
    one, two = proxies
    gateway = make(one, two)
    one.bytes_per_second = two.bytes_per_second = 12 * MEBIBYTE
    thread, results = in_background(lambda: read(gateway))
    eventually(lambda: min(one.body_bytes(), two.body_bytes()) > 12 * MEBIBYTE, 60)
    two.stop()
    one.bytes_per_second = None
    thread.join(120)
    assert results == [(big["sha256"], big["size"])]
    assert_store_is_true(gateway)


def test_s20_the_liar_of_two_is_found_and_the_file_is_right(big, proxies, make):
    one, two = proxies
    gateway = make(one, two)
    two.on("blob", lies.flip_a_byte(1000))
    eventually(lambda: read(gateway) == (big["sha256"], big["size"]), 120)
    assert gateway.metric("hub_upstream_wrong_blobs_total", upstream="b") in (0, 1)
    assert gateway.metric("hub_upstream_wrong_blobs_total", upstream="a") == 0
    assert_store_is_true(gateway)


def test_an_upstream_that_ignores_ranges_is_streamed(big, proxies, make):
    one, _ = proxies

    def whole(handler, body):
        del handler.headers["Range"]
        handler.forward(body)

    gateway = make(one)
    one.on("blob", whole)
    assert read(gateway) == (big["sha256"], big["size"])
    assert one.body_bytes() <= 1.02 * big["size"]


def test_kill_9_costs_less_than_one_range(big, proxies, make):
    one, two = proxies
    gateway = make(one, two)
    one.bytes_per_second = two.bytes_per_second = 8 * MEBIBYTE
    thread, results = in_background(lambda: read(gateway))
    eventually(lambda: one.body_bytes() + two.body_bytes() > big["size"] * 0.5, 60)
    used = sum(gateway.metric("hub_upstream_used_bytes_total", upstream=name) for name in "ab")
    gateway.kill()
    thread.join(30)
    assert results[0][0] is None and big["sha256"] not in gateway.stored_blobs()
    one.forget()
    two.forget()
    one.bytes_per_second = two.bytes_per_second = None
    gateway.start()
    assert read(gateway) == (big["sha256"], big["size"])
    again = one.body_bytes() + two.body_bytes()
    print(f"written before the kill: {used / MEBIBYTE:.1f} MiB, fetched after it: {again / MEBIBYTE:.1f} MiB")
    assert used > 0.3 * big["size"] and again <= big["size"] - used + 4 * MEBIBYTE
    assert_store_is_true(gateway)
    assert not gateway.partial_files()


def test_a_part_far_ahead_comes_before_what_lies_between(big, proxies, make):
    one, _ = proxies
    gateway = make(one)
    one.bytes_per_second = 8 * MEBIBYTE
    thread, results = in_background(lambda: read(gateway))
    eventually(lambda: one.body_bytes() > 4 * MEBIBYTE, 30)
    began = time.monotonic()
    start = 140 * MEBIBYTE
    with requests.get(gateway.url + PATH, headers={"Range": f"bytes={start}-{start + 8 * MEBIBYTE - 1}"},
                      stream=True, timeout=60) as answer:
        assert answer.status_code == 206
        first = next(answer.iter_content(65536))
        waited = time.monotonic() - began
        done = sum(r.sent for r in one.seen("blob"))
        one.bytes_per_second = None
        rest = b"".join(answer.iter_content(MEBIBYTE))
    thread.join(60)
    assert results == [(big["sha256"], big["size"])]
    assert len(first) + len(rest) == 8 * MEBIBYTE
    print(f"the part began after {waited:.1f} s, with {done / MEBIBYTE:.0f} MiB of the file sent")
    assert done < start * 0.7
