"""kill -9 at fifty moments of imports: nothing is seen before the end, what came stays, and the end is whole."""

import pathlib
import random
import signal
import subprocess
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Clients"))

from support.checks import assert_store_is_true  # noqa: E402
from support.content import small_model, write_random  # noqa: E402
from support.weir import BINARY, OK, Weir, run_weir  # noqa: E402

pytestmark = pytest.mark.drill
KILLS = 50
BUNDLES = {
    "apiVersion": "weir/v1", "kind": "Mirror", "metadata": {"name": "carried"},
    "spec": {"upstreams": [{"name": "sticks", "type": "bundle", "url": "file:///srv/bundles"}]},
}


class Below:
    """The hub that takes the bundle in, and how far it was."""

    def __init__(self, home: pathlib.Path, key: str):
        home.mkdir()
        self.weir = Weir(home, [BUNDLES])
        self.mirrors = ("--mirrors", str(self.weir.mirrors))
        self.data = self.weir.data
        trusted = self.data / "keys/trusted"
        trusted.mkdir(parents=True)
        (trusted / "above.pem").write_text(key + "\n")
        self.shelf = self.data / "blobs/bundles"
        self.most = 0

    def blobs(self) -> int:
        """Whole blobs, on the shelf or stored."""
        shelved = [p for p in self.shelf.rglob("*") if len(p.name) == 64 and p.is_file()] if self.shelf.exists() else []
        return len(shelved) + len(self.weir.stored_blobs())

    def check_half(self):
        """After a kill: nothing is seen, and what was whole is still there."""
        now = self.blobs()
        assert now >= self.most, f"{now} blobs are left of {self.most}"
        self.most = now
        assert self.weir.checked("bundle", "list") == "", "the bundle counts as imported"

    def check_whole(self, sha: str):
        assert_store_is_true(self.weir)
        assert not self.shelf.exists()
        assert run_weir("verify", "--data", self.data, timeout=600).returncode == OK
        with self.weir as weir:
            assert weir.get("/api/models/acme/carried").json()["sha"] == sha


def test_kill_at_fifty_moments(tmp_path):
    above = Weir(tmp_path / "above")
    model = small_model(tmp_path / "model", "carried", "mit")
    for index in range(60):
        write_random(model / f"part-{index:03}.safetensors", 1 << 20, f"part{index}")
    sha = above.import_folder(model, "model:acme/carried", timeout=600).split(" is now at ")[1][:40]
    pack = tmp_path / "pack.hubpack"
    above.checked("bundle", "export", "--repo", "model:acme/carried", "--out", pack, timeout=600)
    key = above.checked("bundle", "key")
    draw = random.Random("kill")
    first = Below(tmp_path / "timed", key)
    began = time.monotonic()
    first.weir.checked("bundle", "import", pack, *first.mirrors, timeout=600)
    length = time.monotonic() - began
    first.check_whole(sha)
    kills, wholes, resumed = 0, 0, 0
    below = Below(tmp_path / "below0", key)
    while kills < KILLS:
        importing = subprocess.Popen([str(BINARY), "bundle", "import", str(pack), "--data", str(below.data),
                                      *below.mirrors], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        moment = time.monotonic() + draw.random() * length
        while time.monotonic() < moment and importing.poll() is None:
            time.sleep(0.002)
        if importing.poll() is None:
            importing.send_signal(signal.SIGKILL)
            importing.communicate()
            kills += 1
            if below.weir.checked("bundle", "list") == "":
                below.check_half()
                continue
            # The kill came after its last transaction: it is done.
        else:
            out, err = importing.communicate()
            assert importing.returncode == OK, err
        wholes += 1
        resumed += below.most > 0
        if importing.returncode == OK:
            below.check_whole(sha)
        below = Below(tmp_path / f"below{wholes}", key)
    last = below.weir.command("bundle", "import", pack, *below.mirrors, timeout=600)
    assert last.returncode == OK, last.stderr
    below.check_whole(sha)
    print(f"{kills} kills; {wholes + 1} imports were completed, {resumed} of them went on with what a kill had left")
    assert resumed > 0
