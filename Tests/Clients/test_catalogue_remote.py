"""What upstreams have, without fetching it: the catalogue over a simulated OpenCSG hub."""

import json
import time

import pytest
import requests

from support.simulated_opencsg import TOKEN, SimulatedOpenCSG
from support.weir import Weir, eventually, fast_upstream, mirror_document, NOT_FOUND

COUNT = 300
API = "/api/gateway/v1"


@pytest.fixture(scope="module")
def opencsg():
    with SimulatedOpenCSG(COUNT) as hub:
        # Some were private and some were gone before anybody came.
        hub.repositories[11].private = True
        hub.repositories[12].gone = True
        yield hub


def token_file(home):
    path = home / "opencsg.token"
    path.write_text(TOKEN)
    path.chmod(0o600)
    return str(path)


class Reader:
    """Somebody with a token."""

    def __init__(self, weir: Weir, token: str):
        self.weir = weir
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query) -> requests.Response:
        return self.weir.get(API + path, params=query, headers=self.headers)

    def entries(self, path: str = "/catalog", **query) -> list[dict]:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["entries"]

    def everything(self, path: str = "/catalog", **query) -> list[dict]:
        found, cursor = [], None
        while True:
            answer = self.get(path, **query, **({"cursor": cursor} if cursor else {})).json()
            found += answer["entries"]
            cursor = answer["next"]
            if not cursor:
                return found

    def status(self, upstream: str = "opencsg") -> dict:
        return next(each for each in self.get("/catalog:status").json()["upstreams"] if each["upstream"] == upstream)


@pytest.fixture(scope="module")
def weir(opencsg, tmp_path_factory):
    home = tmp_path_factory.mktemp("catalogue")
    upstream = fast_upstream("opencsg", "opencsg", opencsg.url, auth={"tokenFile": token_file(home)})
    rules = [{"id": "no-nc", "action": "deny", "match": {"tags": ["cc-by-nc-4.0"]}}]
    with Weir(home, [mirror_document("community", [upstream], rules=rules, default="allow")]) as weir:
        yield weir


@pytest.fixture(scope="module")
def admin(weir):
    return Reader(weir, weir.token("root", "admin", admin=True))


@pytest.fixture(scope="module")
def reader(weir, admin):
    reader = Reader(weir, weir.token("ann"))
    eventually(lambda: settled(reader), 60, lambda: json.dumps(reader.status()))
    return reader


def settled(reader: Reader, upstream: str = "opencsg") -> bool:
    status = reader.status(upstream)
    return status["entries"] > 0 and status["due"] == 0 and status["phase"] == "idle"


def refreshed(reader: Reader, admin: Reader):
    answer = admin.weir.post(API + "/catalog:refresh", headers=admin.headers)
    assert answer.status_code == 202, answer.text
    eventually(lambda: reader.status()["refreshAskedAt"] is None and settled(reader), 30,
               lambda: json.dumps(reader.status()))


def test_everything_is_catalogued_with_few_requests_at_a_time(reader, opencsg):
    status = reader.status()
    assert status["present"] == COUNT - 2
    assert status["restricted"] == 1 and status["gone"] == 1
    assert status["described"] >= COUNT - 2
    assert status["feedVersion"] == COUNT and status["age"] < 120
    assert 1 <= opencsg.most_in_flight <= 4
    # One question about each, its newest commit besides, and the pages of the feed.
    assert max(opencsg.asked.values()) == 1
    assert opencsg.count("describe") == COUNT
    listed = reader.everything("/catalog/opencsg", sort="name", limit=100)
    assert {each["path"] for each in listed} == {r.path for r in opencsg.repositories if not (r.gone or r.private)}
    assert [each["path"].lower() for each in listed] == sorted(each["path"].lower() for each in listed)
    assert all(each["describedAt"] and each["local"] is None for each in listed)


def test_a_description_says_what_the_upstream_says(reader, opencsg):
    known = opencsg.repositories[20]
    entry = reader.get(f"/catalog/opencsg/{known.kind}/{known.path.upper()}").json()
    assert entry["path"] == known.path and entry["title"] == known.nickname and entry["summary"] == known.description
    assert entry["licenses"] == [known.license] and entry["task"] == known.task and entry["library"] == known.library
    assert entry["languages"] == [known.language] and entry["downloads"] == known.downloads
    assert entry["commit"] == known.commit and entry["defaultBranch"] == "main"
    assert entry["parameters"] == round(known.parameters * 1e9)
    assert entry["state"] == "present" and entry["name"] == known.path
    denied = next(r for r in opencsg.repositories[20:] if r.license == "cc-by-nc-4.0")
    decision = reader.get(f"/catalog/opencsg/{denied.kind}/{denied.path}").json()["decision"]
    assert decision["outcome"] == "deny" and "no-nc" in decision["reason"]
    assert reader.get("/catalog/opencsg/model/nobody/nothing").status_code == 404
    assert reader.get("/catalog/elsewhere").status_code == 404


@pytest.mark.parametrize("words", ["法律文书", "医疗问答", "qwen", "modal understanding", "大语言", "wen-000"])
def test_words_are_found_as_a_person_would(words, reader, opencsg):
    found = {each["path"] for each in reader.everything("/catalog/opencsg", q=words)}

    def fits(repository) -> bool:
        texts = [repository.path, repository.nickname, repository.description, *(t["name"] for t in repository.tags())]
        whole = "\n".join(texts).lower()
        return all(word in (repository.path.lower() if word == "wen-000" else whole) for word in words.lower().split())

    expected = {r.path for r in opencsg.repositories if fits(r) and not (r.gone or r.private)}
    if words == "modal understanding":
        # A word is found where it begins, and inside only in a name: "multimodal" has another beginning.
        assert found == set()
    else:
        assert found == expected and expected


def test_filters_facets_and_orders(reader, opencsg):
    there = [r for r in opencsg.repositories if not (r.gone or r.private)]
    expected = {r.path for r in there if r.kind == "model" and r.task == "translation" and r.license in ("mit", "gpl-3.0")}
    found = reader.everything("/catalog/opencsg", kind="model", task="translation", license=["mit", "gpl-3.0"])
    assert {each["path"] for each in found} == expected
    answer = reader.get("/catalog/opencsg", facets="true", limit=1).json()
    assert answer["facets"]["total"] == len(there)
    counts = {each["value"]: each["count"] for each in answer["facets"]["license"]}
    assert counts == {name: sum(r.license == name for r in there) for name in counts} and len(counts) == 6
    top = reader.entries("/catalog/opencsg", sort="downloads", limit=5)
    assert [each["downloads"] for each in top] == sorted((r.downloads for r in there), reverse=True)[:5]
    assert reader.get("/catalog/opencsg", sort="beauty").status_code == 400
    assert reader.get("/catalog/opencsg", cursor="bogus").status_code == 400
    assert reader.get("/catalog/opencsg", limit=1000).status_code == 400
    assert [each["path"] for each in reader.entries("/catalog/opencsg", state="restricted")] == [
        opencsg.repositories[11].path]


def test_files_beyond_the_first_hundred_are_listed(reader, opencsg):
    large = next(r for r in opencsg.repositories if r.file_count == 250)
    path = f"/catalog/opencsg/{large.kind}/{large.path}/files"
    answer = reader.get(path, rev="main").json()
    assert answer["commit"] == large.commit and answer["total"] == 250
    assert [f["path"] for f in answer["files"]] == sorted(f["path"] for f in large.files())
    lfs = {f["path"]: f["lfs_sha256"] for f in large.files() if f["lfs"]}
    assert {f["path"]: f["sha256"] for f in answer["files"] if f["sha256"]} == lfs
    pages = reader.get(path, limit=100).json()
    assert len(pages["files"]) == 100 and pages["next"] == "100"
    assert reader.get(path, rev="nowhere").status_code == 404
    assert reader.get(path, rev="../x").status_code in (400, 404)


def test_strangers_see_nothing_and_only_operators_refresh(weir, reader):
    for path in ("/catalog", "/catalog/opencsg", "/catalog:status", "/catalog/updates"):
        assert weir.get(API + path).status_code == 401, path
    assert weir.post(API + "/catalog:refresh", headers=reader.headers).status_code == 403
    assert weir.post(API + "/catalog:refresh").status_code == 401


def test_changes_and_vanishings_are_learned_by_cursor_and_nothing_is_asked_twice(reader, admin, opencsg):
    opencsg.forget_counts()
    changed = opencsg.change(30, times=3)
    vanished = opencsg.vanish(31)
    private = opencsg.make_private(32)
    new = opencsg.add()
    refreshed(reader, admin)
    show = lambda r: reader.get(f"/catalog/opencsg/{r.kind}/{r.path}").json()  # noqa: E731
    assert show(changed)["commit"] == changed.commit
    assert show(new)["state"] == "present"
    gone, shut = show(vanished), show(private)
    assert gone["state"] == "gone" and gone["stateReason"] and gone["title"] == vanished.nickname
    assert shut["state"] == "restricted" and "403" in shut["stateReason"]
    # Three changes of one repository are one question, and one that is shut is asked once.
    assert opencsg.count("describe") == 4 and set(opencsg.asked.values()) == {1}
    opencsg.forget_counts()
    refreshed(reader, admin)
    assert opencsg.count("feed") == 1 and opencsg.requests() == 1
    opencsg.reappear(32)
    refreshed(reader, admin)
    assert show(private)["state"] == "present"


def test_a_restart_goes_on_where_it_ended(weir, reader, admin, opencsg):
    before = reader.status()
    opencsg.forget_counts()
    weir.restart()
    refreshed(reader, admin)
    assert opencsg.count("describe") == 0 and opencsg.count("feed") <= 2
    assert reader.status()["entries"] == before["entries"]


def test_an_upstream_that_says_when_to_come_back_is_left_alone_and_named(weir, reader, admin, opencsg):
    opencsg.forget_counts()
    opencsg.refusal = (429, {"Retry-After": "12"})
    try:
        assert weir.post(API + "/catalog:refresh", headers=admin.headers).status_code == 202
        status = eventually(lambda: (s := reader.status())["phase"] == "waiting" and s, 60)
        assert "429" in status["waitsFor"] and status["waitsUntil"] and status["lastError"]
        asked = opencsg.requests()
        time.sleep(3)
        assert opencsg.requests() == asked
        # What is known answers meanwhile.
        assert reader.entries("/catalog/opencsg", q="qwen", limit=5)
    finally:
        opencsg.refusal = None
    refreshed(reader, admin)
    assert reader.status()["waitsFor"] is None and reader.status()["lastError"] is None


def test_what_is_here_and_what_is_there_are_one_list(weir, reader, tmp_path, opencsg):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: mit\ntags: [qwen]\n---\n# own 法律文书\n")
    weir.import_folder(folder, "model:homegrown/qwen-own")
    found = reader.everything("/catalog", q="qwen", source="all", kind="model", limit=20)
    names = [each["name"] for each in found]
    assert "homegrown/qwen-own" in names and len(names) == len(set(names))
    assert len(found) == 1 + len(reader.everything("/catalog", q="qwen", source="remote", kind="model", limit=200))
    assert [each["name"] for each in reader.entries("/catalog", source="local")] == ["homegrown/qwen-own"]
    newest = reader.everything("/catalog", sort="updated", limit=100)
    dates = [each["updatedAt"] for each in newest if each["updatedAt"]]
    assert dates == sorted(dates, reverse=True) and newest[0]["name"] == "homegrown/qwen-own"


def test_the_command_line_says_the_same(weir, reader, opencsg):
    mirrors = ("--mirrors", weir.mirrors)
    lines = weir.checked("catalog", "list", "法律文书", "--limit", "500", *mirrors).splitlines()
    assert {json.loads(line)["path"] for line in lines} == {
        each["path"] for each in reader.everything("/catalog/opencsg", q="法律文书")}
    known = opencsg.repositories[40]
    shown = json.loads(weir.checked("catalog", "show", "opencsg", f"{known.kind}:{known.path}", *mirrors))
    assert shown["title"] == known.nickname and shown["decision"]["outcome"] in ("allow", "deny")
    files = weir.checked("catalog", "files", "opencsg", f"{known.kind}:{known.path}", *mirrors).splitlines()
    assert len(files) == known.file_count
    status = json.loads(weir.checked("catalog", "status", *mirrors))
    assert status["entries"] >= COUNT and status["phase"] == "idle"
    assert weir.checked("catalog", "refresh", "community.opencsg", *mirrors)
    eventually(lambda: reader.status()["refreshAskedAt"] is None, 30)
    assert weir.command("catalog", "show", "opencsg", "model:no/body", *mirrors).returncode == NOT_FOUND


def test_offline_asks_nobody_and_still_answers(opencsg, weir, reader):
    opencsg.forget_counts()
    weir.stop()
    weir.flags = ("--offline",)
    try:
        weir.start()
        assert reader.get("/catalog:status").json()["offline"] is True
        assert len(reader.entries("/catalog/opencsg", q="qwen", limit=5)) == 5
        known = opencsg.repositories[40]
        assert reader.get(f"/catalog/opencsg/{known.kind}/{known.path}/files").status_code == 504
        time.sleep(2)
        assert opencsg.requests() == 0
    finally:
        weir.stop()
        weir.flags = ()
        weir.start()


def test_without_a_token_the_lists_are_read_instead_of_the_feed(opencsg, make_gateway):
    gateway = make_gateway(opencsg.url, type="opencsg", default="allow")
    reader = Reader(gateway, gateway.token("ann"))
    there = [r for r in opencsg.repositories if not (r.gone or r.private)]
    eventually(lambda: reader.status("hub")["present"] == len(there) and settled(reader, "hub"), 60)
    assert reader.status("hub")["feedVersion"] == 0 and reader.status("hub")["listedAt"]


def test_another_weir_tells_of_what_was_removed_and_what_changed(make_gateway, tmp_path, git):
    above = make_gateway(None)
    for name in ("stays", "goes", "changes"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "README.md").write_text(f"---\nlicense: mit\n---\n# {name}\n")
        above.import_folder(folder, f"model:team/{name}")
    token = above.token("peer")
    secret = tmp_path / "peer.token"
    secret.write_text(token)
    secret.chmod(0o600)
    below = make_gateway(above.url, upstream={"auth": {"tokenFile": str(secret)}}, default="allow")
    reader, admin = Reader(below, below.token("ann")), Reader(below, below.token("root", "admin", admin=True))
    eventually(lambda: settled(reader, "hub"), 60)
    assert {e["path"] for e in reader.entries("/catalog/hub")} == {"team/stays", "team/goes", "team/changes"}
    # Fetched here, and then changed above.
    assert below.get("/team/changes/resolve/main/README.md").status_code == 200
    entry = lambda name: reader.get(f"/catalog/hub/model/team/{name}").json()  # noqa: E731
    eventually(lambda: entry("changes")["local"]["status"] == "current", 10)
    assert reader.entries("/catalog/updates") == []
    (tmp_path / "changes" / "more.txt").write_text("more\n")
    above.import_folder(tmp_path / "changes", "model:team/changes")
    (tmp_path / "changes" / "more.txt").write_text("still more\n")
    above.import_folder(tmp_path / "changes", "model:team/changes")
    deleted = requests.delete(
        above.url + "/api/repos/delete", json={"name": "goes", "organization": "team", "type": "model"},
        headers={"Authorization": f"Bearer {above.token('root', 'admin', admin=True)}"}, timeout=30)
    assert deleted.status_code == 200, deleted.text
    below.post(API + "/catalog:refresh", headers=admin.headers)
    eventually(lambda: entry("goes")["state"] == "gone", 30)
    eventually(lambda: entry("changes")["local"]["status"] == "behind", 30)
    behind = reader.entries("/catalog/updates")
    assert [each["path"] for each in behind] == ["team/changes"]
    assert behind[0]["local"]["changesBehind"] == 2 and behind[0]["local"]["behindSince"]
    assert behind[0]["local"]["newerCommit"] == above.get("/api/models/team/changes").json()["sha"]
    # Asked for again, it is current again.
    assert below.get("/team/changes/resolve/main/more.txt").text == "still more\n"
    assert reader.entries("/catalog/updates") == []
