"""git and git-lfs over Debian's own sshd, whose forced command is `weir ssh`."""

import hashlib
import json

import pytest
import requests

from support.content import digests, random_bytes, small_model
from support.ssh import Door, make_key, serving
from support.weir import Weir


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("ssh")) as weir:
        weir.alice = weir.token("alice", "write")
        weir.bob = weir.token("bob", "write")
        yield weir


@pytest.fixture(scope="module")
def sshd(server, tmp_path_factory):
    with serving(server, tmp_path_factory.mktemp("sshd")) as sshd:
        yield sshd


@pytest.fixture(scope="module")
def alice(server, sshd):
    key = make_key(sshd[0], "alice")
    server.checked("key", "add", "--user", "alice", "--file", f"{key}.pub")
    return Door(sshd, key)


@pytest.fixture(scope="module")
def bob(server, sshd):
    key = make_key(sshd[0], "bob")
    server.checked("key", "add", "--user", "bob", "--file", f"{key}.pub")
    return Door(sshd, key)


@pytest.mark.parametrize("protocol", ["0", "2"])
def test_a_repository_is_pushed_and_cloned(protocol, server, alice, git, tmp_path):
    name = f"alice/over-ssh-{protocol}"
    server.checked("repository", "create", f"model:{name}")
    work = tmp_path / "work"
    git.run("init", "--quiet", work)
    for number in range(50):
        (work / f"{number}.bin").write_bytes(random_bytes(f"ssh {number}", 20_000))
    git.run("add", "--all", cwd=work)
    git.run("commit", "--quiet", "-m", "by ssh", cwd=work)
    version = ("-c", f"protocol.version={protocol}")
    output = git.try_run(*version, "push", alice.url(name), "main", cwd=work, **alice.environment)
    assert output.ok, output.text + alice.log.read_text()[-3000:]
    assert server.get(f"/api/models/{name}").json()["sha"] == git.run("rev-parse", "HEAD", cwd=work)
    git.run(*version, "clone", "--quiet", alice.url(name), tmp_path / "clone", **alice.environment)
    assert digests(tmp_path / "clone") == digests(work)
    assert git.run("fsck", "--strict", cwd=tmp_path / "clone") == ""
    (tmp_path / "clone/more.txt").write_text("more\n")
    git.run("add", "--all", cwd=tmp_path / "clone")
    git.run("commit", "--quiet", "-m", "more", cwd=tmp_path / "clone")
    git.run(*version, "push", "--quiet", "origin", "main", cwd=tmp_path / "clone", **alice.environment)
    git.run(*version, "pull", "--quiet", alice.url(name), "main", cwd=work, **alice.environment)
    assert digests(work) == digests(tmp_path / "clone")


def test_a_refused_push_says_why(server, alice, git, tmp_path):
    server.checked("repository", "create", "model:alice/refusing")
    work = tmp_path / "work"
    git.run("init", "--quiet", work)
    (work / "big.bin").write_bytes(random_bytes("big by ssh", 11 << 20))
    git.run("add", "--all", cwd=work)
    git.run("commit", "--quiet", "-m", "big", cwd=work)
    for refs in (["main"], ["main:refs/pr/1"]):
        output = git.try_run("push", alice.url("alice/refusing"), *refs, cwd=work, **alice.environment)
        assert not output.ok and ("git lfs" in output.text or "only the hub" in output.text), output.text


def test_others_see_and_change_only_what_they_may(server, alice, bob, git, tmp_path):
    server.checked("repository", "create", "model:alice/hidden", "--visibility", "private")
    server.checked("repository", "create", "model:alice/open")
    said = []
    for name in ("alice/hidden", "alice/absent"):
        output = git.try_run("ls-remote", bob.url(name), **bob.environment)
        assert not output.ok
        said.append(output.text.replace("absent", "hidden"))
    assert said[0] == said[1] and "does not exist" in said[0]
    work = tmp_path / "work"
    git.run("init", "--quiet", work)
    git.run("commit", "--quiet", "--allow-empty", "-m", "x", cwd=work)
    output = git.try_run("push", bob.url("alice/open"), "main", cwd=work, **bob.environment)
    assert not output.ok and "may not" in output.text
    git.run("push", "--quiet", alice.url("alice/hidden"), "main", cwd=work, **alice.environment)


def test_s35_nothing_but_git_is_run(server, sshd, alice, tmp_path):
    for words in (["id"], [], ["git-upload-pack 'alice/open.git'; id"], ["git-lfs-authenticate", "alice/x", "delete"]):
        done = alice.run(*words)
        assert done.returncode == 77 and "uid=" not in done.stdout and "serves git alone" in done.stderr, words
    stranger = Door(sshd, make_key(tmp_path, "stranger"))
    assert "Permission denied" in stranger.run("git-upload-pack 'alice/open.git'").stderr


def test_s35_a_key_opens_no_way_to_other_ports_and_no_terminal(server, alice):
    # The hub itself listens there, so that a way which is open is one that works.
    done = alice.run("-W", server.url.removeprefix("http://"))
    assert done.returncode == 255 and "forwarding failed" in done.stderr, done.stderr
    assert "PTY allocation request failed" in alice.run("-tt", "id").stderr


def test_s35_one_key_belongs_to_one_person(server, sshd, alice):
    result = server.command("key", "add", "--user", "bob", "--file", sshd[0] / "alice.pub")
    assert result.returncode == 64 and "in use" in result.stderr
    assert server.command("key", "add", "--user", "bob", "--file", sshd[0] / "alice").returncode == 64


def test_s16_lfs_gets_its_credentials_by_ssh(server, alice, bob, git, tmp_path):
    folder = small_model(tmp_path / "model", "lfs", "mit", weights=3_000_000)
    server.import_folder(folder, "model:alice/lfs", "--private")
    answer = json.loads(alice.run("git-lfs-authenticate", "alice/lfs.git", "download").stdout)
    assert answer["href"] == f"{server.url}/models/alice/lfs.git/info/lfs" and 0 < answer["expires_in"] <= 600
    assert bob.run("git-lfs-authenticate", "alice/lfs.git", "download").returncode == 66
    assert bob.run("git-lfs-authenticate", "alice/lfs.git", "upload").returncode == 66
    # What the connection was let in for, and no more: no other repository, no writing, no other rights of alice's.
    server.checked("repository", "create", "model:alice/beside", "--visibility", "private")
    header = answer["header"]
    assert server.get("/api/models/alice/lfs", headers=header).status_code == 200
    assert server.get("/api/models/alice/beside", headers=header).status_code == 404
    for service, status in (("git-upload-pack", 200), ("git-receive-pack", 403)):
        assert server.get(f"/alice/lfs.git/info/refs?service={service}", headers=header).status_code == status
    upload = json.loads(alice.run("git-lfs-authenticate", "alice/lfs.git", "upload").stdout)["header"]
    assert server.get("/alice/lfs.git/info/refs?service=git-receive-pack", headers=upload).status_code == 200
    assert server.get("/alice/beside.git/info/refs?service=git-receive-pack", headers=upload).status_code == 404
    for path in ("/api/models/alice/lfs/settings", "/api/models/alice/beside/settings"):
        assert requests.put(server.url + path, headers=upload, json={"private": False}).status_code in (403, 404)
    assert server.post("/api/repos/create", headers=upload, json={"name": "more"}).status_code == 403
    assert server.post("/api/gateway/v1/tokens", headers=upload, json={"name": "x", "scope": "read"}).status_code == 403
    git.run("clone", "--quiet", alice.url("alice/lfs"), tmp_path / "clone", **alice.environment)
    assert (tmp_path / "clone/model.safetensors").read_bytes() == (folder / "model.safetensors").read_bytes()


def test_an_outsider_stages_by_ssh_what_his_pull_request_names(server, alice, bob, git, tmp_path):
    """As over HTTP: who may open a pull request may send its objects, and nothing else comes of that."""
    server.checked("repository", "create", "model:alice/proposals")
    work = tmp_path / "work"
    git.run("init", "--quiet", work)
    git.run("lfs", "install", "--local", "--skip-repo", cwd=work)
    (work / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs -text\n")
    (work / "README.md").write_text("# Proposals\n")
    git.run("add", "--all", cwd=work)
    git.run("commit", "--quiet", "-m", "first", cwd=work)
    git.run("push", "--quiet", alice.url("alice/proposals"), "main", cwd=work, **alice.environment)

    clone, data = tmp_path / "clone", random_bytes("proposed by ssh", 300_000)
    git.run("clone", "--quiet", bob.url("alice/proposals"), clone, **bob.environment)
    git.run("lfs", "install", "--local", "--skip-repo", cwd=clone)
    (clone / "model.bin").write_bytes(data)
    git.run("add", "--all", cwd=clone)
    git.run("commit", "--quiet", "-m", "propose", cwd=clone)
    git.run("lfs", "push", "origin", "main", cwd=clone, **bob.environment)
    # The objects wait; the branch, and the ref of a pull request, are moved by whom they belong to.
    refused = git.try_run("push", "origin", "main", cwd=clone, **bob.environment)
    assert not refused.ok and "may not" in refused.text
    oid = hashlib.sha256(data).hexdigest()
    def downloads():
        body = {"operation": "download", "objects": [{"oid": oid, "size": len(data)}]}
        return server.post("/alice/proposals.git/info/lfs/objects/batch", json=body).json()["objects"][0]
    assert "actions" not in downloads()

    header = json.loads(bob.run("git-lfs-authenticate", "alice/proposals.git", "upload").stdout)["header"]
    lines = [{"key": "header", "value": {"summary": "Add a model"}},
             {"key": "lfsFile", "value": {"path": "model.bin", "algo": "sha256", "oid": oid, "size": len(data)}}]
    def propose(headers):
        return server.post("/api/models/alice/proposals/commit/main?create_pr=1", headers=headers,
                           data="\n".join(map(json.dumps, lines)).encode())
    assert propose(header).status_code == 403, "what git-lfs got uploads, and opens nothing"
    answer = propose({"Authorization": f"Bearer {server.bob}"})
    assert answer.status_code == 200, answer.text
    number = answer.json()["pullRequestUrl"].rsplit("/", 1)[1]
    git.run("fetch", "--quiet", "origin", f"refs/pr/{number}", cwd=clone, **bob.environment)
    git.run("lfs", "fetch", "origin", "FETCH_HEAD", cwd=clone, **bob.environment)
    assert "actions" in downloads()
    assert server.get(f"/alice/proposals/resolve/refs%2Fpr%2F{number}/model.bin").content == data

    server.checked("repository", "create", "model:alice/closed", "--visibility", "private")
    for name in ("alice/closed", "alice/nowhere"):
        said = bob.run("git-lfs-authenticate", f"{name}.git", "upload")
        assert said.returncode == 66 and "does not exist" in said.stderr
