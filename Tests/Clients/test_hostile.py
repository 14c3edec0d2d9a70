"""Upstream lies. No client ever completes a wrong file, nothing wrong is stored, and the error names the cause."""

import re
import time

import pytest

from support import hostile as lies
from support.checks import assert_store_is_true, fetch
from support.content import sha256_of
from support.hostile import Recorder
from support.weir import eventually

FILE = "/acme/large/resolve/main/model.safetensors"
QUICK = {"ttl": {"ref": "10m", "negative": "1s"}}

# The lie about the bytes of a blob, and words one of which must appear in what the gateway says about it.
BLOB_LIES = {
    "flipped byte": (lies.flip_a_byte(20_000_000), r"sha-?256|digest|checksum|hash"),
    "flipped last byte": (lies.flip_a_byte((64 << 20) - 1), r"sha-?256|digest|checksum|hash"),
    "one byte short": (lies.wrong_size(-1), r"size|length|short|bytes"),
    "one byte long": (lies.wrong_size(1), r"size|length|long|bytes"),
    "login page": (lies.login_page, r"html|size|length|bytes"),
    "cut at 60 %": (lies.cut(0.6), r"cut|closed|broke|truncat|ended|short|incomplete|bytes|transfer"),
    "429": (lies.status(429, "1"), r"429|rate|too many|throttl"),
    "429 without a time": (lies.status(429), r"429|rate|too many|throttl"),
    "503": (lies.status(503), r"503|unavailable"),
    "403": (lies.status(403), r"403|refus|forbidden"),
    "1 B/s": (lies.trickle, r"slow|stall|idle|time|bytes"),
    "redirect loop": (lies.redirect_loop, r"redirect"),
}


@pytest.fixture
def large(community):
    path = community.content.models["acme/large"] / "model.safetensors"
    return {"sha256": sha256_of(path), "size": path.stat().st_size}


def assert_never_wrong(gateway, large, timeout: float = 30):
    """One read of the large file: either every byte is right, or the client knows that it is not complete."""
    import hashlib
    complete, status, body = fetch(gateway, FILE, timeout=timeout)
    if complete and status == 200:
        assert hashlib.sha256(body).hexdigest() == large["sha256"], "a wrong file was completed"
    return complete, status, body


@pytest.mark.parametrize("lie", BLOB_LIES)
def test_s20_a_lie_told_for_ever_is_never_believed(lie, hostile, make_gateway, large):
    act, words = BLOB_LIES[lie]
    gateway = make_gateway(hostile.url, cache=QUICK)
    assert gateway.get("/acme/large/resolve/main/config.json").status_code == 200
    hostile.on("blob", act)
    said = ""
    for _ in range(2):
        complete, status, body = assert_never_wrong(gateway, large, timeout=12)
        assert not (complete and status == 200)
        if complete:
            said += body.decode(errors="replace")
    assert large["sha256"] not in gateway.stored_blobs()
    assert_store_is_true(gateway)
    said += eventually(lambda: re.search(words, gateway.log(), re.IGNORECASE) and gateway.log(), 15,
                       lambda: f"no cause in the log:\n{gateway.log()[-3000:]}")
    assert re.search(words, said, re.IGNORECASE)
    assert gateway.get("/livez").status_code == 200

    hostile.behave()
    eventually(lambda: assert_never_wrong(gateway, large)[1] == 200 and large["sha256"] in gateway.stored_blobs(), 30,
               "an honest upstream was not believed either")
    assert_store_is_true(gateway)
    complete, status, body = fetch(gateway, FILE)
    assert complete and status == 200 and len(body) == large["size"]


@pytest.mark.parametrize("lie", ["cut at 60 %", "429", "503"])
def test_a_passing_trouble_does_not_reach_the_client(lie, hostile, make_gateway, large):
    gateway = make_gateway(hostile.url, cache=QUICK)
    assert gateway.get("/acme/large/resolve/main/config.json").status_code == 200
    hostile.on("blob", BLOB_LIES[lie][0], times=1)
    complete, status, body = assert_never_wrong(gateway, large, timeout=60)
    assert complete and status == 200 and len(body) == large["size"]
    if lie == "cut at 60 %":
        ranges = [r.headers.get("range", "") for r in hostile.seen("blob")]
        assert any(re.match(r"bytes=[1-9]", each) for each in ranges), ranges
        assert hostile.body_bytes() < 1.1 * large["size"]


def test_retry_after_is_respected(hostile, make_gateway):
    gateway = make_gateway(hostile.url, cache=QUICK)
    assert gateway.get("/acme/tiny/resolve/main/config.json").status_code == 200
    hostile.forget()
    hostile.on("blob", lies.status(429, "2"), times=1)
    complete, status, _ = fetch(gateway, "/acme/tiny/resolve/main/model.safetensors")
    assert complete and status == 200
    first, second = hostile.seen("blob")[:2]
    assert second.at - first.at >= 1.9


@pytest.mark.parametrize("lie", ["login page", "flipped pack", "garbage", "redirect loop", "503"])
def test_lies_of_the_git_protocol(lie, hostile, make_gateway):
    act = {"login page": lies.login_page, "flipped pack": lies.flip_a_byte(150), "redirect loop": lies.redirect_loop,
           "503": lies.status(503),
           "garbage": lambda handler, body: handler.reply(200, {"Content-Type": "application/octet-stream"}, b"zzzz")}[lie]
    gateway = make_gateway(hostile.url, cache={"ttl": {"ref": "1s", "negative": "1s"}})
    hostile.on(("git", "api"), act)
    for path in ("/acme/tiny/resolve/main/config.json", "/api/models/acme/tiny"):
        answer = gateway.get(path, timeout=30)
        assert answer.status_code >= 400, path
        assert answer.headers.get("X-Error-Message"), path
    hostile.behave()
    eventually(lambda: gateway.get("/acme/tiny/resolve/main/config.json").status_code == 200, 15,
               "a repository stayed broken after the lie")


def test_a_commit_of_an_unknown_repository_is_asked_of_git_once(hostile, make_gateway, community):
    commit = community.get("/api/models/acme/tiny").json()["sha"]
    gateway = make_gateway(hostile.url, cache=QUICK)
    assert gateway.get(f"/acme/tiny/resolve/{commit}/config.json").status_code == 200
    assert [(r.method, r.path.rsplit("/", 1)[1]) for r in hostile.seen("git")] == [("POST", "git-upload-pack")]


def test_a_hub_that_wants_to_be_discovered_first_is(hostile, make_gateway, community):
    commit = community.get("/api/models/acme/tiny").json()["sha"]
    gateway = make_gateway(hostile.url, cache=QUICK)
    hostile.on("git", lies.status(400), times=1)
    assert gateway.get(f"/acme/tiny/resolve/{commit}/config.json").status_code == 200
    assert [r.method for r in hostile.seen("git")] == ["POST", "GET", "POST"]


def test_an_unreadable_batch_answer_is_survived(hostile, make_gateway, large):
    gateway = make_gateway(hostile.url, cache=QUICK)
    assert gateway.get("/acme/large/resolve/main/config.json").status_code == 200
    hostile.on("batch", lies.login_page)
    complete, status, body = assert_never_wrong(gateway, large, timeout=60)
    # `resolve` is the second way to the same bytes.
    assert complete and (status == 200 or "hub" in body.decode(errors="replace"))


def test_s21_the_token_never_goes_to_another_host(hostile, make_gateway, community, tmp_path, large):
    token = tmp_path / "token"
    token.write_text(community.token("mirror"))
    token.chmod(0o600)
    secret = token.read_text().strip()
    with Recorder(b"not what you want") as elsewhere:
        gateway = make_gateway(hostile.url, cache=QUICK, upstream={"auth": {"tokenFile": str(token)}})
        assert gateway.get("/acme/large/resolve/main/config.json").status_code == 200
        assert any(secret in r.headers.get("authorization", "") for r in hostile.seen()), "the token was never used"
        for rule in (("blob", lies.redirect(elsewhere.url + "{path}")), ("git", lies.redirect(elsewhere.url + "{path}")),
                     ("batch", lies.hrefs_elsewhere(elsewhere.url)), ("api", lies.redirect(elsewhere.url + "{path}", 307))):
            hostile.behave()
            hostile.on(*rule)
            assert_never_wrong(gateway, large)
            gateway.get("/api/models/acme/nested")
            gateway.get("/acme/research-only/resolve/main/config.json")
        for headers in elsewhere.headers:
            assert "authorization" not in headers and "cookie" not in headers
            assert secret not in str(headers)
        assert secret not in gateway.log()
        assert_store_is_true(gateway)


def test_a_good_redirect_to_another_host_is_followed(hostile, make_gateway, community, large):
    """What hubs with a content network do: the signed place has the right bytes and wants no credentials."""
    content = (community.content.models["acme/large"] / "model.safetensors").read_bytes()
    with Recorder(content) as network:
        gateway = make_gateway(hostile.url, cache=QUICK)
        assert gateway.get("/acme/large/resolve/main/config.json").status_code == 200
        hostile.on("blob", lies.redirect(network.url + "/signed"))
        complete, status, body = assert_never_wrong(gateway, large, timeout=60)
        assert complete and status == 200 and len(body) == large["size"]
        assert network.headers and "authorization" not in network.headers[0]


def test_s17_a_users_token_stays_with_us(hostile, make_gateway):
    gateway = make_gateway(hostile.url)
    token = gateway.token("alice")
    for path in ("/acme/tiny/resolve/main/model.safetensors", "/api/models/acme/tiny", "/api/models/acme/absent"):
        gateway.get(path, headers={"Authorization": f"Bearer {token}"})
    gateway.get("/acme/nested.git/info/refs?service=git-upload-pack", auth=("alice", token))
    assert hostile.count() > 0
    assert token not in "".join(str(r.headers) + r.path for r in hostile.seen())


def test_a_local_name_is_never_asked_upstream(hostile, make_gateway, community):
    gateway = make_gateway(hostile.url)
    gateway.import_folder(community.content.models["acme/tiny"], "model:own/private-name", "--private")
    hostile.forget()
    for path in ("/api/models/own/private-name", "/api/models/own/next-project", "/own/next-project/resolve/main/x",
                 "/own/next-project.git/info/refs?service=git-upload-pack", "/api/datasets/own/numbers"):
        assert gateway.get(path).status_code in (401, 404), path
    assert not [r.path for r in hostile.seen() if "own" in r.path.lower()]


def test_names_that_are_not_names_never_reach_upstream(hostile, make_gateway):
    gateway = make_gateway(hostile.url)
    hostile.forget()
    for path in ("/api/models/a%2Fb/c", "/api/models/acme/..%2F..%2Fadmin", "/acme/%00/resolve/main/x",
                 "/acme/ti%0d%0any/resolve/main/x", "/api/models/acme/" + "x" * 300):
        assert 400 <= gateway.get(path).status_code < 500, path
    assert hostile.count() == 0, [r.path for r in hostile.seen()]


@pytest.mark.parametrize("address", ["http://169.254.169.254/latest/meta-data/", "http://[::1]:{port}/", "file:///etc/passwd",
                                     "gopher://127.0.0.1/"])
def test_a_redirect_into_the_private_network_is_refused(address, hostile, make_gateway, large):
    gateway = make_gateway(hostile.url, cache=QUICK)
    assert gateway.get("/acme/large/resolve/main/config.json").status_code == 200
    hostile.on("blob", lies.redirect(address.replace("{port}", str(hostile.port))))
    begun = time.monotonic()
    complete, status, _ = assert_never_wrong(gateway, large, timeout=30)
    assert not (complete and status == 200)
    assert time.monotonic() - begun < 25
