"""A real clamd with signatures made by hand: what it knows never leaves, and without it nothing is called clean.

Needs `clamd` of Debian's clamav-daemon, on the PATH or at WEIR_CLAMD; no signatures from the internet are used.
"""

import hashlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import pytest

from support.content import random_bytes
from support.weir import Weir, eventually, fast_upstream, mirror_document

CLAMD = os.environ.get("WEIR_CLAMD") or shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
pytestmark = pytest.mark.skipif(not CLAMD, reason="there is no clamd: apt-get install clamav-daemon")

MARK = b"WEIR-TEST-VIRUS-BODY"
WHOLE = b"known by its digest alone\n" * 20


class Clamd:
    """clamd in the foreground, with a folder of its own."""

    def __init__(self):
        # Paths of sockets are short.
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="clamd"))
        self.socket = self.home / "ctl"
        database = self.home / "db"
        database.mkdir()
        (database / "test.ndb").write_text(f"Weir.Test.Body:0:*:{MARK.hex()}\n")
        (database / "test.hdb").write_text(f"{hashlib.md5(WHOLE).hexdigest()}:{len(WHOLE)}:Weir.Test.Whole\n")
        (self.home / "clamd.conf").write_text("\n".join([
            f"LocalSocket {self.socket}", f"DatabaseDirectory {database}", "Foreground yes", "StreamMaxLength 4M",
            f"LogFile {self.home}/clamd.log", f"TemporaryDirectory {self.home}", "MaxThreads 4", ""]))
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [CLAMD, "-c", self.home / "clamd.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        eventually(self.socket.exists, 60, lambda: (self.home / "clamd.log").read_text()[-2_000:])
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.socket.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def clamd():
    clamd = Clamd().start()
    yield clamd
    clamd.stop()
    shutil.rmtree(clamd.home, ignore_errors=True)


@pytest.fixture(scope="module")
def above(tmp_path_factory):
    home = tmp_path_factory.mktemp("above")
    with Weir(home) as weir:
        folder = home / "zoo"
        folder.mkdir()
        (folder / "README.md").write_text("---\nlicense: mit\n---\nWords.\n")
        (folder / "body.bin").write_bytes(random_bytes("front", 900_000) + MARK + random_bytes("back", 900_000))
        (folder / "whole.bin").write_bytes(WHOLE)
        (folder / "clean.bin").write_bytes(random_bytes("clean", 1_000_000))
        (folder / "large.bin").write_bytes(random_bytes("large", 6 << 20))
        (folder / "state.txt").write_bytes(b"in git: " + MARK + b"\n")
        weir.import_folder(folder, "model:acme/zoo")
        yield weir


def gateway(home, above, clamd) -> Weir:
    scan = {"required": ["malware"], "serveBeforeScan": False, "pickle": {"unknownGlobals": "allow", "dangerous": "allow"}}
    return Weir(home, [mirror_document("careful", [fast_upstream("hub", "weir", above.url)], scan=scan)],
                flags=("--clamd-socket", str(clamd.socket)))


def test_what_clamd_knows_is_refused_and_what_it_cannot_take_is_held(above, clamd, tmp_path):
    with gateway(tmp_path / "weir", above, clamd) as weir:
        def ask(file):
            answer = weir.get(f"/acme/zoo/resolve/main/{file}")
            return answer.status_code, answer.text if answer.status_code != 200 else ""

        status, text = ask("body.bin")
        assert status == 403 and "Weir.Test.Body" in text, text
        status, text = ask("whole.bin")
        assert status == 403 and "Weir.Test.Whole" in text, text
        status, text = ask("state.txt")
        assert status == 403 and "Weir.Test.Body" in text, text
        assert ask("README.md")[0] == 200
        status, text = ask("large.bin")
        assert status == 403 and "longer than the virus scanner takes" in text, text
        admin = {"Authorization": f"Bearer {weir.token('root', 'admin', admin=True)}"}
        about = weir.get("/api/gateway/v1/scans", headers=admin).json()["malware"]
        assert about["configured"] and about["version"].startswith("ClamAV ") and about["problem"] is None
        files = {f["path"]: f for f in weir.get("/api/gateway/v1/scans/model/acme/zoo").json()["files"]}
        assert files["body.bin"]["malware"] == "dangerous" and files["large.bin"]["malware"] == "unknown"


def test_while_clamd_is_away_nothing_is_called_clean_and_then_it_is_asked_again(above, clamd, tmp_path):
    clamd.stop()
    with gateway(tmp_path / "weir", above, clamd) as weir:
        try:
            answer = weir.get("/acme/zoo/resolve/main/clean.bin")
            assert answer.status_code == 503 and "is being scanned" in answer.text, answer.text
            readme = weir.get("/acme/zoo/resolve/main/README.md")
            assert readme.status_code in (403, 503), readme.text
        finally:
            clamd.start()

        def settled():
            answer = weir.get("/acme/zoo/resolve/main/clean.bin")
            return answer.status_code != 503 and answer

        answer = eventually(settled, 90)
        files = {f["path"]: f for f in weir.get("/api/gateway/v1/scans/model/acme/zoo").json()["files"]}
        assert files["clean.bin"]["malware"] == "clean", files["clean.bin"]
