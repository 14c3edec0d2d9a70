"""csghub-sdk through the gateway, and one Weir as the OpenCSG upstream of another."""

import re

import pytest

from support.checks import assert_same_files, upstream_cost
from support.weir import Weir, eventually, fast_upstream, mirror_document


@pytest.mark.parametrize("disable_xnet", [None, "true"])
@pytest.mark.parametrize("kind, name", [("model", "acme/nested"), ("dataset", "acme/tables")])
def test_csghub_cli_downloads_in_both_modes(disable_xnet, kind, name, gateway, community, csghub, tmp_path):
    client = csghub(gateway.url, gateway.token("csghub-user"))

    def download(folder):
        client.cli("csghub-cli", "download", "-t", kind, name, "--local-dir", folder, timeout=120,
                   CSGHUB_DISABLE_XNET=disable_xnet).checked()

    download(tmp_path / "one")
    assert_same_files(tmp_path / "one", getattr(community.content, f"{kind}s")[name])
    _, cost, asked = upstream_cost(gateway, lambda: download(tmp_path / "two"))
    assert (cost, asked) == (0, 0)


@pytest.mark.parametrize("disable_xnet", [None, "true"])
def test_csghub_cli_downloads_one_file(disable_xnet, gateway, csghub, community, tmp_path):
    csghub(gateway.url, gateway.token("csghub-user")).cli(
        "csghub-cli", "download", "acme/nested", "onnx/config.json", "--local-dir", tmp_path / "one",
        CSGHUB_DISABLE_XNET=disable_xnet).checked()
    assert (tmp_path / "one/onnx/config.json").read_text() == "{}\n"


def test_the_sdk_as_a_library(gateway, csghub, community, tmp_path):
    csghub(gateway.url, gateway.token("csghub-user"), CSGHUB_DISABLE_XNET="true").value(
        """
        from pycsghub.snapshot_download import snapshot_download
        from pycsghub.file_download import file_download
        snapshot_download("acme/tiny", repo_type="model", endpoint=args[0], token=args[1], local_dir=args[2])
        result(str(file_download("acme/tiny", file_name="config.json", repo_type="model", endpoint=args[0], token=args[1],
                                 local_dir=args[3])))
        """, gateway.url, gateway.token("csghub-user"), tmp_path / "all", tmp_path / "one", timeout=120)
    assert_same_files(tmp_path / "all", community.content.models["acme/tiny"])


# -- the five calls another CSGHub makes of its upstream (wire names of csghub-server)

def authorized(community):
    return {"Authorization": f"Bearer {community.sync_token}"}


def test_the_feed_needs_a_token(community):
    assert community.get("/api/v1/sync/version/latest?cur=0").status_code == 401
    assert community.get("/api/v1/sync/version/latest?cur=x", headers=authorized(community)).status_code == 400


def test_the_feed_pages_by_version(community):
    cursor, seen = 0, []
    for _ in range(100):
        answer = community.get(f"/api/v1/sync/version/latest?cur={cursor}", headers=authorized(community))
        assert answer.status_code == 200 and answer.json()["msg"] == "OK"
        data = answer.json()["data"]
        versions = data["versions"] or []
        assert len(versions) <= 100 and isinstance(data["has_more"], bool)
        for item in versions:
            assert item.keys() >= {"version", "source_id", "repo_path", "repo_type", "last_modify_time", "change_log"}
            assert isinstance(item["version"], int) and item["version"] > cursor and item["source_id"] in (0, 1)
            assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$", item["last_modify_time"])
            cursor = item["version"]
            seen.append((item["repo_type"], item["repo_path"]))
        if not data["has_more"]:
            break
    assert ("model", "acme/nested") in seen and ("dataset", "acme/tables") in seen
    assert not any(path.startswith("secret/") for _, path in seen)
    end = community.get(f"/api/v1/sync/version/latest?cur={cursor}", headers=authorized(community)).json()
    assert not end["data"]["versions"] and end["data"]["has_more"] is False


def test_the_info_for_a_sync(community):
    # csghub-server since 2.4 asks in lower case whatever the name is.
    data = community.get("/api/v1/models/ACME/nested?need_multi_sync=true", headers=authorized(community)).json()["data"]
    assert (data["name"], data["path"], data["private"], data["default_branch"]) == ("nested", "acme/nested", False, "main")
    assert data["repository"]["http_clone_url"].endswith("/models/acme/nested.git")
    assert data["license"] == "apache-2.0"
    assert {"freshness", "downloads", "quality", "op", "total"} == {s["weight_name"] for s in data["scores"]}
    assert any(tag["name"] == "apache-2.0" and tag["category"] == "license" for tag in data["tags"])
    assert data["namespace"]["Path"] == "acme"
    assert isinstance(data["metadata"], dict) and "user" in data and isinstance(data["repository_id"], int)
    missing = community.get("/api/v1/models/acme/absent?need_multi_sync=true", headers=authorized(community))
    assert missing.status_code == 404 and missing.json()["msg"]


def test_the_readme_and_the_files(community):
    readme = community.get("/api/v1/models/acme/nested/raw/README.md", headers=authorized(community)).json()
    assert readme["msg"] == "OK" and readme["data"].startswith("---\nlicense: apache-2.0")
    files = community.get("/api/v1/models/acme/nested/all_files", headers=authorized(community)).json()["data"]
    by_path = {item["path"]: item for item in files}
    assert by_path["config.json"]["type"] == "file" and by_path["config.json"]["lfs"] is False
    weights = by_path["model.safetensors"]
    assert weights["lfs"] is True and weights["size"] == 300_000 and len(weights["lfs_sha256"]) == 64
    assert "deep/a/b/c/leaf.txt" in by_path


def test_the_difference_of_two_commits(community):
    first, second = community.content.tiny_commits
    answer = community.get(f"/api/v1/models/acme/tiny/diff?left_commit_id={first}&right_commit_id={second}",
                           headers=authorized(community))
    assert answer.status_code == 200
    change = answer.json()["data"][0]
    assert change["added"] == ["notes.txt"] and not change["removed"] and not change["modified"]


def test_git_with_the_sync_token(community, git, tmp_path):
    """No space and no scheme before the token: that is how a CSGHub sends it."""
    header = f"http.extraHeader=Authorization: X-OPENCSG-Sync-Token{community.sync_token}"
    git.run("-c", header, "clone", "--quiet", f"{community.url}/models/acme/nested.git", tmp_path / "clone",
            GIT_LFS_SKIP_SMUDGE="1")
    # LFS comes without any token, as csghub-server sends it.
    git.run("lfs", "pull", cwd=tmp_path / "clone")
    assert_same_files(tmp_path / "clone", community.content.models["acme/nested"])


def test_errors_are_csghub_envelopes(community):
    answer = community.get("/api/v1/models/acme/absent")
    assert answer.status_code in (401, 404) and "msg" in answer.json()
    bad = community.get("/api/v1/models?per=101")
    assert bad.status_code == 400 and bad.json()["msg"]


@pytest.fixture(scope="module")
def opencsg_gateway(community, tmp_path_factory):
    """A second Weir that believes the first is hub.opencsg.com."""
    home = tmp_path_factory.mktemp("opencsg-gateway")
    token = home / "token"
    token.write_text(community.sync_token + "\n")
    token.chmod(0o600)
    upstream = fast_upstream("opencsg", "opencsg", community.url, auth={"tokenFile": str(token)})
    with Weir(home, [mirror_document("opencsg", [upstream])]) as weir:
        yield weir


def test_a_weir_downstream_of_another_by_the_opencsg_protocol(opencsg_gateway, community, hub, csghub, git, tmp_path):
    hub("2.4.0", opencsg_gateway.url + "/csg").cli(
        "hf", "download", "acme/nested", "--local-dir", tmp_path / "hf").checked()
    assert_same_files(tmp_path / "hf", community.content.models["acme/nested"])
    csghub(opencsg_gateway.url, opencsg_gateway.token("csghub-user")).cli(
        "csghub-cli", "download", "-t", "dataset", "acme/tables", "--local-dir", tmp_path / "csg").checked()
    assert_same_files(tmp_path / "csg", community.content.datasets["acme/tables"])
    git.run("clone", "--quiet", f"{opencsg_gateway.url}/models/acme/tiny.git", tmp_path / "clone")
    assert git.run("rev-parse", "HEAD", cwd=tmp_path / "clone") == community.content.tiny_commits[1]
    assert community.sync_token not in opencsg_gateway.log()


def test_the_sync_token_travels_to_its_upstream_and_the_feed_is_read(community, tmp_path, hostile):
    token = tmp_path / "token"
    token.write_text(community.sync_token)
    token.chmod(0o600)
    upstream = fast_upstream("opencsg", "opencsg", hostile.url, auth={"tokenFile": str(token)})
    (tmp_path / "weir").mkdir()
    with Weir(tmp_path / "weir", [mirror_document("opencsg", [upstream])]) as weir:
        assert weir.get("/csg/acme/tiny/resolve/main/model.safetensors").status_code == 200
        git_requests = [r for r in hostile.seen("git") if r.path.startswith("/models/acme/tiny.git")]
        assert git_requests, [r.path for r in hostile.seen()]
        assert git_requests[0].headers["authorization"] == f"X-OPENCSG-Sync-Token{community.sync_token}"
        # The feed tells of a new commit sooner than the branch's TTL would.
        eventually(lambda: any("/api/v1/sync/version/latest" in r.path for r in hostile.seen()), 20,
                   "the feed was never read")
        feed = next(r for r in hostile.seen() if "/api/v1/sync/version/latest" in r.path)
        assert feed.headers["authorization"] == f"Bearer {community.sync_token}"
