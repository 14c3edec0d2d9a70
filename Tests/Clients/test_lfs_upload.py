"""Uploads by LFS and locks: byte by byte as git-lfs's API documents say, and with git-lfs and huggingface_hub."""

import concurrent.futures
import hashlib
import http.client
import json
import math
import os
import socket
import subprocess
import time
import urllib.parse

import pytest
import requests

from support.content import MEBIBYTE
from support.weir import ROOT, Weir, eventually
from test_disk_full import shim  # noqa: F401

TYPE = "application/vnd.git-lfs+json"
HEADERS = {"Accept": TYPE, "Content-Type": TYPE}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("upload")
    with Weir(home) as weir:
        folder = home / "seed"
        folder.mkdir()
        (folder / "README.md").write_text("# seed\n")
        weir.acme = weir.token("acme", "write")
        weir.reader = weir.token("acme", "read")
        weir.other = weir.token("other", "write")
        weir.colleague = weir.token("colleague", "write")
        for name in ("model:acme/demo", "model:acme/second", "model:other/theirs", "dataset:acme/tables"):
            weir.import_folder(folder, name)
        granted = requests.post(
            f"{weir.url}/api/gateway/v1/grants/model/acme/demo", headers=authorization(weir.acme),
            json={"user": "colleague", "role": "writer"}, timeout=60)
        assert granted.status_code == 201, granted.text
        yield weir


def authorization(token) -> dict:
    return {"Authorization": f"Bearer {token}"} if token else {}


def content(size: int, seed: str = "") -> tuple[bytes, str]:
    """`size` bytes that no other test has, and their digest."""
    data = os.urandom(size) if not seed else hashlib.sha256(seed.encode()).digest() * (size // 32 + 1)
    data = data[:size]
    return data, hashlib.sha256(data).hexdigest()


def batch(server, oid, size, token="acme", repository="acme/demo", operation="upload", transfers=("basic",), **more):
    body = {"operation": operation, "transfers": list(transfers), "objects": [{"oid": oid, "size": size}], **more}
    token = getattr(server, token) if token else None
    return server.post(f"/{repository}.git/info/lfs/objects/batch", data=json.dumps(body),
                       headers={**HEADERS, **authorization(token)})


def actions(server, oid, size, **more) -> dict:
    answer = batch(server, oid, size, **more)
    assert answer.status_code == 200, answer.text
    item = answer.json()["objects"][0]
    assert "error" not in item, item
    return item.get("actions")


def is_present(server, oid, size, **more) -> bool:
    return actions(server, oid, size, **more) is None


def downloads(server, oid, size, repository="acme/demo", token="acme"):
    item = batch(server, oid, size, repository=repository, token=token, operation="download").json()["objects"][0]
    return "actions" in item


def put(href, data, **options):
    return requests.put(href, data=data, timeout=60, **options)


def verify(action, oid, size):
    return requests.post(action["href"], json={"oid": oid, "size": size}, headers=HEADERS, timeout=30)


# -- basic


def test_an_object_goes_up_by_its_link_alone_and_comes_down_again(server):
    data, oid = content(3 * MEBIBYTE + 17)
    found = actions(server, oid, len(data))
    assert verify(found["verify"], oid, len(data)).status_code == 404
    answer = put(found["upload"]["href"], data)
    assert answer.status_code == 200, answer.text
    assert put(found["upload"]["href"], data).status_code == 200, "it is idempotent"
    assert verify(found["verify"], oid, len(data)).status_code == 200
    assert verify(found["verify"], oid, len(data) + 1).status_code == 422
    assert is_present(server, oid, len(data))
    got = server.get(f"/acme/demo.git/info/lfs/objects/{oid}", headers=authorization(server.acme))
    assert got.status_code == 200 and got.content == data


def test_credentials_do_as_well_as_a_link(server):
    data, oid = content(1000)
    url = f"{server.url}/datasets/acme/tables.git/info/lfs/objects/{oid}"
    assert put(url, data).status_code == 401
    assert put(url, data, headers=authorization(server.reader)).status_code == 403
    # An outsider may propose: what he sends is staged as his, and is not the repository's.
    assert put(url, data, headers=authorization(server.other)).status_code == 200
    assert not downloads(server, oid, len(data), repository="datasets/acme/tables")
    assert put(url, data, auth=("acme", server.acme)).status_code == 200
    assert downloads(server, oid, len(data), repository="datasets/acme/tables")
    assert oid in server.stored_blobs()


@pytest.mark.parametrize("change", [
    lambda d: bytes([d[0] ^ 1]) + d[1:], lambda d: d[:-1], lambda d: d + b"x", lambda d: b""],
    ids=["wrong bytes", "too short", "too long", "nothing"])
@pytest.mark.parametrize("chunked", [False, True])
def test_s14_wrong_bytes_leave_nothing_behind(server, change, chunked):
    data, oid = content(100_000)
    found, wrong = actions(server, oid, len(data)), change(data)
    answer = put(found["upload"]["href"], iter([wrong[i:i + 7000] for i in range(0, len(wrong), 7000)])
                 if chunked else wrong)
    assert answer.status_code == 422 and answer.json()["message"], answer.text
    assert oid not in server.stored_blobs() and not server.partial_files()
    assert not is_present(server, oid, len(data)) and not downloads(server, oid, len(data))
    assert put(found["upload"]["href"], iter([data]) if chunked else data).status_code == 200


def test_a_promised_size_that_is_not_the_objects_is_refused_at_the_end(server):
    data, oid = content(5000)
    assert put(actions(server, oid, 4999)["upload"]["href"], data).status_code == 422
    assert put(actions(server, oid, 4999)["upload"]["href"], data[:4999]).status_code == 422
    assert oid not in server.stored_blobs()


def test_s13_knowing_a_digest_is_not_having_the_bytes(server):
    """B learns the oid of A's object: he may neither read it, nor link it without sending it (S13)."""
    data, oid = content(50_000)
    assert put(actions(server, oid, len(data))["upload"]["href"], data).status_code == 200
    theirs = {"repository": "other/theirs", "token": "other"}
    assert not downloads(server, oid, len(data), **theirs)
    found = actions(server, oid, len(data), **theirs)
    assert found, "it must be sent in full"
    assert put(found["upload"]["href"], b"x" * len(data)).status_code == 422
    assert verify(found["verify"], oid, len(data)).status_code == 404
    assert not downloads(server, oid, len(data), **theirs)
    assert put(found["upload"]["href"], data).status_code == 200
    assert downloads(server, oid, len(data), **theirs)
    assert verify(found["verify"], oid, len(data)).status_code == 200


def test_who_may_ask_for_uploads(server):
    data, oid = content(10)
    assert batch(server, oid, 10, token=None).status_code == 401
    assert "LFS-Authenticate" in batch(server, oid, 10, token=None).headers
    assert batch(server, oid, 10, token="reader").status_code == 403
    # Whoever may open a pull request may upload for it: what he brings is his until the pull request names it.
    assert batch(server, oid, 10, token="other").status_code == 200
    assert batch(server, oid, 10, repository="acme/absent").status_code == 404
    item = batch(server, "abc", 10).json()["objects"][0]
    assert item["error"]["code"] == 422
    item = batch(server, oid, 1 << 62).json()["objects"][0]
    assert item["error"]["code"] == 507, "what cannot fit is not invited"


def test_a_link_is_for_one_repository_one_object_one_operation_and_a_time(server):
    data, oid = content(300)
    found = actions(server, oid, len(data))
    href = found["upload"]["href"]
    _, elsewhere = content(300)
    assert put(href.replace("/acme/demo", "/acme/second"), data).status_code == 403
    assert put(href.replace("/acme/demo", "/other/theirs"), data).status_code == 403
    assert put(href.replace(oid, elsewhere), data).status_code == 403
    assert put(href.replace("size=300", "size=301"), data + b"x").status_code == 403
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(href).query))
    for name, value in (("expires", "1"), ("expires", str(int(query["expires"]) + 1)), ("signature", "0" * 64),
                        ("signature", ""), ("token", "0"), ("token", "-1")):
        changed = urllib.parse.urlencode({**query, name: value})
        assert put(href.split("?")[0] + "?" + changed, data).status_code == 403, (name, value)
    assert requests.get(href, timeout=10).status_code == 403, "a link to upload does not download"
    assert put(found["verify"]["href"].replace("/verify", ""), data).status_code == 403
    assert put(href, data).status_code == 200
    down = batch(server, oid, 300, operation="download").json()["objects"][0]["actions"]["download"]["href"]
    assert requests.get(down, timeout=10).content == data
    assert put(down, data).status_code == 403, "a link to download does not upload"


def test_s54_a_refused_body_is_not_even_invited(server):
    """Expect: 100-continue is answered when the body is wanted, and by the refusal when it is not."""
    data, oid = content(200_000)
    href = urllib.parse.urlsplit(actions(server, oid, len(data))["upload"]["href"])

    def begin(query, length):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        connection.sendall(
            f"PUT {href.path}?{query} HTTP/1.1\r\nHost: {href.netloc}\r\nContent-Length: {length}\r\n"
            "Expect: 100-continue\r\n\r\n".encode())
        return connection, connection.recv(4096)

    for query, length, status in ((href.query.replace("signature=", "signature=0"), len(data), 403),
                                  (href.query, len(data) + 1, 422)):
        connection, first = begin(query, length)
        assert first.startswith(f"HTTP/1.1 {status} ".encode()), first
        connection.close()
    connection, first = begin(href.query, len(data))
    assert first.startswith(b"HTTP/1.1 100 "), first
    connection.sendall(data)
    assert b"HTTP/1.1 200 " in connection.recv(4096)
    connection.close()


def test_s14_fifty_at_once_make_one_object(server):
    data, oid = content(400_000)
    found = actions(server, oid, len(data))
    wrong = b"\0" * len(data)
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(
            lambda n: put(found["upload"]["href"], wrong if n % 5 == 0 else data).status_code, range(50)))
    assert answers == [422 if n % 5 == 0 else 200 for n in range(50)]
    stored = server.stored_blobs()[oid]
    assert stored.read_bytes() == data and not server.partial_files()


def test_a_client_that_hangs_up_leaves_nothing(server):
    data, oid = content(500_000)
    href = urllib.parse.urlsplit(actions(server, oid, len(data))["upload"]["href"])
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("PUT", f"{href.path}?{href.query}")
    connection.putheader("Content-Length", str(len(data)))
    connection.endheaders()
    connection.send(data[:250_000])
    eventually(lambda: server.partial_files(), 10, "nothing was received")
    connection.close()
    eventually(lambda: not server.partial_files(), 10, "a broken upload stays")
    assert oid not in server.stored_blobs()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_s24_uploads_that_do_not_fit_together_are_not_all_invited(tmp_path):
    """Twenty at once on a disk with room for a few: each is stored whole or refused, and room is left (S24)."""
    disk, folder = tmp_path / "disk", tmp_path / "seed"
    disk.mkdir()
    folder.mkdir()
    (folder / "README.md").write_text("# seed\n")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128m", "weir-test", disk]).returncode != 0:
        pytest.skip("this container may not mount")
    try:
        with Weir(tmp_path, data=disk / "data") as server:
            server.import_folder(folder, "model:acme/demo")
            server.acme = server.token("acme", "write")
            objects = [content(12 * MEBIBYTE) for _ in range(20)]
            links = [actions(server, oid, len(data))["upload"]["href"] for data, oid in objects]

            def send(n):
                try:
                    return put(links[n], objects[n][0]).status_code
                except requests.ConnectionError:
                    return 507  # refused before the body was sent, and the connection closed upon it

            with concurrent.futures.ThreadPoolExecutor(20) as pool:
                answers = list(pool.map(send, range(20)))
            assert set(answers) == {200, 507} and 2 <= answers.count(200) <= 10
            stored = server.stored_blobs()
            assert {oid for (_, oid), status in zip(objects, answers) if status == 200} == set(stored)
            space = os.statvfs(disk)
            assert space.f_bavail * space.f_frsize > MEBIBYTE, "the reserve was used up"
            assert not server.partial_files()
            data, oid = content(100 * MEBIBYTE, "full")
            item = batch(server, oid, len(data)).json()["objects"][0]
            assert item["error"]["code"] == 507, "it is told before anything is sent"
            small, oid = content(1000)
            assert put(actions(server, oid, 1000)["upload"]["href"], small).status_code == 200
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def test_a_disk_that_fills_up_midway_is_507_and_gets_its_space_back(shim, tmp_path):  # noqa: F811
    flag, folder = tmp_path / "disk-is-full", tmp_path / "seed"
    folder.mkdir()
    (folder / "README.md").write_text("# seed\n")
    data = tmp_path / "data"
    with Weir(tmp_path, data=data, environment={
            "LD_PRELOAD": str(shim), "DISK_FULL_FLAG": str(flag), "DISK_FOLDER": str(data)}) as server:
        server.import_folder(folder, "model:acme/demo")
        server.acme = server.token("acme", "write")
        bytes_, oid = content(4 * MEBIBYTE)
        basic = actions(server, oid, len(bytes_))["upload"]["href"]
        tus_href = actions(server, oid, len(bytes_), transfers=["tus"])["upload"]["href"]
        parts = actions(server, oid, len(bytes_), transfers=["multipart"], upload_id=None)["upload"]
        tus_headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                       "Content-Type": "application/offset+octet-stream"}
        for method, href, headers in (("PUT", basic, {}), ("PUT", parts["header"]["1"], {}),
                                      ("PATCH", tus_href, tus_headers)):
            url = urllib.parse.urlsplit(href)
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
            connection.putrequest(method, f"{url.path}?{url.query}")
            for name, value in {**headers, "Content-Length": str(len(bytes_))}.items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(bytes_[:2 * MEBIBYTE])
            eventually(lambda: sum(p.stat().st_size for p in server.partial_files()) >= MEBIBYTE, 20,
                       "nothing was written")
            flag.touch()
            connection.send(bytes_[2 * MEBIBYTE:])
            answer = connection.getresponse()
            assert answer.status == 507, (href, answer.read())
            connection.close()
            eventually(lambda: not server.partial_files(), 10, "the space is not free again")
            flag.unlink()
        assert oid not in server.stored_blobs()
        assert tus(tus_href, "PATCH", 0, bytes_).status_code == 204
        assert server.stored_blobs()[oid].read_bytes() == bytes_


# -- parts


def test_small_objects_are_not_cut_and_large_ones_only_for_who_can(server):
    for size, transfers, transfer in ((1000, ("basic", "multipart"), "basic"), (65 * MEBIBYTE, ("basic",), "basic"),
                                      (65 * MEBIBYTE, ("basic", "multipart", "xet"), "multipart")):
        answer = batch(server, "12" * 32, size, transfers=transfers).json()
        assert answer["transfer"] == transfer
        header = answer["objects"][0]["actions"]["upload"].get("header", {})
        assert ("chunk_size" in header) == (transfer == "multipart")
        if transfer == "multipart":
            assert len(header) - 1 == math.ceil(size / int(header["chunk_size"])) == 2
    # CSGHub's client for large folders can only send parts.
    answer = batch(server, "12" * 32, 1000, transfers=("basic", "multipart"), upload_id=None).json()
    assert "chunk_size" in answer["objects"][0]["actions"]["upload"]["header"]


def test_parts_go_up_at_once_and_completing_twice_is_fine(server):
    size = 64 * MEBIBYTE + 12_345
    data, oid = content(size, "parts")
    found = actions(server, oid, size, transfers=("basic", "multipart"))
    header = found["upload"]["header"]
    chunk = int(header["chunk_size"])
    links = [url for _, url in sorted((int(k), v) for k, v in header.items() if k.isdigit())]

    def send(number):
        return put(links[number], data[number * chunk:(number + 1) * chunk])

    assert put(links[1], data[:100]).status_code == 422
    assert put(links[0].replace("/parts/1", "/parts/2"), data[chunk:]).status_code == 403
    assert put(links[1].replace(f"partSize={chunk}", f"partSize={chunk - 1}"), data[:1]).status_code == 403
    completion = {"oid": oid, "parts": [{"partNumber": n + 1, "etag": '"x"'} for n in range(len(links))]}

    def complete(body=completion):
        return requests.post(found["upload"]["href"], json=body, headers=HEADERS, timeout=60)

    assert complete().status_code == 422, "nothing was sent yet"
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(len(links))))
    assert [a.status_code for a in answers] == [200] * len(links), answers[0].text
    assert len({answer.headers["ETag"] for answer in answers}) == len(links)
    assert complete({"oid": oid, "parts": completion["parts"][:1]}).status_code == 422
    assert complete({"oid": "0" * 64, "parts": completion["parts"]}).status_code == 422
    assert not is_present(server, oid, size)
    assert complete().status_code == 200
    assert complete().status_code == 200
    assert verify(found["verify"], oid, size).status_code == 200
    assert is_present(server, oid, size) and not server.partial_files()
    assert server.stored_blobs()[oid].stat().st_size == size


def test_parts_survive_the_death_of_the_server(tmp_path):
    folder = tmp_path / "seed"
    folder.mkdir()
    (folder / "README.md").write_text("# seed\n")
    with Weir(tmp_path) as server:
        server.import_folder(folder, "model:acme/demo")
        server.acme = server.token("acme", "write")
        size = 64 * MEBIBYTE + 99
        data, oid = content(size, "killed")
        found = actions(server, oid, size, transfers=("basic", "multipart"))
        links, chunk = found["upload"]["header"], int(found["upload"]["header"]["chunk_size"])
        assert put(links["2"], data[chunk:]).status_code == 200
        server.kill()
        server.start()
        assert put(links["1"], data[:chunk]).status_code == 200
        server.kill()
        server.start()
        completion = {"oid": oid, "parts": [{"partNumber": n, "etag": "x"} for n in (1, 2)]}
        assert requests.post(found["upload"]["href"], json=completion, timeout=60).status_code == 200
        assert is_present(server, oid, size) and not server.partial_files()


# A whole commit is another test's; the functions are those that it uses.
HUB_UPLOAD = """
    import huggingface_hub.lfs as lfs
    from huggingface_hub import CommitOperationAdd
    endpoint, token, repository, path = args
    operation = CommitOperationAdd("model.bin", path)
    found, errors, transfer = lfs.post_lfs_batch_info(
        upload_infos=[operation.upload_info], token=token, repo_type="model", repo_id=repository, revision="main",
        endpoint=endpoint)[:3]
    assert not errors, errors
    lfs.lfs_upload(operation=operation, lfs_batch_action=found[0], token=token, endpoint=endpoint)
    again = lfs.post_lfs_batch_info(
        upload_infos=[operation.upload_info], token=token, repo_type="model", repo_id=repository, revision="main",
        endpoint=endpoint)[0]
    result([transfer, operation.upload_info.sha256.hex(), "actions" in again[0]])
"""


@pytest.mark.parametrize("version", ["0.36.2", "2.4.0"])
@pytest.mark.parametrize("size, transfer", [(100_001, "basic"), (64 * MEBIBYTE + 5, "multipart")])
def test_huggingface_hub_uploads_small_and_large(server, hub, tmp_path, version, size, transfer):
    data, oid = content(size, f"{version} {size}")
    (tmp_path / "model.bin").write_bytes(data)
    chosen = hub(version, server.url, server.acme).value(
        HUB_UPLOAD, server.url, server.acme, "acme/demo", tmp_path / "model.bin")
    assert chosen == [transfer, oid, False]
    assert server.stored_blobs()[oid].stat().st_size == size


# -- tus


def tus(href, method, offset=None, data=None, **headers):
    headers = {"Tus-Resumable": "1.0.0", **headers}
    if offset is not None:
        headers |= {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return requests.request(method, href, data=data, headers=headers, timeout=60)


def test_a_resumable_upload_survives_the_death_of_the_server(tmp_path):
    folder = tmp_path / "seed"
    folder.mkdir()
    (folder / "README.md").write_text("# seed\n")
    with Weir(tmp_path) as server:
        server.import_folder(folder, "model:acme/demo")
        server.acme = server.token("acme", "write")
        data, oid = content(8 * MEBIBYTE)
        answer = batch(server, oid, len(data), transfers=("basic", "tus")).json()
        assert answer["transfer"] == "tus"
        found = answer["objects"][0]["actions"]
        href = urllib.parse.urlsplit(found["upload"]["href"])
        assert tus(found["upload"]["href"], "HEAD").headers["Upload-Offset"] == "0"
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.putrequest("PATCH", f"{href.path}?{href.query}")
        for name, value in (("Tus-Resumable", "1.0.0"), ("Upload-Offset", "0"), ("Content-Length", len(data)),
                            ("Content-Type", "application/offset+octet-stream")):
            connection.putheader(name, str(value))
        connection.endheaders()
        connection.send(data[:5 * MEBIBYTE])
        eventually(lambda: sum(p.stat().st_size for p in server.partial_files()) >= 4 * MEBIBYTE, 20,
                   "nothing was written")
        server.kill()
        connection.close()
        server.start()
        # The link survives as well.
        offset = int(tus(found["upload"]["href"], "HEAD").headers["Upload-Offset"])
        assert 4 * MEBIBYTE <= offset <= 5 * MEBIBYTE
        assert tus(found["upload"]["href"], "PATCH", 0, data).status_code == 409
        done = tus(found["upload"]["href"], "PATCH", offset, data[offset:])
        assert done.status_code == 204 and done.headers["Upload-Offset"] == str(len(data)), done.text
        assert verify(found["verify"], oid, len(data)).status_code == 200
        assert server.stored_blobs()[oid].read_bytes() == data and not server.partial_files()
        assert tus(found["upload"]["href"], "HEAD").headers["Upload-Offset"] == str(len(data))


def test_a_resumable_upload_says_what_it_does_not_take(server):
    data, oid = content(1000)
    href = actions(server, oid, 1000, transfers=("tus", "basic"))["upload"]["href"]
    assert requests.head(href, timeout=10).status_code == 412
    assert requests.patch(href, data=data, timeout=10, headers={
        "Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "text/plain"}).status_code == 415
    assert tus(href, "PATCH", None, data, **{"Content-Type": "application/offset+octet-stream"}).status_code == 400
    assert tus(href, "PATCH", 5, data[5:]).status_code == 409
    assert tus(href, "PATCH", 0, data + b"x").status_code == 422
    assert tus(href, "PATCH", 0, data[:500]).headers["Upload-Offset"] == "500"
    assert tus(href, "PATCH", 500, b"x" * 500).status_code == 422
    assert tus(href, "HEAD").headers["Upload-Offset"] == "0", "wrong bytes are thrown away"
    assert tus(href, "PATCH", 0, data).status_code == 204
    assert is_present(server, oid, 1000)


# -- git-lfs itself


@pytest.fixture
def clone(server, git, tmp_path):
    """A clone of acme/demo that may write, and a way to store an object in it as git-lfs does."""
    url = f"{server.url.replace('://', '://acme:' + server.acme + '@')}/models/acme/demo.git"
    folder = tmp_path / "clone"
    git.run("clone", url, folder)
    git.run("lfs", "install", "--local", "--skip-repo", cwd=folder)

    def store(name: str, size: int) -> tuple[str, int]:
        data, oid = content(size)
        (folder / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs -text\n")
        (folder / name).write_bytes(data)
        git.run("add", ".", cwd=folder)
        return oid, size

    folder_and_store = (folder, store)
    return folder_and_store


@pytest.mark.parametrize("settings", [(), ("-c", "lfs.tustransfers=true")], ids=["basic", "tus"])
def test_git_lfs_pushes_objects(server, git, clone, settings):
    folder, store = clone
    objects = [store(f"weights-{n}.bin", 300_000 + n) for n in range(3)]
    patches = server.metric("hub_http_requests_total", method="PATCH")
    git.run(*settings, "lfs", "push", "--object-id", "origin", *[oid for oid, _ in objects], cwd=folder)
    for oid, size in objects:
        assert server.stored_blobs()[oid].stat().st_size == size
        assert is_present(server, oid, size)
    git.run(*settings, "lfs", "push", "--object-id", "origin", *[oid for oid, _ in objects], cwd=folder)
    assert not server.partial_files()
    assert (server.metric("hub_http_requests_total", method="PATCH") > patches) == bool(settings)


def test_git_lfs_sends_parts_through_the_agent_of_csghub(server, git, clone):
    """csghub-cli installs itself as a transfer agent of git-lfs for objects that one body does not hold."""
    folder, store = clone
    oid, size = store("large.bin", 64 * MEBIBYTE + 77)
    agent = ("-c", f"lfs.customtransfer.multipart.path={ROOT}/.venv/csg/bin/python",
             "-c", f"lfs.customtransfer.multipart.args={ROOT}/.venv/csg/bin/csghub-cli lfs-multipart-upload")
    git.run(*agent, "lfs", "push", "--object-id", "origin", oid, cwd=folder)
    assert server.stored_blobs()[oid].stat().st_size == size
    assert is_present(server, oid, size)
    assert server.metric("hub_http_requests_total", method="POST", code="200",
                         route="/{kinds:models|datasets|spaces|codes|prompts|mcps|mcpservers|skills}/{namespace}/{name}/info/lfs/objects/{oid}/complete")


def test_git_lfs_says_why_it_may_not_push(server, git, clone):
    folder, store = clone
    oid, _ = store("denied.bin", 1000)
    git.run("remote", "set-url", "origin",
            f"{server.url.replace('://', '://acme:' + server.reader + '@')}/models/acme/demo.git", cwd=folder)
    output = git.try_run("lfs", "push", "--object-id", "origin", oid, cwd=folder)
    assert not output.ok and "may not" in output.text, output.text
    assert oid not in server.stored_blobs()


def test_git_lfs_locks_lists_and_unlocks(server, git, clone):
    folder, _ = clone
    assert "Locked data/model.bin" in git.run("lfs", "lock", "data/model.bin", cwd=folder)
    assert "data/model.bin" in git.run("lfs", "locks", cwd=folder)
    listed = json.loads(git.run("lfs", "locks", "--json", cwd=folder))
    assert [(lock["path"], lock["owner"]["name"]) for lock in listed] == [("data/model.bin", "acme")]
    verified = git.run("lfs", "locks", "--verify", cwd=folder)
    assert verified.startswith("O "), verified
    again = git.try_run("lfs", "lock", "data/model.bin", cwd=folder)
    assert not again.ok and "lock" in again.text.lower()
    git.run("lfs", "unlock", "data/model.bin", cwd=folder)
    assert json.loads(git.run("lfs", "locks", "--json", cwd=folder)) == []


# -- locks


def locks(server, method, path="", token="acme", repository="acme/demo", **options):
    token = getattr(server, token) if token else None
    return requests.request(method, f"{server.url}/{repository}.git/info/lfs/locks{path}", timeout=30,
                            headers={**HEADERS, **authorization(token)}, **options)


def test_ten_who_want_one_path(server):
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(
            lambda _: locks(server, "POST", json={"path": "contended.bin", "ref": {"name": "refs/heads/main"}}),
            range(10)))
    assert sorted(a.status_code for a in answers) == [201] + [409] * 9
    ids = {a.json()["lock"]["id"] for a in answers}
    assert len(ids) == 1 and all(isinstance(each, str) for each in ids)
    lock = answers[0].json()["lock"]
    assert lock["path"] == "contended.bin" and lock["owner"] == {"name": "acme"}
    assert time.strptime(lock["locked_at"], "%Y-%m-%dT%H:%M:%S.%fZ")


def test_a_lock_belongs_to_its_repository_and_its_owner(server):
    mine = locks(server, "POST", json={"path": "owned.bin"}).json()["lock"]["id"]
    theirs = locks(server, "POST", token="colleague", json={"path": "colleagues.bin"}).json()["lock"]["id"]
    # By another repository's route, whoever asks.
    for token, repository in (("acme", "acme/second"), ("other", "other/theirs")):
        for body in ({}, {"force": True}):
            answer = locks(server, "POST", f"/{mine}/unlock", token, repository, json=body)
            assert answer.status_code == 404, (token, repository, answer.text)
    assert locks(server, "POST", f"/{mine}/unlock", "other", json={"force": True}).status_code == 403
    assert locks(server, "POST", f"/{mine}/unlock", "reader", json={}).status_code == 403
    assert locks(server, "POST", f"/{mine}/unlock", None, json={}).status_code == 401
    listed = {lock["id"] for lock in locks(server, "GET", token=None).json()["locks"]}
    assert {mine, theirs} <= listed
    whose = locks(server, "POST", "/verify", json={"ref": {}}).json()
    assert mine in {lock["id"] for lock in whose["ours"]} and theirs in {lock["id"] for lock in whose["theirs"]}
    assert locks(server, "POST", f"/{theirs}/unlock", json={}).status_code == 403
    assert locks(server, "POST", f"/{theirs}/unlock", json={"force": True}).json()["lock"]["id"] == theirs
    assert locks(server, "POST", f"/{mine}/unlock", json={"ref": None}).status_code == 200
    assert locks(server, "POST", f"/{mine}/unlock", json={}).status_code == 404


def test_pages_of_locks_and_nonsense(server):
    repository = "acme/second"
    for n in range(5):
        assert locks(server, "POST", repository=repository, json={"path": f"p{n}"}).status_code == 201
    seen, cursor = [], ""
    while True:
        page = locks(server, "GET", f"?limit=2&cursor={cursor}", repository=repository).json()
        seen += [lock["path"] for lock in page["locks"]]
        cursor = page.get("next_cursor")
        if not cursor:
            break
    assert seen == [f"p{n}" for n in range(5)]
    one = locks(server, "GET", "?path=p3", repository=repository).json()["locks"]
    assert [lock["path"] for lock in one] == ["p3"]
    assert locks(server, "GET", "?path=absent", repository=repository).json()["locks"] == []
    assert locks(server, "GET", "?id=x", repository=repository).json()["locks"] == []
    assert locks(server, "GET", "?cursor=x", repository=repository).status_code == 400
    for body in ({"path": ""}, {"path": "../x"}, {"path": "a//b"}, {"path": ".git/config"}, {"path": "x" * 5000}):
        assert locks(server, "POST", repository=repository, json=body).status_code == 422, body
    for body in ("", "[]", "{", '{"path": 1}', "null"):
        assert locks(server, "POST", repository=repository, data=body).status_code == 400, body
    for id in ("x", "-1", "9" * 30, "%00"):
        assert locks(server, "POST", f"/{id}/unlock", repository=repository, json={}).status_code in (400, 404), id
