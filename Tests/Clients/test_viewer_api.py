"""The dataset viewer's interfaces: shapes as the datasets server and CSGHub have them, what is refused, what is survived."""

import pytest

from support import tables
from support.viewer import NAME, SPLIT, read_hostile, sql, survives
from support.weir import Weir, eventually


@pytest.fixture(scope="module")
def weir(tmp_path_factory):
    home = tmp_path_factory.mktemp("viewer")
    with Weir(home) as weir:
        weir.import_folder(tables.dataset(home / "rows"), f"dataset:{NAME}")
        weir.names = list(tables.hostile(home / "hostile", tables.LARGE))
        weir.import_folder(home / "hostile", "dataset:acme/hostile")
        weir.import_folder(tables.dataset(home / "secret"), "dataset:acme/secret", "--private")
        yield weir


def ask(weir, path, status=200, **query):
    answer = weir.get(path, params={"dataset": NAME, **query}, timeout=60)
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:600]}"
    return answer.json()


# -- shapes

def test_what_there_is(weir):
    valid = ask(weir, "/is-valid")
    assert valid == {"preview": True, "viewer": True, "search": True, "filter": True, "statistics": True}
    splits = ask(weir, "/splits")
    assert splits["pending"] == splits["failed"] == []
    assert [(each["config"], each["split"]) for each in splits["splits"]] == [
        ("default", "train"), ("default", "test"), ("csv", "train"), ("lines", "train")]
    assert {each["dataset"] for each in splits["splits"]} == {NAME}
    # The same below a prefix of its own.
    assert ask(weir, "/api/viewer/splits") == splits


def test_the_first_rows(weir):
    first = ask(weir, "/first-rows", **SPLIT)
    assert set(first) == {"dataset", "config", "split", "features", "rows", "truncated"}
    types = {each["name"]: each["type"] for each in first["features"]}
    assert [each["feature_idx"] for each in first["features"]] == list(range(len(types)))
    assert types["id"] == {"dtype": "int64", "_type": "Value"}
    assert types["text"] == {"dtype": "string", "_type": "Value"}
    assert types["tags"] == {"feature": {"dtype": "int64", "_type": "Value"}, "_type": "List"}
    assert types["message"]["role"] == {"dtype": "string", "_type": "Value"}
    assert types["made"]["dtype"] == "timestamp[us]" and types["day"]["dtype"] == "date32"
    assert types["price"]["dtype"] == "decimal128(10, 2)" and types["even"]["dtype"] == "bool"
    assert len(first["rows"]) == 100 and first["truncated"] is True
    row = first["rows"][1]
    assert row["row_idx"] == 1 and row["truncated_cells"] == []
    assert row["row"]["text"] == "row 1 <b>" and row["row"]["tags"] == [1, 1]
    assert row["row"]["message"] == {"role": "user", "content": "hello 1"}
    assert row["row"]["made"] == "2024-01-01T01:00:00" and row["row"]["day"] == "2024-01-02"
    assert row["row"]["price"] == 1.25 and row["row"]["even"] is False
    assert first["rows"][0]["row"]["score"] is None and first["rows"][7]["row"]["noise"] is None
    assert row["row"]["raw"] == {"bytes": "Ynl0ZXM=", "size": 5}


def test_a_page_across_files(weir):
    page = ask(weir, "/rows", **SPLIT, offset=590, length=20)
    assert [each["row_idx"] for each in page["rows"]] == list(range(590, 610))
    assert [each["row"]["id"] for each in page["rows"]] == list(range(590, 610))
    assert page["num_rows_total"] == tables.ROWS and page["num_rows_per_page"] == 100 and page["partial"] is False
    assert ask(weir, "/rows", **SPLIT, offset=5000)["rows"] == []
    assert ask(weir, "/rows", **SPLIT, length=0)["rows"] == []


def test_other_formats(weir):
    page = ask(weir, "/rows", config="csv", split="train", offset=240)
    assert [each["row"] for each in page["rows"]][-1] == {"id": 249, "text": "text, 249"}
    assert page["num_rows_total"] == 250
    lines = ask(weir, "/rows", config="lines", split="train", length=3)
    assert lines["rows"][2]["row"] == {"id": 2, "nested": {"a": [2]}}


def test_filter(weir):
    found = ask(weir, "/filter", **SPLIT, where="\"lang\"='zh' AND \"score\">9", orderby='"id" DESC', length=5)
    assert found["num_rows_total"] == 40
    assert [each["row"]["id"] for each in found["rows"]] == sorted((each["row"]["id"] for each in found["rows"]), reverse=True)
    assert all(each["row_idx"] == each["row"]["id"] for each in found["rows"])
    assert ask(weir, "/filter", **SPLIT, where='"score" IS NULL')["num_rows_total"] == 20
    assert ask(weir, "/filter", **SPLIT, where="\"made\" < '2024-01-01T05:00:00'")["num_rows_total"] == 10
    assert ask(weir, "/filter", **SPLIT, where="\"text\" = 'row 3 <b>' OR NOT \"id\" > 0")["num_rows_total"] == 2
    assert ask(weir, "/filter", **SPLIT, where="\"lang\" IN ('fr', 'it')")["num_rows_total"] == 200
    assert ask(weir, "/filter", **SPLIT, where="\"message\".\"content\" = 'hello 9'")["num_rows_total"] == 2


@pytest.mark.parametrize("where", [
    "1=1; DROP VIEW data", "\"id\" = (SELECT 1)", "\"id\" = 1 UNION SELECT 1", "\"id\" = 1 --", "nothing = 1",
    "\"id\" = 'x' OR read_text('/etc/passwd') = ''", "\"id", "'a' = 'a'", "\"id\" = \"id\"", "(" * 100 + "\"id\"=1",
    "\"id\" = 1 AND", "sleep(1)", "\"lang\" = 'a' 'b'",
])
def test_a_condition_is_no_way_in(weir, where):
    answer = weir.get("/filter", params={"dataset": NAME, **SPLIT, "where": where})
    assert answer.status_code == 422 and answer.headers["X-Error-Code"] == "InvalidParameter", answer.text
    assert "error" in answer.json()


def test_search(weir):
    found = ask(weir, "/search", **SPLIT, query="ROW 99")
    assert {each["row"]["id"] for each in found["rows"]} == {99, *range(990, 1000)}
    assert found["num_rows_total"] == 11
    # Without a dataset it is the website's page.
    assert weir.get("/search", headers={"Accept": "text/html"}).headers["Content-Type"].startswith("text/html")


def test_statistics(weir):
    def done():
        answer = weir.get("/statistics", params={"dataset": NAME, **SPLIT})
        if answer.status_code == 500:
            assert answer.headers["X-Error-Code"] == "ResponseNotReady", answer.text
            return None
        assert answer.status_code == 200, answer.text
        return answer.json()
    eventually(done, 60)
    found = done()
    assert found["num_examples"] == tables.ROWS and found["partial"] is False
    columns = {each["column_name"]: each for each in found["statistics"]}
    number = columns["id"]
    assert number["column_type"] == "int"
    assert (number["column_statistics"]["min"], number["column_statistics"]["max"]) == (0, 999)
    histogram = number["column_statistics"]["histogram"]
    assert sum(histogram["hist"]) == tables.ROWS and len(histogram["bin_edges"]) == len(histogram["hist"]) + 1
    assert columns["score"]["column_statistics"]["nan_count"] == 20
    label = columns["lang"]
    assert label["column_type"] == "string_label"
    assert label["column_statistics"]["frequencies"] == {"zh": 500, "en": 300, "fr": 200}
    assert columns["text"]["column_type"] == "string_text" and columns["made"]["column_type"] == "datetime"
    assert columns["tags"]["column_type"] == "list" and columns["even"]["column_statistics"]["frequencies"]["true"] == 500


def test_sizes_facts_and_parquet(weir):
    size = ask(weir, "/size")["size"]
    assert size["dataset"]["num_rows"] == tables.ROWS + 20 + 250 + 30
    assert next(each for each in size["splits"] if each["split"] == "test")["num_rows"] == 20
    info = ask(weir, "/info", config="default")["dataset_info"]
    assert info["splits"]["train"]["num_examples"] == tables.ROWS and info["features"]["id"]["dtype"] == "int64"
    files = ask(weir, "/parquet")["parquet_files"]
    assert [(each["split"], each["filename"]) for each in files] == [
        ("train", "0000.parquet"), ("train", "0001.parquet"), ("test", "0000.parquet")]
    assert weir.get(files[0]["url"].removeprefix(weir.url)).content[:4] == b"PAR1"
    listed = weir.get(f"/api/datasets/{NAME}/parquet").json()
    assert len(listed["default"]["train"]) == 2
    assert weir.get(listed["default"]["train"][1].removeprefix(weir.url)).content[:4] == b"PAR1"
    assert weir.get(f"/api/datasets/{NAME}/parquet/default/test").json() == listed["default"]["test"]


def test_csghub(weir):
    base = f"/api/v1/datasets/{NAME}"
    catalog = weir.get(f"{base}/dataviewer/catalog").json()
    assert catalog["msg"] == "OK" and [each["config_name"] for each in catalog["data"]["configs"]] == ["default", "csv", "lines"]
    rows = weir.get(f"{base}/dataviewer/rows", params={"config": "default", "split": "train", "per": 10, "page": 2}).json()["data"]
    assert set(rows) == {"columns", "columns_type", "rows", "total", "orderby", "where", "search"}
    assert rows["rows"][0][0] == 10 and rows["total"] == tables.ROWS and rows["columns"][0] == "id"
    one = weir.get(f"{base}/viewer/tables/one.csv", params={"per": 5}).json()["data"]
    assert one["total"] == 250 and len(one["rows"]) == 5


def test_errors(weir):
    for path, query, status, code in [
        ("/rows", {"dataset": NAME}, 422, "MissingRequiredParameter"),
        ("/splits", {}, 422, "MissingRequiredParameter"),
        ("/rows", {"dataset": NAME, "config": "no", "split": "train"}, 404, "ResponseNotFound"),
        ("/rows", {"dataset": NAME, "config": "default", "split": "no"}, 404, "ResponseNotFound"),
        ("/rows", {"dataset": NAME, **SPLIT, "length": 101}, 422, "InvalidParameter"),
        ("/rows", {"dataset": NAME, **SPLIT, "offset": -1}, 422, "InvalidParameter"),
        ("/splits", {"dataset": "acme/none"}, 401, "ExternalUnauthenticatedError"),
        # Somebody else's, which looks like none.
        ("/splits", {"dataset": "acme/secret"}, 401, "ExternalUnauthenticatedError"),
    ]:
        answer = weir.get(path, params=query)
        assert (answer.status_code, answer.headers["X-Error-Code"]) == (status, code), answer.text
        assert set(answer.json()) == {"error"}


# -- SQL

def test_sql(weir):
    answer = sql(weir, "SELECT lang, count(*) AS n FROM train GROUP BY lang ORDER BY n DESC")
    assert answer.status_code == 200, answer.text
    assert answer.json()["rows"] == [["zh", 500], ["en", 300], ["fr", 200]]
    assert sql(weir, "FROM data LIMIT 2").json()["truncated"] is False
    cut = sql(weir, "SELECT * FROM data a, data b").json()
    assert len(cut["rows"]) == 1000 and cut["truncated"] is True


FORBIDDEN = [
    "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM glob('/*')",
    "SELECT * FROM read_parquet('/tmp/x.parquet')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM read_blob('/proc/self/maps')",
    "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')", "SELECT * FROM sniff_csv('/etc/passwd')",
    "COPY (SELECT 1) TO '/tmp/weir-out.csv'", "COPY data TO '/tmp/weir-out.parquet'", "INSTALL httpfs", "LOAD httpfs",
    "ATTACH '/tmp/weir.db'", "ATTACH ':memory:' AS other", "SET threads=8", "SET enable_external_access=true",
    "RESET lock_configuration", "PRAGMA database_list", "PRAGMA threads=8", "CALL pragma_version()",
    "CREATE TABLE t AS SELECT 1", "DROP VIEW data", "EXPORT DATABASE '/tmp/weir-out'", "IMPORT DATABASE '/tmp/weir-out'",
    "SELECT 1; SELECT 2", "SELECT 1; COPY (SELECT 1) TO '/tmp/weir-out.csv'", "SELECT getenv('HOME')",
    "CHECKPOINT", "VACUUM", "BEGIN", "EXPLAIN SELECT 1", "PREPARE p AS SELECT 1", "", "nonsense", "SELECT",
    "INSERT INTO data VALUES (1)", "UPDATE data SET id=1", "DELETE FROM data", "USE memory", "DETACH memory",
]


@pytest.mark.parametrize("query", FORBIDDEN)
def test_sql_that_is_refused(weir, query):
    answer = sql(weir, query)
    assert 400 <= answer.status_code < 500, answer.text[:400]
    assert "root:" not in answer.text and str(weir.data) not in answer.text


def test_sql_tells_no_paths(weir):
    for query in ["SELECT * FROM duckdb_views()", "SELECT * FROM duckdb_settings()", "SELECT current_setting('allowed_paths')",
                  "SELECT * FROM duckdb_databases()", "SELECT * FROM query('SELECT current_' || 'setting(''allowed_paths'')')",
                  "SELECT DISTINCT filename FROM read_parquet(getvariable('x'), filename=true)"]:
        answer = sql(weir, query)
        assert str(weir.data) not in answer.text and "/blobs" not in answer.text, answer.text[:400]


def test_sql_may_speak_of_the_engine(weir):
    """What the engine tells of itself says nothing of this machine, so questions and texts may name it."""
    for query in ["SELECT * FROM data WHERE text LIKE '%query (%' OR text LIKE '%duckdb_settings%'",
                  "SELECT table_name FROM information_schema.tables", "SELECT * FROM query('SELECT 1 AS x')",
                  "SELECT 'current_setting' AS text", "SELECT column_name FROM duckdb_columns() WHERE table_name = 'data'"]:
        answer = sql(weir, query)
        assert answer.status_code == 200, answer.text[:400]
    told = sql(weir, "SELECT value FROM duckdb_settings() UNION ALL SELECT sql FROM duckdb_views() WHERE NOT internal").text
    assert str(weir.data) not in told and "/blobs" not in told and "/proc/self/fd/" in told


BOMBS = [
    "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c WHERE a.range + b.range = c.range * 3.7",
    "SELECT * FROM range(1000000000) a, range(1000000000) b ORDER BY a.range + b.range",
    "SELECT array_agg(a) FROM range(100000000000) t(a)",
    "SELECT length(repeat('x', 4000000000))",
    "SELECT sum(length(repeat('x', 1000000))) FROM range(1000000)",
    "WITH RECURSIVE t(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM t) SELECT max(length(s)) FROM t",
    "SELECT " + "(" * 3000 + "1" + ")" * 3000,
    "SELECT regexp_replace(repeat('a', 1000000), '(a*)*b', 'x')",
]


@pytest.mark.parametrize("query", BOMBS)
def test_sql_that_would_take_everything(weir, query):
    """Those that end at the limit of time, but for the first, are in the drills."""
    survives(weir, query)


# -- files that were made to harm

def test_hostile_files(weir):
    read_hostile(weir, weir.names)
