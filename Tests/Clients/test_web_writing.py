"""Changing a repository in a browser: making one, editing, conflicts, uploading 200 MB, what is refused."""

import hashlib
import os
import subprocess
import time

import pytest
import requests

from support.browser import PASSWORD, axe, both_languages, expect_clean, look, make_user
from support.weir import Weir

OWN = {"Sec-Fetch-Site": "same-origin"}
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("writing")) as weir:
        make_user(weir, "ada")
        make_user(weir, "bob")
        weir.ada = {"Authorization": f"Bearer {weir.token('ada', 'write')}"}
        create(weir, "demo")
        yield weir


def create(hub, name, **more):
    made = requests.post(f"{hub.url}/api/repos/create", json={"name": name, "license": "mit", **more}, headers=hub.ada, timeout=10)
    assert made.status_code == 200, made.text


def text_of(hub, path, name="demo", revision="main"):
    answer = requests.get(f"{hub.url}/ada/{name}/resolve/{revision}/{path}", headers=hub.ada, timeout=30)
    return answer.text if answer.status_code == 200 else None


def write(page, text):
    """Replaces what is in the editor, by the keyboard where it is a rich one."""
    if page.locator(".cm-content").count():
        page.click(".cm-content")
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(text)
    else:
        page.fill("#text", text)


def until(page, condition):
    """Waits for something on a page whose policy lets nobody wait in it."""
    for _ in range(600):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{condition}: {page.inner_text('main')}")


def test_a_repository_is_made_and_what_is_wrong_is_said_beside_the_field(hub, hub_page):
    page = hub_page(hub, "/new", user="ada")
    expect_clean(page)
    look(page, "new-en")
    page.fill("#name", "demo")
    page.click("main form button[type=submit]")
    page.wait_for_selector("#name-problem")
    assert page.input_value("#name") == "demo" and "exists" in page.inner_text("#name-problem")
    expect_clean(page)
    page.fill("#name", "fresh")
    page.check("#visibility-private")
    page.select_option("#license", "apache-2.0")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/models/ada/fresh")
    assert "license: apache-2.0" in text_of(hub, "README.md", "fresh")
    assert requests.get(f"{hub.url}/api/models/ada/fresh", timeout=10).status_code == 401


@pytest.mark.parametrize("lang, theme, width", [("zh", "dark", 390), ("en", "light", 1280), ("zh", "light", 320)])
def test_pages_of_writing_are_clean(hub, hub_page, lang, theme, width):
    page = hub_page(hub, user="ada", lang=lang, theme=theme, width=width)
    for name in ["edit/main/README.md", "new/main/", "upload/main/", "delete/main/README.md", "branches/manage", "edit/main/.gitattributes"]:
        page.goto(f"{hub.url}/models/ada/demo/{name}")
        if "edit" in name or "new" in name:
            page.wait_for_timeout(300)
        expect_clean(page, lang)
        look(page, f"{name.split('/')[0]}-{lang}-{theme}-{width}")


def test_a_card_is_edited_with_a_preview_and_one_click_fixes(hub, hub_page):
    page = hub_page(hub, "/models/ada/demo/edit/main/README.md", user="ada")
    page.select_option("#fix-pipeline_tag", "translation")
    page.click("button[value='fix:pipeline_tag']")
    page.wait_for_load_state()
    assert page.locator("#fix-pipeline_tag").count() == 0 and page.locator("#fix-language").count() == 1
    write(page, "---\nlicense: mit\npipeline_tag: translation\nlanguage: zh\n---\n# Hello\n\n" + EVIL + "\n")
    page.click("[data-preview-button]")
    page.wait_for_selector("[data-preview-place] >> text=Hello")
    assert page.locator("[data-preview-place] img[onerror]").count() == 0
    page.click("[data-preview-button]")
    page.fill("#summary", "Say hello")
    page.press("#summary", "Enter")
    page.wait_for_url("**/blob/main/README.md*")
    both_languages(page)
    assert "# Hello" in text_of(hub, "README.md")
    last = requests.get(f"{hub.url}/api/models/ada/demo/commits/main", headers=hub.ada, timeout=10).json()[0]
    assert last["title"] == "Say hello" and "pipeline_tag: translation" in text_of(hub, "README.md")
    # What YAML cannot be is told with its line, and nothing of it is lost.
    page.goto(f"{hub.url}/models/ada/demo/edit/main/README.md")
    write(page, "---\nlicense: mit\ntags: [a\n---\nkept\n")
    page.click("button[value=commit]")
    page.wait_for_selector(".card-issues")
    assert "kept" in page.input_value("#text") and "ine" in page.inner_text(".card-issues")
    assert "kept" not in text_of(hub, "README.md")
    # The picture that the text asks for is not in the repository; its handler is what must not be there.
    page.problems[:] = [each for each in page.problems if not each.endswith("/ada/demo/resolve/main/x")]


def test_keyboard_alone_edits_and_commits(hub, hub_page):
    page = hub_page(hub, "/models/ada/demo/new/main/docs", user="ada", javascript=False)
    page.focus("#name")
    page.keyboard.type("notes.txt")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "text":
            break
    page.keyboard.type("by keys")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "commit":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/blob/main/docs/notes.txt*")
    assert text_of(hub, "docs/notes.txt") == "by keys"


def test_two_editors_meet_on_a_conflict_page_and_nothing_is_lost(hub, hub_page):
    one = hub_page(hub, "/models/ada/demo/new/main/", user="ada", javascript=False)
    one.fill("#name", "story.txt")
    one.fill("#text", "once\nupon\na time\n")
    one.click("button[value=commit]")
    # The one whose page is looked at has scripts: axe waits for what never comes without them.
    pages = [hub_page(hub, "/models/ada/demo/edit/main/story.txt", user="ada", javascript=each == 1) for each in range(3)]
    texts = ["ONCE\nupon\na time\n", "once\nupon\nA TIME\n", "once\nUPON\na time, mine\n"]
    pages[1].wait_for_selector(".cm-content")
    for page, text in zip(pages, texts):
        write(page, text)
    pages[0].click("button[value=commit]")
    pages[0].wait_for_url("**/blob/**")
    # Different lines: joined.
    pages[1].click("button[value=commit]")
    pages[1].wait_for_selector(".conflict-sides")
    assert pages[1].input_value("#text") == "ONCE\nupon\nA TIME\n"
    assert not axe(pages[1])
    look(pages[1], "conflict-en")
    pages[1].click("button[value=commit]")
    pages[1].wait_for_url("**/blob/**")
    # The same lines: marked, and both are there.
    pages[2].click("button[value=commit]")
    pages[2].wait_for_selector(".conflict-sides")
    merged = pages[2].input_value("#text")
    assert "<<<<<<<" in merged and "a time, mine" in merged and "A TIME" in merged
    pages[2].fill("#text", "resolved\n")
    pages[2].click("button[value=commit]")
    pages[2].wait_for_url("**/blob/**")
    assert text_of(hub, "story.txt") == "resolved\n"


def test_200_mb_are_uploaded_with_progress_and_go_on_after_the_tab_was_killed(hub, hub_page, tmp_path):
    big = tmp_path / "weights.bin"
    with open(big, "wb") as file:
        for _ in range(25):
            file.write(os.urandom(8 << 20))
    digest = hashlib.sha256(big.read_bytes()).hexdigest()
    (tmp_path / "note.txt").write_text("small")
    page = hub_page(hub, "/models/ada/demo/upload/main/up", user="ada")
    page.set_default_timeout(60_000)
    page.set_input_files("#files", str(big))
    until(page, "() => document.querySelector('.uploads progress')?.value > 0.15")
    page.close()
    page = hub_page(hub, "/models/ada/demo/upload/main/up", user="ada")
    page.set_default_timeout(60_000)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "upload-piece" in request.url else None)
    page.set_input_files("#files", [str(big), str(tmp_path / "note.txt")])
    until(page, "() => document.querySelectorAll('.uploads li[data-state=done]').length == 2")
    assert "offset=0&" not in asked[0], "it began anew"
    look(page, "upload-done")
    page.fill("#summary", "Bring weights")
    page.click("form.change button[type=submit]")
    page.wait_for_url("**/tree/main/up")
    head = requests.head(f"{hub.url}/ada/demo/resolve/main/up/weights.bin", headers=hub.ada, timeout=10, allow_redirects=False)
    assert head.headers["X-Linked-Etag"].strip('"') == digest and head.headers["X-Linked-Size"] == str(25 * (8 << 20))
    assert text_of(hub, "up/note.txt") == "small"
    both_languages(page)


def test_a_script_that_is_edited_can_still_be_run(hub, hub_page, tmp_path):
    git = ["git", "-c", f"http.extraHeader=Authorization: {hub.ada['Authorization']}", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    work = tmp_path / "work"
    subprocess.run([*git, "clone", "-q", f"{hub.url}/ada/demo", work], check=True, timeout=60)
    (work / "run.sh").write_text("#!/bin/sh\necho one\n")
    (work / "run.sh").chmod(0o755)
    subprocess.run([*git, "-C", work, "add", "run.sh"], check=True, timeout=60)
    subprocess.run([*git, "-C", work, "commit", "-qm", "A script"], check=True, timeout=60)
    subprocess.run([*git, "-C", work, "push", "-q"], check=True, timeout=60)
    page = hub_page(hub, "/models/ada/demo/edit/main/run.sh", user="ada", javascript=False)
    page.fill("#text", "#!/bin/sh\necho two\n")
    page.click("button[type=submit]:has-text('Commit')")
    page.wait_for_url("**/blob/main/run.sh?done=committed")
    subprocess.run([*git, "-C", work, "pull", "-q"], check=True, timeout=60)
    assert subprocess.run([work / "run.sh"], capture_output=True, text=True, check=True, timeout=10).stdout == "two\n"


def test_without_scripts_small_files_come_with_the_form(hub, hub_page, tmp_path):
    (tmp_path / "a.txt").write_text("eins")
    (tmp_path / "b.bin").write_bytes(b"\0\1" * 500)
    page = hub_page(hub, "/models/ada/demo/upload/main/form", user="ada", javascript=False)
    page.set_input_files("#files", [str(tmp_path / "a.txt"), str(tmp_path / "b.bin")])
    page.click("form.change button[type=submit]")
    page.wait_for_url("**/tree/main/form")
    assert text_of(hub, "form/a.txt") == "eins"
    tree = requests.get(f"{hub.url}/api/models/ada/demo/tree/main/form", headers=hub.ada, timeout=10).json()
    assert [("lfs" in each, each["path"]) for each in tree] == [(False, "form/a.txt"), (True, "form/b.bin")]


def test_what_is_refused_changes_nothing(hub, hub_page):
    page = hub_page(hub, "/models/ada/demo/new/main/", user="ada", javascript=False)
    before = requests.get(f"{hub.url}/api/models/ada/demo/commits/main", headers=hub.ada, timeout=10).json()
    # Names that no tree may hold are told beside the field, and the text stays.
    for name in ["../x", ".git/config", "a//b"]:
        page.fill("#name", name)
        page.fill("#text", "kept")
        page.click("button[value=commit]")
        page.wait_for_selector("#name-problem")
        assert page.input_value("#text") == "kept"
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    csrf = page.locator("form.change input[name=csrf]").get_attribute("value")
    address = f"{hub.url}/models/ada/demo/new/main/"
    form = {"csrf": csrf, "name": "x.txt", "text": "x", "target": "branch", "action": "commit"}
    sent = [
        requests.post(address, data={**form, "csrf": "0" * 128}, cookies=cookies, headers=OWN, timeout=10),
        requests.post(address, data=form, cookies=cookies, headers={"Origin": "http://evil.example"}, timeout=10),
        requests.post(address, data=form, cookies=cookies, headers={"Sec-Fetch-Site": "cross-site"}, timeout=10),
        requests.put(f"{hub.url}/models/ada/demo/upload-piece/main/x?token={'a' * 16}&size=1&offset=0", data=b"x", cookies=cookies, headers=OWN, timeout=10),
        requests.post(f"{hub.url}/models/ada/demo/upload/main/", files={"files": ("x", b"x")}, cookies=cookies, headers=OWN, timeout=10),
    ]
    assert [each.status_code for each in sent] == [403] * 5
    # Nobody in particular, and somebody who may only propose.
    assert requests.get(address, timeout=10).status_code == 401
    after = requests.get(f"{hub.url}/api/models/ada/demo/commits/main", headers=hub.ada, timeout=10).json()
    assert after == before
    # Sent twice, done once.
    form = {"csrf": csrf, "name": "twice.txt", "text": "x", "target": "pull", "action": "commit", "summary": "Twice"}
    sent = [requests.post(address, data=form, cookies=cookies, headers=OWN, timeout=10, allow_redirects=False) for _ in range(2)]
    assert [each.status_code for each in sent] == [303, 303] and len({each.headers["Location"] for each in sent}) == 1


def test_who_may_only_propose_opens_a_pull_request(hub, hub_page):
    page = hub_page(hub, "/models/ada/demo/edit/main/README.md", user="bob")
    assert page.locator("#target-branch").count() == 0
    write(page, "---\nlicense: mit\n---\nBob was here\n")
    page.click("button[value=commit]")
    page.wait_for_url("**/discussions/*")
    assert "Bob was here" not in text_of(hub, "README.md")


def test_branches_and_tags_are_made_and_deleted(hub, hub_page):
    page = hub_page(hub, "/models/ada/demo/branches", user="ada", javascript=False)
    page.click("a[href$='/branches/manage']")
    page.wait_for_url("**/branches/manage")
    page.fill("#branch-name", "bad..name")
    page.click("#new-reference button[type=submit]")
    assert page.locator("#branch-name-problem").count() == 1
    page.fill("#branch-name", "next")
    page.click("#new-reference button[type=submit]")
    refs = requests.get(f"{hub.url}/api/models/ada/demo/refs", headers=hub.ada, timeout=10).json()
    assert "next" in [each["name"] for each in refs["branches"]]
    page.goto(f"{hub.url}/models/ada/demo/branches/manage")
    page.click("text=Delete next")
    assert "/branches/manage" not in requests.get(f"{hub.url}/models/ada/demo/branches", timeout=10).text
    refs = requests.get(f"{hub.url}/api/models/ada/demo/refs", headers=hub.ada, timeout=10).json()
    assert "next" not in [each["name"] for each in refs["branches"]]
