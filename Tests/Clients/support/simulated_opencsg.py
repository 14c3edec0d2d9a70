"""An OpenCSG hub of any number of repositories that exist only as rules: its feed, repository objects, READMEs, trees
and commits, written from the wire notes of CSGHub (feed of 100 a page, `need_multi_sync`, `all_files` of 100).

Everything of a repository follows from its number, so two runs with the same seed have the same hub. Repositories can
change, vanish and become private while it runs; requests are counted, and so is how many were on their way at once.

    with SimulatedOpenCSG(repositories=300) as hub:
        hub.change(7); hub.vanish(8); hub.make_private(9)

Alone: `python simulated_opencsg.py --repositories 20000 --port 9000`.
"""

import argparse
import asyncio
import hashlib
import json
import threading
import time
import urllib.parse

KINDS = ("model", "model", "model", "dataset", "dataset", "code")
PLURALS = {"models": "model", "datasets": "dataset", "codes": "code"}
OWNERS = ("AIWizards", "deepseek-ai", "Qwen", "opencsg", "ZhiPu", "baichuan", "InternLM", "openbmb", "shibing624", "moka")
FAMILIES = ("qwen", "glm", "llama", "mistral", "bert", "whisper", "sdxl", "phi", "yi", "chatlaw")
TASKS = ("text-generation", "text-classification", "automatic-speech-recognition", "text-to-image", "translation",
         "feature-extraction")
LICENSES = ("apache-2.0", "mit", "cc-by-nc-4.0", "llama3.1", "openrail", "gpl-3.0")
LIBRARIES = ("transformers", "diffusers", "pytorch", "gguf", "sentence-transformers")
TOPICS_ZH = ("中文大语言模型", "医疗问答数据集", "法律文书生成", "语音识别模型", "金融情感分析", "古诗词创作", "代码补全模型", "多模态理解")
TOPICS_EN = ("instruction tuned chat model", "medical question answering", "legal drafting", "speech recognition",
             "sentiment of financial news", "classical poetry", "code completion", "multimodal understanding")
TOKEN = "0123456789abcdef0123456789abcdef"


class Repository:
    """One repository, by its number."""

    def __init__(self, number: int, seed: int):
        self.number = number
        self.commits = 1
        self.modified = 1_700_000_000 + number
        self.gone = False
        self.private = False
        digest = hashlib.sha256(f"{seed}/{number}".encode()).digest()
        pick = lambda index, things: things[digest[index] % len(things)]  # noqa: E731
        self.kind = pick(0, KINDS)
        self.owner = pick(1, OWNERS)
        self.family = pick(2, FAMILIES)
        self.name = f"{self.family}-{number:05d}"
        self.task = pick(3, TASKS)
        self.license = pick(4, LICENSES)
        self.library = pick(5, LIBRARIES)
        self.language = "zh" if digest[6] % 2 else "en"
        topic = digest[7] % len(TOPICS_ZH)
        self.nickname = f"{TOPICS_ZH[topic]} {number}" if self.language == "zh" else f"{self.family.title()} {number}"
        self.description = (f"面向{TOPICS_ZH[topic]}的开源项目，编号{number}。" if self.language == "zh"
                            else f"An open {TOPICS_EN[topic]}, number {number}.")
        self.downloads = int.from_bytes(digest[8:10], "big")
        self.likes = digest[10]
        self.parameters = round(0.1 + digest[11] / 8, 1)
        self.file_count = 250 if number % 50 == 0 else 3 + digest[12] % 5

    @property
    def path(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def commit(self) -> str:
        return hashlib.sha1(f"{self.path}/{self.commits}".encode()).hexdigest()

    @property
    def updated(self) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%S.000000+00:00", time.gmtime(self.modified))

    def tags(self) -> list[dict]:
        return [{"name": name, "category": category, "group": "", "built_in": True, "show_name": name}
                for name, category in ((self.license, "license"), (self.task, "task"), (self.library, "framework"),
                                       (self.language, "language"), (self.family, ""))]

    def describe(self) -> dict:
        """The repository object of wire sample A2."""
        return {
            "id": self.number, "name": self.name, "nickname": self.nickname, "description": self.description,
            "likes": self.likes, "downloads": self.downloads, "path": self.path, "repository_id": self.number,
            "private": self.private, "user": {"username": self.owner, "nickname": self.owner}, "tags": self.tags(),
            "readme": "", "default_branch": "main", "created_at": "2023-11-14T22:13:20.000000+08:00",
            "updated_at": self.updated, "source": "local", "sync_status": "", "license": self.license,
            "namespace": {"Path": self.owner, "Type": "user", "Avatar": "", "UUID": "", "NSType": "user"},
            "scores": [{"weight_name": "total", "score": self.likes}],
            "metadata": {"model_params": self.parameters, "tensor_type": "BF16", "architecture": "", "model_type": ""},
            "hf_path": "", "ms_path": "", "csg_path": self.path, "mirror_task_status": "finished",
        }

    def readme(self) -> str:
        return f"---\nlicense: {self.license}\n---\n# {self.nickname}\n\n{self.description}\n"

    def files(self) -> list[dict]:
        names = ["README.md", "config.json"] + [f"model-{part:05d}.safetensors" for part in range(self.file_count - 2)]
        return [{
            "name": name, "type": "file", "size": 100 + index, "path": name, "mode": "100644",
            "sha": hashlib.sha1(name.encode()).hexdigest(), "lfs": name.endswith(".safetensors"),
            "lfs_sha256": hashlib.sha256(f"{self.path}/{name}".encode()).hexdigest()
            if name.endswith(".safetensors") else "",
            "commit": {"message": "init", "committer_date": self.updated},
        } for index, name in enumerate(names)]


class SimulatedOpenCSG:
    """The hub, on a thread of its own."""

    FEED_PAGE = 100

    def __init__(self, repositories: int = 300, seed: int = 1, port: int = 0, latency: float = 0.0):
        self.seed = seed
        self.port = port
        self.latency = latency
        self.repositories = [Repository(number, seed) for number in range(repositories)]
        self.by_path = {(r.kind, r.path.lower()): r for r in self.repositories}
        #: `(version, repository number, modified, message)` in order.
        self.feed = [(index + 1, r.number, r.updated, "init") for index, r in enumerate(self.repositories)]
        self.counts: dict[str, int] = {}
        #: How often each repository was asked about.
        self.asked: dict[str, int] = {}
        self.in_flight = 0
        self.most_in_flight = 0
        self.first_request: float | None = None
        #: Answers every request with this status instead, with these headers.
        self.refusal: tuple[int, dict] | None = None
        self.lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    # -- what happens there

    def change(self, number: int, times: int = 1, message: str = "update weights") -> Repository:
        repository = self.repositories[number]
        with self.lock:
            for _ in range(times):
                repository.commits += 1
                repository.modified += 60
                self._tell(repository, message)
        return repository

    def vanish(self, number: int, told: bool = True) -> Repository:
        repository = self.repositories[number]
        with self.lock:
            repository.gone = True
            if told:
                self._tell(repository, "deleted")
        return repository

    def make_private(self, number: int) -> Repository:
        repository = self.repositories[number]
        with self.lock:
            repository.private = True
            self._tell(repository, "made private")
        return repository

    def reappear(self, number: int) -> Repository:
        repository = self.repositories[number]
        with self.lock:
            repository.gone = repository.private = False
            self._tell(repository, "shown again")
        return repository

    def add(self) -> Repository:
        with self.lock:
            repository = Repository(len(self.repositories), self.seed)
            self.repositories.append(repository)
            self.by_path[repository.kind, repository.path.lower()] = repository
            self._tell(repository, "init")
        return repository

    def _tell(self, repository: Repository, message: str):
        self.feed.append((len(self.feed) + 1, repository.number, repository.updated, message))

    # -- what was asked

    def count(self, question: str) -> int:
        with self.lock:
            return self.counts.get(question, 0)

    def requests(self) -> int:
        with self.lock:
            return sum(self.counts.values())

    def forget_counts(self):
        with self.lock:
            self.counts.clear()
            self.asked.clear()
            self.most_in_flight = self.in_flight

    # -- life

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "SimulatedOpenCSG":
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(10), "the simulated hub did not start"
        return self

    def stop(self):
        if self._loop:
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._thread.join(10)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    async def _serve(self):
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await self._stopped.wait()

    # -- answers

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.decode("latin-1").split("\r\n")
                method, target, _ = lines[0].split(" ", 2)
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}
                if length := int(headers.get("content-length", 0)):
                    await reader.readexactly(length)
                status, document, more = await self._answered(method, target, headers)
                body = json.dumps(document, ensure_ascii=False).encode()
                text = f"HTTP/1.1 {status} X\r\nContent-Type: application/json; charset=utf-8\r\n"
                text += "".join(f"{k}: {v}\r\n" for k, v in more.items()) + f"Content-Length: {len(body)}\r\n\r\n"
                writer.write(text.encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answered(self, method: str, target: str, headers: dict):
        with self.lock:
            if self.first_request is None:
                self.first_request = time.monotonic()
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            # Given up even without latency, so that requests that come at once are seen to be at once.
            await asyncio.sleep(self.latency)
            if self.refusal:
                self._note("refused")
                return self.refusal[0], {"msg": "too many requests"}, self.refusal[1]
            return self._answer(method, target, headers)
        finally:
            with self.lock:
                self.in_flight -= 1

    def _note(self, question: str, path: str | None = None):
        with self.lock:
            self.counts[question] = self.counts.get(question, 0) + 1
            if path:
                self.asked[path] = self.asked.get(path, 0) + 1

    def _answer(self, method: str, target: str, headers: dict):
        path, _, query = target.partition("?")
        query = dict(urllib.parse.parse_qsl(query))
        parts = [urllib.parse.unquote(part) for part in path.strip("/").split("/")]
        if parts[:2] != ["api", "v1"] or method != "GET":
            self._note("other")
            return 404, {"msg": "no such route"}, {}
        parts = parts[2:]
        if parts == ["sync", "version", "latest"]:
            self._note("feed")
            if headers.get("authorization") != f"Bearer {TOKEN}":
                return 401, {"code": "AUTH-ERR-11", "msg": "AUTH-ERR-11: need access token"}, {}
            return self._feed_page(query)
        if len(parts) == 1 and parts[0] in PLURALS:
            self._note("list")
            return self._list_page(PLURALS[parts[0]], query)
        if len(parts) >= 3 and parts[0] in PLURALS:
            return self._repository(PLURALS[parts[0]], f"{parts[1]}/{parts[2]}", parts[3:], query)
        self._note("other")
        return 404, {"msg": "no such route"}, {}

    def _feed_page(self, query: dict):
        try:
            cursor = int(query.get("cur", ""))
        except ValueError:
            return 400, {"code": "REQ-ERR-0", "msg": "REQ-ERR-0: cur"}, {}
        with self.lock:
            page = self.feed[max(0, cursor):max(0, cursor) + self.FEED_PAGE]
            more = len(self.feed) > cursor + len(page)
            versions = [{
                "version": version, "source_id": 0, "repo_path": self.repositories[number].path,
                "repo_type": self.repositories[number].kind, "last_modify_time": modified, "change_log": message,
            } for version, number, modified, message in page]
        return 200, {"msg": "OK", "data": {"versions": versions or None, "has_more": more}}, {}

    def _list_page(self, kind: str, query: dict):
        per, page = int(query.get("per", 50)), int(query.get("page", 1))
        if per > 100:
            return 400, {"code": "REQ-ERR-0", "msg": "REQ-ERR-0: per"}, {}
        with self.lock:
            there = [r for r in self.repositories if r.kind == kind and not r.gone and not r.private]
            there.sort(key=lambda r: (-r.modified, r.number))
            found = [r.describe() for r in there[(page - 1) * per:page * per]]
        answer = {"msg": "OK"}
        # Left out when there is nothing, as Go's `omitempty` does.
        if found:
            answer |= {"data": found, "total": len(there)}
        return 200, answer, {}

    def _repository(self, kind: str, path: str, rest: list[str], query: dict):
        question = rest[0] if rest else "describe"
        self._note(question, f"{kind}:{path.lower()}" if question == "describe" else None)
        repository = self.by_path.get((kind, path.lower()))
        if repository is None or repository.gone:
            return 404, {"code": "REPO-ERR-3", "msg": "REPO-ERR-3: sql: no rows in result set"}, {}
        if repository.private:
            return 403, {"code": "AUTH-ERR-2", "msg": "AUTH-ERR-2: forbidden"}, {}
        if not rest:
            return 200, {"msg": "OK", "data": repository.describe()}, {}
        if query.get("ref", "main") not in ("main", repository.commit):
            return 404, {"code": "GIT-ERR-3", "msg": "GIT-ERR-3: no such ref"}, {}
        if rest == ["last_commit"]:
            return 200, {"msg": "OK", "data": {"id": repository.commit, "message": "update",
                                               "committer_date": repository.updated}}, {}
        if rest == ["raw", "README.md"]:
            return 200, {"msg": "OK", "data": repository.readme()}, {}
        if rest == ["all_files"]:
            return 200, {"msg": "OK", "data": repository.files()[:100]}, {}
        if rest == ["branches"]:
            return 200, {"msg": "OK", "data": [{"name": "main", "message": "", "commit": {"id": repository.commit}}]}, {}
        if rest[0] == "refs" and len(rest) >= 3 and rest[2] == "tree":
            if rest[1] not in ("main", repository.commit):
                return 404, {"code": "GIT-ERR-3", "msg": "GIT-ERR-3: no such ref"}, {}
            files = repository.files()
            begin, limit = int(query.get("cursor") or 0), min(int(query.get("limit", 100)), 200)
            end = begin + limit
            return 200, {"msg": "OK", "data": {
                "Files": files[begin:end], "Cursor": str(end) if end < len(files) else ""}}, {}
        return 404, {"msg": "no such route"}, {}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repositories", type=int, default=20_000)
    parser.add_argument("--port", type=int, default=9_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    options = parser.parse_args()
    hub = SimulatedOpenCSG(options.repositories, options.seed, options.port, options.latency).start()
    print(f"{len(hub.repositories)} repositories at {hub.url}; the token is {TOKEN}", flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
