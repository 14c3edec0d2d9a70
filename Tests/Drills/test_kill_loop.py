"""kill -9 at any moment, again and again: nothing acknowledged is lost, nothing unverified is seen."""

import concurrent.futures
import os
import random
import time

import pytest

from support.checks import assert_same_files, assert_store_is_true, fetch
from support.content import MEBIBYTE, sha256_of
from support.hostile import HostileProxy
from support.weir import OK

pytestmark = pytest.mark.drill
ROUNDS = int(os.environ.get("WEIR_DRILL_KILLS", 40))


def test_killed_at_random_moments_of_a_pull(community, make_gateway, git, hub, tmp_path):
    seed = int(os.environ.get("WEIR_DRILL_SEED", time.time()))
    print("seed", seed)
    chance = random.Random(seed)
    large = community.content.models["acme/large"] / "model.safetensors"
    path, digest, size = "/acme/large/resolve/main/model.safetensors", sha256_of(large), large.stat().st_size
    whole = large.read_bytes()
    finished = 0
    with HostileProxy(community.url) as proxy:
        gateway = make_gateway(proxy.url)
        for _ in range(ROUNDS):
            if digest in gateway.stored_blobs() and chance.random() < 0.5:
                gateway.stop()
                gateway.forget()
                gateway.start()
            proxy.bytes_per_second = chance.choice([None, 24 * MEBIBYTE, 96 * MEBIBYTE])
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                readers = [pool.submit(fetch, gateway, path, None, 30) for _ in range(2)]
                pool.submit(git.try_run, "ls-remote", f"{gateway.url}/acme/nested.git", timeout=20)
                pool.submit(gateway.get, "/acme/nested/resolve/main/model.safetensors", timeout=20)
                time.sleep(chance.random() * 1.5)
                gateway.kill()
                for reader in readers:
                    complete, status, body = reader.result()
                    if complete and status == 200:
                        finished += 1
                        assert body == whole, "a wrong file was completed"
            assert_store_is_true(gateway)
            gateway.start()
        proxy.bytes_per_second = None
        complete, status, body = fetch(gateway, path, timeout=120)
        assert complete and status == 200 and body == whole
        git.run("clone", "--quiet", f"{gateway.url}/acme/nested.git", tmp_path / "clone")
        git.run("fsck", "--strict", "--full", cwd=tmp_path / "clone")
        assert_same_files(tmp_path / "clone", community.content.models["acme/nested"])
        assert gateway.command("verify").returncode == OK
        # What was cut short is taken up again or thrown away, never hoarded.
        assert sum(each.stat().st_size for each in gateway.partial_files()) < size
    print("reads that finished before the kill:", finished)


def test_killed_at_random_moments_of_an_import(tmp_path):
    from support.content import nested_model, write_random
    from support.weir import BINARY, Weir
    import subprocess
    chance = random.Random(7)
    folder = nested_model(tmp_path / "model")
    write_random(folder / "large.safetensors", 64 * MEBIBYTE, "import drill")
    weir = Weir(tmp_path)
    for _ in range(ROUNDS // 2):
        process = subprocess.Popen([BINARY, "import", folder, "--as", "model:acme/drill", "--data", weir.data],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * 0.8)
        process.kill()
        process.wait()
        assert_store_is_true(weir)
    weir.import_folder(folder, "model:acme/drill")
    assert weir.command("verify").returncode == OK
    with weir:
        assert len(weir.get("/api/models/acme/drill/commits/main").json()) >= 1
        complete, status, body = fetch(weir, "/acme/drill/resolve/main/large.safetensors", timeout=60)
        assert complete and status == 200 and body == (folder / "large.safetensors").read_bytes()
