"""The OpenAPI document: valid, and true of what is served, as schemathesis sees it."""

import base64
import copy
import hashlib
import json
import os
import subprocess

import pytest

from support import content
from support.weir import ROOT, Weir

DOCUMENT = "/api/gateway/v1/openapi.json"
TOOLS = ROOT / ".venv/openapi/bin"
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,"
          "response_schema_conformance,response_headers_conformance")
SEED = os.environ.get("WEIR_FUZZ_SEED", "20")
EXAMPLES = os.environ.get("WEIR_FUZZ_EXAMPLES", "2")
PHASES = os.environ.get("WEIR_FUZZ_PHASES", "fuzzing")
# Seconds for one run; all phases over all paths take half an hour.
TIMEOUT = int(os.environ.get("WEIR_FUZZ_TIMEOUT", "280"))
# A regular expression for the paths to ask, to look at a few of them.
PATHS = os.environ.get("WEIR_FUZZ_PATHS", ".")

# Names that lead somewhere, and some that do not: a stranger's guess opens nothing. As one list, for any string would
# swallow them: hypothesis takes the union of both for any string.
STRANGERS = ["nothing-here", "a b/\u00fc%"]
NAMES = {
    "namespace": ["ada", "acme"], "name": ["m0", "m1", "d0", "private", "org"], "ref": ["main"], "revision": ["main"],
    "path": ["README.md", "model.safetensors", "config.json", "folder"], "organization": ["acme"],
    # Whoever asks is not among them: an administrator who disables himself would end the test.
    "user": ["victim"], "username": ["ada", "victim"], "kind": ["model", "dataset"],
    # What others are let store stays: the rest would be refused for want of room.
    "account": ["victim"], "team": ["team"], "robot": ["ci"], "role": ["custom"],
    "repo": ["model:ada/m0", "model:acme/org"],
}
PASSWORD = "a long walk by the weir"


def public_key(seed: int) -> str:
    """A line as in ~/.ssh/id_ed25519.pub."""
    kind, key = b"ssh-ed25519", hashlib.sha256(bytes([seed])).digest()
    blob = b"".join(len(part).to_bytes(4, "big") + part for part in (kind, key))
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} key-{seed}"


# The same for members of what is sent: nobody makes up an SSH key.
MEMBERS = {
    "key": [public_key(seed) for seed in range(16)], "user": ["victim"], "owner": ["victim"], "organization": ["acme"],
    "team": ["team"], "role": ["reader", "custom"], "from": ["writer"], "password": [PASSWORD],
    "pattern": ["release/*"], "sources": [["10.0.0.0/8"]],
}


@pytest.fixture
def weir(tmp_path):
    """A hub with repositories of a user and of an organisation."""
    with Weir(tmp_path) as weir:
        weir.tokens = {
            "anonymous": None, "user": weir.token("ada", scope="write"),
            "administrator": weir.token("root", scope="admin", admin=True),
        }
        weir.token("victim")
        weir.checked("user", "password", "victim", input=PASSWORD + "\n")
        weir.checked("org", "create", "acme", "--owner", "ada")
        folder = content.small_model(tmp_path / "model", "demo", "mit", weights=2_000)
        for name in ("model:ada/m0", "model:ada/m1", "dataset:acme/d0"):
            weir.import_folder(folder, name)
        for name in ("model:ada/private", "model:acme/org"):
            weir.import_folder(folder, name, "--private")
        for thing, body in {
            "organizations/acme/teams": {"name": "team"}, "organizations/acme/robots": {"name": "ci", "role": "writer"},
            "organizations/acme/roles": {"name": "custom", "verbs": ["discover"]},
            "roles": {"name": "custom", "verbs": ["discover"]},
        }.items():
            answer = weir.post(f"/api/gateway/v1/{thing}", json=body,
                               headers={"Authorization": f"Bearer {weir.tokens['administrator']}"})
            assert answer.status_code == 201, answer.text
        yield weir


def leading_somewhere(document: dict) -> dict:
    """The document with names of things that exist in place of most names."""
    document = copy.deepcopy(document)
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation["parameters"]:
                leads = parameter["in"] == "path" or parameter["name"] == "repo"
                known = NAMES.get(parameter["name"]) if leads else None
                if known and "enum" not in parameter["schema"]:
                    parameter["schema"] = {"enum": [*known, *STRANGERS]}
            lead(operation.get("requestBody", {}))
    lead(document["components"]["schemas"]["NewGrant"])
    return document


def lead(schema):
    """Lets known values stand in for members, whatever is around them."""
    if isinstance(schema, list):
        for element in schema:
            lead(element)
    if isinstance(schema, dict):
        for name, member in schema.get("properties", {}).items():
            if name in MEMBERS:
                schema["properties"][name] = {"enum": [*MEMBERS[name], STRANGERS[0]]}
        for member in schema.values():
            lead(member)


def test_it_is_a_valid_document(weir, tmp_path):
    answer = weir.get(DOCUMENT)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/json; charset=utf-8"
    (tmp_path / "openapi.json").write_bytes(answer.content)
    said = subprocess.run(
        [TOOLS / "openapi-spec-validator", "--errors", "all", tmp_path / "openapi.json"], capture_output=True,
        text=True, timeout=120)
    assert said.returncode == 0, said.stdout + said.stderr
    assert weir.get(DOCUMENT, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("caller", ["anonymous", "user", "administrator"])
def test_what_is_answered_is_what_the_document_says(weir, tmp_path, caller):
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(leading_somewhere(weir.get(DOCUMENT).json())))
    (tmp_path / "schemathesis.toml").write_text("")
    token = weir.tokens[caller]
    # Removals come last, when there is nothing else to ask. One thread: a seed then says what happens, and CPython 3.11
    # breaks down when two parse at once.
    for methods in (["--exclude-method", "DELETE"], ["--include-method", "DELETE"]):
        said = subprocess.run(
            [TOOLS / "schemathesis", "run", document, "--url", weir.url, "--checks", CHECKS, "--phases", PHASES,
             "--max-examples", EXAMPLES, "--seed", SEED, "--workers", "1", "--request-timeout", "30",
             "--generation-database", "none", "--generation-with-security-parameters", "false",
             "--suppress-health-check", "all", "--warnings", "off", "--no-color",
             "--continue-on-failure", "--include-path-regex", PATHS, *methods,
             *(["--header", f"Authorization: Bearer {token}"] if token else [])],
            cwd=tmp_path, capture_output=True, text=True, timeout=TIMEOUT)
        assert said.returncode == 0, said.stdout[-20_000:] + said.stderr[-4_000:]
    assert weir.alive
    failed = [line for line in weir.log_records() if line.get("msg") == "request failed"]
    assert failed == []
