"""The transparency log: what it tells, to whom, and that nothing about it can be changed unseen."""

import base64
import hashlib
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys

import pytest
import requests

from support import log_checker
from support.weir import CORRUPT, Weir, eventually, run_weir

LOG = "/api/gateway/v1/log"
CHECKER = pathlib.Path(log_checker.__file__)
TAMPERINGS = 210


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def bearer(token: str) -> dict:
    return {"Authorization": f"Bearer {token}"}


# -- proofs, by RFC 9162's text

def follow_inclusion(index, size, leaf, path):
    node, last, root = index, size - 1, leaf
    for step in path:
        assert last
        if node & 1 or node == last:
            root = sha(b"\1" + step + root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = sha(b"\1" + root + step)
        node, last = node >> 1, last >> 1
    assert not last
    return root


def follow_consistency(first, second, old, path):
    if first & (first - 1) == 0:
        path = [old, *path]
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = path[0]
    for step in path[1:]:
        assert last
        if node & 1 or node == last:
            before, after = sha(b"\1" + step + before), sha(b"\1" + step + after)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            after = sha(b"\1" + after + step)
        node, last = node >> 1, last >> 1
    assert not last
    return before, after


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("log")
    folder = home / "folder"
    folder.mkdir()
    (folder / "README.md").write_text("hello\n")
    with Weir(home) as weir:
        weir.folder = folder
        weir.admin = weir.token("root", "admin", admin=True)
        weir.user = weir.token("alice", "write")
        for number in range(6):
            weir.import_folder(folder, f"model:acme/public{number}")
        weir.import_folder(folder, "model:secret/plans", "--private")
        yield weir


# -- who may read what

def test_everybody_reads_checkpoints_hashes_and_proofs_and_no_names(server):
    for headers in ({}, bearer(server.user)):
        head = server.get(LOG, headers=headers).json()
        assert head["size"] > 15 and head["origin"].startswith("weir-log/")
        entries = server.get(f"{LOG}/entries", headers=headers)
        # The log grows meanwhile: what was imported is scanned, and results are leaves too.
        assert head["size"] <= len(entries.json()["entries"]) <= server.get(LOG, headers=headers).json()["size"]
        assert all(set(entry) == {"index", "hash"} for entry in entries.json()["entries"])
        assert "secret" not in entries.text and "acme" not in entries.text
        assert server.post(f"{LOG}/checkpoint", headers=headers, json={}).status_code == (403 if headers else 401)
        note = server.get(f"{LOG}/checkpoint", headers=headers).text
        assert note.split("\n")[0] == head["origin"]


def test_auditors_read_what_the_leaves_say(server):
    entries = server.get(f"{LOG}/entries", headers=bearer(server.admin)).json()["entries"]
    leaves = [json.loads(entry["leaf"]) for entry in entries]
    assert any(leaf["kind"] == "ref" and leaf["subject"] == "model:secret/plans" for leaf in leaves)
    assert all(sha(b"\0" + entry["leaf"].encode()).hex() == entry["hash"] for entry in entries)
    # Two that say the same have other hashes: nobody can confirm a guess.
    assert len({leaf["salt"] for leaf in leaves}) == len(leaves)
    token = server.token("audrey")
    given = server.post("/api/gateway/v1/grants", headers=bearer(server.admin), json={"user": "audrey", "role": "auditor"})
    assert given.status_code < 300, given.text
    assert "leaf" in server.get(f"{LOG}/entries", headers=bearer(token)).json()["entries"][0]
    assert server.post(f"{LOG}/checkpoint", headers=bearer(token), json={}).status_code == 200


def test_entries_come_in_pages_that_were_asked_for(server):
    page = server.get(f"{LOG}/entries?start=3&end=7").json()
    assert [entry["index"] for entry in page["entries"]] == [3, 4, 5, 6] and page["next"] == 7
    assert server.get(f"{LOG}/entries?start=100000").json() == {"entries": [], "next": 100000}
    assert server.get(f"{LOG}/entries?start=5&end=4").status_code == 400
    assert server.get(f"{LOG}/entries?start=-1").status_code == 400


# -- proofs

def test_inclusion_and_consistency_are_proved_for_every_pair_of_sizes(server):
    size = server.get(LOG).json()["size"]
    hashes = [bytes.fromhex(entry["hash"]) for entry in server.get(f"{LOG}/entries").json()["entries"]]
    roots = {}
    chooser = random.Random(5)
    with requests.Session() as session:
        def ask(path):
            answer = session.get(server.url + LOG + path, timeout=10)
            assert answer.status_code == 200, answer.text
            return answer.json()
        for index in range(size):
            of = chooser.randint(index + 1, size)
            proof = ask(f"/proof/inclusion?index={index}&size={of}")
            assert bytes.fromhex(proof["leaf"]) == hashes[index]
            root = follow_inclusion(index, of, hashes[index], [bytes.fromhex(step) for step in proof["path"]])
            assert root.hex() == proof["root"] == roots.setdefault(of, proof["root"])
            assert ask(f"/proof/inclusion?hash={hashes[index].hex()}&size={of}") == proof
        for _ in range(60):
            first, second = sorted(chooser.sample(range(1, size + 1), 2))
            proof = ask(f"/proof/consistency?from={first}&to={second}")
            path = [bytes.fromhex(step) for step in proof["path"]]
            old, new = follow_consistency(first, second, bytes.fromhex(proof["first"]), path)
            assert (old.hex(), new.hex()) == (proof["first"], proof["second"])
            assert roots.setdefault(first, proof["first"]) == proof["first"]
            assert roots.setdefault(second, proof["second"]) == proof["second"]
    assert server.get(f"{LOG}/proof/inclusion?index={size + 99}").status_code == 404
    assert server.get(f"{LOG}/proof/inclusion?hash={'0' * 64}").status_code == 404
    assert server.get(f"{LOG}/proof/inclusion").status_code == 400
    assert server.get(f"{LOG}/proof/inclusion?index=0&size={size + 99}").status_code == 400
    assert server.get(f"{LOG}/proof/consistency?from=9&to=3").status_code == 400


def test_the_log_grows_and_older_checkpoints_stay_true(server, tmp_path):
    old = tmp_path / "old"
    old.write_text(server.post(f"{LOG}/checkpoint", headers=bearer(server.admin), json={}).text)
    server.import_folder(server.folder, "model:acme/later")
    new = server.post(f"{LOG}/checkpoint", headers=bearer(server.admin), json={}).text
    assert int(new.split("\n")[1]) > int(old.read_text().split("\n")[1])
    history = server.get(f"{LOG}/checkpoints").json()["checkpoints"]
    assert [each["note"] for each in history][:2] == [new, old.read_text()]
    key = server.get(LOG).json()["keys"][0]
    said = server.checked("audit", "verify", "--checkpoint", old, "--key", key)
    assert "checkpoints agree" in said
    # The independent checker, by the hub's REST, without an office and with one.
    for token in ({}, {"LOG_TOKEN": server.admin}):
        checked = subprocess.run(
            [sys.executable, CHECKER, server.url + LOG, "--key", key, old], capture_output=True, text=True, env=token)
        assert checked.returncode == 0, checked.stderr
    assert len(CHECKER.read_text().splitlines()) <= 60


# -- what comes from upstream

def test_an_acquisition_is_in_the_log_with_one_digest_over_its_files(make_gateway, community, tmp_path):
    gateway = make_gateway(community.url)
    commit = gateway.head("/acme/tiny/resolve/main/config.json").headers["X-Repo-Commit"]
    token = bearer(gateway.token("root", "admin", admin=True))

    def leaf():
        entries = gateway.get(f"{LOG}/entries", headers=token).json()["entries"]
        return next((leaf for leaf in (json.loads(entry["leaf"]) for entry in entries)
                     if leaf["kind"] == "acquisition" and leaf["subject"] == "model:acme/tiny"), None)

    found = eventually(leaf, 10)
    record = gateway.get(f"/api/gateway/v1/provenance/models/acme/tiny@{commit}")
    files = sorted(record.json()["files"], key=lambda file: file["path"].encode())
    lines = "".join(f"{file['sha256']}  {file['path']}\n" for file in files)
    assert found["detail"] == {
        "commit": commit, "record": record.headers["X-Content-SHA256"], "contents": sha(lines.encode()).hex()}
    gateway.stop()
    gateway.checked("audit", "verify")
    database = sqlite3.connect(gateway.data / "weir.db")
    with database:
        database.execute("UPDATE provenance SET record = REPLACE(record, 'allow', 'deny ')")
    said = gateway.command("audit", "verify")
    assert said.returncode == CORRUPT and f"provenance record of {commit}" in said.stderr, said.stderr


# -- tamperings

class Database:
    """A hub's database, opened by somebody who knows how the log is made."""

    def __init__(self, path: pathlib.Path):
        self.connection = sqlite3.connect(path)
        rows = self.connection.execute(
            "SELECT at, kind, repository, leaf FROM transparency_leaves ORDER BY seq").fetchall()
        self.leaves = [list(row) for row in rows]

    def write(self):
        """All rows anew, with hashes that fit."""
        self.connection.execute("DELETE FROM transparency_leaves")
        edge = []
        for seq, (at, kind, repository, leaf) in enumerate(self.leaves):
            digest, nodes = sha(b"\0" + leaf.encode()), ""
            edge.append((1, digest))
            while len(edge) > 1 and edge[-1][0] == edge[-2][0]:
                (size, right), (_, left) = edge.pop(), edge.pop()
                edge.append((2 * size, sha(b"\1" + left + right)))
                nodes += edge[-1][1].hex()
            self.connection.execute(
                "INSERT INTO transparency_leaves VALUES (?, ?, ?, ?, ?, ?, ?)",
                (seq, at, kind, repository, leaf, digest.hex(), nodes))
        root = edge[-1][1]
        for _, left in edge[-2::-1]:
            root = sha(b"\1" + left + root)
        return root

    def close(self):
        self.connection.commit()
        self.connection.close()


def sign(text: str, origin: str, pem: pathlib.Path, folder: pathlib.Path) -> str:
    der = subprocess.run(["openssl", "pkey", "-in", pem, "-pubout", "-outform", "DER"], capture_output=True, check=True)
    (folder / "text").write_text(text)
    made = subprocess.run(
        ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", pem, "-in", folder / "text"], capture_output=True, check=True)
    mark = sha(origin.encode() + b"\n\x01" + der.stdout[-32:])[:4]
    return f"{text}\n\u2014 {origin} {base64.b64encode(mark + made.stdout).decode()}\n"


def edited(leaf: str, chooser) -> str:
    """A leaf that says something else, as valid as before."""
    content = json.loads(leaf)
    word = chooser.choice(["at", "salt", "subject", "detail"])
    if word == "at":
        content["at"] += chooser.choice([-1, 1]) * chooser.randint(1, 10**6)
    elif word == "salt":
        content["salt"] = chooser.randbytes(16).hex()
    elif word == "subject":
        content["subject"] += chooser.choice("xyz")
    else:
        key = chooser.choice(sorted(content["detail"]))
        value = content["detail"][key]
        content["detail"][key] = value + 1 if isinstance(value, int) else chooser.randbytes(20).hex()
    return json.dumps(content, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def tamper(kind: str, path: pathlib.Path, origin: str, own: pathlib.Path, other: pathlib.Path, chooser):
    data = Database(path)
    sql = data.connection.execute
    size = len(data.leaves)
    at = chooser.randrange(size)
    if kind == "leaf":
        sql("UPDATE transparency_leaves SET leaf = ? WHERE seq = ?", (edited(data.leaves[at][3], chooser), at))
    elif kind == "hash":
        sql("UPDATE transparency_leaves SET leaf_hash = ? WHERE seq = ?", (chooser.randbytes(32).hex(), at))
    elif kind == "gap":
        sql("DELETE FROM transparency_leaves WHERE seq = ?", (at,))
    elif kind == "swap":
        other_at = (at + chooser.randrange(1, size)) % size
        data.leaves[at], data.leaves[other_at] = data.leaves[other_at], data.leaves[at]
        data.write()
    elif kind == "rewrite":
        content = edited(data.leaves[at][3], chooser)
        data.leaves[at][3], data.leaves[at][0] = content, json.loads(content)["at"]
        data.write()
    elif kind == "insert":
        data.leaves.insert(at, [data.leaves[at][0], data.leaves[at][1], data.leaves[at][2], edited(data.leaves[at][3], chooser)])
        data.write()
    elif kind == "remove":
        del data.leaves[at]
        data.write()
    elif kind == "cut":
        # The tail, and what was signed and recorded of it.
        del data.leaves[max(1, at):]
        data.write()
        sql("DELETE FROM transparency_checkpoints WHERE size > ?", (len(data.leaves),))
        last = max((json.loads(leaf[3])["detail"]["sequence"] for leaf in data.leaves if leaf[1] == "audit"), default=0)
        sql("DELETE FROM audit WHERE seq > ?", (last,))
    elif kind == "note":
        id, note = chooser.choice(sql("SELECT id, note FROM transparency_checkpoints").fetchall())
        lines = note.split("\n")
        if chooser.random() < 0.5:
            lines[1] = str(int(lines[1]) - 1)
        else:
            lines[2] = base64.b64encode(chooser.randbytes(32)).decode()
        sql("UPDATE transparency_checkpoints SET note = ?, size = ?, root = ? WHERE id = ?",
            ("\n".join(lines), int(lines[1]), base64.b64decode(lines[2]).hex(), id))
    else:
        # Written anew from somewhere on, and every checkpoint signed anew: with a key of one's own, or with the hub's.
        content = edited(data.leaves[at][3], chooser)
        data.leaves[at][3], data.leaves[at][0] = content, json.loads(content)["at"]
        root = data.write()
        sql("DELETE FROM transparency_checkpoints")
        text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
        note = sign(text, origin, other if kind == "foreign-key" else own, path.parent)
        sql("INSERT INTO transparency_checkpoints VALUES (1, ?, ?, ?, 0)", (size, root.hex(), note))
    data.close()


def export(path: pathlib.Path, origin: str, key: str, to: pathlib.Path):
    """What 'weir audit export' writes, by the rows alone."""
    connection = sqlite3.connect(path)
    lines = [{"origin": origin, "keys": [key]}]
    lines += [{"index": seq, "hash": digest, "leaf": leaf} for seq, digest, leaf in connection.execute(
        "SELECT seq, leaf_hash, leaf FROM transparency_leaves ORDER BY seq")]
    lines += [{"checkpoint": note} for note, in connection.execute("SELECT note FROM transparency_checkpoints")]
    connection.close()
    to.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


@pytest.fixture(scope="module")
def stopped(server, tmp_path_factory):
    """A copy of the hub, its checkpoint kept elsewhere, its key, and a database to spoil."""
    home = tmp_path_factory.mktemp("spoilt")
    data = home / "data"
    run = lambda *words: run_weir(*words, "--data", data)
    folder = server.folder
    for number in range(8):
        assert run("import", folder, "--as", f"model:acme/m{number}").returncode == 0
        if number in (2, 5):
            assert run("audit", "checkpoint").returncode == 0
    note = run("audit", "checkpoint").stdout
    (home / "witness").write_text(note)
    key = run("audit", "checkpoint", "--keys").stdout.strip()
    connection = sqlite3.connect(data / "weir.db")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shutil.copy(data / "weir.db", home / "pristine.db")
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", home / "other.pem"], check=True)
    own = next((data / "keys/signing").glob("ed25519-*.pem"))
    return home, data, key, note.split("\n")[0], own


def restore(home, data):
    for leftover in data.glob("weir.db-*"):
        leftover.unlink()
    shutil.copy(home / "pristine.db", data / "weir.db")


def both(home, data, key, origin):
    """What weir and the independent checker say: whether each is content."""
    export(data / "weir.db", origin, key, home / "export")
    try:
        log_checker.check(str(home / "export"), [key], [str(home / "witness")])
        checker = True
    except AssertionError:
        checker = False
    said = run_weir("audit", "verify", "--checkpoint", home / "witness", "--key", key, "--data", data)
    assert said.returncode in (0, CORRUPT), said.stderr
    return said.returncode == 0, checker, said.stderr


KINDS = ["leaf", "hash", "gap", "swap", "rewrite", "insert", "remove", "cut", "note", "foreign-key", "own-key"]


def test_random_tamperings_are_all_detected_by_both(stopped):
    home, data, key, origin, own = stopped
    restore(home, data)
    assert both(home, data, key, origin) == (True, True, "")
    chooser = random.Random(20)
    missed = []
    for number in range(TAMPERINGS):
        kind = KINDS[number % len(KINDS)]
        restore(home, data)
        tamper(kind, data / "weir.db", origin, own, home / "other.pem", chooser)
        weir, checker, said = both(home, data, key, origin)
        if weir or checker or not said.strip():
            missed.append((number, kind, weir, checker))
    assert not missed


def test_two_histories_from_one_copy_are_found_by_their_checkpoints(stopped, server):
    home, data, key, origin, _ = stopped
    restore(home, data)
    twin = home / "twin"
    shutil.copytree(data, twin)
    for place, name in ((data, "model:acme/left"), (twin, "model:acme/right")):
        assert run_weir("import", server.folder, "--as", name, "--data", place).returncode == 0
        note = run_weir("audit", "checkpoint", "--data", place)
        assert note.returncode == 0
        (home / f"{place.name}.note").write_text(note.stdout)
    for place, mine, theirs in ((data, "data", "twin"), (twin, "twin", "data")):
        # Each is whole by itself, and with what was known before.
        for checkpoint in (f"{mine}.note", "witness"):
            assert run_weir("audit", "verify", "--checkpoint", home / checkpoint, "--data", place).returncode == 0
        said = run_weir("audit", "verify", "--checkpoint", home / f"{theirs}.note", "--data", place)
        assert said.returncode == CORRUPT and "shown differently" in said.stderr
        assert run_weir("audit", "export", home / "fork", "--data", place).returncode == 0
        log_checker.check(str(home / "fork"), [key], [str(home / f"{mine}.note")])
        with pytest.raises(AssertionError, match="shown differently"):
            log_checker.check(str(home / "fork"), [key], [str(home / f"{theirs}.note")])


def test_nothing_is_signed_over_a_log_that_was_rewritten(stopped):
    home, data, key, origin, own = stopped
    restore(home, data)
    tamper("rewrite", data / "weir.db", origin, own, home / "other.pem", random.Random(1))
    connection = sqlite3.connect(data / "weir.db")
    connection.execute("DELETE FROM transparency_leaves WHERE seq = (SELECT MAX(seq) FROM transparency_leaves)")
    connection.commit()
    connection.close()
    said = run_weir("audit", "checkpoint", "--data", data)
    assert said.returncode == CORRUPT and "nothing is signed" in said.stderr
