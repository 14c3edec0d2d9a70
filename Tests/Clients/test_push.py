"""`git push` to a local repository, by the real git: what is taken, what is refused, and with which words."""

import base64
import concurrent.futures
import gzip
import os
import signal
import socket
import subprocess
import time

import pytest

from support.content import digests, random_bytes, small_model
from support.weir import Weir, eventually

MEBIBYTE = 1 << 20


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("push")) as weir:
        weir.alice = weir.token("alice", "write")
        weir.alice_reads = weir.token("alice", "read")
        weir.bob = weir.token("bob", "write")
        yield weir


@pytest.fixture
def name(server, request):
    """A new, empty repository of alice's."""
    name = "alice/" + "".join(c if c.isalnum() else "-" for c in request.node.name)[:80].strip("-")
    server.checked("repository", "create", f"model:{name}")
    return name


def url(server, name: str, token: str | None = None, user: str = "alice") -> str:
    credentials = f"{user}:{token}@" if token else ""
    return f"http://{credentials}127.0.0.1:{server.port}/{name}.git"


@pytest.fixture
def work(server, name, git, tmp_path):
    """A working tree with one commit on main and alice's repository as its origin."""
    return begin(server, name, git, tmp_path / "work")


def begin(server, name, git, folder, branch="main"):
    git.run("init", "--quiet", "-b", branch, folder)
    git.run("remote", "add", "origin", url(server, name, server.alice), cwd=folder)
    change(git, folder, "README.md", "---\nlicense: mit\n---\n# pushed\n")
    return folder


def change(git, work, path: str, content: str | bytes, message: str = "change") -> str:
    (work / path).parent.mkdir(parents=True, exist_ok=True)
    (work / path).write_bytes(content.encode() if isinstance(content, str) else content)
    git.run("add", "--all", cwd=work)
    git.run("commit", "--quiet", "-m", message, cwd=work)
    return git.run("rev-parse", "HEAD", cwd=work)


def refs(server, name, git) -> dict:
    return git.refs(url(server, name))


def sha(server, name: str) -> str:
    return server.get(f"/api/models/{name}").json()["sha"]


def cloned(server, name, git, folder):
    """A clone that git finds without fault."""
    git.run("clone", "--quiet", url(server, name), folder)
    assert git.run("fsck", "--strict", "--full", cwd=folder) == ""
    return folder


def statuses(output) -> dict[str, str]:
    """`{ref: the line that tells its fate}` of `git push --porcelain`."""
    lines = [line.split("\t") for line in output.stdout.splitlines() if line.count("\t") == 2]
    return {refs.split(":")[1]: f"{flag} {rest}" for flag, refs, rest in lines}


def test_a_first_push_then_more_commits_come_back_as_they_were(server, name, work, git, tmp_path):
    small_model(work / "model", "pushed", "mit", weights=3000)
    first = change(git, work, "config.json", "{}\n")
    output = git.try_run("push", "--porcelain", "origin", "main", cwd=work).checked()
    assert statuses(output)["refs/heads/main"].startswith("*")
    assert sha(server, name) == first
    assert "license:mit" in server.get(f"/api/models/{name}").json()["tags"]
    second = change(git, work, "later.txt", "later\n", "Add what came later")
    git.run("push", "--quiet", "origin", "main", cwd=work)
    assert sha(server, name) == second
    commits = server.get(f"/api/models/{name}/commits/main").json()
    assert [commit["id"] for commit in commits][:2] == [second, first]
    clone = cloned(server, name, git, tmp_path / "clone")
    assert digests(clone) == digests(work)
    assert git.run("rev-parse", "HEAD", cwd=clone) == second
    # Nothing to do is no push at all.
    assert "up-to-date" in git.try_run("push", "origin", "main", cwd=work).checked().text
    assert server.get(f"/{name}/resolve/main/later.txt").text == "later\n"


def test_tags_branches_and_deletions(server, name, work, git, tmp_path):
    git.run("tag", "light", cwd=work)
    git.run("tag", "-a", "heavy", "-m", "an annotated tag", cwd=work)
    git.run("branch", "feature/one", cwd=work)
    git.run("push", "--quiet", "origin", "main", "feature/one", "--tags", cwd=work)
    commit, tag = git.run("rev-parse", "HEAD", "heavy", cwd=work).split()
    there = refs(server, name, git)
    assert there == {"HEAD": commit, "refs/heads/main": commit, "refs/heads/feature/one": commit,
                     "refs/tags/light": commit, "refs/tags/heavy": tag, "refs/tags/heavy^{}": commit}
    listed = server.get(f"/api/models/{name}/refs").json()
    assert {ref["name"]: ref["targetCommit"] for ref in listed["tags"]} == {"light": commit, "heavy": commit}
    assert server.get(f"/api/models/{name}/revision/heavy").json()["sha"] == commit
    git.run("push", "--quiet", "origin", "--delete", "feature/one", "light", cwd=work)
    assert set(refs(server, name, git)) == {"HEAD", "refs/heads/main", "refs/tags/heavy", "refs/tags/heavy^{}"}
    output = git.try_run("push", "origin", "--delete", "main", cwd=work)
    assert not output.ok and "default branch cannot be deleted" in output.text
    cloned(server, name, git, tmp_path / "clone")


def test_a_forced_push_replaces_history_and_an_unforced_one_cannot(server, name, work, git):
    first = git.run("rev-parse", "HEAD", cwd=work)
    change(git, work, "a", "a")
    git.run("push", "--quiet", "origin", "main", cwd=work)
    git.run("reset", "--quiet", "--hard", first, cwd=work)
    other = change(git, work, "b", "b")
    assert not git.try_run("push", "origin", "main", cwd=work).ok
    git.run("push", "--quiet", "--force-with-lease", "origin", "main", cwd=work)
    assert sha(server, name) == other


def test_s8_a_protected_branch_is_refused_while_others_go_through(server, name, work, git):
    first = git.run("rev-parse", "HEAD", cwd=work)
    git.run("branch", "release/1", cwd=work)
    git.run("push", "--quiet", "origin", "main", "release/1", cwd=work)
    server.checked("repository", "protect", f"model:{name}", "--branch", "main", "--branch", "release/*")
    second = change(git, work, "a", "a")
    git.run("push", "--quiet", "origin", "main", cwd=work)
    git.run("checkout", "--quiet", "--orphan", "fresh", cwd=work)
    forced = change(git, work, "b", "b")
    output = git.try_run("push", "--porcelain", "--force", "origin", "fresh:allowed", "fresh:main", ":release/1",
                         "fresh:also-allowed", cwd=work)
    assert not output.ok
    fates = statuses(output)
    assert "protected branch" in fates["refs/heads/main"] and fates["refs/heads/main"].startswith("!")
    assert "protected branch" in fates["refs/heads/release/1"]
    there = refs(server, name, git)
    assert there["refs/heads/main"] == second and there["refs/heads/release/1"] == first
    assert there["refs/heads/allowed"] == there["refs/heads/also-allowed"] == forced
    server.checked("repository", "protect", f"model:{name}", "--branch", "main", "--level", "frozen")
    git.run("checkout", "--quiet", "main", cwd=work)
    change(git, work, "c", "c")
    output = git.try_run("push", "origin", "main", cwd=work)
    assert not output.ok and "nothing may be pushed" in output.text
    git.run("push", "--quiet", "origin", ":release/1", cwd=work)


def test_an_atomic_push_moves_all_or_none(server, name, work, git):
    git.run("push", "--quiet", "origin", "main", cwd=work)
    before = refs(server, name, git)
    change(git, work, "a", "a")
    output = git.try_run("push", "--porcelain", "--atomic", "origin", "main", "main:new", "main:refs/pr/7", cwd=work)
    assert not output.ok and "only the hub itself writes" in output.text and "atomic" in output.text
    assert refs(server, name, git) == before
    git.run("push", "--quiet", "--atomic", "origin", "main", "main:new", cwd=work)
    assert refs(server, name, git)["refs/heads/new"] == sha(server, name)


def test_what_only_the_hub_writes_is_refused(server, name, work, git):
    for ref in ("refs/hub/x", "refs/pr/1", "refs/heads"):
        output = git.try_run("push", "origin", f"main:{ref}", cwd=work)
        assert not output.ok, ref
    git.run("push", "--quiet", "origin", "main", cwd=work)
    output = git.try_run("push", "origin", "main:refs/heads/main/below", cwd=work)
    assert not output.ok and "exists, so nothing can be below it" in output.text
    assert set(refs(server, name, git)) == {"HEAD", "refs/heads/main"}


def test_a_read_token_nobody_and_an_outsider_are_turned_away(server, name, work, git):
    git.run("push", "--quiet", "origin", "main", cwd=work)
    before = refs(server, name, git)
    change(git, work, "a", "a")
    output = git.try_run("push", url(server, name, server.alice_reads), "main", cwd=work)
    assert not output.ok and "403" in output.text
    output = git.try_run("push", url(server, name), "main", cwd=work)
    assert not output.ok and "could not read Username" in output.text
    output = git.try_run("push", url(server, name, server.bob, "bob"), "main", cwd=work)
    assert not output.ok and "403" in output.text
    assert refs(server, name, git) == before
    # The path decides, whatever the query says; and the other way round.
    for path, service in (("git-receive-pack", "git-upload-pack"), ("git-upload-pack", "git-receive-pack")):
        answer = server.post(f"/{name}.git/{path}?service={service}", data=b"0000", auth=("alice", server.alice),
                             headers={"Content-Type": f"application/x-{path}-request"})
        assert answer.status_code == 400 or b"ERR" in answer.content
    for token, status in ((server.alice_reads, 403), (server.bob, 403), (None, 401), (server.alice, 200)):
        answer = server.post(f"/{name}.git/git-receive-pack", data=b"0000", auth=("x", token) if token else None,
                             headers={"Content-Type": "application/x-git-receive-pack-request"})
        assert answer.status_code == status
        answer = server.get(f"/{name}.git/info/refs?service=git-receive-pack", auth=("x", token) if token else None)
        assert answer.status_code == status


def test_a_private_repository_is_missing_for_an_outsider(server, work, git):
    server.checked("repository", "create", "model:alice/hidden", "--visibility", "private")
    said = []
    for name in ("alice/hidden", "alice/absent"):
        output = git.try_run("push", url(server, name, server.bob, "bob"), "main", cwd=work)
        assert not output.ok
        said.append(output.text.replace("absent", "hidden"))
    assert said[0] == said[1]
    git.run("push", "--quiet", url(server, "alice/hidden", server.alice), "main", cwd=work)


def test_s19_a_mirror_is_read_only(gateway, git, tmp_path):
    token = gateway.token("carol", "write")
    git.run("clone", "--quiet", f"{gateway.url}/acme/tiny.git", tmp_path / "clone")
    change(git, tmp_path / "clone", "README.md", "mine\n")
    output = git.try_run("push", url(gateway, "acme/tiny", token, "carol"), "main", cwd=tmp_path / "clone")
    assert not output.ok and "read-only mirror" in output.text


def test_a_large_file_is_refused_with_its_name(server, name, work, git):
    git.run("push", "--quiet", "origin", "main", cwd=work)
    before = refs(server, name, git)
    change(git, work, "weights/big.bin", random_bytes("big", 11 * MEBIBYTE))
    output = git.try_run("push", "origin", "main", cwd=work)
    assert not output.ok
    assert "weights/big.bin" in output.text and "git lfs" in output.text
    assert refs(server, name, git) == before
    # Also when a later commit takes it away again.
    git.run("rm", "--quiet", "weights/big.bin", cwd=work)
    git.run("commit", "--quiet", "-m", "away", cwd=work)
    assert "weights/big.bin" in git.try_run("push", "origin", "main", cwd=work).text
    assert refs(server, name, git) == before
    # The other branch of the same push comes without it.
    git.run("checkout", "--quiet", "-b", "small", "HEAD~2", cwd=work)
    change(git, work, "small.txt", "small\n")
    output = git.try_run("push", "--porcelain", "origin", "main", "small", cwd=work)
    fates = statuses(output)
    assert fates["refs/heads/main"].startswith("!") and fates["refs/heads/small"].startswith("*")


def test_s13_an_lfs_pointer_needs_its_object_in_this_repository(server, name, work, git, tmp_path):
    git.run("push", "--quiet", "origin", "main", cwd=work)
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab" * 32 + "\nsize 1234\n"
    change(git, work, "model.bin", pointer)
    output = git.try_run("push", "origin", "main", cwd=work)
    assert not output.ok
    assert "model.bin" in output.text and "ab" * 32 in output.text and "git lfs push" in output.text
    # One that lies in another, private repository does not count (S13).
    folder = small_model(tmp_path / "model", "mine", "mit", weights=3_000_000)
    server.token("dora", "write")
    server.import_folder(folder, "model:dora/secret", "--private")
    git.run("clone", "--quiet", url(server, "dora/secret", server.token("dora", "write"), "dora"),
            tmp_path / "theirs", GIT_LFS_SKIP_SMUDGE="1")
    stolen = (tmp_path / "theirs/model.safetensors").read_text()
    assert stolen.startswith("version https://git-lfs")
    git.run("reset", "--quiet", "--hard", "HEAD~1", cwd=work)
    change(git, work, "model.safetensors", stolen)
    output = git.try_run("push", "origin", "main", cwd=work)
    assert not output.ok and "model.safetensors" in output.text


def test_an_lfs_file_that_is_there_moves_and_is_served(server, git, tmp_path):
    folder = small_model(tmp_path / "model", "known", "mit", weights=3_000_000)
    server.import_folder(folder, "model:alice/known")
    work = tmp_path / "work"
    git.run("clone", "--quiet", url(server, "alice/known", server.alice), work, GIT_LFS_SKIP_SMUDGE="1")
    git.run("mv", "model.safetensors", "renamed.safetensors", cwd=work)
    git.run("commit", "--quiet", "-m", "rename", cwd=work)
    git.run("push", "--quiet", "origin", "main", cwd=work)
    answer = server.get("/alice/known/resolve/main/renamed.safetensors")
    assert answer.content == (folder / "model.safetensors").read_bytes()


def test_a_damaged_pack_leaves_nothing(server, name, work, git):
    pack = bytearray(subprocess.run(
        ["git", "pack-objects", "--stdout", "--revs", "-q"], input=b"main\n", cwd=work, capture_output=True,
        check=True).stdout)
    commit = git.run("rev-parse", "HEAD", cwd=work)
    head = f"{'0' * 40} {commit} refs/heads/main\0report-status side-band-64k".encode()
    head = b"%04x" % (len(head) + 4) + head + b"0000"

    def post(body) -> bytes:
        answer = server.post(f"/{name}.git/git-receive-pack", data=bytes(body), auth=("alice", server.alice),
                             headers={"Content-Type": "application/x-git-receive-pack-request"})
        assert answer.status_code == 200
        return answer.content

    damaged = bytearray(pack)
    damaged[len(pack) // 2] ^= 0xFF
    for body in (damaged, pack[:-30], b"", b"not a pack at all"):
        said = post(head + body)
        assert b"unpack ok" not in said and b"ng refs/heads/main" in said, body[:20]
        assert refs(server, name, git) == {}
    # A pack that lacks what its commit names.
    only = subprocess.run(["git", "pack-objects", "--stdout", "-q"], input=commit.encode() + b"\n", cwd=work,
                          capture_output=True, check=True).stdout
    assert b"missing necessary objects" in post(head + only)
    assert refs(server, name, git) == {}
    assert packs(server) == [] or all(commit not in str(p) for p in packs(server))
    # The whole one, compressed as a client may send it.
    answer = server.post(f"/{name}.git/git-receive-pack", data=gzip.compress(bytes(head + pack)),
                         auth=("alice", server.alice), headers={
                             "Content-Type": "application/x-git-receive-pack-request", "Content-Encoding": "gzip"})
    assert b"unpack ok" in answer.content
    assert refs(server, name, git)["refs/heads/main"] == commit


def packs(server):
    return [p for p in (server.data / "git").rglob("incoming/*")]


def test_s28_objects_that_git_itself_would_not_take_are_refused(server, name, work, git):
    """fsck in the quarantine: a tree with `.git` in it (S28)."""
    blob = git.run("rev-parse", "HEAD:README.md", cwd=work)
    for entry in (".git", "..", "a/b"):
        tree = subprocess.run(["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"], cwd=work,
                              input=b"100644 " + entry.encode() + b"\0" + bytes.fromhex(blob),
                              capture_output=True, check=True).stdout.decode().strip()
        commit = git.run("commit-tree", tree, "-m", "bad", cwd=work)
        output = git.try_run("push", "origin", f"{commit}:refs/heads/bad", cwd=work)
        assert not output.ok, entry
    assert refs(server, name, git) == {}


def test_s33_a_small_tree_that_is_endless_to_list_is_refused(server, name, work, git):
    tree = git.run("rev-parse", "HEAD^{tree}", cwd=work)
    for _ in range(12):
        entries = "".join(f"040000 tree {tree}\t{number}\n" for number in range(10))
        tree = subprocess.run(["git", "mktree"], cwd=work, input=entries, capture_output=True, text=True,
                              check=True).stdout.strip()
    commit = git.run("commit-tree", tree, "-m", "a bomb", cwd=work)
    output = git.try_run("push", "origin", f"{commit}:refs/heads/bomb", "main", cwd=work)
    assert not output.ok and "files and folders" in output.text
    assert set(refs(server, name, git)) == {"HEAD", "refs/heads/main"}
    eventually(lambda: not children(server), 10, "a child goes on listing")


def test_two_thousand_files_in_a_chunked_push(server, name, work, git, tmp_path):
    for number in range(2000):
        path = work / f"data/{number % 40}/{number}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(random_bytes(f"file {number}", 2000))
    head = change(git, work, "many.txt", "many\n")
    output = git.try_run("-c", "http.postBuffer=65536", "push", "origin", "main", cwd=work, timeout=240)
    assert output.ok, output.text[-3000:]
    assert sha(server, name) == head
    clone = cloned(server, name, git, tmp_path / "clone")
    assert digests(clone) == digests(work)


def test_a_push_from_a_shallow_clone(server, name, work, git, tmp_path):
    for number in range(4):
        change(git, work, "f", str(number))
    git.run("push", "--quiet", "origin", "main", cwd=work)
    git.run("clone", "--quiet", "--depth", "1", url(server, name, server.alice), tmp_path / "shallow")
    head = change(git, tmp_path / "shallow", "g", "from a shallow clone")
    git.run("push", "--quiet", "origin", "main", cwd=tmp_path / "shallow")
    assert sha(server, name) == head
    # Somewhere else its history would have a hole.
    server.checked("repository", "create", "model:alice/elsewhere")
    output = git.try_run("push", url(server, "alice/elsewhere", server.alice), "main", cwd=tmp_path / "shallow")
    assert not output.ok and "missing necessary objects" in output.text
    assert refs(server, "alice/elsewhere", git) == {}


def test_of_two_racing_pushes_one_wins(server, name, work, git, tmp_path):
    git.run("push", "--quiet", "origin", "main", cwd=work)
    others = []
    for number in range(4):
        folder = tmp_path / f"racer{number}"
        git.run("clone", "--quiet", url(server, name, server.alice), folder)
        others.append((folder, change(git, folder, "race", f"racer {number}")))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        outputs = list(pool.map(lambda other: git.try_run("push", "origin", "main", cwd=other[0]), others))
    winners = [head for (_, head), output in zip(others, outputs) if output.ok]
    assert len(winners) == 1 and sha(server, name) == winners[0]
    for output in outputs:
        assert output.ok or "fetch first" in output.text or "non-fast-forward" in output.text, output.text
    cloned(server, name, git, tmp_path / "clone")


def test_the_first_branch_becomes_the_default_one(server, name, git, tmp_path):
    work = begin(server, name, git, tmp_path / "work", branch="master")
    output = git.try_run("push", "origin", "master", cwd=work).checked()
    assert "default branch is 'master' now" in output.text
    clone = cloned(server, name, git, tmp_path / "clone")
    assert git.run("symbolic-ref", "HEAD", cwd=clone) == "refs/heads/master"
    assert sha(server, name) == git.run("rev-parse", "HEAD", cwd=work)
    git.run("push", "--quiet", "origin", "master:other", cwd=work)
    assert git.run("ls-remote", "--symref", url(server, name), "HEAD").startswith("ref: refs/heads/master")


def test_a_client_that_leaves_in_the_middle_leaves_nothing(server, name, work, git):
    change(git, work, "data", random_bytes("gone", 4 * MEBIBYTE))
    commit = git.run("rev-parse", "HEAD", cwd=work)
    pack = subprocess.run(["git", "pack-objects", "--stdout", "--revs", "-q"], input=b"main\n", cwd=work,
                          capture_output=True, check=True).stdout
    head = f"{'0' * 40} {commit} refs/heads/main\0report-status side-band-64k".encode()
    body = b"%04x" % (len(head) + 4) + head + b"0000" + pack
    credentials = base64.b64encode(f"alice:{server.alice}".encode()).decode()
    request = (f"POST /{name}.git/git-receive-pack HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {credentials}\r\n"
               f"Content-Type: application/x-git-receive-pack-request\r\nContent-Length: {len(body)}\r\n\r\n")
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(request.encode() + body[:len(body) // 2])
        eventually(lambda: packs(server), 10, "the pack never reached the quarantine")
    eventually(lambda: not packs(server) and not children(server), 10, "something was left")
    assert refs(server, name, git) == {}


def children(server) -> str:
    return subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True).stdout.strip()


def test_s36_a_server_killed_during_pushes_never_has_a_ref_without_its_objects(git, tmp_path):
    weir = Weir(tmp_path / "home")
    (tmp_path / "home").mkdir(exist_ok=True)
    with weir:
        token = weir.token("alice", "write")
        weir.alice = token
        weir.checked("repository", "create", "model:alice/killed")
        work = begin(weir, "alice/killed", git, tmp_path / "work")
        git.run("push", "--quiet", "origin", "main", cwd=work)
        for round in range(6):
            change(git, work, f"data{round}", random_bytes(f"killed {round}", 2 * MEBIBYTE))
            push = subprocess.Popen(
                ["git", "push", "--quiet", "origin", "main"], cwd=work, stderr=subprocess.DEVNULL,
                env={**os.environ, **{k: str(v) for k, v in git.variables.items()}})
            time.sleep(0.05 + 0.12 * round)
            os.kill(weir.process.pid, signal.SIGKILL)
            weir.process.wait()
            push.wait(30)
            weir.start()
            clone = cloned(weir, "alice/killed", git, tmp_path / f"clone{round}")
            assert git.run("rev-parse", "HEAD", cwd=clone) == sha(weir, "alice/killed")
        git.run("push", "--quiet", "origin", "main", cwd=work)
        assert sha(weir, "alice/killed") == git.run("rev-parse", "HEAD", cwd=work)
        eventually(lambda: not packs(weir), 10, "a quarantine outlived its server")


def test_s9_a_push_is_in_the_audit_log_and_push_options_are_not_offered(server, name, work, git):
    output = git.try_run("push", "-o", "private=false", "origin", "main", cwd=work)
    assert not output.ok and "does not support push options" in output.text
    answer = server.get(f"/{name}.git/info/refs?service=git-receive-pack", auth=("alice", server.alice))
    assert answer.headers["Content-Type"] == "application/x-git-receive-pack-advertisement"
    assert b"atomic" in answer.content and b"push-options" not in answer.content


def test_large_files_are_uploaded_by_git_lfs_and_pushed(server, name, work, git, tmp_path):
    git.run("lfs", "install", "--local", cwd=work)
    git.run("lfs", "track", "*.bin", cwd=work)
    (work / "weights.bin").write_bytes(random_bytes("by lfs", 12 * MEBIBYTE))
    head = change(git, work, "more/weights.bin", random_bytes("more by lfs", 100_000))
    output = git.try_run("push", "origin", "main", cwd=work)
    assert output.ok, output.text
    assert sha(server, name) == head
    clone = cloned(server, name, git, tmp_path / "clone")
    assert digests(clone) == digests(work)
    assert server.get(f"/{name}/resolve/main/more/weights.bin").content == random_bytes("more by lfs", 100_000)
    # The commit without the upload is refused, in a repository that shares nothing with this one.
    server.checked("repository", "create", "model:alice/without-upload")
    output = git.try_run("push", "--no-verify", url(server, "alice/without-upload", server.alice), "main", cwd=work)
    assert not output.ok and "weights.bin" in output.text and "git lfs push" in output.text
