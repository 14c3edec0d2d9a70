"""The LFS batch API and object downloads, byte by byte (git-lfs's own API documents)."""

import http.client
import json

import pytest

from support.content import sha256_of

TYPE = "application/vnd.git-lfs+json"
HEADERS = {"Accept": TYPE, "Content-Type": TYPE + "; charset=utf-8"}


@pytest.fixture(scope="module")
def weights(community):
    path = community.content.models["acme/nested"] / "model.safetensors"
    return {"oid": sha256_of(path), "size": path.stat().st_size, "content": path.read_bytes()}


def batch(server, objects, repository="acme/nested", operation="download", headers=HEADERS, **more):
    body = {"operation": operation, "transfers": ["basic", "ssh", "lfs-standalone-file"], "objects": objects, **more}
    return server.post(f"/{repository}.git/info/lfs/objects/batch", data=json.dumps(body), headers=headers)


def wanted(weights):
    return {"oid": weights["oid"], "size": weights["size"]}


def href_of(server, weights, **more) -> str:
    answer = batch(server, [wanted(weights)], **more)
    assert answer.status_code == 200, answer.text
    return answer.json()["objects"][0]["actions"]["download"]["href"]


@pytest.fixture(params=["community", "gateway"])
def server(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("more", [{"ref": {}}, {"ref": None}, {}, {"ref": {"name": "refs/heads/main"}},
                                  {"hash_algo": "sha256"}, {"unknown": {"field": 1}}])
def test_a_batch_with_every_shape_of_ref(more, server, weights):
    answer = batch(server, [wanted(weights)], **more)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith(TYPE)
    body = answer.json()
    assert body.get("transfer", "basic") == "basic" and body.get("hash_algo", "sha256") == "sha256"
    item = body["objects"][0]
    assert (item["oid"], item["size"]) == (weights["oid"], weights["size"]) and "error" not in item
    assert item["actions"]["download"]["href"].startswith(server.url)


def test_transfers_may_be_absent(server, weights):
    answer = server.post("/acme/nested.git/info/lfs/objects/batch", headers=HEADERS,
                         data=json.dumps({"operation": "download", "objects": [wanted(weights)]}))
    assert answer.status_code == 200 and "actions" in answer.json()["objects"][0]


def test_another_hash_is_refused(server, weights):
    assert batch(server, [wanted(weights)], hash_algo="sha1").status_code == 409


def test_all_missing_is_still_200(server):
    objects = [{"oid": f"{n:064x}", "size": 5} for n in range(1, 4)]
    answer = batch(server, objects)
    assert answer.status_code == 200
    assert [o["error"]["code"] for o in answer.json()["objects"]] == [404, 404, 404]


@pytest.mark.parametrize("oid, size", [
    ("abc", 1), ("0" * 65, 1), ("g" * 64, 1), ("../" * 21 + "x", 1), ("", 1), ("0" * 64, -1)])
def test_a_malformed_object_is_an_error_of_that_object(oid, size, server, weights):
    answer = batch(server, [{"oid": oid, "size": size}, wanted(weights)])
    assert answer.status_code == 200
    by_oid = {o["oid"]: o for o in answer.json()["objects"]}
    assert by_oid[oid]["error"]["code"] in (404, 422)
    assert "actions" in by_oid[weights["oid"]]


def test_an_upper_case_oid_is_the_same_or_an_error_but_never_a_crash(server, weights):
    answer = batch(server, [{"oid": weights["oid"].upper(), "size": weights["size"]}])
    assert answer.status_code == 200
    item = answer.json()["objects"][0]
    assert "actions" in item or item["error"]["code"] in (404, 422)


def test_a_wrong_size_is_an_error_of_that_object(server, weights):
    item = batch(server, [{"oid": weights["oid"], "size": weights["size"] + 1}]).json()["objects"][0]
    assert item["error"]["code"] in (404, 422)


def test_a_thousand_objects_and_duplicates(server, weights):
    objects = [{"oid": f"{n:064x}", "size": 1} for n in range(1, 999)] + [wanted(weights)] * 2
    answer = batch(server, objects)
    assert answer.status_code == 200
    found = answer.json()["objects"]
    assert {o["oid"] for o in found} == {o["oid"] for o in objects}
    assert all("actions" in o for o in found if o["oid"] == weights["oid"])


def test_an_empty_list_of_objects(server):
    answer = batch(server, [])
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"operation":"download"}', '{"operation":"erase","objects":[]}',
                                  '{"operation":"download","objects":[{"oid":1,"size":"x"}]}',
                                  '{"operation":"download","objects":[{"oid":"a","size":99999999999999999999999}]}'])
def test_nonsense_is_answered_in_lfs_json(text, server):
    answer = server.post("/acme/nested.git/info/lfs/objects/batch", data=text, headers=HEADERS)
    assert 200 <= answer.status_code < 500
    assert answer.headers["Content-Type"].startswith(TYPE)
    if answer.status_code >= 400:
        assert answer.json()["message"]


def test_an_object_with_its_ranges(server, weights):
    href, content = href_of(server, weights), weights["content"]
    path = href[len(server.url):]
    whole = server.get(path)
    assert whole.status_code == 200 and whole.content == content
    assert whole.headers["Accept-Ranges"] == "bytes" and "Content-Encoding" not in whole.headers
    assert whole.headers["ETag"] == f'"{weights["oid"]}"'
    assert int(whole.headers["Content-Length"]) == len(content)
    head = server.head(path)
    assert head.status_code == 200 and int(head.headers["Content-Length"]) == len(content)
    for asked, first, last in (("bytes=0-9", 0, 9), ("bytes=-10", len(content) - 10, len(content) - 1),
                               (f"bytes={len(content) - 1}-", len(content) - 1, len(content) - 1)):
        part = server.get(path, headers={"Range": asked})
        assert (part.status_code, part.content) == (206, content[first:last + 1]), asked
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(content)}"
    beyond = server.get(path, headers={"Range": f"bytes={len(content)}-"})
    assert beyond.status_code == 416 and beyond.headers["Content-Range"] == f"bytes */{len(content)}"


def test_gzip_is_not_applied_to_objects(server, weights):
    answer = server.get(href_of(server, weights)[len(server.url):], headers={"Accept-Encoding": "gzip"}, stream=True)
    assert "Content-Encoding" not in answer.headers and answer.raw.read() == weights["content"]


def test_an_oid_of_another_repository_is_not_here(server, community):
    other = community.content.models["acme/large"] / "model.safetensors"
    item = batch(server, [{"oid": sha256_of(other), "size": other.stat().st_size}]).json()["objects"][0]
    assert item["error"]["code"] == 404


def test_a_signature_fits_one_object_only(server, weights, community):
    """A signed href of one object does not open another, even one that is stored (the lfscache hole)."""
    other = community.content.models["acme/tiny"] / "model.safetensors"
    oid = sha256_of(other)
    server.get("/acme/tiny/resolve/main/model.safetensors")  # now it is stored on the gateway too
    forged = href_of(server, weights).replace(weights["oid"], oid)
    if oid not in forged:
        pytest.skip("the href does not name the object")
    assert server.get(forged[len(server.url):]).status_code in (401, 403, 404)


def test_a_missing_repository_is_404_in_lfs_json(server):
    answer = batch(server, [{"oid": "0" * 64, "size": 1}], repository="acme/absent")
    assert answer.status_code in (401, 404) and answer.json()["message"]
    if answer.status_code == 401:
        assert "LFS-Authenticate" in answer.headers or "WWW-Authenticate" in answer.headers


def test_uploading_to_a_mirror_is_refused(gateway, weights):
    answer = batch(gateway, [wanted(weights)], operation="upload")
    assert answer.status_code in (401, 403, 404, 501)


def test_paths_cannot_climb_out(server):
    for path in ("/acme/nested.git/info/lfs/objects/..%2f..%2f..%2fetc%2fpasswd",
                 "/acme/nested/resolve/main/..%2f..%2f..%2fetc/passwd",
                 "/acme/nested/resolve/main/../../../../../etc/passwd",
                 "/acme/..%2f..%2fnested/resolve/main/config.json"):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert 400 <= answer.status < 500, path
        assert b"root:" not in answer.read()
        connection.close()
