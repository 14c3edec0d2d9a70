"""Every component in every state, in a browser: what people see, what the keyboard does, and what no page may do."""

import pytest

from support.browser import expect_clean, look, make_user, shape, axe, sign_in
from support.weir import Weir

WAYS = [("en", "light", 1280), ("zh", "dark", 390), ("zh", "light", 320), ("en", "dark", 1280)]


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("kit")) as weir:
        make_user(weir, "ada", admin=True)
        yield weir


@pytest.mark.parametrize("lang, theme, width", WAYS)
def test_components_are_clean_in_every_language_theme_and_width(hub, hub_page, lang, theme, width):
    page = hub_page(hub, "/ui/kit", lang=lang, theme=theme, width=width)
    expect_clean(page, lang)
    look(page, f"kit-{lang}-{theme}-{width}")


def test_what_is_wrong_with_a_page_is_found(hub, hub_page):
    """The negative control: each of these must be noticed, or the tests above say nothing."""
    page = hub_page(hub, "/ui/kit", lang="en")
    assert shape(page, "zh") and not shape(page, "en")
    page.evaluate("""() => {
        document.querySelector(".panel").insertAdjacentHTML("afterbegin",
            '<img src="/assets/none/mark.svg"><h1>Second</h1><div id="wide"></div><i id="wide"></i>');
        document.getElementById("wide").append("x".repeat(400));
        const s = new CSSStyleSheet(); s.replaceSync("#wide{overflow-wrap:normal}"); document.adoptedStyleSheets.push(s);
    }""")
    wrong = " ".join(shape(page))
    assert "wider than the window" in wrong and "2 elements h1" in wrong and "ids used twice" in wrong, wrong
    assert any(line.startswith("image-alt") for line in axe(page))
    page.evaluate("() => { const s = document.createElement('script'); s.text = 'window.evil = 1'; document.body.append(s); }")
    page.evaluate("() => new Promise((done) => { const i = new Image(); i.onerror = i.onload = done; i.src = 'http://127.0.0.2:9/x.png'; })")
    page.wait_for_timeout(100)
    assert page.evaluate("window.evil") is None
    assert any("Content Security Policy" in each for each in page.problems), page.problems
    page.problems.clear()


def test_keyboard_theme_copy_and_toasts(hub, hub_page):
    page = hub_page(hub, "/login?done=saved", lang="en")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=hub.url)
    # What was said is there, and is not said again when the page is loaded again.
    assert "Saved." in page.inner_text("#toasts") and "done" not in page.url
    page.click("#toasts [data-closes]")
    assert page.locator("#toasts .toast").count() == 0
    page.goto(f"{hub.url}/ui/kit")
    # The first stop of the keyboard skips the bar.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    # ? shows the keys, Esc closes, and the focus is back where it was.
    page.focus("#kit-check")
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    assert not axe(page)
    page.keyboard.press("Escape")
    assert page.locator("dialog#keys").is_hidden() and page.evaluate("document.activeElement.id") == "kit-check"
    # While somebody types, letters are letters.
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "bar-search"
    page.keyboard.type("a.?/")
    assert page.input_value("#bar-search") == "a.?/" and page.locator("dialog#keys").is_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press(".")
    assert page.evaluate("document.documentElement.dataset.theme") is None  # after light comes the system's
    page.keyboard.press(".")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    # Rows by j and k
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "bge-m3" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("k")
    assert "Qwen3" in page.evaluate("document.activeElement.textContent")
    page.click("#text .copy .copy-button")
    assert page.evaluate("navigator.clipboard.readText()").startswith("9f2c1ab0")
    assert "Copied" in page.inner_text("#toasts")
    # All of it can be turned off.
    page.keyboard.press("?")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press(".")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_narrow_window_folds_the_bar_and_the_side(hub, hub_page):
    page = hub_page(hub, "/ui/kit", lang="zh", width=390, user="ada")
    assert page.locator(".bar-links").is_hidden() and page.locator("#kit-facet-1").is_hidden()
    page.click(".bar-fold > summary")
    assert page.locator(".bar-fold nav a").first.is_visible()
    # What lies half under an open menu has too little room only until it is closed.
    assert not [each for each in axe(page) if not each.startswith("target-size")]
    page.keyboard.press("Escape")
    assert page.locator(".bar-fold nav a").first.is_hidden()
    page.click(".side-fold > summary")
    assert page.locator("#kit-facet-1").is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.locator("#kit-facet-1").is_visible() and page.locator(".side-fold > summary").is_hidden()
    page.reload()
    # In a wide window it stands open though nobody opened it.
    assert page.locator("#kit-facet-1").is_visible()


def test_without_scripts(hub, hub_page):
    page = hub_page(hub, lang="zh", javascript=False)
    sign_in_without = page.goto(hub.url + "/ui/kit")
    assert sign_in_without.status == 200
    # What only scripts can do is not offered.
    assert page.locator(".copy-button:visible").count() == 0 and page.locator("[data-opens]:visible").count() == 0
    page.locator(".snippet-tabs label", has_text="git").click()
    assert page.get_by_text("git clone").is_visible()
    page.click(".bar-side a[hreflang=en]")
    assert page.locator("html").get_attribute("lang") == "en" and page.url.endswith("/ui/kit")
    page.click(".bar-side [data-theme-toggle]")
    assert page.locator("html").get_attribute("data-theme") is None


def test_people_sign_in_and_out(hub, hub_page):
    page = hub_page(hub, "/login?next=/ui/kit", lang="en")
    expect_clean(page, "en")
    page.fill("#user", "ada")
    page.fill("#password", "wrong wrong wrong")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".alert.bad")
    assert page.input_value("#user") == "ada"
    sign_in(page, "ada", next="/ui/kit")
    assert page.url.endswith("/ui/kit")
    page.click(".bar-side .menu > summary")
    page.click(".bar-side .menu form button")
    page.wait_for_selector(".bar-side a.button")


def test_forced_colours_reduced_motion_and_print(hub, hub_page):
    page = hub_page(hub, "/ui/kit", lang="en", forced_colors="active", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.chip')).borderTopWidth") == "1px"
    assert float(page.evaluate("getComputedStyle(document.querySelector('.button')).transitionDuration").rstrip("s")) < 0.001
    look(page, "kit-forced-colours")
    page.emulate_media(media="print", forced_colors="none")
    assert page.locator(".bar").is_hidden()
    look(page, "kit-print")
