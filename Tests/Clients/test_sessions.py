"""Signing in by password, over real HTTP: requests as the browser, curl as a person in a hurry, git as who may not."""

import json
import os
import re
import subprocess

import pytest
import requests

from support.weir import ROOT, Weir

GATEWAY = "/api/gateway/v1"
PASSWORD = "correct horse battery"
COOKIE = "weir-session"


@pytest.fixture(scope="module")
def weir(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("sessions")) as weir:
        for name in ("ada", "bob", "eve"):
            weir.checked("user", "create", name)
            weir.checked("user", "password", name, input=PASSWORD + "\n")
        weir.checked("user", "create", "root", "--admin")
        yield weir


def sign_in(weir, name, password=PASSWORD) -> requests.Session:
    browser = requests.Session()
    browser.headers["Origin"] = weir.url
    answer = browser.post(f"{weir.url}{GATEWAY}/sessions", json={"user": name, "password": password}, timeout=30)
    browser.answer = answer
    return browser


def current(weir, browser) -> int:
    return browser.get(f"{weir.url}{GATEWAY}/sessions/current", timeout=30).status_code


def test_a_session_from_beginning_to_end(weir):
    browser = sign_in(weir, "ada")
    assert browser.answer.status_code == 201, browser.answer.text
    assert browser.answer.json()["user"] == "ada"
    header = browser.answer.headers["Set-Cookie"]
    assert header.startswith(f"{COOKIE}=") and "HttpOnly" in header and "SameSite=Lax" in header
    assert PASSWORD not in weir.log() and browser.cookies[COOKIE] not in weir.log()
    made = browser.post(f"{weir.url}{GATEWAY}/tokens", json={"name": "laptop", "scope": "read"}, timeout=30)
    assert made.status_code == 201
    assert weir.get("/api/whoami-v2", headers={"Authorization": f"Bearer {made.json()['token']}"}).status_code == 200
    # Another page's form brings the cookie along, and says whose page it is.
    foreign = browser.post(f"{weir.url}{GATEWAY}/tokens", json={"name": "x", "scope": "read"},
                           headers={"Origin": "http://evil.example"}, timeout=30)
    assert foreign.status_code == 403
    # What programs use takes no cookie.
    assert browser.get(f"{weir.url}/api/whoami-v2", timeout=30).status_code == 401
    assert browser.delete(f"{weir.url}{GATEWAY}/sessions/current", timeout=30).status_code == 204
    assert COOKIE not in browser.cookies and current(weir, browser) == 401


def test_curl_signs_in_and_out(weir, tmp_path):
    jar = tmp_path / "jar"

    def curl(method, path, *more):
        run = subprocess.run(
            ["curl", "-sS", "-X", method, "-b", jar, "-c", jar, "-H", f"Origin: {weir.url}", "-w", "\n%{http_code}",
             weir.url + GATEWAY + path, *more], capture_output=True, text=True, timeout=60, check=True)
        body, status = run.stdout.rsplit("\n", 1)
        return int(status), body

    status, body = curl("POST", "/sessions", "--data", json.dumps({"user": "bob", "password": PASSWORD}))
    assert status == 201, body
    status, body = curl("GET", "/sessions/current")
    assert status == 200 and json.loads(body)["user"] == "bob"
    assert curl("DELETE", "/sessions")[0] == 204
    assert curl("GET", "/sessions/current")[0] == 401


def test_a_new_password_ends_every_session_and_token(weir):
    first, second = sign_in(weir, "ada"), sign_in(weir, "ada")
    token = weir.token("ada", scope="write")
    answer = first.put(f"{weir.url}{GATEWAY}/password", timeout=60,
                       json={"current": PASSWORD, "new": "a whole new sentence"})
    assert answer.status_code == 204, answer.text
    # Who changed it goes on, in a session with another id.
    assert current(weir, first) == 200 and current(weir, second) == 401
    assert weir.get("/api/whoami-v2", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert sign_in(weir, "ada").answer.status_code == 401
    weir.checked("user", "password", "ada", input=PASSWORD + "\n")
    assert current(weir, first) == 401 and sign_in(weir, "ada").answer.status_code == 201


def test_a_disabled_account_is_out_at_once_and_begins_anew(weir):
    browser = sign_in(weir, "bob")
    weir.checked("user", "disable", "bob")
    assert current(weir, browser) == 401 and sign_in(weir, "bob").answer.status_code == 401
    weir.checked("user", "enable", "bob")
    assert current(weir, browser) == 401 and sign_in(weir, "bob").answer.status_code == 201


def test_guessing_is_slowed_down_and_others_are_not(weir):
    statuses = []
    for _ in range(13):
        answer = weir.post(f"{GATEWAY}/sessions", json={"user": "eve", "password": "a wrong guess"})
        statuses.append(answer.status_code)
    assert statuses[:5] == [401] * 5 and statuses[-1] == 429, statuses
    assert int(answer.headers["Retry-After"]) >= 1
    assert sign_in(weir, "ada").answer.status_code == 201


def test_git_takes_tokens_and_says_so(weir, tmp_path):
    answer = weir.get("/ada/any.git/info/refs?service=git-upload-pack", auth=("ada", PASSWORD))
    assert answer.status_code == 401 and "Account passwords are not taken" in answer.text


def test_a_password_never_comes_by_argument_and_must_be_good(weir):
    assert weir.command("user", "password", "ada", PASSWORD).returncode == 64
    refused = weir.command("user", "password", "ada", input="short\n")
    assert refused.returncode == 64 and "at least 10 characters" in refused.stderr
    assert weir.command("user", "password", "nobody", input=PASSWORD + "\n").returncode == 66


def test_an_organisation_delegates(weir):
    """Teams, robots and custom roles, as an admin of an organisation does it with a token."""
    weir.checked("org", "create", "acme", "--owner", "ada")
    ada = {"Authorization": f"Bearer {weir.token('ada', scope='write')}"}
    bob = {"Authorization": f"Bearer {weir.token('bob', scope='write')}"}
    made = weir.post("/api/repos/create", headers=ada,
                     json={"name": "secret", "organization": "acme", "type": "model", "private": True})
    assert made.status_code < 300, made.text
    organisation = f"{weir.url}{GATEWAY}/organizations/acme"

    def send(method, path, status, **body):
        answer = requests.request(method, organisation + path, headers=ada, json=body or None, timeout=30)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    send("PUT", "/members/bob", 200, role="reader")
    send("POST", "/teams", 201, name="core")
    send("PUT", "/teams/core/members/bob", 204)
    send("POST", "/roles", 201, name="pusher", verbs=["meta.read", "content.read", "content.write"])
    write = "/api/models/acme/secret/auth-check/write"
    assert weir.get(write, headers=bob).status_code == 403
    grant = send("POST", "/grants", 201, organization="acme", team="core", role="pusher", sources=["127.0.0.0/8"])
    assert weir.get(write, headers=bob).status_code == 200
    send("DELETE", f"/grants/{grant['id']}", 204)
    assert weir.get(write, headers=bob).status_code == 403
    send("POST", "/robots", 201, name="ci", role="writer", expiresInSeconds=3600)
    token = send("POST", "/robots/ci/tokens", 201, name="runner", scope="write")["token"]
    robot = {"Authorization": f"Bearer {token}"}
    assert weir.get(write, headers=robot).status_code == 200
    assert weir.post(f"{GATEWAY}/tokens", headers=robot, json={"name": "x", "scope": "read"}).status_code == 403
    send("DELETE", "/robots/ci", 204)
    assert weir.get(write, headers=robot).status_code == 401
    protected = f"{weir.url}{GATEWAY}/protected-branches/model/acme/secret"
    rules = {"branches": [{"pattern": "main", "level": "history"}]}
    assert requests.put(protected, headers=ada, json=rules, timeout=30).json() == rules
    assert requests.get(protected, headers=bob, timeout=30).status_code == 403


def test_the_commands_of_the_manual_run(weir):
    """The indented commands of docs/identity.md that begin with `weir`, one after the other, as printed."""
    lines = re.findall(r"^    ((?:printf .*\| )?weir .*)$", (ROOT / "docs/identity.md").read_text(), re.MULTILINE)
    assert len(lines) >= 10
    weir.checked("org", "create", "umbrella", "--owner", "root")
    for name in ("cyd", "dan"):
        weir.checked("user", "create", name)
    tokens = {}
    for line in lines:
        line = line.replace("org create acme", "org create manual").replace("org add acme", "org add manual")
        line = line.replace("org robot acme", "org robot manual").replace("org remove acme", "org remove manual")
        line = line.replace("--org acme", "--org manual")
        if "ID" in line:
            listed = weir.checked("token", "list", "--user", "ada").splitlines()
            line = line.replace("ID", listed[0].split()[0])
        from support.weir import BINARY
        run = subprocess.run(["bash", "-euo", "pipefail", "-c", line.replace("weir ", f"{BINARY} ", 1) + f" --data {weir.data}"],
                             capture_output=True, text=True, timeout=120, env=os.environ)
        assert run.returncode == 0, f"{line}\n{run.stdout}\n{run.stderr}"
        tokens[line] = run.stdout
