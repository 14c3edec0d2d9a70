"""git and git-lfs over Debian's own sshd, whose forced command is `weir ssh`."""

import getpass
import os
import json
import pathlib
import shutil
import subprocess

import pytest
import requests

from support.content import digests, random_bytes, small_model
from support.ports import free_port
from support.weir import BINARY, Weir, eventually

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/bin:/usr/local/sbin") or "/usr/sbin/sshd"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("ssh")) as weir:
        weir.alice = weir.token("alice", "write")
        weir.token("bob", "write")
        yield weir


def make_key(folder: pathlib.Path, name: str) -> pathlib.Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name], check=True)
    return folder / name


@pytest.fixture(scope="module")
def sshd(server, tmp_path_factory):
    """sshd as this test's own process, with a configuration of its own."""
    home = tmp_path_factory.mktemp("sshd")
    host = make_key(home, "host")
    port = free_port()
    me = getpass.getuser()
    # sshd runs a program only from folders that nobody else may write to, which a checkout's may not be.
    command = pathlib.Path(f"/run/sshd/weir-test-{os.getpid()}")
    command.parent.mkdir(exist_ok=True)
    command.write_text(f'#!/bin/sh\nexec "{BINARY}" "$@"\n')
    command.chmod(0o755)
    (home / "config").write_text(f"""
ListenAddress 127.0.0.1:{port}
HostKey {host}
PidFile {home}/pid
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile none
AuthorizedKeysCommand {command} ssh-keys --data {server.data} --url {server.url} %t %k
AuthorizedKeysCommandUser {me}
AcceptEnv GIT_PROTOCOL
LogLevel VERBOSE
""")
    log = open(home / "log", "w")
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", home / "config"], stderr=log)
    try:
        eventually(lambda: "listening" in (home / "log").read_text() or process.poll() is not None, 10)
        assert process.poll() is None, (home / "log").read_text()
        yield home, port, me
    finally:
        process.terminate()
        process.wait(10)
        command.unlink()


class Door:
    """One person's way in."""

    def __init__(self, sshd, key: pathlib.Path):
        home, self.port, self.me = sshd
        self.command = (f"ssh -i {key} -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o BatchMode=yes "
                        f"-o UserKnownHostsFile={home}/known -o LogLevel=ERROR")
        self.environment = {"GIT_SSH_COMMAND": self.command, "GIT_SSH_VARIANT": "ssh"}
        self.log = home / "log"

    def url(self, name: str) -> str:
        return f"ssh://{self.me}@127.0.0.1:{self.port}/{name}.git"

    def run(self, *words) -> subprocess.CompletedProcess:
        return subprocess.run([*self.command.split(), "-p", str(self.port), f"{self.me}@127.0.0.1", *words],
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


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
