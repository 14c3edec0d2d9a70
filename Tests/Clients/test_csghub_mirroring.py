"""CSGHub's own sync and mirror routes on the engine: its pages' calls, its two generations, and its SDK afterwards."""

import re

import pytest
import requests

from support.checks import assert_same_files, upstream_cost
from support.csghub_peer import BOOLEAN, INTEGER, TEXT, TIME, Exactly, Words, assert_shape, envelope
from support.weir import Weir, eventually, fast_upstream, mirror_document

STATUS = Words("", "queued", "running", "repo_failed", "repo_synced", "repo_fatal", "lfs_start", "failed", "finished",
               "fatal", "incomplete", "cancelled", "too_large")
TASK = {"repository_id": INTEGER, "mirror_id": INTEGER, "task_id": INTEGER, "status": STATUS,
        "phase": Words("repo", "lfs", "done"), "repo_ready": BOOLEAN, "terminal": BOOLEAN, "retrying": BOOLEAN,
        "superseded": BOOLEAN, "progress": INTEGER, "failure_reason": TEXT, "updated_at": TIME}
ROW = {"id": INTEGER, "task_id": INTEGER, "path": TEXT, "progress": INTEGER, "repo_type": TEXT,
       "sync_status": Words("pending", "inprogress", "completed", "failed", "canceled")}
SETTING = {"id": INTEGER, "token": TEXT, "concurrent_count": INTEGER, "max_bandwidth": INTEGER, "default": BOOLEAN,
           "created_at": TIME, "updated_at": TIME}


class Page:
    """CSGHub's pages as one user sees them."""

    def __init__(self, weir, token):
        self.url, self.headers = weir.url + "/api/v1", {"Authorization": f"Bearer {token}"}

    def __call__(self, method, path, **options):
        return requests.request(method, self.url + path, headers=self.headers, timeout=60, **options)

    def data(self, method, path, shape, **options):
        answer = self(method, path, **options)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        assert_shape(answer.json(), envelope(shape), path)
        return answer.json()["data"]

    def done(self, repository, task=None, seconds=90):
        """Waits as the page does, until the task has ended."""
        path = f"/{repository}/mirror_from_saas/status" + (f"?task_id={task}" if task else "")
        return eventually(lambda: (found := self.data("GET", path, TASK))["terminal"] and found, seconds,
                          lambda: f"not ended: {self('GET', path).text}")


@pytest.fixture(scope="module")
def mirroring(community, tmp_path_factory):
    home = tmp_path_factory.mktemp("mirroring")
    with Weir(home, [mirror_document("community", [fast_upstream("hub", "weir", community.url)])]) as weir:
        weir.admin = weir.token("root", "admin", admin=True)
        yield weir


@pytest.fixture
def page(mirroring):
    return Page(mirroring, mirroring.admin)


def test_a_repository_is_mirrored_and_then_served_without_its_upstream(mirroring, page, community, csghub, tmp_path):
    asked = page("POST", "/models/acme/nested/mirror_from_saas")
    assert asked.status_code == 202, asked.text
    assert_shape(asked.json(), {"msg": Exactly("Accepted"), "data": {
        "repository_id": INTEGER, "mirror_id": INTEGER, "task_id": INTEGER, "status": STATUS}})
    task = asked.json()["data"]["task_id"]
    ended = page.done("models/acme/nested", task)
    assert (ended["status"], ended["phase"], ended["progress"]) == ("finished", "done", 100), ended
    shown = page("GET", "/models/acme/nested").json()["data"]
    assert (shown["sync_status"], shown["mirror_task_status"], shown["source"]) == ("completed", "finished", "opencsg")

    def download():
        csghub(mirroring.url, mirroring.admin).cli(
            "csghub-cli", "download", "acme/nested", "--local-dir", tmp_path / "one", timeout=120).checked()

    _, cost, _ = upstream_cost(mirroring, download)
    assert_same_files(tmp_path / "one", community.content.models["acme/nested"])
    assert cost == 0


def test_before_2_4_the_answer_is_one_word(page):
    answer = page("POST", "/datasets/acme/tables/mirror_from_saas?version=2.3")
    assert (answer.status_code, answer.json()) == (200, {"msg": "OK"})
    assert page.done("datasets/acme/tables")["status"] == "finished"


def test_the_sync_page(mirroring, page, community):
    """What CSGHub's page under Admin, Sync asks, in its order."""
    missing = page("GET", "/sync/client_setting")
    assert missing.status_code == 404 and missing.json()["msg"]
    form = {"token": "0123456789abcdef", "concurrent_count": 1, "max_bandwidth": 50}
    assert page("POST", "/sync/client_setting", json=form).status_code == 200
    assert page.data("GET", "/sync/client_setting", SETTING)["token"] == form["token"]
    assert form["token"] not in mirroring.log()
    assert page("POST", "/mirror/repo", json={
        "source_namespace": "acme", "source_name": "tiny", "mirror_source_id": 1, "repo_type": "model",
        "source_url": f"{community.url}/models/acme/tiny.git", "sync_lfs": True}).json() == {"msg": "OK"}

    def row():
        rows = page.data("GET", "/mirror/repos?page=1&per=10", {"data": [ROW], "total": INTEGER})["data"]
        return next((found for found in rows if found["path"] == "acme/tiny"), None)

    ended = eventually(lambda: (found := row()) and found["sync_status"] == "completed" and found, 60,
                       lambda: f"{row()} {page('GET', '/mirror/tasks').text}")
    assert ended["progress"] == 100 and ended["task_id"] > 0
    tasks = page("GET", "/mirror/tasks?page=1&per=10").json()
    task = next(found for found in tasks["data"] if found["task_id"] == ended["task_id"])
    assert task["status"] == "finished" and task["lfs_stage"] == {"state": "completed", "result": "success"}
    assert task["source_url"] == f"{community.url}/acme/tiny"
    # Again, now.
    assert page("POST", "/lfs_sync/sync_now", json={"task_id": ended["task_id"]}).json() == {"msg": "OK"}
    assert page.done("models/acme/tiny")["status"] == "finished"
    assert page("POST", "/lfs_sync/cancel", json={"task_id": 10**9}).status_code == 404


def test_a_waiting_task_is_cancelled_and_retried(mirroring, page, hostile, tmp_path):
    upstream = fast_upstream("hub", "weir", hostile.url)
    (tmp_path / "weir").mkdir()
    with Weir(tmp_path / "weir", [mirror_document("community", [upstream])]) as weir:
        own = Page(weir, weir.token("root", "admin", admin=True))
        assert own("POST", "/models/acme/large/mirror_from_saas").status_code == 202
        task = own.data("GET", "/models/acme/large/mirror_from_saas/status", TASK)["task_id"]
        cancelled = own("POST", "/lfs_sync/cancel", json={"task_id": task})
        assert cancelled.status_code in (200, 409), cancelled.text
        if cancelled.status_code == 200:
            assert own.done("models/acme/large", task)["status"] == "cancelled"
            assert own("GET", "/models/acme/large").json()["data"]["sync_status"] == "canceled"
            assert own("POST", "/lfs_sync/sync_now", json={"task_id": task}).status_code == 200
        assert own.done("models/acme/large", task)["status"] == "finished"


def test_what_no_mirror_file_says_is_refused_with_the_file_that_would_allow_it(page, community):
    def refused(path, body, status):
        answer = page("POST", path, json=body)
        assert answer.status_code == status, answer.text
        assert re.match(r"[A-Z]+-ERR-\d+: ", answer.json()["msg"])
        return answer.json()["msg"]

    text = refused("/models/acme/tiny/mirror", {"source_url": "https://gitlab.com/acme/tiny.git"}, 403)
    assert "gitlab.com" in text and "mirrors.d/gitlab-com.yaml" in text
    refused("/mirror/batch", {"mirrors": [{"source_url": "https://gitlab.com/a/b", "repo_type": "model"}]}, 403)
    text = refused("/models/acme/tiny/mirror", {"source_url": f"{community.url}/models/acme/nested.git"}, 400)
    assert "community.yaml" in text and "acme/nested" in text
    refused("/models/acme/tiny/mirror", {
        "source_url": f"{community.url}/models/acme/tiny", "username": "u", "access_token": "secret"}, 400)
    made = page("POST", "/models/acme/tiny/mirror", json={
        "source_url": f"{community.url}/models/acme/tiny", "mirror_source_id": 1, "urgent": True})
    assert made.status_code == 200 and made.json()["data"]["source_repo_path"] == "acme/tiny"


def test_only_who_may_run_mirroring_does(mirroring):
    visitor = Page(mirroring, mirroring.token("visitor", "write"))
    assert visitor("POST", "/models/acme/tiny/mirror_from_saas").status_code in (403, 404)
    assert visitor("GET", "/mirror/repos").status_code == 403
    assert visitor("GET", "/sync/client_setting").status_code == 403
    operator = Page(mirroring, mirroring.token("olga", "write"))
    root = {"Authorization": f"Bearer {mirroring.admin}"}
    granted = mirroring.post("/api/gateway/v1/grants", headers=root, json={"user": "olga", "role": "operator"})
    assert granted.status_code == 201, granted.text
    assert operator("POST", "/models/acme/tiny/mirror_from_saas").status_code == 202
    assert operator("GET", "/mirror/repos").status_code == 200
    assert operator("GET", "/sync/client_setting").status_code == 403
