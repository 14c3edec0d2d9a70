"""Bytes that come in: LFS in one body and in parts, and Xet; beside the time that hashing alone takes."""

import hashlib
import json
import os
import pathlib
import re
import resource
import subprocess

import requests

from .. import processors
from ..ledger import turns
from ..local_hub import LocalHub
from ..paths import python_of, write_random

LFS = "application/vnd.git-lfs+json"
XET = """
import sys
from huggingface_hub import HfApi
HfApi().upload_file(path_or_fileobj=sys.argv[2], path_in_repo=sys.argv[3], repo_id=sys.argv[1])
"""


def hashing_seconds(file: pathlib.Path) -> float:
    """CPU of the fastest hasher at hand over the same bytes, which are in the page cache."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["openssl", "dgst", "-sha256", str(file)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def curl(*arguments) -> str:
    done = subprocess.run([*processors.on(processors.CLIENT), "curl", "--silent", "--show-error", "--fail", "--noproxy",
                           "*", "--output", "/dev/null", *map(str, arguments)], capture_output=True, text=True, timeout=1800)
    if done.returncode != 0:
        raise RuntimeError(f"curl {arguments[-1]}: {done.stderr}")
    return done.stdout


def by_lfs(hub: LocalHub, file: pathlib.Path, transfer: str):
    with open(file, "rb") as stream:
        oid = hashlib.file_digest(stream, "sha256").hexdigest()
    answer = hub.weir.post("/ada/uploads.git/info/lfs/objects/batch", data=json.dumps(
        {"operation": "upload", "transfers": [transfer], "objects": [{"oid": oid, "size": file.stat().st_size}]}),
        headers={**hub.headers, "Accept": LFS, "Content-Type": LFS}).json()
    action = answer["objects"][0]["actions"]["upload"]
    header = action.get("header", {})
    if answer.get("transfer", "basic") != transfer:
        raise RuntimeError(f"asked for {transfer}, got {answer.get('transfer')}")

    def whole():
        words = [word for name, value in header.items() for word in ("--header", f"{name}: {value}")]
        curl("--upload-file", file, *words, action["href"])

    def in_parts():
        width, tags = int(header["chunk_size"]), []
        for number, url in sorted((int(name), url) for name, url in header.items() if name.isdigit()):
            part = hub.home / "part"
            with open(file, "rb") as stream:
                stream.seek((number - 1) * width)
                part.write_bytes(stream.read(width))
            found = re.search(r"(?im)^etag:\s*(\S+)", curl("--dump-header", "-", "--upload-file", part, url))
            tags.append({"partNumber": number, "etag": found.group(1) if found else ""})
        requests.post(action["href"], json={"oid": oid, "parts": tags}, timeout=600,
                      headers={"Accept": LFS, "Content-Type": LFS}).raise_for_status()

    return hub.watched(whole if transfer == "basic" else in_parts)


def by_xet(hub: LocalHub, file: pathlib.Path):
    environment = {**os.environ, "HF_ENDPOINT": hub.weir.url, "HF_TOKEN": hub.token, "HF_HOME": str(hub.home / "hf"),
                   "NO_PROXY": "*", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}

    def send():
        done = subprocess.run([*processors.on(processors.CLIENT), str(python_of("hf240")), "-c", XET, "ada/uploads",
                               str(file), file.name], env=environment, capture_output=True, text=True, timeout=1800)
        if done.returncode != 0:
            raise RuntimeError(f"upload by Xet: {done.stderr[-2000:]}")

    return hub.watched(send)


WAYS = {"upload-basic": lambda hub, file: by_lfs(hub, file, "basic"),
        "upload-multipart": lambda hub, file: by_lfs(hub, file, "multipart"), "upload-xet": by_xet}


def run(options, ledger, home):
    with LocalHub(home) as hub:
        hub.create("uploads")
        for number in range(options.rounds):
            for way in turns(list(WAYS), number):
                peaks = {}
                # Smaller files are not sent in parts; two sizes show whether memory grows with the file.
                small = 65 if way == "upload-multipart" else 16
                for size in (small, options.upload_mib):
                    file = home / f"{way}-{size}-{number}.bin"
                    write_random(file, size << 20, f"{way} {size} {number}")
                    hashing = hashing_seconds(file)
                    seen = WAYS[way](hub, file)
                    peaks[size] = seen.peak_mib
                    file.unlink()
                gib = options.upload_mib / 1024
                ledger.note(way, "weir", cpu_s_per_gib=seen.cpu / gib, mib_per_s=options.upload_mib / seen.wall,
                            cpu_ratio=seen.cpu / max(hashing, 0.01), peak_rss_mib=peaks[options.upload_mib],
                            rss_ratio=peaks[options.upload_mib] / peaks[small])
                ledger.note(way, "openssl-sha256", cpu_s_per_gib=hashing / gib)
