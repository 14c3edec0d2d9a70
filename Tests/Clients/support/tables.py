"""Tables for the dataset viewer: honest ones, made by DuckDB, and ones that were made to harm who reads them."""

import gzip
import pathlib
import random
import struct

import duckdb

ROWS = 1000

#: A column of each kind; `{first}` is the number of the first row.
COLUMNS = """
    i + {first} AS id, 'row ' || (i + {first}) || ' <b>' AS text,
    CASE WHEN i % 10 < 5 THEN 'zh' WHEN i % 10 < 8 THEN 'en' ELSE 'fr' END AS lang,
    CASE WHEN i % 50 = 0 THEN NULL ELSE (i % 100) / 10.0::DOUBLE END AS score,
    CASE WHEN i % 100 = 7 THEN 'nan'::DOUBLE ELSE i::DOUBLE END AS noise,
    [i % 7, i % 11] AS tags, {{'role': 'user', 'content': 'hello ' || i}} AS message,
    TIMESTAMP '2024-01-01' + INTERVAL (i) HOUR AS made, DATE '2024-01-01' + CAST(i AS INTEGER) AS day,
    (i * 1.25)::DECIMAL(10, 2) AS price, i % 2 = 0 AS even, i::UTINYINT AS small, 'bytes'::BLOB AS raw, uuid() AS uid
"""


def write(path: pathlib.Path, select: str, options: str = "FORMAT parquet, COMPRESSION zstd"):
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.connect().execute(f"COPY ({select}) TO '{path}' ({options})")


def rows(path: pathlib.Path, count: int, first: int = 0, options: str = "FORMAT parquet, COMPRESSION zstd"):
    write(path, f"SELECT {COLUMNS.format(first=first)} FROM range({count}) t(i)".replace("i::UTINYINT", "(i % 200)::UTINYINT"),
          options)


def dataset(folder: pathlib.Path) -> pathlib.Path:
    """Two splits, the first in two files, and subsets in other formats."""
    rows(folder / "data/train-00000-of-00002.parquet", ROWS * 6 // 10)
    rows(folder / "data/train-00001-of-00002.parquet", ROWS * 4 // 10, first=ROWS * 6 // 10)
    rows(folder / "data/test-00000-of-00001.parquet", 20)
    write(folder / "tables/one.csv", "SELECT i AS id, 'text, ' || i AS text FROM range(250) t(i)", "FORMAT csv, HEADER")
    write(folder / "tables/lines.jsonl", "SELECT i AS id, {'a': [i]} AS nested FROM range(30) t(i)", "FORMAT json")
    (folder / "README.md").write_text("""---
license: mit
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*.parquet
  - split: test
    path: data/test-*.parquet
- config_name: csv
  data_files: tables/*.csv
- config_name: lines
  data_files:
    train: tables/lines.jsonl
dataset_info:
- config_name: csv
  features:
  - name: id
    dtype: int64
---
# Rows
""")
    return folder


#: Harmful by their size: read by the drills.
LARGE = frozenset({"bomb.csv.gz", "one-line.csv", "wide.csv"})


def hostile(folder: pathlib.Path, without: frozenset[str] = frozenset()) -> dict[str, pathlib.Path]:
    """One subset for each way to do harm."""
    folder.mkdir(parents=True, exist_ok=True)
    good = folder / "good.parquet"
    rows(good, 500)
    whole = good.read_bytes()
    (length,) = struct.unpack("<I", whole[-8:-4])
    files: dict[str, bytes] = {
        "truncated.parquet": whole[:len(whole) // 2],
        "lying-footer.parquet": whole[:-8] + struct.pack("<I", 0x7FFFFFF0) + b"PAR1",
        "zero-footer.parquet": whole[:-8] + struct.pack("<I", 0) + b"PAR1",
        "empty.parquet": b"",
        "tiny.parquet": b"PAR1PAR1",
        # A footer that claims lists of two thousand million elements, over and over.
        "thrift-bomb.parquet": b"PAR1" + b"\x15\x02\x19\xfc\xff\xff\xff\xff\x07" * 200 + struct.pack("<I", 1800) + b"PAR1",
        "deep-thrift.parquet": b"PAR1" + b"\x1c" * 1_000_000 + struct.pack("<I", 1_000_000) + b"PAR1",
        # Pages whose headers claim more than there is.
        "page-bomb.parquet": b"PAR1" + b"\x15\x00\x15\xfe\xff\xff\xff\x0f\x15\xfe\xff\xff\xff\x0f" * 20 + whole[304:],
        "bomb.csv.gz": gzip.compress(b"a,b\n" + b"0,0\n" * (100 << 20 >> 2), 9),
        "one-line.csv": b"a,b\n" + b"x" * (24 << 20),
        "wide.csv": b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n" + b",".join([b"1"] * 1_000_000) + b"\n",
        "nul.csv": b"a,b\n" + b"\x00" * 100_000,
        "deep.json": b"[" * 200_000 + b"]" * 200_000,
        "deep-keys.jsonl": b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"\n",
        "half.jsonl": b'{"a": 1}\n{"a": ',
    }
    chance = random.Random(7)
    for number in range(12):
        broken = bytearray(whole)
        for _ in range(1 + number % 4):
            # In the footer, where each bit means something.
            broken[len(broken) - 8 - chance.randrange(1, length)] ^= 1 << chance.randrange(8)
        files[f"flipped-{number:02}.parquet"] = bytes(broken)
    found = {}
    for name, content in files.items():
        if name in without:
            continue
        (folder / name).write_bytes(content)
        found[name] = folder / name
    found["good.parquet"] = good
    configs = "".join(f"- config_name: {name}\n  data_files: {name}\n" for name in found)
    (folder / "README.md").write_text(f"---\nconfigs:\n{configs}---\n")
    return found
