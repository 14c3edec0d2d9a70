"""git and git-lfs through the gateway: from a foreign git-lfs server, and from an upstream Weir."""

import subprocess

import pytest

from support.checks import assert_same_files, upstream_cost
from support.content import sha256_of


@pytest.fixture(scope="module")
def foreign_gateway(foreign, tmp_path_factory):
    from support.weir import Weir, fast_upstream, mirror_document
    home = tmp_path_factory.mktemp("foreign-gateway")
    with Weir(home, [mirror_document("foreign", [fast_upstream("git", "git-lfs", foreign.url)])]) as weir:
        yield weir


def clone_url(gateway, name: str) -> str:
    return f"{gateway.url}/{name}.git"


@pytest.mark.parametrize("protocol", ["0", "1", "2"])
def test_a_clone_has_the_same_commits_and_bytes(protocol, foreign, foreign_gateway, git, tmp_path):
    history, clone = foreign.history, tmp_path / "clone"
    git.run("-c", f"protocol.version={protocol}", "clone", "--quiet", clone_url(foreign_gateway, "acme/history"), clone)
    assert git.run("rev-parse", "HEAD", cwd=clone) == history["refs"]["main"]
    assert sha256_of(clone / "model.safetensors") == history["weights"]["main"]
    git.run("fsck", "--strict", "--full", cwd=clone)
    assert int(git.run("rev-list", "--count", "HEAD", cwd=clone)) == 31
    ours = git.run("for-each-ref", "--format=%(objectname) %(refname:lstrip=3)", "refs/remotes/origin", cwd=clone)
    theirs = foreign.git.refs(history["url"])
    for branch in ("main", "feature/wide"):
        assert f"{theirs[f'refs/heads/{branch}']} {branch}" in ours
    git.run("lfs", "fsck", cwd=clone)


def test_refs_are_advertised_as_upstream_has_them(foreign, foreign_gateway, git):
    theirs = foreign.git.refs(foreign.history["url"])
    ours = git.refs(clone_url(foreign_gateway, "acme/history"))
    assert {k: v for k, v in ours.items() if not k.startswith("refs/hub/")} == theirs


def test_the_second_clone_asks_upstream_nothing(foreign, foreign_gateway, git, tmp_path):
    url = clone_url(foreign_gateway, "acme/history")
    git.run("clone", "--quiet", url, tmp_path / "one")
    _, cost, asked = upstream_cost(foreign_gateway, lambda: git.run("clone", "--quiet", url, tmp_path / "two"))
    assert (cost, asked) == (0, 0)
    assert sha256_of(tmp_path / "two/model.safetensors") == foreign.history["weights"]["main"]


def test_a_shallow_clone_is_deepened_later(foreign, make_gateway, git, tmp_path):
    gateway, clone = make_gateway(foreign.url, type="git-lfs"), tmp_path / "shallow"
    git.run("clone", "--quiet", "--depth", "1", clone_url(gateway, "acme/history"), clone)
    assert git.run("rev-list", "--count", "HEAD", cwd=clone) == "1"
    assert git.run("rev-parse", "HEAD", cwd=clone) == foreign.history["refs"]["main"]
    git.run("fetch", "--quiet", "--depth", "5", cwd=clone)
    assert git.run("rev-list", "--count", "HEAD", cwd=clone) == "5"
    git.run("fetch", "--quiet", "--unshallow", cwd=clone)
    assert git.run("rev-list", "--count", "HEAD", cwd=clone) == "31"
    git.run("fsck", "--strict", "--full", cwd=clone)


def test_a_partial_clone_fetches_blobs_when_needed(foreign, foreign_gateway, git, tmp_path):
    clone = tmp_path / "partial"
    git.run("clone", "--quiet", "--no-checkout", "--filter=blob:none",
            clone_url(foreign_gateway, "acme/history"), clone)
    missing = git.run("rev-list", "--objects", "--all", "--missing=print", cwd=clone)
    assert any(line.startswith("?") for line in missing.splitlines()), "the filter was ignored"
    git.run("checkout", "--quiet", "v1.0", cwd=clone)
    assert sha256_of(clone / "model.safetensors") == foreign.history["weights"]["v1.0"]
    assert git.run("show", "main:README.md", cwd=clone).startswith("---")


def test_lfs_pull_after_a_clone_without_smudging(foreign, foreign_gateway, git, tmp_path):
    clone = tmp_path / "pointers"
    git.run("clone", "--quiet", clone_url(foreign_gateway, "acme/history"), clone, GIT_LFS_SKIP_SMUDGE="1")
    pointer = (clone / "model.safetensors").read_text()
    assert pointer.startswith("version https://git-lfs.github.com/spec/v1\noid sha256:")
    git.run("lfs", "pull", cwd=clone)
    assert sha256_of(clone / "model.safetensors") == foreign.history["weights"]["main"]
    git.run("checkout", "--quiet", "origin/feature/wide", cwd=clone)
    assert sha256_of(clone / "model.safetensors") == foreign.history["weights"]["feature/wide"]


def test_a_new_commit_upstream_is_seen_after_the_ttl(foreign, make_gateway, git, tmp_path):
    history = foreign.publish_history("acme/moving", commits=4, weights=200_000)
    gateway = make_gateway(foreign.url, type="git-lfs", cache={"ttl": {"ref": "1s", "negative": "1s"}})
    clone = tmp_path / "clone"
    git.run("clone", "--quiet", clone_url(gateway, "acme/moving"), clone)
    changed = foreign.push_change(history)

    def arrived():
        git.run("pull", "--quiet", "--ff-only", cwd=clone)
        return git.run("rev-parse", "HEAD", cwd=clone) == changed

    from support.weir import eventually
    eventually(arrived, 15, "the new commit never came through")
    git.run("fsck", "--strict", cwd=clone)


def test_a_force_push_upstream_replaces_the_branch(foreign, make_gateway, git, tmp_path):
    history = foreign.publish_history("acme/rewritten", commits=4, weights=100_000)
    gateway = make_gateway(foreign.url, type="git-lfs", cache={"ttl": {"ref": "1s", "negative": "1s"}})
    url = clone_url(gateway, "acme/rewritten")
    git.run("clone", "--quiet", url, tmp_path / "before")
    work = history["work"]
    foreign.git.run("reset", "--quiet", "--hard", "HEAD~1", cwd=work)
    (work / "other.txt").write_text("another line of history\n")
    foreign.git.run("add", "--all", cwd=work)
    foreign.git.run("commit", "--quiet", "-m", "rewritten", cwd=work)
    foreign.git.run("push", "--quiet", "--force", history["url"], "main", cwd=work)
    rewritten = foreign.git.run("rev-parse", "HEAD", cwd=work)
    from support.weir import eventually
    eventually(lambda: git.refs(url)["refs/heads/main"] == rewritten, 15, "the rewritten branch never came")
    git.run("clone", "--quiet", url, tmp_path / "after")
    git.run("fsck", "--strict", cwd=tmp_path / "after")


@pytest.mark.parametrize("path, kind, name", [
    ("models/acme/nested", "models", "acme/nested"), ("acme/nested", "models", "acme/nested"),
    ("datasets/acme/tables", "datasets", "acme/tables")])
def test_an_upstream_weir_is_cloned_through_every_path(path, kind, name, gateway, community, git, tmp_path):
    clone = tmp_path / "clone"
    git.run("clone", "--quiet", f"{gateway.url}/{path}.git", clone)
    assert_same_files(clone, getattr(community.content, kind)[name])
    git.run("fsck", "--strict", "--full", cwd=clone)
    assert git.run("rev-parse", "HEAD", cwd=clone) == community.get(f"/api/{kind}/{name}").json()["sha"]


def test_the_gateway_keeps_the_upstream_commit_ids(gateway, community):
    for name, commit in (("acme/tiny", community.content.tiny_commits[1]),):
        assert gateway.get(f"/api/models/{name}").json()["sha"] == commit
        assert gateway.head(f"/{name}/resolve/main/config.json").headers["X-Repo-Commit"] == commit


def test_a_missing_repository_is_missing_for_git(gateway, git, tmp_path):
    output = git.try_run("clone", f"{gateway.url}/acme/absent.git", tmp_path / "absent")
    assert output.returncode == 128
    assert any(word in output.text.lower() for word in ("not found", "authentication", "terminal prompts"))


def test_pushing_is_refused_with_words(gateway, git, tmp_path):
    clone = tmp_path / "clone"
    git.run("clone", "--quiet", f"{gateway.url}/acme/tiny.git", clone)
    (clone / "README.md").write_text("mine\n")
    git.run("commit", "--quiet", "-am", "mine", cwd=clone)
    output = git.try_run("push", "origin", "main", cwd=clone)
    assert not output.ok
    assert gateway.get("/api/models/acme/tiny").status_code == 200


def test_the_inside_of_a_repository_is_not_a_website(gateway):
    for path in ("config", "HEAD", "hooks/pre-receive", "objects/info/packs", "objects/../config"):
        assert gateway.get(f"/acme/tiny.git/{path}").status_code in (400, 401, 403, 404), path


def test_no_child_survives_a_client_that_hangs_up(gateway):
    import socket
    import time
    request = (f"POST /acme/large.git/git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1:{gateway.port}\r\n"
               "Content-Type: application/x-git-upload-pack-request\r\nContent-Length: 100000\r\n\r\n0032want ")
    for _ in range(5):
        connection = socket.create_connection(("127.0.0.1", gateway.port))
        connection.sendall(request.encode())
        connection.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        children = subprocess.run(["pgrep", "-P", str(gateway.process.pid)], capture_output=True, text=True).stdout
        if not children.strip():
            return
        time.sleep(0.2)
    raise AssertionError(f"children left: {children}")
