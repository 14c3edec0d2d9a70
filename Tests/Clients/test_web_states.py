"""How repositories stand, as lists and pages tell it: one mark everywhere, and a facet to find them by."""

import re

import pytest

from support.browser import expect_clean
from support.weir import eventually
from support.web_sample import web_sample


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with web_sample(tmp_path_factory.mktemp("states") / "sample") as hub:
        yield hub


def read(hub, path: str, user: str = "bob", status: int = 200) -> str:
    answer = hub.get(path, headers={"Authorization": f"Bearer {hub.tokens[user]}", "Accept": "text/html", "Cookie": "weir-lang=en"})
    assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:300]}"
    return answer.text


def rows(page: str) -> dict[str, str]:
    """What each row of a list says, by the name it links to."""
    found = {}
    for row in re.findall(r'<article class="repo-row">.*?</article>', page, re.S):
        name = re.search(r'href="/[a-z]+/([^"/?]+/[^"/?]+)"', row)
        if name:
            found[name.group(1)] = re.sub(r"<[^>]+>", " ", row)
    return found


def facet(page: str, name: str) -> dict[str, int]:
    boxes = re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"[^>]*>.*?class="facet-count">([\d,]+)<', page, re.S)
    return {value: int(count.replace(",", "")) for value, count in boxes}


MARKS = {"mirrored": "Mirrored", "behind": "Behind", "blocked": "Blocked", "quarantined": "Quarantined", "long": "Mirrored"}


def test_lists_tell_how_each_stands(hub):
    # Until what changed last was taken in, and the job of the sample has ended.
    eventually(lambda: "quarantined" in facet(read(hub, "/models?source=local"), "state"), 10)
    eventually(lambda: "Syncing" not in rows(read(hub, "/models?source=local"))[hub.models["mirrored"]], 20)
    listed = rows(read(hub, "/models?source=local"))
    for state, mark in MARKS.items():
        assert mark in listed[hub.models[state]], (state, listed[hub.models[state]])
    assert "os.system" in listed[hub.models["quarantined"]], "it says what was found"


def test_facets_find_what_is_kept_back(hub):
    counts = eventually(lambda: (found := facet(read(hub, "/models?source=local"), "state")).get("blocked") and found, 10)
    assert counts["blocked"] == 1 and counts["quarantined"] == 1 and counts["behind"] == 1, counts
    for state in ("blocked", "quarantined", "behind"):
        assert set(rows(read(hub, f"/models?source=local&state={state}"))) == {hub.models[state]}


def test_pages_say_the_same(hub):
    for state in ("mirrored", "behind", "quarantined"):
        page = read(hub, f"/models/{hub.models[state]}")
        head = page[:page.index("</header>", page.index("<main"))] if "</header>" in page[page.index("<main"):] else page
        assert MARKS[state] in re.sub(r"<[^>]+>", " ", head), state
    page = read(hub, f"/models/{hub.models['blocked']}", status=403)
    assert "Blocked" in page


def test_lists_lead_back(hub):
    """Page by page to the end and back again, under every order, by the links alone."""
    ada = {"Authorization": f"Bearer {hub.tokens['ada']}"}
    for number in range(70):
        hub.post("/api/repos/create", json={"type": "model", "name": f"many-{number}", "organization": "ada"}, headers=ada)
    link = lambda page, rel: (re.findall(rf'<a class="button" rel="{rel}" href="([^"]+)"', page) or [None])[0]  # noqa: E731
    for order in ("updated", "created", "downloads", "size"):
        address, seen = f"/models?source=local&sort={order}&owner=ada", []
        while address:
            page = read(hub, address.replace("&amp;", "&"), "ada")
            seen.append(list(rows(page)))
            address = link(page, "next")
        assert [len(names) for names in seen] == [30, 30, 10], order
        for names in reversed(seen[:-1]):
            page = read(hub, link(page, "prev").replace("&amp;", "&"), "ada")
            assert list(rows(page)) == names, order
        assert link(page, "prev") is None, "the first page has none before it"


def test_refusals_lead_to_the_page_of_their_request(hub):
    page = read(hub, f"/models/{hub.models['review']}/tree/main", status=403)
    found = re.search(r'<a href="(/console/approvals/\d+)">', page)
    assert found, page[page.index("<main"):][:2000]
    # Who opens what programs are told in a browser is led there too; programs are not.
    number = found.group(1).rsplit("/", 1)[1]
    for accept, status in (("text/html,*/*", 303), ("application/json", 401), ("*/*", 401)):
        answer = hub.get(f"/api/gateway/v1/approvals/{number}", headers={"Accept": accept}, allow_redirects=False)
        assert answer.status_code == status, accept
        assert status != 303 or answer.headers["Location"].endswith(found.group(1))


def test_who_is_named_is_told(hub, hub_page):
    bob = {"Authorization": f"Bearer {hub.tokens['bob']}"}
    page = hub_page(hub, "/", user="carol")
    before = page.locator("a[href='/notifications'][title]").count()
    hub.post("/api/models/acme/chat-zh/discussions", json={"title": "For Carol", "description": "@carol, look `@lin`"}, headers=bob)
    # What she may not see she is not told of.
    hub.post("/api/models/bob/experiment/discussions", json={"title": "A secret", "description": "@carol"}, headers=bob)
    page.reload()
    assert before == 0 and page.locator("a.quiet[href='/notifications']").inner_text().strip().startswith("1")
    page.goto("/notifications")
    expect_clean(page)
    assert "For Carol" in page.inner_text("main") and "A secret" not in page.inner_text("main")
    page.get_by_role("button", name="Mark as read").click()
    page.wait_for_url("**/notifications")
    assert page.locator("a.quiet[href='/notifications'][title]").count() == 0
    page.get_by_role("link", name="For Carol").click()
    page.wait_for_url("**/models/acme/chat-zh/discussions/*")
