"""sshd as a test's own process, whose forced command is `weir ssh`, and somebody's way in."""

import contextlib
import getpass
import os
import pathlib
import shutil
import subprocess

from support.ports import free_port
from support.weir import BINARY, Weir, eventually

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/bin:/usr/local/sbin") or "/usr/sbin/sshd"


def make_key(folder: pathlib.Path, name: str) -> pathlib.Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name], check=True)
    return folder / name


@contextlib.contextmanager
def serving(server: Weir, home: pathlib.Path):
    """sshd with a configuration of its own, by which git gets to a hub."""
    host = make_key(home, "host")
    port = free_port()
    me = getpass.getuser()
    # sshd runs a program only from folders that nobody else may write to, which a checkout's may not be.
    command = pathlib.Path(f"/run/sshd/weir-test-{os.getpid()}-{port}")
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
