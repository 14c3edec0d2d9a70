"""Jobs as people see and steer them: REST, events as they happen, and the command line beside the server.

What the workers do is shown by the tests of syncing; here jobs wait for a time that does not come, so that each state
stays until somebody changes it.
"""

import json
import os
import pty
import sqlite3
import threading
import time

import pytest
import requests

from support.weir import Weir, eventually, run_weir

API = "/api/gateway/v1"
TOMORROW = 86_400_000


class Events:
    """A client of the stream of events, as a browser's EventSource."""

    def __init__(self, weir, token, last=None, **query):
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self.response = requests.get(f"{weir.url}{API}/events", params=query, headers=headers, stream=True, timeout=40)
        assert self.response.status_code == 200, self.response.text
        assert self.response.headers["Content-Type"] == "text/event-stream"
        self.events, self.ended, self.broken = [], threading.Event(), None
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        event = {}
        try:
            for line in self.response.iter_lines(chunk_size=1, decode_unicode=True):
                if not line:
                    if "data" in event:
                        self.events.append((event.get("id"), event["event"], json.loads(event["data"])))
                    event = {}
                elif not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    event[name] = value
        except Exception as error:
            self.broken = error
        self.ended.set()

    def kinds(self):
        return [kind for _, kind, _ in self.events]

    def close(self):
        self.response.close()


def queue(weir, count=1, account="org:acme", state="queued", by=None, subject="model:acme/demo@main"):
    """Puts jobs into the database that begin tomorrow."""
    now = int(time.time() * 1000)
    with sqlite3.connect(weir.data / "weir.db", timeout=30) as database:
        first = database.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM jobs").fetchone()[0]
        for id in range(first, first + count):
            database.execute(
                "INSERT INTO jobs (id, kind, subject, account, requested_by, priority, payload, state, not_before,"
                " created_at, updated_at) VALUES (?, 'sync', ?, ?, ?, 2, '{}', ?, ?, ?, ?)",
                (id, subject, account, by, state, now + TOMORROW, now, now))
    database.close()
    return list(range(first, first + count))


@pytest.fixture(scope="module")
def weir(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("jobs")) as weir:
        weir.root = weir.token("root", scope="admin", admin=True)
        weir.amy = weir.token("amy", scope="write")
        weir.bob = weir.token("bob", scope="write")
        weir.ops = weir.token("ops", scope="write")
        weir.checked("org", "create", "acme", "--owner", "amy")
        weir.checked("grant", "add", "ops", "--role", "operator")
        yield weir


def ask(weir, path, token, method="get", **options):
    return getattr(weir, method)(API + path, headers={"Authorization": f"Bearer {token}"}, **options)


def test_each_sees_what_is_his_and_operators_all(weir):
    theirs, hers, nobodys = queue(weir)[0], queue(weir, account="user:zoe", by="amy")[0], queue(weir, account="mirror:hf")[0]
    mine = [theirs, hers, nobodys]

    def seen(token):
        jobs = ask(weir, "/jobs", token).json()["jobs"]
        return [job["id"] for job in jobs if job["id"] in mine][::-1]

    assert seen(weir.root) == mine and seen(weir.ops) == mine
    assert seen(weir.amy) == [theirs, hers]
    assert seen(weir.bob) == []
    assert weir.get(API + "/jobs").status_code == 401
    assert ask(weir, f"/jobs/{nobodys}", weir.amy).status_code == 404
    assert ask(weir, f"/jobs/{nobodys}", weir.amy).text.replace(str(nobodys), "0") == ask(
        weir, "/jobs/999999", weir.amy).text.replace("999999", "0")
    assert ask(weir, f"/events?job={nobodys}", weir.amy).status_code == 404
    for act in ("pause", "resume", "cancel", "retry", "prioritise"):
        assert ask(weir, f"/jobs/{theirs}:{act}", weir.amy, "post", json={"priority": "low"}).status_code == 403
    assert ask(weir, f"/jobs/{theirs}:pause", weir.ops, "post").json()["state"] == "paused"


def test_a_job_is_steered_over_rest_and_says_why_it_waits(weir):
    job, = queue(weir)

    def act(what, status=200, **body):
        answer = ask(weir, f"/jobs/{job}:{what}", weir.root, "post", **({"json": body} if body else {}))
        assert answer.status_code == status, answer.text
        return answer.json()

    shown = ask(weir, f"/jobs/{job}", weir.root).json()
    assert shown["state"] == "queued" and shown["waitsFor"] and shown["progress"]["bytesTotal"] == 0
    assert act("pause")["waitsFor"] == "Paused by root until it is resumed."
    assert act("pause")["state"] == "paused"
    assert "paused" in act("retry", 409)["error"]
    assert act("resume")["state"] == "queued"
    assert act("prioritise", priority="urgent")["priority"] == "urgent"
    assert act("prioritise", 400, priority="soon")
    assert act("cancel")["state"] == "cancelled"
    assert act("prioritise", 409, priority="low")
    assert ask(weir, "/jobs/999999:pause", weir.root, "post").status_code == 404
    assert ask(weir, "/jobs/x:pause", weir.root, "post").status_code == 404


def test_lists_are_filtered_and_paged(weir):
    jobs = queue(weir, 5, account="org:paged")
    page = ask(weir, "/jobs?account=org:paged&limit=2", weir.root)
    assert [job["id"] for job in page.json()["jobs"]] == jobs[:2:-1]
    found, url = [], f"{weir.url}{API}/jobs?account=org:paged&limit=2"
    while url:
        page = requests.get(url, headers={"Authorization": f"Bearer {weir.root}"}, timeout=30)
        found += [job["id"] for job in page.json()["jobs"]]
        url = page.links.get("next", {}).get("url")
    assert found == jobs[::-1]
    assert ask(weir, "/jobs?account=org:paged&state=paused,running", weir.root).json()["jobs"] == []
    assert ask(weir, "/jobs?state=lost", weir.root).status_code == 400
    assert ask(weir, "/jobs?cursor=x", weir.root).status_code == 400
    assert ask(weir, f"/jobs/{jobs[0]}/files", weir.root).json() == {"files": [], "next": None}


def test_events_come_as_they_happen_and_go_on_after_the_last(weir):
    job, other = queue(weir, 2)
    stream, filtered = Events(weir, weir.root), Events(weir, weir.amy, job=job)
    bobs = Events(weir, weir.bob)
    began = time.monotonic()
    # From another process: nothing tells the server.
    assert weir.command("jobs", "pause", job, other).returncode == 0
    eventually(lambda: stream.kinds().count("sync.paused") == 2, message=lambda: str(stream.events))
    assert time.monotonic() - began < 5
    eventually(lambda: "sync.paused" in filtered.kinds())
    ask(weir, f"/jobs/{job}:resume", weir.root, "post")
    eventually(lambda: "sync.resumed" in filtered.kinds())
    steered = [event for event in filtered.events if event[1] != "job.progress"]
    assert {data["job"] for _, _, data in steered} == {job}
    assert bobs.events == []
    first = next(id for id, kind, _ in stream.events if kind == "sync.paused")
    again = Events(weir, weir.root, last=first)
    eventually(lambda: again.kinds()[:2] == ["sync.paused", "sync.resumed"], message=lambda: str(again.events))
    listed = ask(weir, f"/events?after={first}", weir.root).json()["events"]
    assert [event["kind"] for event in listed] == ["sync.paused", "sync.resumed"]
    for client in (stream, filtered, bobs, again):
        client.close()


def test_the_command_line_shows_and_steers(weir):
    first, second = queue(weir, 2, subject="model:acme/\x1b[31mred")
    lines = [json.loads(line) for line in weir.checked("jobs", "list", "--state", "queued", "--limit", "2").splitlines()]
    assert [job["id"] for job in lines] == [second, first] and lines[0]["priority"] == "normal"
    assert json.loads(weir.checked("jobs", "show", first, "--files"))["id"] == first
    assert json.loads(weir.checked("jobs", "pause", first))["state"] == "paused"
    assert json.loads(weir.checked("jobs", "resume", first))["state"] == "queued"
    assert json.loads(weir.checked("jobs", "prioritise", first, "--to", "urgent"))["priority"] == "urgent"
    assert weir.command("jobs", "prioritise", first, "--to", "soon").returncode == 64
    assert json.loads(weir.checked("jobs", "cancel", first))["state"] == "cancelled"
    assert weir.command("jobs", "pause", first).returncode == 64
    assert json.loads(weir.checked("jobs", "retry", first))["state"] in ("queued", "running", "failed")
    assert weir.command("jobs", "show", 999_999).returncode == 66
    weir.checked("jobs", "cancel", second)
    watched = [json.loads(line) for line in weir.checked("jobs", "watch", second).splitlines()]
    assert [job["state"] for job in watched] == ["cancelled"]


def test_a_terminal_is_shown_bars_without_what_commands_it(weir):
    job, = queue(weir, subject="model:acme/\x1b[31mred")
    weir.checked("jobs", "cancel", job)
    leader, follower = pty.openpty()
    said = run_weir_on(follower, "jobs", "watch", str(job), "--data", str(weir.data))
    os.close(follower)
    text = os.read(leader, 65_536).decode()
    os.close(leader)
    assert said == 0 and f"{job} model:acme/ [31mred" in text and "cancelled" in text and "[...." in text
    assert "\x1b[31m" not in text


def run_weir_on(terminal, *arguments) -> int:
    import subprocess
    from support.weir import BINARY
    return subprocess.run([str(BINARY), *arguments], stdout=terminal, stderr=terminal, timeout=60).returncode


def test_a_shutdown_ends_streams_cleanly_and_soon(tmp_path):
    with Weir(tmp_path) as weir:
        token = weir.token("root", scope="admin", admin=True)
        stream = Events(weir, token)
        began = time.monotonic()
        assert weir.stop() == 0
        assert time.monotonic() - began < 10
        assert stream.ended.wait(5) and stream.broken is None


def test_jobs_are_counted(weir):
    queue(weir, 3, account="org:counted")
    eventually(lambda: weir.metric("hub_jobs", state="queued") >= 3, seconds=20)
