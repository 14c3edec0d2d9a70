"""The sync client of a real CSGHub, played from ../shared/wire/csghub.md §4: its calls, in its order, as it sends them.

It is strict where Go is: a member of another type than its struct has ends the sync, and so does any status but 200.
"""

import dataclasses
import re
import time

import requests

from .clients import Git

PAGE = 100
README = "README.md"
LFS = "application/vnd.git-lfs+json"
# The most that one LFS batch of the mirror worker asks about.
GROUP = 15
PART = 100 << 20
_POINTER = re.compile(r"\Aversion https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize (\d+)\n", re.M)

# How the client calls a type of the feed in the paths of the API; prompts are shown by a route of their own.
API_WORDS = {"model": "models", "dataset": "datasets", "code": "codes", "prompt": "prompts", "mcpserver": "mcps",
             "skill": "skills"}
INFO_WORDS = {**API_WORDS, "prompt": "prompts_info"}


# -- shapes

class Optional:
    def __init__(self, shape):
        self.shape = shape


class Null:
    """A value that may be null, as nil slices and pointers are."""

    def __init__(self, shape):
        self.shape = shape


class Words:
    def __init__(self, *words):
        self.words = words


class Exactly:
    def __init__(self, value):
        self.value = value


class Pattern:
    def __init__(self, text):
        self.text = text


INTEGER, NUMBER, TEXT, BOOLEAN, ANYTHING = "integer", "number", "text", "boolean", "anything"
TIME = Pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
HASH = Pattern(r"[0-9a-f]{40}")

OWNER = {"username": TEXT, "nickname": TEXT, "avatar": TEXT, "uuid": TEXT, "email": TEXT, "created_at": TIME}
TAG = {"id": Optional(INTEGER), "name": TEXT, "category": TEXT, "group": TEXT, "built_in": BOOLEAN,
       "scope": Words("model", "dataset", "space", "code", "prompt", "mcp", "mcpserver", "skill"), "show_name": TEXT,
       "i18n_key": TEXT, "created_at": TIME, "updated_at": TIME}
COMMIT = {"id": TEXT, "committer_name": TEXT, "committer_email": TEXT, "committer_date": TEXT, "created_at": TEXT,
          "message": TEXT, "author_name": TEXT, "author_email": TEXT, "authored_date": TEXT}
FILE = {"name": TEXT, "type": Words("file", "dir"), "size": INTEGER, "commit": COMMIT, "path": TEXT,
        "mode": Words("100644", "100755", "120000", "40000"), "sha": HASH, "url": TEXT, "content": TEXT, "lfs": BOOLEAN,
        "lfs_sha256": Pattern(r"([0-9a-f]{64})?"), "lfs_pointer_size": INTEGER, "lfs_relative_path": TEXT,
        "last_commit_sha": TEXT, "preview_code": Words(0, 1, 2), "xnet_enabled": BOOLEAN}
REPOSITORY = {
    "id": INTEGER, "name": TEXT, "nickname": TEXT, "description": TEXT, "likes": INTEGER, "downloads": INTEGER,
    "path": Pattern(r"[^/]+/[^/]+"), "repository_id": INTEGER, "private": BOOLEAN, "user": OWNER, "tags": [TAG],
    "readme": TEXT, "repository": {"http_clone_url": TEXT, "ssh_clone_url": TEXT}, "default_branch": TEXT,
    "created_at": TIME, "updated_at": TIME, "status": TEXT, "user_likes": BOOLEAN,
    "source": Words("local", "opencsg", "huggingface"),
    "sync_status": Words("", "pending", "inprogress", "completed", "failed", "canceled"), "license": TEXT,
    "can_write": BOOLEAN, "can_manage": BOOLEAN,
    "namespace": {"Path": TEXT, "Type": Words("user", "organization"), "Avatar": TEXT, "UUID": TEXT,
                  "NSType": Words("user", "organization"), "User": OWNER},
    "sensitive_check_status": TEXT, "mirror_last_updated_at": TIME, "mirror_task_status": TEXT, "url": TEXT,
    "xnet_enabled": BOOLEAN, "hf_path": TEXT, "ms_path": TEXT, "csg_path": TEXT,
    "recom_op_weight": Optional(INTEGER),
    "scores": [{"weight_name": Words("freshness", "downloads", "quality", "op", "total"), "score": NUMBER}],
}
KIND_MEMBERS = {
    "model": {
        "widget_type": TEXT, "enable_inference": BOOLEAN, "enable_finetune": BOOLEAN, "enable_evaluation": BOOLEAN,
        "base_model": TEXT, "report_url": TEXT, "medium_risk_count": INTEGER, "high_risk_count": INTEGER,
        "arch_allowed": BOOLEAN,
        "metadata": {"model_params": NUMBER, "tensor_type": TEXT, "architecture": TEXT, "mini_gpu_memory_gb": NUMBER,
                     "mini_gpu_finetune_gb": NUMBER, "model_type": TEXT, "class_name": TEXT,
                     "quantizations": [ANYTHING]}},
    "dataset": {"dataset_type": TEXT, "related_dataset_id": INTEGER, "price": NUMBER, "forked": BOOLEAN,
                "is_for_sale": BOOLEAN, "user_purchased": BOOLEAN},
}
VERSION = {"version": INTEGER, "source_id": Words(0, 1), "repo_path": Pattern(r"[^/]+/[^/]+"),
           "repo_type": Words(*API_WORDS), "last_modify_time": TIME, "change_log": TEXT}


def assert_shape(value, shape, where: str = "answer"):
    """Every member that is documented is there, of its type; nothing else is."""
    if isinstance(shape, Null):
        if value is not None:
            assert_shape(value, shape.shape, where)
    elif isinstance(shape, dict):
        assert isinstance(value, dict), f"{where} is {value!r}, not an object"
        for name, inner in shape.items():
            if isinstance(inner, Optional):
                if name in value:
                    assert_shape(value[name], inner.shape, f"{where}.{name}")
                continue
            assert name in value, f"{where} has no '{name}'"
            assert_shape(value[name], inner, f"{where}.{name}")
        unknown = value.keys() - shape.keys()
        assert not unknown, f"{where} has {sorted(unknown)}, which CSGHub's has not"
    elif isinstance(shape, list):
        assert isinstance(value, list), f"{where} is {value!r}, not a list"
        for number, item in enumerate(value):
            assert_shape(item, shape[0], f"{where}[{number}]")
    elif isinstance(shape, Words):
        assert any(value is word or (value == word and type(value) is type(word)) for word in shape.words), \
            f"{where} is {value!r}, none of {shape.words}"
    elif isinstance(shape, Exactly):
        assert value == shape.value and type(value) is type(shape.value), f"{where} is {value!r}, not {shape.value!r}"
    elif isinstance(shape, Pattern):
        assert isinstance(value, str) and re.fullmatch(shape.text, value), f"{where} is {value!r}"
    elif shape == INTEGER:
        assert type(value) is int, f"{where} is {value!r}, no integer"
    elif shape == NUMBER:
        assert type(value) in (int, float), f"{where} is {value!r}, no number"
    elif shape == TEXT:
        assert type(value) is str, f"{where} is {value!r}, no text"
    elif shape == BOOLEAN:
        assert type(value) is bool, f"{where} is {value!r}, neither true nor false"
    else:
        assert shape == ANYTHING, f"the test itself is wrong about {where}"


def envelope(data) -> dict:
    return {"msg": Exactly("OK"), "data": data}


def repository_shape(repo_type: str) -> dict:
    return {**REPOSITORY, **KIND_MEMBERS.get(repo_type, {})}


# -- the client

@dataclasses.dataclass
class Version:
    """A row of the feed, with what the client looked up for it."""

    version: int
    repo_type: str
    path: str
    info: dict
    readme: str | None
    files: list[dict]


class CSGHubPeer:
    """The client of CSGHub v2.4: names are written in lower case, whatever the feed says."""

    def __init__(self, api: str, sync: str, token: str, home):
        self.api, self.sync, self.token = api.rstrip("/"), sync.rstrip("/"), token
        self.git = Git(home)
        self.home = home
        self.cursor = 0
        self.calls: list[str] = []

    # HTTP as Go's client speaks it

    def _get(self, path: str, timeout: float) -> requests.Response:
        self.calls.append(path)
        begun = time.monotonic()
        answer = requests.get(self.api + path, timeout=timeout, allow_redirects=True, headers={
            "Authorization": f"Bearer {self.token}", "User-Agent": "Go-http-client/1.1", "Accept-Encoding": "gzip",
            "Accept": None})
        assert time.monotonic() - begun < timeout, f"{path} took longer than the client waits"
        return answer

    def _json(self, path: str, shape, timeout: float):
        answer = self._get(path, timeout)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
        assert answer.headers["Content-Type"].startswith("application/json"), path
        assert_shape(answer.json(), envelope(shape), path)
        return answer.json()["data"]

    # §4.3, calls 1 to 5

    def feed(self) -> list[dict]:
        """Call 1, over and over while there is more."""
        found = []
        while True:
            page = self._json(f"/api/v1/sync/version/latest?cur={self.cursor}",
                              {"versions": Null([VERSION]), "has_more": BOOLEAN}, 60)
            versions = page["versions"] or []
            assert len(versions) <= PAGE
            for item in versions:
                assert item["version"] > self.cursor, "the feed went back"
                self.cursor = item["version"]
            found += versions
            if not page["has_more"]:
                return found
            assert versions, "more was promised and nothing came"

    def info(self, repo_type: str, path: str) -> dict:
        """Call 2."""
        return self._json(f"/api/v1/{INFO_WORDS[repo_type]}/{path.lower()}?need_multi_sync=true",
                          repository_shape(repo_type), 10)

    def readme(self, repo_type: str, path: str) -> str | None:
        """Call 3; a repository without a card is no reason to stop."""
        answer = self._get(f"/api/v1/{API_WORDS[repo_type]}/{path.lower()}/raw/{README}", 10)
        if answer.status_code == 404:
            return None
        assert answer.status_code == 200, answer.text
        assert_shape(answer.json(), envelope(TEXT), README)
        return answer.json()["data"]

    def all_files(self, repo_type: str, path: str) -> list[dict]:
        """Call 4: the first hundred, and no way to the rest."""
        files = self._json(f"/api/v1/{API_WORDS[repo_type]}/{path.lower()}/all_files", [FILE], 5)
        assert len(files) <= PAGE
        return files

    def remote_diff(self, repo_type: str, path: str, left: str) -> list[dict]:
        """Call 5, for a user who asks what changed: the one path with the type's own plural."""
        return self._json(f"/api/v1/{repo_type}s/{path.lower()}/diff?left_commit_id={left}",
                          [{"added": [TEXT], "removed": [TEXT], "modified": [TEXT]}], 10)

    def metadata(self) -> list[Version]:
        """An hour's pull: the feed, then three calls for each row of it, one after another."""
        rows = []
        for item in self.feed():
            repo_type, path = item["repo_type"], item["repo_path"]
            rows.append(Version(item["version"], repo_type, path, self.info(repo_type, path),
                                self.readme(repo_type, path), self.all_files(repo_type, path)))
        return rows

    # §4.4: one repository

    def source_url(self, repo_type: str, path: str) -> str:
        return f"{self.sync}/{repo_type}s/{path.lower()}.git"

    def fetch(self, repo_type: str, path: str, header: str | None = None):
        """Gitaly's FetchRemote: all refs into a place of their own, forced, pruned. Returns the bare repository."""
        folder = self.home / f"{repo_type}-{path.replace('/', '--').lower()}.git"
        if not folder.exists():
            self.git.run("init", "--quiet", "--bare", folder)
        header = header or f"Authorization: X-OPENCSG-Sync-Token{self.token}"
        self.git.run("-C", folder, "-c", f"http.extraHeader={header}", "-c", "protocol.version=2", "fetch", "--quiet",
                     "--force", "--prune", "--no-write-fetch-head", self.source_url(repo_type, path),
                     "+refs/*:refs/staging/*", timeout=240)
        return folder

    def staged(self, folder) -> dict[str, str]:
        """`{ref as the upstream has it: object}`."""
        lines = self.git.run("-C", folder, "for-each-ref", "--format=%(refname) %(objectname)", "refs/staging").splitlines()
        return {name.replace("refs/staging/", "refs/", 1): value for name, value in (line.split() for line in lines)}

    def pointers(self, folder) -> dict[str, int]:
        """`{oid: size}` of every LFS pointer of every ref."""
        listed = self.git.run("-C", folder, "rev-list", "--objects", "--all", "--filter=blob:limit=1024",
                              "--filter-provided-objects").splitlines()
        found = {}
        for line in listed:
            name = line.split(" ", 1)[0].lstrip("~")
            if self.git.run("-C", folder, "cat-file", "-t", name) != "blob":
                continue
            text = self.git.run("-C", folder, "cat-file", "blob", name) + "\n"
            if match := _POINTER.match(text):
                found[match.group(1)] = int(match.group(2))
        return found

    def batch(self, repo_type: str, path: str, objects: dict[str, int], ref: str) -> list[dict]:
        """Asks for at most fifteen objects, as git-lfs 3.5.1 and without the sync token."""
        assert len(objects) <= GROUP
        answer = requests.post(
            f"{self.source_url(repo_type, path)}/info/lfs/objects/batch", timeout=60,
            headers={"User-Agent": "git-lfs/3.5.1", "Accept": LFS, "Content-Type": LFS, "Accept-Encoding": "gzip"},
            json={"operation": "download", "objects": [{"oid": o, "size": s} for o, s in objects.items()],
                  "hash_algo": "sha256", "transfers": ["lfs-standalone-file", "basic", "bash"], "ref": {"name": ref}})
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith(LFS)
        assert_shape(answer.json(), {
            "transfer": Optional(Exactly("basic")), "hash_algo": Optional(Exactly("sha256")),
            "objects": [{"oid": Pattern(r"[0-9a-f]{64}"), "size": INTEGER, "authenticated": Optional(BOOLEAN),
                         "error": Optional({"code": INTEGER, "message": TEXT}),
                         "actions": Optional({"download": {
                             "href": Pattern(r"https?://.+"), "header": Optional(ANYTHING),
                             "expires_in": Optional(INTEGER), "expires_at": Optional(TIME)}})}]}, "batch")
        return answer.json()["objects"]

    def download(self, repo_type: str, path: str, oid: str, size: int, ref: str, part: int = PART,
                 spoil=lambda url: url) -> bytes:
        """Part by part. A 403 means that the link is too old: the batch is asked again.

        - spoil: changes each link before its first use."""
        def link():
            action = self.batch(repo_type, path, {oid: size}, ref)[0]["actions"]["download"]
            return action["href"], action.get("header") or {}

        href, headers = link()
        href, asked, content = spoil(href), 1, b""
        while len(content) < size:
            last = min(len(content) + part, size) - 1
            answer = requests.get(href, timeout=60, headers={
                **headers, "Range": f"bytes={len(content)}-{last}", "User-Agent": "Go-http-client/1.1",
                "Accept-Encoding": None})
            if answer.status_code == 403 and asked < 3:
                href, headers = link()
                asked += 1
                continue
            assert answer.status_code == 206, f"{answer.status_code} {answer.text[:300]}"
            assert answer.headers["Content-Range"] == f"bytes {len(content)}-{last}/{size}"
            content += answer.content
        # All that the real one checks.
        assert len(content) == size
        return content

    def mirror(self, repo_type: str, path: str, part: int = PART) -> tuple[dict[str, str], dict[str, bytes]]:
        """Both phases: `({ref: object}, {oid: content})`."""
        folder = self.fetch(repo_type, path)
        refs = self.staged(folder)
        wanted, contents = list(self.pointers(folder).items()), {}
        for start in range(0, len(wanted), GROUP):
            group = dict(wanted[start:start + GROUP])
            for item in self.batch(repo_type, path, group, "refs/heads/main"):
                assert "error" not in item and item["size"] == group[item["oid"]]
            for oid, size in group.items():
                contents[oid] = self.download(repo_type, path, oid, size, "refs/heads/main", part)
        return refs, contents
