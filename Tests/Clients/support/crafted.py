"""A git server of repositories that nobody would make in good faith, with git-lfs beside it."""

import hashlib
import http.server
import json
import os
import pathlib
import subprocess
import threading

from .hostile import _Server
from .ports import free_port

_DATE = "1700000000 +0000"


class CraftedRepository:
    """A bare repository whose objects are written as they stand, whatever git thinks of them."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self._git("init", "--quiet", "--bare", "--initial-branch=main", str(folder), directory=False)
        for key in ("uploadpack.allowAnySHA1InWant", "uploadpack.allowFilter"):
            self._git("config", key, "true")

    def _git(self, *arguments, content: bytes | None = None, directory: bool = True) -> str:
        prefix = ["git", *([f"--git-dir={self.folder}"] if directory else [])]
        done = subprocess.run([*prefix, *arguments], input=content, capture_output=True,
                              env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"})
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def object(self, type: str, content: bytes) -> str:
        return self._git("hash-object", "-t", type, "-w", "--literally", "--stdin", content=content)

    def blob(self, content: bytes | str) -> str:
        return self.object("blob", content.encode() if isinstance(content, str) else content)

    def tree(self, entries: list[tuple[str, str | bytes, str]]) -> str:
        """Entries are (mode, name, object id), sorted as git wants them."""
        def key(entry):
            name = entry[1].encode() if isinstance(entry[1], str) else entry[1]
            return name + (b"/" if entry[0] == "40000" else b"")

        raw = b""
        for mode, name, identity in sorted(entries, key=key):
            name = name.encode() if isinstance(name, str) else name
            raw += mode.encode() + b" " + name + b"\0" + bytes.fromhex(identity)
        return self.object("tree", raw)

    def commit(self, tree: str, parents: tuple = (), message: str = "crafted", date: str = _DATE) -> str:
        lines = [f"tree {tree}", *(f"parent {p}" for p in parents), f"author A <a@b> {date}", f"committer A <a@b> {date}"]
        return self.object("commit", ("\n".join(lines) + f"\n\n{message}\n").encode())

    def branch(self, commit: str, name: str = "main"):
        path = self.folder / "refs/heads" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(commit + "\n")

    def publish(self, entries: list[tuple[str, str | bytes, str]], name: str = "main", **more) -> str:
        """A commit of these entries on a branch."""
        commit = self.commit(self.tree(entries), **more)
        self.branch(commit, name)
        return commit

    def files(self, **contents: bytes | str) -> list[tuple[str, str, str]]:
        return [("100644", name.replace("__", "."), self.blob(content)) for name, content in contents.items()]


def pointer(content: bytes | None = None, oid: str | None = None, size: int | None = None) -> str:
    oid = oid or hashlib.sha256(content).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(content) if size is None else size}\n"


def packet(text: str | bytes) -> bytes:
    text = text.encode() if isinstance(text, str) else text
    return b"%04x" % (len(text) + 4) + text


class CraftedGitServer:
    """Repositories at `{url}/{owner}/{name}.git`. `answers[(path, service)]` replaces git's own answer, where service
    is `refs` (discovery), `ls-refs` or `fetch`; `objects` is what git-lfs gives out, `hrefs` where it says it is."""

    def __init__(self, home: pathlib.Path, host: str = "127.0.0.1"):
        self.home = pathlib.Path(home)
        self.host = host
        self.port = free_port()
        self.url = f"http://{host}:{self.port}"
        self.answers: dict[tuple[str, str], bytes] = {}
        self.objects: dict[str, bytes] = {}
        self.hrefs: dict[str, str] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self._server: _Server | None = None

    def repository(self, path: str) -> CraftedRepository:
        folder = self.home / f"{path}.git"
        folder.parent.mkdir(parents=True, exist_ok=True)
        return CraftedRepository(folder)

    def __enter__(self) -> "CraftedGitServer":
        class Handler(_Handler):
            crafted = self

        self._server = _Server((self.host, self.port), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    crafted: CraftedGitServer

    def log_message(self, *_):
        pass

    def _reply(self, content: bytes, type: str = "application/octet-stream", status: int = 200):
        self.send_response_only(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _git(self, repository: pathlib.Path, body: bytes | None) -> bytes:
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
                       "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""), "GIT_CONFIG_COUNT": "1",
                       "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
        more = ["--http-backend-info-refs"] if body is None else []
        return subprocess.run(["git", "upload-pack", "--stateless-rpc", *more, str(repository)],
                              input=body or b"", capture_output=True, env=environment).stdout

    def do_GET(self):
        crafted = self.crafted
        plain = self.path.split("?")[0]
        crafted.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        if plain.startswith("/objects/") and (content := crafted.objects.get(plain.rsplit("/", 1)[1])) is not None:
            return self._reply(content)
        if not plain.endswith(".git/info/refs"):
            return self._reply(b"not here", status=404)
        name = plain.removesuffix(".git/info/refs").strip("/")
        repository = crafted.home / f"{name}.git"
        if not repository.exists():
            return self._reply(b"not here", status=404)
        canned = crafted.answers.get((name, "refs"))
        self._reply(canned if canned is not None else self._git(repository, None),
                    "application/x-git-upload-pack-advertisement")

    do_HEAD = do_GET

    def do_POST(self):
        crafted = self.crafted
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        crafted.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        if self.path.endswith("/info/lfs/objects/batch"):
            return self._batch(json.loads(body))
        name = self.path.removesuffix(".git/git-upload-pack").strip("/")
        service = "ls-refs" if b"command=ls-refs" in body else "fetch"
        canned = crafted.answers.get((name, service))
        self._reply(canned if canned is not None else self._git(crafted.home / f"{name}.git", body),
                    "application/x-git-upload-pack-result")

    def _batch(self, asked: dict):
        answers = []
        for item in asked["objects"]:
            oid = item["oid"]
            href = self.crafted.hrefs.get(oid) or (
                f"{self.crafted.url}/objects/{oid}" if oid in self.crafted.objects else None)
            answers.append({**item, "actions": {"download": {"href": href}}} if href
                           else {**item, "error": {"code": 404, "message": "no such object"}})
        self._reply(json.dumps({"transfer": "basic", "objects": answers}).encode(), "application/vnd.git-lfs+json")
