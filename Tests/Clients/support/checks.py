"""Comparisons that many tests make."""

import http.client
import pathlib
import re
import time

from .content import digests, sha256_of

# `weir import` writes it so that git clients know which files are LFS pointers.
_ADDED_BY_IMPORT = {".gitattributes"}


def assert_same_files(folder: pathlib.Path, source: pathlib.Path):
    """Everything in `source` arrived in `folder` byte for byte, and nothing else did."""
    wanted, got = digests(source), digests(folder)
    missing = sorted(wanted.keys() - got.keys())
    extra = sorted(got.keys() - wanted.keys() - _ADDED_BY_IMPORT)
    assert not missing and not extra, f"missing {missing}, extra {extra}"
    different = sorted(name for name in wanted if wanted[name] != got[name] and name not in _ADDED_BY_IMPORT)
    assert not different, f"different bytes: {different}"


def upstream_cost(gateway, action):
    """`(what action returned, upstream bytes it cost, upstream requests it cost)` by the gateway's own metrics."""
    bytes_before, requests_before = gateway.upstream_bytes(), gateway.upstream_requests()
    value = action()
    return value, gateway.upstream_bytes() - bytes_before, gateway.upstream_requests() - requests_before


def assert_store_is_true(weir):
    """Law 4: nothing stands under a SHA-256 that is not its own."""
    for name, path in weir.stored_blobs().items():
        assert sha256_of(path) == name, f"{path} holds other bytes"


def fetch(weir, path: str, headers: dict | None = None, timeout: float = 30,
          within: float = 90) -> tuple[bool, int, bytes]:
    """`(complete, status, body)` of one GET as the strictest client sees it: complete means the announced length came.

    `timeout` bounds each pause, `within` the whole: a gateway that drips for ever is a failure."""
    deadline = time.monotonic() + within
    connection = http.client.HTTPConnection("127.0.0.1", weir.port, timeout=timeout)
    body = b""
    status = 0
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        status = answer.status
        announced = answer.headers.get("Content-Length")
        while piece := answer.read1(1 << 18):
            body += piece
            assert time.monotonic() < deadline, f"{path} was neither complete nor given up within {within} s"
        # http.client ends quietly when a body with a length is cut short.
        complete = announced is None or len(body) == int(announced)
    except (http.client.HTTPException, OSError):
        complete = False
    finally:
        connection.close()
    return complete, status, body


def says_stale(answer) -> bool:
    """Whether an answer admits in its headers that upstream was silent."""
    return any(re.search("stale", f"{name}: {value}", re.IGNORECASE) for name, value in answer.headers.items())
