"""Licences, provenance, the logs, scans, storage and tombstones in a browser: what each page says is what the REST surface
says, and each is for those who may ask that."""

import json
import pickle

import pytest
import requests

from support.browser import expect_clean, look, make_user
from support.weir import Weir, eventually

# Long: `make web`, until `make test` has the time for it.
pytestmark = pytest.mark.tour

PAGES = ["/console/licenses", "/console/provenance", "/console/provenance?repo=model:acme/tuned", "/console/log",
         "/console/log?entry=0", "/console/scans", "/console/storage?preview=1", "/console/audit",
         "/console/tombstones", "/console/tombstones?target=model:acme/base"]
WAYS = [("en", "light", 1280), ("zh", "dark", 390)]


class Evil:
    def __reduce__(self):
        return eval, ("1",)


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    home = tmp_path_factory.mktemp("compliance")
    with Weir(home) as weir:
        make_user(weir, "ada", admin=True)
        make_user(weir, "bob")
        weir.checked("org", "create", "acme", "--owner", "ada")

        def put(name, readme, **files):
            folder = home / name
            folder.mkdir()
            (folder / "README.md").write_text(readme)
            for path, content in files.items():
                (folder / path.replace("_", ".")).write_bytes(content)
            weir.import_folder(folder, f"model:acme/{name}")

        put("base", "---\nlicense: cc-by-nc-4.0\n---\n# Base\n")
        put("tuned", "---\nlicense: mit\nbase_model: acme/base\nbase_model_relation: finetune\n---\n# Tuned\n")
        put("silent", "# No licence <script>alert(1)</script>\n")
        put("evil", "---\nlicense: mit\n---\n", model_pkl=pickle.dumps(Evil()))
        weir.admin = weir.checked("token", "create", "--user", "ada", "--scope", "admin")
        yield weir


def asked(hub, path, **options):
    return requests.get(hub.url + path, headers={"Authorization": f"Bearer {hub.admin}"}, **options)


@pytest.mark.parametrize("lang, theme, width", WAYS)
def test_pages_are_clean(hub, hub_page, lang, theme, width):
    page = hub_page(hub, lang=lang, theme=theme, width=width, user="ada")
    for address in PAGES:
        assert page.goto(address).status == 200, address
        expect_clean(page, lang)
        look(page, f"compliance{''.join(c if c.isalnum() else '-' for c in address)}-{lang}-{theme}-{width}")
    other = "en" if lang == "zh" else "zh"
    page.goto(f"/console/audit?actor=ada&action=token&lang={other}")
    assert page.url.endswith("/console/audit?actor=ada&action=token")


def test_licences_say_what_the_report_says(hub, hub_page):
    page = hub_page(hub, "/console/licenses", user="ada")
    report = asked(hub, "/api/gateway/v1/licenses/report").json()
    conflicts = [each for each in report["repositories"] if (each["license"] or {}).get("conflicts")]
    assert page.inner_text(".kpis > div:nth-child(1) dd") == str(len(report["repositories"]))
    assert "model:acme/tuned" in [each["repository"] for each in conflicts]
    row = page.inner_text("#conflicts tr:has-text('model:acme/tuned')")
    assert "acme/base" in row and "A restriction of an ancestor was dropped" in row
    matrix = page.inner_text("#matrix tr:has-text('CC-BY-NC-4.0')")
    assert "No" in matrix and "not commercially" in matrix
    assert "model:acme/silent" in page.inner_text("#unknown")
    for form in ("csv", "spdx", "cyclonedx", "json"):
        link = page.get_attribute(f"a[href*='format={form}']", "href")
        assert asked(hub, link).status_code == 200
    # Of one organisation.
    page.select_option("#org", "acme")
    page.click(".scope-line button")
    assert page.url.endswith("/console/licenses?org=acme")


def test_provenance_shows_the_lineage_and_who_signed(hub, hub_page):
    page = hub_page(hub, "/console/provenance", user="ada")
    page.fill("#repo", "model:acme/tuned")
    page.click(".ask-line button")
    assert "fine-tuned from" in page.inner_text("#lineage") and "acme/base" in page.inner_text("#lineage")
    for link in page.locator("#statements a.button").all():
        assert asked(hub, link.get_attribute("href")).status_code == 200


def test_the_log_proves_an_entry_and_is_told_in_full_to_auditors_only(hub, hub_page):
    page = hub_page(hub, "/console/log", user="ada")
    page.click("button:has-text('Sign a checkpoint now')")
    note = page.inner_text(".snippet pre >> nth=0")
    assert requests.get(hub.url + "/api/gateway/v1/log/checkpoint").text.split("\n")[0] in note
    page.fill("#entry", "1")
    page.click("#proof form button")
    assert page.is_visible(".alert.ok") and "/console/log?entry=1" in page.url
    page.fill("#entry", "999999")
    page.click("#proof form button")
    assert page.is_visible(".alert.bad")
    assert "model:acme" in hub_page(hub, "/console/log", user="ada").inner_text("#entries")
    stranger = hub_page(hub, "/console/log")
    assert "model:acme" not in stranger.inner_text("main") and stranger.locator("#entries tbody tr").count() > 0
    assert not stranger.query_selector("button:has-text('Sign a checkpoint now')")


def test_the_audit_log_is_filtered_by_its_address_and_exported(hub, hub_page):
    page = hub_page(hub, "/console/audit", user="ada")
    page.fill("#action", "organisation")
    page.fill("#object", "acme")
    page.click(".filter-line button")
    assert "action=organisation" in page.url and "object=acme" in page.url
    lines = page.locator("tbody tr")
    assert lines.count() == 1 and "organisation.create" in lines.first.inner_text()
    export = asked(hub, page.get_attribute("a[href*='/console/audit/export']", "href"))
    assert [json.loads(line)["action"] for line in export.text.splitlines()] == ["organisation.create"]
    page.goto("/console/audit?check=1")
    assert "The chain is whole" in page.inner_text(".alert.ok")
    page.goto("/console/audit?since=yesterday")
    assert page.is_visible("#since-problem")
    bob = hub_page(hub, user="bob")
    assert bob.goto("/console/audit").status == 403
    assert bob.goto("/console/audit?org=acme").status == 403
    assert bob.goto("/console/scans").status == 403
    assert bob.goto("/console/storage").status == 403
    assert bob.goto("/console/licenses").status == 403


def test_scans_and_storage_are_shown_and_started(hub, hub_page):
    page = hub_page(hub, "/console/scans", user="ada")
    page.fill("#what", "no such thing")
    page.click("#rescan button")
    assert page.is_visible("#what-problem")
    page.fill("#what", "model:acme/evil")
    page.click("#rescan button")
    assert "/console/scans" in page.url and not page.query_selector("#what-problem")
    page.goto("/console/storage")
    page.click("#scrub .form-inline button")
    assert "/console/storage" in page.url
    for _ in range(60):
        page.goto("/console/storage")
        if "Finished" in page.inner_text("#scrub"):
            break
        page.wait_for_timeout(250)
    assert "Finished" in page.inner_text("#scrub") and "Nothing is damaged" in page.inner_text("#damages")
    assert asked(hub, "/api/gateway/v1/scrub").json()["run"]["finishedAt"]


def test_something_is_buried_after_its_radius_was_seen_and_lifted(hub, hub_page):
    page = hub_page(hub, "/console/tombstones", user="ada")
    page.fill("#target", "rubbish")
    page.click("#bury form button")
    assert page.is_visible("#target-problem")
    page.fill("#target", "model:acme/base")
    # Reloading while the browser is still on its way is an error of the browser's.
    with page.expect_navigation():
        page.click("#bury form button")

    def shows_what_comes_of_it():
        page.reload()
        return "model:acme/tuned" in page.locator("#bury").inner_html()

    # Lineages of what was imported are read in the background.
    eventually(shows_what_comes_of_it)
    page.fill("#reason", "found to be <b>bad</b>")
    page.fill("#typed", "model:acme/other")
    page.click(".danger-form button")
    assert page.is_visible("#typed-problem") and page.input_value("#reason") == "found to be <b>bad</b>"
    page.fill("#typed", "model:acme/base")
    page.click(".danger-form button")
    assert "found to be <b>bad</b>" in page.inner_text("table")
    content = "/acme/base/resolve/main/README.md"
    gone = asked(hub, content)
    assert gone.status_code == 410, gone.text
    page.click("tbody .confirm summary")
    page.click("tbody .confirm-form button")
    assert asked(hub, content).status_code == 200
    look(page, "compliance-lifted")
