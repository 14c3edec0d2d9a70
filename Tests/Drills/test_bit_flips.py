"""10,000 random bits turned over in stored blobs and packs: a scrub finds all, heals all that have another source, and
no reader ever gets one of them."""

import hashlib
import random
import time

import pytest

from support.flips import fill, flip, flip_some, make_folder, name, read_all, scrub, stored
from support.weir import Weir, fast_upstream, mirror_document

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]
REPOSITORIES, FILES = 6, 20
ROUNDS, FLIPS = 10, 1_000


def test_ten_thousand_flips(tmp_path):
    chooser = random.Random(2026)
    above = Weir(tmp_path / "above")
    folders = {}
    with above:
        for number in range(REPOSITORIES):
            folders[f"acme/r{number}"] = make_folder(tmp_path / "files", number, FILES, chooser)
            above.import_folder(folders[f"acme/r{number}"], f"model:acme/r{number}")
        document = mirror_document("above", [fast_upstream("hub", "weir", above.url)], default="allow")
        with Weir(tmp_path / "gateway", [document], flags=(
                # A scan in the background would find damage before the scrub that is counted here.
                "--verify-reads", "--scrub-every", "off", "--scan-workers", "0")) as gateway:
            admin = gateway.token("root", "admin", admin=True)
            fill(gateway, folders, tmp_path)
            own = make_folder(tmp_path / "own", 0, ROUNDS, chooser)
            gateway.import_folder(own, "model:here/own")
            alone = {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in own.glob("*.safetensors")}
            spoilt: set[str] = set()
            flips = damaged = 0
            began = time.monotonic()
            for round in range(ROUNDS):
                # A server that has just verified a file believes it for a minute: it is to look at all of them again.
                gateway.stop()
                files = stored(gateway.data)
                mirrored = [file for file in files["blob"] if file.name not in alone]
                assert len(mirrored) == REPOSITORIES * FILES
                touched = flip_some(mirrored, FLIPS - 201, chooser)
                # Every other time readers come before the scrub; git mends what they ask for without it.
                readers_first = round % 2 == 1
                touched |= flip_some(mirrored if readers_first else files["pack"] + files["index"], 200, chooser)
                victim = next(file for file in files["blob"] if file.name in alone and file.name not in spoilt)
                flip(victim, chooser.randrange(8 * victim.stat().st_size))
                spoilt.add(victim.name)
                flips += FLIPS
                damaged += len(touched) + 1
                gateway.start()
                if readers_first:
                    read_all(gateway, folders)
                report = scrub(gateway, admin)
                found = {each["name"]: each for each in report["damages"]}
                assert {name(path) for path in touched} <= set(found)
                assert all(found[name(path)]["healedAt"] for path in touched)
                # What nobody else has is told, put aside and not given out.
                assert {each["name"] for each in report["damages"] if not each["healedAt"]} == spoilt
                assert gateway.get(f"/here/own/resolve/main/{alone[victim.name].name}").status_code >= 400
                assert read_all(gateway, folders)["refused"] == 0
                assert scrub(gateway, admin)["run"]["damaged"] == 0
            print(f"{flips} flips in {damaged} files, all found, {damaged - len(spoilt)} healed, {len(spoilt)} had no "
                  f"other source, none served: {time.monotonic() - began:.0f} s")
