"""`weir scan` over files that run code when they are loaded and files that do not, with two other scanners as witnesses:
nothing that either of them flags is called clean, and what is harmless is called so."""

import json
import os
import pathlib
import pickle
import random
import subprocess
import sys

import pytest

from support import scan_corpus
from support.weir import NOT_FOUND, OK, REFUSED, ROOT, run_weir

ORDER = ["clean", "unknown", "suspicious", "dangerous"]
WITNESSES = pathlib.Path(os.environ.get("WEIR_SCAN_ENV", ROOT / ".venv/scan"))
WRITER = pathlib.Path(scan_corpus.__file__)

pytestmark = pytest.mark.skipif(
    not (WITNESSES / "bin/python").exists(), reason="needs an environment with picklescan and modelscan")

# Run by the Python of the witnesses: prints, for each file below a folder, which of them flag it.
PICKLESCAN = r"""
import json, logging, pathlib, sys
logging.disable(logging.CRITICAL)
from picklescan.scanner import scan_file_path
flagged = {}
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.is_file():
        try:
            result = scan_file_path(str(path), strict=True)
            flagged[str(path)] = result.issues_count > 0 or result.infected_files > 0
        except BaseException:
            flagged[str(path)] = None
print(json.dumps(flagged))
"""
MODELSCAN = r"""
import json, logging, pathlib, sys
logging.disable(logging.CRITICAL)
from modelscan.modelscan import ModelScan
flagged = {}
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.is_file():
        scan = ModelScan()
        try:
            scan.scan(path)
        except BaseException:
            pass
        flagged[str(path)] = len(scan.issues.all_issues) > 0
print(json.dumps(flagged))
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """The folder, what each file is, and what was said of each."""
    folder = tmp_path_factory.mktemp("scan")
    answer = subprocess.run([WITNESSES / "bin/python", WRITER, folder / "corpus"], capture_output=True, text=True, check=True)
    labels = json.loads(answer.stdout)
    return folder / "corpus", labels, scanned(folder / "corpus")


def scanned(folder: pathlib.Path) -> dict:
    answer = run_weir("scan", "--json", folder, timeout=120)
    assert answer.returncode in (OK, 1, REFUSED), answer.stderr
    return {os.path.relpath(file["path"], folder): file for file in json.loads(answer.stdout)["files"]}


def witness(program: str, folder: pathlib.Path) -> dict:
    answer = subprocess.run(
        [WITNESSES / "bin/python", "-c", program, folder], capture_output=True, text=True, timeout=120, check=True)
    # Whatever else they print comes before.
    return {os.path.relpath(path, folder): said for path, said in json.loads(answer.stdout.splitlines()[-1]).items()}


def test_the_corpus_is_large_enough(corpus):
    _, labels, _ = corpus
    assert sum(verdict != "clean" for verdict in labels.values()) >= 150
    assert sum(verdict == "clean" for verdict in labels.values()) >= 150


def test_nothing_hostile_is_called_clean_or_better_than_it_is(corpus):
    _, labels, said = corpus
    better = {name: (said[name]["verdict"], least) for name, least in labels.items()
              if ORDER.index(said[name]["verdict"]) < ORDER.index(least)}
    assert not better


def test_less_than_one_in_a_hundred_harmless_files_is_called_anything_else(corpus):
    _, labels, said = corpus
    benign = [name for name, verdict in labels.items() if verdict == "clean"]
    alarms = {name: said[name]["findings"] for name in benign if said[name]["verdict"] != "clean"}
    assert len(alarms) < len(benign) / 100, alarms


def test_nothing_that_picklescan_flags_strictly_is_called_clean(corpus):
    folder, _, said = corpus
    flagged = witness(PICKLESCAN, folder)
    assert sum(bool(flag) for flag in flagged.values()) >= 150, "the witness looked at nothing"
    # Asked for a text by its name, picklescan reads any first lines that begin with a `c` as an import; asked for a
    # folder, as it is meant to be used, it leaves such files out.
    texts = {name for name in flagged if said[name]["format"] in ("text", "json", "template") and name.startswith("benign/")
             and not name.endswith((".bin", ".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".dat", ".data", ".joblib"))}
    assert not [name for name, flag in flagged.items() if flag and name not in texts and said[name]["verdict"] == "clean"]


def test_nothing_that_modelscan_flags_is_called_clean(corpus):
    folder, _, said = corpus
    flagged = witness(MODELSCAN, folder)
    assert sum(flagged.values()) >= 30, "the witness looked at nothing"
    assert not [name for name, flag in flagged.items() if flag and said[name]["verdict"] == "clean"]


# Loads each file of a folder by both of Python's machines with their imports taken from them, and prints what they would
# have imported. Memory is bounded: a memo or a bytearray may claim any size.
JUDGE = r"""
import io, json, pathlib, pickle, resource, sys, warnings
warnings.simplefilter("ignore")
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))

class Nothing:
    def __init__(self, *arguments, **named): pass
    def __new__(cls, *arguments, **named): return object.__new__(cls)
    def __setstate__(self, state): pass
    def append(self, value): pass
    def extend(self, values): pass
    def __setitem__(self, key, value): pass

def machine(base):
    class Machine(base):
        def find_class(self, module, name):
            self.found.add((module, name))
            return type("Nothing", (Nothing,), {})
        def persistent_load(self, id):
            return None
    return Machine

answers = {}
for path in pathlib.Path(sys.argv[1]).iterdir():
    data, found = path.read_bytes(), set()
    for base in (pickle.Unpickler, pickle._Unpickler):
        stream = io.BytesIO(data)
        while stream.tell() < len(data):
            start = stream.tell()
            try:
                loader = machine(base)(stream)
                loader.found = found
                loader.load()
            except BaseException:
                break
            if stream.tell() == start:
                break
    answers[path.name] = sorted(found)
print(json.dumps(answers))
"""

HARMLESS = {("collections", "OrderedDict"), ("torch._utils", "_rebuild_tensor_v2"), ("torch", "FloatStorage"),
            ("numpy", "dtype"), ("numpy", "ndarray"), ("numpy._core.multiarray", "_reconstruct"),
            ("numpy.core.multiarray", "_reconstruct")}


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(len(changed) + 1)
        what = chance.randrange(5)
        if what == 0 and at < len(changed):
            changed[at] = chance.randrange(256)
        elif what == 1 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif what == 2:
            changed[at:at] = chance.randbytes(chance.randrange(1, 4))
        elif what == 3:
            del changed[at:at + chance.randrange(1, 4)]
        else:
            changed[at:at] = changed[:chance.randrange(len(changed) + 1)][-8:]
    return bytes(changed)


def test_what_is_called_clean_after_changes_imports_nothing_when_it_is_really_loaded(tmp_path):
    """Python's own machines are the judges."""
    chance = random.Random(int(os.environ.get("WEIR_SCAN_SEED", "20261126")))
    count = int(os.environ.get("WEIR_SCAN_MUTATIONS", "2500"))
    seeds = [data for name, data, _ in scan_corpus.pickles() if len(data) < 400]
    folder = tmp_path / "mutated"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.pkl").write_bytes(mutated(chance.choice(seeds), chance))
    said = scanned(folder)
    assert len(said) == count
    answer = subprocess.run(
        [sys.executable, "-c", JUDGE, folder], capture_output=True, text=True, timeout=300, check=True)
    found = {name: {tuple(each) for each in imports} for name, imports in json.loads(answer.stdout).items()}
    assert sum(bool(imports) for imports in found.values()) > count / 3, "the judge saw nothing"
    wrong = [((folder / name).read_bytes(), found[name]) for name, file in said.items()
             if file["verdict"] == "clean" and found[name] - HARMLESS]
    assert not wrong


def test_a_folder_is_looked_at_as_a_revision(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/ok.txt").write_text("ok\n")
    assert run_weir("scan", tmp_path).returncode == OK
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "model_index.json").write_text('{"_class_name": "P", "unet": ["my_pipeline", "Net"]}')
    (tmp_path / "modeling_net.py").write_text("x = 1\n")
    answer = run_weir("scan", "--json", tmp_path)
    assert answer.returncode == REFUSED
    codes = {finding["code"] for finding in json.loads(answer.stdout)["tree"]}
    assert {"symlink.outside", "remote-code.pipeline", "remote-code.source"} <= codes


def test_exit_codes_tell_the_verdicts_apart(tmp_path):
    clean, unknown, bad = tmp_path / "clean.pkl", tmp_path / "unknown.bin", tmp_path / "bad.bin"
    clean.write_bytes(pickle.dumps({"a": 1}))
    unknown.write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100))
    bad.write_bytes(scan_corpus.evil())
    assert run_weir("scan", clean).returncode == OK
    assert run_weir("scan", clean, unknown).returncode == 1
    answer = run_weir("scan", clean, unknown, bad)
    assert answer.returncode == REFUSED
    assert "imports os.system" in answer.stdout
    assert run_weir("scan", tmp_path / "none").returncode == NOT_FOUND
