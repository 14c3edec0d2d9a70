"""Spoilt bundles through the binary: each is refused with one line, and nothing of it is seen.

The thousand of `BundleImportTests` call the importer itself; these are few, and made without Weir's own code."""

import base64
import io
import json
import pathlib
import random
import sqlite3
import subprocess
import tarfile

import pytest

from support.content import small_model
from support.weir import OK, Weir, run_weir


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """`(good bundle, an older one that was imported, the data folder below)`"""
    home = tmp_path_factory.mktemp("bundles")
    above, below = Weir(home / "above"), Weir(home / "below")
    model = small_model(home / "model", "carried", "mit", weights=20_000)
    above.import_folder(model, "model:acme/carried")
    above.checked("bundle", "export", "--repo", "model:acme/carried", "--out", home / "first.hubpack")
    (model / "notes.txt").write_text("newer\n")
    above.import_folder(model, "model:acme/carried")
    above.checked("bundle", "export", "--repo", "model:acme/carried", "--out", home / "good.hubpack")
    trusted = below.data / "keys/trusted"
    trusted.mkdir(parents=True)
    (trusted / "above.pem").write_text(above.checked("bundle", "key") + "\n")
    below.checked("bundle", "import", home / "first.hubpack")
    return home / "good.hubpack", home / "first.hubpack", below.data


def standing(data: pathlib.Path):
    """Rows that somebody could see, and files that lie there."""
    with sqlite3.connect(data / "weir.db") as database:
        rows = {table: sorted(database.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
                for table in ("repositories", "refs", "links", "blobs", "acquired_commits", "bundles")}
    files = sorted(str(p.relative_to(data)) for place in ("blobs", "git") for p in (data / place).rglob("*")
                   if p.is_file())
    return rows, files


def entries(raw: bytes):
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        return [(m.name, archive.extractfile(m).read()) for m in archive.getmembers()]


def header(name: str, size: int, kind: bytes = b"0", link: str = "", mtime: int = 0) -> bytes:
    """A ustar header, written from the standard's table of fields."""
    def field(text, width):
        return text.encode().ljust(width, b"\0")

    raw = bytearray(
        field(name, 100) + field("0000644", 8) + field("0000000", 8) * 2 + field(f"{size:011o}", 12)
        + field(f"{mtime:011o}", 12) + b" " * 8 + kind + field(link, 100) + b"ustar\x0000" + bytes(64)
        + field("0000000", 8) * 2 + bytes(167))
    raw[148:156] = b"%06o\0 " % sum(raw)
    return bytes(raw)


def entry(name: str, content: bytes, **more) -> bytes:
    return header(name, len(content), **more) + content + bytes(-len(content) % 512)


def written(members, more: bytes = b"", **each) -> bytes:
    return b"".join(entry(name, content, **each) for name, content in members) + more + bytes(1024)


def resigned(raw: bytes, folder: pathlib.Path, change) -> bytes:
    """The bundle with another statement, signed by a key of ours with OpenSSL."""
    members = entries(raw)
    envelope = json.loads(members[1][1])
    statement = json.loads(base64.b64decode(envelope["payload"]))
    change(statement)
    payload = json.dumps(statement, sort_keys=True, separators=(",", ":")).encode()
    key = folder / "stranger.pem"
    if not key.exists():
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
    kind = envelope["payloadType"]
    (folder / "signed").write_bytes(b"DSSEv1 %d %s %d " % (len(kind), kind.encode(), len(payload)) + payload)
    signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", folder / "signed"],
                               check=True, capture_output=True).stdout
    envelope["payload"] = base64.b64encode(payload).decode()
    envelope["signatures"][0]["sig"] = base64.b64encode(signature).decode()
    members[1] = (members[1][0], json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode())
    return written(members)


def mutations(good: bytes, first: bytes, folder: pathlib.Path):
    draw = random.Random("bundles")
    for place in (0, 700, len(good) // 2, len(good) - 1024, len(good) - 1):
        yield f"cut off at {place}", good[:place]
    for _ in range(12):
        place = draw.randrange(len(good))
        yield f"bit flipped at {place}", good[:place] + bytes([good[place] ^ 1 << draw.randrange(8)]) + good[place + 1:]
    members = entries(good)
    assert written(members) == good
    for name in ("../../evil", "/etc/passwd", "blobs/sha256/../../weir.db", "index.json", members[-1][0]):
        yield f"extra entry {name}", written([*members, (name, b"evil")])

    for kind in b"1234567gxLKS":
        yield f"extra entry of type {chr(kind)}", written(
            members, header("blobs/sha256/x", 0, bytes([kind]), "../../../../etc/passwd"))
    yield "entries swapped", written([*members[:4], members[5], members[4], *members[6:]])
    yield "another's statement", written([members[0], entries(first)[1], *members[2:]])
    yield "another's manifests", written([*members[:3], entries(first)[3], *members[4:]])
    yield "without its index", written([*members[:3], *members[4:]])
    yield "statement third", written([members[0], members[2], members[1], *members[3:]])
    yield "bytes behind its end", good + bytes(512)
    yield "other times", written(members, mtime=1)
    yield "replayed", first
    yield "signed by a stranger", resigned(good, folder, lambda s: None)
    yield "a tombstone added by a stranger", resigned(
        good, folder, lambda s: s["predicate"]["tombstones"].append(
            {"type": "ref", "subject": "model:acme/carried", "ref": "refs/heads/main"}))
    yield "a bomb by its size", resigned(
        good, folder, lambda s: s["predicate"]["contains"][0].update(size=1 << 60))
    yield "nothing", b""
    yield "no tar", draw.randbytes(4096)


def test_each_is_refused_and_leaves_nothing(sites, tmp_path):
    good, first, data = sites
    before = standing(data)
    count = 0
    for what, raw in mutations(good.read_bytes(), first.read_bytes(), tmp_path):
        bad = tmp_path / "bad.hubpack"
        bad.write_bytes(raw)
        result = run_weir("bundle", "import", bad, "--data", data)
        assert result.returncode not in (OK, -6, -11, 132, 133, 139), f"{what}: {result}"
        assert result.stderr.startswith("weir: ") and result.stderr.count("\n") == 1, f"{what}: {result.stderr}"
        assert standing(data) == before, f"{what} left something"
        count += 1
    assert count >= 40
    # What all of them were made of is good.
    assert run_weir("bundle", "import", good, "--data", data).returncode == OK
