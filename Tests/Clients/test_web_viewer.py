"""The dataset viewer in a browser: rows, a filter by a click, one row whole, questions in SQL."""

import pytest

from support import tables
from support.browser import both_languages, expect_clean, look
from support.weir import Weir, eventually

BASE = "/datasets/acme/rows/viewer"


@pytest.fixture(scope="module")
def weir(tmp_path_factory):
    home = tmp_path_factory.mktemp("web-viewer")
    with Weir(home) as weir:
        weir.import_folder(tables.dataset(home / "rows"), "dataset:acme/rows")
        (home / "plain").mkdir()
        (home / "plain/README.md").write_text("# Nothing\n")
        weir.import_folder(home / "plain", "dataset:acme/plain")
        # So that later pages show them at once.
        weir.get(BASE)
        eventually(lambda: weir.get("/statistics", params={
            "dataset": "acme/rows", "config": "default", "split": "train"}).status_code == 200, 60)
        yield weir


def test_filter_a_dataset_and_run_sql(weir, hub_page):
    page = hub_page(weir, BASE)
    expect_clean(page)
    look(page, "viewer")
    assert page.locator(".viewer-grid tbody tr").count() == 50
    assert "1–50" in page.locator(".pager-note").inner_text()
    # A click on a value leaves its rows; the address says all.
    page.locator(".spread-values a", has_text="fr").first.click()
    assert "where=" in page.url
    assert "200" in page.locator(".pager-note").inner_text()
    page.get_by_label("Search rows").fill("row 99 ")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".viewer-grid tbody tr").count() == 1
    page.reload()
    assert page.locator(".viewer-grid tbody tr").count() == 1
    page.locator(".viewer-chip").first.click()
    page.locator(".viewer-chip").first.click()
    # One row whole, and the next.
    page.locator(".viewer-index a").nth(3).click()
    assert page.locator(".viewer-drawer h2").inner_text() == "Row 3"
    assert '"role": "user"' in page.locator(".viewer-drawer").inner_text()
    expect_clean(page)
    look(page, "viewer-row")
    page.get_by_role("link", name="Next row").click()
    assert page.locator(".viewer-drawer h2").inner_text() == "Row 4"
    # Questions.
    page.get_by_role("link", name="SQL console").click()
    page.get_by_label("Question in SQL").fill("SELECT lang, count(*) AS n FROM train GROUP BY lang ORDER BY n DESC")
    page.get_by_role("button", name="Run").click()
    page.locator("#sql-result tbody tr").first.wait_for()
    assert page.locator("#sql-result tbody tr").first.inner_text().split() == ["zh", "500"]
    look(page, "viewer-sql")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    assert open(download.value.path()).read().splitlines() == ["lang,n", "zh,500", "en,300", "fr,200"]
    page.get_by_label("Question in SQL").fill("COPY data TO '/tmp/x'")
    page.get_by_role("button", name="Run").click()
    page.locator("#sql-result .alert").wait_for()
    expect_clean(page)
    both_languages(page)


def test_without_scripts(weir, hub_page):
    page = hub_page(weir, BASE + "?config=csv", javascript=False)
    assert page.locator(".viewer-grid tbody tr").count() == 50
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Column").select_option("id")
    page.get_by_label("Comparison").select_option("<")
    page.get_by_label("Value").fill("3")
    page.get_by_role("button", name="Add filter").click()
    assert page.locator(".viewer-grid tbody tr").count() == 3
    page.locator("a.viewer-sort", has_text="id").first.click()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("id")
    page.locator("a.viewer-sort", has_text="id").first.click()
    assert page.locator("th[aria-sort=descending]").count() == 1
    assert page.locator(".viewer-grid tbody td.viewer-index").all_inner_texts() == ["2", "1", "0"]
    page.goto(weir.url + BASE + "/sql?q=SELECT+41%2B1")
    assert page.locator("#sql-result tbody td").inner_text() == "42"


@pytest.mark.parametrize("lang, theme, width", [("zh", "dark", 390), ("en", "light", 320), ("zh", "light", 1280)])
def test_every_state_in_every_dress(weir, hub_page, lang, theme, width):
    page = hub_page(weir, BASE + "?row=7", lang=lang, theme=theme, width=width)
    expect_clean(page, lang)
    look(page, f"viewer-{lang}-{theme}-{width}")
    for path in [BASE + "?where=nonsense", "/datasets/acme/plain/viewer", BASE + "/sql?q=SELECT+*+FROM+data+LIMIT+20"]:
        page.goto(weir.url + path)
        expect_clean(page, lang)
    look(page, f"viewer-sql-{lang}-{theme}-{width}")
