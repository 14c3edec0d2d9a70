"""An upstream that lies at random for a long time."""

import hashlib
import os
import random
import time

import pytest

from support import hostile as lies
from support.checks import assert_same_files, assert_store_is_true, fetch
from support.hostile import HostileProxy
from support.weir import eventually

pytestmark = pytest.mark.drill
ROUNDS = int(os.environ.get("WEIR_DRILL_LIES", 60))


def test_no_mixture_of_lies_completes_a_wrong_file(community, make_gateway, hub, tmp_path):
    seed = int(os.environ.get("WEIR_DRILL_SEED", time.time()))
    print("seed", seed)
    chance = random.Random(seed)
    choices = [
        lambda: lies.flip_a_byte(chance.randrange(300_000)), lambda: lies.wrong_size(chance.choice([-5000, -1, 1, 70_000])),
        lambda: lies.login_page, lambda: lies.cut(chance.random()), lambda: lies.status(chance.choice([401, 403, 404, 500, 502, 503])),
        lambda: lies.status(429, "1"), lambda: lies.redirect_loop,
    ]
    names = ["acme/tiny", "acme/nested", "acme/research-only", "acme/llama-derived"]
    wanted = {name: (community.content.models[name] / "model.safetensors").read_bytes() for name in names}
    right = 0
    with HostileProxy(community.url) as proxy:
        gateway = make_gateway(proxy.url, cache={"ttl": {"ref": "1s", "negative": "1s"}})
        for number in range(ROUNDS):
            proxy.behave()
            for _ in range(chance.randrange(1, 4)):
                proxy.on(chance.choice(["blob", "batch", "git", "any"]), chance.choice(choices)(), times=chance.randrange(1, 4))
            name = chance.choice(names)
            complete, status, body = fetch(gateway, f"/{name}/resolve/main/model.safetensors", timeout=40)
            if complete and status == 200:
                right += 1
                assert hashlib.sha256(body).digest() == hashlib.sha256(wanted[name]).digest(), (seed, number)
            if number % 10 == 9:
                assert_store_is_true(gateway)
                gateway.stop()
                gateway.forget()
                gateway.start()
        proxy.behave()
        eventually(lambda: all(gateway.get(f"/{n}/resolve/main/model.safetensors").content == wanted[n] for n in names), 60)
        hub("2.4.0", gateway.url).cli("hf", "download", "acme/nested", "--local-dir", tmp_path / "files").checked()
        assert_same_files(tmp_path / "files", community.content.models["acme/nested"])
        assert_store_is_true(gateway)
    print(f"{right} of {ROUNDS} reads came through right")
