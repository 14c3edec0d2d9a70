"""A caller who tries every door: names that are ours alone, links of others, malformed requests, bombs, and secrets."""

import base64
import gzip
import hashlib
import io
import json
import os
import socket
import sqlite3
import subprocess
import time
import urllib.parse

import pytest

from support import hostile as lies
from support.content import sha256_of
from support.crafted import CraftedGitServer, pointer
from support.hostile import Recorder
from support.weir import Weir, fast_upstream, mirror_document

MOUNTS = ["", "/hf", "/csg", "/ms"]


def raw(server, request: bytes, seconds: float = 5) -> bytes:
    """What comes back for these bytes until the server closes or falls silent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        try:
            connection.sendall(request)
        except OSError:
            pass
        connection.settimeout(1)
        answer = b""
        try:
            while piece := connection.recv(1 << 16):
                answer += piece
        except (TimeoutError, ConnectionResetError):
            pass
        return answer


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


# -- names that are ours alone

@pytest.fixture(params=["weir", "huggingface", "git-lfs", "csghub"])
def of_each_type(request, hostile, make_gateway):
    return make_gateway(hostile.url, type=request.param)


def test_s22_a_local_namespace_never_leaves_in_any_form(of_each_type, hostile, community):
    gateway = of_each_type
    gateway.import_folder(community.content.models["acme/tiny"], "model:own/private-name", "--private")
    hostile.forget()
    names = [f"{owner}/{name}" for owner in ("own", "OWN", "Own", "oWn", "o%77n")
             for name in ("private-name", "Private-Name", "next", "next.git")]
    for mount in MOUNTS:
        for name in names:
            for kind in ("models", "datasets", "spaces", "codes"):
                gateway.get(f"{mount}/api/{kind}/{name}")
                gateway.get(f"{mount}/{kind}/{name}.git/info/refs?service=git-upload-pack")
                gateway.get(f"{mount}/{kind}/{name}/resolve/main/x")
            gateway.get(f"{mount}/{name}/resolve/main/x")
            gateway.get(f"{mount}/{name}.git/info/lfs/objects/{'0' * 64}")
            gateway.post(f"{mount}/{name}.git/info/lfs/objects/batch",
                         json={"operation": "download", "objects": [{"oid": "0" * 64, "size": 1}]})
    for name in names:
        gateway.get(f"/api/v1/models/{name}")
        gateway.get(f"/api/v1/datasets/{name}/branches")
    assert hostile.count() == 0, {r.path for r in hostile.seen()}
    # The check is not blind: another name is asked for.
    gateway.get("/api/models/strangers/next")
    assert hostile.count() > 0


# -- where requests may go, and what they may carry

@pytest.mark.parametrize("type", ["weir", "huggingface", "git-lfs", "csghub", "opencsg"])
def test_s21_credentials_stay_at_their_origin_for_every_type(type, hostile, make_gateway, community, tmp_path):
    secret = tmp_path / "token"
    secret.write_text("canary-upstream-credential")
    secret.chmod(0o600)
    with Recorder(b"not what you want") as elsewhere:
        for kinds in ("blob", "git", "batch", "api", "any"):
            gateway = make_gateway(hostile.url, type=type, upstream={"auth": {"tokenFile": str(secret)}},
                                   cache={"ttl": {"negative": "1s"}})
            hostile.behave()
            if kinds == "batch":
                hostile.on("batch", lies.hrefs_elsewhere(elsewhere.url))
            else:
                for code in (301, 302, 303, 307, 308):
                    hostile.on(kinds, lies.redirect(elsewhere.url + "{path}", code), times=2)
            for path in ("/api/models/acme/tiny", "/acme/tiny/resolve/main/model.safetensors", "/acme/tiny/resolve/main/config.json",
                         "/acme/tiny.git/info/refs?service=git-upload-pack"):
                gateway.get(path)
            assert "canary" not in gateway.log()
    for headers in elsewhere.headers:
        assert "authorization" not in headers and "cookie" not in headers and "canary" not in str(headers)


TARGETS = ["http://169.254.169.254/latest/", "http://[fd00:ec2::254]/", "http://[::ffff:169.254.169.254]/", "http://2852039166/",
           "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://100.100.100.200/", "file:///etc/passwd", "gopher://127.0.0.1/",
           "ftp://127.0.0.1/", "dict://127.0.0.1:11211/stat", "//169.254.169.254/x", "http://user:pass@127.0.0.1/", "http://0.0.0.0/",
           "http://127.0.0.1\\@169.254.169.254/", "http://\r\nX: y"]


@pytest.mark.parametrize("target", TARGETS)
def test_a_link_of_a_batch_leads_nowhere_forbidden(target, make_gateway, tmp_path):
    content = b"c" * 5000
    oid = hashlib.sha256(content).hexdigest()
    with CraftedGitServer(tmp_path / "crafted") as crafted:
        repository = crafted.repository("acme/link")
        repository.publish(repository.files(a__bin=pointer(content), a__txt="a"))
        crafted.hrefs[oid] = target
        gateway = make_gateway(crafted.url, type="git-lfs")
        assert gateway.get("/acme/link/resolve/main/a.txt").text == "a"
        begun = time.monotonic()
        assert gateway.get("/acme/link/resolve/main/a.bin").status_code in (502, 503)
        assert time.monotonic() - begun < 12
        assert gateway.alive and not gateway.stored_blobs()


@pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace needs root")
def test_a_public_upstream_cannot_lead_into_this_machine(tmp_path):
    """In a network of its own a public address is ours: the upstream needs no `allowPrivate`, and loopback is closed."""
    name, public = f"weir-{os.getpid()}", "93.184.216.34"
    if subprocess.run(["ip", "netns", "add", name]).returncode != 0:
        pytest.skip("this container may not make network namespaces")
    try:
        inside = ["ip", "netns", "exec", name]
        subprocess.run([*inside, "ip", "link", "set", "lo", "up"], check=True)
        subprocess.run([*inside, "ip", "address", "add", f"{public}/32", "dev", "lo"], check=True)
        script = tmp_path / "server.py"
        script.write_text(_NAMESPACE)
        server = subprocess.Popen([*inside, "python3", str(script), str(tmp_path / "up"), public], stdout=subprocess.PIPE, text=True)
        facts = json.loads(server.stdout.readline())
        home = tmp_path / "home"
        home.mkdir()
        document = mirror_document("public", [fast_upstream("hub", "git-lfs", facts["url"])])
        document["spec"]["upstreams"][0]["allowPrivate"] = False
        with Weir(home, [document]) as _:
            pass
        gateway = Weir(home, [document])
        gateway.prefix = inside
        gateway.start()
        try:
            def get(path):
                done = subprocess.run([*inside, "curl", "-s", "-o", "/dev/stdout", "-w", "\n%{http_code}", gateway.url + path],
                                      capture_output=True, text=True, timeout=60)
                return done.stdout.rsplit("\n", 1)
            assert get("/acme/link/resolve/main/a.txt") == ["a", "200"]
            for file in facts["files"]:
                body, status = get(f"/acme/link/resolve/main/{file}")
                assert status in ("502", "503"), (file, body)
            assert get("/acme/link/resolve/main/good.bin")[1] == "200"
        finally:
            gateway.stop()
            server.stdin and server.stdin.close()
            server.terminate()
            seen = server.stdout.read()
        assert "CANARY" not in seen, "the loopback listener was reached"
    finally:
        subprocess.run(["ip", "netns", "delete", name])


_NAMESPACE = f"""
import hashlib, json, pathlib, sys, threading, time, http.server
sys.path.insert(0, {str(__import__('pathlib').Path(__file__).parent)!r})
from support.crafted import CraftedGitServer, pointer

class Canary(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print("CANARY", self.path, flush=True)
        self.send_response(200); self.end_headers(); self.wfile.write(b"secret of this machine")
    def log_message(self, *_): pass

canary = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary)
threading.Thread(target=canary.serve_forever, daemon=True).start()
port = canary.server_address[1]
targets = [f"http://127.0.0.1:{{port}}/x", f"http://localhost:{{port}}/x", f"http://[::1]:{{port}}/x", f"http://127.1:{{port}}/",
           f"http://[::ffff:127.0.0.1]:{{port}}/x", f"http://10.0.0.1:{{port}}/x", "http://169.254.169.254/x"]
with CraftedGitServer(pathlib.Path(sys.argv[1]), sys.argv[2]) as server:
    files = {{}}
    good = b"good" * 1000
    server.objects[hashlib.sha256(good).hexdigest()] = good
    for number, target in enumerate(targets):
        content = str(number).encode() * 3000
        server.hrefs[hashlib.sha256(content).hexdigest()] = target
        files[f"f{{number}}.bin"] = content
    repository = server.repository("acme/link")
    repository.publish([("100644", name, repository.blob(pointer(content))) for name, content in files.items()]
                       + [("100644", "good.bin", repository.blob(pointer(good))), *repository.files(a__txt="a")])
    print(json.dumps({{"url": server.url, "files": list(files)}}), flush=True)
    time.sleep(120)
"""


# -- links and digests of others

@pytest.fixture(scope="module")
def shared(community, tmp_path_factory):
    """A hub with a public, and two private repositories of different owners."""
    home = tmp_path_factory.mktemp("shared")
    with Weir(home, [mirror_document("community", [fast_upstream("hub", "weir", community.url)])]) as weir:
        weir.alice, weir.bob = weir.token("alice"), weir.token("bob")
        weir.import_folder(community.content.models["acme/tiny"], "model:alice/mine", "--private")
        weir.import_folder(community.content.models["acme/nested"], "model:bob/his", "--private")
        weir.weights = community.content.models["acme/tiny"] / "model.safetensors"
        yield weir


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def batch(server, repository, oid, size, token=None):
    answer = server.post(f"/{repository}.git/info/lfs/objects/batch", headers=bearer(token) if token else {},
                         data=json.dumps({"operation": "download", "objects": [{"oid": oid, "size": size}]}))
    return answer


def test_s13_a_digest_is_no_key(shared):
    oid, size = sha256_of(shared.weights), shared.weights.stat().st_size
    for name, token in (("bob/his", shared.bob), ("acme/nested", shared.bob), ("acme/nested", None)):
        answer = batch(shared, name, oid, size, token)
        assert answer.json()["objects"][0]["error"]["code"] == 404, name
        path = f"/{name}.git/info/lfs/objects/{oid}"
        assert shared.get(path, headers=bearer(token) if token else {}).status_code == 404
        assert shared.get(path + f"?size={size}", headers=bearer(token) if token else {}).status_code == 404
    assert batch(shared, "alice/mine", oid, size, shared.bob).status_code == 404
    assert batch(shared, "alice/mine", oid, size).status_code == 401


def test_s55_a_signed_link_fits_one_repository_one_object_one_caller_and_a_time(shared, community):
    oid, size = sha256_of(shared.weights), shared.weights.stat().st_size
    href = batch(shared, "alice/mine", oid, size, shared.alice).json()["objects"][0]["actions"]["download"]["href"]
    path = href[len(shared.url):]
    assert shared.get(path).status_code == 200
    plain, query = path.split("?")
    fields = dict(urllib.parse.parse_qsl(query))
    other = sha256_of(community.content.models["acme/nested"] / "model.safetensors")

    def forged(**changes):
        return urllib.parse.urlencode({**fields, **changes})

    attempts = [
        f"/bob/his.git/info/lfs/objects/{oid}?{query}", f"/acme/tiny.git/info/lfs/objects/{oid}?{query}",
        f"/datasets/alice/mine.git/info/lfs/objects/{oid}?{query}", f"{plain.replace(oid, other)}?{query}",
        f"{plain}?{forged(expires=str(int(fields['expires']) + 1))}", f"{plain}?{forged(expires='9' * 30)}",
        f"{plain}?{forged(token='0')}", f"{plain}?{forged(token='-1')}", f"{plain}?{forged(token='9' * 30)}",
        f"{plain}?{forged(signature='0' * 64)}", f"{plain}?{forged(signature='')}", f"{plain}?{forged(signature='zz' * 32)}",
        f"{plain}?{forged(signature=fields['signature'].upper())}", f"{plain}?signature={fields['signature']}",
        f"{plain}?token=0&{query}",
    ]
    for attempt in attempts:
        assert shared.get(attempt).status_code in (401, 403, 404), attempt
    # A link made for nobody opens nothing private.
    public = batch(shared, "acme/tiny", oid, size).json()["objects"][0]["actions"]["download"]["href"]
    assert shared.get(public[len(shared.url):].replace("acme/tiny", "alice/mine")).status_code == 403


def test_s5_a_revoked_token_closes_links_that_were_made_with_it(community, make_gateway):
    gateway = make_gateway(community.url)
    gateway.import_folder(community.content.models["acme/tiny"], "model:alice/mine", "--private")
    token = gateway.token("alice")
    weights = community.content.models["acme/tiny"] / "model.safetensors"
    href = batch(gateway, "alice/mine", sha256_of(weights), weights.stat().st_size, token).json()["objects"][0]["actions"]["download"]["href"]
    path = href[len(gateway.url):]
    assert gateway.get(path).status_code == 200
    with sqlite3.connect(gateway.data / "weir.db", timeout=10) as database:
        database.execute("UPDATE access_tokens SET revoked_at = 1")
    assert gateway.get(path).status_code == 403
    assert gateway.get("/api/models/alice/mine", headers=bearer(token)).status_code == 401
    with sqlite3.connect(gateway.data / "weir.db", timeout=10) as database:
        database.execute("UPDATE access_tokens SET revoked_at = NULL, expires_at = 1")
    assert gateway.get(path).status_code == 403


# -- requests that are none

SMUGGLED = b"GET /livez HTTP/1.1\r\nHost: smuggled\r\n\r\n"
MALFORMED = {
    "length and chunks": b"POST /api/models/a/b/paths-info/main HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": b"POST /api/models/a/b/paths-info/main HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n" + SMUGGLED,
    "a list of lengths": b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 0, 44\r\n\r\n" + SMUGGLED,
    "a signed length": b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: +0\r\n\r\n" + SMUGGLED,
    "a negative length": b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n" + SMUGGLED,
    "a hexadecimal length": b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 0x0\r\n\r\n" + SMUGGLED,
    "an unknown coding": b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked and not last": b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a space before the colon": b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length : 44\r\n\r\n" + SMUGGLED,
    "a folded header": b"GET /livez HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
    "a bad chunk size": b"POST /acme/x.git/git-upload-pack HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    "two hosts": b"GET /livez HTTP/1.1\r\nHost: h\r\nHost: evil\r\n\r\n",
    "a host that is none": b"GET /livez HTTP/1.1\r\nHost: e\"vil<x>\r\n\r\n",
    "an absolute target": b"GET http://evil/livez HTTP/1.1\r\nHost: h\r\n\r\n",
    "no target": b"GET  HTTP/1.1\r\nHost: h\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
    "a huge line": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n",
    "a huge header": b"GET /livez HTTP/1.1\r\nHost: h\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    "many headers": b"GET /livez HTTP/1.1\r\nHost: h\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(5000)) + b"\r\n",
    "a NUL in a header": b"GET /livez HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n",
}


# RFC 9112 lets a server read the first two, and git's errors come with 200; what follows them must not be an answer.
READABLE = ("a folded header", "an absolute target", "a bad chunk size")


@pytest.mark.parametrize("case", MALFORMED)
def test_s48_s49_a_malformed_request_is_refused_and_nothing_hides_in_it(case, shared):
    answer = raw(shared, MALFORMED[case])
    found = statuses(answer)
    if case in READABLE:
        assert len(found) == 1, answer[:600]
    else:
        assert all(status >= 400 for status in found), answer[:600]
    assert shared.get("/livez").status_code == 200


@pytest.mark.parametrize("path", [
    "/acme/tiny/resolve/main/%2e%2e/%2e%2e/etc/passwd", "/acme/tiny/resolve/main/..%2f..%2fweir.db", "/acme/tiny/resolve/main/%00",
    "/acme/tiny/resolve/main/a%00b", "/acme/tiny/resolve/main/%c0%ae%c0%ae/x", "/acme/tiny/resolve/main/%ff", "/acme/tiny/resolve/main/%",
    "/acme/tiny/resolve/main/%zz", "/acme/tiny/resolve/%2e%2e/x", "/acme%2ftiny/resolve/main/config.json", "/acme/%2e%2e/resolve/main/x",
    "/%61cme/tiny%2fresolve/main/x", "/hf/../acme/tiny", "//acme/tiny/resolve/main/config.json", "/api/models/acme/tiny/tree/main/%2e%2e",
    "/acme/tiny/resolve/main/.git/config", "/acme/tiny/raw/main/%2egit%2fHEAD", "/acme/tiny/resolve/main/" + "a/" * 300,
    "/acme/tiny.git/objects/info/packs", "/acme/tiny.git/config", "/acme/tiny.git/HEAD", "/api/models/acme/tiny?cursor=%00"])
def test_s26_tricks_with_paths_open_nothing(path, shared):
    answer = raw(shared, f"GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode())
    assert statuses(answer)[0] in (400, 401, 404), answer[:300]
    assert b"root:" not in answer and b"[core]" not in answer and b"SQLite" not in answer


def test_s63_s11_hosts_and_forwarded_headers_do_not_poison_links(community, make_gateway):
    gateway = make_gateway(community.url, flags=("--base-url", "https://hub.example.org/"))
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "Forwarded": "host=evil.example",
            "X-Original-URL": "/evil", "X-Rewrite-URL": "/evil", "X-Forwarded-Prefix": "/evil"}
    listing = gateway.get("/api/models/acme/nested/tree/main?recursive=true&limit=1", headers=evil)
    assert listing.headers["Link"].startswith("<https://hub.example.org/api/models/")
    weights = community.content.models["acme/tiny"] / "model.safetensors"
    answer = gateway.post("/acme/tiny.git/info/lfs/objects/batch", headers=evil, data=json.dumps(
        {"operation": "download", "objects": [{"oid": sha256_of(weights), "size": weights.stat().st_size}]}))
    assert answer.json()["objects"][0]["actions"]["download"]["href"].startswith("https://hub.example.org/acme/tiny.git/")
    for name in ("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"):
        assert name not in gateway.get("/api/models/acme/tiny", headers={"Origin": "https://evil.example"}).headers
    # Without a configured name the forwarded ones still count for nothing.
    plain = make_gateway(community.url)
    listing = plain.get("/api/models/acme/nested/tree/main?recursive=true&limit=1", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in listing.headers["Link"]


def bomb(megabytes: int) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as file:
        for _ in range(megabytes):
            file.write(b"0" * (1 << 20))
    return out.getvalue()


@pytest.mark.parametrize("path, type", [("/acme/tiny.git/git-upload-pack", "application/x-git-upload-pack-request"),
                                        ("/acme/tiny.git/info/lfs/objects/batch", "application/vnd.git-lfs+json"),
                                        ("/api/models/acme/tiny/paths-info/main", "application/x-www-form-urlencoded")])
def test_s47_a_compressed_bomb_is_not_inflated(path, type, shared):
    def resident():
        with open(f"/proc/{shared.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    content = bomb(500)
    before = resident()
    for coding in ("gzip", "gzip, gzip", "br", "zstd"):
        answer = shared.post(path, data=content, headers={"Content-Type": type, "Content-Encoding": coding}, timeout=30)
        said = answer.text
        assert answer.status_code in (400, 413, 415) or (answer.status_code == 200 and "ERR" in said), (coding, answer.status_code, said)
    assert resident() - before < 128 << 20


def test_s50_slow_and_silent_clients_do_not_keep_others_waiting(shared):
    held = []
    for number in range(200):
        connection = socket.create_connection(("127.0.0.1", shared.port))
        connection.sendall([b"", b"GET /livez HT", b"POST /acme/tiny.git/git-upload-pack HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n0"][number % 3])
        held.append(connection)
    for _ in range(20):
        begun = time.monotonic()
        assert shared.get("/livez").status_code == 200
        assert time.monotonic() - begun < 1
    # A head that never ends is not waited for.
    deadline = time.monotonic() + 20
    for each in held[1::3]:
        each.settimeout(max(0.1, deadline - time.monotonic()))
        while each.recv(1000):
            pass
    for each in held:
        each.close()


# -- secrets

def test_s59_no_secret_is_ever_said(hostile, make_gateway, community, tmp_path):
    """Canaries in every place a secret can be in, then every kind of failure, then a look at everything that was written."""
    canaries = {name: f"canary{name}{hashlib.sha256(name.encode()).hexdigest()[:24]}" for name in
                ("tokenfile", "bearer", "basic", "query", "cookie", "sync", "path", "environment")}
    secret = tmp_path / "token"
    secret.write_text(canaries["tokenfile"])
    secret.chmod(0o600)
    gateway = make_gateway(hostile.url, upstream={"auth": {"tokenFile": str(secret)}}, flags=("--log-level", "debug"),
                           environment={"UNRELATED_SECRET": canaries["environment"]}, cache={"ttl": {"ref": "1s", "negative": "1s"}})
    mine = gateway.token("alice")
    headers = [{"Authorization": f"Bearer {canaries['bearer']}"}, {"Authorization": canaries["bearer"]},
               {"Authorization": "Basic " + base64.b64encode(f"user:{canaries['basic']}".encode()).decode()},
               {"Authorization": "Basic " + canaries["basic"]}, {"X-OPENCSG-Sync-Token": canaries["sync"]},
               {"Authorization": "X-OPENCSG-Sync-Token" + canaries["sync"]}, {"Cookie": f"session={canaries['cookie']}"},
               {"Authorization": f"Bearer {mine}"}]
    echo = lies.status(403, message=f"no: {canaries['tokenfile']}")
    said = ""
    for rule in (None, ("api", echo), ("git", echo), ("batch", echo), ("blob", echo), ("any", lies.status(500, message=canaries["tokenfile"])),
                 ("any", lies.redirect(f"https://x:{canaries['tokenfile']}@elsewhere.example/?sig={canaries['query']}")),
                 ("any", lies.login_page), ("any", lambda handler, body: handler.hang_up())):
        hostile.behave()
        if rule:
            hostile.on(*rule)
        for number, each in enumerate(headers):
            for path in ("/api/models/acme/tiny", f"/api/models/acme/absent{number}?token={canaries['query']}",
                         f"/acme/tiny/resolve/main/model.safetensors?access_token={canaries['query']}", "/api/whoami-v2",
                         f"/nowhere/at/all/{canaries['path']}", "/acme/large.git/info/refs?service=git-upload-pack"):
                answer = gateway.get(path, headers=each, timeout=20)
                if canaries["path"] not in path:
                    said += str(answer.headers) + answer.text[:20_000]
            answer = batch(gateway, "acme/nested", "0" * 64, 1, mine)
            said += answer.text
    said += gateway.get("/metrics").text + gateway.log() + gateway.get("/readyz").text
    for name in canaries:
        assert canaries[name] not in said, name
        encoded = base64.b64encode(f"weir:{canaries[name]}".encode()).decode().rstrip("=")
        assert encoded not in said, name
    assert mine not in said
    gateway.stop()
    for path in gateway.data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for value in (*canaries.values(), mine):
                assert value.encode() not in content, path
