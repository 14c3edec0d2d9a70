"""Organisations, tokens and gated repositories, as huggingface_hub's own HfApi and plain HTTP see them."""

import pytest
import requests

from support import content
from support.clients import HUB_VERSIONS
from support.weir import Weir

NEWER = [version for version in HUB_VERSIONS if not version.startswith("0.")]
GATEWAY = "/api/gateway/v1"


def bearer(token: str) -> dict:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def weir(tmp_path_factory):
    """A hub with an organisation `acme` of ada's: cyd writes there, eve is nobody in it."""
    home = tmp_path_factory.mktemp("identity")
    with Weir(home) as weir:
        weir.ada, weir.cyd, weir.eve = (weir.token(name, scope="write") for name in ("ada", "cyd", "eve"))
        weir.cyd_reads = weir.token("cyd", scope="read")
        weir.root = weir.token("root", scope="admin", admin=True)
        weir.checked("org", "create", "acme", "--owner", "ada")
        weir.checked("org", "add", "acme", "cyd", "--role", "writer")
        folder = content.small_model(home / "model", "secret", "mit")
        weir.import_folder(folder, "model:acme/secret", "--private")
        for version in NEWER:
            weir.import_folder(folder, f"model:acme/gated-{version}")
        weir.import_folder(folder, "model:ada/own", "--private")
        yield weir


@pytest.mark.parametrize("version", HUB_VERSIONS)
def test_whoami_lists_the_organisation(weir, hub, version):
    me = hub(version, weir.url, weir.cyd).value(
        "from huggingface_hub import HfApi\nresult(HfApi().whoami())")
    assert me["name"] == "cyd"
    assert [(org["name"], org["roleInOrg"]) for org in me["orgs"]] == [("acme", "write")]


@pytest.mark.parametrize("version", HUB_VERSIONS)
def test_members_read_what_is_private_and_outsiders_see_nothing(weir, hub, version):
    read = "from huggingface_hub import hf_hub_download\nresult(open(hf_hub_download('acme/secret', 'README.md')).read())"
    assert hub(version, weir.url, weir.cyd_reads).value(read)
    outside = hub(version, weir.url, weir.eve).run(read)
    assert not outside.ok and "RepositoryNotFoundError" in outside.text
    listing = "from huggingface_hub import HfApi\nresult(sorted(m.id for m in HfApi().list_models(author='acme')))"
    assert "acme/secret" in hub(version, weir.url, weir.cyd).value(listing)
    assert "acme/secret" not in hub(version, weir.url, weir.eve).value(listing)


@pytest.mark.parametrize("version", NEWER)
def test_overviews_name_accounts_and_members(weir, hub, version):
    said = hub(version, weir.url, weir.eve).value("""
        from huggingface_hub import HfApi
        api = HfApi()
        user, organisation = api.get_user_overview("cyd"), api.get_organization_overview("acme")
        result([user.username, [o.name for o in user.orgs], organisation.name, organisation.num_users,
                [m.username for m in api.list_organization_members("acme")]])
        """)
    assert said == ["cyd", ["acme"], "acme", 2, ["ada", "cyd"]]


def test_a_read_token_cannot_write(weir):
    path = "/api/models/acme/secret/auth-check/write"
    assert weir.get(path, headers=bearer(weir.cyd)).status_code == 200
    assert weir.get(path, headers=bearer(weir.cyd_reads)).status_code == 403
    # A token travels as a password too, and does no more there.
    assert weir.get(path, auth=("cyd", weir.cyd_reads)).status_code == 403
    assert weir.get(path, headers=bearer(weir.eve)).status_code == 404


@pytest.mark.parametrize("version", NEWER)
def test_the_whole_life_of_a_request_at_a_gate(weir, hub, version):
    name = f"acme/gated-{version}"
    gate(weir, name, "manual")
    download = f"from huggingface_hub import hf_hub_download\nresult(hf_hub_download('{name}', 'README.md'))"
    owner = hub(version, weir.url, weir.ada)
    refused = hub(version, weir.url, weir.eve).run(download)
    assert not refused.ok and "GatedRepoError" in refused.text, refused.text
    assert f"Access to model {name} is restricted and you are not in the authorized list" in refused.text
    assert weir.head(f"/{name}/resolve/main/README.md").status_code == 401
    # What is said about it stays public, and that it is gated.
    facts = weir.get(f"/api/models/{name}").json()
    assert facts["gated"] == "manual" and facts["siblings"]
    assert name in [each["id"] for each in weir.get("/api/models", params={"gated": "true"}).json()]
    assert name not in [each["id"] for each in weir.get("/api/models", params={"gated": "false"}).json()]

    asked = weir.post(f"/{name}/ask-access", headers=bearer(weir.eve), data={"Affiliation": "none"})
    assert asked.json() == {"status": "pending"}
    said = owner.value(f"""
        from huggingface_hub import HfApi
        api, name = HfApi(), {name!r}
        pending = list(api.list_pending_access_requests(name))
        fields = [(r.username, r.status, r.fields) for r in pending]
        api.accept_access_request(name, "eve")
        accepted = [r.username for r in api.list_accepted_access_requests(name)]
        try:
            api.accept_access_request(name, "eve")
        except Exception as error:
            again = error.response.status_code
        result([fields, accepted, len(list(api.list_pending_access_requests(name))), again])
        """)
    assert said == [[["eve", "pending", {"Affiliation": "none"}]], ["eve"], 0, 404]
    assert hub(version, weir.url, weir.eve).run(download).ok
    owner.run(f"""
        from huggingface_hub import HfApi
        HfApi().reject_access_request({name!r}, "eve", rejection_reason="changed my mind")
        """).checked()
    refused = hub(version, weir.url, weir.eve).run(download)
    assert not refused.ok and "GatedRepoError" in refused.text
    said = owner.value(f"""
        from huggingface_hub import HfApi
        api, name = HfApi(), {name!r}
        rejected = [r.username for r in api.list_rejected_access_requests(name)]
        api.grant_access(name, "eve")
        codes = []
        for user in ("eve", "nobody-here"):
            try:
                api.grant_access(name, user)
            except Exception as error:
                codes.append(error.response.status_code)
        result([rejected, codes])
        """)
    assert said == [["eve"], [400, 404]]
    assert hub(version, weir.url, weir.eve).run(download).ok
    # cyd writes there, but does not decide who comes in.
    listed = weir.get(f"/api/models/{name}/user-access-request/pending", headers=bearer(weir.cyd))
    assert listed.status_code == 403


def test_an_organisation_is_governed_by_its_admins(weir):
    members = f"{GATEWAY}/organizations/acme/members"

    def ask(method, path, token, **more):
        return requests.request(method, weir.url + path, headers=bearer(token), timeout=30, **more)

    assert ask("PUT", f"{members}/eve", weir.cyd, json={"role": "admin"}).status_code == 403
    assert ask("PUT", f"{members}/cyd", weir.cyd, json={"role": "admin"}).status_code == 403
    # Fields that are nobody's to set change nothing.
    extra = {"role": "reader", "is_administrator": True, "isAdministrator": True, "user_id": 1}
    assert ask("PUT", f"{members}/eve", weir.ada, json=extra).status_code == 200
    assert ask("GET", f"{GATEWAY}/users", weir.eve).status_code == 403
    assert ask("GET", "/api/models/acme/secret", weir.eve).status_code == 200
    assert ask("DELETE", f"{members}/eve", weir.ada).status_code == 204
    assert ask("GET", "/api/models/acme/secret", weir.eve).status_code == 404
    assert ask("DELETE", f"{members}/ada", weir.ada).status_code == 409
    assert ask("POST", f"{GATEWAY}/organizations", weir.ada, json={"name": "mine"}).status_code == 403
    made = ask("POST", f"{GATEWAY}/organizations", weir.root, json={"name": "umbrella", "owner": "eve"})
    assert made.status_code == 201
    listed = ask("GET", f"{GATEWAY}/organizations", weir.cyd).json()["organizations"]
    assert [each["name"] for each in listed] == ["acme", "umbrella"]


def test_tokens_are_made_narrower_and_revoked(weir):
    made = weir.post(f"{GATEWAY}/tokens", headers=bearer(weir.ada), json={
        "name": "ci", "scope": "read", "resources": ["model:ada/own"], "expiresInSeconds": 3600})
    assert made.status_code == 201, made.text
    narrow = made.json()
    assert weir.get("/api/models/ada/own", headers=bearer(narrow["token"])).status_code == 200
    assert weir.get("/api/models/acme/secret", headers=bearer(narrow["token"])).status_code == 404
    wider = weir.post(f"{GATEWAY}/tokens", headers=bearer(narrow["token"]), json={"name": "x", "scope": "write"})
    assert wider.status_code == 403
    listed = weir.get(f"{GATEWAY}/tokens", headers=bearer(weir.ada))
    assert narrow["id"] in [each["id"] for each in listed.json()["tokens"]] and narrow["token"] not in listed.text
    foreign = requests.delete(f"{weir.url}{GATEWAY}/tokens/{narrow['id']}", headers=bearer(weir.eve), timeout=30)
    assert foreign.status_code == 404
    assert narrow["id"] in weir.checked("token", "list", "--user", "ada")
    weir.checked("token", "revoke", narrow["id"], "--user", "ada")
    assert weir.get("/api/models/ada/own", headers=bearer(narrow["token"])).status_code == 401
    other = weir.checked("token", "create", "--user", "ada", "--days", "30", "--only", "model:ada/own")
    assert weir.get("/api/models/ada/own", headers=bearer(other)).status_code == 200
    assert weir.get("/api/models/acme/secret", headers=bearer(other)).status_code == 404


def test_a_decision_is_explained_to_whom_it_concerns(weir):
    def explain(token, **query):
        return weir.get("/api/authz/explain", params=query, headers=bearer(token))

    writes = explain(weir.cyd, repo="model:acme/secret", verb="content.write").json()
    assert writes["allowed"] and writes["rule"] == "member"
    deletes = explain(weir.cyd, repo="model:acme/secret", verb="delete").json()
    assert not deletes["allowed"] and deletes["outcome"] == "forbidden"
    hidden = explain(weir.eve, repo="model:acme/secret", verb="discover")
    missing = explain(weir.eve, repo="model:acme/absent", verb="discover")
    assert hidden.status_code == missing.status_code == 404
    assert explain(weir.cyd, repo="model:acme/secret", verb="discover", user="eve").status_code == 403
    told = explain(weir.root, repo="model:acme/secret", verb="discover", user="eve").json()
    assert told["outcome"] == "hidden" and told["user"] == "eve"


def test_a_grant_gives_one_repository_and_a_denial_takes_it(weir):
    path = f"{GATEWAY}/grants/model/ada/own"
    given = weir.post(path, headers=bearer(weir.ada), json={"user": "eve", "role": "reader"})
    assert given.status_code == 201
    assert weir.get("/api/models/ada/own", headers=bearer(weir.eve)).status_code == 200
    assert weir.post(path, headers=bearer(weir.eve), json={"user": "cyd", "role": "reader"}).status_code == 403
    denied = weir.post(path, headers=bearer(weir.ada), json={"user": "eve", "role": "reader", "effect": "deny"})
    assert denied.status_code == 201
    assert weir.get("/api/models/ada/own", headers=bearer(weir.eve)).status_code == 404
    everybody = weir.post(path, headers=bearer(weir.ada), json={"subject": "everyone", "role": "writer"})
    assert everybody.status_code == 400
    for grant in (given, denied):
        gone = requests.delete(f"{weir.url}{path}/{grant.json()['id']}", headers=bearer(weir.ada), timeout=30)
        assert gone.status_code == 204
    assert weir.get("/api/models/ada/own", headers=bearer(weir.eve)).status_code == 404


def gate(weir: Weir, name: str, gated):
    """Sets the gate as its admin."""
    answer = requests.put(
        f"{weir.url}{GATEWAY}/gates/model/{name}", headers=bearer(weir.ada), json={"gated": gated}, timeout=30)
    assert answer.status_code == 200, answer.text


def test_offices_do_their_duty_and_read_no_content(weir):
    """Given by the command line and by HTTP, on an organisation and on the hub; explained, and taken away."""
    people = {name: bearer(weir.token(name, scope="write")) for name in ("fay", "gus", "hal", "ivy")}
    weir.import_folder(content.small_model(weir.data.parent / "office", "office", "mit"), "model:acme/office", "--private")
    auditor = weir.checked("grant", "add", "fay", "--role", "auditor", "--org", "acme").strip()
    weir.checked("grant", "add", "gus", "--role", "operator")
    given = weir.post(f"{GATEWAY}/organizations/acme/grants", headers=bearer(weir.ada),
                      json={"user": "hal", "role": "gatekeeper"})
    assert given.status_code == 201 and given.json()["role"] == "gatekeeper"
    site = weir.post(f"{GATEWAY}/grants", headers=bearer(weir.root), json={"user": "ivy", "role": "auditor"})
    assert site.status_code == 201
    assert f"{auditor} allow auditor fay" in weir.checked("grant", "list", "--org", "acme")

    for name in ("fay", "gus", "hal", "ivy"):
        assert weir.get("/api/models/acme/office", headers=people[name]).status_code == 200, name
        assert weir.get("/acme/office/resolve/main/README.md", headers=people[name]).status_code == 403, name
    audits = {"fay": (403, 200, 200), "gus": (403, 403, 403), "hal": (403, 403, 403), "ivy": (200, 200, 200)}
    for name, expected in audits.items():
        places = ("audit", "organizations/acme/audit", "audit/model/acme/office")
        assert tuple(weir.get(f"{GATEWAY}/{place}", headers=people[name]).status_code for place in places) == expected
    records = weir.get(f"{GATEWAY}/organizations/acme/audit", headers=people["fay"]).json()["records"]
    assert records and all("acme" in record["object"] for record in records)
    for name, status in {"gus": 200, "fay": 403, "ivy": 403, "hal": 403}.items():
        answer = requests.put(f"{weir.url}{GATEWAY}/quotas/acme", headers=people[name], json={"bytes": 10**12})
        assert answer.status_code == status, name

    requests.put(f"{weir.url}{GATEWAY}/gates/model/acme/office", headers=bearer(weir.ada),
                 json={"gated": "manual"}).raise_for_status()
    pending = "/api/models/acme/office/user-access-request/pending"
    assert {name: weir.get(pending, headers=people[name]).status_code for name in people} \
        == {"fay": 403, "gus": 403, "hal": 200, "ivy": 403}
    said = weir.get("/api/authz/explain?repo=model:acme/office&verb=gate.approve", headers=people["hal"]).json()
    assert said["allowed"] and said["rule"] == "grant" and said["reason"].endswith("gives the role gatekeeper.")

    weir.checked("grant", "remove", auditor, "--org", "acme")
    assert weir.get("/api/models/acme/office", headers=people["fay"]).status_code == 404
