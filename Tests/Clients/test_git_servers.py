"""GitLab, Gitea and WiseModel as upstreams of type `git-lfs`: git, LFS and the form of credentials each wants.

None of their REST is needed. What each answers is written down here from its documentation: GitLab takes a token as the password
of `oauth2`, Gitea as the password of anybody, WiseModel as that of the account.
"""

import base64
import hashlib
import json
import random

import pytest

from support.crafted import CraftedGitServer, _Handler as PlainHandler, pointer
from support.hostile import _Server

QUICK = {"ttl": {"ref": "1s", "negative": "1s"}}
WEIGHTS = random.Random(3).randbytes(300_000)
OID = hashlib.sha256(WEIGHTS).hexdigest()


class GuardedGitServer(CraftedGitServer):
    """A git server whose repositories need `Basic user:password`; a `user` of None takes any. `link_needs` is what the link of an
    LFS batch wants: `header` (it brings its own), `credentials` (git's again), or nothing."""

    def __init__(self, home, user: str | None, password: str, link_needs: str, challenge: str, folder: str = ""):
        super().__init__(home)
        self.user, self.password, self.link_needs, self.challenge = user, password, link_needs, challenge
        self.folder = folder

    def __enter__(self):
        import threading

        class Handler(_GuardedHandler):
            crafted = self

        self._server = _Server((self.host, self.port), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self


class _GuardedHandler(PlainHandler):
    def opens(self) -> bool:
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic":
            return False
        user, _, password = base64.b64decode(value).decode().partition(":")
        return password == self.crafted.password and self.crafted.user in (None, user)

    def refuse(self):
        content = b"Authentication required"
        self.send_response_only(401)
        self.send_header("WWW-Authenticate", self.crafted.challenge)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        if self.path.startswith("/objects/"):
            needs = self.crafted.link_needs
            asked = self.headers.get("Authorization", "")
            if needs == "header" and asked != "Basic link" or needs == "credentials" and not self.opens():
                return self.refuse()
            if needs == "nothing" and asked:
                return self._reply(b"an unexpected header", status=400)
        elif not self.opens():
            return self.refuse()
        super().do_GET()

    do_HEAD = do_GET

    def do_POST(self):
        if not self.opens():
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            return self.refuse()
        super().do_POST()

    def _batch(self, asked: dict):
        answers = []
        for item in asked["objects"]:
            action = {"href": f"{self.crafted.url}/objects/{item['oid']}"}
            if self.crafted.link_needs == "header":
                action["header"] = {"Authorization": "Basic link"}
            answers.append({**item, "actions": {"download": action}} if item["oid"] in self.crafted.objects
                           else {**item, "error": {"code": 404, "message": "Object does not exist"}})
        self._reply(json.dumps({"transfer": "basic", "objects": answers}).encode(), "application/vnd.git-lfs+json")


SERVERS = {
    # GitLab: `oauth2` and a token; its LFS links bring their own Authorization.
    "gitlab": dict(user="oauth2", password="glpat-token", link_needs="header", challenge='Basic realm="GitLab"',
                   auth={"tokenEnv": "SECRET"}, secret="glpat-token"),
    # Gitea: a token as the password of anybody; its links expect git's credentials again.
    "gitea": dict(user=None, password="gitea-token", link_needs="credentials", challenge='Basic realm="Gitea"',
                  auth={"tokenEnv": "SECRET"}, secret="gitea-token"),
    # WiseModel: the account and its token; links are signed and want nothing.
    "wisemodel": dict(user="amy", password="wise-token", link_needs="nothing", challenge='Basic realm="WiseModel"',
                      auth="basicFile", secret="amy:wise-token"),
}


@pytest.mark.parametrize("name", SERVERS)
def test_each_server_gets_its_token_as_it_wants_it(name, tmp_path, make_gateway, git):
    told = dict(SERVERS[name])
    auth, secret = told.pop("auth"), told.pop("secret")
    environment = {"SECRET": secret}
    if auth == "basicFile":
        file = tmp_path / "secret"
        file.write_text(secret + "\n")
        file.chmod(0o600)
        auth = {"basicFile": str(file)}
    with GuardedGitServer(tmp_path / name, **told) as server:
        repository = server.repository("team/model")
        commit = repository.publish(repository.files(README__md="# a model\n", w__bin=pointer(WEIGHTS)))
        server.objects[OID] = WEIGHTS
        gateway = make_gateway(server.url, type="git-lfs", cache=QUICK, upstream={"auth": auth}, environment=environment)
        reader = gateway.token("amy")
        headers = {"Authorization": f"Bearer {reader}"}
        # What only our credentials open is not for strangers.
        assert gateway.get("/team/model/resolve/main/w.bin").status_code in (401, 403, 404)
        answer = gateway.get("/team/model/resolve/main/w.bin", headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.content == WEIGHTS and answer.headers["X-Repo-Commit"] == commit
        sent = [headers.get("authorization", "") for _, path, headers in server.requests if ".git/" in path]
        user = {"gitlab": "oauth2", "gitea": "oauth2", "wisemodel": "amy"}[name]
        expected = "Basic " + base64.b64encode(f"{user}:{told['password']}".encode()).decode()
        assert expected in sent
        assert told["password"] not in gateway.log()


@pytest.mark.parametrize("name", SERVERS)
def test_a_wrong_token_is_said_to_be_one(name, tmp_path, make_gateway):
    told = dict(SERVERS[name])
    told.pop("auth"), told.pop("secret")
    with GuardedGitServer(tmp_path / name, **told) as server:
        repository = server.repository("team/model")
        repository.publish(repository.files(README__md="x"))
        gateway = make_gateway(server.url, type="git-lfs", cache=QUICK, upstream={"auth": {"tokenEnv": "SECRET"}},
                               environment={"SECRET": "wrong"})
        answer = gateway.get("/api/models/team/model")
        assert answer.status_code in (401, 403, 404, 502)
        assert "wrong" not in answer.text and "wrong" not in gateway.log()
