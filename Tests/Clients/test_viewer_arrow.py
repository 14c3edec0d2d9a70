"""Rows of Arrow files, made by pyarrow 26: streams, files, packed ones, and what is refused by name or was made to harm."""

import pathlib
import random
import shutil

import pytest

from support.weir import Weir

TABLES = pathlib.Path(__file__).parents[1] / "Fixtures/tables"
READ = ["stream.arrow", "file.arrow", "lz4.feather"]
REFUSED = {"zstd.feather": "ZSTD", "interval.arrow": "'span' has the type interval"}


@pytest.fixture(scope="module")
def weir(tmp_path_factory):
    home = tmp_path_factory.mktemp("arrow")
    folder = home / "rows"
    folder.mkdir()
    for name in [*READ, *REFUSED]:
        shutil.copy(TABLES / name, folder / name)
    whole, chance = (TABLES / "stream.arrow").read_bytes(), random.Random(11)
    broken = []
    for number in range(12):
        content = bytearray(whole)
        for _ in range(1 + number % 4):
            content[chance.randrange(len(content))] = chance.randrange(256)
        broken.append(f"broken-{number}.arrow")
        (folder / broken[-1]).write_bytes(content[:chance.choice([len(content), chance.randrange(len(content))])])
    (folder / "README.md").write_text("---\nconfigs:\n" + "".join(
        f"- config_name: {name}\n  data_files: {name}\n" for name in [*READ, *REFUSED, *broken]) + "---\n")
    with Weir(home) as weir:
        weir.broken = broken
        weir.import_folder(folder, "dataset:acme/arrow")
        yield weir


def ask(weir, path, config, **query):
    return weir.get(path, params={"dataset": "acme/arrow", "config": config, "split": "train", **query}, timeout=60)


@pytest.mark.parametrize("name", READ)
def test_rows(weir, name):
    page = ask(weir, "/rows", name, offset=45, length=10)
    assert page.status_code == 200, page.text
    assert page.json()["num_rows_total"] == 120
    assert [row["row"]["id"] for row in page.json()["rows"]] == list(range(45, 55))
    row = page.json()["rows"][1]["row"]
    assert row == {
        "id": 46, "text": "row 46 é", "flag": True, "tags": [0, 1], "msg": {"role": "user", "n": 46}, "dict": "b",
        "made": "2024-01-02T22:00:00", "price": 11.5, "view": "a text longer than twelve 46"}
    assert page.json()["rows"][4]["row"]["text"] is None
    found = ask(weir, "/filter", name, where="\"dict\" = 'c' AND \"id\" > 100").json()
    assert [row["row_idx"] for row in found["rows"]] == list(range(101, 120, 3))
    total = ask(weir, "/api/viewer/sql", name, query="SELECT count(*), count(text), sum(len(tags)) FROM data").json()
    assert total["rows"] == [[120, 102, 180]]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_named(weir, name):
    answer = ask(weir, "/first-rows", name)
    assert answer.status_code == 422 and REFUSED[name] in answer.json()["error"], answer.text


def test_what_was_made_to_harm(weir):
    for name in weir.broken:
        answer = ask(weir, "/first-rows", name)
        assert answer.status_code in (200, 422), f"{name}: {answer.status_code} {answer.text[:300]}"
        assert "ended at this question" not in answer.text
    assert weir.alive
