"""One file of WEIR_DRILL_LARGE_GB gigabytes (1 unless told), up and down by stock clients, at a flat amount of memory.

Above 50 clients refuse plain HTTP, so 60 is what to ask for before a release. It needs the space of the file four
times where the disk does not compress; the content compresses well.
"""

import os
import re
import struct
import threading
import time

import pytest

from support.content import MEBIBYTE, sha256_of
from support.weir import Weir

pytestmark = [pytest.mark.drill, pytest.mark.timeout(4 * 3600)]

SIZE = int(float(os.environ.get("WEIR_DRILL_LARGE_GB", "1")) * 1e9) + 12_345
REFUSED_BY_HTTP = 50_000_000_000
PATIENCE = 600 + SIZE / 10e6
# What the server may take, whatever the size of the file.
MEMORY = 400 * MEBIBYTE
END = b"the very end of it"


def write(path, size: int):
    """Blocks that differ, so that little is deduplicated: full ones, or such with holes where it would take long."""
    block, text = 64 << 10, b"All happy families are alike; each unhappy family is unhappy in its own way. "
    full = size < 10e9
    with open(path, "wb") as file:
        for start in range(0, size, block if full else 16 * block):
            file.seek(start)
            file.write(struct.pack("<Q", start) + (text * 900 if full else text)[:block - 8])
        file.truncate(size)
        file.seek(size - len(END))
        file.write(END)


class Memory:
    """The most memory that a process really used, beside pages of files, watched while something goes on."""

    def __init__(self, process: int):
        self.process, self.peak, self.ended = process, 0, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def now(self) -> int:
        with open(f"/proc/{self.process}/status") as status:
            return int(re.search(r"RssAnon:\s+(\d+) kB", status.read()).group(1)) * 1024

    def _watch(self):
        while not self.ended.wait(0.2):
            self.peak = max(self.peak, self.now())

    def phase(self) -> int:
        """The most since the last time it was asked."""
        peak, self.peak = self.peak, 0
        return peak

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


@pytest.mark.parametrize("way", ["xet", "lfs"])
def test_one_large_file(way, hub, tmp_path):
    source = tmp_path / "large.bin"
    write(source, SIZE)
    digest = sha256_of(source)
    flags = () if SIZE > REFUSED_BY_HTTP else ("--xet-downloads-above", "0")
    with Weir(tmp_path / "weir", flags=flags) as server:
        token = server.token("ada", "write")
        header = {"Authorization": f"Bearer {token}"}
        switch = {"HF_HUB_DISABLE_XET": "1"} if way == "lfs" else {}
        took, peaks = {}, {}
        with Memory(server.process.pid) as memory:
            begun = time.monotonic()
            hub("2.4.0", server.url, token, **switch).value("""
                from huggingface_hub import HfApi
                api = HfApi()
                api.create_repo(args[0], private=True)
                api.upload_file(path_or_fileobj=args[1], path_in_repo="large.bin", repo_id=args[0])
                result(True)
            """, "ada/large", source, timeout=PATIENCE)
            took["up"], peaks["up"] = time.monotonic() - begun, memory.phase()
            # The space is needed for what comes down.
            source.unlink()

            begun = time.monotonic()
            entry, = [e for e in server.get("/api/models/ada/large/tree/main", headers=header).json()
                      if e["path"] == "large.bin"]
            assert (entry["size"], entry["lfs"]["oid"]) == (SIZE, digest) and entry["xetHash"]
            head = server.head("/ada/large/resolve/main/large.bin", headers=header)
            assert head.headers["X-Xet-Hash"] == entry["xetHash"] and int(head.headers["X-Linked-Size"]) == SIZE
            for first in (SIZE - len(END), SIZE - 1, SIZE - (1 << 20)):
                answer = server.get("/ada/large/resolve/main/large.bin",
                                    headers={**header, "Range": f"bytes={first}-"})
                assert answer.status_code == 206 and answer.content.endswith(END[first - SIZE:])
                assert answer.headers["Content-Range"] == f"bytes {first}-{SIZE - 1}/{SIZE}"
            took["listing and ends"], peaks["listing and ends"] = time.monotonic() - begun, memory.phase()
            assert took["listing and ends"] < 10

            begun = time.monotonic()
            path = hub("2.4.0", server.url, token).value("""
                from huggingface_hub import hf_hub_download
                result(hf_hub_download(args[0], "large.bin"))
            """, "ada/large", timeout=PATIENCE)
            took["down"], peaks["down"] = time.monotonic() - begun, memory.phase()
        assert os.path.getsize(path) == SIZE and sha256_of(path) == digest
        parts = [r for r in server.log_records() if "/xorbs/" in r.get("route", "") and r["method"] == "GET"]
        assert len(parts) >= SIZE // (16 << 20)
        print(f"\n{way}: {SIZE} bytes, {({k: round(v, 1) for k, v in took.items()})} s, "
              f"server's memory at most {({k: v >> 20 for k, v in peaks.items()})} MiB")
        assert max(peaks.values()) <= MEMORY, peaks
