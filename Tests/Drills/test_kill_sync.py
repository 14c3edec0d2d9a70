"""kill -9 at any moment of a sync: it goes on by itself, asks for little twice, and one process owns each job."""

import hashlib
import os
import random
import signal
import sqlite3
import time

import pytest
import requests

from support import content
from support.checks import assert_store_is_true
from support.hostile import HostileProxy
from support.weir import OK, Weir, fast_upstream, mirror_document

pytestmark = [pytest.mark.drill, pytest.mark.timeout(3_600)]
KILLS = int(os.environ.get("WEIR_DRILL_SYNC_KILLS", 40))
FILES = int(os.environ.get("WEIR_DRILL_SYNC_FILES", 2_000))
# Seconds that it lives at most between two kills.
LIFE = float(os.environ.get("WEIR_DRILL_SYNC_LIFE", 3))
# MiB a second that each of the upstream's answers comes at while it is killed.
RATE = float(os.environ.get("WEIR_DRILL_SYNC_RATE", 0.4))
# A piece that an upstream is asked for at once, beyond which nothing of a file may come twice.
PIECE = 8 << 20


def many(folder, count: int):
    """Two files of three in git, one in LFS; a few of them large enough to come in pieces."""
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# many\n")
    for index in range(count):
        place = folder / f"part-{index % 20:02}"
        place.mkdir(exist_ok=True)
        if index % 3:
            (place / f"note-{index:05}.txt").write_text(f"note {index}\n" * (index % 50 + 1))
        else:
            large = index % 300 == 0
            content.write_random(place / f"weights-{index:05}.safetensors", (20 << 20) if large else 3_000 + index,
                                 f"weights {index}")
    return folder


def rows(weir: Weir, statement: str) -> list[dict]:
    with sqlite3.connect(f"file:{weir.data}/weir.db?mode=ro", uri=True, timeout=20) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(statement)]


def test_killed_at_random_moments_of_a_sync(tmp_path):
    seed = int(os.environ.get("WEIR_DRILL_SEED", time.time()))
    print("seed", seed)
    chance = random.Random(seed)
    folder = many(tmp_path / "many", FILES)
    truth = content.digests(folder)
    objects = {digest: (folder / path).stat().st_size for path, digest in truth.items()
               if path.endswith(".safetensors")}
    with Weir(tmp_path / "above") as above, HostileProxy(above.url) as proxy:
        above.import_folder(folder, "model:acme/many", timeout=900)
        document = mirror_document(
            "up", [fast_upstream("hub", "weir", proxy.url)], mode="mirror",
            rules=[{"id": "all", "match": {"repo": ["acme/*"]}, "action": "allow"}])
        (tmp_path / "mirror").mkdir()
        gateway = Weir(tmp_path / "mirror", [document])
        proxy.bytes_per_second = RATE * (1 << 20)
        try:
            gateway.start(60)
            token = gateway.token("root", "admin", admin=True)
            answer = requests.post(f"{gateway.url}/api/gateway/v1/sync", json={"repo": "model:acme/many"},
                                   headers={"Authorization": f"Bearer {token}"}, timeout=60)
            assert answer.status_code == 202, answer.text
            [number] = [job["id"] for job in answer.json()["jobs"]]
            kills = 0
            for _ in range(KILLS):
                time.sleep(chance.random() * LIFE)
                gateway.kill()
                kills += 1
                [job] = rows(gateway, f"SELECT state, lease_epoch FROM jobs WHERE id = {number}")
                assert job["state"] in ("queued", "running", "succeeded"), job
                if job["state"] == "succeeded":
                    break
                gateway.start(60)
                if gateway.stored_blobs().keys() >= objects.keys():
                    break
            if not gateway.alive:
                gateway.start(60)
            proxy.bytes_per_second = None
            end = time.monotonic() + 600
            while (job := rows(gateway, f"SELECT * FROM jobs WHERE id = {number}")[0])["state"] in ("queued", "running"):
                assert time.monotonic() < end, job
                time.sleep(0.5)
            assert job["state"] == "succeeded", job["failure"]
            files = rows(gateway, f"SELECT * FROM job_files WHERE job_id = {number}")
            assert {row["path"] for row in files} >= set(truth)
            assert all(row["state"] == "done" for row in files)

            # One owner: of each of the job's leases there was one, and each attempt began under another.
            starts = rows(gateway, f"SELECT content FROM job_events WHERE job_id = {number} AND kind LIKE '%started'")
            assert len(starts) <= kills + 1

            # Little came twice: of each file one piece for each time that it was cut at most.
            sent = proxy.body_bytes("blob")
            twice = sent - sum(objects.values())
            print(f"{kills} kills, {sent} bytes of {sum(objects.values())} came, {twice} twice")
            by_file: dict[str, int] = {}
            for request in proxy.seen("blob", "GET"):
                name = next((digest for digest in objects if digest in request.path), None)
                if name is None:
                    name = next((d for p, d in truth.items() if request.path.split("?")[0].endswith(p)), request.path)
                by_file[name] = by_file.get(name, 0) + request.sent
            cut = {name: sent - objects[name] for name, sent in by_file.items() if name in objects and sent > objects[name]}
            print("sent more than once:", sorted(cut.values(), reverse=True)[:10])
            assert kills >= KILLS // 2, "the sync was over too soon to be a drill"
            assert max(cut.values(), default=0) <= PIECE
            assert twice <= kills * 9 * PIECE

            # The upstream is gone: everything is served from here, byte for byte.
            proxy.stop()
            assert_store_is_true(gateway)
            assert gateway.command("verify").returncode == OK
            for path, digest in chance.sample(sorted(truth.items()), min(200, len(truth))):
                body = gateway.get(f"/acme/many/resolve/main/{path}").content
                assert hashlib.sha256(body).hexdigest() == digest, path
            assert gateway.stored_blobs().keys() >= objects.keys()
        finally:
            gateway.__exit__()


def test_a_server_that_slept_past_its_lease(tmp_path):
    """F15: two servers on one database; the one that has the job is stopped for longer than its lease, and wakes again."""
    folder = many(tmp_path / "many", FILES)
    truth = content.digests(folder)
    large = {path: digest for path, digest in truth.items() if path.endswith(".safetensors")}
    with Weir(tmp_path / "above") as above, HostileProxy(above.url) as proxy:
        above.import_folder(folder, "model:acme/many", timeout=900)
        document = mirror_document(
            "up", [fast_upstream("hub", "weir", proxy.url)], mode="mirror",
            rules=[{"id": "all", "match": {"repo": ["acme/*"]}, "action": "allow"}])
        for name in ("first", "second"):
            (tmp_path / name).mkdir()
        proxy.bytes_per_second = 3 << 20
        first = Weir(tmp_path / "first", [document])
        second = Weir(tmp_path / "second", [document], data=first.data)
        try:
            first.start(60)
            token = first.token("root", "admin", admin=True)
            answer = requests.post(f"{first.url}/api/gateway/v1/sync", json={"repo": "model:acme/many"},
                                   headers={"Authorization": f"Bearer {token}"}, timeout=60)
            [number] = [job["id"] for job in answer.json()["jobs"]]

            def job() -> dict:
                return rows(first, f"SELECT * FROM jobs WHERE id = {number}")[0]

            def wait(until, seconds: float):
                end = time.monotonic() + seconds
                while not until():
                    assert time.monotonic() < end, job()
                    time.sleep(0.1)

            wait(lambda: len(first.stored_blobs()) > 20, 120)
            held = job()
            assert held["state"] == "running"
            first.process.send_signal(signal.SIGSTOP)
            second.start(60)
            wait(lambda: job()["lease_owner"] not in (None, held["lease_owner"]), 60)
            taken = job()
            assert taken["lease_epoch"] > held["lease_epoch"]
            time.sleep(3)
            first.process.send_signal(signal.SIGCONT)
            proxy.bytes_per_second = None
            wait(lambda: job()["state"] not in ("queued", "running"), 600)
            done = job()
            assert done["state"] == "succeeded", done["failure"]
            assert done["files_failed"] == 0 and done["files_done"] == done["files_total"]
            # Nobody but the second had it at the end, though the first woke up meanwhile.
            assert taken["lease_epoch"] <= done["lease_epoch"]
            sent = proxy.body_bytes("blob")
            size = sum((folder / path).stat().st_size for path in large)
            print(f"{sent} bytes of {size} came")
            assert sent - size <= 9 * PIECE
            proxy.stop()
            assert second.stored_blobs().keys() >= set(large.values())
            first.stop()
            second.stop()
            assert second.command("verify").returncode == OK
        finally:
            for weir in (first, second):
                if weir.process is not None and weir.alive:
                    weir.process.send_signal(signal.SIGCONT)
                    weir.kill()
