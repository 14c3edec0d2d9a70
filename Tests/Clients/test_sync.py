"""Fetching ahead: what a plan lists is what a run brings, and what goes wrong above is told and waited for."""

import json
import sqlite3
import time

import pytest
import requests
import yaml

from support import content, hostile
from support.hostile import HostileProxy
from support.weir import Weir, fast_upstream, mirror_document

RULES = [
    {"id": "ours", "match": {"repo": ["acme/*"], "notFiles": ["*.bin"], "revision": ["main", "v*"]}, "action": "allow"},
    {"id": "no-nc", "when": 'license.flags.exists("non-commercial")', "action": "deny"},
    {"id": "look", "match": {"repo": ["acme/llama-derived"]}, "action": "review"},
]


def wait_for(condition, seconds: float = 60, what: str = "it"):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what} did not happen within {seconds} s")


def many_files(folder, count: int = 300):
    """A card, small files that git holds, LFS files of which every third has another's bytes, and files no rule wants."""
    folder = content.small_model(folder, "many", "mit", weights=200_000)
    for index in range(count):
        if index % 2:
            content.write_random(folder / f"part-{index:04}.safetensors", 2_000 + index, f"part {index // 3}")
        else:
            (folder / f"note-{index:04}.txt").write_text(f"note {index}\n")
    content.write_random(folder / "left-above.bin", 5_000, "left above")
    return folder


@pytest.fixture(scope="module")
def above(tmp_path_factory):
    """The hub above; `above.folders` are what its repositories hold."""
    home = tmp_path_factory.mktemp("above")
    with Weir(home) as hub:
        hub.folders = {
            "acme/many": many_files(home / "many"),
            "acme/tiny": content.small_model(home / "tiny", "tiny", "mit"),
            "acme/research-only": content.small_model(home / "research", "research-only", "cc-by-nc-4.0"),
            "acme/llama-derived": content.small_model(home / "llama", "llama-derived", "llama3.1"),
            "other/tiny": content.small_model(home / "other", "tiny", "mit"),
        }
        for name, folder in hub.folders.items():
            hub.import_folder(folder, f"model:{name}")
        yield hub


@pytest.fixture
def mirror(tmp_path):
    """`mirror(url)` starts a Weir that mirrors; `gateway.admin` is an administrator's token."""
    started = []

    def make(url: str, rules=RULES, upstream: dict | None = None, **spec) -> Weir:
        home = tmp_path / f"mirror{len(started)}"
        home.mkdir()
        document = mirror_document(
            "up", [fast_upstream("hub", "weir", url, **(upstream or {}))], mode="mirror", rules=rules, **spec)
        weir = Weir(home, [document])
        started.append(weir)
        weir.start()
        weir.admin = weir.token("root", "admin", admin=True)
        return weir

    yield make
    for weir in started:
        weir.__exit__()


def post(weir: Weir, path: str, body: dict, token: str | None = "admin"):
    headers = {"Authorization": f"Bearer {weir.admin if token == 'admin' else token}"} if token else {}
    return requests.post(f"{weir.url}/api/gateway/v1{path}", json=body, headers=headers, timeout=120)


def get(weir: Weir, path: str):
    return requests.get(f"{weir.url}/api/gateway/v1{path}", headers={"Authorization": f"Bearer {weir.admin}"}, timeout=60)


def job_of(weir: Weir, number: int) -> dict:
    """A job as it is stored; how it is shown is tested where that is made."""
    with sqlite3.connect(f"file:{weir.data}/weir.db?mode=ro", uri=True, timeout=10) as database:
        database.row_factory = sqlite3.Row
        return dict(database.execute("SELECT * FROM jobs WHERE id = ?", (number,)).fetchone())


def files_of(weir: Weir, number: int) -> dict[str, dict]:
    with sqlite3.connect(f"file:{weir.data}/weir.db?mode=ro", uri=True, timeout=10) as database:
        database.row_factory = sqlite3.Row
        return {row["path"]: dict(row)
                for row in database.execute("SELECT * FROM job_files WHERE job_id = ?", (number,))}


def ended(weir: Weir, number: int) -> dict | None:
    job = job_of(weir, number)
    return job if job["state"] in ("succeeded", "failed", "cancelled") else None


def sync(weir: Weir, seconds: float = 180, **body) -> dict:
    answer = post(weir, "/sync", body)
    assert answer.status_code == 202, answer.text
    number = answer.json()["jobs"][0]["id"]
    return wait_for(lambda: ended(weir, number), seconds, f"the end of job {number}")


def test_a_plan_lists_what_the_run_brings(above, mirror, git, tmp_path):
    with HostileProxy(above.url) as proxy:
        gateway = mirror(proxy.url)
        answer = post(gateway, "/sync", {"repo": "model:acme/many", "dryRun": True})
        assert answer.status_code == 200, answer.text
        plan = answer.json()
        assert proxy.count("blob") == 0, "a dry run moved content"
        assert not [r for r in proxy.seen("git") if r.path.endswith("git-upload-pack") and r.sent > 20_000]
        [repository] = plan["repositories"]
        assert repository["verdict"] == "fetch"
        files = [f for revision in repository["revisions"] for f in revision["files"]]
        assert len(files) > 300
        wanted = {f["path"] for f in files if f["verdict"] == "fetch"}
        assert "left-above.bin" not in wanted and "README.md" in wanted
        objects = {}
        for file in files:
            if file["verdict"] == "fetch" and file["sha256"]:
                objects.setdefault(file["sha256"], file)
        assert sum(f["size"] for f in objects.values()) <= plan["bytesToFetch"]

        proxy.forget()
        job = sync(gateway, repo="model:acme/many")
        assert job["state"] == "succeeded", job["failure"]
        brought = files_of(gateway, job["id"])
        # Of files with the same bytes one is a line of the job.
        assert {brought[path]["sha256"] for path in brought if brought[path]["sha256"]} == set(objects)
        small = {f["path"] for f in files if f["verdict"] == "fetch" and not f["sha256"]}
        assert small == {path for path in brought if not brought[path]["sha256"]}
        assert all(row["state"] == "done" for row in brought.values())
        # Each content came once.
        assert proxy.body_bytes("blob") <= 1.02 * sum(f["size"] for f in objects.values())
        assert post(gateway, "/sync", {"repo": "model:acme/many", "dryRun": True}).json()["filesToFetch"] == 0

    # The upstream is gone now: clones and files come from here.
    git.run("clone", "--quiet", "--no-checkout", f"{gateway.url}/acme/many.git", tmp_path / "clone")
    git.run("fsck", "--strict", "--full", cwd=tmp_path / "clone")
    for path in ("README.md", "note-0002.txt", "part-0007.safetensors"):
        body = gateway.get(f"/acme/many/resolve/main/{path}")
        assert body.status_code == 200
        assert body.content == (above.folders["acme/many"] / path).read_bytes()


def test_a_run_of_a_mirror_tells_of_each_repository(above, mirror):
    gateway = mirror(above.url, rules=[{**RULES[0], "match": {**RULES[0]["match"], "repo": [
                         "acme/tiny", "acme/research-only", "acme/llama-derived"], "kind": ["model"]}}, *RULES[1:]])
    answer = post(gateway, "/sync", {"mirror": "up", "dryRun": True})
    assert answer.status_code == 200, answer.text
    verdicts = {r["repository"]: r["verdict"] for r in answer.json()["repositories"]}
    assert verdicts == {"model:acme/tiny": "fetch", "model:acme/research-only": "deny",
                        "model:acme/llama-derived": "review"}
    answer = post(gateway, "/sync", {"mirror": "up"})
    assert answer.status_code == 202, answer.text
    number = answer.json()["jobs"][0]["run"]
    run = wait_for(lambda: (r := get(gateway, f"/sync/runs/{number}").json())["finishedAt"] and r, 120, "the run's end")
    states = {r["repository"]: r["state"] for r in run["repositories"]}
    assert states == {"model:acme/tiny": "fetched", "model:acme/research-only": "denied",
                      "model:acme/llama-derived": "review"}
    assert all(r["reason"] for r in run["repositories"] if r["state"] in ("denied", "review"))
    assert run["report"]["fetched"] == 1
    shown = json.loads(gateway.checked("sync", "runs", number))
    assert shown["id"] == number and shown["state"] == "finished"
    assert gateway.get("/acme/tiny/resolve/main/config.json").status_code == 200


def test_the_command_line_plans_and_runs(above, mirror):
    gateway = mirror(above.url)
    planned = json.loads(gateway.checked("sync", "plan", "model:acme/tiny", "--mirrors", gateway.mirrors))
    assert planned["filesToFetch"] > 0
    gateway.checked("sync", "run", "model:acme/tiny", "--wait", "--mirrors", gateway.mirrors)
    again = json.loads(gateway.checked("sync", "plan", "model:acme/tiny", "--mirrors", gateway.mirrors))
    assert again["filesToFetch"] == 0
    refused = gateway.command("sync", "plan", "model:nobody/holds", "--mirror", "nosuch", "--mirrors", gateway.mirrors)
    assert refused.returncode != 0 and "nosuch" in refused.stderr


def test_only_operators_may_sync(above, mirror):
    gateway = mirror(above.url)
    reader = gateway.token("reader", "write")
    for path, body in (("/sync", {"repo": "model:acme/tiny"}), ("/policy:dryrun", {})):
        assert post(gateway, path, body, token=reader).status_code == 403
        assert post(gateway, path, body, token=None).status_code == 401
    assert post(gateway, "/sync", {"repo": "no name"}).status_code == 400
    assert post(gateway, "/sync", {"repo": "model:acme/tiny", "files": ["["]}).status_code == 400
    assert post(gateway, "/sync", {"mirror": "nosuch"}).status_code == 404


def test_a_candidate_policy_says_what_it_would_block(above, mirror):
    gateway = mirror(above.url)
    assert sync(gateway, repo="model:acme/tiny")["state"] == "succeeded"
    text = (gateway.mirrors / "up.yaml").read_text()
    document = yaml.safe_load(text)
    document["spec"]["rules"].append({"id": "no-weights", "match": {"files": ["*.safetensors"]}, "action": "deny"})
    answer = post(gateway, "/policy:dryrun", {"files": [{"name": "up.yaml", "text": yaml.safe_dump(document)}]})
    assert answer.status_code == 200, answer.text
    [blocked] = answer.json()["newlyBlocked"]
    assert blocked["repository"] == "model:acme/tiny" and blocked["examples"] == ["model.safetensors"]
    # Nothing was taken into force.
    assert gateway.get("/acme/tiny/resolve/main/model.safetensors").status_code == 200
    wrong = post(gateway, "/policy:dryrun", {"files": [{"name": "up.yaml", "text": "kind: Nonsense\n"}]})
    assert wrong.status_code == 422 and "up.yaml" in wrong.text


# -- F8 to F10: upstreams that fail under a sync

def test_a_spoilt_file_fails_alone(above, mirror):
    with HostileProxy(above.url) as proxy:
        gateway = mirror(proxy.url)
        bad = content.sha256_of(above.folders["acme/many"] / "part-0001.safetensors")
        flip = hostile.flip_a_byte(100)

        def spoil(handler, body):
            (flip if bad in handler.path or "part-0001" in handler.path else lambda h, b: h.forward(b))(handler, body)

        proxy.on("blob", spoil)
        job = sync(gateway, repo="model:acme/many")
        assert job["state"] == "failed" and job["failure_code"] == "upstream-corrupt"
        files = files_of(gateway, job["id"])
        failed = [path for path, row in files.items() if row["state"] == "failed"]
        assert len(failed) == 1 and files[failed[0]]["failure"]
        assert bad not in gateway.stored_blobs()
        # Cured, the next one brings what was missing alone.
        proxy.behave()
        proxy.forget()
        assert sync(gateway, repo="model:acme/many")["state"] == "succeeded"
        assert proxy.body_bytes("blob") < 10_000


def test_too_many_requests_make_the_job_wait_and_say_why(above, mirror):
    with HostileProxy(above.url) as proxy:
        gateway = mirror(proxy.url, upstream={"breaker": {"failures": 3, "window": "30s", "openFor": "2s", "halfOpen": 1}})
        assert sync(gateway, repo="model:acme/tiny")["state"] == "succeeded"
        proxy.on(("batch", "blob"), hostile.status(429, "1", "slow down"))
        answer = post(gateway, "/sync", {"repo": "model:acme/many"})
        number = answer.json()["jobs"][0]["id"]
        waiting = wait_for(
            lambda: (job := job_of(gateway, number))["waits_for"] and job["state"] == "queued" and job, 150, "waiting")
        assert "429" in waiting["waits_for"] or "slow down" in waiting["waits_for"], waiting["waits_for"]
        # What is cached flows meanwhile.
        assert gateway.get("/acme/tiny/resolve/main/model.safetensors").status_code == 200
        before = proxy.count()
        time.sleep(2)
        assert proxy.count() - before <= 6, "it is asked again and again"
        proxy.behave()
        job = wait_for(lambda: ended(gateway, number), 120, "its end")
        assert job["state"] == "succeeded", job["failure"]


def test_an_upstream_that_goes_away_is_waited_for(above, mirror):
    proxy = HostileProxy(above.url)
    proxy.start()
    try:
        gateway = mirror(proxy.url)
        proxy.bytes_per_second = 200_000
        number = post(gateway, "/sync", {"repo": "model:acme/many"}).json()["jobs"][0]["id"]
        wait_for(lambda: any(row["state"] == "done" and row["sha256"] for row in files_of(gateway, number).values()),
                 60, "a first file")
        proxy.stop()
        waiting = wait_for(
            lambda: (job := job_of(gateway, number))["waits_for"] and job["state"] == "queued" and job, 90, "waiting")
        assert "hub" in waiting["waits_for"]
        proxy.bytes_per_second = None
        proxy.start()
        job = wait_for(lambda: ended(gateway, number), 180, "its end")
        assert job["state"] == "succeeded", job["failure"]
    finally:
        proxy.stop()


def test_a_failing_upstream_is_probed_once_for_each_pause(above, mirror):
    """F10: however many jobs want something of it."""
    with HostileProxy(above.url) as proxy:
        pause = 3
        gateway = mirror(proxy.url, upstream={
            "retry": {"max": 0, "backoff": "100ms..500ms"},
            "breaker": {"failures": 3, "window": "30s", "openFor": f"{pause}s", "halfOpen": 1}})
        assert sync(gateway, repo="model:acme/tiny")["state"] == "succeeded"
        proxy.bytes_per_second = 50_000
        numbers = [post(gateway, "/sync", {"repo": "model:acme/many", "files": files}).json()["jobs"][0]["id"]
                   for files in (["*.safetensors"], ["part-00*"], ["part-01*"])]
        wait_for(lambda: any(row["state"] == "done" and row["sha256"]
                             for number in numbers for row in files_of(gateway, number).values()), 60, "a first file")
        proxy.on("any", hostile.status(503))
        wait_for(lambda: gateway.metric("hub_upstream_circuit_open") == 1, 60, "the breaker")
        before = len(proxy.seen())
        begun = time.monotonic()
        while time.monotonic() - begun < 4 * pause:
            # What is cached flows.
            assert gateway.get("/acme/tiny/resolve/main/config.json").status_code == 200
            time.sleep(0.5)
        assert len(proxy.seen()) - before <= 5, [(seen.method, seen.path) for seen in proxy.seen()[before:]]
        jobs = wait_for(lambda: (jobs := [job_of(gateway, number) for number in numbers])
                        and all(job["state"] in ("queued", "succeeded") for job in jobs) and jobs, 60, "their turn to wait")
        waiting = [job for job in jobs if job["state"] == "queued"]
        assert waiting
        for job in waiting:
            assert "hub" in job["waits_for"] and ("503" in job["waits_for"] or "left alone" in job["waits_for"]), job
        listed = {each["name"]: each for each in get(gateway, "/upstreams").json()["upstreams"]}
        assert listed["hub"]["breaker"] in ("open", "half-open") and "503" in listed["hub"]["lastError"]


def test_what_became_private_above_is_shown_as_such_and_kept(mirror, tmp_path):
    with Weir(tmp_path / "upstream") as upstream:
        upstream.import_folder(content.small_model(tmp_path / "tiny", "tiny", "mit"), "model:acme/tiny")
        gateway = mirror(upstream.url)
        assert sync(gateway, repo="model:acme/tiny")["state"] == "succeeded"
        root = upstream.token("root", "admin", admin=True)
        hidden = requests.put(f"{upstream.url}/api/models/acme/tiny/settings", json={"private": True},
                              headers={"Authorization": f"Bearer {root}"}, timeout=30)
        assert hidden.status_code == 200, hidden.text
        job = sync(gateway, repo="model:acme/tiny")
        # To a stranger what is private is not there.
        assert job["state"] == "failed" and "what was fetched stays and is served" in job["failure"]
        assert gateway.get("/acme/tiny/resolve/main/model.safetensors").status_code == 200


@pytest.mark.parametrize("deletions", ["keep", "tombstone", "delete"])
def test_what_disappears_above_is_treated_as_policy_says(mirror, tmp_path, deletions):
    with Weir(tmp_path / "upstream") as upstream:
        upstream.import_folder(content.small_model(tmp_path / "tiny", "tiny", "mit"), "model:acme/tiny")
        gateway = mirror(upstream.url, schedule={"cron": "0 1 1 1 *", "deletions": deletions})
        assert sync(gateway, repo="model:acme/tiny")["state"] == "succeeded"
        root = upstream.token("root", "admin", admin=True)
        gone = requests.delete(f"{upstream.url}/api/repos/delete", json={"type": "model", "name": "acme/tiny"},
                               headers={"Authorization": f"Bearer {root}"}, timeout=30)
        assert gone.status_code == 200, gone.text
        job = sync(gateway, repo="model:acme/tiny")
        assert job["state"] == "failed" and job["failure_code"] == "repository-not-found"
        answer = gateway.get("/acme/tiny/resolve/main/model.safetensors")
        if deletions == "keep":
            assert answer.status_code == 200
        else:
            assert answer.status_code in (401, 404)
        if deletions == "tombstone":
            assert "was removed from its upstream" in answer.headers["X-Error-Message"]
            assert gateway.stored_blobs()
