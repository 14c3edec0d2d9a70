"""Lists, searches, comparisons and profiles in a browser: what is here at once, what upstreams have when it comes."""

import http.server
import json
import socketserver
import threading
import time

import pytest
import requests

from support.browser import both_languages, expect_clean, look, make_user
from support.weir import Weir, eventually, fast_upstream, mirror_document

SILENCE = 8


class Silent(http.server.BaseHTTPRequestHandler):
    """An upstream that takes its time over everything."""

    def do_GET(self):
        time.sleep(SILENCE)
        self.send_response(503)
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def silent():
    with Server(("127.0.0.1", 0), Silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def community(tmp_path_factory):
    """The upstream: a hub with the sample in it."""
    home = tmp_path_factory.mktemp("community")
    hub = Weir(home)
    hub.checked("sample")
    make_user(hub, "mirrorer")
    hub.secret = hub.checked("token", "create", "--user", "mirrorer").strip()
    with hub:
        yield hub


@pytest.fixture(scope="module")
def hub(community, silent, tmp_path_factory):
    home = tmp_path_factory.mktemp("catalogue")
    token = home / "token"
    token.write_text(community.secret)
    token.chmod(0o600)
    upstream = fast_upstream("community", "weir", community.url, auth={"tokenFile": str(token)})
    hub = Weir(home, [
        mirror_document("community", [upstream], license={"deny": ["flag:non-commercial"]}, default="allow"),
        mirror_document("molasses", [fast_upstream("molasses", "huggingface", silent)], default="allow")])
    make_user(hub, "ada", admin=True)
    hub.secret = hub.checked("token", "create", "--user", "ada", "--scope", "admin").strip()
    with hub:
        headers = {"Authorization": f"Bearer {hub.secret}"}
        for name, card in {
            "whale": "license: mit\npipeline_tag: text-generation\nlibrary_name: transformers\nlanguage: [en, zh]",
            "blue-whale": "license: apache-2.0\npipeline_tag: text-generation\ntags: [sea]",
            "shrimp": "license: mit\npipeline_tag: translation\ntags: [sea, small]",
        }.items():
            made = requests.post(hub.url + "/api/repos/create", json={"name": name, "type": "model"}, headers=headers)
            assert made.status_code == 200, made.text
            line = {"key": "file", "value": {"path": "README.md", "content": f"---\n{card}\n---\n# {name}\n"}}
            header = {"key": "header", "value": {"summary": "Describe it"}}
            sent = requests.post(hub.url + f"/api/models/ada/{name}/commit/main", headers={
                **headers, "Content-Type": "application/x-ndjson"}, data=f"{json.dumps(header)}\n{json.dumps(line)}\n")
            assert sent.status_code == 200, sent.text
        yield hub


def names(page) -> list[str]:
    return page.eval_on_selector_all("#repositories .repo-name a", "links => links.map(l => l.textContent)")


@pytest.mark.parametrize("lang,theme,width", [("en", "light", 1280), ("zh", "dark", 390), ("zh", "light", 320)])
def test_pages_are_clean(hub_page, hub, lang, theme, width):
    page = hub_page(hub, lang=lang, theme=theme, width=width, user="ada")
    for name, path in {
        "home": "/", "list": "/models", "narrowed": "/models?task=text-generation&license=mit", "datasets": "/datasets",
        "nothing": "/models?q=zebra&source=local", "search": "/search?q=whale",
        "compare": "/compare?repo=model:ada/whale&repo=model:ada/shrimp", "profile": "/ada", "likes": "/ada?tab=likes",
    }.items():
        page.goto(path)
        expect_clean(page, lang)
        look(page, f"catalogue-{name}-{lang}-{theme}-{width}")
    # Filters fold where there is little room.
    page.goto("/models")
    box = page.locator("#facet-license-0")
    assert box.is_visible() == (width > 960)


def test_facets_count_and_narrow(hub_page, hub):
    page = hub_page(hub, "/models?source=local", user="ada")
    assert page.inner_text("#list-count").startswith("3 ")
    page.get_by_role("checkbox", name="Text generation").check()
    page.wait_for_url("**task=text-generation**")
    page.wait_for_function("document.querySelector('#list-count').textContent.startsWith('2 ')")
    # Counted given the other conditions: one of the two is under MIT.
    counts = dict(page.eval_on_selector_all(
        "input[name=license]", "boxes => boxes.map(b => [b.value, b.parentElement.querySelector('.facet-count').textContent])"))
    assert counts == {"mit": "1", "apache-2.0": "1"}
    # Its own group still tells what else there is.
    tasks = dict(page.eval_on_selector_all(
        "input[name=task]", "boxes => boxes.map(b => [b.value, b.parentElement.querySelector('.facet-count').textContent])"))
    assert tasks == {"text-generation": "2", "translation": "1"}
    page.get_by_role("link", name="Remove the filter Task: Text generation").click()
    page.wait_for_function("document.querySelector('#list-count').textContent.startsWith('3 ')")
    page.go_back()
    page.wait_for_function("document.querySelector('#list-count').textContent.startsWith('2 ')")


def test_without_scripts(hub_page, hub):
    page = hub_page(hub, "/models?source=local", javascript=False, user="ada")
    page.get_by_label("Translation").check()
    page.get_by_role("button", name="Apply").click()
    assert names(page) == ["ada/shrimp"]
    page.goto("/models")
    page.get_by_role("link", name="Show upstream results").first.click()
    assert page.locator(".upstream .repo-row, #repositories .repo-row").count() > 0


def test_upstreams_come_when_they_come(hub_page, hub):
    page = hub_page(hub, user="ada")
    begun = time.monotonic()
    page.goto("/models?q=whale", wait_until="domcontentloaded")
    assert set(names(page)) == {"ada/whale", "ada/blue-whale"}
    assert time.monotonic() - begun < 3, "what is here waits for nobody"
    slow = page.locator("section[aria-label=molasses]")
    slow.get_by_role("link", name="Retry").wait_for(timeout=9_000)
    look(page, "catalogue-upstreams")


def test_find_and_pull_an_upstream_model(hub_page, hub):
    page = hub_page(hub, "/models?q=tiny-llm", user="ada")
    row = page.locator("section[aria-label=community] .repo-row", has_text="tiny-llm")

    def known():
        page.reload()
        row.first.wait_for(timeout=4_000)
        return True

    eventually(known, seconds=15)
    assert "Not mirrored" in row.first.inner_text()
    blocked = requests.get(hub.url + "/models?source=upstream&upstream=community.community", headers={
        "Authorization": f"Bearer {hub.secret}", "Accept": "text/html"}).text
    assert "Blocked" in blocked and "/console/explain?repo=model%3Ariver%2Fresearch-only" in blocked
    pulled = requests.get(hub.url + "/river/tiny-llm/resolve/main/config.json", headers={
        "Authorization": f"Bearer {hub.secret}"})
    assert pulled.status_code == 200, pulled.text
    page.goto("/models?q=tiny-llm&source=local")
    assert names(page) == ["river/tiny-llm"]
    assert "Mirrored" in page.inner_text("#repositories")
    both_languages(page)


def test_palette(hub_page, hub):
    page = hub_page(hub, "/models", user="ada")
    page.keyboard.press("Control+k")
    page.locator("dialog.palette").wait_for()
    page.keyboard.type("shri")
    page.locator("dialog.palette [role=option]", has_text="ada/shrimp").wait_for()
    expect_clean(page)
    look(page, "catalogue-palette", whole=False)
    page.keyboard.press("Enter")
    page.wait_for_url("**/models/ada/shrimp")


def test_compare_and_search(hub_page, hub):
    page = hub_page(hub, "/compare?repo=model:ada/whale&repo=model:ada/shrimp&repo=model:ada/none", user="ada")
    assert page.locator("tr.differs", has_text="Task").count() == 1
    assert page.locator("tr:not(.differs)", has_text="Licence").count() == 1
    assert "model:ada/none" in page.inner_text(".alert")
    page.goto("/search?q=whale")
    assert page.locator("mark", has_text="whale").count() >= 2
    assert requests.get(hub.url + "/nobody-is-called-so", headers={"Accept": "text/html"}).status_code == 404
