"""Pictures of the key pages of a full hub, in both languages and themes, wide and narrow, into .build/screenshots;
some of them as they are printed, and in colours that the reader chose, as well.

    .venv/test/bin/python Scripts/screenshots.py [--only NAME] [--out FOLDER]

The hub is the one that Tests/Clients/support/web_sample.py makes. Prints what is wrong with each page as well; the
pictures are for people to judge.
"""

import argparse
import itertools
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Clients"))

from playwright.sync_api import sync_playwright  # noqa: E402
from support.browser import CHROMIUM, cookies_of, new_context, shape, watch  # noqa: E402
from support.web_sample import web_sample  # noqa: E402


def key_pages(hub) -> dict[str, tuple[str, str]]:
    """Who looks, and where, by the number of the page in the design and its name."""
    names = hub.models
    return {
        "1-catalogue": ("lin", "/models"),
        "2-model": ("lin", f"/models/{names['own']}"),
        "2-model-mirrored": ("lin", f"/models/{names['mirrored']}"),
        "3-files": ("lin", f"/models/{names['own']}/tree/main"),
        "3-file": ("lin", f"/models/{names['own']}/blob/main/scripts/try_it.py"),
        "4-viewer": ("lin", "/datasets/acme/reviews/viewer"),
        "5-sync": ("ada", "/console/sync"),
        "6-blocked": ("lin", f"/models/{names['blocked']}"),
        "6-explain": ("lin", f"/console/explain?repo=model:{names['blocked']}"),
        "7-compliance": ("ada", "/console/licenses"),
        "8-home": ("lin", "/"),
        "9-console": ("ada", "/console"),
        "10-discussion": ("lin", f"/models/{names['own']}/discussions/2"),
        "11-edit": ("lin", f"/models/{names['own']}/edit/main/README.md"),
        "12-settings": ("lin", f"/models/{names['own']}/settings"),
        "13-error": ("lin", "/models/no/such"),
    }


#: Pages that are printed, and looked at in forced colours.
SPECIAL = ("1-catalogue", "2-model", "5-sync", "7-compliance")


def special(browser, hub, pages: dict[str, tuple[str, str]], out: pathlib.Path, only: str):
    for name, way in itertools.product(SPECIAL, ("print", "forced")):
        if only not in name:
            continue
        user, path = pages[name]
        context = new_context(browser, hub.url, "en", "light", 1000, 900, True,
                              **({"forced_colors": "active"} if way == "forced" else {}))
        context.add_cookies(cookies_of(browser, hub.url, user))
        page = context.new_page()
        page.goto(hub.url + path)
        settle(page)
        if way == "print":
            page.emulate_media(media="print")
        page.screenshot(path=out / f"{name}-{way}.png", full_page=True)
        context.close()


def settle(page):
    """Waits for what scripts bring: rows of upstreams, formulas, and diagrams, which come last."""
    page.wait_for_timeout(400)
    if page.locator(".md-diagram").count():
        page.wait_for_selector(".md-diagram > iframe[data-drawn]", timeout=10_000)
        page.wait_for_timeout(100)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / ".build/screenshots")
    parser.add_argument("--ways", choices=("all", "few"), default="all")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    ways = list(itertools.product(("en", "zh"), ("light", "dark"), (1280, 390)))
    if arguments.ways == "few":
        ways = [ways[0], ways[7]]
    with tempfile.TemporaryDirectory() as home, web_sample(pathlib.Path(home) / "sample") as hub, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for (name, (user, path)), (lang, theme, width) in itertools.product(key_pages(hub).items(), ways):
            if arguments.only not in name:
                continue
            context = new_context(browser, hub.url, lang, theme, width, 900, True)
            context.add_cookies(cookies_of(browser, hub.url, user))
            page = context.new_page()
            watch(page, hub.url)
            status = page.goto(hub.url + path).status
            settle(page)
            page.screenshot(path=arguments.out / f"{name}-{lang}-{theme}-{width}.png", full_page=True)
            wrong = [*page.problems, *shape(page, lang)]
            print(f"{name} {lang} {theme} {width}: {status} {'; '.join(wrong) or 'ok'}")
            context.close()
        if arguments.ways == "all":
            special(browser, hub, key_pages(hub), arguments.out, arguments.only)
        browser.close()


if __name__ == "__main__":
    main()
