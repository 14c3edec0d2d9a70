"""Large files down by Xet, as the hub offers those that stock clients refuse to fetch by plain HTTP."""

import os
import random
import sqlite3
import time

import pytest
import requests

from support.clients import HUB_VERSIONS
from support.content import sha256_of, small_model
from support.hostile import HostileProxy, cut, flip_a_byte
from support.weir import Weir, eventually, fast_upstream, mirror_document

# Offers every large file, so that tests need not be 50 GB large.
OFFER_ALL = ("--xet-downloads-above", "0")
# Two xorbs and a piece of a chunk.
SIZE = (33 << 20) + 12_345

each_version = pytest.mark.parametrize("version", HUB_VERSIONS)

DOWNLOAD = """
from huggingface_hub import hf_hub_download
result(hf_hub_download(args[0], args[1]))
"""

UPLOAD = """
from huggingface_hub import HfApi
api = HfApi()
api.create_repo(args[0], exist_ok=True, private=True)
api.upload_file(path_or_fileobj=args[1], path_in_repo=args[2], repo_id=args[0])
result(True)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("server"), flags=OFFER_ALL) as weir:
        weir.writer = weir.token("ada", "write")
        weir.other = weir.token("bob", "write")
        yield weir


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("content") / "large.bin"
    path.write_bytes(random.Random(11).randbytes(SIZE))
    return path


@pytest.fixture(scope="module")
def filled(server, large):
    """`ada/private` on the server, with the file as it came by an import."""
    folder = small_model(large.parent / "folder", "private", "mit", weights=1_000)
    os.link(large, folder / "large.bin")
    server.import_folder(folder, "model:ada/private", "--private")
    return server


def fetched(server) -> list[tuple[str, int]]:
    """Which answers the storage gave to downloads: `("xorbs", 206)` and so on, in order."""
    return [(record["route"].split("/")[4], record["code"]) for record in server.log_records()
            if "/_cas/" in record.get("route", "") and record["method"] == "GET"]


def bearer(token: str) -> dict:
    return {"Authorization": f"Bearer {token}"}


def reading(server, repository: str, token: str | None) -> requests.Response:
    return server.get(f"/api/models/{repository}/xet-read-token/main", headers=bearer(token) if token else {})


def reconstruction(server, name: str, caller: str, repository: str = "ada/private", version: str = "v1",
                   bytes: str | None = None) -> requests.Response:
    grant = reading(server, repository, caller).json()
    return requests.get(f"{grant['casUrl']}/{version}/reconstructions/{name}", timeout=30,
                        headers={**bearer(grant["accessToken"]), **({"Range": f"bytes={bytes}"} if bytes else {})})


def links(answer: dict) -> list[tuple[str, str]]:
    """Each part's link and the `Range` to ask it with, in the order of the file."""
    found = []
    for term in answer["terms"]:
        part, = answer["fetch_info"][term["hash"]]
        found.append((part["url"], f"bytes={part['url_range']['start']}-{part['url_range']['end']}"))
    return found


def rebuilt(answer: dict) -> bytes:
    """What a client makes of it: chunks without their headers, from the range's beginning on."""
    content = b""
    for url, range in links(answer):
        part = requests.get(url, headers={"Range": range}, timeout=60)
        assert part.status_code == 206
        rest = part.content
        while rest:
            size = int.from_bytes(rest[1:4], "little")
            assert rest[0] == 0 and rest[4] == 0 and rest[5:8] == rest[1:4]
            content += rest[8:8 + size]
            rest = rest[8 + size:]
    return content[answer["offset_into_first_range"]:]


# -- however they came, with every client

@each_version
def test_a_file_that_came_by_xet(version, server, large, hub):
    if version != "0.36.2":
        hub(version, server.url, server.writer).value(UPLOAD, "ada/xet", large, "large.bin", timeout=120)
    else:
        hub("2.4.0", server.url, server.writer).value(UPLOAD, "ada/xet", large, "large.bin", timeout=120)
    before = len(fetched(server))
    path = hub(version, server.url, server.writer).value(DOWNLOAD, "ada/xet", "large.bin")
    assert sha256_of(path) == sha256_of(large)
    assert ("xorbs", 206) in fetched(server)[before:]


@each_version
def test_a_file_that_came_by_lfs(version, server, large, hub):
    hub(version, server.url, server.writer, HF_HUB_DISABLE_XET="1").value(UPLOAD, "ada/lfs", large, "large.bin")
    before = len(fetched(server))
    path = hub(version, server.url, server.writer).value(DOWNLOAD, "ada/lfs", "large.bin")
    assert sha256_of(path) == sha256_of(large)
    assert [name for name, _ in fetched(server)[before:]].count("xorbs") >= 3


@each_version
def test_a_snapshot_and_a_file_system(version, filled, large, hub, tmp_path):
    before = len(fetched(filled))
    seen = hub(version, filled.url, filled.writer).value("""
        from huggingface_hub import HfFileSystem, snapshot_download
        folder = snapshot_download(args[0])
        HfFileSystem().get_file(f"{args[0]}/large.bin", args[1])
        with HfFileSystem().open(f"{args[0]}/large.bin") as file:
            file.seek(-5, 2)
            end = file.read()
        result([folder + "/large.bin", end.hex()])
    """, "ada/private", tmp_path / "copy.bin")
    assert sha256_of(seen[0]) == sha256_of(tmp_path / "copy.bin") == sha256_of(large)
    assert bytes.fromhex(seen[1]) == large.read_bytes()[-5:]
    assert ("xorbs", 206) in fetched(filled)[before:]


def test_the_csghub_client_downloads_by_its_own_address(filled, large, csghub, tmp_path):
    before = len(fetched(filled))
    csghub(filled.url, filled.writer).cli("csghub-cli", "download", "ada/private", "--local-dir", tmp_path / "own").checked()
    assert sha256_of(tmp_path / "own/large.bin") == sha256_of(large)
    assert ("xorbs", 206) in fetched(filled)[before:]


@each_version
def test_a_mirrored_file_cold_and_warm(version, community, make_gateway, hub):
    gateway = make_gateway(community.url, flags=OFFER_ALL)
    source = community.content.models["acme/large"] / "model.safetensors"
    for _ in ("cold", "warm"):
        path = hub(version, gateway.url).value(DOWNLOAD, "acme/large", "model.safetensors")
        assert sha256_of(path) == sha256_of(source)
    assert {code for name, code in fetched(gateway) if name == "xorbs"} == {206}
    assert gateway.upstream_bytes() < 1.2 * source.stat().st_size


@each_version
def test_what_a_client_refuses_to_fetch_by_plain_http_comes_by_xet(version, filled, large, hub):
    """Its limit of 50 GB, lowered to what a test can afford; the drill of one large file keeps the real one."""
    code = "from huggingface_hub import constants\nconstants.MAX_HTTP_DOWNLOAD_SIZE = 1 << 20\n" + DOWNLOAD
    refused = hub(version, filled.url, filled.writer, HF_HUB_DISABLE_XET="1").run(code, "ada/private", "large.bin")
    assert not refused.ok and "too large" in refused.text, refused.text[-2000:]
    assert sha256_of(hub(version, filled.url, filled.writer).value(code, "ada/private", "large.bin")) == sha256_of(large)


def test_a_file_is_copied_to_another_repository_by_its_name_in_xet(filled, large, hub):
    client = hub("2.4.0", filled.url, filled.writer)
    client.value("""
        from huggingface_hub import CommitOperationCopy, HfApi
        api = HfApi()
        api.create_repo(args[1])
        api.create_commit(args[1], operations=[CommitOperationCopy(
            "large.bin", "moved.bin", src_repo_id=args[0], src_repo_type="model")], commit_message="Copy")
        result(True)
    """, "ada/private", "ada/copy")
    path = hub("2.4.0", filled.url, filled.writer).value(DOWNLOAD, "ada/copy", "moved.bin")
    assert sha256_of(path) == sha256_of(large)
    assert [r for r in filled.log_records() if r.get("route", "").endswith("/lfs-files/duplicate") and r["code"] == 200]


def test_a_folder_is_copied_to_a_repository_of_another_kind(filled, hub):
    seen = hub("2.4.0", filled.url, filled.writer).value("""
        from huggingface_hub import HfApi, hf_hub_download
        api = HfApi()
        api.create_repo("ada/rows", repo_type="dataset")
        api.create_repo("ada/source")
        for path, content in (("data/a.txt", b"text data"), ("data/sub/lfs.bin", b"binary data")):
            api.upload_file(repo_id="ada/source", path_in_repo=path, path_or_fileobj=content)
        api.copy_files("hf://ada/source/data/", "hf://datasets/ada/rows/copied/")
        result([open(hf_hub_download("ada/rows", path, repo_type="dataset")).read()
                for path in ("copied/a.txt", "copied/sub/lfs.bin")])
    """)
    assert seen == ["text data", "binary data"]


def test_only_what_clients_refuse_to_fetch_is_offered_unless_told(community, tmp_path):
    with Weir(tmp_path / "weir", [mirror_document("community", [
            fast_upstream("hub", "weir", community.url)])]) as gateway:
        head = gateway.head("/acme/large/resolve/main/model.safetensors")
        assert head.status_code == 200 and "X-Xet-Hash" not in head.headers and "Link" not in head.headers
        tree = gateway.get("/api/models/acme/large/tree/main").json()
        assert not any("xetHash" in entry for entry in tree)
        named = gateway.post("/api/models/acme/large/paths-info/main", data={"paths": "model.safetensors"}).json()
        assert named[0]["xetHash"] == named[0]["lfs"]["oid"]


# -- by the wire

def test_any_range_is_rebuilt_from_its_parts(filled, large):
    content, name = large.read_bytes(), sha256_of(large)
    chunk, xorb = 128 << 10, 16 << 20
    places = [0, 1, chunk - 1, chunk, xorb - 1, xorb, xorb + chunk + 7, 2 * xorb, SIZE - 1]
    generator = random.Random(5)
    ranges = [(a, b) for a in places for b in (a, min(a + chunk, SIZE - 1), min(a + xorb, SIZE - 1))]
    for first, last in generator.sample(ranges, 12) + [(0, SIZE - 1), (SIZE - 1, SIZE + 99)]:
        answer = reconstruction(filled, name, filled.writer, bytes=f"{first}-{last}").json()
        got = rebuilt(answer)
        assert got[:last - first + 1] == content[first:last + 1], (first, last)
        assert len(got) - (min(last, SIZE - 1) - first + 1) < chunk
    assert rebuilt(reconstruction(filled, name, filled.writer).json()) == content
    assert reconstruction(filled, name, filled.writer, bytes=f"{SIZE}-").status_code == 416


def test_a_token_reads_its_own_repository_only(filled, server, large, hub):
    name = sha256_of(large)
    assert reading(filled, "ada/private", filled.other).status_code == 404
    assert reading(filled, "ada/private", None).status_code == 401
    assert filled.post("/api/repos/create", json={"name": "own"}, headers=bearer(filled.other)).status_code == 200
    for version in ("v1", "v2"):
        assert reconstruction(filled, name, filled.other, "bob/own", version).status_code == 404
    grant = reading(filled, "bob/own", filled.other).json()
    url = f"{grant['casUrl']}/v1/reconstructions/{name}"
    forged = grant["accessToken"].replace("bob/own", "ada/private")
    for token in (None, forged, filled.writer, grant["accessToken"][:-1]):
        assert requests.get(url, headers=bearer(token) if token else {}, timeout=30).status_code == 401
    assert requests.post(f"{grant['casUrl']}/v1/shards", data=b"x", timeout=30,
                         headers=bearer(grant["accessToken"])).status_code == 401


def test_a_link_opens_its_chunks_for_as_long_as_its_caller_may_read(filled, large):
    caller = filled.token("ada", "read")
    (url, range), *_ = links(reconstruction(filled, sha256_of(large), caller).json())
    assert requests.get(url, headers={"Range": range}, timeout=60).status_code == 206
    assert requests.get(url, headers={"Range": "bytes=0-99"}, timeout=60).status_code == 416
    other = links(reconstruction(filled, sha256_of(large), caller).json())[1][0]
    assert requests.get(url.split("?")[0] + "?" + other.split("?")[1], timeout=60).status_code == 404
    for broken in (url.split("?")[0], url[:-1], url.replace(".f-", ".w-"), url.replace("grant=", "grant=x")):
        assert requests.get(broken, headers={"Range": range}, timeout=60).status_code == 403
    with sqlite3.connect(filled.data / "weir.db", timeout=30) as database:
        database.execute("UPDATE access_tokens SET revoked_at = 1 WHERE last_four = ?", [caller[-4:]])
    # Upon 403, and no other status, the client asks for a new link, and is told that its token is void.
    eventually(lambda: requests.get(url, headers={"Range": range}, timeout=60).status_code == 403)


# -- on bad days

def test_a_server_that_restarts_in_the_middle(filled, large, hub):
    """hf-xet tries a part again; the links it holds are good for the new process."""
    with HostileProxy(filled.url) as front:
        front.on("api", lambda handler, body: (time.sleep(0.7), handler.forward(body)), method="GET")
        client = hub("2.4.0", front.url, filled.writer)
        process = start(client, DOWNLOAD, "ada/private", "large.bin")
        eventually(lambda: [r for r in front.seen(method="GET") if "/xorbs/" in r.path], 60)
        filled.kill()
        filled.start()
        out, _ = process.communicate(timeout=120)
    assert process.returncode == 0, out
    path = out.split("@@result ")[1].strip().strip('"')
    assert sha256_of(path) == sha256_of(large)


def start(client, code: str, *arguments):
    import subprocess
    program = ("import json, sys\nargs = sys.argv[1:]\n"
               "def result(value): print('@@result ' + json.dumps(value), flush=True)\n" + code)
    return subprocess.Popen([str(client.folder / "bin/python"), "-c", program, *arguments], text=True,
                            env=client.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.mark.parametrize("lie", ["cut", "a wrong byte"])
def test_an_upstream_that_breaks_or_lies_completes_no_file(lie, hostile, community, make_gateway, hub, tmp_path):
    """What was not verified is never served as a whole; when the upstream is well again, so is the download."""
    source = community.content.models["acme/large"] / "model.safetensors"
    gateway = make_gateway(hostile.url, flags=OFFER_ALL, cache={"ttl": {"ref": "10m", "negative": "1s"}})
    assert gateway.get("/acme/large/resolve/main/config.json").status_code == 200
    hostile.on("blob", cut(0.6) if lie == "cut" else flip_a_byte(30_000_000), method="GET")
    client = hub("2.4.0", gateway.url, HF_XET_CLIENT_RETRY_MAX_ATTEMPTS="1", HF_XET_CLIENT_RETRY_BASE_DELAY="100ms")
    failed = client.run(DOWNLOAD, "acme/large", "model.safetensors", timeout=120)
    assert not failed.ok, failed.text[-2000:]
    assert sha256_of(source) not in gateway.stored_blobs()
    assert not [p for p in client.home.rglob("*") if p.is_file() and p.stat().st_size == source.stat().st_size
                and not p.name.endswith(".incomplete")]
    hostile.behave()
    path = hub("2.4.0", gateway.url).value(DOWNLOAD, "acme/large", "model.safetensors")
    assert sha256_of(path) == sha256_of(source)
