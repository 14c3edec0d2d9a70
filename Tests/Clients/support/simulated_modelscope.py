"""A ModelScope as its own SDK speaks to it: REST, git by `git http-backend`, LFS, files by URL with a content network.

Written from the sources of the unmodified SDK (docs/modelscope.md names the files); nothing of it was recorded by us.
"""

import base64
import hashlib
import http.server
import json
import os
import pathlib
import subprocess
import threading
import urllib.parse

from .crafted import CraftedRepository, pointer
from .hostile import _Server
from .ports import free_port

NOT_FOUND, NO_ACCESS, NO_TREE = 10010205001, 10010200001, 10990101004


class SimulatedModelScope:
    """Models at `/{owner}/{name}.git`, datasets at `/datasets/{owner}/{name}.git`, REST below `/api/v1`.

    `private` maps names to the token that opens them; `cut` is where `repo/files` ends a list without a word.
    `requests` has (method, path, headers) of everything that was asked.
    """

    def __init__(self, home: pathlib.Path, cut: int = 3000):
        self.home = pathlib.Path(home)
        self.cut = cut
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.objects: dict[str, bytes] = {}
        self.lost: set[str] = set()
        self.private: dict[str, str] = {}
        self.known: dict[str, dict] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self._server: _Server | None = None

    def publish(self, path: str, files: dict[str, bytes], lfs: dict[str, bytes] = {}, kind: str = "models",
                message: str = "first", **facts) -> str:
        """A commit of these files on master; returns its id."""
        repository = self.repository(path, kind)
        tree: dict = {}
        for name, content in {**files, **{n: pointer(c).encode() for n, c in lfs.items()}}.items():
            *folders, last = name.split("/")
            place = tree
            for folder in folders:
                place = place.setdefault(folder, {})
            place[last] = repository.blob(content)

        def write(entries: dict) -> str:
            return repository.tree([("40000", n, write(e)) if isinstance(e, dict) else ("100644", n, e)
                                    for n, e in entries.items()])

        commit = repository.commit(write(tree), message=message)
        repository.branch(commit, "master")
        self.objects.update({hashlib.sha256(c).hexdigest(): c for c in lfs.values()})
        self.known[f"{kind}/{path}".lower()] = {"path": path, "kind": kind, "License": "Apache License 2.0", **facts}
        return commit

    def repository(self, path: str, kind: str = "models") -> CraftedRepository:
        folder = self.folder(path, kind)
        if folder.exists():
            made = CraftedRepository.__new__(CraftedRepository)
            made.folder = folder
            return made
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = CraftedRepository(folder)
        made._git("symbolic-ref", "HEAD", "refs/heads/master")
        return made

    def folder(self, path: str, kind: str) -> pathlib.Path:
        return self.home / kind / f"{path.lower()}.git"

    def asked(self, part: str) -> list[tuple[str, str, dict[str, str]]]:
        return [each for each in self.requests if part in each[1]]

    def __enter__(self) -> "SimulatedModelScope":
        class Handler(_Handler):
            scope = self

        self._server = _Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scope: SimulatedModelScope

    def log_message(self, *_):
        pass

    # -- answers

    def reply(self, content: bytes, type: str, status: int = 200, headers: dict = {}):
        self.send_response_only(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def data(self, data, **more):
        self.reply(json.dumps({"Code": 200, "Success": True, "Message": "success", "RequestId": "r", "Data": data,
                               **more}).encode(), "application/json")

    def refuse(self, code: int = NOT_FOUND, status: int = 404, message: str = "record not found"):
        self.reply(json.dumps({"Code": code, "Success": False, "RequestId": "r",
                               "Message": f"获取模型信息失败，信息：{message}"}).encode(), "application/json", status)

    def bytes_of(self, content: bytes):
        wanted = self.headers.get("Range", "")
        if not wanted.startswith("bytes="):
            return self.reply(content, "application/octet-stream", headers={"Accept-Ranges": "bytes"})
        first, _, last = wanted[len("bytes="):].partition("-")
        start, end = int(first), min(int(last) if last else len(content) - 1, len(content) - 1)
        self.reply(content[start:end + 1], "application/octet-stream", 206,
                   {"Content-Range": f"bytes {start}-{end}/{len(content)}"})

    # -- who asks

    def token(self) -> str | None:
        """By the cookie of a login, or what its git and its newer API take."""
        for part in self.headers.get("Cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == "m_session_id":
                return value
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Bearer":
            return value
        if scheme == "Basic":
            user, _, password = base64.b64decode(value).decode().partition(":")
            return password if user == "oauth2" else None
        return None

    def sees(self, kind: str, path: str) -> bool:
        known = self.scope.known.get(f"{kind}/{path}".lower())
        secret = self.scope.private.get(path.lower())
        return known is not None and (secret is None or secret == self.token())

    # -- routes

    def do_GET(self):
        self.scope.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        path, _, text = self.path.partition("?")
        query = {name: values[0] for name, values in urllib.parse.parse_qs(text, keep_blank_values=True).items()}
        parts = [urllib.parse.unquote(part) for part in path.strip("/").split("/")]
        if parts[0] == "lfs-objects":
            oid = parts[-1]
            found = None if oid in self.scope.lost or query.get("auth_key") != "k" else self.scope.objects.get(oid)
            return self.reply(b"", "text/plain", 404) if found is None else self.bytes_of(found)
        if ".git/" in path:
            return self.git(path, text, None)
        if parts[:3] == ["api", "v1", "dolphin"] and self.command == "GET" and parts[3:] == ["datasets"]:
            return self.listing("datasets", query)
        if parts[:2] == ["api", "v1"] and len(parts) >= 5 and parts[2] in ("models", "datasets"):
            return self.rest(parts[2], "/".join(parts[3:5]), parts[5:], query)
        self.refuse()

    do_HEAD = do_GET

    def do_POST(self):
        self.scope.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, text = self.path.partition("?")
        if path.endswith("/info/lfs/objects/batch"):
            return self.batch(path.removesuffix("/info/lfs/objects/batch"), json.loads(body))
        if ".git/" in path:
            return self.git(path, text, body)
        if path == "/api/v1/login":
            token = json.loads(body)["AccessToken"]
            return self.data({"AccessToken": token, "Username": "u", "Email": "u@example.org"})
        self.refuse()

    def do_PUT(self):
        self.scope.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        query = {k: str(v) for k, v in asked.items()}
        if self.path == "/api/v1/dolphin/models":
            return self.listing("models", query)
        if self.path.rstrip("/") == "/api/v1/models":
            return self.listing("models", query, owner=asked["Path"])
        self.refuse()

    def facts(self, known: dict) -> dict:
        owner, name = known["path"].split("/")
        facts = {"Id": 1, "Name": name, "Visibility": 5, "ChineseName": name, "Downloads": 1, "Stars": 1, "Tags": [],
                 "CreatedTime": 1726842501, "LastUpdatedTime": 1726842501}
        facts |= {"Path": owner, "Tasks": [{"Name": "text-generation"}]} if known["kind"] == "models" else {"Namespace": owner}
        return {**facts, **{k: v for k, v in known.items() if k not in ("path", "kind")}}

    def listing(self, kind: str, query: dict, owner: str | None = None):
        page, size = int(query.get("PageNumber", 1)), min(int(query.get("PageSize", 10)), 50)
        shown = [k for k in self.scope.known.values() if k["kind"] == kind and k["path"].lower() not in self.scope.private
                 and (owner is None or k["path"].split("/")[0].lower() == owner.lower())]
        entries = [self.facts(k) for k in shown[(page - 1) * size:page * size]]
        if owner is not None:
            return self.data({"Models": entries, "TotalCount": len(shown)})
        if kind == "models":
            return self.data({"Model": {"Models": entries, "TotalCount": len(shown)}})
        self.data(entries, TotalCount=len(shown))

    def rest(self, kind: str, path: str, rest: list[str], query: dict):
        if not self.sees(kind, path):
            return self.refuse(NO_ACCESS if f"{kind}/{path}".lower() in self.scope.known else NOT_FOUND)
        repository = self.scope.repository(path, kind)
        if not rest:
            return self.data(self.facts(self.scope.known[f"{kind}/{path}".lower()]))
        if rest == ["revisions"]:
            branches = [{"Revision": "master", "CreatedAt": 1726842501}]
            return self.data({"RevisionMap": {"Branches": branches, "Tags": []}})
        try:
            commit = repository._git("rev-parse", "--verify", query.get("Revision", "master") + "^{commit}")
        except AssertionError:
            return self.refuse(NO_TREE)
        if rest == ["repo"]:
            return self.file(repository, commit, query.get("FilePath", ""))
        if rest not in (["repo", "files"], ["repo", "tree"]):
            return self.refuse()
        entries = self.entries(repository, commit, query.get("Root", "").strip("/"),
                               query.get("Recursive", "").lower() == "true")
        if rest[1] == "tree":
            page, size = int(query.get("PageNumber", 1)), int(query.get("PageSize", 100))
            entries = entries[(page - 1) * size:page * size]
        else:
            entries = entries[:self.scope.cut]
        self.data({"Files": entries})

    def entries(self, repository, commit: str, root: str, recursive: bool) -> list[dict]:
        place = f"{commit}:{root}" if root else commit
        lines = repository._git("ls-tree", *(["-r", "-t"] if recursive else []), place).splitlines()
        entries = []
        for line in lines:
            meta, name = line.split("\t", 1)
            mode, type, identity = meta.split()
            path = f"{root}/{name}" if root else name
            entry = {"Name": path.split("/")[-1], "Path": path, "Type": type, "Mode": str(int(mode, 8)),
                     "Revision": commit, "CommittedDate": 1726842501, "CommitMessage": "m", "InCheck": False,
                     "IsLFS": False, "Sha256": "", "Size": 0}
            if type == "blob":
                content = self.content(repository, identity)
                oid = self.object_of(content)
                entry |= {"IsLFS": oid is not None, "Sha256": oid or hashlib.sha256(content).hexdigest(),
                          "Size": len(self.scope.objects.get(oid, content))}
            entries.append(entry)
        return entries

    def content(self, repository, identity: str) -> bytes:
        return subprocess.run(["git", f"--git-dir={repository.folder}", "cat-file", "blob", identity],
                              capture_output=True, check=True).stdout

    def object_of(self, content: bytes) -> str | None:
        lines = content.decode(errors="replace").splitlines()
        if len(lines) == 3 and lines[0].startswith("version https://git-lfs"):
            return lines[1].removeprefix("oid sha256:")
        return None

    def file(self, repository, commit: str, path: str):
        try:
            identity = repository._git("rev-parse", "--verify", f"{commit}:{path}")
        except AssertionError:
            return self.refuse(message="file not found")
        content = self.content(repository, identity)
        oid = self.object_of(content)
        if oid is None:
            return self.bytes_of(content)
        if self.command == "HEAD":
            return self.reply(b"", "application/octet-stream")
        self.reply(b"", "text/html", 302, {"Location": f"{self.scope.url}/lfs-objects/{oid[:2]}/{oid}?auth_key=k"})

    def repository_of(self, path: str) -> tuple[str, str]:
        """Kind and name of `/owner/name.git…`."""
        parts = path.split(".git")[0].strip("/").split("/")
        return (parts[0], "/".join(parts[1:])) if len(parts) == 3 else ("models", "/".join(parts))

    def batch(self, path: str, asked: dict):
        kind, name = self.repository_of(path)
        if not self.sees(kind, name):
            return self.reply(b'{"message":"unauthorized"}', "application/vnd.git-lfs+json", 401)
        answers = []
        for item in asked["objects"]:
            oid = item["oid"]
            href = f"{self.scope.url}/lfs-objects/{oid[:2]}/{oid}?auth_key=k"
            answers.append({**item, "actions": {"download": {"href": href}}} if oid in self.scope.objects
                           else {**item, "error": {"code": 404, "message": "no such object"}})
        self.reply(json.dumps({"transfer": "basic", "objects": answers}).encode(), "application/vnd.git-lfs+json")

    def git(self, path: str, query: str, body: bytes | None):
        # The real one takes git's own clients only.
        if not self.headers.get("User-Agent", "").startswith("git/"):
            return self.reply(b"", "text/plain", 421)
        kind, name = self.repository_of(path)
        if not self.sees(kind, name):
            return self.reply(b"", "text/plain", 401, {"WWW-Authenticate": 'Basic realm="modelscope"'})
        folder = self.scope.folder(name, kind)
        environment = {
            "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_HTTP_EXPORT_ALL": "",
            "GIT_PROJECT_ROOT": str(folder.parent), "PATH_INFO": "/" + folder.name + path.split(".git", 1)[1],
            "REQUEST_METHOD": self.command, "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""), "CONTENT_LENGTH": str(len(body or b"")),
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
        }
        done = subprocess.run(["git", "http-backend"], input=body or b"", capture_output=True, env=environment)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        status, type = 200, "text/plain"
        for line in head.decode().split("\r\n"):
            name, _, value = line.partition(": ")
            if name == "Status":
                status = int(value.split()[0])
            if name == "Content-Type":
                type = value
        self.reply(content, type, status)
