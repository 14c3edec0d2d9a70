"""What still answers when upstream does not."""

import time

import pytest

from support.checks import assert_same_files, says_stale, upstream_cost
from support.hostile import HostileProxy, stall, status
from support.weir import eventually

SHORT = {"ttl": {"ref": "1s", "list": "1s", "negative": "1s"}, "serveStale": {"maxAge": "30d"}}


@pytest.fixture
def proxy(community):
    with HostileProxy(community.url) as each:
        yield each


def pull(gateway, hub, tmp_path, name="acme/tiny"):
    hub("2.4.0", gateway.url).cli("hf", "download", name, "--local-dir", tmp_path / "pulled").checked()


@pytest.mark.parametrize("how", ["refused", "503", "stalled"])
def test_pinned_commits_ask_nothing_and_branches_answer_the_last_known(how, proxy, community, make_gateway, hub, git,
                                                                        tmp_path):
    gateway = make_gateway(proxy.url, cache=SHORT, upstream={"timeouts": {"connect": "1s", "firstByte": "1s", "idle": "1s"}})
    pull(gateway, hub, tmp_path)
    git.run("clone", "--quiet", f"{gateway.url}/acme/tiny.git", tmp_path / "before")
    if how == "refused":
        proxy.stop()
    else:
        proxy.on("any", status(503) if how == "503" else stall(20))
    time.sleep(1.2)  # past the TTL of the branch

    commit = community.content.tiny_commits[1]
    answer, cost, asked = upstream_cost(
        gateway, lambda: gateway.get(f"/acme/tiny/resolve/{commit}/model.safetensors"))
    assert (answer.status_code, cost, asked) == (200, 0, 0)
    assert len(answer.content) == 300_000
    assert not says_stale(answer)

    branch = gateway.get("/acme/tiny/resolve/main/config.json")
    assert branch.status_code == 200 and branch.headers["X-Repo-Commit"] == commit
    assert says_stale(branch), dict(branch.headers)
    info = gateway.get("/api/models/acme/tiny")
    assert info.json()["sha"] == commit and says_stale(info)

    hub("1.33.0", gateway.url).cli("hf", "download", "acme/tiny", "--local-dir", tmp_path / "stale").checked()
    assert_same_files(tmp_path / "stale", community.content.models["acme/tiny"])
    git.run("clone", "--quiet", f"{gateway.url}/acme/tiny.git", tmp_path / "clone")
    assert git.run("rev-parse", "HEAD", cwd=tmp_path / "clone") == commit


def test_what_was_never_fetched_fails_soon_and_says_why(proxy, make_gateway):
    gateway = make_gateway(proxy.url, cache=SHORT)
    assert gateway.get("/acme/tiny/resolve/main/config.json").status_code == 200
    proxy.stop()
    for path in ("/acme/nested/resolve/main/config.json", "/api/models/acme/nested",
                 "/acme/tiny/resolve/main/model.safetensors"):
        begun = time.monotonic()
        answer = gateway.get(path)
        assert answer.status_code in (502, 503, 504), path
        assert time.monotonic() - begun < 15
        assert "hub" in answer.headers["X-Error-Message"], "the upstream is not named"


def test_upstream_back_is_noticed(proxy, community, make_gateway):
    gateway = make_gateway(proxy.url, cache=SHORT)
    proxy.on("any", status(503))
    assert gateway.get("/acme/tiny/resolve/main/config.json").status_code >= 500
    proxy.behave()
    eventually(lambda: gateway.get("/acme/tiny/resolve/main/config.json").status_code == 200, 15)
    assert not says_stale(gateway.get("/acme/tiny/resolve/main/config.json"))


def test_the_breaker_spares_a_dying_upstream(proxy, make_gateway):
    gateway = make_gateway(proxy.url, cache=SHORT, upstream={
        "breaker": {"failures": 3, "window": "30s", "openFor": "60s", "halfOpen": 1}})
    proxy.on("any", status(503))
    for number in range(10):
        gateway.get(f"/acme/name{number}/resolve/main/config.json")
    seen = proxy.count()
    begun = time.monotonic()
    assert gateway.get("/acme/another/resolve/main/config.json").status_code in (502, 503, 504)
    assert proxy.count() == seen and time.monotonic() - begun < 1
    assert gateway.metric("hub_upstream_circuit_open") == 1


def test_a_missing_repository_is_remembered_as_missing(proxy, make_gateway):
    gateway = make_gateway(proxy.url)
    assert gateway.get("/api/models/acme/absent").status_code in (401, 404)
    seen = proxy.count()
    for _ in range(5):
        assert gateway.get("/api/models/acme/absent").status_code in (401, 404)
        assert gateway.get("/acme/absent/resolve/main/config.json").status_code in (401, 404)
    assert proxy.count() == seen


def test_one_question_for_many_who_ask_at_once(proxy, make_gateway):
    import concurrent.futures
    gateway = make_gateway(proxy.url)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: gateway.get("/acme/tiny/resolve/main/config.json").status_code, range(16)))
    assert answers == [200] * 16
    alone = proxy.count()
    other = make_gateway(proxy.url)
    proxy.forget()
    assert other.get("/acme/tiny/resolve/main/config.json").status_code == 200
    assert alone <= proxy.count() + 1


def test_a_second_upstream_stands_in_for_the_first(proxy, community, make_gateway, tmp_path):
    from support.weir import Weir, fast_upstream, mirror_document
    home = tmp_path / "two"
    home.mkdir()
    mirrors = [mirror_document("both", [
        fast_upstream("first", "weir", proxy.url, priority=10), fast_upstream("second", "weir", community.url, priority=20)])]
    proxy.on("any", status(503))
    with Weir(home, mirrors) as gateway:
        answer = gateway.get("/acme/tiny/resolve/main/model.safetensors")
        assert answer.status_code == 200 and len(answer.content) == 300_000
