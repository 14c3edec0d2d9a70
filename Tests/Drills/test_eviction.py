"""500 random rounds on a full small disk: nothing that is pinned, local or the only copy goes, whatever is asked for."""

import concurrent.futures
import hashlib
import os
import random
import time

import pytest
import requests

from support.checks import assert_store_is_true, fetch
from support.disk import small_disk
from support.weir import OK, Weir, fast_upstream, mirror_document

pytestmark = pytest.mark.drill
ROUNDS = int(os.environ.get("WEIR_DRILL_EVICTION_ROUNDS", 500))
BASE = "/api/gateway/v1"
MODELS = 24
LFS = "application/vnd.git-lfs+json"


class Above:
    """An upstream of models with one file each; some of them vanish and come back."""

    def __init__(self, home, chance: random.Random, prefix: str):
        home.mkdir()
        self.hub = Weir(home).start()
        self.prefix = prefix
        self.files: dict[str, bytes] = {}
        for number in range(MODELS):
            folder = home / "sources" / f"{number}"
            folder.mkdir(parents=True)
            # Two models in three have a file that is also in the other upstream.
            seed = f"shared {number}" if number % 3 == 0 else f"{prefix} {number}"
            size = 1 << random.Random(seed).randrange(16, 22)
            self.files[f"m{number}"] = random.Random(seed).randbytes(size)
            (folder / "model.safetensors").write_bytes(self.files[f"m{number}"])
            self.hub.import_folder(folder, f"model:{prefix}/m{number}")


class World:
    def __init__(self, tmp_path, disk, chance):
        self.chance = chance
        self.ups = {name: Above(tmp_path / name, chance, name) for name in ("east", "west")}
        home = tmp_path / "gateway"
        home.mkdir()
        self.weir = Weir(home, [self.mirror("east"), self.mirror("west")],
                         ("--retention-grace", "0s", "--retention-every", "1s"), data=disk / "data").start()
        token = self.weir.token("root", "admin", admin=True)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.weir.checked("repository", "create", "model:root/own")
        self.own: dict[str, bytes] = {}
        self.pins: dict[tuple, str] = {}
        self.down: set[str] = set()
        self.counts = {"pulled": 0, "refused": 0, "evicted": 0, "kills": 0, "held": 0}

    def mirror(self, name: str) -> dict:
        rules = {"east": {"maxBytes": "8MiB", "pin": ["east/m0"]}, "west": {"minFree": "15%", "evict": "lru"}}[name]
        return mirror_document(
            name, [fast_upstream(name, "weir", self.ups[name].hub.url)], retention=rules,
            cache={"ttl": {"ref": "1s", "negative": "1s"}},
            namespace={"map": {name: name}})

    def digest(self, place) -> str:
        return hashlib.sha256(self.ups[place[0]].files[place[1]]).hexdigest()

    def protected(self) -> dict[str, str]:
        """Digests that are stored now and must stay, and why."""
        stored = self.weir.stored_blobs()
        kept = {hashlib.sha256(data).hexdigest(): "own" for data in self.own.values()}
        for place in [("east", "m0"), *self.pins]:
            if self.digest(place) in stored:
                kept[self.digest(place)] = f"pinned {place}"
        return kept

    def pull(self, place):
        complete, status, body = fetch(self.weir, f"/{place[0]}/{place[1]}/resolve/main/model.safetensors")
        if status == 200:
            assert not complete or body == self.ups[place[0]].files[place[1]], place
            self.counts["pulled"] += complete
        else:
            assert status in (404, 502, 503, 504, 507), (place, status, body[:300])
            self.counts["refused"] += 1

    def upload(self, data: bytes):
        oid = hashlib.sha256(data).hexdigest()
        answer = self.weir.post("/root/own.git/info/lfs/objects/batch", headers={
            **self.headers, "Accept": LFS, "Content-Type": LFS}, json={
                "operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": len(data)}]})
        if answer.status_code != 200:
            return
        action = answer.json()["objects"][0].get("actions", {}).get("upload")
        if action and requests.put(action["href"], data=data, headers=action.get("header", {}), timeout=30).status_code != 200:
            return
        if action or "error" not in answer.json()["objects"][0]:
            self.own[oid] = data

    def places(self) -> list:
        return [(name, model) for name in self.ups for model in self.ups[name].files]

    def step(self):
        chance = self.chance
        dice = chance.random()
        if dice < 0.10 and len(self.pins) < 6:
            place = chance.choice(self.places())
            answer = self.weir.post(f"{BASE}/pins", headers=self.headers, json={
                "repo": f"model:{place[0]}/{place[1]}", **({"rev": "main"} if chance.random() < 0.5 else {})})
            if answer.status_code == 201:
                self.pins[place] = answer.json()["id"]
        elif dice < 0.18 and self.pins:
            place = chance.choice(sorted(self.pins))
            requests.delete(f"{self.weir.url}{BASE}/pins/{self.pins.pop(place)}", headers=self.headers, timeout=30)
        elif dice < 0.22 and sum(map(len, self.own.values())) < 6 << 20:
            self.upload(chance.randbytes(chance.randrange(1, 1 << 19)))
        elif dice < 0.24:
            self.kill()

    def kill(self):
        self.weir.kill()
        self.counts["kills"] += 1
        self.weir.start()

    def round(self, pool):
        for _ in range(2):
            self.step()
        before, stored = self.protected(), set(self.weir.stored_blobs())
        places = [self.chance.choice(self.places()) for _ in range(self.chance.randrange(2, 7))]
        for job in [pool.submit(self.pull, place) for place in places]:
            job.result()
        after = self.weir.stored_blobs()
        for digest, why in before.items():
            assert digest in after, f"{why} went"
        self.counts["held"] += len(before)
        self.counts["evicted"] += len(stored - set(after))


def only_copies(world):
    """An upstream that is gone: what came from it stays, however full the disk is."""
    west = world.ups["west"]
    west.hub.stop()
    time.sleep(1.1)
    # A question that fails tells that it is gone.
    for model in west.files:
        fetch(world.weir, f"/west/{model}/resolve/main/model.safetensors")
    kept = {world.digest(("west", model)) for model in west.files} & set(world.weir.stored_blobs())
    for model in world.ups["east"].files:
        world.pull(("east", model))
    assert kept <= set(world.weir.stored_blobs()), "an only copy went"
    return len(kept)


def test_random_rounds_on_a_full_disk(tmp_path):
    seed = int(os.environ.get("WEIR_DRILL_SEED", time.time()))
    print("seed", seed)
    chance = random.Random(seed)
    with small_disk(tmp_path / "disk", "20m") as disk:
        world = World(tmp_path, disk, chance)
        try:
            with concurrent.futures.ThreadPoolExecutor(6) as pool:
                for round in range(ROUNDS):
                    world.round(pool)
                    if round % 100 == 99:
                        verified = world.weir.command("verify")
                        assert verified.returncode == OK, verified.stdout
            kept = only_copies(world)
            print("only copies kept:", kept, world.counts)
            assert world.counts["pulled"] > ROUNDS and world.counts["evicted"] > ROUNDS // 10
            assert_store_is_true(world.weir)
            for oid, data in world.own.items():
                assert oid in world.weir.stored_blobs()
            world.weir.stop()
            verified = world.weir.command("verify")
            assert verified.returncode == OK, verified.stdout
        finally:
            world.weir.__exit__()
            for each in world.ups.values():
                each.hub.__exit__()
