"""Questions in SQL that only the limit of time ends, and files that are harmful by their size: the viewer survives all."""

import pytest

from support import tables
from support.viewer import NAME, read_hostile, survives
from support.weir import Weir

pytestmark = [pytest.mark.drill, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def weir(tmp_path_factory):
    home = tmp_path_factory.mktemp("viewer-bombs")
    with Weir(home) as weir:
        weir.import_folder(tables.dataset(home / "rows"), f"dataset:{NAME}")
        weir.names = list(tables.hostile(home / "hostile"))
        weir.import_folder(home / "hostile", "dataset:acme/hostile")
        yield weir


@pytest.mark.parametrize("query", [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
    "SELECT list_reduce(range(100000000), (a, b) -> a + b)",
])
def test_sql_without_end(weir, query):
    survives(weir, query)


def test_all_hostile_files(weir):
    read_hostile(weir, weir.names)
