"""A git server that has never heard of us: nginx, `git http-backend` and giftless behind one port."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

from .clients import Git
from .content import write_random
from .ports import free_port
from .weir import ROOT

_NGINX = """\
daemon off;
user root;
worker_processes 1;
error_log {home}/nginx-error.log;
pid {home}/nginx.pid;
events {{ worker_connections 128; }}
http {{
    access_log {home}/nginx-access.log;
    client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
    client_max_body_size 0;
    server {{
        listen 127.0.0.1:{port};
        location ~ ^/[^/]+/[^/]+\\.git/info/lfs/ {{
            proxy_pass http://127.0.0.1:{lfs_port};
            proxy_set_header Host $http_host;
            proxy_request_buffering off; proxy_buffering off;
        }}
        location ~ ^/[^/]+/[^/]+\\.git/ {{
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
            fastcgi_param GIT_PROJECT_ROOT {home}/repositories;
            fastcgi_param GIT_HTTP_EXPORT_ALL "";
            fastcgi_param GIT_CONFIG_NOSYSTEM "1";
            fastcgi_param HOME {home};
            fastcgi_param PATH_INFO $uri;
            fastcgi_param REMOTE_USER pusher;
            fastcgi_param HTTP_GIT_PROTOCOL $http_git_protocol;
            fastcgi_pass unix:{socket};
        }}
    }}
}}
"""

_GIFTLESS = """\
import sys
from giftless.app import init_app
from werkzeug.serving import WSGIRequestHandler, run_simple

class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    def log(self, *_): pass

run_simple("127.0.0.1", int(sys.argv[1]), init_app(), threaded=True, request_handler=Quiet)
"""


def _wait_for_port(port: int, process: subprocess.Popen, seconds: float = 20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"{process.args[0]} ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


class ForeignGitServer:
    """Repositories live at `{url}/{namespace}/{name}.git`; LFS beside them where git-lfs guesses it."""

    def __init__(self, home: pathlib.Path):
        self.home = pathlib.Path(home)
        self.port, self.lfs_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.git = Git(self.home / "pusher")
        self._children: list[subprocess.Popen] = []

    def start(self) -> "ForeignGitServer":
        (self.home / "repositories").mkdir(parents=True, exist_ok=True)
        # A UNIX socket path must stay short; pytest's folders are not.
        self._socket = pathlib.Path(f"/tmp/weir-fcgi-{os.getpid()}-{self.port}.sock")
        self._socket.unlink(missing_ok=True)
        fcgi = subprocess.Popen(["/usr/sbin/fcgiwrap", "-c", "3", "-s", f"unix:{self._socket}"],
                                start_new_session=True, stderr=open(self.home / "fcgiwrap.log", "ab"))
        configuration = self.home / "nginx.conf"
        configuration.write_text(
            _NGINX.format(home=self.home, port=self.port, lfs_port=self.lfs_port, socket=self._socket))
        environment = {
            **os.environ,
            "GIFTLESS_CONFIG_STR": "{AUTH_PROVIDERS: ['giftless.auth.allow_anon:read_write'],"
            " LEGACY_ENDPOINTS: false, TRANSFER_ADAPTERS: {basic: {options: {storage_options: {path: "
            f"{self.home}/lfs}}}}}}}}}}",
        }
        giftless = subprocess.Popen([str(ROOT / ".venv/test/bin/python"), "-c", _GIFTLESS, str(self.lfs_port)],
                                    env=environment, start_new_session=True,
                                    stdout=subprocess.DEVNULL, stderr=open(self.home / "giftless.log", "ab"))
        nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", str(configuration), "-e", str(self.home / "nginx-error.log")],
                                 start_new_session=True)
        self._children = [nginx, giftless, fcgi]
        _wait_for_port(self.port, nginx)
        _wait_for_port(self.lfs_port, giftless)
        return self

    def stop(self):
        for child in self._children:
            try:
                os.killpg(child.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
        for child in self._children:
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
        self._socket.unlink(missing_ok=True)
        self._children = []

    __enter__ = start

    def __exit__(self, *_):
        self.stop()

    def create(self, name: str) -> str:
        """An empty repository `namespace/name`; returns its URL."""
        path = self.home / "repositories" / f"{name}.git"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.git.run("init", "--quiet", "--bare", path)
        for key, value in (("http.receivepack", "true"), ("uploadpack.allowFilter", "true"),
                           ("uploadpack.allowAnySHA1InWant", "true")):
            self.git.run("-C", path, "config", key, value)
        return f"{self.url}/{name}.git"

    def remove(self, name: str):
        shutil.rmtree(self.home / "repositories" / f"{name}.git")

    def publish_history(self, name: str, commits: int = 32, weights: int = 2_000_000) -> dict:
        """A repository made by git and git-lfs alone: a long history, two branches, tags, three LFS versions.

        Returns its url, the commit of each ref, the SHA-256 of `model.safetensors` at each ref, and a clone.
        """
        url = self.create(name)
        work = self.home / "work" / name
        git = self.git
        git.run("init", "--quiet", work)
        (work / ".gitattributes").write_text("*.safetensors filter=lfs diff=lfs merge=lfs -text\n")
        (work / "README.md").write_text("---\nlicense: apache-2.0\n---\n# history\n")
        (work / "src").mkdir()

        def commit(message: str) -> str:
            git.run("add", "--all", cwd=work)
            git.run("commit", "--quiet", "--allow-empty", "-m", message, cwd=work)
            return git.run("rev-parse", "HEAD", cwd=work)

        weights_at = {"v1.0": write_random(work / "model.safetensors", weights, f"{name} one")}
        commit("first weights")
        git.run("tag", "v1.0", cwd=work)
        for number in range(commits - 3):
            (work / "src" / f"file{number % 7}.txt").write_text(f"revision {number}\n" * 20)
            commit(f"change {number}")
        weights_at["main"] = write_random(work / "model.safetensors", weights + 1, f"{name} two")
        commit("second weights")
        git.run("tag", "-a", "v2.0", "-m", "an annotated tag", cwd=work)
        weights_at["v2.0"] = weights_at["main"]
        git.run("switch", "--quiet", "-c", "feature/wide", cwd=work)
        weights_at["feature/wide"] = write_random(work / "model.safetensors", weights + 2, f"{name} three")
        commit("weights of the branch")
        git.run("switch", "--quiet", "main", cwd=work)
        git.run("push", "--quiet", url, "main", "feature/wide", "v1.0", "v2.0", cwd=work, timeout=120)
        refs = {ref: git.run("rev-parse", f"{ref}^{{commit}}", cwd=work) for ref in weights_at}
        return {"name": name, "url": url, "refs": refs, "weights": weights_at, "work": work}

    def push_change(self, history: dict, path: str = "README.md", text: str = "changed\n") -> str:
        """One more commit on main; returns its id."""
        work = history["work"]
        (work / path).write_text(text)
        self.git.run("add", "--all", cwd=work)
        self.git.run("commit", "--quiet", "-m", f"change {path}", cwd=work)
        self.git.run("push", "--quiet", history["url"], "main", cwd=work)
        return self.git.run("rev-parse", "HEAD", cwd=work)
