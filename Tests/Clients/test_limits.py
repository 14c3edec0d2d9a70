"""Quotas of a mirror and budgets of an upstream, as the clients that reach them see them."""

import concurrent.futures
import json
import time

import pytest
import requests

from support.bandwidth import MIB, flowing, gateway_with, many_files, measure, small_pieces, transfers
from support.clients import HUB_VERSIONS
from support.hostile import HostileProxy
from support.weir import eventually

SIZE = 100_000
FILES = 50


@pytest.fixture(scope="module")
def parts(community, tmp_path_factory):
    """Fifty files of 100 000 bytes, in LFS; the address of the hub that has them."""
    many_files(community, tmp_path_factory.mktemp("parts") / "parts", "parts", FILES, SIZE)
    return community.url


def size(count: int) -> str:
    return f"{count}B"


def bearer(token: str) -> dict:
    return {"Authorization": f"Bearer {token}"}


def resolve(gateway, number: int, token: str | None = None, **more) -> requests.Response:
    headers = {**(bearer(token) if token else {}), **more.pop("headers", {})}
    return gateway.get(f"/acme/parts/resolve/main/part-{number:02}.bin", headers=headers, timeout=60, **more)


def limits(gateway, token: str) -> dict:
    answer = gateway.get("/api/gateway/v1/limits", headers=bearer(token))
    assert answer.status_code == 200, answer.text
    return answer.json()


def standing(gateway, token: str, subject: str) -> dict:
    found = [quota for quota in limits(gateway, token)["quotas"] if quota["subject"] == subject]
    assert found, f"nothing is said of {subject}"
    return found[0]


def race(count: int, ask) -> list:
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(ask, range(count)))


def batch(gateway, token: str, objects: list) -> requests.Response:
    return gateway.post(
        "/acme/parts.git/info/lfs/objects/batch", headers=bearer(token),
        json={"operation": "download", "transfers": ["basic"],
              "objects": [{"oid": oid, "size": length} for oid, length in objects]})


# -- bytes a day


def test_fifty_at_once_get_no_more_than_the_day_brings(make_gateway, parts):
    gateway = make_gateway(parts, quotas=[{"subject": "user:*", "bytesPerDay": size(10 * SIZE + 500)}])
    alice, bob = gateway.token("alice"), gateway.token("bob")
    answers = race(FILES, lambda number: resolve(gateway, number, alice))
    served = [answer for answer in answers if answer.status_code == 200]
    assert len(served) == 10 and sum(len(answer.content) for answer in served) == 10 * SIZE
    for answer in answers:
        if answer not in served:
            assert answer.status_code == 429 and 1 <= int(answer.headers["Retry-After"]) <= 300
            assert answer.headers["X-Error-Code"] == "TooManyRequests"
            assert "user:alice" in answer.json()["error"] and "midnight UTC" in answer.json()["error"]
    # Nothing was fetched for those who were refused.
    assert gateway.metric("hub_upstream_bytes_total", purpose="blob") == 10 * SIZE
    assert gateway.metric("hub_quota_refusals_total", mirror="community", subject_kind="user") == 40
    day = standing(gateway, alice, "user:alice")["bytesPerDay"]
    assert (day["used"], day["left"]) == (10 * SIZE, 500)
    # A part that fits is still given, and others have days of their own, those without an account too.
    assert len(resolve(gateway, 0, alice, headers={"Range": "bytes=0-99"}).content) == 100
    assert resolve(gateway, 0, bob).status_code == 200
    assert resolve(gateway, 0).status_code == 200
    # What is known of others is not for everybody.
    assert [q["subject"] for q in limits(gateway, bob)["quotas"]] == ["user:bob"]
    everybody = [q["subject"] for q in limits(gateway, gateway.token("root", admin=True, scope="admin"))["quotas"]]
    assert {"user:alice", "user:bob"} <= set(everybody)


def test_an_organisation_shares_its_day(make_gateway, parts):
    gateway = make_gateway(parts, quotas=[{"subject": "org:nlp", "bytesPerDay": size(5 * SIZE)}])
    tokens = {name: gateway.token(name) for name in ("ada", "ben", "outside")}
    gateway.checked("org", "create", "nlp", "--owner", "ada")
    gateway.checked("org", "add", "nlp", "ben")
    answers = race(20, lambda number: resolve(gateway, number, tokens["ada" if number % 2 else "ben"]))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 15
    assert resolve(gateway, 0, tokens["outside"]).status_code == 200
    assert standing(gateway, tokens["ben"], "org:nlp")["bytesPerDay"]["used"] == 5 * SIZE
    assert gateway.metric("hub_quota_refusals_total", subject_kind="org") == 15


def test_a_day_outlives_the_process(make_gateway, parts):
    gateway = make_gateway(
        parts, quotas=[{"subject": "user:*", "bytesPerDay": size(3 * SIZE)}],
        # What peers bury is asked for now and then, which would count here.
        upstream={"limits": {"bytesPerDay": "1GB"}, "tombstones": "ignore"})
    alice = gateway.token("alice")
    assert [resolve(gateway, number, alice).status_code for number in range(2)] == [200, 200]

    def today():
        return [u["budget"]["bytesToday"] for u in limits(gateway, alice)["upstreams"]][0]

    came = today()
    assert came >= 2 * SIZE
    gateway.restart()
    assert today() == came
    assert standing(gateway, alice, "user:alice")["bytesPerDay"]["used"] == 2 * SIZE
    assert resolve(gateway, 2, alice).status_code == 200
    came = today()
    # A crash forgets seconds at most, and makes nothing more.
    eventually(lambda: stored_today(gateway) == came, 20, "it is not written down")
    gateway.kill()
    gateway.start()
    assert today() == came
    assert resolve(gateway, 3, alice).status_code == 429


def stored_today(gateway) -> int:
    shown = json.loads(gateway.checked("limits", "--mirrors", gateway.mirrors))
    return next(line["bytesToday"] for line in shown if line["subject"] == "upstream:hub")


def test_the_command_shows_what_is_used(make_gateway, parts):
    gateway = make_gateway(parts, quotas=[{"subject": "user:alice", "bytesPerDay": "1MB", "requestsPerMin": 100}])
    assert resolve(gateway, 0, gateway.token("alice")).status_code == 200
    gateway.stop()
    lines = json.loads(gateway.checked("limits", "--mirrors", gateway.mirrors))
    line = next(line for line in lines if line["subject"] == "user:alice")
    assert (line["bytesToday"], line["bytesPerDay"], line["requestsToday"], line["requestsPerMin"]) == (
        SIZE, 1_000_000, 1, 100)


# -- requests a minute


def test_fifty_at_once_make_no_more_requests_than_the_minute_brings(make_gateway, parts):
    gateway = make_gateway(parts, quotas=[{"subject": "user:*", "requestsPerMin": 30}])
    alice = gateway.token("alice")
    answers = race(50, lambda _: gateway.get("/api/models/acme/parts", headers=bearer(alice), timeout=60))
    assert sorted(answer.status_code for answer in answers) == [200] * 30 + [429] * 20
    assert all(1 <= int(a.headers["Retry-After"]) <= 62 for a in answers if a.status_code == 429)
    # What is not of the mirror is not counted.
    assert gateway.get("/api/whoami-v2", headers=bearer(alice)).status_code == 200


def test_huggingface_hub_waits_and_goes_on(make_gateway, parts, hub):
    gateway = make_gateway(parts, quotas=[{"subject": "user:*", "requestsPerMin": 3}])
    alice = gateway.token("alice")
    client = hub(list(HUB_VERSIONS)[-1], gateway.url, alice, HF_HUB_DISABLE_XET="1")
    started = time.monotonic()
    sizes = client.value(
        """
        import os
        from huggingface_hub import hf_hub_download
        result([os.path.getsize(hf_hub_download("acme/parts", f"part-{n:02}.bin")) for n in range(2)])
        """, timeout=280)
    assert sizes == [SIZE, SIZE]
    # Four requests, of which a minute brings three.
    assert time.monotonic() - started > 30


# -- git and git-lfs


def cloned(git, gateway, token: str, folder, **more):
    url = gateway.url.replace("http://", f"http://alice:{token}@") + "/acme/parts"
    return git.try_run("clone", url, folder, timeout=200, **more)


def test_git_says_why(make_gateway, parts, git, tmp_path):
    gateway = make_gateway(parts, quotas=[{"subject": "user:*", "requestsPerMin": 0}])
    # git shows who it is only when it is asked to, which public repositories do not; this makes it say so at once.
    login = f"http.extraHeader=Authorization: Bearer {gateway.token('alice')}"
    output = git.try_run("-c", login, "clone", f"{gateway.url}/acme/parts", tmp_path / "clone")
    assert not output.ok and "429" in output.text and "user:alice has made the 0 requests" in output.text
    output = git.try_run("clone", f"{gateway.url}/acme/parts", tmp_path / "clone")
    assert not output.ok and "429" in output.text and "without an account" in output.text and "sign in" in output.text


def test_git_lfs_is_told_at_once_what_it_will_not_get(make_gateway, parts, git, tmp_path):
    """A day's end is hours away: git-lfs would wait for it without a word, and crash on a 429 without a header."""
    gateway = make_gateway(parts, quotas=[{"subject": "user:*", "bytesPerDay": size(10 * SIZE)}])
    alice = gateway.token("alice")
    assert cloned(git, gateway, alice, tmp_path / "clone", GIT_LFS_SKIP_SMUDGE="1").ok
    started = time.monotonic()
    output = git.try_run("lfs", "pull", cwd=tmp_path / "clone", timeout=120)
    assert not output.ok and "panic" not in output.text
    assert "user:alice may have" in output.text and "midnight UTC" in output.text
    assert time.monotonic() - started < 60
    # Those that fit came, with the digests they should have.
    assert 1 <= len(gateway.stored_blobs()) <= 10
    # With nothing left at all the batch itself is refused, and finally.
    left = standing(gateway, alice, "user:alice")["bytesPerDay"]["left"]
    while left > 0:
        resolve(gateway, 0, alice, headers={"Range": f"bytes=0-{min(left, SIZE) - 1}"})
        left = standing(gateway, alice, "user:alice")["bytesPerDay"]["left"]
    refused = batch(gateway, alice, [("a" * 64, 1)])
    assert refused.status_code == 509 and "user:alice" in refused.json()["message"]
    oid = next(iter(gateway.stored_blobs()))
    one = gateway.get(f"/acme/parts.git/info/lfs/objects/{oid}", headers=bearer(alice))
    assert one.status_code == 429 and int(one.headers["Retry-After"]) >= 1
    output = git.try_run("lfs", "pull", cwd=tmp_path / "clone", timeout=120)
    assert not output.ok and "panic" not in output.text


def test_git_lfs_waits_for_the_next_minute(make_gateway, parts, git, tmp_path):
    gateway = make_gateway(parts, quotas=[{"subject": "user:*", "requestsPerMin": 20}])
    alice = gateway.token("alice")
    assert cloned(git, gateway, alice, tmp_path / "clone", GIT_LFS_SKIP_SMUDGE="1").ok
    output = git.try_run("lfs", "pull", "--include", "part-0*.bin", cwd=tmp_path / "clone", timeout=200)
    assert output.ok and "panic" not in output.text, output.text
    # The batch that finds the minute used up is asked again when it says so.
    race(20, lambda _: gateway.get("/api/models/acme/parts", headers=bearer(alice)))
    assert batch(gateway, alice, [("a" * 64, 1)]).status_code == 429
    output = git.try_run("lfs", "pull", "--include", "part-1*.bin", cwd=tmp_path / "clone", timeout=280)
    assert output.ok and "panic" not in output.text, output.text


# -- csghub and Xet


def test_csghub_envelopes_say_it_too(make_gateway, parts, csghub, tmp_path):
    gateway = make_gateway(parts, quotas=[{"subject": "user:*", "bytesPerDay": size(SIZE)}])
    alice = gateway.token("alice")
    path = "/api/v1/models/acme/parts/resolve/part-{:02}.bin?ref=main"
    assert gateway.get(path.format(0), headers=bearer(alice)).status_code == 200
    refused = gateway.get(path.format(1), headers=bearer(alice))
    assert refused.status_code == 429 and refused.json()["code"] == "REQ-ERR-10"
    assert 1 <= int(refused.headers["Retry-After"]) <= 300
    output = csghub(gateway.url, alice, CSGHUB_DISABLE_XNET="true").cli(
        "csghub-cli", "download", "acme/parts", "part-02.bin", "--local-dir", tmp_path / "out", timeout=120)
    assert not output.ok and "429" in output.text


def test_xet_reconstructions_are_refused_before_anything_is_fetched(make_gateway, parts):
    gateway = make_gateway(
        parts, flags=("--xet-downloads-above", "0"), quotas=[{"subject": "user:*", "bytesPerDay": size(SIZE + 9)}])
    alice = gateway.token("alice")
    assert resolve(gateway, 0, alice).status_code == 200
    head = gateway.head("/acme/parts/resolve/main/part-01.bin", headers=bearer(alice))
    name = head.headers.get("X-Xet-Hash")
    if not name:
        pytest.skip("the file is not offered by Xet before it is stored")
    issued = gateway.get("/api/models/acme/parts/xet-read-token/main", headers=bearer(alice)).json()
    answer = requests.get(f"{issued['casUrl']}/v1/reconstructions/{name}", headers=bearer(issued["accessToken"]))
    assert answer.status_code == 429 and "Retry-After" in answer.headers


# -- stored bytes


def test_a_mirror_stores_no_more_for_an_organisation_than_it_may(make_gateway, parts):
    gateway = make_gateway(parts, quotas=[{"subject": "org:nlp", "storedBytes": size(10 * SIZE + 1)}])
    ada, other = gateway.token("ada"), gateway.token("other")
    gateway.checked("org", "create", "nlp", "--owner", "ada")
    answers = race(FILES, lambda number: resolve(gateway, number, ada))
    assert sorted(answer.status_code for answer in answers) == [200] * 10 + [413] * 40
    assert gateway.metric("hub_upstream_bytes_total", purpose="blob") == 10 * SIZE
    assert standing(gateway, ada, "org:nlp")["storedBytes"]["used"] == 10 * SIZE
    # What is stored is given out, to them too; and others fetch on.
    kept = next(number for number, answer in enumerate(answers) if answer.status_code == 200)
    missing = next(number for number, answer in enumerate(answers) if answer.status_code == 413)
    assert resolve(gateway, kept, ada).status_code == 200
    assert resolve(gateway, missing, other).status_code == 200
    assert resolve(gateway, missing, ada).status_code == 200


# -- upstreams


def test_bandwidth_and_counters_in_five_seconds(community, tmp_path, monkeypatch):
    """The long version is Tests/Drills/test_bandwidth.py."""
    small_pieces(monkeypatch)
    many_files(community, tmp_path / "files", "five-seconds", 4, 8 * MIB)
    with HostileProxy(community.url) as proxy:
        with gateway_with(tmp_path / "gateway", proxy.url, {"bandwidth": "4MiB/s"}) as gateway:
            with transfers(gateway, "five-seconds", 4) as running:
                flowing(proxy, 4)
                stretch = measure(proxy, gateway, 5)
                expected = 4 * MIB * stretch.seconds
                sent, counted = stretch.deviations(expected)
                assert abs(sent) <= 0.1 and abs(counted) <= 0.1, (sent, counted)
                concurrent.futures.wait(running, 60)
            # To the byte, whatever it was for, once all has come.
            eventually(lambda: gateway.upstream_bytes() == all_sent(proxy), 20,
                       lambda: f"{gateway.upstream_bytes()} counted, {all_sent(proxy)} sent")


def all_sent(proxy) -> int:
    return sum(request.sent for request in proxy.seen())


def test_the_upstreams_own_budget_is_shown_and_obeyed(community, make_gateway):
    with HostileProxy(community.url) as proxy:
        def throttled(handler, body):
            handler.reply(429, {"Retry-After": "300", "RateLimit": '"api";r=0;t=300',
                                "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}, b"{}")

        gateway = make_gateway(proxy.url, cache={"ttl": {"ref": "0s", "negative": "0s"}})
        root = gateway.token("root", admin=True, scope="admin")
        assert gateway.get("/api/models/acme/tiny").status_code == 200
        proxy.on("any", throttled)
        gateway.get("/api/models/acme/nested")
        seen = proxy.count("api")
        for _ in range(5):
            assert gateway.get("/api/models/acme/nested").status_code in (404, 429, 503)
        assert proxy.count("api") == seen, "it was asked again although it said when"
        answer = gateway.get("/api/gateway/v1/upstreams", headers=bearer(root)).json()
        remote = {each["kind"]: each for each in answer["upstreams"][0]["budget"]["remote"]}
        assert any(each["leftAlone"] and 200 < each["resetsIn"] <= 300 for each in remote.values()), remote
