"""Grants on paths and refs, by the clients whom they hold: what is kept back, by which way, and with which words."""

import json

import pytest
import requests

from support.content import random_bytes
from support.weir import Weir
from test_ssh import Door, make_key, sshd  # noqa: F401

SECRET = b"the name of a patient\n"
LARGE_SECRET = random_bytes("a large secret", 300_000)
LARGE_OPEN = random_bytes("a large file for all", 300_000)
REPO = "alice/study"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """alice's repository: bob may write, but not read `data/pii`; carl may write, but not there; dora only labels."""
    with Weir(tmp_path_factory.mktemp("paths")) as weir:
        for name in ("alice", "bob", "carl", "dora", "erin"):
            setattr(weir, name, weir.token(name, "write"))
        # Of what is public, everybody gets what he asks for without saying who he is.
        weir.checked("repository", "create", f"model:{REPO}", "--visibility", "private")
        lines = [{"key": "header", "value": {"summary": "fill"}}]
        for path, content in {"data/pii/a.txt": SECRET, "data/ok.txt": b"ok\n", "labels/a.txt": b"cat\n"}.items():
            lines.append({"key": "file", "value": {"path": path, "content": content.decode()}})
        answer = requests.post(
            f"{weir.url}/api/models/{REPO}/commit/main", data="\n".join(map(json.dumps, lines)),
            headers={**bearer(weir.alice), "Content-Type": "application/x-ndjson"}, timeout=30)
        assert answer.status_code == 200, answer.text
        give(weir, user="bob", role="writer")
        weir.kept = give(weir, user="bob", role="reader", effect="deny", path="data/pii/**")
        give(weir, user="carl", role="writer")
        weir.fixed = give(weir, user="carl", role="writer", effect="deny", path="data/pii/**")
        give(weir, user="dora", role="reader")
        give(weir, user="dora", role="writer", path="labels/**")
        give(weir, user="erin", role="writer")
        give(weir, user="erin", role="writer", effect="deny", ref="release/*")
        yield weir


def bearer(token: str) -> dict:
    return {"Authorization": f"Bearer {token}"}


def give(weir, **grant) -> str:
    answer = requests.post(f"{weir.url}/api/gateway/v1/grants/model/{REPO}", json=grant, headers=bearer(weir.alice),
                           timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def url(server, user: str) -> str:
    return f"http://{user}:{getattr(server, user)}@127.0.0.1:{server.port}/{REPO}.git"


@pytest.fixture(scope="module", autouse=True)
def large(server):
    """Two large files in git-lfs's way, one of them where bob may not read."""
    oids = {}
    for path, content in {"data/pii/large.bin": LARGE_SECRET, "data/large.bin": LARGE_OPEN}.items():
        answer = requests.post(
            f"{server.url}/api/v1/models/{REPO}/upload_file", headers=bearer(server.alice), timeout=60,
            data={"file_path": path, "message": "add", "branch": "main"}, files={"file": (path.split("/")[-1], content)})
        assert answer.status_code == 200, answer.text
        info = requests.post(f"{server.url}/api/models/{REPO}/paths-info/main", headers=bearer(server.alice),
                             data={"paths": path}, timeout=30).json()[0]
        oids[path] = info["lfs"]["oid"]
    return oids


def test_huggingface_hub_sees_and_gets_the_rest_and_is_told_what_is_kept(server, hub):
    seen = hub("2.4.0", server.url, server.bob).value(
        """
        from huggingface_hub import HfApi, hf_hub_download, snapshot_download
        import os
        api = HfApi()
        repo = args[0]
        def refused(work):
            try:
                work()
            except Exception as error:
                return [getattr(getattr(error, "response", None), "status_code", None), str(error)]
        folder = snapshot_download(repo)
        result({
            "files": sorted(api.list_repo_files(repo)),
            "tree": sorted(entry.path for entry in api.list_repo_tree(repo, recursive=True)),
            "info": [entry.path for entry in api.get_paths_info(repo, ["data/pii/a.txt", "data/ok.txt"])],
            "text": open(hf_hub_download(repo, "data/ok.txt")).read(),
            "snapshot": sorted(os.path.relpath(os.path.join(at, name), folder)
                               for at, _, names in os.walk(folder) for name in names),
            "kept": refused(lambda: hf_hub_download(repo, "data/pii/a.txt")),
            "absent": refused(lambda: hf_hub_download(repo, "data/pii/none.txt")),
            "head": refused(lambda: api.get_hf_file_metadata(api.hf_hub_url(repo, "data/pii/a.txt"))
                            if hasattr(api, "hf_hub_url") else hf_hub_download(repo, "data/pii/a.txt")),
        })
        """, REPO)
    for listing in ("files", "tree", "snapshot"):
        assert "data/ok.txt" in seen[listing] and not any("pii" in path for path in seen[listing]), seen[listing]
    assert seen["info"] == ["data/ok.txt"] and seen["text"] == "ok\n"
    for asked in ("kept", "absent", "head"):
        assert seen[asked][0] in (403, None) and seen[asked][1], seen[asked]
    answer = requests.get(f"{server.url}/{REPO}/resolve/main/data/pii/a.txt", headers=bearer(server.bob), timeout=30)
    assert answer.status_code == 403 and f"the grant {server.kept} denies it" in answer.text


def test_no_way_of_reading_tells_what_is_kept(server, large):
    headers = bearer(server.bob)
    for path in ("data/pii/a.txt", "data/pii/large.bin"):
        for way in (f"/{REPO}/resolve/main/{path}", f"/{REPO}/raw/main/{path}",
                    f"/api/v1/models/{REPO}/raw/{path}?ref=main", f"/api/v1/models/{REPO}/blob/{path}?ref=main",
                    f"/api/v1/models/{REPO}/download/{path}?ref=main",
                    f"/csg/{REPO}/resolve/main/{path}"):
            for more in ({}, {"Range": "bytes=0-3"}):
                answer = requests.get(server.url + way, headers={**headers, **more}, timeout=30)
                assert answer.status_code in (403, 404), f"{way}: {answer.status_code}"
                assert SECRET not in answer.content and large["data/pii/large.bin"] not in answer.text
    for way in (f"/api/models/{REPO}?blobs=true", f"/api/models/{REPO}/tree/main?recursive=true&expand=true",
                f"/api/v1/models/{REPO}/tree?path=data&ref=main", f"/api/v1/models/{REPO}/all_files?ref=main",
                f"/api/v1/models/{REPO}/refs/main/tree/data", f"/api/v1/models/{REPO}/refs/main/logs_tree/data",
                f"/api/models/{REPO}/lfs-files", f"/api/v1/models/{REPO}"):
        answer = requests.get(server.url + way, headers=headers, timeout=30)
        assert answer.status_code == 200, f"{way}: {answer.text}"
        assert "pii" not in answer.text and large["data/pii/large.bin"] not in answer.text, way
    sha = requests.get(f"{server.url}/api/models/{REPO}", headers=headers, timeout=30).json()["sha"]
    assert "pii" not in requests.get(f"{server.url}/api/v1/models/{REPO}/commit/{sha}", headers=headers,
                                     timeout=30).text


def test_a_large_file_is_not_given_by_its_digest(server, large):
    objects = [{"oid": large[path], "size": 300_000} for path in ("data/pii/large.bin", "data/large.bin")]
    answer = requests.post(
        f"{server.url}/{REPO}.git/info/lfs/objects/batch", timeout=30,
        headers={**bearer(server.bob), "Content-Type": "application/vnd.git-lfs+json"},
        data=json.dumps({"operation": "download", "transfers": ["basic"], "objects": objects}))
    kept, given = answer.json()["objects"]
    assert kept["error"]["code"] == 404 and "actions" not in kept
    assert requests.get(given["actions"]["download"]["href"], timeout=30).content == LARGE_OPEN
    direct = requests.get(f"{server.url}/{REPO}.git/info/lfs/objects/{large['data/pii/large.bin']}",
                          headers=bearer(server.bob), timeout=30)
    assert direct.status_code == 404


def test_git_and_ssh_say_that_they_cannot_leave_paths_out(server, sshd, git, tmp_path):  # noqa: F811
    output = git.try_run("clone", url(server, "bob"), tmp_path / "http")
    assert not output.ok and "git cannot leave them out" in output.text and "by the API" in output.text, output.text
    key = make_key(sshd[0], "bob-paths")
    server.checked("key", "add", "--user", "bob", "--file", f"{key}.pub")
    door = Door(sshd, key)
    output = git.try_run("clone", door.url(REPO), tmp_path / "ssh", **door.environment)
    assert not output.ok and "git cannot leave them out" in output.text, output.text
    git.run("clone", "--quiet", url(server, "carl"), tmp_path / "carl")


def test_csghub_reads_the_rest(server, csghub, tmp_path):
    folder = tmp_path / "all"
    csghub(server.url, server.bob, CSGHUB_DISABLE_XNET="true").value(
        """
        from pycsghub.snapshot_download import snapshot_download
        snapshot_download(args[3], local_dir=args[2], endpoint=args[0], token=args[1])
        result(True)
        """, server.url, server.bob, folder, REPO, timeout=120)
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert "data/ok.txt" in found and not any("pii" in path for path in found), found


def commit(git, work, path: str, content: str, message="change"):
    (work / path).parent.mkdir(parents=True, exist_ok=True)
    (work / path).write_text(content)
    git.run("add", "--all", cwd=work)
    git.run("commit", "--quiet", "-m", message, cwd=work)


@pytest.mark.parametrize("way", ["http", "ssh"])
def test_a_push_that_changes_what_is_kept_is_refused_with_the_path(way, server, sshd, git, tmp_path):  # noqa: F811
    work = tmp_path / "work"
    git.run("clone", "--quiet", url(server, "carl"), work, GIT_LFS_SKIP_SMUDGE="1")
    environment = {}
    if way == "ssh":
        key = make_key(sshd[0], "carl-paths")
        server.checked("key", "add", "--user", "carl", "--file", f"{key}.pub")
        door = Door(sshd, key)
        environment = door.environment
        git.run("remote", "set-url", "--push", "origin", door.url(REPO), cwd=work)

    def refused(*arguments):
        output = git.try_run("push", "--no-verify", *arguments, cwd=work, **environment)
        assert not output.ok and "'data/pii/" in output.text and server.fixed in output.text, output.text

    start = git.run("rev-parse", "HEAD", cwd=work)
    for change in (["rm", "-q", "data/pii/a.txt"], ["mv", "data/pii/a.txt", "elsewhere.txt"],
                   ["mv", "data/ok.txt", "data/pii/ok.txt"]):
        git.run(*change, cwd=work)
        git.run("commit", "--quiet", "-m", "change", cwd=work)
        refused("origin", "HEAD:main")
        refused("origin", "HEAD:refs/heads/other")
        git.run("reset", "--quiet", "--hard", start, cwd=work)
    # Changed and changed back: the tips agree, and a commit between them does not.
    commit(git, work, "data/pii/a.txt", "changed\n")
    git.run("revert", "--no-edit", "HEAD", cwd=work)
    refused("origin", "HEAD:main")
    git.run("reset", "--quiet", "--hard", start, cwd=work)
    # A merge of something old, and history forced back to before the path was there.
    git.run("checkout", "--quiet", "--orphan", "fresh", cwd=work)
    git.run("rm", "-rqf", ".", cwd=work)
    commit(git, work, "new.txt", "new\n")
    refused("--force", "origin", "HEAD:main")
    git.run("checkout", "--quiet", "-f", "main", cwd=work)
    # The rest goes through, on a branch of his as well, which takes what main has and goes again.
    commit(git, work, f"notes-{way}.txt", "notes\n")
    git.run("push", "--no-verify", "--quiet", "origin", "main", f"HEAD:refs/heads/{way}", cwd=work, **environment)
    git.run("push", "--no-verify", "--quiet", "origin", "--delete", way, cwd=work, **environment)


def test_huggingface_hub_is_refused_what_is_kept_and_a_labeller_all_but_labels(server, hub):
    code = """
        from huggingface_hub import HfApi, CommitOperationCopy, CommitOperationDelete
        import pathlib, tempfile
        api = HfApi()
        repo, allowed, denied = args
        def refused(work):
            try:
                work()
            except Exception as error:
                return [error.response.status_code, str(error)]
        folder = pathlib.Path(tempfile.mkdtemp())
        (folder / denied).parent.mkdir(parents=True, exist_ok=True)
        (folder / denied).write_bytes(b"mine")
        (folder / allowed).parent.mkdir(parents=True, exist_ok=True)
        (folder / allowed).write_bytes(b"mine")
        binary = b"\\0" * 12_000_000
        result({
            "folder": refused(lambda: api.upload_folder(repo_id=repo, folder_path=folder)),
            "delete": refused(lambda: api.delete_file("data/pii/a.txt", repo)),
            "large": refused(lambda: api.upload_file(path_or_fileobj=binary, path_in_repo=denied, repo_id=repo)),
            "squash": refused(lambda: api.super_squash_history(repo)) if allowed.startswith("labels") else [403, ""],
            "tag": refused(lambda: api.create_tag(repo, tag="v1")) if allowed.startswith("labels") else [403, ""],
            "file": refused(lambda: api.upload_file(path_or_fileobj=b"mine", path_in_repo=allowed, repo_id=repo)),
            "more": refused(lambda: api.upload_file(path_or_fileobj=binary, path_in_repo=allowed + ".bin",
                                                    repo_id=repo)),
        })
        """
    carl = hub("2.4.0", server.url, server.carl).value(code, REPO, "free/x.txt", "data/pii/x.bin")
    dora = hub("2.4.0", server.url, server.dora).value(code, REPO, "labels/x.txt", "free/x.bin")
    for seen, path in ((carl, "'data/pii/x.bin'"), (dora, "'free/x.bin'")):
        for way in ("folder", "large"):
            assert seen[way][0] == 403 and path in seen[way][1], seen[way]
        for way in ("delete", "squash", "tag"):
            assert seen[way][0] == 403, seen[way]
        assert seen["file"] is None and seen["more"] is None, seen
    info = requests.get(f"{server.url}/{REPO}/raw/main/.gitattributes", headers=bearer(server.alice), timeout=30).text
    assert "labels/x.txt.bin" not in info


def test_csghub_is_refused_what_is_kept(server):
    answer = requests.post(
        f"{server.url}/api/v1/models/{REPO}/raw/data/pii/new.txt", headers=bearer(server.carl), timeout=30,
        json={"content": "bWluZQ==", "message": "m", "branch": "main", "new_branch": "main"})
    assert answer.status_code == 403 and "'data/pii/new.txt'" in answer.json()["msg"], answer.text
    answer = requests.post(
        f"{server.url}/api/v1/models/{REPO}/raw/labels/new.txt", headers=bearer(server.dora), timeout=30,
        json={"content": "bWluZQ==", "message": "m", "branch": "main", "new_branch": "main"})
    assert answer.status_code == 200, answer.text


def test_a_ref_is_kept_from_every_way_of_writing(server, git, tmp_path):
    work = tmp_path / "work"
    git.run("clone", "--quiet", url(server, "erin"), work, GIT_LFS_SKIP_SMUDGE="1")
    commit(git, work, "release.txt", "1\n")
    output = git.try_run("push", "--no-verify", "--porcelain", "origin", "HEAD:refs/heads/release/1", "main", cwd=work)
    assert not output.ok and "You may not change 'refs/heads/release/1'" in output.text, output.text
    assert git.refs(url(server, "alice"))["refs/heads/main"] == git.run("rev-parse", "HEAD", cwd=work)
    answer = requests.post(f"{server.url}/api/models/{REPO}/branch/release/2", headers=bearer(server.erin), json={},
                           timeout=30)
    assert answer.status_code == 403 and "refs/heads/release/2" in answer.text
    assert requests.post(f"{server.url}/api/models/{REPO}/branch/release/2", headers=bearer(server.alice), json={},
                         timeout=30).status_code < 300


def test_grants_on_parts_are_listed_explained_audited_and_taken_back(server):
    listed = requests.get(f"{server.url}/api/gateway/v1/grants/model/{REPO}", headers=bearer(server.alice),
                          timeout=30).json()["grants"]
    assert {grant["path"] for grant in listed if "path" in grant} == {"data/pii/**", "labels/**"}
    assert [grant["ref"] for grant in listed if "ref" in grant] == ["refs/heads/release/*"]

    def explain(user, **query):
        answer = requests.get(f"{server.url}/api/authz/explain", headers=bearer(getattr(server, user)), timeout=30,
                              params={"repo": f"model:{REPO}", **query})
        assert answer.status_code == 200, answer.text
        return answer.json()["allowed"], answer.json()["rule"]

    assert explain("bob", verb="content.read", path="data/pii/a.txt") == (False, "deny-grant")
    assert explain("bob", verb="content.read", path="data/ok.txt")[0]
    assert explain("dora", verb="content.write", path="labels/q") == (True, "part-grant")
    assert explain("dora", verb="content.write", path="data/q") == (False, "no-rule")
    assert explain("erin", verb="content.write", ref="release/9") == (False, "deny-grant")
    answer = requests.post(f"{server.url}/api/gateway/v1/grants/model/{REPO}", headers=bearer(server.alice), timeout=30,
                           json={"user": "dora", "role": "admin", "path": "labels/**"})
    assert answer.status_code == 400 and "cannot be given on a part" in answer.text
    removed = requests.delete(f"{server.url}/api/gateway/v1/grants/model/{REPO}/{server.kept}",
                              headers=bearer(server.alice), timeout=30)
    assert removed.status_code == 204, removed.text
    assert explain("bob", verb="content.read", path="data/pii/a.txt")[0]
    server.checked("audit", "verify")
