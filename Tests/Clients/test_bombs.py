"""S33: packs that were made to take a server's memory, disk or time. Each is refused, and leaves nothing behind."""

import hashlib
import os
import pathlib
import threading

import pytest

from support import packs
from support.packs import BLOB, COMMIT, OFFSET_DELTA, REFERENCE_DELTA, TREE, entry, pack
from support.weir import Weir, eventually

MEBIBYTE = 1 << 20
EMPTY_TREE = packs.object_id(TREE, b"")
LARGEST = 0xFFFFFF


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("bombs")) as weir:
        weir.alice = weir.token("alice", "write")
        weir.checked("repository", "create", "model:alice/bombs")
        yield weir


def around(*entries: bytes, files: list[tuple[str, str, str]] = (), count: int | None = None) -> tuple[str, bytes]:
    """A commit and its tree, and a pack of both with what else there is."""
    tree = packs.tree(list(files))
    commit = packs.commit(packs.object_id(TREE, tree))
    return packs.object_id(COMMIT, commit), pack([entry(COMMIT, commit), entry(TREE, tree), *entries],
                                                 None if count is None else count)


def delta_that_grows(times: int):
    base = b"\0" * LARGEST
    instructions = packs.number(LARGEST) + packs.number(LARGEST * times) + packs.copies(LARGEST, times)
    first = entry(BLOB, base)
    return around(first, entry(OFFSET_DELTA, instructions, base=packs.offset(len(first))))


def chain_that_grows(links: int):
    """Each is a hundred times the one before it."""
    out, size, last = [entry(BLOB, b"\0" * 1000)], 1000, 0
    for _ in range(links):
        step = min(size, LARGEST)
        instructions = packs.number(size) + packs.number(step * 100) + packs.copies(step, 100)
        out.append(entry(OFFSET_DELTA, instructions, base=packs.offset(len(out[-1]))))
        size = step * 100
    return around(*out)


def upon_itself():
    instructions = packs.number(5) + packs.number(5) + packs.copies(5, 1)
    return around(entry(REFERENCE_DELTA, instructions, base=bytes.fromhex("ab" * 20)))


def before_the_pack():
    instructions = packs.number(5) + packs.number(5) + packs.copies(5, 1)
    return around(entry(OFFSET_DELTA, instructions, base=packs.offset(1 << 40)))


def beyond_its_base():
    base = entry(BLOB, b"hello")
    instructions = packs.number(5) + packs.number(LARGEST) + packs.copies(LARGEST, 1)
    return around(base, entry(OFFSET_DELTA, instructions, base=packs.offset(len(base))))


def large_file(size: int):
    content = b"\0" * size
    return around(entry(BLOB, content), files=[("100644", "zeros", packs.object_id(BLOB, content))])


def endless_message():
    commit = packs.commit(EMPTY_TREE, "x" * (64 * MEBIBYTE))
    ids = [packs.object_id(COMMIT, commit)]
    return ids[0], pack([entry(COMMIT, commit), entry(TREE, b"")])


def wide_trees():
    """Two thousand names in each of four levels: sixteen million million paths in a few kilobytes."""
    blob = packs.object_id(BLOB, b"x")
    entries, below, mode = [entry(BLOB, b"x")], blob, "100644"
    for _ in range(4):
        content = packs.tree([(mode, f"{number:06}", below) for number in range(2000)])
        entries.append(entry(TREE, content))
        below, mode = packs.object_id(TREE, content), "40000"
    commit = packs.commit(below)
    return packs.object_id(COMMIT, commit), pack([*entries, entry(COMMIT, commit)])


def with_wrong_checksum():
    id, content = around()
    return id, content[:-20] + hashlib.sha1(b"").digest()


BOMBS = {
    "more objects than there can be": lambda: around(count=0xFFFFFFFF),
    "more objects promised than sent": lambda: around(count=5_000_000),
    "fewer objects promised than sent": lambda: around(count=1),
    "an object that says it is a tebibyte": lambda: around(entry(BLOB, b"small", size=1 << 40)),
    "an object that is longer than it says": lambda: around(entry(BLOB, b"\0" * (64 * MEBIBYTE), size=10)),
    "a delta upon what is not there": upon_itself,
    "a delta upon what is before the pack": before_the_pack,
    "a delta that copies beyond its base": beyond_its_base,
    "a delta that grows to sixteen gibibytes": lambda: delta_that_grows(1024),
    "deltas upon deltas, each a hundred times the last": lambda: chain_that_grows(5),
    "a hundred mebibytes of nothing": lambda: large_file(100 * MEBIBYTE),
    "trees that are endless to list": wide_trees,
    "a wrong checksum": with_wrong_checksum,
    "a pack in a pack": lambda: (around()[0], around(around()[1])[1]),
}


class Watch:
    """The most memory and processor time that one child of the server took. Time by the clock says how busy the machine is."""

    def __init__(self, server):
        self.server, self.most, self.seconds, self._done = server, 0, 0, threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self):
        while not self._done.wait(0.05):
            for folder in pathlib.Path("/proc").glob("[0-9]*"):
                try:
                    fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                    if int(fields[1]) == self.server.process.pid:
                        self.most = max(self.most, int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))
                        ticks = int(fields[11]) + int(fields[12])
                        self.seconds = max(self.seconds, ticks / os.sysconf("SC_CLK_TCK"))
                except (OSError, IndexError):
                    continue

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()


@pytest.mark.parametrize("bomb", BOMBS)
def test_s33_a_bomb_is_refused_and_leaves_nothing(bomb, server):
    commit, content = BOMBS[bomb]()
    assert len(content) < 2 * MEBIBYTE, "a bomb is small"
    before = server.get("/api/models/alice/bombs/refs").content
    with Watch(server) as watch:
        answer = server.post(
            "/alice/bombs.git/git-receive-pack", data=packs.push("refs/heads/bomb", commit, content),
            auth=("alice", server.alice), headers={"Content-Type": "application/x-git-receive-pack-request"}, timeout=280)
    assert b"ng refs/heads/bomb" in answer.content, answer.content[:500]
    assert watch.seconds < 30
    assert watch.most < 2560 * MEBIBYTE, f"a child had {watch.most >> 20} MiB"
    assert server.get("/api/models/alice/bombs/refs").content == before
    eventually(lambda: not list((server.data / "git/incoming").glob("*")), 10, "something is left in quarantine")
    assert not list((server.data / "git").rglob("objects/pack/*.pack"))


def test_s33_what_is_no_bomb_is_taken(server):
    server.checked("repository", "create", "model:alice/plain")
    content = b"hello\n"
    commit, made = around(entry(BLOB, content), files=[("100644", "hello", packs.object_id(BLOB, content))])
    answer = server.post(
        "/alice/plain.git/git-receive-pack", data=packs.push("refs/heads/main", commit, made),
        auth=("alice", server.alice), headers={"Content-Type": "application/x-git-receive-pack-request"})
    assert b"ok refs/heads/main" in answer.content, answer.content[:500]
