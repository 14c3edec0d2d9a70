"""The website in a real browser: Debian's Chromium, driven by Playwright, with what must never happen written down.

    def test_something(hub_page, weir):
        page = hub_page(weir, "/models", lang="zh", theme="dark", width=390, user="ada")
        expect_clean(page)           # axe, overflow, one h1, language, title
        look(page, "models")         # a screenshot, where WEIR_SHOTS says where to

Whatever a page does wrong on its way (an error on the console, something the security policy refused, a request that
leaves this machine, a part that is missing) is in `page.problems`; the fixture fails a test that leaves any there.
Times of the browser are bounded by `page.set_default_timeout`, so what hangs says where.
"""

import os
import pathlib
import urllib.parse

import pytest

from .weir import Weir

PASSWORD = "correct horse battery"
CHROMIUM = os.environ.get("WEIR_CHROMIUM", "/usr/bin/chromium")
#: Milliseconds that anything on a page may take before the test fails.
PATIENCE = 10_000
#: axe's rules are all on but for those it calls experimental; the size of targets it leaves off by itself.
AXE_OPTIONS = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of a worker."""
    from playwright.sync_api import sync_playwright

    if not os.path.exists(CHROMIUM):
        pytest.exit(f"{CHROMIUM} is missing: run `make setup`", returncode=2)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def hub_page(browser):
    """Opens pages of a hub: `hub_page(hub, "/models", lang="zh", theme="dark", width=390, user="ada")`.

    `user` is the name of somebody with `PASSWORD` (see `make_user`), or a pair of name and password. Without
    `javascript`, scripts are off. Everything is closed after the test, which fails if a page did anything wrong.
    """
    opened = []

    def open_page(hub: Weir | str, path: str | None = None, lang: str = "en", theme: str = "light", width: int = 1280,
                  height: int = 900, user: str | tuple[str, str] | None = None, javascript: bool = True, **options):
        url = hub if isinstance(hub, str) else hub.url
        context = new_context(browser, url, lang, theme, width, height, javascript, **options)
        page = context.new_page()
        opened.append((context, page))
        page.set_default_timeout(PATIENCE)
        watch(page, url)
        if user:
            name, password = (user, PASSWORD) if isinstance(user, str) else user
            context.add_cookies(cookies_of(browser, url, name, password))
        if path:
            page.goto(url + path)
        return page

    yield open_page
    problems = [problem for _, page in opened for problem in page.problems]
    for context, _ in opened:
        context.close()
    assert not problems, "\n".join(problems[:20])


def new_context(browser, url: str, lang: str, theme: str, width: int, height: int, javascript: bool, **options):
    """A browser of somebody who reads `lang` in `theme`: what the hub keeps in cookies is set."""
    context = browser.new_context(
        base_url=url, viewport={"width": width, "height": height}, java_script_enabled=javascript,
        locale="zh-CN" if lang == "zh" else "en-GB", color_scheme="dark" if theme == "dark" else "light", **options)
    context.add_cookies([{"name": "weir-lang", "value": lang, "url": url},
                         {"name": "weir-theme", "value": theme, "url": url}])
    return context


def watch(page, url: str):
    """Writes down in `page.problems` what no page may do; addresses that end as `page.missing_on_purpose` may be missing."""
    page.problems = []
    page.missing_on_purpose = ()

    def on_console(message):
        # That a document or an answer to a script was an error is for the test to judge; other parts are seen below.
        if message.type == "error" and "Failed to load resource" not in message.text:
            page.problems.append(f"console on {page.url}: {message.text[:500]}")

    def on_request(request):
        if not request.url.startswith((url, "data:", "blob:", "about:")):
            page.problems.append(f"request that leaves the hub from {page.url}: {request.url[:300]}")

    def on_response(response):
        if response.url.endswith(tuple(page.missing_on_purpose)):
            return
        if response.status >= 400 and response.request.resource_type not in ("document", "fetch", "xhr"):
            page.problems.append(f"missing on {page.url}: {response.status} {response.url}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("response", on_response)
    page.on("pageerror", lambda error: page.problems.append(f"script on {page.url}: {error}"))


# -- who looks

def make_user(hub: Weir, name: str, admin: bool = False, password: str = PASSWORD) -> str:
    """An account that can sign in on the page; returns its name."""
    created = hub.command("user", "create", name, *(["--admin"] if admin else []))
    assert created.returncode == 0 or "exist" in created.stdout + created.stderr, created.stderr
    hub.checked("user", "password", name, input=password + "\n")
    return name


_cookies: dict[tuple[str, str], list] = {}


def cookies_of(browser, url: str, name: str, password: str = PASSWORD) -> list:
    """The cookies of somebody who signed in by the form; kept, because passwords are slow to check on purpose."""
    if (url, name) not in _cookies:
        context = browser.new_context(base_url=url)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        sign_in(page, name, password)
        _cookies[url, name] = [each for each in context.cookies() if not each["name"].startswith(("weir-lang", "weir-theme"))]
        context.close()
    return _cookies[url, name]


def sign_in(page, name: str, password: str = PASSWORD, next: str | None = None):
    """Fills in the form as a person does; the page is where signing in led."""
    page.goto("/login" + (f"?next={next}" if next else ""))
    page.fill("#user", name)
    page.fill("#password", password)
    page.click("main form button[type=submit]")
    page.wait_for_function("!location.pathname.startsWith('/login') || document.querySelector('.alert.bad')")
    assert "/login" not in page.url, page.inner_text("main")


# -- what a page must be

def address(url: str) -> tuple[str, list]:
    """What a page is of, whatever language it is in."""
    parts = urllib.parse.urlsplit(url)
    return parts.path, sorted(pair for pair in urllib.parse.parse_qsl(parts.query) if pair[0] != "lang")


def both_languages(page):
    """Looks at a page in the other language and comes back: it stays the same page, with a heading in each."""
    first, here = page.locator("html").get_attribute("lang"), address(page.url)
    seen = []
    for _ in range(2):
        with page.expect_navigation():
            page.click(".bar-side a[hreflang]")
        assert address(page.url) == here, page.url
        assert page.locator("h1").count() == 1 and page.inner_text("main").strip(), page.url
        seen.append(page.locator("html").get_attribute("lang"))
    assert seen[1] == first and {*seen} == {"en", "zh-CN"}, seen


def axe(page) -> list[str]:
    """What axe finds wrong, one line each: rule, element, reason. Empty for a page that everyone can use."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}: {' '.join(node.get('failureSummary', '').split())[:200]}"
            for rule in found for node in rule["nodes"]]


_SHAPE = """() => {
  const root = document.documentElement, out = [];
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1
      && !e.closest(".hidden") && !e.parentElement.closest("pre, .table-wrap, .tabs"));
    out.push(`wider than the window: ${root.scrollWidth} > ${root.clientWidth}: ` + wide.slice(0, 4).map((e) =>
      e.tagName.toLowerCase() + "." + e.className).join(" "));
  }
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) out.push(`${headings} elements h1`);
  if (!document.title.trim() || /^\\s*·/.test(document.title)) out.push(`title "${document.title}"`);
  for (const e of document.querySelectorAll("[style]")) {
    if (e.getAttribute("style") && !e.closest(".katex, .cm-editor, [data-island]")) out.push(`style attribute: ${e.outerHTML.slice(0, 120)}`);
  }
  for (const e of document.querySelectorAll("[src], link[href]")) {
    const address = new URL(e.src || e.href, location.href);
    if (!["data:", "blob:", "about:"].includes(address.protocol) && address.origin !== location.origin) out.push(`loads ${address}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (twice.length) out.push(`ids used twice: ${[...new Set(twice)].join(" ")}`);
  return out;
}"""


def shape(page, lang: str | None = None) -> list[str]:
    """What is wrong with the page as a whole: wider than its window, no or two h1, no title, the wrong language."""
    found = page.evaluate(_SHAPE)
    tag = page.evaluate("document.documentElement.lang")
    if lang and not tag.startswith(lang):
        found.append(f"lang is {tag}, not {lang}")
    return found


def expect_clean(page, lang: str | None = None):
    """Nothing wrong with the page as a whole, nothing that axe finds, nothing that went wrong on its way."""
    found = [*page.problems, *shape(page, lang), *axe(page)]
    # Said here, so not again when the page is closed.
    page.problems.clear()
    assert not found, f"{page.url}\n" + "\n".join(found[:20])


def look(page, name: str, whole: bool = True) -> pathlib.Path | None:
    """A picture of the page at WEIR_SHOTS/`name`.png; none where WEIR_SHOTS does not say a folder."""
    folder = os.environ.get("WEIR_SHOTS")
    if not folder:
        return None
    path = pathlib.Path(folder) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=whole)
    return path
