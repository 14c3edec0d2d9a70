"""Single bits of stored files turned over, as a disk that ages does."""

import os
import pathlib
import random

from .weir import Weir, eventually


def stored(data: pathlib.Path) -> dict[str, list[pathlib.Path]]:
    """What a data folder holds that says what has to be in it."""
    return {
        "blob": sorted(path for path in (data / "blobs/sha256").rglob("*") if path.is_file()),
        "pack": sorted((data / "git").glob("*/*/*.git/objects/pack/pack-*.pack")),
        "index": sorted((data / "git").glob("*/*/*.git/objects/pack/pack-*.idx")),
    }


def flip(path: pathlib.Path, bit: int):
    """Turns one bit over; the file's times stay, as they do on a disk."""
    status = path.stat()
    descriptor = os.open(path, os.O_RDWR)
    try:
        byte = os.pread(descriptor, 1, bit // 8)[0]
        os.pwrite(descriptor, bytes([byte ^ 1 << bit % 8]), bit // 8)
    finally:
        os.close(descriptor)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def flip_some(files: list[pathlib.Path], count: int, chooser: random.Random) -> set[pathlib.Path]:
    """Turns `count` different bits over, and says in which files."""
    places: set[tuple[pathlib.Path, int]] = set()
    while len(places) < count:
        path = chooser.choice(files)
        places.add((path, chooser.randrange(8 * path.stat().st_size)))
    for path, bit in places:
        flip(path, bit)
    return {path for path, _ in places}


def name(path: pathlib.Path) -> str:
    """What findings call a file."""
    return path.name


def scrub(weir: Weir, token: str, timeout: float = 120) -> dict:
    """One scrub by the server, to its end; what it reports."""
    headers = {"Authorization": f"Bearer {token}"}
    job = weir.post("/api/gateway/v1/scrub", headers=headers, json={"rate": 0})
    assert job.status_code == 202, job.text

    def ended():
        state = weir.get(f"/api/gateway/v1/jobs/{job.json()['id']}", headers=headers).json()
        return state if state["state"] in ("succeeded", "failed") else None

    state = eventually(ended, timeout)
    report = weir.get("/api/gateway/v1/scrub", headers=headers).json()
    return {**report, "job": state}
