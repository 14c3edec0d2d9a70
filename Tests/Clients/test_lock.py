"""hub.lock: what a project uses, pinned, checked without a network, and compared."""

import hashlib
import json
import os
import subprocess

import pytest

from support.clients import hub_client
from support.weir import BINARY, CORRUPT, NOT_FOUND, USAGE, Weir, run_weir

CARD = "---\nlicense: {}\n---\n# a model\n"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    home = tmp_path_factory.mktemp("hub")
    model, data = home / "model", home / "data-files"
    for folder in (model / "sub", data):
        folder.mkdir(parents=True)
    (model / "README.md").write_text(CARD.format("mit"))
    (model / "sub" / "config.json").write_text("{}\n")
    (model / "model.safetensors").write_bytes(os.urandom(70_000))
    (data / "README.md").write_text(CARD.format("cc-by-4.0"))
    (data / "train.parquet").write_bytes(os.urandom(5_000))
    with Weir(home) as weir:
        weir.admin = home / "token"
        weir.admin.write_text(weir.token("root", "admin", admin=True) + "\n")
        weir.import_folder(model, "model:acme/net")
        weir.import_folder(data, "dataset:acme/rows", "--private")
        weir.model = model
        weir.table = data
        yield weir


def resolve(hub, lock, *names, **options):
    return run_weir("lock", "resolve", *names, "--endpoint", hub.url, "--token-file", hub.admin, "--output", lock, **options)


def download(hub, home, *words):
    hub_client("2.4.0", home, hub.url, token=hub.admin.read_text().strip()).cli("hf", "download", *words).checked()


@pytest.fixture(scope="module")
def lock(hub, tmp_path_factory):
    file = tmp_path_factory.mktemp("lock") / "hub.lock"
    made = resolve(hub, file, "model:acme/net", "dataset:acme/rows@main")
    assert made.returncode == 0, made.stderr
    return file


def test_a_lock_names_every_file_with_its_digest(hub, lock):
    content = json.loads(lock.read_text())
    assert [each["repository"] for each in content["repositories"]] == ["dataset:acme/rows", "model:acme/net"]
    model = content["repositories"][1]
    assert model["commit"] == hub.get("/api/models/acme/net/revision/main").json()["sha"]
    assert model["licenses"] == ["mit"]
    files = {file["path"]: (file["size"], file["sha256"]) for file in model["files"] if file["path"] != ".gitattributes"}
    assert files == {
        str(path.relative_to(hub.model)): (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in hub.model.rglob("*") if path.is_file()}
    again = lock.with_name("again.lock")
    assert resolve(hub, again, "dataset:acme/rows", "model:acme/net").returncode == 0
    assert again.read_bytes() == lock.read_bytes()


def test_a_clients_cache_is_checked_without_a_network(hub, lock, tmp_path):
    download(hub, tmp_path, "acme/net")
    download(hub, tmp_path, "acme/rows", "--repo-type", "dataset")
    cache = tmp_path / "hf" / "hub"
    # `unshare -n` leaves no network at all.
    offline = subprocess.run(
        ["unshare", "-n", str(BINARY), "lock", "verify", lock, "--folder", cache, "--strict"],
        capture_output=True, text=True, timeout=60)
    assert offline.returncode == 0 and " 0 problems" in offline.stdout, offline.stderr
    victim = next((cache / "models--acme--net" / "snapshots").rglob("config.json")).resolve()
    victim.write_text("[]\n")
    told = run_weir("lock", "verify", lock, "--folder", cache)
    assert told.returncode == CORRUPT and "model:acme/net sub/config.json: its bytes" in told.stderr
    victim.unlink()
    told = run_weir("lock", "verify", lock, "--folder", cache)
    assert told.returncode == CORRUPT and "sub/config.json: it cannot be read" in told.stderr


def test_a_folder_of_one_repository_is_checked_strictly(hub, tmp_path):
    one = tmp_path / "one.lock"
    assert resolve(hub, one, "model:acme/net").returncode == 0
    target = tmp_path / "net"
    download(hub, tmp_path / "home", "acme/net", "--local-dir", target)
    assert run_weir("lock", "verify", one, "--folder", target, "--strict").returncode == 0
    (target / "extra.py").write_text("import os\n")
    assert run_weir("lock", "verify", one, "--folder", target).returncode == 0
    told = run_weir("lock", "verify", one, "--folder", target, "--strict")
    assert told.returncode == CORRUPT and "extra.py: not in the lock" in told.stderr
    (target / "model.safetensors").write_bytes(b"short")
    told = run_weir("lock", "verify", one, "--folder", target)
    assert told.returncode == CORRUPT and "5 bytes, the lock says 70000" in told.stderr


def test_what_changed_is_told(hub, lock, tmp_path):
    newer = tmp_path / "newer.lock"
    (hub.model / "README.md").write_text(CARD.format("llama3"))
    (hub.model / "added.safetensors").write_bytes(b"\0" * 300)
    hub.import_folder(hub.model, "model:acme/net")
    assert resolve(hub, newer, "model:acme/net").returncode == 0
    told = run_weir("lock", "diff", lock, newer)
    assert told.returncode == 0
    assert "- dataset:acme/rows@main" in told.stdout
    assert "licence mit" in told.stdout and "-> llama3" in told.stdout
    assert "+ added.safetensors: 300 bytes" in told.stdout and "~ README.md" in told.stdout
    assert run_weir("lock", "diff", newer, newer).stdout == "no difference\n"


def test_what_cannot_be_resolved_or_is_no_lock_is_refused(hub, lock, tmp_path):
    target = tmp_path / "x.lock"
    assert resolve(hub, target, "model:acme/absent").returncode == NOT_FOUND
    assert resolve(hub, target, "acme").returncode == USAGE
    assert not target.exists()
    without = run_weir("lock", "resolve", "dataset:acme/rows", "--endpoint", hub.url, "--output", target)
    assert without.returncode != 0 and not target.exists()
    good = json.loads(lock.read_text())
    for change in (
        lambda c: c["repositories"][0]["files"][0].update(path="../../etc/passwd"),
        lambda c: c["repositories"][0]["files"][0].update(path="/etc/passwd"),
        lambda c: c["repositories"][0]["files"][0].update(sha256="0" * 64),
        lambda c: c["repositories"][0].update(commit="main"),
        lambda c: c.update(version=2),
    ):
        content = json.loads(json.dumps(good))
        change(content)
        target.write_text(json.dumps(content))
        assert run_weir("lock", "verify", target, "--folder", tmp_path).returncode in (USAGE, CORRUPT)
    target.write_text("not json")
    assert run_weir("lock", "verify", target, "--folder", tmp_path).returncode == USAGE
