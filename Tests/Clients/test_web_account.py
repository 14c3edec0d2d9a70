"""What is somebody's own, and organisations, users and quotas, in a browser: what pages let whom do, and what programs
do with what was made there."""

import concurrent.futures
import re

import pytest
import requests

from support.browser import PASSWORD, both_languages, expect_clean, look, make_user, sign_in
from support.clients import hub_client
from support.weir import Weir

# Long: `make web`, until `make test` has the time for it.
pytestmark = pytest.mark.tour

OWN = ["/settings", "/settings/password", "/settings/tokens", "/settings/keys", "/settings/sessions",
       "/settings/preferences"]
ORGANISATION = [f"/acme/-/{part}" for part in
                ("members", "teams", "robots", "tokens", "grants", "quota", "settings")]
CONSOLE = ["/console/organisations", "/console/users", "/console/users/bob", "/console/quotas", "/console/system"]
WAYS = [("en", "light", 1280), ("zh", "dark", 390)]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKCSWknNuOTbVqh38bDg1nDK8NN3mMgc5bOWv0FXD1HL ada@laptop"
HOSTILE = "<img src=x onerror=alert(1)>\"'&"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    home = tmp_path_factory.mktemp("account")
    with Weir(home) as weir:
        make_user(weir, "ada", admin=True)
        make_user(weir, "bob")
        make_user(weir, "eve")
        weir.checked("org", "create", "acme", "--owner", "ada", "--full-name", "Acme <b>& Söhne</b>")
        (home / "demo").mkdir()
        (home / "demo/README.md").write_text("---\nlicense: mit\n---\n# Demo\n")
        weir.import_folder(home / "demo", "model:acme/demo")
        yield weir


def test_a_token_made_in_the_browser_works_in_hf_and_stops_when_revoked(hub, hub_page, tmp_path):
    page = hub_page(hub, "/settings/tokens", user="bob")
    page.fill("#name", HOSTILE)
    page.check("#scope-read")
    page.fill("#resources", "model:acme/demo\nnot a name!")
    page.click("#new button[type=submit]")
    # What was wrong stands beside its field, and nothing is lost.
    assert "not a name!" in page.inner_text("#resources-problem")
    assert page.input_value("#name") == HOSTILE and page.is_checked("#scope-read")
    page.fill("#resources", "acme")
    page.click("#new button[type=submit]")
    token = page.input_value("#revealed")
    assert token.startswith("weir_") and HOSTILE in page.inner_text(".reveal h2")
    expect_clean(page, "en")
    look(page, "account-token-made")
    assert token in page.content() and f"export HF_ENDPOINT={hub.url}" in page.inner_text(".reveal")
    client = hub_client("2.4.0", tmp_path / "hf", hub.url, token)
    assert "bob" in client.cli("hf", "auth", "whoami").checked().text
    client.cli("hf", "download", "acme/demo", "README.md", "--local-dir", tmp_path / "got").checked()
    # It is shown that once.
    page.goto("/settings/tokens")
    assert token not in page.content() and token[-4:] in page.inner_text("main")
    page.click("main .confirm summary")
    page.click("main .confirm-form button")
    assert not client.cli("hf", "auth", "whoami").ok
    assert token[-4:] not in page.inner_text("main")
    both_languages(page)


@pytest.mark.parametrize("lang, theme, width", WAYS)
def test_pages_are_clean_and_keep_their_address_when_the_language_changes(hub, hub_page, lang, theme, width):
    page = hub_page(hub, lang=lang, theme=theme, width=width, user="ada")
    # The narrow window sees those that are likely to be too wide for it.
    narrow = [*OWN[2:5], *ORGANISATION[:5], *CONSOLE[1:]]
    for address in [*OWN, *ORGANISATION, *CONSOLE] if width == 1280 else narrow:
        assert page.goto(address).status == 200, address
        expect_clean(page, lang)
        look(page, f"account{address.replace('/', '-')}-{lang}-{theme}-{width}")
    page.goto("/console/users?q=b")
    page.goto("/console/users?q=b&lang=" + ("en" if lang == "zh" else "zh"))
    assert page.url.endswith("/console/users?q=b")
    assert page.evaluate("document.documentElement.lang").startswith("en" if lang == "zh" else "zh")


def test_signing_in_leads_back_here_and_nowhere_else(hub, hub_page):
    page = hub_page(hub, "/settings/keys")
    assert "Sign in to go on" in page.inner_text("main")
    expect_clean(page, "en")
    look(page, "account-sign-in")
    page.fill("#user", "bob")
    page.fill("#password", "wrong horse battery")
    page.click("main form button[type=submit]")
    wrong = page.inner_text(".alert.bad")
    assert page.input_value("#user") == "bob"
    # Who is unknown is told the same.
    page.fill("#user", "nobody-here")
    page.fill("#password", "wrong horse battery")
    page.click("main form button[type=submit]")
    assert page.inner_text(".alert.bad") == wrong
    page.fill("#user", "bob")
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit]")
    assert page.url == hub.url + "/settings/keys"
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example/"):
        other = hub_page(hub)
        other.goto("/login?next=" + requests.utils.quote(elsewhere, safe=""))
        assert "evil" not in other.inner_html("main")


def test_a_session_that_ended_while_writing_loses_nothing(hub, hub_page):
    page = hub_page(hub)
    sign_in(page, "eve")
    page.goto("/settings/tokens")
    page.fill("#name", "night job")
    page.check("#scope-write")
    # Another window ends all sessions.
    other = hub_page(hub)
    sign_in(other, "eve")
    other.goto("/settings/sessions")
    assert other.inner_text("main").count("This one") == 1
    other.click(".after-table summary")
    other.click(".after-table .confirm-form button")
    assert "/login" in other.url
    page.click("#new button[type=submit]")
    assert "Sign in to go on" in page.inner_text("main")
    page.fill("#user", "eve")
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit]")
    assert "/settings/tokens" in page.url and page.input_value("#name") == "night job" and page.is_checked("#scope-write")


def test_a_form_from_elsewhere_changes_nothing(hub, hub_page):
    page = hub_page(hub, "/settings/keys", user="bob")
    page.fill("#key", KEY)
    page.evaluate("document.querySelector('#new [name=csrf]').value = '00'.repeat(64)")
    page.click("#new button[type=submit]")
    assert "This form is not from a page of yours" in page.inner_text("main")
    page.goto("/settings/keys")
    assert "SHA256:" not in page.inner_text("main")
    page.fill("#key", "ssh-rsa nonsense")
    page.click("#new button[type=submit]")
    assert page.is_visible("#key-problem") and page.input_value("#key") == "ssh-rsa nonsense"
    page.fill("#key", KEY)
    page.click("#new button[type=submit]")
    assert "SHA256:" in page.inner_text("main") and "ada@laptop" in page.inner_text("main")


def test_members_roles_teams_robots_and_grants(hub, hub_page, tmp_path):
    page = hub_page(hub, "/acme/-/members", user="ada")
    assert "Acme <b>& Söhne</b>" in page.inner_text("main")
    page.fill("#user", "nobody-here")
    page.click("#new button[type=submit]")
    assert "nobody-here" in page.inner_text("#user-problem")
    page.fill("#user", "bob")
    page.click("#new button[type=submit]")
    assert "bob" in page.inner_text("table")
    # The last admin cannot make himself less.
    page.select_option("tr:has-text('ada') select", "reader")
    page.click("tr:has-text('ada') .form-inline button")
    assert page.is_visible(".alert.bad")
    page.goto("/acme/-/teams")
    page.fill("#team", "crew")
    page.click("#new button[type=submit]")
    page.fill("#add-0", "bob")
    page.click(".panel .form-inline:has(#add-0) button")
    assert "bob" in page.inner_text(".people")
    page.goto("/acme/-/robots")
    page.fill("#robot", "ci")
    page.select_option("#role", "writer")
    page.click("#new button[type=submit]")
    page.goto("/acme/-/tokens")
    page.fill("#name", "pipeline")
    page.check("#scope-write")
    page.click("#new button[type=submit]")
    token = page.input_value("#revealed")
    client = hub_client("2.4.0", tmp_path / "hf", hub.url, token)
    assert "acme+ci" in client.cli("hf", "auth", "whoami").checked().text
    page.goto("/acme/-/grants")
    page.select_option("#subject", "team")
    page.fill("#name", "crew")
    page.select_option("#effect", "deny")
    page.select_option("#role", "writer")
    page.fill("#refs", "refs/heads/release/*")
    page.click("#new button[type=submit]")
    assert "Team crew" in page.inner_text("table") and "refs/heads/release/*" in page.inner_text("table")
    expect_clean(page, "en")
    look(page, "account-grants-filled")
    # Whoever manages nothing sees who is there, and no more.
    plain = hub_page(hub, "/acme/-/members", user="bob")
    assert "ada" in plain.inner_text("table") and not plain.query_selector("#new")
    assert plain.goto("/acme/-/robots").status == 403
    assert plain.goto("/console/users").status == 403
    assert plain.goto("/acme/-/members").status == 200
    plain.click(".after-table summary")
    plain.click(".after-table .confirm-form button")
    assert "bob" not in hub_page(hub, "/acme/-/members", user="ada").inner_text("table")


def test_users_are_made_shut_out_and_found_among_ten_thousand(hub, hub_page, tmp_path):
    page = hub_page(hub, "/console/users", user="ada")
    page.fill("#name", "carol")
    page.fill("#password", "a long enough secret")
    page.click("#new button[type=submit]")
    assert page.url.split("?")[0].endswith("/console/users/carol")
    page.click("summary:has-text('Shut out')")
    page.click(".confirm[open] .confirm-form button")
    assert "Shut out" in page.inner_text(".facts")
    late = requests.post(hub.url + "/api/gateway/v1/sessions", json={"user": "carol", "password": "a long enough secret"})
    assert late.status_code == 401
    # The last administrator stays one.
    page.goto("/console/users/ada")
    page.click("summary:has-text('No longer administrator')")
    page.click(".confirm[open] .confirm-form button")
    assert "last administrator" in page.inner_text(".alert.bad")
    token = hub.checked("token", "create", "--user", "ada", "--scope", "admin")
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=8))
    # Enough for several pages; ten thousand are as many more of the same.
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for status in pool.map(lambda n: session.post(hub.url + "/api/gateway/v1/users", json={"name": f"user-{n:05}"})
                               .status_code, range(250)):
            assert status == 201
    page.goto("/console/users")
    seen = []
    while True:
        seen += page.locator("tbody tr td:first-child").all_inner_texts()
        following = page.query_selector(".pager a[rel=next]")
        if not following:
            break
        following.click()
    assert len(seen) == len(set(seen)) == 254 and seen == sorted(seen)
    page.click(".pager a[rel=prev]")
    assert page.locator("tbody tr td:first-child").all_inner_texts() == seen[100:200]
    page.fill("#q", "user-00123")
    page.click(".search-line button")
    assert page.locator("tbody tr").count() == 1
    look(page, "account-users-found")


def test_quotas_are_set_and_counted(hub, hub_page):
    page = hub_page(hub, "/console/quotas?account=acme", user="ada")
    page.fill("#bytes", "much")
    page.click("#set button[type=submit]")
    assert page.is_visible("#bytes-problem") and page.input_value("#bytes") == "much"
    page.fill("#bytes", "2 GB")
    page.fill("#repositories", "7")
    page.click("#set button[type=submit]")
    line = page.inner_text("tr:has-text('acme')")
    assert "of 2 GB" in line and re.search(r"1 of 7", line), line
    page.goto("/acme/-/quota")
    assert "of 2 GB" in page.inner_text("main") and "acme/demo" in page.inner_text("main")


def test_everything_works_without_scripts(hub, hub_page):
    page = hub_page(hub, "/settings", user="bob", javascript=False)
    page.fill("#fullName", "Bob & Söhne")
    page.fill("#homepage", "javascript:alert(1)")
    page.click("main form button[type=submit]")
    assert page.is_visible("#homepage-problem") and page.input_value("#fullName") == "Bob & Söhne"
    page.fill("#homepage", "https://bob.example/")
    page.click("main form button[type=submit]")
    assert page.input_value("#fullName") == "Bob & Söhne" and "done=saved" in page.url
    page.goto("/settings/preferences")
    page.select_option("#language", "zh")
    page.click("main form button[type=submit]")
    assert "偏好设置" in page.inner_text("h1")
