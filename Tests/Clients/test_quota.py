"""What a namespace may store, as the clients that reach its limit see it (S24)."""

import concurrent.futures
import hashlib
import random

import pytest
import requests

from support.weir import OK, REFUSED, Weir, run_weir

LIMIT = 3_000_000


def content(size: int, seed: str) -> tuple[bytes, str]:
    data = random.Random(seed).randbytes(size)
    return data, hashlib.sha256(data).hexdigest()


@pytest.fixture
def server(tmp_path):
    with Weir(tmp_path / "weir") as weir:
        weir.acme = weir.token("acme", "write")
        create(weir, "demo")
        limit(weir, LIMIT)
        # What git was given when the repository was made.
        weir.base = account(weir)["used"]
        yield weir


def bearer(token: str) -> dict:
    return {"Authorization": f"Bearer {token}"}


def create(server, name: str, token: str | None = None):
    answer = server.post("/api/repos/create", json={"name": name}, headers=bearer(token or server.acme))
    assert answer.status_code == 200, answer.text


def limit(server, size, name: str = "acme"):
    assert run_weir("quota", "set", name, "--bytes", size, "--data", server.data).returncode == OK


def account(server, name: str = "acme", token: str | None = None) -> dict:
    answer = server.get(f"/api/gateway/v1/quotas/{name}", headers=bearer(token or server.acme))
    assert answer.status_code == 200, answer.text
    return answer.json()["bytes"]


def books_are_right(server):
    counted = run_weir("quota", "recount", "--data", server.data)
    assert counted.returncode == OK, counted.stdout
    return True


def batch(server, objects, token=None, repository="acme/demo"):
    answer = server.post(
        f"/{repository}.git/info/lfs/objects/batch", headers=bearer(token or server.acme),
        json={"operation": "upload", "transfers": ["basic"],
              "objects": [{"oid": oid, "size": size} for oid, size in objects]})
    assert answer.status_code == 200, answer.text
    return answer.json()["objects"]


def test_fifty_at_once_at_nine_tenths_never_go_above(server):
    """What is declared is set aside before it flows, so exactly those go through that fit together."""
    first, oid = content(LIMIT * 9 // 10, "first")
    href = batch(server, [(oid, len(first))])[0]["actions"]["upload"]["href"]
    assert requests.put(href, data=first, timeout=60).status_code == 200
    before = account(server)["used"]
    size = 50_000
    bodies = [content(size, f"parallel {number}") for number in range(50)]

    def upload(body):
        data, oid = body
        answer = requests.put(
            f"{server.url}/acme/demo.git/info/lfs/objects/{oid}", data=data, headers=bearer(server.acme), timeout=120)
        assert account(server)["used"] + account(server)["reserved"] <= LIMIT + size
        assert account(server)["used"] <= LIMIT
        return answer

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(upload, bodies))
    stored = [answer for answer in answers if answer.status_code == 200]
    assert len(stored) == (LIMIT - before) // size
    refused = [answer for answer in answers if answer.status_code != 200]
    assert {answer.status_code for answer in refused} == {507}
    assert all("storage quota of 'acme' is exceeded" in answer.json()["message"] for answer in refused)
    assert account(server) == {"limit": LIMIT, "used": before + len(stored) * size, "reserved": 0}
    assert books_are_right(server)


def test_a_batch_refuses_what_does_not_fit_beside_the_rest(server):
    (small, small_oid), (large, large_oid) = content(LIMIT // 2, "s"), content(LIMIT, "l")
    answers = batch(server, [(small_oid, len(small)), (large_oid, len(large))])
    assert "actions" in answers[0]
    assert answers[1]["error"]["code"] == 507 and "quota" in answers[1]["error"]["message"]
    assert account(server)["reserved"] == len(small)
    # Asked again it is the same object, not one more.
    assert "actions" in batch(server, [(small_oid, len(small))])[0]
    assert account(server)["reserved"] == len(small)
    # Wrong bytes give everything back.
    href = answers[0]["actions"]["upload"]["href"]
    assert requests.put(href, data=b"x" * len(small), timeout=60).status_code == 422
    assert account(server)["reserved"] == 0
    assert books_are_right(server)


@pytest.mark.parametrize("version", ["0.36.2", "1.33.0", "2.4.0"])
def test_hf_upload_says_why(server, hub, tmp_path, version):
    file = tmp_path / "model.bin"
    file.write_bytes(content(LIMIT + 12_000_000, version)[0])
    client = hub(version, server.url, server.acme)
    program = "huggingface-cli" if version.startswith("0.") else "hf"
    output = client.cli(program, "upload", "acme/demo", file, "model.bin")
    assert not output.ok and "storage quota of 'acme' is exceeded" in output.text, output.text
    file.write_bytes(content(100_000, version)[0])
    assert client.cli(program, "upload", "acme/demo", file, "model.bin").ok
    held = account(server)
    # The file and what git was given beside it.
    assert 100_000 <= held["used"] < 110_000 and held["reserved"] == 0
    assert books_are_right(server)


@pytest.fixture
def clone(server, git, tmp_path):
    folder = tmp_path / "clone"
    git.run("clone", f"{server.url.replace('://', '://acme:' + server.acme + '@')}/models/acme/demo.git", folder)
    git.run("lfs", "install", "--local", "--skip-repo", cwd=folder)
    return folder


def commit(git, folder, name: str, data: bytes):
    (folder / name).write_bytes(data)
    git.run("add", ".", cwd=folder)
    git.run("commit", "--message", name, cwd=folder)


def test_git_push_says_why_and_loses_nothing(server, git, clone):
    commit(git, clone, "small.txt", b"small\n")
    git.run("push", "origin", "HEAD:main", cwd=clone)
    used = account(server)["used"]
    assert server.base < used < server.base + 10_000
    commit(git, clone, "data", content(LIMIT + 1_000_000, "push")[0])
    output = git.try_run("push", "origin", "HEAD:main", cwd=clone)
    assert not output.ok and "remote: The storage quota of 'acme' is exceeded" in output.text, output.text
    assert account(server) == {"limit": LIMIT, "used": used, "reserved": 0}
    limit(server, "20MB")
    git.run("push", "origin", "HEAD:main", cwd=clone)
    assert account(server)["used"] > LIMIT
    assert books_are_right(server)


def test_git_lfs_push_says_why(server, git, clone):
    (clone / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs -text\n")
    commit(git, clone, "large.bin", content(LIMIT + 1, "lfs")[0])
    output = git.try_run("push", "origin", "HEAD:main", cwd=clone)
    assert not output.ok and "storage quota of 'acme' is exceeded" in output.text, output.text
    assert account(server)["used"] == server.base and not server.stored_blobs()


def test_import_and_csghub_say_why(server, tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.bin").write_bytes(content(LIMIT + 1, "import")[0])
    refused = run_weir("import", folder, "--as", "model:acme/imported", "--data", server.data)
    assert refused.returncode == REFUSED and "storage quota of 'acme' is exceeded" in refused.stderr
    assert account(server) == {"limit": LIMIT, "used": server.base, "reserved": 0}
    answer = server.post(
        "/api/v1/models/acme/demo/upload_file", headers=bearer(server.acme),
        files={"file": ("big.bin", content(20_000_000, "form")[0])},
        data={"file_path": "big.bin", "branch": "main", "message": "big"})
    assert answer.status_code == 413 and answer.json()["code"] == "QUOTA-ERR-0", answer.text
    assert "storage quota of 'acme' is exceeded" in answer.json()["msg"]
    assert account(server) == {"limit": LIMIT, "used": server.base, "reserved": 0}


def test_only_administrators_set_limits(server):
    other = server.token("bob", "write")
    assert server.get("/api/gateway/v1/quotas/acme", headers=bearer(other)).status_code == 403
    assert server.get("/api/gateway/v1/quotas", headers=bearer(server.acme)).status_code == 403
    for method in ("put", "delete"):
        answer = requests.request(
            method, f"{server.url}/api/gateway/v1/quotas/acme", headers=bearer(server.acme), json={"bytes": 1},
            timeout=30)
        assert answer.status_code == 403
    assert account(server)["limit"] == LIMIT
    listed = run_weir("quota", "list", "--data", server.data)
    assert listed.returncode == OK and listed.stdout.startswith(
        f"acme: {server.base} bytes used, 0 set aside, of {LIMIT} (3 MB)")


PROPOSE = """
from huggingface_hub import HfApi
api = HfApi()
commit = api.upload_file(path_or_fileobj=args[1], path_in_repo="big.bin", repo_id=args[0], create_pr=True,
                         commit_message="Add big.bin")
result(commit.pr_revision)
"""


@pytest.mark.parametrize("version", ["0.36.2", "1.33.0", "2.4.0"])
def test_an_outsider_proposes_a_large_file_at_his_own_expense(server, hub, tmp_path, version):
    outsider = server.token("eve", "write")
    reader = server.token("bob", "write")
    assert server.post(
        "/api/models/acme/demo/commit/main", headers={**bearer(server.acme), "Content-Type": "application/x-ndjson"},
        data='{"key":"header","value":{"summary":"first"}}\n'
             '{"key":"file","value":{"path":"a.txt","content":"YQ==","encoding":"base64"}}\n').status_code == 200
    owner = account(server)["used"]
    data, oid = content(12_000_000, f"proposed {version}")
    file = tmp_path / "big.bin"
    file.write_bytes(data)
    # More than the owner may store: it is not his.
    revision = hub(version, server.url, outsider).value(PROPOSE, "acme/demo", file)
    assert revision == "refs/pr/1"
    assert account(server)["used"] == owner
    assert account(server, "eve", outsider)["used"] >= len(data)
    answer = server.get("/acme/demo/resolve/refs%2Fpr%2F1/big.bin", headers=bearer(reader))
    assert answer.status_code == 200 and hashlib.sha256(answer.content).hexdigest() == oid
    assert server.get("/acme/demo/resolve/main/big.bin", headers=bearer(reader)).status_code == 404
    assert books_are_right(server)


def test_what_is_staged_is_nobody_elses(server):
    outsider, reader = server.token("eve", "write"), server.token("bob", "write")
    data, oid = content(70_000, "staged")
    href = batch(server, [(oid, len(data))], outsider)[0]["actions"]["upload"]["href"]
    assert requests.put(href, data=data, timeout=60).status_code == 200
    assert "actions" not in batch(server, [(oid, len(data))], outsider)[0]
    for token in (reader, server.acme):
        # Neither read nor skipped: who has the bytes sends them himself (S13).
        assert server.get(f"/acme/demo.git/info/lfs/objects/{oid}", headers=bearer(token)).status_code == 404
        assert "actions" in batch(server, [(oid, len(data))], token)[0]
    # Not even its author reads it before a commit names it.
    assert server.get(f"/acme/demo.git/info/lfs/objects/{oid}", headers=bearer(outsider)).status_code == 404
    assert account(server, "eve", outsider)["used"] == len(data)
    assert account(server)["used"] == server.base
    assert books_are_right(server)


def test_the_servers_default_holds_for_commands_beside_it(tmp_path):
    with Weir(tmp_path / "weir", flags=("--quota", "1MB", "--quota-repositories", "1")) as server:
        server.acme = server.token("acme", "write")
        create(server, "demo")
        answer = server.post("/api/repos/create", json={"name": "second"}, headers=bearer(server.acme))
        assert answer.status_code == 413 and "may have 1 repositories" in answer.headers["X-Error-Message"]
        shown = run_weir("quota", "show", "acme", "--data", server.data)
        assert "of 1000000 (1 MB); 1 repositories of 1; server's default" in shown.stdout
        folder = tmp_path / "folder"
        folder.mkdir()
        (folder / "big.bin").write_bytes(content(1_000_001, "default")[0])
        assert run_weir("import", folder, "--as", "model:acme/demo", "--data", server.data).returncode == REFUSED
