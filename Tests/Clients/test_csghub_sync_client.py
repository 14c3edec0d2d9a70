"""A real CSGHub whose OPENCSG_SAAS_API_DOMAIN and OPENCSG_SAAS_SYNC_DOMAIN are set to us: what its sync client sees."""

import hashlib
import types

import pytest
import requests

from support.content import random_bytes
from support.csghub_peer import API_WORDS, GROUP, PAGE, TEXT, CSGHubPeer, assert_shape
from support.weir import Weir

KINDS = list(API_WORDS)


def folder_of(root, kind: str):
    """One repository of a kind: a card, a file in a folder, and something large."""
    folder = root / kind
    (folder / "sub").mkdir(parents=True)
    (folder / "README.md").write_text(f"---\nlicense: apache-2.0\nlanguage: [en, zh]\n---\n# {kind}\n")
    (folder / "sub/notes.txt").write_text("one\n")
    (folder / "weights.bin").write_bytes(random_bytes(kind, 250_000))
    if kind == "model":
        (folder / "config.json").write_text('{"architectures": ["DemoModel"], "model_type": "demo"}\n')
    return folder


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    """A hub with a repository of each kind, a big one, an empty one and a private one; names have capitals."""
    home = tmp_path_factory.mktemp("upstream")
    with Weir(home) as weir:
        weir.sync_token = weir.token("syncer")
        weir.writer = weir.token("ada", "write")
        weir.folders = {kind: folder_of(home / "folders", kind) for kind in KINDS}
        for kind in KINDS:
            weir.import_folder(weir.folders[kind], f"{kind}:Acme/Demo-{kind}")
        many = home / "many"
        many.mkdir()
        for number in range(140):
            (many / f"file-{number:03}.txt").write_text(f"{number}\n")
        for number in range(GROUP + 5):
            (many / f"part-{number:03}.bin").write_bytes(random_bytes(f"part {number}", 20_000))
        weir.import_folder(many, "dataset:Acme/Many")
        weir.many = many
        weir.import_folder(weir.folders["model"], "model:Acme/Hidden", "--private")
        yield weir


@pytest.fixture
def peer(upstream, tmp_path):
    return CSGHubPeer(upstream.url, upstream.url, upstream.sync_token, tmp_path / "peer")


def rest(weir, method: str, path: str, token: str | None = None, **options) -> requests.Response:
    return requests.request(method, weir.url + "/api/v1" + path, timeout=30, **options, headers={
        "Authorization": f"Bearer {token}"} if token else {})


def test_an_hour_of_metadata(upstream, peer):
    rows = peer.metadata()
    by_path = {(row.repo_type, row.path): row for row in rows}
    for kind in KINDS:
        row = by_path[kind, f"Acme/Demo-{kind}"]
        info = row.info
        assert info["path"] == row.path and info["name"] == f"Demo-{kind}" and info["private"] is False
        assert info["default_branch"] == "main" and info["source"] == "local" and info["sync_status"] == ""
        assert info["csg_path"] == row.path and info["license"] == "apache-2.0"
        assert info["repository"]["http_clone_url"] == f"{upstream.url}/{kind}s/{row.path}.git"
        assert [s["weight_name"] for s in info["scores"]] == ["freshness", "downloads", "quality", "op", "total"]
        assert {"apache-2.0", "en", "zh"} <= {tag["name"] for tag in info["tags"]}
        assert row.readme.endswith(f"# {kind}\n")
        files = {item["path"]: item for item in row.files}
        assert files["sub/notes.txt"]["name"] == "notes.txt" and files["sub/notes.txt"]["lfs"] is False
        weights = files["weights.bin"]
        assert weights["lfs"] is True and weights["size"] == 250_000
        assert weights["lfs_sha256"] == hashlib.sha256((upstream.folders[kind] / "weights.bin").read_bytes()).hexdigest()
    assert by_path["model", "Acme/Demo-model"].info["metadata"]["architecture"] == "DemoModel"
    assert len(by_path["dataset", "Acme/Many"].files) == PAGE


def test_a_second_hour_brings_nothing_until_somebody_pushes(upstream, peer):
    first = peer.feed()
    assert [v["version"] for v in first] == sorted({v["version"] for v in first})
    assert peer.feed() == []
    made = rest(upstream, "POST", "/models", upstream.writer, json={"namespace": "ada", "name": "Fed", "private": False})
    assert made.status_code == 200, made.text
    for number in range(3):
        answer = rest(upstream, "POST", f"/models/ada/Fed/raw/{number}.txt", upstream.writer,
                      json={"message": f"Add {number}", "branch": "main", "content": "aGkK"})
        assert answer.status_code == 200, answer.text
    rows = peer.feed()
    assert [row["change_log"] for row in rows] == ["initial commit", "Add 0", "Add 1", "Add 2"]
    assert {row["repo_path"] for row in rows} == {"ada/Fed"}
    # A client that is ahead, as one is whose upstream was set up anew, is told of nothing.
    peer.cursor += 1_000_000
    assert peer.feed() == []


def test_the_feed_pages_by_a_hundred(upstream, peer):
    rest(upstream, "POST", "/models", upstream.writer, json={"namespace": "ada", "name": "long", "private": False})
    for number in range(PAGE + 20):
        answer = rest(upstream, "POST", f"/models/ada/long/raw/{number}.txt", upstream.writer,
                      json={"message": f"Add {number}", "branch": "main", "content": "aGkK"})
        assert answer.status_code == 200, answer.text
    versions = peer.feed()
    assert len(peer.calls) >= 2 and len(versions) > PAGE
    assert [row["change_log"] for row in versions if row["repo_path"] == "ada/long"][-1] == f"Add {PAGE + 19}"


def test_what_is_private_is_never_fed(upstream, peer):
    before = peer.feed()
    assert not any("hidden" in row["repo_path"].lower() for row in before)
    rest(upstream, "POST", "/models", upstream.writer, json={"namespace": "ada", "name": "secret", "private": True})
    rest(upstream, "POST", "/models/ada/secret/raw/a.txt", upstream.writer,
         json={"message": "Hush", "branch": "main", "content": "aGkK"})
    assert peer.feed() == []
    assert rest(upstream, "GET", "/models/ada/secret?need_multi_sync=true", upstream.sync_token).status_code in (401, 404)
    # Once it is public it is news.
    rest(upstream, "PUT", "/models/ada/secret", upstream.writer, json={"private": False})
    rest(upstream, "POST", "/models/ada/secret/raw/b.txt", upstream.writer,
         json={"message": "Hello", "branch": "main", "content": "aGkK"})
    assert [row["change_log"] for row in peer.feed()][-1] == "Hello"


def test_refusals_have_the_status_and_the_envelope_that_are_documented(upstream):
    def refused(path, status, token=upstream.sync_token):
        answer = rest(upstream, "GET", path, token)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        body = answer.json()
        assert_shape(body["msg"], TEXT) and "data" not in body
        return body

    assert refused("/sync/version/latest?cur=0", 401, None)["code"].startswith("AUTH-ERR-")
    assert refused("/sync/version/latest?cur=0", 401, "0" * 32)["code"].startswith("AUTH-ERR-")
    for wrong in ("x", "", "1.5", "9223372036854775808"):
        assert refused(f"/sync/version/latest?cur={wrong}", 400)["code"].startswith("REQ-ERR-")
    refused("/sync/version/latest", 400)
    assert refused("/models/acme/absent?need_multi_sync=true", 404)["code"] == "REPO-ERR-3"
    refused("/models/acme/demo-model/raw/absent.md", 404)
    refused("/models/acme/absent/all_files", 404)
    # A bad token is refused where none is needed.
    refused("/models/acme/demo-model?need_multi_sync=true", 401, "0" * 32)


@pytest.mark.parametrize("spelling", ["acme/demo-model", "ACME/DEMO-MODEL", "Acme/Demo-model", "aCME/dEMO-Model"])
def test_names_are_found_however_they_are_written(upstream, spelling):
    for path in ("", "?need_multi_sync=true", "/raw/README.md", "/all_files", "/branches", "/last_commit"):
        assert rest(upstream, "GET", f"/models/{spelling}{path}", upstream.sync_token).status_code == 200, path
    assert rest(upstream, "GET", f"/models/{spelling}").json()["data"]["path"] == "Acme/Demo-model"


def test_what_changed_since_a_commit(upstream, peer):
    for kind in KINDS:
        commit = rest(upstream, "GET", f"/{API_WORDS[kind]}/acme/demo-{kind}/last_commit").json()["data"]["id"]
        assert peer.remote_diff(kind, f"Acme/Demo-{kind}", commit) == [{"added": [], "removed": [], "modified": []}]


@pytest.mark.parametrize("kind", KINDS)
def test_a_repository_is_mirrored_whole(upstream, peer, kind):
    refs, contents = peer.mirror(kind, f"Acme/Demo-{kind}", part=100_000)
    head = rest(upstream, "GET", f"/{API_WORDS[kind]}/acme/demo-{kind}/last_commit").json()["data"]["id"]
    assert refs["refs/heads/main"] == head
    wanted = (upstream.folders[kind] / "weights.bin").read_bytes()
    assert contents == {hashlib.sha256(wanted).hexdigest(): wanted}


def test_large_objects_come_in_groups(upstream, peer):
    _, contents = peer.mirror("dataset", "Acme/Many")
    wanted = {file.read_bytes() for file in upstream.many.glob("*.bin")}
    assert len(wanted) == GROUP + 5 and set(contents.values()) == wanted
    assert all(hashlib.sha256(content).hexdigest() == oid for oid, content in contents.items())


def test_refs_that_move_and_go_are_followed(upstream, peer, git, tmp_path):
    rest(upstream, "POST", "/models", upstream.writer, json={"namespace": "ada", "name": "moving", "private": False})
    url = upstream.url.replace("http://", f"http://ada:{upstream.writer}@") + "/models/ada/moving.git"
    work = tmp_path / "work"
    git.run("clone", "--quiet", url, work)
    (work / "a.txt").write_text("a\n")
    git.run("add", "--all", cwd=work)
    git.run("commit", "--quiet", "--message", "a", cwd=work)
    git.run("tag", "--annotate", "v1", "--message", "one", cwd=work)
    git.run("push", "--quiet", "origin", "HEAD:main", "HEAD:next", "v1", cwd=work)
    folder = peer.fetch("model", "ada/moving")
    first = peer.staged(folder)
    assert first.keys() >= {"refs/heads/main", "refs/heads/next", "refs/tags/v1"}
    git.run("commit", "--quiet", "--amend", "--message", "rewritten", cwd=work)
    git.run("push", "--quiet", "--force", "origin", "HEAD:main", ":next", cwd=work)
    peer.fetch("model", "ada/moving")
    second = peer.staged(folder)
    assert second["refs/heads/main"] == git.run("rev-parse", "HEAD", cwd=work) != first["refs/heads/main"]
    assert "refs/heads/next" not in second and second["refs/tags/v1"] == first["refs/tags/v1"]


@pytest.mark.parametrize("header", ["Authorization: X-OPENCSG-Sync-Token{}", "X-OPENCSG-Sync-Token: {}",
                                    "Authorization: Bearer {}"])
def test_git_takes_the_sync_token_in_all_three_ways(upstream, peer, header):
    folder = peer.fetch("model", "Acme/Demo-model", header.format(upstream.sync_token))
    assert "refs/heads/main" in peer.staged(folder)
    refused = peer.git.try_run("-c", f"http.extraHeader={header.format('f' * 32)}", "ls-remote",
                               peer.source_url("model", "Acme/Demo-model"))
    assert not refused.ok


def test_a_private_repository_is_kept_from_the_client(upstream, peer):
    refused = peer.git.try_run("-c", f"http.extraHeader=Authorization: X-OPENCSG-Sync-Token{upstream.sync_token}",
                               "ls-remote", peer.source_url("model", "Acme/Hidden"))
    assert not refused.ok
    content = (upstream.folders["model"] / "weights.bin").read_bytes()
    answer = requests.post(
        f"{peer.source_url('model', 'Acme/Hidden')}/info/lfs/objects/batch", timeout=30,
        headers={"Accept": "application/vnd.git-lfs+json", "Content-Type": "application/vnd.git-lfs+json"},
        json={"operation": "download", "objects": [{"oid": hashlib.sha256(content).hexdigest(), "size": len(content)}]})
    assert answer.status_code in (401, 404)


def test_a_link_that_is_too_old_is_asked_for_again(upstream, peer):
    content = (upstream.folders["model"] / "weights.bin").read_bytes()
    oid = hashlib.sha256(content).hexdigest()
    spoilt = []

    def old(url):
        spoilt.append(url)
        return url.replace("expires=", "expires=1")

    assert peer.download("model", "Acme/Demo-model", oid, len(content), "refs/heads/main", 100_000, old) == content
    assert spoilt


def test_an_object_that_is_not_there_is_an_error_of_its_own(upstream, peer):
    content = (upstream.folders["model"] / "weights.bin").read_bytes()
    oid = hashlib.sha256(content).hexdigest()
    here, gone = peer.batch("model", "Acme/Demo-model", {oid: len(content), "0" * 64: 5}, "refs/heads/main")
    assert "download" in here["actions"] and gone["error"]["code"] == 404 and "actions" not in gone
