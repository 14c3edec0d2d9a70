"""How repositories stand, as lists and pages tell it: one mark everywhere, and a facet to find them by."""

import re

import pytest

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


MARKS = {"mirrored": "Mirrored", "behind": "Behind 2", "blocked": "Blocked", "quarantined": "Quarantined", "long": "Mirrored"}


def test_lists_tell_how_each_stands(hub):
    listed = {}
    # Until what changed last was taken in.
    eventually(lambda: "quarantined" in facet(read(hub, "/models?source=local"), "state"), 10)
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
