"""Writing by CSGHub's REST: with `requests`, and with the unmodified csghub-sdk."""

import base64
import hashlib

import pytest
import requests

from support.checks import assert_same_files
from support.weir import Weir


@pytest.fixture(scope="module")
def home_hub(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("home")) as weir:
        weir.alice = weir.token("alice", "write")
        yield weir


class Rest:
    """`/api/v1` as its owner sees it."""

    def __init__(self, weir: Weir, token: str | None):
        self.base, self.headers = weir.url + "/api/v1", {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, **options) -> requests.Response:
        return requests.request(method, self.base + path, headers=self.headers, timeout=30, **options)

    def data(self, method: str, path: str, **options):
        answer = self(method, path, **options)
        assert answer.status_code == 200 and answer.json()["msg"] == "OK", f"{method} {path}: {answer.text}"
        return answer.json().get("data")

    def text(self, repository: str, path: str, ref: str = "main") -> str:
        return self.data("GET", f"/{repository}/raw/{path}", params={"ref": ref})


@pytest.fixture
def rest(home_hub):
    return Rest(home_hub, home_hub.alice)


@pytest.fixture
def name(request):
    """A repository name of the test's own."""
    return "".join(c if c.isalnum() else "-" for c in request.node.name.removeprefix("test_"))[:60].strip("-")


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


# -- by the wire

def test_a_repository_lives_from_its_creation_to_its_removal(rest, name, git, home_hub, tmp_path):
    made = rest.data("POST", "/models", json={
        "namespace": "alice", "name": name, "nickname": "A life", "description": "short", "license": "mit",
        "private": False, "default_branch": "main"})
    assert (made["path"], made["nickname"], made["license"]) == (f"alice/{name}", "A life", "mit")
    assert made["can_write"] is True and isinstance(made["repository_id"], int)
    assert rest("POST", "/models", json={"namespace": "alice", "name": name}).json()["code"] == "REPO-ERR-0"
    here = f"models/alice/{name}"
    rest.data("POST", f"/{here}/raw/a.txt", json={"message": "Add a", "branch": "main", "content": encoded(b"one\n")})
    again = rest("POST", f"/{here}/raw/a.txt", json={"message": "Add a", "content": encoded(b"two\n")})
    assert again.status_code != 200 and "GIT-ERR-20" in again.text
    rest.data("PUT", f"/{here}/raw/a.txt", json={"message": "Change a", "content": encoded(b"two\n")})
    git.run("clone", "--quiet", f"{home_hub.url}/{here}.git", tmp_path / "clone", GIT_LFS_SKIP_SMUDGE="1")
    assert (tmp_path / "clone/a.txt").read_text() == "two\n"
    log = git.run("log", "--format=%s", cwd=tmp_path / "clone").splitlines()
    assert log == ["Change a", "Add a", "initial commit"]
    rest.data("DELETE", f"/{here}/raw/a.txt", json={"message": "Remove a", "branch": "main"})
    assert rest("GET", f"/{here}/raw/a.txt").status_code == 404
    feed = rest.data("GET", "/sync/version/latest", params={"cur": 0})["versions"]
    assert [v["change_log"] for v in feed if v["repo_path"] == f"alice/{name}"] == [
        "initial commit", "Add a", "Change a", "Remove a"]
    assert rest("DELETE", f"/{here}").json() == {"msg": "OK"}
    assert rest("GET", f"/{here}").status_code == 404


def test_a_form_of_requests_is_read_and_large_files_come_back_whole(rest, name, home_hub):
    rest.data("POST", "/datasets", json={"namespace": "alice", "name": name})
    here = f"datasets/alice/{name}"
    content = bytes(range(256)) * 50_000
    rest.data("POST", f"/{here}/upload_file", data={"file_path": "deep/w.bin", "branch": "main", "message": "Up"},
              files={"file": ("w.bin", content)})
    file = rest.data("GET", f"/{here}/blob/deep/w.bin")
    assert file["lfs"] and file["lfs_sha256"] == hashlib.sha256(content).hexdigest()
    assert home_hub.get(f"/api/v1/{here}/resolve/deep/w.bin").content == content
    again = rest("POST", f"/{here}/upload_file", data={"file_path": "deep/w.bin", "branch": "main", "message": "Up"},
                 files={"file": ("w.bin", content)})
    assert again.status_code != 200 and "GIT-ERR-20" in again.text


def test_a_pointer_to_somebody_elses_blob_opens_nothing(rest, name, home_hub):
    """Knowing a digest is not having the bytes."""
    bob = Rest(home_hub, home_hub.token("bob", "write"))
    bob.data("POST", "/models", json={"namespace": "bob", "name": name, "private": True})
    secret = b"\0secret" * 1000
    bob.data("POST", f"/models/bob/{name}/upload_file", data={"file_path": "s.bin", "branch": "main", "message": "m"},
             files={"file": ("s.bin", secret)})
    oid = hashlib.sha256(secret).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(secret)}\n".encode()
    rest.data("POST", "/models", json={"namespace": "alice", "name": name})
    for path, body in [
        (f"/models/alice/{name}/raw/s.bin", {"message": "m", "content": encoded(pointer)}),
        (f"/models/alice/{name}/commit/main",
         {"message": "m", "files": [{"path": "s.bin", "action": "create", "content": encoded(pointer)}]}),
    ]:
        assert rest("POST", path, json=body).status_code == 400
    assert rest("GET", f"/models/alice/{name}/resolve/s.bin").status_code == 404


# -- by the SDK

def sdk(csghub, home_hub, **more):
    return csghub(home_hub.url, home_hub.alice, CSGHUB_DISABLE_XNET="true", **more)


def test_the_sdk_makes_repositories_and_branches(csghub, home_hub, rest, name):
    sdk(csghub, home_hub).value(
        """
        from pycsghub.api_client.api_client import CsghubApi
        api = CsghubApi(token=args[1], endpoint=args[0])
        api.create_repo(args[2], repo_type="model")
        api.create_repo(args[2], repo_type="model", exist_ok=True)
        api.create_branch(args[2], "dev", repo_type="model")
        result(True)
        """, home_hub.url, home_hub.alice, f"alice/{name}", timeout=120)
    shown = rest.data("GET", f"/models/alice/{name}")
    # The SDK makes every repository private.
    assert shown["private"] is True and shown["license"] == "apache-2.0"
    assert {b["name"] for b in rest.data("GET", f"/models/alice/{name}/branches")} == {"main", "dev"}


def test_the_sdk_uploads_one_file(csghub, home_hub, rest, name, tmp_path):
    (tmp_path / "notes.txt").write_text("by the sdk\n")
    client = sdk(csghub, home_hub)
    upload = ["csghub-cli", "upload", f"alice/{name}", "notes.txt", "-t", "model"]
    client.cli(*upload, cwd=tmp_path, timeout=120).checked()
    stored = [f["path"] for f in rest.data("GET", f"/models/alice/{name}/all_files")]
    path = next(p for p in stored if p.endswith("notes.txt"))
    assert rest.text(f"models/alice/{name}", path) == "by the sdk\n"
    # A second time the file is there, which the SDK takes for success.
    client.cli(*upload, cwd=tmp_path, timeout=120).checked()


@pytest.mark.parametrize("kind", ["model", "dataset", "code"])
def test_the_sdk_uploads_a_large_folder_of_texts(kind, csghub, home_hub, rest, name, tmp_path):
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    texts = {"README.md": "---\nlicense: mit\n---\n# Text\n", "deep/one.txt": "1\n" * 1000, "two.json": "{}\n",
             "empty.txt": ""}
    for path, text in texts.items():
        (folder / path).write_text(text)
    client = sdk(csghub, home_hub)
    upload = ["csghub-cli", "upload-large-folder", "-t", kind, f"alice/{name}", folder]
    client.cli(*upload, timeout=60).checked()
    for path, text in texts.items():
        assert rest.text(f"{kind}s/alice/{name}", path) == text
    shown = rest.data("GET", f"/{kind}s/alice/{name}")
    assert shown["license"] == "mit"
    commits = rest.data("GET", f"/{kind}s/alice/{name}/commits")["total"]
    # The same folder again is found to be there.
    client.cli(*upload, timeout=60).checked()
    assert rest.data("GET", f"/{kind}s/alice/{name}/commits")["total"] == commits
    client.cli("csghub-cli", "download", "-t", kind, f"alice/{name}", "--local-dir", tmp_path / "back",
               timeout=120).checked()
    assert (tmp_path / "back/deep/one.txt").read_text() == texts["deep/one.txt"]


def test_the_default_upload_of_a_folder_of_texts(csghub, home_hub, rest, name, tmp_path):
    """By way of huggingface_hub below `/hf`, which is what the SDK does unless told otherwise."""
    (tmp_path / "folder/deep").mkdir(parents=True)
    (tmp_path / "folder/README.md").write_text("---\nlicense: mit\n---\n# Text\n")
    (tmp_path / "folder/deep/one.txt").write_text("1\n")
    csghub(home_hub.url, home_hub.alice).cli(
        "csghub-cli", "upload", f"alice/{name}", tmp_path / "folder", timeout=60).checked()
    assert rest.text(f"models/alice/{name}", "deep/one.txt") == "1\n"
    assert rest.data("GET", f"/models/alice/{name}")["license"] == "mit"


# -- the community around it

def test_tags_likes_and_discussions(rest, name, home_hub):
    made = rest.data("POST", "/models", json={"namespace": "alice", "name": name})
    here, number = f"models/alice/{name}", made["repository_id"]
    admin = Rest(home_hub, home_hub.token("root", "admin", admin=True))
    admin.data("POST", "/tags/categories", json={"name": "tier", "scope": "model"})
    admin.data("POST", "/tags", json={"name": "gold", "category": "tier", "scope": "model"})
    rest.data("POST", f"/{here}/tags/tier", json=["gold"])
    assert [t["name"] for t in rest.data("GET", f"/{here}/tags") if t["category"] == "tier"] == ["gold"]
    found = rest.data("GET", "/models", params={"tag_category": "tier", "tag_name": "gold"})
    assert [r["path"] for r in found] == [f"alice/{name}"]
    carol = Rest(home_hub, home_hub.token("carol", "read"))
    carol_writes = Rest(home_hub, home_hub.token("carol", "write"))
    carol_writes.data("PUT", f"/user/carol/likes/{number}")
    assert carol.data("GET", f"/{here}")["user_likes"] is True
    assert [r["path"] for r in carol.data("GET", "/user/carol/likes/models")] == [f"alice/{name}"]
    thread = carol_writes.data("POST", f"/{here}/discussions", json={"title": "How fast?"})
    said = rest.data("POST", f"/discussions/{thread['id']}/comments", json={"content": "Very."})
    assert said["user"]["username"] == "alice"
    listed = carol.data("GET", f"/{here}/discussions")["discussions"]
    assert [(d["title"], d["comment_count"]) for d in listed] == [("How fast?", 1)]


# -- large files

def mixed_folder(folder):
    (folder / "deep").mkdir(parents=True)
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# Mixed\n")
    (folder / "config.json").write_text("{}\n")
    (folder / "deep/model.safetensors").write_bytes(bytes(range(256)) * 9_000)
    return folder


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_the_sdk_uploads_a_large_folder_with_large_files(kind, csghub, home_hub, rest, name, tmp_path):
    folder = mixed_folder(tmp_path / "folder")
    client = sdk(csghub, home_hub)
    client.cli("csghub-cli", "upload-large-folder", "-t", kind, f"alice/{name}", folder, timeout=60).checked()
    file = rest.data("GET", f"/{kind}s/alice/{name}/blob/deep/model.safetensors")
    content = (folder / "deep/model.safetensors").read_bytes()
    assert file["lfs"] and file["lfs_sha256"] == hashlib.sha256(content).hexdigest()
    assert rest("GET", f"/{kind}s/alice/{name}/resolve/deep/model.safetensors").content == content


@pytest.mark.parametrize("xet", ["by default", "without Xet"])
def test_the_default_upload_of_a_folder_with_large_files(xet, csghub, home_hub, rest, name, tmp_path):
    folder = mixed_folder(tmp_path / "folder")
    switch = {"HF_HUB_DISABLE_XET": "1"} if xet == "without Xet" else {}
    before = len(home_hub.log_records())
    csghub(home_hub.url, home_hub.alice, **switch).cli(
        "csghub-cli", "upload", f"alice/{name}", folder, timeout=60).checked()
    xorbs = [r for r in home_hub.log_records()[before:] if "/xorbs/" in r.get("route", "") and r["method"] == "POST"]
    assert bool(xorbs) == (xet == "by default")
    content = (folder / "deep/model.safetensors").read_bytes()
    assert rest("GET", f"/models/alice/{name}/resolve/deep/model.safetensors").content == content


def test_the_sdk_uploads_a_folder_by_git(csghub, home_hub, rest, name, git, tmp_path):
    folder = mixed_folder(tmp_path / "folder")
    client = sdk(csghub, home_hub, **git.variables)
    client.value(
        """
        from pycsghub.repository import Repository
        Repository(repo_id=args[2], upload_path=args[3], user_name="alice", token=args[1], repo_type="model",
                   endpoint=args[0], work_dir=args[4]).upload()
        result(True)
        """, home_hub.url, home_hub.alice, f"alice/{name}", folder, tmp_path / "work", timeout=90)
    content = (folder / "deep/model.safetensors").read_bytes()
    assert rest("GET", f"/models/alice/{name}/resolve/deep/model.safetensors").content == content
    assert rest.text(f"models/alice/{name}", "config.json") == "{}\n"
