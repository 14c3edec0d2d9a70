"""Items of the security checklist that only the whole program shows. The page docs/security.md lists all of them."""

import os
import pathlib
import re
import socket
import sqlite3
import stat
import subprocess

import pytest

from support.content import small_model
from support.weir import BINARY, CORRUPT, ROOT, USAGE, Weir


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("secure")) as weir:
        weir.alice = weir.token("alice", "write")
        yield weir


# -- S12: no built-in secrets

def test_s12_keys_are_random_and_for_their_owner_alone(tmp_path):
    keys = []
    for name in ("one", "two"):
        with Weir(tmp_path / name) as weir:
            found = sorted(path for path in (weir.data / "keys").rglob("*") if path.is_file())
            assert found
            for path in found:
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
            keys.append({path.name: path.read_bytes() for path in found})
    for name, content in keys[0].items():
        assert len(content) >= 32 and content != keys[1][name], name


def test_s12_nothing_that_is_shipped_holds_a_secret():
    shapes = re.compile(rb"hf_[A-Za-z0-9]{30,}|ghp_[A-Za-z0-9]{30,}|weir_[A-Za-z0-9]{36}|AKIA[0-9A-Z]{16}"
                        rb"|-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]{40}")
    shipped = [BINARY, *(ROOT / "mirrors.d").rglob("*.yaml"), *(ROOT / "Sources").rglob("*.swift"),
               *(ROOT / "docs").rglob("*"), *(ROOT / "Scripts").rglob("*")]
    for path in shipped:
        if path.is_file():
            found = shapes.search(path.read_bytes())
            assert found is None, (path, found)


# -- S27: a link in a tree

def test_s27_a_pushed_link_is_data_for_every_reader(server, git, tmp_path):
    server.checked("repository", "create", "model:alice/links")
    work = tmp_path / "work"
    git.run("init", "--quiet", work)
    (work / "passwd").symlink_to("../../../../../../../../etc/passwd")
    (work / "data").symlink_to(server.data)
    (work / "README.md").write_text("# links\n")
    git.run("add", "--all", cwd=work)
    git.run("commit", "--quiet", "-m", "links", cwd=work)
    git.run("push", "--quiet", f"http://alice:{server.alice}@127.0.0.1:{server.port}/alice/links.git", "main", cwd=work)
    for path in ("/alice/links/resolve/main/passwd", "/alice/links/raw/main/passwd", "/alice/links/resolve/main/data/weir.db",
                 "/api/models/alice/links/tree/main/data", "/api/v1/models/alice/links/raw/passwd",
                 "/api/v1/models/alice/links/blob/passwd", "/api/v1/models/alice/links/resolve/passwd"):
        answer = server.get(path)
        assert b"root:" not in answer.content and b"SQLite" not in answer.content and answer.status_code < 500, path


# -- S34: objects that no ref of the repository names

def test_s34_a_commit_of_another_repository_is_not_fetched(server, git, tmp_path):
    server.checked("repository", "create", "model:alice/hidden", "--visibility", "private")
    server.checked("repository", "create", "model:alice/shown")
    heads = {}
    for name in ("hidden", "shown"):
        work = tmp_path / name
        git.run("init", "--quiet", work)
        (work / "file").write_text(name)
        git.run("add", "--all", cwd=work)
        git.run("commit", "--quiet", "-m", name, cwd=work)
        git.run("push", "--quiet", f"http://alice:{server.alice}@127.0.0.1:{server.port}/alice/{name}.git", "main", cwd=work)
        heads[name] = git.run("rev-parse", "HEAD", cwd=work)
    # What a refused push brought is nobody's either.
    (tmp_path / "shown/refused").write_text("refused")
    git.run("add", "--all", cwd=tmp_path / "shown")
    git.run("commit", "--quiet", "-m", "refused", cwd=tmp_path / "shown")
    refused = git.run("rev-parse", "HEAD", cwd=tmp_path / "shown")
    output = git.try_run("push", f"http://alice:{server.alice}@127.0.0.1:{server.port}/alice/shown.git", "main:refs/pr/1",
                         cwd=tmp_path / "shown")
    assert not output.ok
    git.run("init", "--quiet", tmp_path / "clone")
    for protocol in ("0", "2"):
        for commit in (heads["hidden"], refused):
            output = git.try_run("-c", f"protocol.version={protocol}", "fetch", f"{server.url}/alice/shown.git", commit,
                                 cwd=tmp_path / "clone")
            assert not output.ok, (protocol, output.text)
        assert git.try_run("-c", f"protocol.version={protocol}", "fetch", f"{server.url}/alice/shown.git", "main",
                           cwd=tmp_path / "clone").ok
    for path in (f"/api/models/alice/shown/revision/{heads['hidden']}", f"/alice/shown/resolve/{refused}/refused"):
        assert server.get(path).status_code == 404


# -- S48, S49: heads

def statuses(server, request: bytes) -> list[int]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        answer = b""
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(1 << 16):
                answer += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
        return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize("fields, size, fits", [(40, 10, True), (100, 10, False), (5000, 1, False), (10, 1000, True),
                                                (10, 6000, False), (1, 20_000, False)])
def test_s48_a_flood_of_header_fields_ends_at_the_limit(fields, size, fits, server):
    head = b"GET /livez HTTP/1.1\r\nHost: h\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"a" * size) for n in range(fields)) + b"\r\n"
    found = statuses(server, head)
    assert found == [200] if fits else all(status >= 400 for status in found), found
    assert server.get("/livez").status_code == 200


HIDDEN = b"GET /livez HTTP/1.1\r\nHost: hidden\r\n\r\n"
SMUGGLING = {
    "a tab before the colon": b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
    "a vertical tab": b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "two codings": b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "chunked twice": b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "a quoted coding": b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
    "two equal lengths and a coding": b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length with a space": b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1 0\r\n\r\n",
    "a length that overflows": b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551616\r\n\r\n",
    "a chunk size with a sign": b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n",
    "a chunk size with 0x": b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
    "no line end behind a chunk": b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
    "a carriage return in a name": b"GET /livez HTTP/1.1\r\nHost: h\r\nX\rY: a\r\n\r\n",
    "an empty name": b"GET /livez HTTP/1.1\r\nHost: h\r\n: a\r\n\r\n",
    "a space in front of the first field": b"GET /livez HTTP/1.1\r\n Host: h\r\n\r\n",
    "another version": b"GET /livez HTTP/9.9\r\nHost: h\r\n\r\n",
    "no version": b"GET /livez\r\n\r\n",
}


@pytest.mark.parametrize("case", SMUGGLING)
def test_s49_a_request_of_two_readings_gets_one_answer_and_the_connection_ends(case, server):
    found = statuses(server, SMUGGLING[case] + HIDDEN)
    assert len(found) <= 1, found
    assert all(status >= 400 for status in found), found
    assert server.get("/livez").status_code == 200


# -- S54: a body nobody may send

def test_s54_a_large_upload_without_a_right_is_refused_before_it_is_read(server):
    server.checked("repository", "create", "model:alice/uploads")
    for path in ("/alice/uploads.git/info/lfs/objects/" + "a" * 64, "/api/models/alice/uploads/commit/main"):
        method = "POST" if "commit" in path else "PUT"
        head = f"{method} {path} HTTP/1.1\r\nHost: h\r\nContent-Length: {1 << 40}\r\nContent-Type: application/x-ndjson\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.sendall(head.encode())
            # The answer comes though not one byte of the body was sent.
            assert connection.recv(1000).split(b" ")[1] == b"401"


# -- S59: what a database holds

def test_s59_the_database_and_the_audit_log_hold_no_token(tmp_path):
    with Weir(tmp_path) as weir:
        tokens = [weir.token("alice", scope) for scope in ("read", "upload", "write")]
        weir.import_folder(small_model(tmp_path / "model", "m", "mit"), "model:alice/m")
        for token in tokens:
            weir.get("/api/whoami-v2", headers={"Authorization": f"Bearer {token}"})
        made = weir.post("/api/gateway/v1/tokens", headers={"Authorization": f"Bearer {tokens[-1]}"},
                         json={"name": "made", "scope": "read"}).json()["token"]
    with sqlite3.connect(weir.data / "weir.db") as database:
        dump = "\n".join(database.iterdump())
    assert "INSERT INTO \"audit\"" in dump and "token.create" in dump
    for token in [*tokens, made]:
        assert token not in dump and token not in weir.log()


# -- S61: the chain of the audit log

def test_s61_audit_verify_names_the_record_that_was_changed(tmp_path):
    with Weir(tmp_path) as weir:
        for name in ("one", "two", "three"):
            weir.checked("repository", "create", f"model:alice/{name}")
        said = weir.checked("audit", "verify")
    found = re.match(r"(\d+) records, the last is (\1:[0-9a-f]{64})\n", said)
    assert found and "entries in the transparency log" in said, said
    anchor = found[2]
    assert weir.checked("audit", "verify", "--anchor", anchor).startswith(found[0])
    assert weir.command("audit", "verify", "--anchor", "nonsense").returncode == USAGE

    def change(sql: str):
        with sqlite3.connect(weir.data / "weir.db", timeout=30) as database:
            database.execute(sql)

    last = int(anchor.split(":")[0])
    change(f"DELETE FROM audit WHERE seq = {last}")
    # The chain agrees with itself; the transparency log remembers the record, and so does the anchor.
    cut = weir.command("audit", "verify")
    assert cut.returncode == CORRUPT and f"ends with record {last - 1}," in cut.stderr, cut.stderr
    cut = weir.command("audit", "verify", "--anchor", anchor)
    assert cut.returncode == CORRUPT and f"record {last} " in cut.stderr, cut.stderr
    change("UPDATE audit SET actor = 'mallory' WHERE seq = 2")
    changed = weir.command("audit", "verify")
    assert changed.returncode == CORRUPT and "record 2 " in changed.stderr, changed.stderr


# -- S62: no way to trust everybody

def test_s62_no_flag_and_no_setting_turns_verification_off():
    words = re.compile(r"insecure|skip.?verify|no.?verify|verify.?(none|false)", re.I)
    for command in (["serve"], ["policy", "check"], ["import"]):
        said = subprocess.run([str(BINARY), *command, "--help"], capture_output=True, text=True).stdout
        assert not words.search(said), said
    assert not words.search((ROOT / "docs/policy-schema.json").read_text())
    for path in (ROOT / "Sources").rglob("*.swift"):
        for line in path.read_text().splitlines():
            if re.search(r"SSL_VERIFY(PEER|HOST)", line):
                assert not re.search(r",\s*0\s*\)|,\s*false", line), (path, line)
