"""How fast the dataset viewer shows rows of a Parquet dataset of about 1 GB, and how long its statistics take.

    .venv/test/bin/python Benchmarks/viewer.py [WEIR_BIN=…]

Two files of 8.5 million rows and seven columns, made by DuckDB (kept in WEIR_BENCH_DIR, /tmp/weir-bench by default).
"""

import os
import pathlib
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Clients"))

import duckdb  # noqa: E402

from support.weir import Weir  # noqa: E402

FILES, ROWS = 2, 8_500_000
FOLDER = pathlib.Path(os.environ.get("WEIR_BENCH_DIR", "/tmp/weir-bench")) / "viewer"
SELECT = """
    SELECT i + {first} AS id, md5(i::VARCHAR) || ' ' || md5((i * 7)::VARCHAR) AS instruction,
    CASE WHEN i % 10 < 5 THEN 'zh' WHEN i % 10 < 8 THEN 'en' ELSE 'fr' END AS lang, random() * 100 AS score,
    (i * 37) % 1000 AS length, TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND AS created, md5((i * 3)::VARCHAR) AS digest
    FROM range({rows}) t(i)
"""


def make():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for number in range(FILES):
        path = FOLDER / f"train-{number:05}-of-{FILES:05}.parquet"
        if not path.exists():
            part = path.with_suffix(".part")
            select = SELECT.format(first=number * ROWS, rows=ROWS)
            duckdb.connect().execute(
                f"COPY ({select}) TO '{part}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)")
            part.rename(path)
    return sum(path.stat().st_size for path in FOLDER.glob("*.parquet"))


def main():
    size = make()
    print(f"dataset: {FILES * ROWS:,} rows, {size / 1e9:.2f} GB of Parquet")
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as home, Weir(pathlib.Path(home)) as weir:
        weir.import_folder(FOLDER, "dataset:bench/rows", timeout=600)
        split = {"dataset": "bench/rows", "config": "default", "split": "train"}

        def measure(label, path, times=5, **query):
            spent = []
            for _ in range(times):
                began = time.perf_counter()
                answer = weir.get(path, params={**split, **query}, timeout=120)
                spent.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200, answer.text
            print(f"{label:34} first {spent[0]:7.0f} ms   median {statistics.median(spent[1:] or spent):7.0f} ms")

        measure("first 100 rows (goal 300 ms warm)", "/first-rows")
        measure("page in the middle (goal 500 ms)", "/rows", offset=FILES * ROWS // 2 - 50)
        measure("last page", "/rows", offset=FILES * ROWS - 100)
        measure("filter, 100 rows and their count", "/filter", where="\"lang\"='zh' AND \"score\">99.8")
        measure("one row by its number", "/filter", where=f'"id"={FILES * ROWS - 5}')
        measure("search in the first million rows", "/search", times=2, query="c0ffee")
        measure("count in SQL", "/api/viewer/sql", query="SELECT lang, count(*) FROM data GROUP BY lang")
        began, last = time.monotonic(), -1
        while True:
            answer = weir.get("/statistics", params=split, timeout=120)
            if answer.status_code == 200:
                break
            if answer.json()["error"] != last:
                last = answer.json()["error"]
                print(f"  {time.monotonic() - began:6.1f} s  {last[:90]}")
            time.sleep(1)
        print(f"{'statistics of all columns':34} {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
