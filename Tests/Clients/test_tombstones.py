"""What is buried is served nowhere, fetched from nobody and taken from nobody; who took it before can be told."""

import concurrent.futures
import json
import subprocess
import time

import pytest
import requests

from support.clients import csghub_client, hub_client
from support.content import sha256_of, small_model
from support.weir import Weir, eventually, fast_upstream, mirror_document

LFS = {"Accept": "application/vnd.git-lfs+json", "Content-Type": "application/vnd.git-lfs+json"}
API = "/api/gateway/v1"


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def above(tmp_path_factory):
    """A hub without policy files, which others mirror."""
    home = tmp_path_factory.mktemp("above")
    with Weir(home) as hub:
        hub.writer = hub.token("acme", "write")
        for name in ("tiny", "other", "gone", "counted", "killed"):
            folder = small_model(home / name, name, "apache-2.0", weights=200_000)
            (folder / "config.json").write_text(json.dumps({"name": name}))
            hub.import_folder(folder, f"model:acme/{name}")
        hub.root = hub.token("root", "admin", admin=True)
        hub.reader = hub.token("peer")
        hub.folder = home
        yield hub


@pytest.fixture(scope="module")
def below(above, tmp_path_factory):
    home = tmp_path_factory.mktemp("below")
    upstream = fast_upstream("above", "weir", above.url, auth={"tokenEnv": "PEER"})
    cache = {"ttl": {"ref": "100ms", "negative": "100ms"}}
    with Weir(home, [mirror_document("peer", [upstream], cache=cache)], flags=("--tombstones-every", "1s"),
              environment={"PEER": above.reader}) as weir:
        weir.root = weir.token("root", "admin", admin=True)
        weir.bob = weir.token("bob")
        yield weir


def bury(weir, target, reason, expected=201):
    answer = weir.post(f"{API}/tombstones", json={"target": target, "reason": reason}, headers=bearer(weir.root))
    assert answer.status_code == expected, answer.text
    return answer.json()


def lift(weir, number):
    answer = weir.post(f"{API}/tombstones/{number}:lift", json={"note": "all clear"}, headers=bearer(weir.root))
    assert answer.status_code == 200, answer.text


def batch(weir, name, digest, size, operation="download", token=None):
    return weir.post(
        f"/{name}.git/info/lfs/objects/batch", headers={**LFS, **(bearer(token) if token else {})},
        data=json.dumps({"operation": operation, "objects": [{"oid": digest, "size": size}]})).json()["objects"][0]


def test_a_buried_digest_leaves_by_no_way_and_comes_in_by_none(above, git, tmp_path):
    weights = above.folder / "tiny/model.safetensors"
    digest, size = sha256_of(weights), weights.stat().st_size
    link = batch(above, "acme/tiny", digest, size)["actions"]["download"]["href"]
    assert requests.get(link, timeout=30).status_code == 200
    stone = bury(above, f"sha256:{digest}", "poisoned weights")
    try:
        for path in ("/acme/tiny/resolve/main/model.safetensors", "/hf/acme/tiny/resolve/main/model.safetensors",
                     "/api/v1/models/acme/tiny/resolve/model.safetensors?ref=main",
                     "/api/v1/models/acme/tiny/download/model.safetensors?ref=main"):
            answer = above.get(path)
            assert answer.status_code == 410 and "poisoned weights" in answer.text, (path, answer.text[:300])
            assert above.head(path).status_code == 410 or "/v1/" in path
            assert above.get(path, headers={"Range": "bytes=10-20"}).status_code == 410
        assert requests.get(link, timeout=30).status_code == 410
        error = batch(above, "acme/tiny", digest, size)["error"]
        assert error["code"] == 410 and "poisoned weights" in error["message"]
        refused = hub_client("2.4.0", tmp_path / "hf", above.url).cli("hf", "download", "acme/tiny")
        assert not refused.ok and "poisoned weights" in refused.text
        output = csghub_client(tmp_path / "csg", above.url, above.reader).cli(
            "csghub-cli", "download", "acme/tiny", "--local-dir", tmp_path / "csg-files")
        assert "poisoned weights" in output.text and not (tmp_path / "csg-files/model.safetensors").exists()
        # git gives what it has itself, and LFS refuses the one object.
        git.run("clone", "--quiet", f"{above.url}/acme/tiny.git", tmp_path / "clone", GIT_LFS_SKIP_SMUDGE="1")
        pulled = git.try_run("lfs", "pull", cwd=tmp_path / "clone")
        assert not pulled.ok and "poisoned weights" in pulled.text
        # What describes it stays, and the rest of the repository too.
        assert digest in above.get("/api/models/acme/tiny/tree/main").text
        assert above.get("/acme/tiny/resolve/main/config.json").status_code == 200
        # Nobody brings it back, under whatever name.
        writer = above.writer
        error = batch(above, "acme/other", digest, size, "upload", writer)["error"]
        assert error["code"] == 410 and "poisoned weights" in error["message"]
        upload = hub_client("2.4.0", tmp_path / "hf-up", above.url, writer).cli(
            "hf", "upload", "acme/other", weights, "again.safetensors")
        assert not upload.ok and "poisoned weights" in upload.text
    finally:
        lift(above, stone["id"])
    assert above.get("/acme/tiny/resolve/main/model.safetensors").status_code == 200


def test_a_tree_with_a_buried_small_file_is_not_cloned(above, git, tmp_path):
    config = above.folder / "other/config.json"
    stone = bury(above, f"sha256:{sha256_of(config)}", "leaks a key")
    try:
        assert above.get("/acme/other/resolve/main/config.json").status_code == 410
        assert above.get("/acme/other/resolve/main/README.md").status_code == 200
        refused = git.try_run("clone", f"{above.url}/acme/other.git", tmp_path / "clone")
        assert not refused.ok and "leaks a key" in refused.text
        # Its name in git is known by now.
        assert above.checked("tombstone", "list", "--json").count('"gitId":"') == 1
        # Nor is it pushed to another repository.
        work = tmp_path / "work"
        writer = above.writer
        url = above.url.replace("http://", f"http://acme:{writer}@")
        git.run("clone", "--quiet", f"{url}/acme/gone.git", work, GIT_LFS_SKIP_SMUDGE="1")
        (work / "copy.json").write_bytes(config.read_bytes())
        git.run("add", "copy.json", cwd=work)
        git.run("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "copy", cwd=work)
        pushed = git.try_run("push", "origin", "HEAD:main", cwd=work)
        assert not pushed.ok and "leaks a key" in pushed.text
    finally:
        above.checked("tombstone", "lift", str(stone["id"]))
    eventually(lambda: git.try_run("clone", f"{above.url}/acme/other.git", tmp_path / "later",
                                   GIT_LFS_SKIP_SMUDGE="1").ok, seconds=5)


def test_peers_follow_within_the_interval(above, below, tmp_path):
    path = "/acme/gone/resolve/main/config.json"
    assert below.get(path).status_code == 200
    sent = below.upstream_requests
    stone = bury(above, "model:acme/gone", "withdrawn by its author")
    started = time.monotonic()
    eventually(lambda: below.get(path).status_code == 410, seconds=5)
    print(f"followed after {time.monotonic() - started:.1f} s")
    answer = below.get(path)
    assert "withdrawn by its author" in answer.headers["X-Error-Message"] and "peer/above" in answer.headers["X-Error-Message"]
    before = sent()
    eventually(lambda: below.get(path).status_code == 410)
    assert below.get("/api/models/acme/gone").status_code == 200, "what describes it stays"
    listed = below.get(f"{API}/tombstones", headers=bearer(below.bob)).json()["tombstones"]
    assert [t["peer"] for t in listed] == ["peer/above"] and listed[0]["origin"] == stone["origin"]
    assert below.get(f"{API}/tombstones").status_code == 401
    assert below.post(f"{API}/tombstones", json={"target": "author:x", "reason": "x"},
                      headers=bearer(below.bob)).status_code == 403
    lift(above, stone["id"])
    eventually(lambda: below.get(path).status_code == 200, seconds=5)
    assert sent() >= before


def test_pulls_are_exact_and_who_took_it_can_be_told(above, below):
    def take(number):
        token = below.bob if number % 2 else None
        answer = below.get("/acme/counted/resolve/main/model.safetensors",
                           headers=bearer(token) if token else {})
        assert answer.status_code == 200
        return len(answer.content)

    # HEAD, ranges in the middle and what describes it are no pulls.
    path = "/acme/counted/resolve/main/model.safetensors"
    digest = sha256_of(above.folder / "counted/model.safetensors")
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        assert len(set(pool.map(take, range(50)))) == 1
    below.head(path)
    below.get(path, headers={"Range": "bytes=100-200"})
    radius = below.get(f"{API}/blast-radius?digest={digest}", headers=bearer(below.root)).json()
    assert {p["account"]: p["pulls"] for p in radius["pulls"]} == {"bob": 25, "anonymous": 25}
    assert [h["repository"] for h in radius["holders"]] == ["model:acme/counted"]
    assert radius["holders"][0]["path"] == "model.safetensors"
    assert below.get(f"{API}/blast-radius?digest={digest}", headers=bearer(below.bob)).status_code == 403
    shown = json.loads(below.checked("blast", "show", f"sha256:{digest}"))
    assert shown["pulls"] == radius["pulls"]
    # One action buries all of it.
    answer = below.post(f"{API}/blast-radius:bury", headers=bearer(below.root),
                        json={"target": "model:acme/counted", "reason": "stolen", "digests": True})
    assert answer.status_code == 201
    kinds = sorted(t["kind"] for t in answer.json()["tombstones"])
    assert kinds == ["digest", "repository"]
    assert below.get(path).status_code == 410
    for stone in answer.json()["tombstones"]:
        lift(below, stone["id"])


def test_a_crash_loses_a_second_of_pulls_at_most_and_a_stop_none(above, tmp_path):
    upstream = fast_upstream("above", "weir", above.url)
    with Weir(tmp_path, [mirror_document("peer", [upstream])]) as weir:
        path, digest = "/acme/killed/resolve/main/model.safetensors", sha256_of(
            above.folder / "killed/model.safetensors")
        times = []
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            assert weir.get(path).status_code == 200
            times.append(time.monotonic())
        killed = time.monotonic()
        weir.kill()
        counted = json.loads(weir.checked("blast", "show", f"sha256:{digest}"))["pulls"][0]["pulls"]
        assert sum(t < killed - 1 for t in times) <= counted <= len(times)
        print(f"{len(times)} pulls, {counted} kept over a kill")
        weir.start()
        for _ in range(10):
            assert weir.get(path).status_code == 200
        weir.stop()
        after = json.loads(weir.checked("blast", "show", f"sha256:{digest}"))["pulls"][0]["pulls"]
        assert after == counted + 10
