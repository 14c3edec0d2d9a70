"""Accounts, organisations and CSGHub's own kinds by its REST, with the unmodified csghub-sdk, git and ssh-keygen."""

import json
import subprocess

import pytest
import requests

from support.weir import Weir
from test_csghub_write import Rest, encoded, name, sdk  # noqa: F401  (name is a fixture)


@pytest.fixture(scope="module")
def home_hub(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("accounts")) as weir:
        weir.alice = weir.token("alice", "write")
        weir.bob = weir.token("bob", "write")
        weir.root = weir.token("root", "admin", admin=True)
        yield weir


@pytest.fixture
def rest(home_hub):
    return Rest(home_hub, home_hub.alice)


def test_a_token_for_an_application_carries_the_sdk_until_it_is_removed(csghub, home_hub, rest, name, tmp_path):
    made = rest.data("POST", f"/token/git/{name}", json={})
    assert made["application"] == "git" and made["token"]
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("by a token of its own\n")
    client = csghub(home_hub.url, made["token"], CSGHUB_DISABLE_XNET="true")
    client.cli("csghub-cli", "upload-large-folder", "-t", "model", f"alice/{name}", folder, timeout=60).checked()
    assert rest.text(f"models/alice/{name}", "a.txt") == "by a token of its own\n"
    listed = rest.data("GET", "/user/alice/tokens", params={"app": "git"})
    assert name in [t["token_name"] for t in listed] and made["token"] not in json.dumps(listed)
    # csglite asks so whose token it has.
    assert requests.get(f"{rest.base}/token/{made['token']}", timeout=30).json()["data"]["user_name"] == "alice"
    renewed = rest.data("PUT", f"/token/git/{name}")["token"]
    assert Rest(home_hub, made["token"])("GET", "/user/alice").status_code == 401
    assert Rest(home_hub, renewed)("GET", "/user/alice").status_code == 200
    assert rest("DELETE", f"/token/git/{name}").json() == {"msg": "OK"}
    assert Rest(home_hub, renewed)("GET", "/user/alice").status_code == 401
    assert made["token"] not in home_hub.log() and renewed not in home_hub.log()


@pytest.mark.parametrize("kind, word, feed", [
    ("model", "models", "model"), ("code", "codes", "code"), ("mcp", "mcps", "mcpserver"), ("skill", "skills", "skill"),
    ("prompt", "prompts", "prompt")])
def test_a_downstream_csghub_follows_what_is_written_here(kind, word, feed, home_hub, rest, git, name, tmp_path):
    """The calls of a real CSGHub's hourly synchronisation, in its order, with a token for mirrors."""
    rest.data("POST", f"/{word}", json={"namespace": "alice", "name": name, "license": "mit"})
    start = max([v["version"] for v in rest.data("GET", "/sync/version/latest", params={"cur": 0})["versions"]])
    rest.data("POST", f"/{word}/alice/{name}/raw/a.txt", json={"message": "Say it", "content": encoded(b"said\n")})
    token = rest.data("POST", f"/token/mirror/{name}", json={})["token"]
    edge = Rest(home_hub, token)
    page = edge.data("GET", "/sync/version/latest", params={"cur": start})
    [version] = [v for v in page["versions"] if v["repo_path"] == f"alice/{name}"]
    assert version["repo_type"] == feed and version["change_log"] == "Say it" and version["source_id"] == 0
    # The newest CSGHubs write every path in small letters.
    info = "prompts_info" if kind == "prompt" else word
    shown = edge.data("GET", f"/{info}/alice/{name.lower()}", params={"need_multi_sync": "true"})
    assert shown["path"] == f"alice/{name}" and shown["default_branch"] == "main"
    assert {s["weight_name"] for s in shown["scores"]} == {"freshness", "downloads", "quality", "op", "total"}
    assert "license: mit" in edge.data("GET", f"/{word}/alice/{name}/raw/README.md")
    assert "a.txt" in [f["path"] for f in edge.data("GET", f"/{word}/alice/{name}/all_files")]
    # git knows MCP servers by another word.
    url = f"{home_hub.url}/{feed}s/alice/{name}.git"
    assert shown["repository"]["http_clone_url"] == url
    git.run("-c", f"http.extraHeader=Authorization: X-OPENCSG-Sync-Token{token}", "clone", "--quiet", url,
            tmp_path / "clone", GIT_LFS_SKIP_SMUDGE="1")
    assert (tmp_path / "clone/a.txt").read_text() == "said\n"
    refused = edge("POST", f"/{word}/alice/{name}/raw/b.txt", json={"message": "No", "content": encoded(b"no\n")})
    assert refused.status_code == 403


@pytest.mark.parametrize("kind", ["mcp", "skill"])
def test_the_sdk_downloads_csghubs_own_kinds(kind, csghub, home_hub, rest, name, tmp_path):
    rest.data("POST", f"/{kind}s", json={"namespace": "alice", "name": name})
    rest.data("POST", f"/{kind}s/alice/{name}/raw/deep/tool.py", json={"message": "m", "content": encoded(b"pass\n")})
    sdk(csghub, home_hub).cli(
        "csghub-cli", "download", "-t", kind, f"alice/{name}", "--local-dir", tmp_path / "back", timeout=120).checked()
    assert (tmp_path / "back/deep/tool.py").read_text() == "pass\n"


def test_the_command_line_lists_what_runs_which_is_nothing(csghub, home_hub):
    client = sdk(csghub, home_hub)
    for family in ("inference", "finetune"):
        done = client.cli("csghub-cli", family, "list", "-u", "alice", "-k", home_hub.alice, timeout=60)
        done.checked()
        assert "Traceback" not in done.stdout + done.stderr and "404" not in done.stdout + done.stderr


def test_an_organisation_works_together(csghub, home_hub, rest, name, tmp_path):
    root, bob = Rest(home_hub, home_hub.root), Rest(home_hub, home_hub.bob)
    org = "org-" + name[:20].strip("-")
    made = root.data("POST", "/organizations", json={"name": org, "nickname": "Together", "org_type": "company"})
    assert (made["path"], made["name"], made["role"]) == (org, "Together", "admin")
    assert rest("POST", f"/organization/{org}/members", json={"users": "alice", "role": "admin"}).status_code == 403
    assert root("POST", f"/organization/{org}/members", json={"users": "alice", "role": "write"}).json() == {"msg": "OK"}
    root.data("POST", f"/organization/{org}/members", json={"users": "bob", "role": "read"})
    listed = bob.data("GET", f"/organization/{org}/members", params={"per": 50, "page": 1})
    assert listed["total"] == 3
    assert {m["username"]: m["role"] for m in listed["data"]} == {"alice": "write", "bob": "read", "root": "admin"}
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/a.txt").write_text("together\n")
    sdk(csghub, home_hub).cli(
        "csghub-cli", "upload-large-folder", "-t", "dataset", f"{org}/{name}", tmp_path / "folder", timeout=60).checked()
    shown = bob.data("GET", f"/datasets/{org}/{name}")
    assert (shown["can_write"], shown["can_manage"]) == (False, False)
    assert shown["namespace"]["NSType"] == "organization"
    assert rest.data("GET", f"/datasets/{org}/{name}")["can_write"] is True
    owned = bob("GET", f"/organization/{org}/datasets").json()
    assert [r["path"] for r in owned["data"]] == [f"{org}/{name}"] and owned["total"] == 1
    assert [o["path"] for o in bob.data("GET", "/user/bob/organizations")["data"]] == [org]
    assert root("DELETE", f"/organization/{org}").status_code == 409
    root.data("DELETE", f"/datasets/{org}/{name}")
    assert root("DELETE", f"/organization/{org}").json() == {"msg": "OK"}
    assert bob("GET", f"/organization/{org}").status_code == 404


def test_an_ssh_key_added_by_rest_is_the_one_sshd_asks_for(home_hub, rest, name, tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "laptop", "-f", tmp_path / "key"], check=True)
    public = (tmp_path / "key.pub").read_text().strip()
    kind, key = public.split()[:2]
    added = rest.data("POST", "/user/alice/ssh_keys", json={"name": name, "content": public})
    fingerprint = subprocess.run(
        ["ssh-keygen", "-lf", tmp_path / "key.pub"], check=True, capture_output=True, text=True).stdout
    assert f"SHA256:{added['fingerprint_sha256']} " in fingerprint

    def let_in() -> str:
        return home_hub.command("ssh-keys", "--url", home_hub.url, kind, key).stdout

    assert key in let_in()
    assert name in [k["name"] for k in rest.data("GET", "/user/alice/ssh_keys")]
    assert rest("DELETE", f"/user/alice/ssh_key/{name}").json() == {"msg": "OK"}
    assert key not in let_in()


def test_collections_relations_and_tags(home_hub, rest, name):
    made = rest.data("POST", "/models", json={"namespace": "alice", "name": name})
    rest.data("POST", "/datasets", json={"namespace": "alice", "name": name})
    rest.data("POST", f"/models/alice/{name}/relations/dataset", json={"dataset": f"alice/{name}"})
    related = rest.data("GET", f"/datasets/alice/{name}/relations")
    assert [m["path"] for m in related["models"]] == [f"alice/{name}"]
    collection = rest.data("POST", "/collections", json={"namespace": "alice", "name": name, "nickname": name})
    rest.data("POST", f"/collections/{collection['id']}/repos", json={"repo_ids": [made["repository_id"]]})
    shown = Rest(home_hub, None).data("GET", f"/collections/{collection['id']}")
    assert [r["path"] for r in shown["repositories"]] == [f"alice/{name}"]
    tasks = rest.data("GET", "/tags", params={"scope": "model", "category": "task"})
    assert {"text-generation", "image-text-to-text"} <= {t["name"] for t in tasks}
    rest.data("POST", f"/models/alice/{name}/tags/task", json=["text-generation"])
    [tag] = [t for t in rest.data("GET", f"/models/alice/{name}/tags") if t["category"] == "task"]
    assert tag["group"] == "natural_language_processing" and tag["built_in"] is True
    assert tag["id"] in [t["id"] for t in tasks]
