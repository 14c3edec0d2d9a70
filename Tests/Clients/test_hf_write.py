"""Three versions of huggingface_hub write: repositories, commits of small files, branches, tags and settings."""

import concurrent.futures

import pytest
import requests

from support.clients import HUB_VERSIONS
from support.weir import Weir

each_version = pytest.mark.parametrize("version", list(HUB_VERSIONS))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A hub of its own; `server.writer` may write, `server.reader` may not."""
    with Weir(tmp_path_factory.mktemp("hfwrite")) as weir:
        weir.writer = weir.token("ada", "write")
        weir.reader = weir.token("ada", "read")
        weir.other = weir.token("bob", "write")
        yield weir


@pytest.fixture
def ada(server, hub):
    """A client of `ada` in a version; names of its repositories carry the version."""
    return lambda version, token=None: hub(version, server.url, token or server.writer)


def name(version: str, what: str) -> str:
    return f"ada/{what}-{version.replace('.', '-')}"


@each_version
def test_create_upload_and_read_back(version, ada):
    repo = name(version, "first")
    seen = ada(version).value(
        """
        from huggingface_hub import HfApi, hf_hub_download
        api = HfApi()
        repo = args[0]
        url = api.create_repo(repo)
        again = api.create_repo(repo, exist_ok=True)
        try:
            api.create_repo(repo)
            twice = None
        except Exception as error:
            twice = error.response.status_code
        commit = api.upload_file(path_or_fileobj=b"hello", path_in_repo="a/b.txt", repo_id=repo)
        same = api.upload_file(path_or_fileobj=b"hello", path_in_repo="a/b.txt", repo_id=repo)
        info = api.model_info(repo)
        result({
            "url": str(url), "id": url.repo_id, "again": str(again), "twice": twice, "sha": info.sha,
            "oid": commit.oid, "same": same.oid, "commit_url": commit.commit_url,
            "files": sorted(api.list_repo_files(repo)), "text": open(hf_hub_download(repo, "a/b.txt")).read(),
            "titles": [c.title for c in api.list_repo_commits(repo)],
        })
        """, repo)
    assert seen["id"] == repo and seen["url"].endswith(f"/{repo}") and seen["again"] == seen["url"]
    assert seen["twice"] == 409
    assert seen["files"] == [".gitattributes", "a/b.txt"]
    assert seen["text"] == "hello"
    assert seen["oid"] == seen["sha"] == seen["same"]
    assert seen["commit_url"] == f"{seen['url']}/commit/{seen['oid']}"
    assert seen["titles"] == ["Upload a/b.txt with huggingface_hub", "initial commit"]


@each_version
def test_commit_of_many_operations_and_its_parent(version, ada):
    repo = name(version, "commits")
    seen = ada(version).value(
        """
        from huggingface_hub import (HfApi, CommitOperationAdd as Add, CommitOperationCopy as Copy,
                                     CommitOperationDelete as Delete)
        from huggingface_hub.utils import EntryNotFoundError, HfHubHTTPError
        api = HfApi()
        repo = args[0]
        api.create_repo(repo, repo_type="dataset")
        def commit(*operations, **more):
            return api.create_commit(repo, list(operations), commit_message="change", commit_description="why",
                                     repo_type="dataset", **more)
        def refused(work):
            try:
                work()
            except (HfHubHTTPError, EntryNotFoundError) as error:
                return [type(error).__name__, error.response.status_code, str(error)]
        first = commit(Add("data/a.txt", b"a"), Add("data/b.txt", b"b"), Add("c.txt", b"c"), Add("empty", b""))
        second = commit(Delete("data/a.txt"), Copy("c.txt", "d.txt"), Add("e.txt", b"e"), parent_commit=first.oid)
        files = sorted(api.list_repo_files(repo, repo_type="dataset"))
        late = refused(lambda: commit(Add("x", b"x"), parent_commit=first.oid))
        missing = refused(lambda: commit(Delete("nowhere.txt")))
        escape = refused(lambda: commit(Add(r"..\\ddd", b"x")))
        api.delete_file("e.txt", repo, repo_type="dataset")
        api.delete_folder("data", repo, repo_type="dataset")
        absent = refused(lambda: commit(Add("x", b"x"), revision="nowhere"))
        result([files, late, missing, escape, absent, sorted(api.list_repo_files(repo, repo_type="dataset")),
                api.list_repo_commits(repo, repo_type="dataset")[-2].message])
        """, repo)
    files, late, missing, escape, absent, left, message = seen
    assert files == [".gitattributes", "c.txt", "d.txt", "data/b.txt", "e.txt", "empty"]
    assert late[1] == 412
    assert "The branch was updated since you opened this page. Please refresh and try again." in late[2]
    assert missing[1] == 404 and "EntryNotFound" in missing[0] and "A file with this name doesn't exist" in missing[2]
    assert escape[1] == 422
    assert absent[0] == "RevisionNotFoundError"
    assert left == [".gitattributes", "c.txt", "d.txt", "empty"]
    assert message == "why"


@each_version
def test_branches_tags_and_squash(version, ada):
    repo = name(version, "refs")
    seen = ada(version).value(
        """
        from huggingface_hub import HfApi
        from huggingface_hub.utils import HfHubHTTPError
        api = HfApi()
        repo = args[0]
        api.create_repo(repo)
        def refused(work):
            try:
                work()
            except HfHubHTTPError as error:
                return [type(error).__name__, error.response.status_code, str(error)]
        first = api.upload_file(path_or_fileobj=b"1", path_in_repo="a", repo_id=repo).oid
        second = api.upload_file(path_or_fileobj=b"2", path_in_repo="a", repo_id=repo).oid
        api.create_branch(repo, branch="feature/x")
        api.create_branch(repo, branch="old", revision=first[:7])
        api.create_branch(repo, branch="old", exist_ok=True)
        api.create_tag(repo, tag="v1", revision="old", tag_message="the first")
        api.create_tag(repo, tag="light")
        api.create_tag(repo, tag="light", exist_ok=True)
        api.upload_file(path_or_fileobj=b"3", path_in_repo="b", repo_id=repo, revision="feature/x")
        refs = api.list_repo_refs(repo)
        texts = [
            refused(lambda: api.create_branch(repo, branch="old")),
            refused(lambda: api.create_branch(repo, branch="refs/pr/5")),
            refused(lambda: api.create_branch(repo, branch="new", revision="nowhere")),
            refused(lambda: api.delete_branch(repo, branch="nowhere")),
            refused(lambda: api.delete_branch(repo, branch="v1")),
            refused(lambda: api.delete_branch(repo, branch="main")),
            refused(lambda: api.create_tag(repo, tag="light")),
            refused(lambda: api.create_tag(repo, tag="with space")),
            refused(lambda: api.create_tag(repo, tag="t", revision="nowhere")),
            refused(lambda: api.delete_tag(repo, tag="nowhere")),
            refused(lambda: api.super_squash_history(repo, branch=first)),
        ]
        api.delete_branch(repo, branch="old")
        api.delete_tag(repo, tag="v1")
        api.super_squash_history(repo, commit_message="all of it")
        after = api.list_repo_refs(repo)
        result({
            "first": first, "second": second, "branches": {b.name: b.target_commit for b in refs.branches},
            "tags": {t.name: t.target_commit for t in refs.tags}, "texts": texts,
            "left": [sorted(b.name for b in after.branches), sorted(t.name for t in after.tags)],
            "squashed": [c.title for c in api.list_repo_commits(repo)], "files": sorted(api.list_repo_files(repo)),
            "kept": len(api.list_repo_commits(repo, revision="feature/x")),
        })
        """, repo)
    assert seen["branches"]["main"] == seen["second"] and seen["branches"]["old"] == seen["first"]
    assert seen["tags"] == {"v1": seen["first"], "light": seen["second"]}
    exists, reserved, start, missing, tag_as_branch, main, tag, space, revision, no_tag, sha = seen["texts"]
    assert exists[1] == 409 and "Reference refs/heads/old already exists" in exists[2]
    assert reserved[1] == 400 and start[0] == "RevisionNotFoundError"
    assert missing[1] == tag_as_branch[1] == 404
    assert "Invalid rev id" in missing[2] and "Invalid rev id" in tag_as_branch[2]
    assert main[1] == 403 and "Cannot delete refs/heads/main" in main[2]
    assert tag[1] == 409 and space[1] == 400
    assert revision[0] == no_tag[0] == sha[0] == "RevisionNotFoundError"
    assert seen["left"] == [["feature/x", "main"], ["light"]]
    assert seen["squashed"] == ["all of it"] and seen["files"] == [".gitattributes", "a"]
    assert seen["kept"] == 4


@each_version
def test_move_settings_duplicate_and_delete(version, ada, server):
    repo, moved = name(version, "old-name"), name(version, "New-Name")
    seen = ada(version).value(
        """
        import huggingface_hub
        from huggingface_hub import HfApi, hf_hub_download
        from huggingface_hub.utils import HfHubHTTPError, RepositoryNotFoundError
        api = HfApi()
        repo, moved = args
        api.create_repo(repo, private=True)
        api.upload_file(path_or_fileobj=b"text", path_in_repo="a.txt", repo_id=repo)
        found = {"private": api.model_info(repo).private}
        api.move_repo(from_id=repo, to_id=moved)
        found["by old name"] = api.model_info(repo).id
        found["file by old name"] = open(hf_hub_download(repo, "a.txt")).read()
        api.upload_file(path_or_fileobj=b"more", path_in_repo="b.txt", repo_id=repo)
        api.create_repo(repo)
        try:
            api.move_repo(from_id=repo, to_id=moved)
        except HfHubHTTPError as error:
            found["taken"] = [error.response.status_code, str(error)]
        update = getattr(api, "update_repo_settings")
        update(moved, private=False, gated="manual")
        found["public"] = api.model_info(moved, token=False).private
        found["files"] = sorted(api.list_repo_files(moved))
        update(moved, gated=False)
        if hasattr(api, "duplicate_repo"):
            copy = api.duplicate_repo(moved, to_id=repo + "-copy")
            found["copy"] = [copy.repo_id, sorted(api.list_repo_files(copy.repo_id))]
        api.delete_repo(moved)
        api.delete_repo(moved, missing_ok=True)
        try:
            api.delete_repo(moved)
        except RepositoryNotFoundError as error:
            found["gone"] = error.response.status_code
        result(found)
        """, repo, moved)
    assert seen["private"] is True and seen["public"] is False
    assert seen["by old name"] == moved and seen["file by old name"] == "text"
    assert seen["taken"][0] == 409 and f"A model repository called {moved} already exists" in seen["taken"][1]
    assert seen["files"] == [".gitattributes", "a.txt", "b.txt"]
    assert seen["gone"] == 404
    if version != "0.36.2":
        assert seen["copy"] == [f"{repo}-copy", [".gitattributes", "a.txt", "b.txt"]]


@each_version
def test_upload_folder_with_ignored_files_and_deletions(version, ada, tmp_path):
    repo = name(version, "folder")
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / ".gitignore").write_text("*.log\n!keep.log\n/sub/secret\n")
    (folder / "README.md").write_text("---\nlicense: mit\ntags: [tiny]\n---\n# Folder\n")
    for number in range(300):
        (folder / "sub" / f"{number}.txt").write_text(f"{number}\n")
    for ignored in ["a.log", "keep.log", "sub/secret"]:
        (folder / ignored).write_text("x")
    seen = ada(version).value(
        """
        from huggingface_hub import HfApi
        api = HfApi()
        repo, folder = args
        api.create_repo(repo)
        api.upload_folder(repo_id=repo, folder_path=folder)
        files = sorted(api.list_repo_files(repo))
        api.upload_folder(repo_id=repo, folder_path=folder + "/sub", path_in_repo="sub", allow_patterns="1*.txt",
                          delete_patterns="*.txt")
        info = api.model_info(repo)
        result([files, sorted(api.list_repo_files(repo)), info.card_data.license, "tiny" in info.tags])
        """, repo, folder, timeout=240)
    expected = sorted([".gitattributes", ".gitignore", "README.md", "keep.log"] + [f"sub/{n}.txt" for n in range(300)])
    assert seen[0] == expected
    assert seen[1] == [f for f in expected if not f.startswith("sub/") or f.startswith("sub/1")]
    assert seen[2:] == ["mit", True]


@each_version
def test_cards_and_their_metadata(version, ada):
    repo = name(version, "card")
    seen = ada(version).value(
        """
        from huggingface_hub import HfApi, ModelCard, ModelCardData
        api = HfApi()
        repo = args[0]
        api.create_repo(repo)
        card = ModelCard("---\\n" + ModelCardData(license="apache-2.0", language="en").to_yaml() + "\\n---\\n# X\\n")
        # Before 2.0 the card itself asks huggingface.co whether it is valid; the commit asks the endpoint.
        if args[1] == "2.4.0":
            card.push_to_hub(repo)
        else:
            api.upload_file(path_or_fileobj=str(card).encode(), path_in_repo="README.md", repo_id=repo)
        try:
            api.upload_file(path_or_fileobj=b"---\\na: [1\\n---\\n", path_in_repo="README.md", repo_id=repo)
            refused = None
        except ValueError as error:
            refused = str(error)
        result([ModelCard.load(repo).data.license, refused])
        """, repo, version)
    assert seen[0] == "apache-2.0"
    assert "Invalid metadata in README.md" in seen[1]


@each_version
def test_file_system_writes(version, ada):
    repo = name(version, "fs")
    seen = ada(version).value(
        """
        from huggingface_hub import HfApi, HfFileSystem
        repo = args[0]
        HfApi().create_repo(repo, repo_type="dataset")
        fs = HfFileSystem()
        root = "datasets/" + repo
        with fs.open(root + "/data/one.txt", "w") as file:
            file.write("one")
        with fs.open(root + "/data/one.txt", "w") as file:
            file.write("one and more")
        fs.cp_file(root + "/data/one.txt", root + "/two.txt")
        fs.rm(root + "/data/one.txt")
        result([fs.cat(root + "/two.txt").decode(), sorted(fs.find(root))])
        """, repo)
    assert seen == ["one and more", [f"datasets/{repo}/.gitattributes", f"datasets/{repo}/two.txt"]]


@each_version
def test_spaces_have_their_sdk(version, ada):
    repo = name(version, "space")
    seen = ada(version).value(
        """
        from huggingface_hub import HfApi
        api = HfApi()
        url = api.create_repo(args[0], repo_type="space", space_sdk="static")
        result([str(url), api.space_info(args[0]).sdk])
        """, repo)
    assert seen[0].endswith(f"/spaces/{repo}") and seen[1] == "static"


@each_version
@pytest.mark.parametrize("mount", ["/hf", "/csg"])
def test_the_command_line_uploads_at_every_mount(version, mount, server, hub, tmp_path):
    repo = name(version, f"cli{mount[1:]}")
    (tmp_path / "one.txt").write_text("one")
    client = hub(version, server.url + mount, server.writer)
    repos = "repo" if version == "0.36.2" else "repos"
    created = client.cli("hf", repos, "create", repo).checked()
    assert f"{server.url}{mount}/{repo}" in created.text or repo in created.text
    client.cli("hf", "upload", repo, tmp_path / "one.txt", "deep/one.txt").checked()
    assert server.get(f"/{repo}/resolve/main/deep/one.txt").text == "one"
    if version != "0.36.2":  # whose command line deletes no repositories
        client.cli("hf", repos, "delete", repo, "--yes").checked()
        assert server.get(f"/api/models/{repo}").status_code == 401


@each_version
def test_what_a_caller_may_not_do(version, server, ada):
    repo, private = name(version, "mine"), name(version, "hidden")
    ada(version).value(
        """
        from huggingface_hub import HfApi
        HfApi().create_repo(args[0])
        HfApi().create_repo(args[1], private=True)
        result(None)
        """, repo, private)
    code = """
        from huggingface_hub import HfApi
        from huggingface_hub.utils import HfHubHTTPError
        api = HfApi()
        def refused(work):
            try:
                work()
            except HfHubHTTPError as error:
                return [type(error).__name__, error.response.status_code]
        def each(repo):
            return [
                refused(lambda: api.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id=repo)),
                refused(lambda: api.create_branch(repo, branch="b")),
                refused(lambda: api.create_tag(repo, tag="t")),
                refused(lambda: api.update_repo_settings(repo, private=True)),
                refused(lambda: api.move_repo(from_id=repo, to_id=repo + "x")),
                refused(lambda: api.delete_repo(repo)),
            ]
        result([each(args[0]), each(args[1]), refused(lambda: api.create_repo("ada/theirs"))])
        """
    for token in [server.reader, server.other]:
        mine, hidden, created = ada(version, token).value(code, repo, private)
        assert all(each[1] == 403 for each in mine), mine
        assert created[1] == 403
        if token == server.other:
            assert all(each == ["RepositoryNotFoundError", 404] for each in hidden), hidden


def test_raw_requests_that_are_no_commit(server):
    headers = {"Authorization": f"Bearer {server.writer}"}
    assert server.post("/api/repos/create", json={"name": "plain"}, headers=headers).status_code == 200
    url = "/api/models/ada/plain/commit/main"
    header = b'{"key":"header","value":{"summary":"s"}}\n'

    def status(body, **more):
        return server.post(url, data=body, headers={**headers, **more}).status_code

    assert status(b"") == 400
    assert status(b"nonsense\n") == 400
    assert status(b'{"key":"file","value":{"path":"a","content":"","encoding":"base64"}}\n') == 400
    assert status(b'{"key":"header","value":{"summary":" "}}\n') == 400
    assert status(header + b'{"key":"file","value":{"path":"a","content":"!!","encoding":"base64"}}\n') == 400
    assert status(header + b'{"key":"unknown","value":{"path":"a"}}\n') == 400
    assert status(header + b'{"key":"file","value":{"path":".git/config","content":"","encoding":"base64"}}') == 422
    assert status(header + b'{"key":"lfsFile","value":{"path":"a","oid":"' + b"0" * 64 + b'","size":1}}\n') == 400
    assert status(header + b'{"key":"file","value":{"path":"a","content":"' + b"A" * (45 << 20) + b'"}}\n') == 413
    assert server.post(url + "?create_pr=1", data=header).status_code == 401
    assert server.post(url, data=header).status_code == 401
    # A text as large as one may be, plain and in Base64, and nothing else of all that.
    text = "ä\\\n" * 100_000
    body = header + requests.compat.json.dumps(
        {"key": "file", "value": {"path": "plain.txt", "content": text}}).encode()
    assert status(body) == 200
    assert server.get("/ada/plain/resolve/main/plain.txt").text == text
    assert [f["path"] for f in server.get("/api/models/ada/plain/tree/main").json()] == [".gitattributes", "plain.txt"]


def test_of_32_writers_on_one_head_one_wins_and_all_others_are_told(server):
    headers = {"Authorization": f"Bearer {server.writer}"}
    assert server.post("/api/repos/create", json={"name": "race"}, headers=headers).status_code == 200

    def commit(name, **header):
        lines = [{"key": "header", "value": {"summary": name, **header}},
                 {"key": "file", "value": {"path": name, "content": name}}]
        return server.post("/api/models/ada/race/commit/main", headers=headers,
                           data="\n".join(map(requests.compat.json.dumps, lines)).encode())

    head = commit("first").json()["commitOid"]
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda number: commit(f"w{number}", parentCommit=head), range(32)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [412] * 31, statuses
    for answer in answers:
        assert answer.status_code == 200 or "updated" in answer.headers["X-Error-Message"], answer.headers
    # Those that expect nothing go one after the other, and each is kept.
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda number: commit(f"n{number}"), range(32)))
    assert {answer.status_code for answer in answers} == {200}
    names = {entry["path"] for entry in server.get("/api/models/ada/race/tree/main", headers=headers).json()}
    assert {f"n{number}" for number in range(32)} <= names
    assert len([name for name in names if name.startswith("w")]) == 1


def test_an_old_name_redirects_only_who_may_see_the_new_one(server):
    headers = {"Authorization": f"Bearer {server.writer}"}
    server.post("/api/repos/create", json={"name": "before", "private": True}, headers=headers).raise_for_status()
    server.post("/api/repos/move", json={"fromRepo": "ada/before", "toRepo": "ada/after", "type": "model"},
                headers=headers).raise_for_status()
    for path in ["/api/models/ada/before", "/ada/before/resolve/main/.gitattributes?download=true"]:
        mine = server.head(path, headers=headers, allow_redirects=False) if "resolve" in path else server.get(
            path, headers=headers, allow_redirects=False)
        assert mine.status_code == 307
        assert mine.headers["Location"] == path.replace("before", "after")
        theirs = server.get(path, headers={"Authorization": f"Bearer {server.other}"}, allow_redirects=False)
        assert theirs.status_code == 404 and "after" not in theirs.text
        assert server.get(path, allow_redirects=False).status_code == 401
