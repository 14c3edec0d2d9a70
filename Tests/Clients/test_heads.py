"""HEAD where GET is: the same head, no body, and nothing that counts as a download."""

import pytest
import requests


@pytest.mark.parametrize("path", [
    "/api/models/acme/tiny", "/api/models/acme/tiny/tree/main", "/api/models/acme/tiny/refs", "/api/models?search=tiny",
    "/hf/api/models/acme/tiny", "/api/v1/models/acme/tiny", "/api/v1/models/acme/tiny/branches", "/api/gateway/v1/openapi.json",
    "/acme/tiny.git/info/refs?service=git-upload-pack"])
def test_head_is_get_without_a_body(path, community):
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {community.token('reader')}"
        got = session.get(community.url + path, timeout=30)
        asked = session.head(community.url + path, timeout=30)
        assert (asked.status_code, asked.content) == (got.status_code, b"")
        assert got.status_code != 405
        assert asked.headers.get("Content-Type") == got.headers.get("Content-Type")
        if "Content-Length" in got.headers:
            assert asked.headers["Content-Length"] == got.headers["Content-Length"]
        # The connection is still in step.
        assert session.get(community.url + "/livez", timeout=30).text == "ok\n"


def test_head_of_what_is_not_there_says_so(community):
    answer = requests.head(f"{community.url}/api/models/acme/nothing", timeout=30)
    assert answer.status_code == requests.get(f"{community.url}/api/models/acme/nothing", timeout=30).status_code
    assert answer.headers["X-Error-Code"]


def test_head_changes_nothing(community):
    for method in ("POST", "DELETE", "PUT"):
        assert requests.request(method, f"{community.url}/livez", timeout=30).status_code == 405
    allowed = requests.put(f"{community.url}/livez", timeout=30).headers["Allow"]
    assert "HEAD" in allowed
