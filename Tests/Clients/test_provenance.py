"""Each acquired revision has an immutable record of where it came from, for whom, and under which decision."""

import re

import pytest

from support.content import digests, sha256_of
from support.weir import eventually


def record_of(gateway, name: str, commit: str, kind: str = "models", **options):
    return gateway.get(f"/api/gateway/v1/provenance/{kind}/{name}@{commit}", **options)


@pytest.fixture(scope="module")
def pulled(gateway, community):
    """acme/tiny at its newest commit, pulled by alice."""
    token = gateway.token("alice")
    headers = {"Authorization": f"Bearer {token}"}
    for file in ("README.md", "config.json", "model.safetensors", "notes.txt"):
        assert gateway.get(f"/acme/tiny/resolve/main/{file}", headers=headers).status_code == 200
    return community.content.tiny_commits[1]


def test_the_record_says_where_everything_came_from(gateway, community, pulled):
    answer = eventually(lambda: (a := record_of(gateway, "acme/tiny", pulled)).status_code == 200 and a, 10)
    text, record = answer.text, answer.json()
    assert community.url in text and pulled in text
    assert "hub" in text, "the upstream's name"
    assert "alice" in text
    assert re.search(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d", text)
    assert "allow" in text.lower()
    assert re.search(r"(sha256:)?[0-9a-f]{64}", str(record.get("policyDigest") or record)), "the policy's digest"
    folder = community.content.models["acme/tiny"]
    for file in digests(folder):
        assert file in text, file
    assert sha256_of(folder / "model.safetensors") in text
    assert str((folder / "model.safetensors").stat().st_size) in text


def test_the_record_does_not_change(gateway, pulled):
    before = record_of(gateway, "acme/tiny", pulled).json()
    gateway.get("/acme/tiny/resolve/main/config.json")
    assert record_of(gateway, "acme/tiny", pulled).json() == before
    for method in ("PUT", "DELETE", "POST"):
        import requests
        answer = requests.request(method, f"{gateway.url}/api/gateway/v1/provenance/models/acme/tiny@{pulled}", timeout=10)
        assert answer.status_code in (401, 403, 404, 405)


def test_a_commit_nobody_pulled_has_no_record(gateway, pulled):
    assert record_of(gateway, "acme/tiny", "0" * 40).status_code == 404
    assert record_of(gateway, "acme/absent", pulled).status_code in (401, 404)


def test_the_record_survives_a_restart(make_gateway, community):
    gateway = make_gateway(community.url)
    commit = gateway.head("/acme/nested/resolve/main/config.json").headers["X-Repo-Commit"]
    before = eventually(lambda: (a := record_of(gateway, "acme/nested", commit)).status_code == 200 and a, 10).json()
    gateway.kill()
    gateway.start()
    assert record_of(gateway, "acme/nested", commit).json() == before
