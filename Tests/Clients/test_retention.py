"""What is kept of mirrors and what goes: pins, eviction under a full disk, purges."""

import json
import random
import re
import shlex
import time

import pytest
import requests

from support.checks import assert_store_is_true, fetch
from support.content import MEBIBYTE, sha256_of, small_model
from support.disk import small_disk
from support.weir import NOT_FOUND, OK, ROOT, Weir, eventually, fast_upstream, mirror_document

BASE = "/api/gateway/v1"
SIZE = 6 * MEBIBYTE
COUNT = 14


@pytest.fixture(scope="module")
def above(tmp_path_factory):
    """A hub of many models with one file of 6 MiB each; `above.files` is the SHA-256 of each by its name."""
    home = tmp_path_factory.mktemp("above")
    with Weir(home) as hub:
        hub.files, hub.folders = {}, {}
        for number in range(COUNT):
            name = f"model-{number:02}"
            folder = small_model(home / "sources" / name, name, "mit", weights=SIZE)
            hub.import_folder(folder, f"model:acme/{name}")
            hub.folders[name] = folder
            hub.files[name] = sha256_of(folder / "model.safetensors")
        yield hub


def start(home, above, data=None, flags=("--retention-grace", "0s"), **spec) -> Weir:
    home.mkdir()
    document = mirror_document(
        "community", [fast_upstream("hub", "weir", above.url)], cache={"ttl": {"ref": "1s", "negative": "1s"}}, **spec)
    return Weir(home, [document], flags, data=data).start()


@pytest.fixture
def gateway(tmp_path, above, request):
    weir = start(tmp_path / "gateway", above, **getattr(request, "param", {}))
    yield weir
    weir.__exit__()


def pull(weir, above, name: str):
    complete, status, body = fetch(weir, f"/acme/{name}/resolve/main/model.safetensors")
    assert (complete, status) == (True, 200), (name, status, body[:500])
    assert body == (above.folders[name] / "model.safetensors").read_bytes(), name


def headers(weir, user="root", scope="admin", admin=True) -> dict:
    if not hasattr(weir, "tokens"):
        weir.tokens = {}
    if user not in weir.tokens:
        weir.tokens[user] = weir.token(user, scope, admin=admin)
    return {"Authorization": f"Bearer {weir.tokens[user]}"}


def stored(weir, above) -> set:
    digests = set(weir.stored_blobs())
    return {name for name, digest in above.files.items() if digest in digests}


def report(weir) -> dict:
    answer = weir.get(f"{BASE}/retention", headers=headers(weir))
    assert answer.status_code == 200, answer.text
    return answer.json()


def run_now(weir):
    assert weir.post(f"{BASE}/retention", headers=headers(weir)).status_code == 202


def test_pulls_go_on_on_a_full_disk_while_old_ones_are_evicted(tmp_path, above):
    with small_disk(tmp_path / "disk", "64m") as disk:
        weir = start(tmp_path / "gateway", above, disk / "data", retention={"evict": "lru", "maxAge": "30d"})
        try:
            weir.checked("pins", "add", "model:acme/model-00", "--note", "in production")
            for name in above.files:
                pull(weir, above, name)
            left = stored(weir, above)
            assert "model-00" in left, "a pinned file went"
            assert f"model-{COUNT - 1:02}" in left and 2 < len(left) < COUNT, left
            assert weir.metric("hub_evicted_bytes_total", mirror="community") >= SIZE
            # What went is listed still, and comes again.
            gone = sorted(set(above.files) - left)[0]
            assert weir.head(f"/acme/{gone}/resolve/main/model.safetensors").headers["Content-Length"] == str(SIZE)
            pull(weir, above, gone)
            last = report(weir)["lastRun"]["report"]
            assert last["cause"] == "room" and last["removed"]["bytes"] >= SIZE
            actions = weir.get(f"{BASE}/audit", headers=headers(weir)).text
            assert "retention.evict" in actions
            assert_store_is_true(weir)
            verified = weir.command("verify")
            assert verified.returncode == OK, verified.stdout
        finally:
            weir.__exit__()


def test_a_disk_full_of_pins_refuses_and_says_why(tmp_path, above):
    with small_disk(tmp_path / "disk", "32m") as disk:
        weir = start(tmp_path / "gateway", above, disk / "data", retention={"pin": ["acme/*"]})
        try:
            names = sorted(above.files)
            answer = None
            for name in names:
                answer = weir.get(f"/acme/{name}/resolve/main/model.safetensors")
                if answer.status_code != 200:
                    break
            assert answer.status_code == 507, answer.status_code
            message = answer.headers["X-Error-Message"]
            assert re.search(r"Nothing more may be evicted: \d+ bytes pinned", message), message
            pull(weir, above, names[0])
            assert weir.command("verify").returncode == OK
        finally:
            weir.__exit__()


@pytest.mark.parametrize("gateway", [{"retention": {"maxBytes": "20MiB", "evict": "lru"}}], indirect=True)
def test_a_mirror_is_kept_below_its_mark(gateway, above):
    names = sorted(above.files)[:6]
    for name in names:
        pull(gateway, above, name)
    # Downloads that pass the mark have a run made by themselves; between two the server rests ten times as long as one took.
    eventually(lambda: len(stored(gateway, above)) <= 3, 90, lambda: f"stored: {stored(gateway, above)}, {report(gateway)}")
    run_now(gateway)
    assert stored(gateway, above) <= set(names) and names[-1] in stored(gateway, above)
    told = report(gateway)
    mirror = told["mirrors"][0]
    assert mirror["name"] == "community" and mirror["maximumBytes"] == 20 * MEBIBYTE
    assert mirror["stored"]["bytes"] <= 20 * MEBIBYTE and mirror["stored"]["count"] == len(stored(gateway, above))
    assert told["total"] > told["free"] > 0
    eventually(lambda: gateway.metric("hub_stored_bytes", mirror="community") <= 20 * MEBIBYTE, 10)
    assert gateway.command("verify").returncode == OK


def test_only_the_newest_revisions_are_kept(tmp_path, above):
    upstream_home = tmp_path / "upstream"
    upstream_home.mkdir()
    with Weir(upstream_home) as upstream:
        folder = small_model(upstream_home / "source", "moving", "mit", weights=MEBIBYTE)
        digests, commits = [], []
        weir = None
        try:
            for number in range(4):
                (folder / "model.safetensors").write_bytes(random.Random(number).randbytes(MEBIBYTE))
                upstream.import_folder(folder, "model:acme/moving")
                commits.append(upstream.get("/api/models/acme/moving").json()["sha"])
                digests.append(sha256_of(folder / "model.safetensors"))
                if weir is None:
                    weir = start(tmp_path / "gateway", upstream, retention={"keepRevisions": 2})
                answer = weir.get(f"/acme/moving/resolve/{commits[-1]}/model.safetensors")
                assert answer.status_code == 200
                if number == 0:
                    weir.checked("pins", "add", f"model:acme/moving@{commits[0]}")
            # The branch here has to follow: its tip is always kept.
            eventually(lambda: weir.get("/api/models/acme/moving").json()["sha"] == commits[-1], 10)
            run_now(weir)
            eventually(lambda: digests[1] not in weir.stored_blobs(), 20)
            assert {digests[0], digests[2], digests[3]} <= set(weir.stored_blobs())
            # The commit is here still, and its file comes again.
            assert weir.get(f"/acme/moving/resolve/{commits[1]}/config.json").status_code == 200
            assert weir.get(f"/acme/moving/resolve/{commits[1]}/model.safetensors").content == \
                random.Random(1).randbytes(MEBIBYTE)
            assert weir.command("verify").returncode == OK
        finally:
            if weir:
                weir.__exit__()


def test_pins_by_rest_and_by_command(gateway):
    ok = headers(gateway)
    made = gateway.post(f"{BASE}/pins", headers=ok, json={
        "repo": "model:acme/model-01", "rev": "v1", "note": "why", "expiresInSeconds": 3600})
    assert made.status_code == 201, made.text
    pin = made.json()
    assert pin["repository"] == "model:acme/model-01" and pin["revision"] == "v1" and pin["createdBy"] == "root"
    assert gateway.get(f"{BASE}/pins", headers=ok).json()["pins"] == [pin]
    other = gateway.checked("pins", "add", "dataset:acme/tables@main", "--for", "30d", "--note", "for the audit")
    listed = [json.loads(line) for line in gateway.checked("pins", "list", "--json").splitlines()]
    assert [each["id"] for each in listed] == [pin["id"], other] and listed[1]["createdBy"] == "operator"
    assert "dataset:acme/tables@main until 20" in gateway.checked("pins", "list")
    assert requests.delete(f"{gateway.url}{BASE}/pins/{pin['id']}", headers=ok, timeout=30).status_code == 204
    assert requests.delete(f"{gateway.url}{BASE}/pins/{pin['id']}", headers=ok, timeout=30).status_code == 404
    gateway.checked("pins", "remove", other)
    assert gateway.command("pins", "remove", other).returncode == NOT_FOUND
    assert gateway.command("pins", "add", "nothing").returncode != OK
    for body in ({"repo": "model:acme/x", "expiresInSeconds": 0}, {"repo": "///"}, {"repo": "model:acme/x", "rev": ".."},
                 {"repo": "model:acme/x", "note": "x" * 1001}):
        assert gateway.post(f"{BASE}/pins", headers=ok, json=body).status_code == 400, body
    # An operator may, others may not.
    reader = headers(gateway, "eve", "write", admin=False)
    assert gateway.post(f"{BASE}/pins", headers=reader, json={"repo": "model:acme/x"}).status_code == 403
    gateway.checked("grant", "add", "eve", "--role", "operator")
    assert gateway.post(f"{BASE}/pins", headers=reader, json={"repo": "model:acme/x"}).status_code in (201, 403)
    assert gateway.get(f"{BASE}/pins").status_code == 401


def test_purges(gateway, above):
    ok = headers(gateway)

    def purge(**body):
        return gateway.post(f"{BASE}/purge", headers=ok, json={"repo": "model:acme/model-02", **body})

    pull(gateway, above, "model-02")
    pull(gateway, above, "model-03")
    assert purge(dryRun=True).json()["removed"] == {"count": 1, "bytes": SIZE}
    assert purge(digest="0" * 64).status_code == 404
    assert purge(rev="nothing").status_code == 404
    assert "model-02" in stored(gateway, above)
    answer = purge(rev="main", digest=above.files["model-02"])
    assert answer.status_code == 200 and answer.json()["removed"] == {"count": 1, "bytes": SIZE}, answer.text
    assert stored(gateway, above) == {"model-03"}
    pull(gateway, above, "model-02")
    told = gateway.checked("purge", "model:acme/model-03", "--mirrors", gateway.mirrors)
    assert told == f"removed 1 of {SIZE} bytes"
    pull(gateway, above, "model-03")
    pin = gateway.checked("pins", "add", "model:acme/model-02")
    assert purge(force=True).status_code == 409
    gateway.checked("pins", "remove", pin)
    assert gateway.command("verify").returncode == OK


def test_only_copies_are_purged_by_force_alone(tmp_path):
    home = tmp_path / "upstream"
    home.mkdir()
    with Weir(home) as upstream:
        folder = small_model(home / "source", "lonely", "mit", weights=MEBIBYTE)
        upstream.import_folder(folder, "model:acme/lonely")
        weir = start(tmp_path / "gateway", upstream, retention={"maxBytes": "1KiB"}, flags=("--retention-grace", "1h"))
        try:
            assert weir.get("/acme/lonely/resolve/main/model.safetensors").status_code == 200
            upstream.stop()
            time.sleep(1.1)  # The branch's time to live.
            assert weir.get("/acme/lonely/resolve/main/model.safetensors").status_code == 200
            weir.flags = ("--retention-grace", "0s")
            weir.restart()
            run_now(weir)
            eventually(lambda: report(weir)["held"].get("only-copy", {}).get("bytes") == MEBIBYTE, 20)
            assert len(weir.stored_blobs()) == 1
            body = {"repo": "model:acme/lonely"}
            answer = weir.post(f"{BASE}/purge", headers=headers(weir), json=body)
            assert answer.status_code == 409 and "only copies" in answer.text
            answer = weir.post(f"{BASE}/purge", headers=headers(weir), json={**body, "force": True})
            assert answer.status_code == 200 and answer.json()["removed"]["bytes"] == MEBIBYTE
            assert weir.stored_blobs() == {}
        finally:
            weir.__exit__()


def test_a_kill_in_the_middle_of_an_eviction_leaves_a_true_store(tmp_path, above):
    chance = random.Random(7)
    names = sorted(above.files)[:10]
    weir = start(tmp_path / "gateway", above)
    try:
        for round in range(6):
            for name in names:
                pull(weir, above, name)
            weir.write_mirror(mirror_document(
                "community", [fast_upstream("hub", "weir", above.url)], retention={"maxBytes": "1KiB"}))
            weir.reload()
            eventually(lambda: weir.post(f"{BASE}/retention", headers=headers(weir)).status_code == 202, 10)
            time.sleep(chance.random() * 0.15)
            weir.kill()
            verified = weir.command("verify")
            assert verified.returncode == OK, verified.stdout
            assert_store_is_true(weir)
            weir.write_mirror(mirror_document("community", [fast_upstream("hub", "weir", above.url)]))
            weir.start()
    finally:
        weir.__exit__()


def test_the_commands_of_the_manual_run(gateway, above):
    """Every command of the manual's section on retention runs as printed, on a model that is there."""
    section = (ROOT / "docs/operations.md").read_text().split("## What is kept of mirrors\n", 1)[1].split("\n## ", 1)[0]
    commands = [line for block in re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S) for line in block.splitlines()]
    assert commands
    pull(gateway, above, "model-04")
    for command in commands:
        words = shlex.split(command.replace("acme/old", "acme/model-04"))
        assert words[0] == "weir" and words[1] in ("pins", "purge"), command
        more = ("--mirrors", gateway.mirrors) if words[1] == "purge" else ()
        assert gateway.command(*words[1:], *more).returncode == OK, command
