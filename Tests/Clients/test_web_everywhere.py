"""Every page of a hub that is full: followed by its links, looked at by axe, in both languages, themes and widths.

`make test` looks at each kind of page once, each in another combination of language, theme and width; with
WEIR_WEB_FULL=1 each is looked at in all of them (`make screenshots` does that, and leaves pictures).
"""

import html
import itertools
import os
import re
import socket
import threading
import time
import urllib.parse

import pytest
import requests

from support.browser import PASSWORD, axe, look, shape
from support.web_sample import Writer, web_sample

# Long: `make web`, until `make test` has the time for it.
pytestmark = pytest.mark.tour

FULL = bool(os.environ.get("WEIR_WEB_FULL"))
SEEDS = ("/", "/models", "/datasets", "/spaces", "/codes", "/search?q=chat", "/ui/kit", "/login", "/console")
#: Links that were followed of each kind of page.
EACH = 6 if FULL else 3
PEOPLE = (None, "bob", "ada")
WAYS = list(itertools.product(("en", "zh"), ("light", "dark"), (1280, 390)))
KINDS = "models|datasets|spaces|codes|prompts|mcps|skills"
#: Where a link may lead to a refusal: asking is the way to find out, and the row of a file says what scans found in it.
MAY_REFUSE = re.compile(rf"^(/({KINDS})/(research|zoo)/|/(research|zoo)/[^/]+/resolve/)")

MISSING_ON_PURPOSE = re.compile(r"404 \S*/bob/hostile/resolve/main/\S*$")


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with web_sample(tmp_path_factory.mktemp("everywhere") / "sample") as hub:
        yield hub


def template(address: str) -> str:
    """The kind of page an address is of: names, numbers and revisions taken out."""
    parts = urllib.parse.urlsplit(address)
    path = re.sub(rf"^/({KINDS})/[^/]+/[^/]+", r"/\1/*/*", parts.path)
    path = re.sub(r"^(/[^/]+/\*/\*/(?:tree|blob|edit|new|upload|delete|blame|commits|commit|compare|resolve|raw)/).+", r"\1…", path)
    path = re.sub(r"/\d+(?=/|$)", "/#", path)
    path = re.sub(r"/[0-9a-f]{7,64}(?=/|$)", "/#", path)
    if re.match(r"^/(Qwen|BAAI|audio|research|zoo|shop|math|acme|bob|lin|ada|carol)(/|$)", path):
        path = re.sub(r"^/[^/]+", "/@", path)
        path = re.sub(r"^/@/(?!-/|-$)[^/]+", "/@/*", path)
    path = re.sub(r"^(/console/(?:upstreams|policies|users|organisations|bundles|log)/).+", r"\1…", path)
    keys = sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair})
    return path + ("?" + "&".join(keys) if keys else "")


def links(text: str) -> tuple[list[str], list[str]]:
    """Addresses that a page leads to, and those that it loads things from."""
    text = re.sub(r"<(pre|textarea|code)\b.*?</\1>", "", text, flags=re.S)
    leads, loads = [], []
    for tag, attributes in re.findall(r"<(a|link|script|img|source|iframe|use|area|video|audio)\b([^>]*)>", text):
        for name, value in re.findall(r'\b(href|src|srcset|data-island)="([^"]*)"', attributes):
            value = html.unescape(value)
            (leads if tag in ("a", "area") and name == "href" else loads).append(
                (value, "nofollow" in attributes) if tag in ("a", "area") else value)
    return [value for value, nofollow in leads if not nofollow], loads


def craft(text: str) -> list[str]:
    """Times that do not say when exactly, and tables that do not say their order."""
    text = re.sub(r"<(pre|textarea|code)\b.*?</\1>", "", text, flags=re.S)
    wrong = [f"has a time without its moment: {each}" for each in re.findall(r"<time\b[^>]*>", text)
             if "datetime=" not in each or "title=" not in each]
    for label, table in re.findall(r'<div class="table-wrap"[^>]*aria-label="([^"]*)"[^>]*>(.*?)</thead>', text, re.S):
        if "aria-sort" not in table and "<caption" not in table:
            wrong.append(f"has a table that does not say its order: {label}")
    return wrong


def session(hub, user: str | None) -> requests.Session:
    browser = requests.Session()
    browser.headers["Accept"] = "text/html,*/*;q=0.5"
    if user:
        answer = browser.post(f"{hub.url}/api/gateway/v1/sessions", json={"user": user, "password": PASSWORD}, timeout=60)
        assert answer.status_code in (200, 201), answer.text
    return browser


def crawl(hub, user: str | None) -> tuple[dict[str, str], list[str]]:
    """Follows links from the start page: one address of each kind of page, and what is wrong with where links lead."""
    browser, wrong, pages = session(hub, user), [], {}
    queue, seen, counts = [(seed, "the test") for seed in SEEDS], set(SEEDS), {}
    while queue:
        address, source = queue.pop(0)
        kind = template(address)
        counts[kind] = counts.get(kind, 0) + 1
        # Files are asked for from their start; a page is read whole.
        answer = browser.get(hub.url + address, timeout=30, headers={"Range": "bytes=0-999"} if "/resolve/" in address else {})
        status = answer.status_code
        refused = status in (401, 403, 451) and (MAY_REFUSE.match(address) or source == "the test")
        if status >= 400 and not refused:
            wrong.append(f"{user}: {status} at {address} (from {source}): {answer.text[:120] if status >= 500 else ''}")
            continue
        if "text/html" not in answer.headers.get("Content-Type", "") or "/resolve/" in address:
            continue
        if status < 400:
            pages.setdefault(kind, address)
        if re.search(r'<[a-z][^>]*\s(?:style|on[a-z]+)="', re.sub(r"<(pre|textarea|code)\b.*?</\1>", "", answer.text, flags=re.S)):
            wrong.append(f"{user}: a style or a handler in {address}")
        wrong += [f"{user}: {address} {each}" for each in craft(answer.text)]
        leads, loads = links(answer.text)
        wrong += [f"{user}: {address} loads {each}" for each in loads
                  if not each.startswith(("/", "#", "data:")) or each.startswith("//")]
        for lead in leads:
            target = urllib.parse.urljoin(hub.url + address, lead)
            if not target.startswith(hub.url):
                continue
            target = target.removeprefix(hub.url).split("#")[0] or "/"
            # Raw content and what programs read are tested where they are made.
            if target in seen or target.startswith(("/api/", "/assets/")):
                continue
            if counts.get(template(target), 0) + sum(1 for each, _ in queue if template(each) == template(target)) < EACH:
                seen.add(target)
                queue.append((target, address))
    return pages, wrong


@pytest.fixture(scope="module")
def found(hub):
    result = {}
    for user in PEOPLE:
        result[user] = crawl(hub, user)
    return result


def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(found):
    wrong = [line for _, lines in found.values() for line in lines]
    assert not wrong, "\n".join(wrong[:40])
    assert len(found["ada"][0]) > 10, sorted(found["ada"][0])


def test_every_icon_is_there(hub, found):
    sprite = hub.get("/assets/icons.svg").text
    drawn = set()
    for user in PEOPLE:
        browser = session(hub, user)
        for address in found[user][0].values():
            drawn |= set(re.findall(r'icons\.svg#([\w-]*)"', browser.get(hub.url + address, timeout=30).text))
    assert len(drawn) > 10
    assert not {name for name in drawn if f'id="{name}"' not in sprite}


def special(hub) -> dict[str, tuple[str | None, str]]:
    """Pages that no link leads to: what is missing, forbidden, blocked, under review, private to others."""
    names = hub.models
    return {"missing": (None, "/models/no/such"), "missing in console": ("bob", "/console/users"),
            "blocked": ("bob", f"/models/{names['blocked']}"), "review": ("bob", f"/models/{names['review']}"),
            "private": (None, f"/models/{names['private']}"), "empty": ("bob", f"/models/{names['empty']}"),
            "long name": ("bob", f"/models/{names['long']}"), "behind": ("ada", f"/models/{names['behind']}"),
            "hostile": ("bob", f"/models/{names['hostile']}"), "no page": ("bob", "/nothing/at/all"), "nothing found": (None, "/models?q=zzzzzz")}


def visit(hub, hub_page, user, address, ways, name) -> list[str]:
    """What is wrong with a page in some combinations of language, theme and width, and in the narrowest window."""
    wrong = []
    for lang, theme, width in ways:
        page = hub_page(hub, lang=lang, theme=theme, width=width, user=user)
        page.goto(hub.url + address)
        # The pictures that hostile texts ask for are in no repository; what they would run is looked for below.
        problems = [each for each in page.problems if not MISSING_ON_PURPOSE.search(each)]
        problems += [*shape(page, lang), *axe(page)]
        page.problems.clear()
        if page.evaluate("window.xss"):
            problems.append("a script of content ran")
        look(page, f"everywhere/{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}-{lang}-{theme}-{width}")
        page.set_viewport_size({"width": 320, "height": 700})
        problems += [f"at 320: {each}" for each in shape(page) if "wider" in each]
        wrong += [f"{address} as {user} [{lang} {theme} {width}]: {problem}" for problem in problems]
        page.context.close()
    return wrong


def test_every_kind_of_page_is_clean(hub, found, hub_page):
    wrong = []
    everything = {kind: ("ada", address) for kind, address in found["ada"][0].items()}
    everything |= {kind: (None, address) for kind, address in found[None][0].items() if kind not in everything}
    # A list is one kind of page, however it is narrowed.
    everything = {kind: each for kind, each in everything.items() if "?" not in kind or FULL or kind.startswith("/search")}
    for index, (kind, (user, address)) in enumerate(sorted((everything | special(hub)).items())):
        ways = WAYS if FULL else [WAYS[index % len(WAYS)]]
        wrong += visit(hub, hub_page, user, address, ways, kind)
    assert not wrong, f"{len(wrong)} problems\n" + "\n".join(wrong[:60])


def test_a_page_that_is_not_there_knows_its_reader(hub, hub_page):
    page = hub_page(hub, "/nothing/at/all", lang="en", user="bob")
    assert page.locator(".bar-side .menu summary").inner_text().strip() == "bob"
    assert page.locator(".bar-side >> text=Sign in").count() == 0
    # The form around it is taken as it is on any other page.
    page.click(".bar-side .menu summary")
    page.click(".bar-side form[action='/logout'] button")
    page.wait_for_url(re.compile("signed-out|/login|/$"))
    assert page.locator(".bar-side >> text=Sign in").count() == 1


def test_rows_are_as_tight_as_somebody_likes_them(hub, hub_page):
    page = hub_page(hub, "/models", lang="en", user="lin")
    row = page.locator(".repo-row").first
    roomy = row.bounding_box()["height"]
    page.click("[data-density]")
    assert page.get_attribute("[data-density]", "aria-pressed") == "true"
    assert row.bounding_box()["height"] < roomy
    page.goto("/datasets")
    assert page.evaluate("document.documentElement.classList.contains('dense')"), "it is remembered"
    page.click("[data-density]")
    assert not page.evaluate("document.documentElement.classList.contains('dense')")


def test_reading_needs_no_scripts(hub, found, hub_page):
    page = hub_page(hub, lang="zh", user="bob", javascript=False)
    for address in ("/", "/models", f"/models/{hub.models['own']}", f"/models/{hub.models['own']}/tree/main",
                    f"/models/{hub.models['own']}/blob/main/README.md", f"/models/{hub.models['own']}/commits/main",
                    "/datasets/acme/reviews/viewer", "/search?q=chat", f"/models/{hub.models['blocked']}"):
        answer = page.goto(hub.url + address)
        assert answer.status in ((200,) if "research" not in address else (200, 403, 451)), f"{answer.status} {address}"
        assert page.locator("h1").count() == 1, address
        assert page.inner_text("main").strip(), address
        assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_working_needs_no_scripts(hub, hub_page):
    """Facets, paging, differences, jobs, the explanation of a refusal, signing in and a form of settings."""
    page = hub_page(hub, "/login?next=/models", lang="en", javascript=False)
    page.fill("#user", "bob")
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/models")
    page.check("input[type=checkbox][value='apache-2.0']")
    page.get_by_role("button", name="Apply").click()
    assert "apache-2.0" in page.url and page.locator("#repositories .repo-row").count() == 3
    assert page.locator("input[type=checkbox][value='apache-2.0']").is_checked()
    page.click(".filter-chips a")
    assert page.locator("#repositories .repo-row").count() > 3
    page.goto(f"/models/{hub.models['own']}/commits/main")
    page.click(".commit-title >> nth=0")
    assert page.locator(".diff .line-text").count() > 0
    page.goto("/datasets/acme/reviews/viewer")
    page.click(".pager a[rel=next]")
    assert page.locator(".viewer-grid tbody tr").count() > 0 and "offset=" in page.url
    page.goto(f"/models/{hub.models['blocked']}")
    page.click("main a[href*='/console/explain']")
    assert page.locator(".trace .decisive").count() == 1
    page.goto("/settings")
    page.fill("#fullName", "Bob without scripts")
    page.click("main form button[type=submit]")
    page.goto("/settings")
    assert page.input_value("#fullName") == "Bob without scripts"
    operator = hub_page(hub, "/console/sync", lang="en", user="ada", javascript=False)
    assert operator.locator(".job").count() >= 3
    operator.click(".job[data-state=failed] .job-name a")
    assert "did not answer within 5 s" in operator.inner_text("main")


def test_addresses_bring_back_what_was_seen(hub, hub_page):
    page = hub_page(hub, "/models", lang="en", user="lin")
    page.check("input[type=checkbox][value='apache-2.0']")
    page.wait_for_url(re.compile("apache-2.0"))
    page.wait_for_function("document.querySelectorAll('#repositories .repo-row').length === 3")
    page.click(".sorts a >> text=Size")
    page.wait_for_url(re.compile("sort="))
    narrowed = page.url
    page.click("#repositories .repo-row a >> nth=0")
    page.wait_for_url(lambda url: "/models?" not in url)
    page.go_back()
    page.wait_for_url(narrowed)
    assert page.locator("#repositories .repo-row").count() == 3
    assert page.locator("input[type=checkbox][value='apache-2.0']").is_checked()
    # The same in a window that has never seen it.
    other = hub_page(hub, narrowed.removeprefix(hub.url), lang="en", user="bob")
    assert other.locator("#repositories .repo-row").count() == 3
    assert other.locator(".sorts a[aria-current]").inner_text() == "Size"
    lines = hub_page(hub, f"/models/{hub.models['own']}/blob/main/scripts/try_it.py#L4-L6", lang="en")
    lines.wait_for_function("document.querySelectorAll('tr.marked').length === 3")
    row = hub_page(hub, "/datasets/acme/reviews/viewer?split=test&row=3", lang="en")
    assert "Exactly as described" in row.inner_text(".viewer-drawer")
    # Another language is the same page.
    row.click(".bar-side a[hreflang=zh-CN]")
    assert "split=test" in row.url and "row=3" in row.url and row.locator("html").get_attribute("lang") == "zh-CN"
    assert "Exactly as described" in row.inner_text(".viewer-drawer")


def test_texts_made_to_be_slow_hold_nobody_up(hub, hub_page):
    """Through the server: Markdown that takes other parsers minutes, and somebody else who reads meanwhile."""
    bombs = {"table.md": "|" + "a|" * 2000 + "\n|" + "-|" * 2000 + "\n" + "|\n" * 2000,
             "quotes.md": ">" * 1_000_000, "links.md": "[" * 50_000 + "](x)" * 50_000, "stars.md": "*a_ " * 60_000}
    writer = Writer(hub, hub.tokens["bob"])
    writer.create("model", "bob/bombs")
    for name, text in bombs.items():
        writer.commit("model", "bob/bombs", name, {name: text})
    browser = session(hub, "lin")
    for name in bombs:
        times = []

        def read():
            started = time.perf_counter()
            assert browser.get(f"{hub.url}/models/bob/bombs/blob/main/{name}", timeout=60).status_code == 200
            times.append(time.perf_counter() - started)

        reader = threading.Thread(target=read)
        reader.start()
        waits = []
        while reader.is_alive():
            started = time.perf_counter()
            assert requests.get(f"{hub.url}/login", timeout=30).status_code == 200
            waits.append(time.perf_counter() - started)
        reader.join()
        # Bounds that tell seconds from minutes; the design's 0.3 s is for a machine that does nothing else.
        assert times and times[0] < (0.3 if FULL else 5), (name, times)
        assert not waits or sorted(waits)[len(waits) // 2] < 1, (name, sorted(waits)[-3:])


_STOP = """() => {
  const e = document.activeElement, style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  return { seen: style.outlineStyle !== "none" || style.boxShadow !== "none" || e.matches("main, body, iframe, .cm-content"),
           html: e.outerHTML.slice(0, 120), width: box.width };
}"""


def tab_to(page, selector: str, limit: int = 150):
    """Presses Tab until something that matches has the focus; every stop on the way can be seen."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        assert stop["seen"], f"the focus cannot be seen on {page.url}: {stop['html']}"
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never came to {selector} on {page.url}: the last stop was {stop['html']}")


def test_a_journey_by_the_keyboard_alone(hub, hub_page):
    """Search, filter, open a model, copy a command, edit a file, commit."""
    page = hub_page(hub, "/models", lang="en", user="lin")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=hub.url)
    page.keyboard.press("/")
    page.keyboard.type("chat")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q=chat"))
    page.goto("/models")
    tab_to(page, "input[type=checkbox][value='apache-2.0']")
    page.keyboard.press("Space")
    tab_to(page, "form button[type=submit], form button:not([type])")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("apache-2"))
    page.wait_for_load_state()
    tab_to(page, "main a[href='/models/acme/chat-zh']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/models/acme/chat-zh$"))
    tab_to(page, "main .snippet [data-copy], main .snippet-pane [data-copy], main [data-copy]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#toasts .toast")
    assert page.evaluate("navigator.clipboard.readText()")
    page.goto(f"/models/{hub.models['own']}/blob/main/LIMITS.md")
    tab_to(page, "main a[href*='/edit/']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/edit/"))
    page.wait_for_selector(".cm-content")
    tab_to(page, ".cm-content")
    page.keyboard.press("Control+End")
    page.keyboard.type("Nor legal advice.")
    # The editor lets go of the keyboard as every field does.
    tab_to(page, "#summary")
    page.keyboard.type("Changed by the keyboard")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/edit/" not in url)
    assert hub.get(f"/api/models/{hub.models['own']}/commits/main").json()[0]["title"] == "Changed by the keyboard"


_VITALS = """() => new Promise((done) => {
  const out = { lcp: 0, cls: 0 };
  new PerformanceObserver((list) => { for (const e of list.getEntries()) out.lcp = Math.max(out.lcp, e.startTime); })
    .observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) out.cls += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(out), 300);
})"""


def test_pages_are_small_and_hold_still(hub, hub_page):
    for address in ("/", "/models", f"/models/{hub.models['mirrored']}", "/console/sync"):
        best = None
        for attempt in range(3):
            page = hub_page(hub, lang="zh", user="ada")
            sizes = {}
            page.on("requestfinished", lambda request, sizes=sizes: sizes.__setitem__(
                request.url, (request.resource_type, request.sizes()["responseBodySize"])))
            page.goto(hub.url + address, wait_until="load")
            vitals = page.evaluate(_VITALS)
            assert vitals["cls"] <= 0.02, (address, vitals)
            if attempt == 0:
                total = sum(size for _, size in sizes.values())
                scripts = sum(size for kind, size in sizes.values() if kind == "script")
                assert total <= 180_000, (address, total, sizes)
                assert scripts <= 30_000, (address, scripts, sizes)
            best = min(best or 1e9, vitals["lcp"])
            page.context.close()
            if best <= 600 or not FULL:
                break
        # On two busy cores a bound on time is one on the machine; the full run is alone.
        assert not FULL or best <= 600, (address, best)


@pytest.mark.skipif(not FULL, reason="times are measured by the run that is alone: WEIR_WEB_FULL=1")
def test_pages_come_soon(hub):
    browser = session(hub, "ada")
    for address, bound in (("/models", 0.050), (f"/models/{hub.models['mirrored']}", 0.080)):
        times = []
        for _ in range(40):
            started = time.perf_counter()
            with browser.get(hub.url + address, stream=True, timeout=30) as answer:
                answer.raw.read(1)
            times.append(time.perf_counter() - started)
        assert sorted(times)[37] <= bound, (address, sorted(times)[-5:])


def reading_what_is_here(hub) -> float:
    """Seconds until everything was read that needs no upstream."""
    reader = session(hub, "lin")
    started = time.monotonic()
    for address in ("/", "/models", f"/models/{hub.models['own']}", f"/models/{hub.models['mirrored']}",
                    f"/models/{hub.models['mirrored']}/tree/main", "/search?q=chat"):
        assert reader.get(hub.url + address, timeout=30).status_code == 200, address
    return time.monotonic() - started


def test_a_slow_or_dead_upstream_delays_nothing_that_is_here(hub, hub_page):
    """Last in this file: the hub above is stopped, and then one that takes calls and says nothing stands in its place."""
    hub.community.stop()
    assert reading_what_is_here(hub) < 5
    with socket.create_server(("127.0.0.1", hub.community.port)):
        assert reading_what_is_here(hub) < 5
        # What was asked of the upstream says so when its time is up, and the list stands meanwhile.
        page = hub_page(hub, "/models", lang="en", user="lin")
        assert page.locator("#repositories .repo-row").count() > 5
