"""Rows of a mirrored dataset that is not here: by parts of its files, as few as do, and never taken for checked."""

import random
import struct

import duckdb
import pytest

from support.hostile import HostileProxy
from support.weir import Weir, eventually, fast_upstream, mirror_document

MEBIBYTE = 1 << 20
ROWS = 240_000
PAGE = {"config": "default", "split": "train"}
#: Eight hashes are 512 bytes that nothing compresses.
COLUMNS = "i AS id, " + " || ".join(f"sha256('{n} ' || i)" for n in range(8)) + " AS text, i % 7 AS label"


def parquet(path, rows, first=0, group=10_240):
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.connect().execute(f"""COPY (SELECT {COLUMNS} FROM range({first}, {first + rows}) t(i))
        TO '{path}' (FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE {group})""")


def lies(whole: bytes) -> dict[str, bytes]:
    """Footers that were made to harm, at the end of files that are large enough to be read by parts."""
    pad = b"\0" * (5 * MEBIBYTE)
    (length,) = struct.unpack("<I", whole[-8:-4])
    found = {
        "long": b"PAR1" + pad + struct.pack("<I", 0x7FFFFFF0) + b"PAR1",
        "lists": b"PAR1" + pad + b"\x15\x02\x19\xfc\xff\xff\xff\xff\x07" * 200 + struct.pack("<I", 1800) + b"PAR1",
        "deep": b"PAR1" + pad + b"\x1c" * MEBIBYTE + struct.pack("<I", MEBIBYTE) + b"PAR1",
        # An honest footer of another file: its offsets lead into nothing.
        "elsewhere": b"PAR1" + pad + whole[-8 - length:],
    }
    chance = random.Random(5)
    for number in range(6):
        broken = bytearray(b"PAR1" + pad + whole[4:])
        for _ in range(3):
            broken[len(broken) - 8 - chance.randrange(1, length)] ^= 1 << chance.randrange(8)
        found[f"flipped-{number}"] = bytes(broken)
    return found


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    home = tmp_path_factory.mktemp("origin")
    with Weir(home) as hub:
        hub.homes = {name: home / name for name in ["large", "two", "text", "lies"]}
        parquet(hub.homes["large"] / "data/train-00000-of-00001.parquet", ROWS)
        parquet(hub.homes["two"] / "data/train-00000-of-00002.parquet", 20_480)
        parquet(hub.homes["two"] / "data/train-00001-of-00002.parquet", 20_480, first=20_480)
        text = hub.homes["text"]
        text.mkdir()
        line = "x" * 180
        (text / "rows.csv").write_text("id,text\n" + "".join(f'{i},"{line}, {i}\n"\n' for i in range(60_000)))
        (text / "rows.jsonl").write_text("".join(f'{{"id": {i}, "text": "{line}"}}\n' for i in range(60_000)))
        (text / "rows.json").write_text(
            "[" + ",".join(f'{{"id": {i}, "text": "{line}"}}' for i in range(60_000)) + "]")
        (text / "README.md").write_text("---\nconfigs:\n" + "".join(
            f"- config_name: {kind}\n  data_files: rows.{kind}\n" for kind in ["csv", "jsonl", "json"]) + "---\n")
        parquet(hub.homes["lies"] / "good.parquet", 2_000, group=2_048)
        whole = (hub.homes["lies"] / "good.parquet").read_bytes()
        hub.lies = lies(whole)
        for name, content in hub.lies.items():
            (hub.homes["lies"] / f"{name}.parquet").write_bytes(content)
        (hub.homes["lies"] / "README.md").write_text("---\nconfigs:\n" + "".join(
            f"- config_name: {name}\n  data_files: {name}.parquet\n" for name in hub.lies) + "---\n")
        for name in ["large", "two", "text", "lies"]:
            hub.import_folder(hub.homes[name], f"dataset:acme/{name}")
        with HostileProxy(hub.url) as proxy:
            hub.proxy = proxy
            yield hub


@pytest.fixture
def gateway(upstream, tmp_path):
    upstream.proxy.behave()
    with Weir(tmp_path, [mirror_document("origin", [fast_upstream("hub", "weir", upstream.proxy.url)])]) as weir:
        yield weir


def ask(gateway, path, name, status=200, **query):
    answer = gateway.get(path, params={"dataset": f"acme/{name}", **query}, timeout=60)
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:600]}"
    return answer


def test_pages_of_a_large_file_cost_a_few_of_its_bytes(upstream, gateway):
    size = (upstream.homes["large"] / "data/train-00000-of-00001.parquet").stat().st_size
    assert size > 100_000_000
    ask(gateway, "/splits", "large")
    upstream.proxy.forget()
    first = ask(gateway, "/first-rows", "large", **PAGE)
    assert [row["row"]["id"] for row in first.json()["rows"]] == list(range(100))
    assert first.headers["X-Weir-Unverified"] and first.json()["truncated"] is True
    spent = upstream.proxy.body_bytes()
    print(f"first rows: {spent} of {size} bytes, {spent / size:.1%}")
    assert 0 < spent < size / 10
    middle = ask(gateway, "/rows", "large", **PAGE, offset=ROWS // 2, length=50)
    assert [row["row"]["id"] for row in middle.json()["rows"]] == list(range(ROWS // 2, ROWS // 2 + 50))
    assert [row["row_idx"] for row in middle.json()["rows"]][0] == ROWS // 2
    assert middle.json()["partial"] is True and middle.json()["num_rows_total"] == ROWS
    assert middle.headers["X-Weir-Unverified"]
    last = ask(gateway, "/rows", "large", **PAGE, offset=ROWS - 10, length=50).json()["rows"]
    assert [row["row"]["id"] for row in last] == list(range(ROWS - 10, ROWS))
    assert ask(gateway, "/rows", "large", **PAGE, offset=ROWS + 10).json()["rows"] == []
    assert upstream.proxy.body_bytes() < size / 5
    # The same page again costs nothing, and nothing of it counts as the file.
    upstream.proxy.forget()
    ask(gateway, "/first-rows", "large", **PAGE)
    assert upstream.proxy.body_bytes() == 0
    assert not gateway.stored_blobs() and not gateway.partial_files()
    sizes = ask(gateway, "/size", "large").json()["size"]
    assert sizes["dataset"]["num_rows"] == ROWS
    page = gateway.get("/datasets/acme/large/viewer", headers={"Accept": "text/html"})
    assert "viewer-unverified" in page.text and page.text.count('class="number viewer-index"') == 50
    rows = gateway.get("/api/v1/datasets/acme/large/dataviewer/rows", params={"per": 10})
    assert rows.json()["data"]["rows"][0][0] == 0 and rows.headers["X-Weir-Unverified"]
    # What needs all rows fetches the whole file, and says how far it is.
    def filtered():
        answer = gateway.get("/filter", params={"dataset": "acme/large", **PAGE, "where": '"id" = 5'}, timeout=60)
        if answer.status_code == 500:
            assert "is being fetched" in answer.json()["error"]
            return None
        return answer
    answer = eventually(filtered, 90)
    assert [row["row"]["id"] for row in answer.json()["rows"]] == [5]
    whole = ask(gateway, "/rows", "large", **PAGE, offset=ROWS // 2, length=50)
    assert "X-Weir-Unverified" not in whole.headers and whole.json()["partial"] is False
    assert whole.json()["rows"] == middle.json()["rows"]


def test_a_page_across_files_that_are_not_here(upstream, gateway):
    page = ask(gateway, "/rows", "two", **PAGE, offset=20_470, length=20).json()
    assert [row["row"]["id"] for row in page["rows"]] == list(range(20_470, 20_490))
    assert page["num_rows_total"] == 40_960
    # One of them comes; pages look the same.
    name = "data/train-00000-of-00002.parquet"
    assert gateway.get(f"/datasets/acme/two/resolve/main/{name}", timeout=60).status_code == 200
    again = ask(gateway, "/rows", "two", **PAGE, offset=20_470, length=20)
    assert again.json() == page and again.headers["X-Weir-Unverified"]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json"])
def test_the_beginning_of_text(upstream, gateway, kind):
    ask(gateway, "/splits", "text")
    upstream.proxy.forget()
    first = ask(gateway, "/first-rows", "text", config=kind, split="train")
    assert [row["row"]["id"] for row in first.json()["rows"]] == list(range(100))
    assert first.headers["X-Weir-Unverified"]
    assert upstream.proxy.body_bytes() <= 3 * MEBIBYTE
    # Rows further on need the whole file.
    def far():
        answer = gateway.get("/rows", params={
            "dataset": "acme/text", "config": kind, "split": "train", "offset": 59_990}, timeout=60)
        return answer if answer.status_code == 200 else None
    answer = eventually(far, 60)
    assert [row["row"]["id"] for row in answer.json()["rows"]] == list(range(59_990, 60_000))


def test_footers_that_were_made_to_harm(upstream, gateway):
    for name in upstream.lies:
        answer = gateway.get("/first-rows", params={"dataset": "acme/lies", "config": name, "split": "train"}, timeout=90)
        assert answer.status_code in (200, 422), f"{name}: {answer.status_code} {answer.text[:300]}"
        if not name.startswith("flipped"):
            assert answer.status_code == 422, f"{name}: {answer.text[:300]}"
        assert str(gateway.data) not in answer.text
    assert gateway.alive


def test_an_upstream_without_ranges(upstream, gateway):
    """Where nobody gives parts of files the whole is fetched, as before."""
    def whole(handler, body):
        del handler.headers["Range"]
        handler.forward(body)
    ask(gateway, "/splits", "two")
    upstream.proxy.on("blob", whole)

    def first():
        answer = gateway.get("/first-rows", params={"dataset": "acme/two", **PAGE}, timeout=60)
        assert answer.status_code in (200, 500), answer.text
        return answer if answer.status_code == 200 else None
    assert [row["row"]["id"] for row in eventually(first, 60).json()["rows"]] == list(range(100))


def test_policy_holds_for_parts(upstream, tmp_path):
    document = mirror_document("origin", [fast_upstream("hub", "weir", upstream.proxy.url)], rules=[
        {"id": "no-parquet", "match": {"files": ["*.parquet"]}, "action": "deny", "message": "no tables"}])
    upstream.proxy.behave()
    with Weir(tmp_path, [document]) as gateway:
        upstream.proxy.forget()
        answer = gateway.get("/first-rows", params={"dataset": "acme/two", **PAGE}, timeout=60)
        assert answer.status_code in (403, 404), answer.text
        assert upstream.proxy.body_bytes() == 0
