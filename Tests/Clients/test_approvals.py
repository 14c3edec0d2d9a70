"""Content under review: refused with the request's link, let in by people, for what they saw and as long as they said."""

import re

import pytest

from support.clients import csghub_client, hub_client
from support.content import small_model
from support.weir import REFUSED, Weir, eventually, fast_upstream, mirror_document

LINK = re.compile(r"request #(\d+): (http://[\w.:]+/api/gateway/v1/approvals/\d+)")
RULES = [{"id": "look", "match": {"repo": ["acme/tiny", "acme/short", "acme/cli"]}, "action": "review",
          "message": "the model desk decides"}]
FAST = {"ttl": {"ref": "100ms", "negative": "100ms"}}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def above(tmp_path_factory):
    home = tmp_path_factory.mktemp("above")
    with Weir(home) as hub:
        for name in ("tiny", "short", "cli", "moving"):
            hub.import_folder(small_model(home / name, name, "apache-2.0", weights=200_000), f"model:acme/{name}")
        hub.folder = home
        yield hub


@pytest.fixture(scope="module")
def desk(above, tmp_path_factory):
    home = tmp_path_factory.mktemp("desk")
    upstream = fast_upstream("above", "weir", above.url)
    documents = [mirror_document(
        "reviewed", [upstream], rules=RULES, cache=FAST, license={"review": ["gemma", "LicenseRef-llama*"]},
        approvals={"servePrevious": True, "expireAfter": "90d", "approvers": ["user:judy"]})]
    with Weir(home, documents) as weir:
        weir.root = weir.token("root", "admin", admin=True)
        weir.second = weir.token("second", "admin", admin=True)
        weir.bob = weir.token("bob")
        weir.judy = weir.token("judy", "write")
        weir.weak = weir.token("judy", "read")
        yield weir


def relicense(above, license):
    """A new commit of acme/moving above, under another licence."""
    folder = above.folder / "moving"
    (folder / "README.md").write_text(f"---\nlicense: {license}\n---\n# moving\n")
    above.import_folder(folder, "model:acme/moving")


def held(weir, path, token=None):
    """The number of the request that a refusal names."""
    answer = weir.get(path, headers=bearer(token or weir.bob))
    assert answer.status_code == 403, answer.text[:500]
    found = LINK.search(answer.headers["X-Error-Message"])
    assert found, answer.headers["X-Error-Message"]
    assert found[2] == f"{weir.url}/api/gateway/v1/approvals/{found[1]}"
    return int(found[1])


def decide(weir, number, word, token, **body):
    return weir.post(f"/api/gateway/v1/approvals/{number}:{word}", json=body, headers=bearer(token))


def test_held_on_every_carrier_until_somebody_approves(desk, git, tmp_path):
    number = held(desk, "/acme/tiny/resolve/main/config.json")
    link = f"{desk.url}/api/gateway/v1/approvals/{number}"
    refused = hub_client("2.4.0", tmp_path / "hf", desk.url, desk.bob).cli("hf", "download", "acme/tiny")
    assert not refused.ok and link in refused.text and "the model desk decides" in refused.text
    refused = git.try_run("clone", f"{desk.url}/acme/tiny.git", tmp_path / "held")
    assert not refused.ok and link in refused.text
    output = csghub_client(tmp_path / "csg", desk.url, desk.bob).cli(
        "csghub-cli", "download", "acme/tiny", "--local-dir", tmp_path / "csg-held")
    assert f"request #{number}" in output.text and not (tmp_path / "csg-held/model.safetensors").exists()
    explained = desk.explain("model:acme/tiny@main")
    assert explained.returncode == REFUSED and f"request #{number}" in explained.stdout

    # An approver sees why, and what of; somebody else why alone.
    whole = desk.get(f"/api/gateway/v1/approvals/{number}", headers=bearer(desk.judy)).json()
    assert whole["state"] == "open" and whole["requestedBy"] == "bob" and whole["commit"]
    assert whole["reasons"][0]["rule"] == "look" and whole["reasons"][0]["file"].endswith("reviewed.yaml")
    assert {"model.safetensors", "README.md"} <= {f["path"] for f in whole["evidence"]["files"]}
    eventually(lambda: any(a["account"] == "bob" and a["asked"] >= 3 for a in desk.get(
        f"/api/gateway/v1/approvals/{number}", headers=bearer(desk.judy)).json()["askers"]))
    assert "evidence" not in desk.get(f"/api/gateway/v1/approvals/{number}", headers=bearer(desk.bob)).json()
    readme = f"/api/gateway/v1/approvals/{number}/files/README.md"
    assert "license: apache-2.0" in desk.get(readme, headers=bearer(desk.judy)).text
    assert desk.get(readme, headers=bearer(desk.bob)).status_code == 403
    assert desk.get(readme.replace("README.md", "model.safetensors"), headers=bearer(desk.judy)).status_code == 413

    assert decide(desk, number, "approve", desk.judy, note="looked at").status_code == 200
    hub_client("2.4.0", tmp_path / "hf", desk.url, desk.bob).cli(
        "hf", "download", "acme/tiny", "--local-dir", tmp_path / "hf-files").checked()
    git.run("clone", f"{desk.url}/acme/tiny.git", tmp_path / "clone")
    csghub_client(tmp_path / "csg", desk.url, desk.bob).cli(
        "csghub-cli", "download", "acme/tiny", "--local-dir", tmp_path / "csg-files").checked()
    size = (tmp_path / "hf-files/model.safetensors").stat().st_size
    assert (tmp_path / "clone/model.safetensors").stat().st_size == size
    assert "approval #" in desk.explain("model:acme/tiny@main").stdout

    # Taken back, it is held again.
    assert decide(desk, number, "reject", desk.judy, note="no longer").status_code == 200
    assert held(desk, "/acme/tiny/resolve/main/config.json") != number
    assert not git.try_run("clone", f"{desk.url}/acme/tiny.git", tmp_path / "again").ok
    actions = {r["action"] for r in desk.get("/api/gateway/v1/audit", headers=bearer(desk.root)).json()["records"]}
    assert {"approval.ask", "approval.approve", "approval.reject"} <= actions


def test_only_approvers_decide_and_nobody_on_his_own(desk):
    number = held(desk, "/acme/short/resolve/main/config.json")
    assert decide(desk, number, "approve", desk.bob).status_code == 403
    assert decide(desk, number, "approve", desk.weak).status_code == 403, "a reading token decides nothing"
    assert desk.post(f"/api/gateway/v1/approvals/{number}:approve", json={}).status_code == 401
    assert decide(desk, 10_000, "approve", desk.root).status_code == 404
    # Who asks for it afterwards is a requester too.
    assert held(desk, "/acme/short/resolve/main/config.json", desk.root) == number
    refused = decide(desk, number, "approve", desk.root)
    assert refused.status_code == 403 and "asked for" in refused.text
    for bad in ({"scope": "hub"}, {"scope": "file"}, {"expiresAt": "2001-01-01T00:00:00Z"}, {"expiresInSeconds": 0}):
        assert decide(desk, number, "approve", desk.second, **bad).status_code == 400, bad
    # It ends with its time.
    assert decide(desk, number, "approve", desk.second, expiresInSeconds=3).status_code == 200
    assert desk.get("/acme/short/resolve/main/config.json").status_code == 200
    eventually(lambda: desk.get("/acme/short/resolve/main/config.json").status_code == 403)
    listed = desk.get("/api/gateway/v1/approvals?state=expired", headers=bearer(desk.root)).json()["approvals"]
    assert number in [a["id"] for a in listed]
    mine = desk.get("/api/gateway/v1/approvals", headers=bearer(desk.bob)).json()["approvals"]
    assert mine and all(a["requestedBy"] == "bob" for a in mine)


def test_the_command_line_decides_and_the_server_notices(desk):
    number = held(desk, "/acme/cli/resolve/main/config.json")
    assert f"#{number} open model:acme/cli" in desk.checked("approvals", "list", "--state", "open")
    assert '"rule":"look"' in desk.checked("approvals", "show", str(number))
    desk.checked("approvals", "approve", str(number), "--for", "1h", "--note", "by hand")
    eventually(lambda: desk.get("/acme/cli/resolve/main/config.json").status_code == 200, seconds=2)
    desk.checked("approvals", "reject", str(number))
    eventually(lambda: desk.get("/acme/cli/resolve/main/config.json").status_code == 403, seconds=2)


def test_what_passed_before_is_served_while_the_new_revision_waits(desk, above, git, tmp_path):
    answer = desk.get("/acme/moving/resolve/main/README.md")
    assert answer.status_code == 200 and "X-Weir-Held" not in answer.headers
    old = answer.headers["X-Repo-Commit"]
    relicense(above, "gemma")

    def moved():
        answer = desk.get("/acme/moving/resolve/main/README.md")
        return answer if "X-Weir-Held" in answer.headers else None

    answer = eventually(moved)
    assert answer.status_code == 200 and answer.headers["X-Repo-Commit"] == old and "apache-2.0" in answer.text
    new = answer.headers["X-Weir-Held"].split(";")[0]
    number = int(re.search(r"request #(\d+)", answer.headers["X-Weir-Held"])[1])
    assert held(desk, f"/acme/moving/resolve/{new}/README.md") == number
    hub_client("2.4.0", tmp_path / "hf", desk.url).cli(
        "hf", "download", "acme/moving", "--local-dir", tmp_path / "files").checked()
    assert "apache-2.0" in (tmp_path / "files/README.md").read_text()
    git.run("clone", "--quiet", f"{desk.url}/acme/moving.git", tmp_path / "clone", GIT_LFS_SKIP_SMUDGE="1")
    assert git.run("rev-parse", "HEAD", cwd=tmp_path / "clone").strip() == old
    assert not git.try_run("fetch", "origin", new, cwd=tmp_path / "clone").ok

    # All revisions pass for this reason, and a new reason is none of them.
    assert decide(desk, number, "approve", desk.judy, scope="repository").status_code == 200
    eventually(lambda: desk.get("/acme/moving/resolve/main/README.md").headers["X-Repo-Commit"] == new)
    relicense(above, "llama3")
    answer = eventually(moved)
    assert answer.headers["X-Repo-Commit"] == new
    other = int(re.search(r"request #(\d+)", answer.headers["X-Weir-Held"])[1])
    assert other != number
    reasons = desk.get(f"/api/gateway/v1/approvals/{other}", headers=bearer(desk.judy)).json()["reasons"]
    assert any("llama3" in r["text"] for r in reasons)
    assert desk.get("/acme/moving/resolve/main/config.json").status_code == 200
