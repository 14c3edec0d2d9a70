"""`weir import`, and `weir verify` after the disk has done its worst."""

import os
import pathlib
import shutil
import subprocess
import time

import pytest

from support.checks import assert_same_files, assert_store_is_true
from support.content import MEBIBYTE, megabytes, sha256_of, small_model, write_random
from support.weir import BINARY, CORRUPT, NOT_FOUND, OK, USAGE, Weir


@pytest.fixture
def server(tmp_path):
    home = tmp_path / "hub"
    home.mkdir()
    with Weir(home) as weir:
        yield weir


def test_a_folder_is_imported_while_the_server_runs(server, tmp_path, git, hub):
    folder = small_model(tmp_path / "model", "mine", "mit")
    server.import_folder(folder, "model:acme/mine")
    hub("2.4.0", server.url).cli("hf", "download", "acme/mine", "--local-dir", tmp_path / "hf").checked()
    assert_same_files(tmp_path / "hf", folder)
    git.run("clone", "--quiet", f"{server.url}/acme/mine.git", tmp_path / "clone")
    assert_same_files(tmp_path / "clone", folder)
    assert "*.safetensors filter=lfs" in (tmp_path / "clone/.gitattributes").read_text()
    git.run("fsck", "--strict", cwd=tmp_path / "clone")
    git.run("lfs", "fsck", cwd=tmp_path / "clone")
    assert git.run("status", "--porcelain", cwd=tmp_path / "clone") == ""
    assert_store_is_true(server)


def test_importing_the_same_again_changes_nothing(server, tmp_path):
    folder = small_model(tmp_path / "model", "mine", "mit")
    server.import_folder(folder, "model:acme/mine")
    first = server.get("/api/models/acme/mine").json()["sha"]
    server.import_folder(folder, "model:acme/mine")
    assert server.get("/api/models/acme/mine").json()["sha"] == first
    (folder / "config.json").write_text("{}\n")
    (folder / "README.md").unlink()
    server.import_folder(folder, "model:acme/mine")
    commits = server.get("/api/models/acme/mine/commits/main").json()
    assert len(commits) == 2 and commits[1]["id"] == first
    assert "README.md" not in [f["path"] for f in server.get("/api/models/acme/mine/tree/main").json()]


def test_a_hugging_face_cache_snapshot_is_imported(server, community, hub, tmp_path):
    """Its files are symlinks into `blobs/`; what counts is what they show."""
    client = hub("1.33.0", community.url)
    snapshot = client.value("from huggingface_hub import snapshot_download\nresult(snapshot_download('acme/nested'))")
    assert any(os.path.islink(os.path.join(snapshot, name)) for name in os.listdir(snapshot))
    server.import_folder(snapshot, "model:acme/from-cache")
    hub("2.4.0", server.url).cli("hf", "download", "acme/from-cache", "--local-dir", tmp_path / "files").checked()
    assert_same_files(tmp_path / "files", community.content.models["acme/nested"])


def test_a_symlink_out_of_the_folder_is_not_followed(server, tmp_path):
    folder = small_model(tmp_path / "model", "mine", "mit")
    secret = tmp_path / "secret.txt"
    secret.write_text("canary-of-the-host")
    (folder / "link.txt").symlink_to(secret)
    result = server.command("import", folder, "--as", "model:acme/links")
    if result.returncode == OK:
        answer = server.get("/acme/links/resolve/main/link.txt")
        assert "canary-of-the-host" not in answer.text
    else:
        assert "link.txt" in result.stderr


def test_git_folders_and_bookkeeping_are_left_out(server, tmp_path):
    folder = small_model(tmp_path / "model", "mine", "mit")
    for inside in (".git", ".cache/huggingface"):
        (folder / inside).mkdir(parents=True)
        (folder / inside / "config").write_text("[core]\n")
    server.import_folder(folder, "model:acme/mine")
    files = [f["path"] for f in server.get("/api/models/acme/mine/tree/main?recursive=true").json()]
    assert not [f for f in files if f.startswith((".git/", ".cache/"))]


@pytest.mark.parametrize("name", ["acme/mine", "model:acme", "thing:acme/mine", "model:../x/y", "model:acme/../x", "model:a b/c"])
def test_a_bad_name_is_a_usage_error(name, tmp_path):
    folder = small_model(tmp_path / "model", "mine", "mit")
    weir = Weir(tmp_path)
    assert weir.command("import", folder, "--as", name).returncode == USAGE


def test_a_missing_folder_is_not_found(tmp_path):
    assert Weir(tmp_path).command("import", tmp_path / "absent", "--as", "model:acme/mine").returncode == NOT_FOUND


def test_verify_finds_a_flipped_bit(tmp_path):
    weir = Weir(tmp_path)
    folder = small_model(tmp_path / "model", "mine", "mit", weights=3 * MEBIBYTE)
    weir.import_folder(folder, "model:acme/mine")
    assert weir.command("verify").returncode == OK
    digest = sha256_of(folder / "model.safetensors")
    path = weir.stored_blobs()[digest]
    os.chmod(path, 0o644)
    with open(path, "r+b") as file:
        file.seek(1_500_000)
        byte = file.read(1)
        file.seek(1_500_000)
        file.write(bytes([byte[0] ^ 4]))
    result = weir.command("verify")
    assert result.returncode == CORRUPT
    assert digest in result.stdout + result.stderr


def test_verify_finds_a_missing_and_a_short_blob(tmp_path):
    weir = Weir(tmp_path)
    folder = small_model(tmp_path / "model", "mine", "mit", weights=MEBIBYTE)
    write_random(folder / "second.safetensors", MEBIBYTE, "second")
    weir.import_folder(folder, "model:acme/mine")
    stored = weir.stored_blobs()
    missing, short = sha256_of(folder / "model.safetensors"), sha256_of(folder / "second.safetensors")
    stored[missing].unlink()
    os.chmod(stored[short], 0o644)
    os.truncate(stored[short], 1000)
    result = weir.command("verify")
    assert result.returncode == CORRUPT
    assert missing in result.stdout + result.stderr and short in result.stdout + result.stderr


def test_import_streams_at_disk_speed(tmp_path):
    """Memory does not grow with the file, and the time is near that of hashing and copying it."""
    weir = Weir(tmp_path)
    folder = tmp_path / "model"
    size = megabytes("WEIR_TEST_FILE_MIB", 256)
    write_random(folder / "model.safetensors", size, "large import")
    begun = time.monotonic()
    shutil.copyfile(folder / "model.safetensors", tmp_path / "copy")
    sha256_of(tmp_path / "copy")
    reference = time.monotonic() - begun
    result = weir.command("import", folder, "--as", "model:acme/big", timeout=300)
    assert result.returncode == OK, result.stderr
    begun = time.monotonic()
    usage = _peak_memory_of(weir, folder)
    assert usage < 200 * MEBIBYTE, usage
    assert time.monotonic() - begun < 10 * reference + 5


def _peak_memory_of(weir, folder) -> int:
    """Bytes. Read from /proc: the peak that wait4 tells begins with what the forking process had, not with the program."""
    process = subprocess.Popen([BINARY, "import", folder, "--as", "model:acme/big2", "--data", weir.data],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        try:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            if os.readlink(f"/proc/{process.pid}/exe") == str(BINARY.resolve()) and "VmHWM:" in status:
                peak = max(peak, int(status.split("VmHWM:")[1].split()[0]) * 1024)
        except OSError:
            pass  # It has just ended.
        time.sleep(0.002)
    assert process.returncode == OK
    assert peak > 0, "it ended before it could be looked at"
    return peak
