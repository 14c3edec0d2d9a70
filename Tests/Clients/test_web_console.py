"""The console in a browser: why a model is blocked and how it is let in, a sync as it goes, and across a restart.

One hub above, one gateway below whose upstream is slow on purpose, and a browser.
"""

import re
import time

import pytest

from support.browser import both_languages, expect_clean, look, make_user, shape
from support.content import small_model
from support.weir import Weir, eventually, fast_upstream, mirror_document

# Long: `make web`, until `make test` has the time for it.
pytestmark = pytest.mark.tour

MIB = 1 << 20
RULES = [
    {"id": "small-only", "match": {"repo": ["acme/none"]}, "action": "deny"},
    {"id": "look", "match": {"repo": ["acme/held"]}, "action": "review", "message": "the model desk decides"},
    {"id": "no-nc", "when": 'license.flags.exists("non-commercial")', "action": "deny",
     "message": "ask legal@example.com"},
]


@pytest.fixture(scope="module")
def above(tmp_path_factory):
    home = tmp_path_factory.mktemp("above")
    with Weir(home) as hub:
        for name, license, weights in (
                ("held", "apache-2.0", 200_000), ("research", "cc-by-nc-4.0", 200_000), ("slow", "mit", 20 * MIB),
                ("steady", "mit", 14 * MIB), ("tiny", "mit", 50_000)):
            hub.import_folder(small_model(home / name, name, license, weights=weights), f"model:acme/{name}")
        yield hub


@pytest.fixture(scope="module")
def hub(above, tmp_path_factory):
    home = tmp_path_factory.mktemp("console")
    (home / "incoming").mkdir()
    upstream = fast_upstream("above", "weir", above.url, limits={"bandwidth": "2MiB/s"})
    mirror = mirror_document("reviewed", [upstream], rules=RULES)
    mirror["metadata"]["labels"] = {"owner": "model-desk"}
    with Weir(home, [mirror], ("--bundle-folder", str(home / "incoming"))) as weir:
        weir.root = make_user(weir, "root", admin=True)
        weir.amy = make_user(weir, "amy")
        weir.read = weir.token("amy")
        # What is decided on is what is stored: a first look brings the cards.
        for name in ("held", "research"):
            weir.get(f"/api/models/acme/{name}", headers={"Authorization": f"Bearer {weir.read}"})
        yield weir


def until(page, expression, seconds=10):
    """Waits for something on the page; its policy forbids what Playwright's own waiting would do there."""
    eventually(lambda: page.evaluate(expression), seconds, f"never: {expression} on {page.url}")


def content_of(hub, name):
    return hub.get(f"/acme/{name}/resolve/main/config.json", headers={"Authorization": f"Bearer {hub.read}"})


def test_why_a_model_is_blocked(hub, hub_page):
    page = hub_page(hub, "/console", user="amy")
    page.get_by_label("Repository").fill("model:acme/research")
    page.get_by_role("button", name="Explain").click()
    decisive = page.locator(".trace li.decisive")
    assert "no-nc" in decisive.inner_text() and "non-commercial" in decisive.inner_text()
    assert re.search(r"mirrors\.d/reviewed\.yaml:\d+", decisive.inner_text())
    text = page.inner_text("main")
    assert "Blocked" in text and "model-desk" in text and "403 policy-denied" in text.lower().replace("_", "-")
    assert page.get_by_role("button", name="Request exception").count() == 0, "nobody can approve what is denied"
    expect_clean(page, "en")
    both_languages(page)
    look(page, "console-explain")
    for path in ("/console/sync", "/console/approvals", "/console/policies", "/console/upstreams",
                 "/console/recommendations"):
        page.goto(path)
        assert page.locator("h1").count() == 1, path


def test_an_exception_is_asked_for_approved_by_another_and_taken_back(hub, hub_page):
    assert content_of(hub, "held").status_code == 403
    # Without scripts, as every form works.
    page = hub_page(hub, "/console/explain?repo=model:acme/held", user="amy", javascript=False)
    assert "the model desk decides" in page.locator(".trace li.decisive").inner_text()
    button = page.get_by_role("button", name="Request exception")
    if button.count():
        button.click()
    else:
        page.get_by_role("link", name=re.compile(r"Request #\d+")).click()
    assert re.search(r"/console/approvals/\d+", page.url)
    address = page.url.split("?")[0]
    assert page.get_by_role("button", name="Approve").count() == 0, "who asked does not decide"
    # The repository's own page leads to the same request, and takes along what the model is needed for.
    page.goto("/models/acme/held")
    page.fill("#reason", "for the <b>demo</b>")
    page.get_by_role("button", name="Request approval").click()
    assert page.url.split("?")[0] == address

    other = hub_page(hub, "/console/approvals", user="root")
    expect_clean(other, "en")
    other.get_by_role("link", name="model:acme/held").first.click()
    assert "for the <b>demo</b>" in other.inner_text(".asker-reason")
    other.select_option("#days", "30")
    other.fill("#note", "looked at: harmless")
    expect_clean(other, "en")
    look(other, "console-approval")
    other.get_by_role("button", name="Approve").click()
    assert "Approved" in other.locator("h1 + p, .page-note").first.inner_text()
    assert content_of(hub, "held").status_code == 200

    other.get_by_role("button", name="Revoke").click()
    eventually(lambda: content_of(hub, "held").status_code == 403)
    page.goto(address)
    assert "Denied" in page.inner_text("main") and "looked at: harmless" not in page.content()
    both_languages(page)


def start(page, name):
    page.goto("/console/sync/new")
    page.fill("#repo", f"model:acme/{name}")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile(r"/console/jobs/\d+"))
    return re.search(r"/jobs/(\d+)", page.url)[1]


def share(page):
    text = page.locator(".job-share").inner_text() if page.locator(".job-share").count() else "0%"
    return int(re.sub(r"\D", "", text) or 0)


def test_a_sync_is_planned_watched_paused_and_resumed(hub, hub_page):
    page = hub_page(hub, "/console/sync/new?repo=model:acme/slow", user="root")
    page.get_by_role("button", name="Show the plan").click()
    plan = page.inner_text("main")
    assert "model.safetensors" in plan and "21 MB to fetch" in plan
    expect_clean(page, "en")
    job = start(page, "slow")
    until(page, "document.querySelector('progress')?.value > 0")
    until(page, "/^\\d+%/.test(document.title)")
    first = share(page)
    until(page, f"parseInt(document.querySelector('.job-share').textContent) > {first}")
    expect_clean(page, "en")
    look(page, "console-job")

    # The list of all moves as well, and its button stops the job.
    listed = hub_page(hub, "/console/sync", user="root")
    row = listed.locator(f"#job-{job}")
    assert "Running" in row.inner_text()
    before = row.inner_text()
    eventually(lambda: row.inner_text() != before)
    look(listed, "console-sync")
    row.get_by_role("button", name="Pause acme/slow").click()
    listed.wait_for_load_state()
    # The other window hears of it without doing anything.
    page.wait_for_selector("#job-now[data-state=paused]")
    assert "Paused by root" in page.locator(".job-reason").inner_text()
    assert page.locator("#job-log li").filter(has_text="Paused").count() == 1
    page.get_by_role("button", name="Resume").click()
    page.wait_for_selector("#job-now[data-state=succeeded]", timeout=25_000)
    assert "Done" in page.title()
    both_languages(page)


def test_a_restart_of_the_server_is_outlived(hub, hub_page):
    page = hub_page(hub, user="root")
    job = start(page, "steady")
    until(page, "document.querySelector('progress')?.value > 0")
    page.evaluate("window.stays = true")
    hub.restart()
    page.wait_for_selector("#job-now[data-state=succeeded]", timeout=30_000)
    assert page.evaluate("window.stays"), "the page was not loaded again"
    sequences = page.eval_on_selector_all("#job-log li", "lines => lines.map(line => +line.id.slice(6))")
    assert sequences == sorted(set(sequences)) and len(sequences) >= 3, sequences
    expect_clean(page, "en")
    # Without scripts the page says the same; nothing but axe needs them.
    plain = hub_page(hub, f"/console/jobs/{job}", user="root", javascript=False, lang="zh", width=390)
    assert "已完成" in plain.inner_text("main")
    assert shape(plain, "zh") == []


def test_a_bundle_is_looked_at_written_and_loaded(hub, hub_page):
    page = hub_page(hub, "/console/bundles", user="root")
    page.fill("#repos", "model:acme/steady")
    page.get_by_role("button", name="Show what it would contain").click()
    assert "1 repository, 14.7 MB stored" in page.inner_text("main")
    page.get_by_role("button", name="Write the bundle").click()
    page.wait_for_selector("#job-now[data-state=succeeded]", timeout=20_000)
    page.goto("/console/bundles")
    expect_clean(page, "en")
    look(page, "console-bundles")
    page.get_by_role("link", name=re.compile("^out")).first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    written = download.value.path().read_bytes()
    assert len(written) > 14 * MIB
    (hub.home / "incoming" / "one.hubpack").write_bytes(written)
    page.goto("/console/bundles")
    page.get_by_role("button", name="Verify").click()
    assert "Signed by a trusted key" in page.inner_text("main") or "would be refused" in page.inner_text("main")
    both_languages(page)


def test_a_changed_policy_is_tried_before_anything_is_saved(hub, hub_page):
    page = hub_page(hub, "/console/policies", user="root")
    expect_clean(page, "en")
    page.get_by_role("link", name="mirrors.d/reviewed.yaml", exact=True).click()
    before = (hub.mirrors / "reviewed.yaml").read_text()
    assert page.locator(".source li").count() >= before.count("\n")
    page.get_by_role("link", name="Try a change of this file").click()
    page.fill("#text", before.replace("acme/none", "acme/steady"))
    page.get_by_role("button", name="See what would change").click()
    assert "Newly blocked: 1" in page.inner_text("main") and "model:acme/steady" in page.inner_text("main")
    page.fill("#text", before.replace("limits:", "limts:"))
    page.get_by_role("button", name="See what would change").click()
    assert "limts" in page.locator(".problems").inner_text() and page.locator(".source li.wrong").count() == 1
    expect_clean(page, "en")
    assert (hub.mirrors / "reviewed.yaml").read_text() == before
    page.goto("/console/upstreams/above")
    assert "Answers in" in page.inner_text("main")
    page.get_by_role("button", name="Test the connection").click()
    steps = page.locator(".probe-steps li")
    assert steps.count() == 4 and "Fails" not in steps.all_inner_texts()[1]
    expect_clean(page, "en")


@pytest.mark.parametrize("lang,theme,width", [("zh", "dark", 1280), ("zh", "light", 390), ("en", "dark", 320)])
def test_every_page_for_everybody(hub, hub_page, lang, theme, width):
    page = hub_page(hub, lang=lang, theme=theme, width=width, user="root")
    for path in ("/console", "/console/sync", "/console/explain?repo=model:acme/research", "/console/approvals/1",
                 "/console/upstreams", "/console/policies", "/console/bundles", "/console/recommendations"):
        page.goto(path)
        expect_clean(page, lang)
        look(page, f"console{path.split('?')[0].replace('/', '-')}-{lang}-{theme}-{width}")
