"""Bits that turn over on the disk are found, never served, and mended from wherever the right bytes are."""

import hashlib
import json
import random

import pytest
import requests

from support.flips import fill, flip, flip_some, make_folder, name, read_all, scrub, stored
from support.weir import CORRUPT, Weir, eventually, fast_upstream, mirror_document

REPOSITORIES, FILES = 6, 8


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    home = tmp_path_factory.mktemp("above")
    chooser = random.Random(7)
    with Weir(home) as weir:
        weir.folders = {}
        for number in range(REPOSITORIES):
            folder = make_folder(home / "files", number, FILES, chooser)
            weir.import_folder(folder, f"model:acme/r{number}")
            weir.folders[f"acme/r{number}"] = folder
        yield weir


@pytest.fixture()
def gateway(upstream, tmp_path):
    document = mirror_document("above", [fast_upstream("hub", "weir", upstream.url)], default="allow")
    weir = Weir(tmp_path / "gateway", [document], flags=(
        # A scan in the background would find the damage before the reader that is asked about here.
        "--verify-reads", "--scrub-every", "off", "--scan-workers", "0"))
    with weir:
        weir.admin = weir.token("root", "admin", admin=True)
        fill(weir, upstream.folders, tmp_path)
        yield weir


def test_a_hundred_flips_are_found_healed_and_never_served(gateway, upstream):
    chooser = random.Random(11)
    for kinds, flips in ((("blob",), 50), (("pack",), 20), (("pack", "index"), 30)):
        # A server that has just verified a file believes it for a minute: it is to look at all of them again.
        gateway.stop()
        files = stored(gateway.data)
        assert len(files["blob"]) >= REPOSITORIES * FILES and len(files["pack"]) >= REPOSITORIES
        touched = flip_some([file for kind in kinds for file in files[kind]], flips, chooser)
        gateway.start()
        if kinds == ("blob",):
            # What is read first is found by its reader.
            first = read_all(gateway, upstream.folders)
            assert first["right"] > 0 and first["refused"] > 0
        report = scrub(gateway, gateway.admin)
        assert report["job"]["state"] == "succeeded", report["job"]
        found = {damage["name"] for damage in report["damages"]}
        assert {name(path) for path in touched} <= found
        assert all(damage["healedAt"] and damage["source"] for damage in report["damages"])
        assert read_all(gateway, upstream.folders)["refused"] == 0
        assert scrub(gateway, gateway.admin)["run"]["damaged"] == 0
    gateway.stop()
    gateway.checked("verify")


def test_verified_reads_withhold_the_end_of_a_damaged_file_and_heal_it(gateway, upstream):
    folder = upstream.folders["acme/r0"]
    file = max(folder.glob("*.safetensors"), key=lambda each: each.stat().st_size)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    gateway.restart()
    blob = gateway.data / "blobs/sha256" / digest[:2] / digest[2:4] / digest
    flip(blob, 8 * 17 + 3)
    url = f"{gateway.url}/acme/r0/resolve/main/{file.name}"
    received = b""
    with pytest.raises(requests.RequestException):
        with requests.get(url, stream=True, timeout=20) as answer:
            for chunk in answer.iter_content(1024):
                received += chunk
    assert len(received) <= file.stat().st_size - min(file.stat().st_size, 64 << 10)
    # What was put aside is here again, from upstream.
    assert requests.get(url, timeout=20).content == file.read_bytes()
    assert blob.read_bytes() == file.read_bytes()
    # Parts of a damaged file are as little given out as the whole.
    gateway.restart()
    flip(blob, 8 * (file.stat().st_size - 1))
    with pytest.raises(requests.RequestException):
        requests.get(url, headers={"Range": "bytes=0-99"}, timeout=20).content
    assert gateway.metric("weir_scrub_damaged_total", kind="blob") >= 1


def test_a_local_file_without_another_source_is_told_and_not_served(tmp_path):
    chooser = random.Random(3)
    folder = make_folder(tmp_path, 1, 2, chooser)
    with Weir(tmp_path / "hub", flags=("--scrub-every", "off")) as weir:
        admin = weir.token("root", "admin", admin=True)
        weir.import_folder(folder, "model:acme/own")
        twin = make_folder(tmp_path / "other", 1, 1, chooser)
        blobs = stored(weir.data)["blob"]
        victim = blobs[0]
        flip(victim, 5)
        report = scrub(weir, admin)
        assert report["job"]["state"] == "failed" and report["run"]["damaged"] == 1 and report["run"]["healed"] == 0
        assert [damage["name"] for damage in report["damages"]] == [victim.name]
        file = next(path for path in folder.glob("*.safetensors")
                    if hashlib.sha256(path.read_bytes()).hexdigest() == victim.name)
        answer = weir.get(f"/acme/own/resolve/main/{file.name}")
        assert answer.status_code >= 400
        weir.stop()
        told = weir.command("scrub", "--json")
        assert told.returncode == CORRUPT
        assert [damage["healed"] for damage in json.loads(told.stdout)["damages"]] == [False]
        # A folder that has it, under its digest or as another hub keeps it, brings it back.
        (twin / victim.name).write_bytes(file.read_bytes())
        told = weir.checked("scrub", "--repair", "--from", twin, "--json")
        damages = json.loads(told)["damages"]
        assert damages[0]["healed"] and damages[0]["source"].startswith(str(twin))
        weir.start()
        assert weir.get(f"/acme/own/resolve/main/{file.name}").content == file.read_bytes()


def test_git_objects_of_a_local_repository_are_saved_from_a_damaged_pack_and_taken_from_another(tmp_path):
    chooser = random.Random(5)
    folder = make_folder(tmp_path, 1, 12, chooser)
    with Weir(tmp_path / "hub", flags=("--scrub-every", "off")) as weir:
        admin = weir.token("root", "admin", admin=True)
        weir.import_folder(folder, "model:acme/one")
        weir.import_folder(folder, "model:acme/two")
        weir.stop()
        objects = sorted((weir.data / "git").glob("*/*/*.git/objects/[0-9a-f][0-9a-f]/*"))
        by_name: dict = {}
        for path in objects:
            by_name.setdefault(path.parent.name + path.name, []).append(path)
        twice = [paths for paths in by_name.values() if len(paths) == 2]
        assert twice
        for paths in twice[:5]:
            # In the middle, where it changes what is in it.
            flip(paths[0], 4 * paths[0].stat().st_size)
        weir.start()
        report = scrub(weir, admin)
        assert report["run"]["damaged"] == 5 and report["run"]["healed"] == 5, report
        for repository in ("acme/one", "acme/two"):
            for file in (folder / "texts").iterdir():
                answer = weir.get(f"/{repository}/resolve/main/texts/{file.name}")
                assert answer.content == file.read_bytes()


def test_an_interrupted_scrub_goes_on_and_only_operators_see_it(gateway):
    assert gateway.get("/api/gateway/v1/scrub").status_code == 401
    user = {"Authorization": f"Bearer {gateway.token('eve', 'write')}"}
    assert gateway.get("/api/gateway/v1/scrub", headers=user).status_code == 403
    admin = {"Authorization": f"Bearer {gateway.admin}"}
    total = sum(path.stat().st_size for path in stored(gateway.data)["blob"])
    job = gateway.post("/api/gateway/v1/scrub", headers=admin, json={"rate": total // 5}).json()

    def run():
        return gateway.get("/api/gateway/v1/scrub", headers=admin).json()["run"]

    before = eventually(lambda: (r := run()) and r["blobs"] > 3 and r, 20)
    gateway.kill()
    gateway.start()
    after = eventually(lambda: (r := run()) and r["finishedAt"] and r, 40)
    assert after["startedAt"] == before["startedAt"] and after["damaged"] == 0
    # What was read before is not read again, but for what was not written down yet.
    assert after["blobs"] < len(stored(gateway.data)["blob"]) + before["blobs"]
    state = gateway.get(f"/api/gateway/v1/jobs/{job['id']}", headers=admin).json()["state"]
    assert state in ("running", "succeeded")
