"""Deploy keys, with OpenSSH's own sshd, ssh, git and git-lfs: one key, one repository, and no more than it was given."""

import pathlib

import pytest
import requests

from support.content import digests, random_bytes
from support.ssh import Door, make_key, serving
from support.weir import Weir


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("deploy-keys")) as weir:
        weir.alice = {"Authorization": f"Bearer {weir.token('alice', 'write')}"}
        weir.bob = {"Authorization": f"Bearer {weir.token('bob', 'write')}"}
        yield weir


@pytest.fixture(scope="module")
def sshd(server, tmp_path_factory):
    with serving(server, tmp_path_factory.mktemp("sshd")) as sshd:
        yield sshd


def add(server, repository: str, key: pathlib.Path, **more):
    body = {"key": pathlib.Path(f"{key}.pub").read_text(), **more}
    return server.post(f"/api/gateway/v1/deploy-keys/model/{repository}", headers=server.alice, json=body)


@pytest.fixture
def repository(server, git, sshd, tmp_path, request):
    """A private repository of alice's with a commit and a large file, pushed by a key of her own."""
    name = f"alice/{request.node.name.replace('_', '-')[:60]}".split("[")[0]
    server.checked("repository", "create", f"model:{name}", "--visibility", "private")
    door = Door(sshd, make_key(tmp_path, "owner"))
    server.checked("key", "add", "--user", "alice", "--file", tmp_path / "owner.pub")
    work = tmp_path / "first"
    git.run("init", "--quiet", work)
    git.run("lfs", "install", "--local", "--skip-repo", cwd=work)
    (work / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs -text\n")
    (work / "model.bin").write_bytes(random_bytes(name, 200_000))
    commit(git, work, "first")
    git.run("lfs", "push", door.url(name), "main", cwd=work, **door.environment)
    git.run("push", "--quiet", door.url(name), "main", cwd=work, **door.environment)
    return name, work


def commit(git, work: pathlib.Path, message: str):
    git.run("add", "--all", cwd=work)
    git.run("commit", "--quiet", "-m", message, cwd=work)


def clone(git, door: Door, name: str, folder: pathlib.Path) -> pathlib.Path:
    git.run("clone", "--quiet", door.url(name), folder, **door.environment)
    git.run("lfs", "install", "--local", "--skip-repo", cwd=folder)
    return folder


def test_a_key_that_reads_clones_and_writes_nothing(server, git, sshd, repository, tmp_path):
    name, work = repository
    key = make_key(tmp_path, "ci")
    added = add(server, name, key)
    assert added.status_code == 201 and added.json()["canWrite"] is False
    door = Door(sshd, key)
    folder = clone(git, door, name, tmp_path / "clone")
    assert digests(folder) == digests(work), "with the large file"
    (folder / "more.bin").write_bytes(random_bytes("more", 50_000))
    commit(git, folder, "more")
    pushed = git.try_run("push", "origin", "main", cwd=folder, **door.environment)
    assert not pushed.ok and "may not" in pushed.text, pushed.text
    uploaded = git.try_run("lfs", "push", "origin", "main", cwd=folder, **door.environment)
    assert not uploaded.ok, uploaded.text
    assert door.run("git-lfs-authenticate", f"{name}.git", "upload").returncode == 77
    assert server.get(f"/api/models/{name}/commits/main", headers=server.alice).json()[0]["title"] == "first"


def test_a_key_that_writes_pushes_commits_and_large_files(server, git, sshd, repository, tmp_path):
    name, _ = repository
    key = make_key(tmp_path, "ci")
    assert add(server, name, key, canWrite=True).status_code == 201
    door = Door(sshd, key)
    folder = clone(git, door, name, tmp_path / "clone")
    data = random_bytes("by a deploy key", 400_000)
    (folder / "more.bin").write_bytes(data)
    commit(git, folder, "more")
    git.run("lfs", "push", "origin", "main", cwd=folder, **door.environment)
    git.run("push", "--quiet", "origin", "main", cwd=folder, **door.environment)
    assert server.get(f"/{name}/resolve/main/more.bin", headers=server.alice).content == data
    # It writes content, and is nobody: no settings, no repository of its own.
    assert not git.try_run("push", door.url("alice/made-by-key"), "main", cwd=folder, **door.environment).ok
    records = server.get(f"/api/gateway/v1/audit/model/{name}", headers=server.alice).json()["records"]
    assert any(record["actor"].startswith("deploy-key:") for record in records)


def test_a_key_opens_no_other_repository(server, git, sshd, repository, tmp_path):
    name, _ = repository
    key = make_key(tmp_path, "ci")
    assert add(server, name, key, canWrite=True).status_code == 201
    door = Door(sshd, key)
    server.checked("repository", "create", "model:alice/beside", "--visibility", "private")
    server.checked("repository", "create", "model:alice/public-beside")
    said = []
    for other in ("alice/beside", "alice/absent", "alice/public-beside"):
        output = git.try_run("ls-remote", door.url(other), **door.environment)
        assert not output.ok
        said.append(output.text.replace(other, "it"))
        assert door.run("git-lfs-authenticate", f"{other}.git", "download").returncode == 66
        assert door.run("git-lfs-authenticate", f"{other}.git", "upload").returncode == 66
    assert len(set(said)) == 1, said


def test_a_removed_key_and_one_that_ended_are_strangers(server, git, sshd, repository, tmp_path):
    name, _ = repository
    key = make_key(tmp_path, "ci")
    added = add(server, name, key).json()
    door = Door(sshd, key)
    assert git.refs(door.url(name), **door.environment)
    place = f"/api/gateway/v1/deploy-keys/model/{name}"
    listed = server.get(place, headers=server.alice).json()["keys"]
    assert [entry["fingerprint"] for entry in listed] == [added["fingerprint"]]
    assert requests.delete(f"{server.url}{place}/{added['id']}", headers=server.alice).status_code == 204
    output = git.try_run("ls-remote", door.url(name), **door.environment)
    assert not output.ok and "Permission denied" in output.text


def test_s35_a_key_is_a_persons_or_a_repositorys(server, sshd, repository, tmp_path):
    name, _ = repository
    owner = tmp_path / "owner"
    answer = add(server, name, owner)
    assert answer.status_code == 409 and "in use" in answer.text
    key = make_key(tmp_path, "ci")
    assert add(server, name, key).status_code == 201
    assert add(server, name, key).status_code == 409
    result = server.command("key", "add", "--user", "bob", "--file", f"{key}.pub")
    assert result.returncode == 64 and "in use" in result.stderr
    # Who does not say who is what there adds no keys.
    body = {"key": (tmp_path / "ci.pub").read_text()}
    place = f"/api/gateway/v1/deploy-keys/model/{name}"
    assert server.post(place, headers=server.bob, json=body).status_code == 404


def test_s8_protected_branches_keep_their_history_from_a_key_that_writes(server, git, sshd, repository, tmp_path):
    name, _ = repository
    key = make_key(tmp_path, "ci")
    assert add(server, name, key, canWrite=True).status_code == 201
    door = Door(sshd, key)
    answer = requests.put(f"{server.url}/api/gateway/v1/protected-branches/model/{name}", headers=server.alice,
                          json={"branches": [{"pattern": "main", "level": "history"}]})
    assert answer.status_code in (200, 204), answer.text
    folder = clone(git, door, name, tmp_path / "clone")
    git.run("commit", "--quiet", "--amend", "-m", "another", cwd=folder)
    # One ref is refused and the other is not: each is decided by itself.
    output = git.try_run("push", "--force", "origin", "main", "main:refs/heads/free", cwd=folder, **door.environment)
    assert not output.ok and "protected" in output.text, output.text
    refs = git.refs(door.url(name), **door.environment)
    assert refs["refs/heads/free"] == git.run("rev-parse", "HEAD", cwd=folder)
    assert refs["refs/heads/main"] != refs["refs/heads/free"]
    assert not git.try_run("push", "origin", ":main", cwd=folder, **door.environment).ok
    assert not git.try_run("push", "origin", "main:refs/pr/1", cwd=folder, **door.environment).ok
