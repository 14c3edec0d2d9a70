"""Single bits of stored files turned over, as a disk that ages does."""

import concurrent.futures
import os
import pathlib
import random
import subprocess

import requests

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


def make_folder(place, number: int, files: int, chooser: random.Random):
    """A repository's files: some large by their kind, some in git itself."""
    folder = place / f"r{number}"
    (folder / "texts").mkdir(parents=True)
    for file in range(files):
        (folder / f"part{file}.safetensors").write_bytes(chooser.randbytes(chooser.randrange(500, 100_000)))
        (folder / "texts" / f"{file}.txt").write_text(chooser.randbytes(chooser.randrange(50, 3_000)).hex())
    return folder


def fill(gateway: Weir, folders: dict, work):
    """Pulls everything through the gateway: git with its history, and each large file."""
    for repository in folders:
        target = work / repository.replace("/", "-")
        subprocess.run(
            ["git", "clone", "-q", f"{gateway.url}/{repository}", target], check=True, timeout=60,
            env={**os.environ, "GIT_LFS_SKIP_SMUDGE": "1", "GIT_TERMINAL_PROMPT": "0"})
    for repository, folder in folders.items():
        for file in folder.glob("*.safetensors"):
            assert gateway.get(f"/{repository}/resolve/main/{file.name}").content == file.read_bytes()


def read_all(gateway: Weir, folders: dict) -> dict:
    """Asks for every file, several at a time: how many answers were right, refused or cut off. None may be wrong."""
    outcomes = {"right": 0, "refused": 0}

    def ask(repository, path, expected):
        try:
            answer = requests.get(f"{gateway.url}/{repository}/resolve/main/{path}", timeout=30)
        except requests.RequestException:
            return "refused"
        if answer.status_code != 200:
            return "refused"
        assert answer.content == expected, f"wrong bytes of {repository} {path}"
        return "right"

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask, repository, path.relative_to(folder), path.read_bytes())
                 for repository, folder in folders.items() for path in folder.rglob("*") if path.is_file()]
        for each in asked:
            outcomes[each.result()] += 1
    return outcomes
