"""Large files by Xet, the only way stock huggingface_hub uploads them from 1.20 on."""

import hashlib
import os
import random
import shutil
import struct

import pytest
import requests

from support.content import sha256_of
from support.weir import ROOT, Weir

each_version = pytest.mark.parametrize("version", ["1.33.0", "2.4.0"])

# What create_commit does between preupload and commit: the client's own upload, without the commit behind it.
UPLOAD = """
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub._commit_api import _upload_xet_files
api = HfApi()
operations = [CommitOperationAdd(str(number), path) for number, path in enumerate(args[1:])]
_upload_xet_files(additions=operations, repo_type="model", repo_id=args[0], headers=api._build_hf_headers(),
                  endpoint=api.endpoint, revision="main", create_pr=False)
result([operation.upload_info.sha256.hex() for operation in operations])
"""

ROUND_TRIP = """
from huggingface_hub import HfApi, hf_hub_download
api = HfApi()
api.create_repo(args[0], exist_ok=True)
commit = api.upload_file(path_or_fileobj=args[1], path_in_repo=args[2], repo_id=args[0])
result({"oid": commit.oid, "path": hf_hub_download(args[0], args[2], force_download=True)})
"""


@pytest.fixture
def server(tmp_path):
    with Weir(tmp_path / "weir") as weir:
        weir.writer = weir.token("ada", "write")
        weir.other = weir.token("bob", "write")
        yield weir


@pytest.fixture
def files(tmp_path):
    generator = random.Random(7)
    large, floats = tmp_path / "large.bin", tmp_path / "floats.bin"
    large.write_bytes(generator.randbytes(30 << 20))
    floats.write_bytes(b"".join(struct.pack("<f", 1 + generator.random() / 100) for _ in range(400_000)))
    return large, floats


def create(server, name: str, token: str, private: bool = True):
    answer = server.post("/api/repos/create", json={"name": name, "private": private},
                         headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text


def storage_calls(server) -> list[tuple[str, str]]:
    """Which uploads the storage took: `("POST", "xorbs")` and so on."""
    return [(record["method"], "xorbs" if "/xorbs/" in record["route"] else "shards")
            for record in server.log_records()
            if "/_cas/" in record.get("route", "") and record["code"] == 200
            and ("/xorbs/" in record["route"] or record["route"].endswith("/shards"))]


def stored(server, repository: str, oid: str, token: str) -> requests.Response:
    return server.get(f"/{repository}.git/info/lfs/objects/{oid}", headers={"Authorization": f"Bearer {token}"})


@each_version
def test_upload_and_read_back(version, server, files, hub, tmp_path):
    client = hub(version, server.url, server.writer)
    for file in files:
        seen = client.value(ROUND_TRIP, "ada/model", file, file.name, timeout=300)
        assert open(seen["path"], "rb").read() == file.read_bytes()
        entry = server.post("/api/models/ada/model/paths-info/main", data={"paths": file.name},
                            headers={"Authorization": f"Bearer {server.writer}"}).json()[0]
        assert entry["lfs"]["oid"] == sha256_of(file) and entry["size"] == file.stat().st_size
    assert ("POST", "xorbs") in storage_calls(server)


@each_version
def test_known_content_sends_only_the_shard(version, server, files, hub):
    create(server, "first", server.writer)
    create(server, "second", server.writer)
    client = hub(version, server.url, server.writer)
    oids = client.value(UPLOAD, "ada/first", *files, timeout=300)
    assert oids == [sha256_of(file) for file in files]
    before = storage_calls(server)
    assert client.value(UPLOAD, "ada/second", *files, timeout=300) == oids
    new = storage_calls(server)[len(before):]
    assert new and set(new) == {("POST", "shards")}
    assert stored(server, "ada/second", oids[0], server.writer).content == files[0].read_bytes()
    # The blob belongs to the repositories it was uploaded to, and to no others.
    create(server, "third", server.writer)
    assert stored(server, "ada/third", oids[0], server.writer).status_code == 404
    assert stored(server, "ada/first", oids[0], server.other).status_code == 404


def test_a_lost_storage_makes_clients_send_everything_again(server, files, hub):
    create(server, "first", server.writer)
    client = hub("2.4.0", server.url, server.writer)
    oid, = client.value(UPLOAD, "ada/first", files[1])
    server.stop()
    shutil.rmtree(server.data / "xet")
    shutil.rmtree(server.data / "blobs")
    server.start()
    assert client.value(UPLOAD, "ada/first", files[1]) == [oid]
    assert stored(server, "ada/first", oid, server.writer).content == files[1].read_bytes()


def test_killed_between_xorbs_and_shard_goes_on(server):
    create(server, "first", server.writer)
    assert send_xorb(server, "ada/first").json() == {"was_inserted": True}
    server.kill()
    server.start()
    assert send_xorb(server, "ada/first").json() == {"was_inserted": False}
    answer = send_shard(server, "ada/first", fixture("floats.shard"))
    assert answer.status_code == 200 and answer.json() == {"result": 1}
    content = fixture("floats.bin")
    assert stored(server, "ada/first", hashlib.sha256(content).hexdigest(), server.writer).content == content


def test_a_foreign_xorb_opens_to_nobody_who_only_knows_its_name(server):
    create(server, "first", server.writer)
    create(server, "other", server.other)
    assert send_xorb(server, "ada/first").status_code == 200
    shard = fixture("floats.shard")
    # The file's header, its terms, then as many verification hashes, which are cut out here.
    flags, count = struct.unpack("<II", shard[80:88])
    assert flags >> 31 == 1
    end = 96 + 48 * count
    unproved = shard[:80] + struct.pack("<I", flags & ~(1 << 31)) + shard[84:end] + shard[end + 48 * count:]
    oid = hashlib.sha256(fixture("floats.bin")).hexdigest()
    for version in ("v1", "v2"):
        answer = send_shard(server, "bob/other", unproved, server.other, version)
        assert "does not prove" in answer.text or "not stored here" in answer.text
        assert answer.status_code == 400 or '"type":"error"' in answer.text
    assert stored(server, "bob/other", oid, server.other).status_code == 404


def fixture(name: str) -> bytes:
    return (ROOT / "Tests" / "Fixtures" / "xet" / name).read_bytes()


def send_xorb(server, repository: str) -> requests.Response:
    """Sends `floats.xorb` as its own name, which its shard tells: the first term's xorb."""
    raw = fixture("floats.shard")[96:128]
    name = "".join(raw[start:start + 8][::-1].hex() for start in range(0, 32, 8))
    grant = token(server, repository)
    return requests.post(f"{grant['casUrl']}/v1/xorbs/default/{name}", data=fixture("floats.xorb"), timeout=60,
                         headers={"Authorization": f"Bearer {grant['accessToken']}"})


def send_shard(server, repository: str, shard: bytes, caller: str | None = None, version: str = "v1"):
    grant = token(server, repository, caller=caller)
    return requests.post(f"{grant['casUrl']}/{version}/shards", data=shard, timeout=60,
                         headers={"Authorization": f"Bearer {grant['accessToken']}"})


def xorbs(server) -> set[str]:
    return {path.name for path in (server.data / "xet" / "xorbs").rglob("*") if path.is_file()}


def token(server, repository: str, operation: str = "write", caller: str | None = None) -> dict:
    answer = server.get(f"/api/models/{repository}/xet-{operation}-token/main",
                        headers={"Authorization": f"Bearer {caller or server.writer}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_wrong_bytes_and_wrong_grants_are_refused(server):
    create(server, "first", server.writer)
    grant = token(server, "ada/first")
    header = {"Authorization": f"Bearer {grant['accessToken']}"}
    chunk = os.urandom(1_000)
    size = struct.pack("<I", len(chunk))[:3]
    xorb = b"\0" + size + b"\0" + size + chunk
    url = f"{grant['casUrl']}/v1/xorbs/default/{'ab' * 32}"
    assert requests.post(url, data=xorb, headers=header, timeout=30).status_code == 400
    assert requests.post(url, data=xorb[:-1], headers=header, timeout=30).status_code == 400
    assert requests.post(url, data=xorb, timeout=30).status_code == 401
    assert requests.post(url, data=xorb, timeout=30,
                         headers={"Authorization": f"Bearer {server.writer}"}).status_code == 401
    reader = {"Authorization": f"Bearer {token(server, 'ada/first', 'read')['accessToken']}"}
    assert requests.post(url, data=xorb, headers=reader, timeout=30).status_code == 401
    assert xorbs(server) == set()


def test_a_shard_of_a_missing_xorb_is_refused(server):
    create(server, "first", server.writer)
    for version in ("v1", "v2"):
        answer = send_shard(server, "ada/first", fixture("floats.shard"), version=version)
        assert answer.status_code == 400 and "not stored here" in answer.text
