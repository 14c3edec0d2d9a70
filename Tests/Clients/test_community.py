"""Discussions, pull requests, likes and collections, with three versions of huggingface_hub."""

import hmac
import http.server
import json
import textwrap
import threading

import pytest
import requests

from support.clients import HUB_VERSIONS
from support.ports import free_port
from support.weir import Weir, eventually

each_version = pytest.mark.parametrize("version", list(HUB_VERSIONS))


PRELUDE = """
from huggingface_hub import HfApi
tokens = json.loads(args[0])
ada, bob, carl = (HfApi(token=tokens[name]) for name in ("ada", "bob", "carl"))
repo, kind = args[1], args[2]
ada.create_repo(repo, repo_type=kind, **({"space_sdk": "static"} if kind == "space" else {}))
ada.upload_file(path_or_fileobj=b"one\\n", path_in_repo="notes.txt", repo_id=repo, repo_type=kind)

def refused(work):
    try:
        work()
    except Exception as error:
        return error.response.status_code
    return None
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A hub of its own, with accounts of three people."""
    with Weir(tmp_path_factory.mktemp("community-writes")) as weir:
        weir.tokens = {user: weir.token(user, "write") for user in ("ada", "bob", "carl")}
        weir.reader = weir.token("carl", "read")
        yield weir


@pytest.fixture
def ask(server, hub):
    """Runs code with `HfApi`s of three people, and a fresh repository of ada's with one file."""
    def run(version: str, what: str, code: str, kind: str = "model"):
        repo = f"ada/{what}-{version.replace('.', '-')}"
        return hub(version, server.url).value(PRELUDE + textwrap.dedent(code), json.dumps(server.tokens), repo, kind)
    return run


@each_version
@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_a_discussion_from_its_opening_to_its_end(version, kind, ask):
    seen = ask(version, f"talk-{kind}", """
        opened = bob.create_discussion(repo, "  A question ", description="What is it?", repo_type=kind)
        comment = carl.comment_discussion(repo, opened.num, "I <b>know</b>", repo_type=kind)
        edited = carl.edit_discussion_comment(repo, opened.num, comment.id, "I do know", repo_type=kind)
        gone = bob.comment_discussion(repo, opened.num, "oops", repo_type=kind)
        hidden = ada.hide_discussion_comment(repo, opened.num, gone.id, repo_type=kind)
        renamed = bob.rename_discussion(repo, opened.num, "A better question", repo_type=kind)
        closed = ada.change_discussion_status(repo, opened.num, "closed", comment="answered", repo_type=kind)
        details = carl.get_discussion_details(repo, opened.num, repo_type=kind)
        result({
            "num": opened.num, "title": opened.title, "status": opened.status, "author": opened.author,
            "first": opened.events[0].content, "rendered": comment.rendered, "edited": edited.edited,
            "content": edited.content, "hidden": [hidden.hidden, hidden.content.lower()],
            "renamed": [renamed.old_title, renamed.new_title], "closed": closed.new_status,
            "details": [details.title, details.status, details.is_pull_request, details.diff],
            "types": [e.type for e in details.events], "authors": [e.author for e in details.events],
            "foreign": refused(lambda: carl.rename_discussion(repo, opened.num, "mine now", repo_type=kind)),
            "stolen": refused(lambda: bob.edit_discussion_comment(repo, opened.num, comment.id, "x", repo_type=kind)),
            "absent": refused(lambda: bob.get_discussion_details(repo, 99, repo_type=kind)),
            "url": opened.url,
        })
        """, kind)
    assert (seen["num"], seen["title"], seen["status"], seen["author"]) == (1, "A question", "open", "bob")
    assert seen["first"] == "What is it?"
    assert "<b>" not in seen["rendered"] and "I &lt;b&gt;know" in seen["rendered"]
    assert seen["edited"] and seen["content"] == "I do know"
    assert seen["hidden"] == [True, "this comment has been hidden"]
    assert seen["renamed"] == ["A question", "A better question"] and seen["closed"] == "closed"
    assert seen["details"] == ["A better question", "closed", False, None]
    assert seen["types"] == ["comment", "comment", "comment", "title-change", "comment", "status-change"]
    assert seen["authors"] == ["bob", "carl", "bob", "bob", "ada", "ada"]
    assert (seen["foreign"], seen["stolen"], seen["absent"]) == (403, 403, 404)


@each_version
def test_a_comment_keeps_what_it_said_before_and_is_hidden_and_shown_again(version, ask, server):
    seen = ask(version, "kept", """
        num = bob.create_discussion(repo, "A question").num
        comment = carl.comment_discussion(repo, num, "first <i>")
        for text in ("second", "third"):
            carl.edit_discussion_comment(repo, num, comment.id, text)
        details = bob.get_discussion_details(repo, num).events[-1]
        ada.hide_discussion_comment(repo, num, comment.id)
        hidden = bob.get_discussion_details(repo, num).events[-1]
        result({
            "place": f"/api/models/{repo}/discussions/{num}", "id": comment.id, "first": comment.number_of_edits,
            "edits": details.number_of_edits, "history": details.edit_history, "content": details.content,
            "by": details.last_edited_by, "hidden": [hidden.hidden, hidden.content, hidden.edit_history],
        })
        """)
    assert (seen["first"], seen["edits"], seen["content"], seen["by"]) == (0, 2, "third", "carl")
    assert [entry["raw"] for entry in seen["history"]] == ["first <i>", "second"]
    assert [entry["author"]["name"] for entry in seen["history"]] == ["carl", "carl"]
    assert "<i>" not in seen["history"][0]["html"] and seen["history"][0]["updatedAt"] < seen["history"][1]["updatedAt"]
    assert seen["hidden"] == [True, "This comment has been hidden", []]

    def comment(user):
        headers = {"Authorization": f"Bearer {server.tokens[user]}"}
        return server.get(seen["place"], headers=headers).json()["events"][-1]["data"]

    def unhide(user):
        headers = {"Authorization": f"Bearer {server.tokens[user]}"}
        return server.post(f"{seen['place']}/comment/{seen['id']}/unhide", headers=headers)

    # Whoever looks after the repository reads what it says; he who wrote it does not undo what others decided.
    assert comment("ada")["concealed"]["raw"] == "third" and comment("ada")["hiddenBy"] == "ada"
    assert [entry["raw"] for entry in comment("ada")["history"]] == ["first <i>", "second"]
    for user in ("bob", "carl"):
        assert "third" not in json.dumps(comment(user)) and "second" not in json.dumps(comment(user))
        assert unhide(user).status_code == 403
    assert unhide("ada").json()["updatedComment"]["data"]["latest"]["raw"] == "third"
    assert comment("bob")["latest"]["raw"] == "third" and comment("bob")["hidden"] is False


SPACE = """
from huggingface_hub import HfApi
ada, bob = (HfApi(token=token) for token in args[:2])
repo = args[2]
made = {"space_secrets": [{"key": "BEGUN", "value": "hush-1"}],
        "space_variables": [{"key": "MODE", "value": "fast", "description": "How"}]}
ada.create_repo(repo, repo_type="space", space_sdk="static", **made)
ada.add_space_secret(repo, "TOKEN", "hush-2", description="For the API")
variables = ada.add_space_variable(repo, "MODEL", "ada/m", description="What it runs")
ada.add_space_variable(repo, "MODEL", "ada/n")
def shown(found):
    return {key: [entry.value, entry.description] for key, entry in found.items()}
def refused(work):
    try:
        work()
    except Exception as error:
        return error.response.status_code
    return None
seen = shown(ada.get_space_variables(repo))
secrets = {key: entry.description for key, entry in ada.get_space_secrets(repo).items()} \
    if hasattr(ada, "get_space_secrets") else None
ada.delete_space_secret(repo, "TOKEN")
left = sorted(ada.delete_space_variable(repo, "MODE"))
result({"added": shown(variables), "seen": seen, "secrets": secrets, "left": left,
        "foreign": [refused(lambda: bob.add_space_secret(repo, "X", "y")),
                    refused(lambda: bob.get_space_variables(repo)),
                    refused(lambda: bob.delete_space_secret(repo, "BEGUN"))],
        "absent": refused(lambda: ada.delete_space_secret(repo, "NOTHING")),
        "wrong": refused(lambda: ada.add_space_secret(repo, "no name", "x"))})
"""


@each_version
def test_spaces_keep_secrets_and_variables(version, server, hub):
    repo = f"ada/app-{version.replace('.', '-')}"
    seen = hub(version, server.url).value(SPACE, server.tokens["ada"], server.tokens["bob"], repo)
    assert seen["added"] == {"MODE": ["fast", "How"], "MODEL": ["ada/m", "What it runs"]}
    assert seen["seen"] == {"MODE": ["fast", "How"], "MODEL": ["ada/n", "What it runs"]}
    assert seen["secrets"] in (None, {"BEGUN": "", "TOKEN": "For the API"})
    assert seen["left"] == ["MODEL"]
    assert seen["foreign"] == [403, 403, 403] and (seen["absent"], seen["wrong"]) == (404, 400)
    # Written and never read: not by the interface, not in the database, not in the log.
    headers = {"Authorization": f"Bearer {server.tokens['ada']}"}
    listed = server.get(f"/api/spaces/{repo}/secrets", headers=headers)
    assert list(listed.json()) == ["BEGUN"] and "hush" not in listed.text
    for path in server.data.rglob("weir.db*"):
        assert b"hush-" not in path.read_bytes(), path
    assert "hush-" not in server.log()
    key = server.data / "keys" / "space-secrets"
    assert key.stat().st_mode & 0o777 == 0o600


@each_version
def test_discussions_are_listed_by_type_status_and_author(version, ask):
    seen = ask(version, "listed", """
        for index in range(53):
            bob.create_discussion(repo, f"Question {index}")
        pull = carl.create_pull_request(repo, "A draft")
        ada.change_discussion_status(repo, 1, "closed")
        def numbers(**filters):
            return [d.num for d in bob.get_repo_discussions(repo, **filters)]
        result({
            "all": numbers(), "pulls": numbers(discussion_type="pull_request"),
            "talks": len(numbers(discussion_type="discussion")), "closed": numbers(discussion_status="closed"),
            "open": len(numbers(discussion_status="open")), "carl": numbers(author="carl"),
            "status": pull.status, "ref": pull.git_reference,
            "refs": [r.ref for r in ada.list_repo_refs(repo, include_pull_requests=True).pull_requests],
        })
        """)
    assert seen["all"] == list(range(54, 0, -1))
    assert seen["pulls"] == seen["carl"] == [54] and seen["talks"] == 53
    assert seen["closed"] == [1] and seen["open"] == 53
    assert (seen["status"], seen["ref"], seen["refs"]) == ("draft", "refs/pr/54", ["refs/pr/54"])


@each_version
def test_an_outsider_proposes_a_commit_and_the_owner_merges_it(version, ask):
    seen = ask(version, "proposal", """
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete, hf_hub_download
        direct = refused(lambda: bob.create_commit(
            repo, [CommitOperationAdd("x.txt", b"x")], commit_message="straight in"))
        commit = bob.create_commit(
            repo, [CommitOperationAdd("new.txt", b"new\\n"), CommitOperationDelete("notes.txt")],
            commit_message="Add a file", commit_description="It was missing.", create_pr=True)
        num = commit.pr_num
        before = sorted(ada.list_repo_files(repo))
        proposed = sorted(ada.list_repo_files(repo, revision=commit.pr_revision))
        more = bob.create_commit(
            repo, [CommitOperationAdd("more.txt", b"more\\n")], commit_message="And another",
            revision=commit.pr_revision)
        foreign = refused(lambda: carl.create_commit(
            repo, [CommitOperationAdd("bad.txt", b"x")], commit_message="mine", revision=commit.pr_revision))
        details = ada.get_discussion_details(repo, num)
        outsider = refused(lambda: bob.merge_pull_request(repo, num))
        ada.upload_file(path_or_fileobj=b"beside\\n", path_in_repo="beside.txt", repo_id=repo)
        ada.merge_pull_request(repo, num, comment="thanks")
        merged = ada.get_discussion_details(repo, num)
        text = open(hf_hub_download(repo, "new.txt", token=tokens["ada"])).read()
        result({
            "direct": direct, "num": num, "url": commit.pr_url, "revision": commit.pr_revision, "before": before,
            "proposed": proposed, "foreign": foreign, "outsider": outsider, "title": details.title,
            "status": details.status, "target": details.target_branch, "conflicts": details.conflicting_files,
            "diff": details.diff, "commits": [e.summary for e in details.events if e.type == "commit"],
            "oids": [e.oid for e in details.events if e.type == "commit"] == [commit.oid, more.oid],
            "description": details.events[0].content, "merged": merged.status,
            "sha": merged.merge_commit_oid == ada.model_info(repo).sha, "kept": merged.diff == details.diff,
            "after": sorted(ada.list_repo_files(repo)), "text": text, "last": merged.events[-1].new_status,
            "again": refused(lambda: ada.merge_pull_request(repo, num)),
            "closed": refused(lambda: bob.create_commit(
                repo, [CommitOperationAdd("late.txt", b"x")], commit_message="late", revision=commit.pr_revision)),
        })
        """)
    assert seen["direct"] == 403
    assert seen["num"] == 1 and seen["revision"] == "refs/pr/1" and seen["url"].endswith("/discussions/1")
    assert seen["before"] == [".gitattributes", "notes.txt"] and seen["proposed"] == [".gitattributes", "new.txt"]
    assert (seen["foreign"], seen["outsider"], seen["again"], seen["closed"]) == (403, 403, 400, 403)
    assert (seen["title"], seen["status"], seen["target"]) == ("Add a file", "open", "refs/heads/main")
    assert seen["conflicts"] == [] and seen["commits"] == ["Add a file", "And another"] and seen["oids"]
    assert "+++ b/new.txt" in seen["diff"] and "-one" in seen["diff"] and seen["kept"]
    assert seen["description"] == "It was missing."
    assert seen["merged"] == seen["last"] == "merged" and seen["sha"] and seen["text"] == "new\n"
    assert seen["after"] == [".gitattributes", "beside.txt", "more.txt", "new.txt"]


@each_version
def test_a_draft_is_filled_opened_and_conflicts(version, ask):
    seen = ask(version, "conflict", """
        draft = bob.create_pull_request(repo, "Better notes", description="see")
        bob.upload_file(path_or_fileobj=b"theirs\\n", path_in_repo="notes.txt", repo_id=repo,
                        revision=draft.git_reference)
        early = refused(lambda: ada.merge_pull_request(repo, draft.num))
        opened = bob.change_discussion_status(repo, draft.num, "open")
        ada.upload_file(path_or_fileobj=b"ours\\n", path_in_repo="notes.txt", repo_id=repo)
        details = ada.get_discussion_details(repo, draft.num)
        late = refused(lambda: ada.merge_pull_request(repo, draft.num))
        result({"draft": draft.status, "early": early, "opened": opened.new_status,
                "conflicts": details.conflicting_files, "late": late,
                "status": ada.get_discussion_details(repo, draft.num).status,
                "base_sha": refused(lambda: bob.upload_file(
                    path_or_fileobj=b"x", path_in_repo="x", repo_id=repo, create_pr=True,
                    revision=ada.model_info(repo).sha))})
        """)
    assert (seen["draft"], seen["early"], seen["opened"]) == ("draft", 400, "open")
    assert seen["conflicts"] == ["notes.txt"] and seen["late"] == 409 and seen["status"] == "open"
    assert seen["base_sha"] == 404


def test_a_private_repository_takes_no_part_from_outside_and_a_read_token_none_at_all(server, hub):
    owner, outsider = ({"Authorization": f"Bearer {server.tokens[u]}"} for u in ("ada", "bob"))
    server.post("/api/repos/create", json={"name": "hidden", "private": True}, headers=owner).raise_for_status()
    place = "/api/models/ada/hidden"
    body = {"title": "Hello there", "description": "x"}
    assert server.post(place + "/discussions", json=body, headers=owner).status_code == 200
    for path in ("/discussions", "/discussions/1", "/likers"):
        assert server.get(place + path, headers=outsider).status_code == 404
        assert server.get(place + path).status_code == 401
    for path in ("/discussions", "/discussions/1/comment", "/discussions/1/merge", "/like"):
        answer = server.post(place + path, json=body, headers=outsider)
        assert answer.status_code == 404 and answer.headers["X-Error-Code"] == "RepoNotFound"
    server.post("/api/repos/create", json={"name": "public"}, headers=owner).raise_for_status()
    reader = {"Authorization": f"Bearer {server.reader}"}
    assert server.post("/api/models/ada/public/discussions", json=body, headers=reader).status_code == 403
    assert server.post("/api/models/ada/public/like", headers=reader).status_code == 403


@each_version
def test_likes_are_counted_and_listed(version, ask, server):
    seen = ask(version, "liked", """
        import urllib.request
        def like(who):
            request = urllib.request.Request(f"{ada.endpoint}/api/models/{repo}/like", method="POST",
                                             headers={"Authorization": f"Bearer {tokens[who]}"})
            return urllib.request.urlopen(request).status
        like("bob"), like("bob"), like("carl")
        before = ada.model_info(repo).likes
        likers = sorted(u.username for u in ada.list_repo_likers(repo))
        liked = repo in bob.list_liked_repos("bob").models
        bob.unlike(repo)
        bob.unlike(repo)
        result({"before": before, "likers": likers, "liked": liked, "after": ada.model_info(repo).likes,
                "left": repo in carl.list_liked_repos().models, "gone": repo in bob.list_liked_repos("bob").models,
                "nobody": refused(lambda: ada.list_liked_repos("nobody-here"))})
        """)
    assert seen == {"before": 2, "likers": ["bob", "carl"], "liked": True, "after": 1, "left": True, "gone": False,
                    "nobody": 404}


@each_version
def test_collections_are_made_changed_and_removed(version, ask):
    seen = ask(version, "collected", """
        title = f"Things of {repo}"
        made = ada.create_collection(title, namespace="ada", description="some")
        same = ada.create_collection(title, namespace="ada", exists_ok=True)
        twice = refused(lambda: ada.create_collection(title, namespace="ada"))
        ada.add_collection_item(made.slug, repo, "model", note="first")
        full = ada.add_collection_item(made.slug, "2307.09288", "paper")
        again = ada.add_collection_item(made.slug, repo, "model", exists_ok=True)
        clash = refused(lambda: ada.add_collection_item(made.slug, repo, "model"))
        ada.update_collection_item(made.slug, full.items[1].item_object_id, note="read", position=0)
        moved = ada.get_collection(made.slug)
        changed = ada.update_collection_metadata(made.slug, title="Other " + title, theme="pink", private=True)
        hidden = refused(lambda: bob.get_collection(changed.slug))
        still = ada.get_collection(made.slug)
        listed = [c.slug for c in ada.list_collections(owner="ada", item=f"models/{repo}")]
        unseen = [c.slug for c in bob.list_collections(owner=["ada"])]
        ada.delete_collection_item(made.slug, moved.items[0].item_object_id)
        left = ada.get_collection(made.slug)
        foreign = refused(lambda: bob.create_collection("Not mine", namespace="ada"))
        ada.delete_collection(changed.slug)
        ada.delete_collection(changed.slug, missing_ok=True)
        result({
            "slug": made.slug, "description": made.description, "same": same.slug == made.slug, "twice": twice,
            "items": [[i.item_id, i.item_type, i.note, i.position] for i in full.items], "again": len(again.items),
            "clash": clash, "moved": [[i.item_id, i.note, i.position] for i in moved.items],
            "changed": [changed.title, changed.theme, changed.private, changed.slug], "hidden": hidden,
            "still": still.slug, "listed": listed, "unseen": changed.slug in unseen,
            "left": [i.item_id for i in left.items], "foreign": foreign,
            "gone": refused(lambda: ada.get_collection(changed.slug)), "owner": made.owner["name"],
            "repo": repo, "title": title,
        })
        """)
    identifier = seen["slug"][-24:]
    assert seen["slug"].startswith("ada/things-of-ada-collected") and int(identifier, 16) > 0
    assert seen["description"] == "some" and seen["same"] and seen["twice"] == 409 and seen["owner"] == "ada"
    assert seen["items"] == [[seen["repo"], "model", "first", 0], ["2307.09288", "paper", None, 1]]
    assert seen["again"] == 2 and seen["clash"] == 409
    assert seen["moved"] == [["2307.09288", "read", 0], [seen["repo"], "first", 1]]
    assert seen["changed"][:3] == ["Other " + seen["title"], "pink", True]
    assert seen["changed"][3].startswith("ada/other-things") and seen["changed"][3].endswith(identifier)
    assert seen["hidden"] == 404 and seen["still"] == seen["changed"][3] and seen["listed"] == [seen["changed"][3]]
    assert not seen["unseen"] and seen["left"] == [seen["repo"]]
    assert (seen["foreign"], seen["gone"]) == (403, 404)


class Receiver:
    """A loopback receiver of webhooks that keeps what it was sent."""

    def __init__(self):
        self.messages = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                receiver.messages.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


WEBHOOKS = """
    made = ada.create_webhook(url=args[3], watched=[{"type": "user", "name": "ada"}, {"type": "model", "name": repo}],
                              domains=["repo", "discussion"], secret="my-secret")
    listed = [w.id for w in ada.list_webhooks()]
    got = ada.get_webhook(made.id)
    hidden = refused(lambda: bob.get_webhook(made.id))
    off = ada.disable_webhook(made.id)
    ada.upload_file(path_or_fileobj=b"untold", path_in_repo="untold.txt", repo_id=repo)
    on = ada.enable_webhook(made.id)
    changed = ada.update_webhook(made.id, url=args[3], watched=[{"type": "model", "name": repo}],
                                 domains=["repo", "discussion"], secret="other-secret")
    sha = ada.upload_file(path_or_fileobj=b"told", path_in_repo="told.txt", repo_id=repo).oid
    bob.create_discussion(repo, "Hello there", description="text")
    result({"id": made.id, "listed": made.id in listed, "hidden": hidden, "off": off.disabled, "on": on.disabled,
            "secret": got.secret, "watched": [[w.type, w.name] for w in got.watched], "domains": got.domains,
            "changed": [[w.type, w.name] for w in changed.watched], "repo": repo, "sha": sha})
"""


@each_version
def test_webhooks_are_kept_and_told_what_happens(version, tmp_path, hub):
    with Receiver() as receiver, Weir(tmp_path / "hub", flags=("--webhooks-allow-private",)) as weir:
        tokens = {user: weir.token(user, "write") for user in ("ada", "bob", "carl")}
        client = hub(version, weir.url)
        seen = client.value(
            PRELUDE + textwrap.dedent(WEBHOOKS), json.dumps(tokens), "ada/told", "model", receiver.url)
        assert seen["listed"] and seen["hidden"] == 404 and seen["secret"] == "my-secret"
        assert seen["off"] is True and seen["on"] is False
        assert seen["watched"] == [["user", "ada"], ["model", "ada/told"]] and seen["domains"] == ["repo", "discussion"]
        assert seen["changed"] == [["model", "ada/told"]]
        eventually(lambda: len(receiver.messages) >= 2, 20, lambda: f"told {len(receiver.messages)}")
        by_scope = {json.loads(body)["event"]["scope"]: (headers, json.loads(body), body)
                    for headers, body in receiver.messages}
        headers, message, body = by_scope["repo.content"]
        assert headers["x-webhook-secret"] == "other-secret"
        seconds, signature = (part.split("=")[1] for part in headers["x-webhook-signature"].split(","))
        assert hmac.new(b"other-secret", seconds.encode() + b"." + body, "sha256").hexdigest() == signature
        assert [r["newSha"] for r in message["updatedRefs"]] == [message["repo"]["headSha"]] == [seen["sha"]]
        assert message["webhook"] == {"id": seen["id"], "version": 3} and message["repo"]["name"] == "ada/told"
        assert by_scope["discussion"][1]["discussion"]["title"] == "Hello there"
        left = client.value("from huggingface_hub import HfApi\n"
                            "api = HfApi(token=args[0]); api.delete_webhook(args[1])\n"
                            "result(len(api.list_webhooks()))", tokens["ada"], seen["id"])
        assert left == 0


def test_a_webhooks_log_shows_what_was_told_and_tells_it_again(tmp_path):
    with Receiver() as receiver, Weir(tmp_path / "hub", flags=("--webhooks-allow-private",)) as weir:
        ada, bob = ({"Authorization": f"Bearer {weir.token(user, 'write')}"} for user in ("ada", "bob"))
        hook = weir.post("/api/settings/webhooks", headers=ada, json={
            "url": receiver.url, "watched": [{"type": "user", "name": "ada"}], "domains": ["repo", "discussion"],
            "secret": "never-shown"}).json()["webhook"]["id"]
        weir.post("/api/repos/create", json={"name": "m"}, headers=ada).raise_for_status()
        requests.put(f"{weir.url}/api/models/ada/m/settings", json={"private": True}, headers=ada).raise_for_status()
        weir.post("/api/repos/move", headers=ada,
                  json={"fromRepo": "ada/m", "toRepo": "ada/n", "type": "model"}).raise_for_status()
        requests.delete(f"{weir.url}/api/repos/delete", json={"name": "n", "type": "model"},
                        headers=ada).raise_for_status()
        place = f"/api/settings/webhooks/{hook}"

        def log(headers=ada):
            return weir.get(f"{place}/deliveries", headers=headers)

        def told():
            return [(e["event"]["scope"], e["event"]["action"]) for e in log().json()["deliveries"]
                    if e["state"] == "sent"]

        wanted = {("repo", "create"), ("repo.config", "update"), ("repo", "move"), ("repo", "delete")}
        eventually(lambda: wanted <= set(told()), 20, told)
        assert "never-shown" not in log().text
        moved = next(e for e in log().json()["deliveries"] if e["event"]["action"] == "move")
        assert moved["status"] == 200 and moved["attempts"] == 1 and moved["repo"] == {"type": "model", "name": "ada/m"}
        assert moved["payload"]["movedTo"] == {"name": "ada/n", "owner": {"id": "ada"}}
        config = next(e for e in log().json()["deliveries"] if e["event"]["scope"] == "repo.config")
        assert config["payload"]["updatedConfig"] == {"private": True}
        before = len(receiver.messages)
        again = weir.post(f"{place}/replay/{moved['id']}", headers=ada)
        assert again.status_code == 200 and again.json()["id"] != moved["id"]
        eventually(lambda: len(receiver.messages) > before, 20, lambda: log().text)
        headers, body = receiver.messages[-1]
        assert headers["x-webhook-secret"] == "never-shown" and headers["x-webhook-id"] == again.json()["id"]
        assert json.loads(body)["movedTo"]["name"] == "ada/n"
        assert log(bob).status_code == 404
        assert weir.post(f"{place}/replay/{moved['id']}", headers=bob).status_code == 404


def test_a_webhook_reaches_no_private_address_unless_the_operator_lets_it(server):
    headers = {"Authorization": f"Bearer {server.tokens['ada']}"}
    with Receiver() as receiver:
        body = {"url": receiver.url, "watched": [{"type": "user", "name": "ada"}], "domains": ["repo"]}
        server.post("/api/settings/webhooks", json=body, headers=headers).raise_for_status()
        server.post("/api/repos/create", json={"name": "quiet"}, headers=headers).raise_for_status()
        # It was tried, and refused before a connection was made.
        refused = {"upstream": "webhooks", "outcome": "refused"}
        eventually(lambda: server.metric("hub_upstream_requests_total", **refused) >= 1, 30)
        assert receiver.messages == []
