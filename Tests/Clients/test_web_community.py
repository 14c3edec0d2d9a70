"""Discussions, pull requests and settings in a browser: what people write is inert, merges are checked, owners decide."""

import json

import pytest
import requests

from support.browser import axe, both_languages, expect_clean, look, make_user
from support.weir import Weir

OWN = {"Sec-Fetch-Site": "same-origin"}
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("community")) as weir:
        make_user(weir, "ada")
        make_user(weir, "bob")
        weir.ada = {"Authorization": f"Bearer {weir.token('ada', 'write')}"}
        weir.bob = {"Authorization": f"Bearer {weir.token('bob', 'write')}"}
        create(weir, "demo")
        yield weir


def create(hub, name):
    made = requests.post(f"{hub.url}/api/repos/create", json={"name": name, "license": "mit"}, headers=hub.ada, timeout=10)
    assert made.status_code == 200, made.text


def commit(hub, path, text, name="demo", branch="main", who=None, **query):
    lines = [{"key": "header", "value": {"summary": f"Write {path}"}}, {"key": "file", "value": {"path": path, "content": text}}]
    answer = requests.post(f"{hub.url}/api/models/ada/{name}/commit/{branch}", params=query, headers=who or hub.ada, timeout=10,
                           data="\n".join(map(json.dumps, lines)).encode())
    assert answer.status_code == 200, answer.text
    return answer.json()


def details(hub, number, name="demo"):
    return requests.get(f"{hub.url}/api/models/ada/{name}/discussions/{number}", headers=hub.ada, timeout=10).json()


def test_a_discussion_is_opened_talked_about_and_closed(hub, hub_page):
    page = hub_page(hub, "/models/ada/demo/discussions", user="bob")
    # The picture that the text asks for is not in the repository; its handler is what must not be there.
    page.missing_on_purpose = ["/ada/demo/resolve/main/x"]
    expect_clean(page)
    look(page, "discussions-empty")
    page.goto(f"{hub.url}/models/ada/demo/discussions/new")
    expect_clean(page)
    page.fill("#title", "ab")
    page.fill("#text", "kept")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".alert.bad")
    assert page.input_value("#text") == "kept"
    page.fill("#title", f"Why {EVIL}")
    page.fill("#text", f"Look @ada, **this** {EVIL}\n\n[x](javascript:alert(3))")
    page.click("[data-preview-button]")
    page.wait_for_selector("[data-preview-place] strong")
    page.click("[data-preview-button]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/discussions/1")
    assert page.locator(".comment-body strong").inner_text() == "this"
    assert page.locator("main script, main img[onerror], main a[href^=javascript]").count() == 0
    assert page.locator(".comment-body a[href='/ada']").count() == 1
    expect_clean(page)
    look(page, "discussion")
    page.fill(".thread-form textarea", "And another thing")
    page.click("button[value=comment]")
    page.wait_for_selector("text=And another thing")
    page.click(".comment-edit >> nth=1")
    page.fill(".comment-edit[open] textarea", "And one thing less")
    page.click(".comment-edit[open] button[type=submit]")
    page.wait_for_selector("text=And one thing less")
    assert "edited 1 time" in page.inner_text("main")
    # Whoever writes to the repository hides what others say, and only he reads it then.
    owner = hub_page(hub, user="ada")
    owner.missing_on_purpose = page.missing_on_purpose
    owner.goto(f"{hub.url}/models/ada/demo/discussions/1")
    owner.click("text=Hide >> nth=1")
    owner.wait_for_selector(".hidden-comment")
    expect_clean(owner)
    page.reload()
    assert "And one thing less" not in page.inner_text("main")
    owner.fill("#new-title", "Why not")
    owner.press("#new-title", "Enter")
    owner.wait_for_selector("h2:has-text('Why not')")
    owner.click("button[value=close]")
    owner.wait_for_selector("button[value=open]")
    owner.goto(f"{hub.url}/models/ada/demo/discussions?state=closed")
    assert "Why not" in owner.inner_text(".discussion-list")
    expect_clean(owner)
    look(owner, "discussions")


def test_a_pull_request_is_opened_from_a_branch_checked_and_merged(hub, hub_page):
    commit(hub, "README.md", "---\nlicense: mit\n---\nOne\n")
    made = requests.post(f"{hub.url}/api/models/ada/demo/branch/next", json={}, headers=hub.ada, timeout=10)
    assert made.status_code == 201
    commit(hub, "README.md", "---\nlicense: apache-2.0\n---\nTwo\n", branch="next")
    page = hub_page(hub, "/models/ada/demo/discussions/new?kind=pull_request", user="ada")
    expect_clean(page)
    page.select_option("#from", "next")
    page.fill("#title", "Take the next one")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".checks")
    checks = page.inner_text(".checks")
    assert "mit to apache-2.0" in checks and "goes together" in checks
    expect_clean(page)
    look(page, "pull-request")
    page.click("text=Changes >> nth=0")
    page.wait_for_selector("text=Two")
    expect_clean(page)
    look(page, "pull-request-changes")
    page.go_back()
    page.click("text=Merge into main")
    page.wait_for_selector(".chip:has-text('Merged')")
    expect_clean(page)
    card = requests.get(f"{hub.url}/ada/demo/resolve/main/README.md", headers=hub.ada, timeout=10).text
    assert "Two" in card
    both_languages(page)


def test_a_pull_request_that_does_not_fit_says_where_and_cannot_be_merged(hub, hub_page):
    create(hub, "clash")
    commit(hub, "a.txt", "one", "clash")
    opened = commit(hub, "a.txt", "two", "clash", who=hub.bob, create_pr=1)
    number = opened["pullRequestUrl"].split("/")[-1]
    commit(hub, "a.txt", "three", "clash")
    page = hub_page(hub, f"/models/ada/clash/discussions/{number}", user="ada", lang="zh", theme="dark", width=390)
    assert "a.txt" in page.inner_text(".checks") and page.locator("form[action$=merge]").count() == 0
    expect_clean(page, "zh")
    look(page, "pull-request-conflict-zh-dark-390")
    # A form that is made up merges nothing either, and says why.
    csrf = page.locator("input[name=csrf]").first.get_attribute("value")
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    address = f"{hub.url}/models/ada/clash/discussions/{number}"
    answer = requests.post(address + "/merge", data={"csrf": csrf}, cookies=cookies, headers=OWN, timeout=10)
    assert answer.status_code == 409 and "a.txt" in answer.text
    assert requests.post(address + "/merge", data={}, cookies=cookies, headers=OWN, timeout=10).status_code == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert requests.post(address, data={"csrf": csrf, "action": "close"}, cookies=cookies, headers=foreign, timeout=10).status_code == 403
    assert details(hub, number, "clash")["status"] == "open"
    # Bob may talk about it, and not merge it.
    assert requests.post(address + "/merge", headers=hub.bob, timeout=10).status_code == 403
    # Sent twice, said once.
    form = {"csrf": csrf, "action": "comment", "text": "once"}
    for _ in range(2):
        requests.post(address, data=form, cookies=cookies, headers=OWN, timeout=10, allow_redirects=False)
    said = [each for each in details(hub, number, "clash")["events"] if each["type"] == "comment"]
    assert len(said) == 1


def test_settings_are_changed_and_refused_beside_their_form(hub, hub_page):
    create(hub, "own")
    page = hub_page(hub, "/models/ada/own/settings", user="ada")
    expect_clean(page)
    look(page, "settings")
    page.fill("#about", "What it is")
    page.fill("#tags", "first, 第二")
    page.click("#general form >> nth=0 >> button[type=submit]")
    page.wait_for_selector("#toasts .toast")
    assert page.input_value("#about") == "What it is" and page.input_value("#tags") == "first, 第二"
    assert "- first" in requests.get(f"{hub.url}/ada/own/resolve/main/README.md", headers=hub.ada, timeout=10).text
    page.check("#visibility-private")
    page.click("text=Change who may see it")
    page.wait_for_selector("#toasts .toast")
    assert requests.get(f"{hub.url}/api/models/ada/own", timeout=10).status_code == 401
    page.fill("#pattern", "release/*")
    page.select_option("#level", "frozen")
    page.click("button:has-text('Protect')")
    page.wait_for_selector("text=Remove release/*")
    # Who may what: a user that is not there is told beside the form.
    page.fill("#grant-name", "nobody-here")
    page.click("button:has-text('Give')")
    page.wait_for_selector("#grants .alert.bad")
    assert page.input_value("#grant-name") == "nobody-here"
    page.fill("#grant-name", "bob")
    page.click("button:has-text('Give')")
    page.wait_for_selector("text=Remove bob")
    assert requests.get(f"{hub.url}/api/models/ada/own", headers=hub.bob, timeout=10).status_code == 200
    page.fill("#key", "no key")
    page.click("button:has-text('Add key')")
    page.wait_for_selector("#deploy-keys .alert.bad")
    assert page.input_value("#key") == "no key"
    page.fill("#hook-url", "http://127.0.0.1:9/hook")
    page.click("button:has-text('Add webhook')")
    page.wait_for_selector("text=Turn off")
    # What lies half under the bar at the top is no target there.
    page.evaluate("scrollTo(0, 0)")
    expect_clean(page)
    look(page, "settings-filled")
    # The gate, and who asks at it.
    page.check("#gate-manual")
    page.click("#gate form >> nth=0 >> button[type=submit]")
    page.wait_for_selector("text=Nobody has asked.")
    asked = requests.post(f"{hub.url}/ada/own/ask-access", headers=hub.bob, json={"why": EVIL}, timeout=10)
    assert asked.status_code == 200, asked.text
    page.reload()
    page.click("text=Accept bob")
    page.wait_for_selector("text=Accepted")


def test_a_repository_is_renamed_and_deleted_by_its_typed_name(hub, hub_page):
    create(hub, "going")
    page = hub_page(hub, "/models/ada/going/settings", user="ada", lang="zh")
    page.fill("#new-name", "gone")
    page.click("#danger form >> nth=0 >> button[type=submit]")
    page.wait_for_url("**/models/ada/gone/settings*")
    page.fill("#confirm", "ada/going")
    page.click("#danger form >> nth=1 >> button[type=submit]")
    page.wait_for_selector("#danger .alert.bad")
    assert requests.get(f"{hub.url}/api/models/ada/gone", headers=hub.ada, timeout=10).status_code == 200
    expect_clean(page, "zh")
    page.fill("#confirm", "ada/gone")
    page.click("#danger form >> nth=1 >> button[type=submit]")
    page.wait_for_url("**/models*")
    assert requests.get(f"{hub.url}/api/models/ada/gone", headers=hub.ada, timeout=10).status_code == 404
    # Somebody else has no settings here.
    assert requests.get(f"{hub.url}/models/ada/demo/settings", headers=hub.bob, timeout=10).status_code == 403


@pytest.mark.parametrize("lang, theme, width", [("zh", "dark", 390), ("zh", "light", 320)])
def test_settings_and_threads_are_clean_when_they_are_narrow(hub, hub_page, lang, theme, width):
    page = hub_page(hub, user="ada", lang=lang, theme=theme, width=width)
    for name in ["settings", "discussions?state=all", "discussions/new?kind=pull_request", "discussions/2"]:
        page.goto(f"{hub.url}/models/ada/demo/{name}")
        expect_clean(page, lang)
        look(page, f"{name.replace('/', '-').split('?')[0]}-{lang}-{theme}-{width}")
