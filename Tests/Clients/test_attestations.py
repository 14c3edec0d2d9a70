"""Statements, model signatures, bills of materials and Croissant, verified by the tools of others."""

import json
import os
import re
import shutil
import subprocess

import pytest
import requests

from support.attestations import (ATTEST, croissant, cyclonedx_problem, make_key, model_signing, openssl_accepts, payload,
                                  sign)
from support.content import digests
from support.weir import BINARY, CORRUPT, ROOT, eventually

SLSA, COMMIT = "https://slsa.dev/provenance/v1", "https://weir.invalid/commit/v1"


def revision(weir, name: str, rev: str, what: str, kind: str = "models", **options) -> requests.Response:
    return weir.get(f"/api/gateway/v1/provenance/{kind}/{name}@{rev}/{what}", **options)


def statements(weir, name: str, rev: str = "main", kind: str = "models", **options) -> list[dict]:
    answer = revision(weir, name, rev, "statements", kind, **options)
    assert answer.status_code == 200, answer.text
    return answer.json()["statements"]


def keys(weir) -> dict[str, str]:
    return {key["keyId"]: key["pem"] for key in weir.get("/api/gateway/v1/keys").json()["keys"]}


def head(weir, name: str, kind: str = "models") -> str:
    return weir.get(f"/api/{kind}/{name}").json()["sha"]


def test_what_is_written_here_is_stated_and_signed(community, tmp_path):
    (stated,) = statements(community, "acme/tiny")
    assert stated["predicateType"] == COMMIT and stated["source"] == "own"
    assert openssl_accepts(stated["envelope"], keys(community)[stated["keyId"]], tmp_path)
    other = next(pem for key, pem in keys(community).items() if key != stated["keyId"])
    assert not openssl_accepts(stated["envelope"], other, tmp_path)
    statement = payload(stated["envelope"])
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    predicate = statement["predicate"]
    assert predicate["commit"] == community.content.tiny_commits[1]
    assert predicate["parents"] == [community.content.tiny_commits[0]]
    assert predicate["surface"] == "command" and predicate["changes"]["added"] == ["notes.txt"]
    subjects = {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}
    folder = community.content.models["acme/tiny"]
    assert subjects.items() >= {f"models/acme/tiny/{p}": d for p, d in digests(folder).items()}.items()


def test_each_way_of_writing_is_named(community, hub, git, tmp_path):
    token = community.token("writer", scope="write")
    client = hub("2.4.0", community.url, token)
    client.value("""
        from huggingface_hub import HfApi
        HfApi().create_repo("writer/demo")
        result(HfApi().upload_file(path_or_fileobj=b"{}", path_in_repo="config.json", repo_id="writer/demo").oid)
    """)
    first = head(community, "writer/demo")
    url = community.url.replace("http://", f"http://writer:{token}@") + "/models/writer/demo.git"
    git.run("clone", url, tmp_path / "clone")
    (tmp_path / "clone" / "more.txt").write_text("more\n")
    git.run("add", ".", cwd=tmp_path / "clone")
    git.run("commit", "-m", "more", cwd=tmp_path / "clone")
    git.run("push", cwd=tmp_path / "clone")
    second = head(community, "writer/demo")
    done = {rev: payload(statements(community, "writer/demo", rev)[0]["envelope"])["predicate"]
            for rev in (first, second)}
    assert [done[rev]["surface"] for rev in (first, second)] == ["huggingface", "git"]
    assert done[second]["account"]["name"] == "writer" and re.fullmatch("[0-9a-f]+", done[second]["token"])
    assert done[second]["parents"] == [first] and done[second]["changes"]["added"] == ["more.txt"]
    assert token not in json.dumps(done)


def test_an_acquisition_is_stated_and_linked_to_what_the_upstream_stated(gateway, community, tmp_path):
    commit = community.content.tiny_commits[1]
    theirs, ours = statements(gateway, "acme/tiny", commit)
    assert theirs["source"] == "upstream:hub" and ours["source"] == "own"
    assert openssl_accepts(theirs["envelope"], keys(community)[theirs["keyId"]], tmp_path)
    assert openssl_accepts(ours["envelope"], keys(gateway)[ours["keyId"]], tmp_path)
    statement = payload(ours["envelope"])
    assert statement["predicateType"] == SLSA
    definition = statement["predicate"]["buildDefinition"]
    assert definition["externalParameters"]["upstream"]["url"].startswith(community.url)
    assert re.fullmatch("[0-9a-f]{64}", definition["externalParameters"]["policy"]["digest"])
    dependencies = {d["name"]: d for d in definition["resolvedDependencies"]}
    assert dependencies["commit"]["digest"]["gitCommit"] == commit
    (published,) = statements(community, "acme/tiny", commit)
    assert dependencies["statement"]["digest"]["sha256"] == theirs["sha256"] == published["sha256"]
    assert statement["predicate"]["runDetails"]["builder"]["id"] == f"urn:weir:key:sha256:{ours['keyId']}"
    folder = community.content.models["acme/tiny"]
    subjects = {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}
    assert subjects.items() >= {f"models/acme/tiny/{p}": d for p, d in digests(folder).items()}.items()
    # A digest leads to it.
    found = gateway.get(f"/api/gateway/v1/provenance/{digests(folder)['model.safetensors']}").json()
    assert [h["repository"] for h in found["holders"]] == ["model:acme/tiny"]
    assert gateway.get(f"/api/gateway/v1/provenance/{'0' * 64}").status_code == 404


def test_model_signing_accepts_ours_and_no_flipped_byte(gateway, community, hub, git, tmp_path):
    commit = community.content.tiny_commits[1]
    bundle = revision(gateway, "acme/tiny", commit, "oms")
    assert bundle.status_code == 200
    assert revision(gateway, "acme/tiny", commit, "oms").content == bundle.content
    signature = tmp_path / "model.sig"
    signature.write_bytes(bundle.content)
    pem = tmp_path / "hub.pub"
    pem.write_text(next(k["pem"] for k in gateway.get("/api/gateway/v1/keys").json()["keys"]
                        if k["algorithm"] == "ecdsa-p256"))
    downloaded, cloned = tmp_path / "downloaded", tmp_path / "cloned"
    hub("2.4.0", gateway.url).cli("hf", "download", "acme/tiny", "--local-dir", downloaded).checked()
    git.run("clone", f"{gateway.url}/models/acme/tiny.git", cloned)
    for folder in (downloaded, cloned):
        done = model_signing(folder, signature, pem)
        assert done.returncode == 0, done.stdout + done.stderr
        target = folder / "model.safetensors"
        raw = bytearray(target.read_bytes())
        raw[len(raw) // 2] ^= 1
        target.write_bytes(raw)
        done = model_signing(folder, signature, pem)
        assert done.returncode != 0 and "mismatch" in (done.stdout + done.stderr).lower()


HOSTILE = """---
license: "</script><b>x\\u202e"
license_name: ["a", {"b": 1}]
base_model: ["../../etc/passwd", "acme/base", "a b\\nc", "acme/base"]
datasets: ["x y", "acme/tables", "acme/tables", 7]
pipeline_tag: "text-generation\\u0000"
tags: [1, null, {a: b}]
model-index:
- name: m
  results:
  - task: {type: text-generation}
    dataset: {name: "d\\u001b[31m", type: x}
    metrics: [{type: accuracy, value: 0.5}, {type: loss, value: [1]}, {value: 3}, "no"]
- 5
description: 3
---
text
"""


def test_bills_of_materials_are_strictly_valid_even_of_hostile_cards(community, gateway, tmp_path):
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "README.md").write_text(HOSTILE)
    (folder / "config.json").write_text('{"model_type": "llama", "architectures": ["LlamaForCausalLM"], "a": [[[1]]]}')
    (folder / "ö \"x\" .bin").write_bytes(b"1")
    community.import_folder(folder, "model:acme/hostile")
    community.import_folder(folder, "dataset:acme/hostile")
    for kind, name in (("models", "acme/hostile"), ("datasets", "acme/hostile"), ("models", "acme/llama-derived"),
                       ("datasets", "acme/tables")):
        answer = revision(gateway, name, "main", "cyclonedx", kind)
        assert answer.status_code == 200, answer.text
        assert cyclonedx_problem(answer.text) == ""
    bom = revision(gateway, "acme/hostile", "main", "cyclonedx").json()
    component = bom["metadata"]["component"]
    assert component["type"] == "machine-learning-model"
    assert component["modelCard"]["modelParameters"]["architectureFamily"] == "llama"
    assert component["modelCard"]["quantitativeAnalysis"]["performanceMetrics"][0]["value"] == "0.5"
    assert [a["name"] for a in component["pedigree"]["ancestors"]] == ["../../etc/passwd", "acme/base", "a b c"]
    assert "purl" not in component["pedigree"]["ancestors"][0]
    hashes = {c["name"]: c["hashes"][0]["content"] for c in bom["components"] if c["type"] == "file"}
    assert hashes.items() >= digests(folder).items()
    tiny = revision(gateway, "acme/tiny", "main", "cyclonedx").json()["metadata"]["component"]
    assert tiny["licenses"] == [{"license": {"id": "MIT", "acknowledgement": "declared"}}]


def test_croissant_is_accepted(community, gateway, tmp_path):
    for name in ("acme/tables", "acme/hostile-tables"):
        folder = community.content.datasets["acme/tables"]
        if name == "acme/hostile-tables":
            folder = shutil.copytree(folder, tmp_path / "tables")
            (folder / "README.md").write_text(HOSTILE)
            (folder / "ö \"x\" .csv").write_bytes(b"a,b\n")
            community.import_folder(folder, f"dataset:{name}")
        answer = gateway.get(f"/api/datasets/{name}/croissant")
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/ld+json"
        assert answer.content == revision(gateway, name, "main", "croissant", "datasets").content
        read = croissant(answer.text)
        assert set(read["files"].values()) >= set(digests(folder).values())
    assert gateway.get("/api/datasets/acme/absent/croissant").status_code in (401, 404)


def test_only_what_a_trusted_key_signed_is_served(make_gateway, community, tmp_path):
    """A peer's statement, a countersignature by openssl, and nothing that is about something else."""
    outsider = make_key(tmp_path / "outsider.key")
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    shutil.copy(outsider.with_suffix(".pub"), trusted / "outsider.pub")
    gateway = make_gateway(community.url, provenance={"requireSignature": {
        "trustedKeys": [f"{trusted}/*.pub"], "when": 'repo.startsWith("acme/")'}})
    refused = gateway.get("/acme/tiny/resolve/main/config.json")
    assert refused.status_code == 403 and "requireSignature" in refused.text
    assert gateway.get("/sentence/all-minilm-l6-v2/resolve/main/config.json").status_code == 200
    assert gateway.get("/acme/nested/resolve/main/config.json").status_code == 403
    token = gateway.token("root", scope="admin", admin=True)
    headers = {"Authorization": f"Bearer {token}"}
    commit = community.content.tiny_commits[1]
    place = f"/api/gateway/v1/provenance/models/acme/tiny@{commit}/statements"
    whole = payload(next(s["envelope"] for s in statements(community, "acme/tiny", commit)))
    good = {"_type": whole["_type"], "subject": whole["subject"], "predicateType": "https://example.com/checked/v1",
            "predicate": {"by": "us"}}
    # S75: from another repository, of another commit, of fewer files, with one digest changed.
    nested = payload(next(s["envelope"] for s in statements(community, "acme/nested")))
    fewer = {**good, "subject": good["subject"][1:]}
    changed = {**good, "subject": [{**good["subject"][0], "digest": {"sha256": "0" * 64}}, *good["subject"][1:]]}
    renamed = {**good, "subject": [{**s, "name": s["name"].replace("acme/tiny", "acme/other")} for s in good["subject"]]}
    old = payload(next(s["envelope"] for s in statements(community, "acme/tiny", community.content.tiny_commits[0])))
    for statement in ({**good, "subject": nested["subject"]}, fewer, changed, renamed, old):
        answer = gateway.post(place, headers=headers, json=sign(statement, outsider, tmp_path))
        assert answer.status_code == 422, answer.text
        assert gateway.get("/acme/tiny/resolve/main/config.json").status_code == 403
    for nonsense in (b"", b"{}", b"[" * 100_000, b'{"payload":"!!","payloadType":"x","signatures":[]}',
                     b'{"payload":"e30=","payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[]}'):
        assert gateway.post(place, headers=headers, data=nonsense).status_code == 400
    # The same statement signed by a key that nobody trusts changes nothing.
    stranger = sign(good, make_key(tmp_path / "stranger.key"), tmp_path)
    assert gateway.post(place, headers=headers, json=stranger).status_code == 201
    assert gateway.get("/acme/tiny/resolve/main/config.json").status_code == 403
    assert gateway.post(place, json=sign(good, outsider, tmp_path)).status_code in (401, 403, 404)
    answer = gateway.post(place, headers=headers, json=sign(good, outsider, tmp_path))
    assert answer.status_code == 201, answer.text
    assert gateway.get("/acme/tiny/resolve/main/config.json").status_code == 200
    assert gateway.get("/acme/nested/resolve/main/config.json").status_code == 403
    # The peer's own key is trusted from the next reading of the policy on.
    (trusted / "peer.pub").write_text(
        next(k["pem"] for k in community.get("/api/gateway/v1/keys").json()["keys"] if k["algorithm"] == "ed25519"))
    assert gateway.post("/api/gateway/v1/policy:reload", headers=headers).status_code == 200
    assert gateway.get("/acme/nested/resolve/main/config.json").status_code == 200
    explained = gateway.get("/api/gateway/v1/explain?repo=model:acme/nested&rev=main").json()
    assert explained["decision"] == "allow"
    (trusted / "peer.pub").unlink()
    gateway.post("/api/gateway/v1/policy:reload", headers=headers)
    assert gateway.get("/acme/nested/resolve/main/config.json").status_code == 403


def test_a_model_signature_in_the_repository_counts(make_gateway, community, tmp_path):
    folder = shutil.copytree(community.content.models["acme/nested"], tmp_path / "signed")
    community.import_folder(folder, "model:acme/signed")
    bundle = revision(community, "acme/signed", "main", "oms").content
    (folder / "model.sig").write_bytes(bundle)
    community.import_folder(folder, "model:acme/signed")
    (tmp_path / "oms.pub").write_text(next(
        k["pem"] for k in community.get("/api/gateway/v1/keys").json()["keys"] if k["algorithm"] == "ecdsa-p256"))
    gateway = make_gateway(community.url, provenance={
        "record": False, "requireSignature": {"trustedKeys": [f"{tmp_path}/oms.pub"]}})
    assert gateway.get("/acme/signed/resolve/main/config.json").status_code == 200
    assert gateway.get("/acme/nested/resolve/main/config.json").status_code == 403
    # The bundle of one model beside another model's files says nothing.
    other = shutil.copytree(community.content.models["acme/tiny"], tmp_path / "other")
    (other / "model.sig").write_bytes(bundle)
    community.import_folder(other, "model:acme/swapped")
    assert gateway.get("/acme/swapped/resolve/main/config.json").status_code == 403
    # 'record: false' leaves the plain record and signs nothing.
    commit = head(community, "acme/signed")
    assert gateway.get(f"/api/gateway/v1/provenance/models/acme/signed@{commit}").status_code == 200
    assert [s["source"] for s in statements(gateway, "acme/signed", commit)] in ([], ["upstream:hub"])


def test_the_key_of_a_mirror_signs_and_is_kept_like_a_secret(make_gateway, community, tmp_path):
    key = make_key(tmp_path / "gw.key", "p256")
    gateway = make_gateway(community.url, start=False, provenance={"sign": {"keyFile": str(key)}, "attach": ["slsa", "oms", "cyclonedx-1.6"]})
    key.chmod(0o644)
    with pytest.raises(AssertionError):
        gateway.start()
    assert "must not be readable by others" in gateway.log()
    key.chmod(0o600)
    gateway.start()
    first = statements(gateway, "acme/tiny", community.content.tiny_commits[1])[-1]
    pem = key.with_suffix(".pub").read_text()
    assert openssl_accepts(first["envelope"], pem, tmp_path)
    attached = revision(gateway, "acme/tiny", community.content.tiny_commits[1], "statements").json()["attachments"]
    assert [a["kind"] for a in attached] == ["cyclonedx-1.6", "oms"]
    # Rotation: another key in the file, taken with the policy; what the first one signed stays verifiable.
    make_key(key, "p256")
    gateway.reload()
    eventually(lambda: gateway.metric("hub_policy_reloads_total", outcome="ok") >= 1)
    second = statements(gateway, "acme/nested")[-1]
    assert second["keyId"] != first["keyId"]
    known = {k["keyId"]: k for k in gateway.get("/api/gateway/v1/keys").json()["keys"]}
    assert known[first["keyId"]]["supersededAt"] and not known[second["keyId"]]["supersededAt"]
    for stated in (first, second):
        assert openssl_accepts(stated["envelope"], known[stated["keyId"]]["pem"], tmp_path)
    assert statements(gateway, "acme/tiny", community.content.tiny_commits[1])[-1] == first
    # A file that is no key leaves the policy in force, and signing goes on.
    key.write_text("no key\n")
    gateway.reload()
    eventually(lambda: gateway.metric("hub_policy_reloads_total", outcome="refused") >= 1)
    assert statements(gateway, "acme/llama-derived")[-1]["keyId"] == second["keyId"]


def test_commands_show_and_verify_here_and_offline(make_gateway, community, hub, tmp_path):
    gateway = make_gateway(community.url)
    commit = community.content.tiny_commits[1]
    folder = tmp_path / "tiny"
    hub("2.4.0", gateway.url).cli("hf", "download", "acme/tiny", "--local-dir", folder).checked()
    envelopes, pem = tmp_path / "tiny.intoto.jsonl", tmp_path / "keys.pem"
    envelopes.write_bytes(revision(gateway, "acme/tiny", commit, "statements?format=jsonl").content)
    pem.write_bytes(gateway.get("/api/gateway/v1/keys?format=pem").content)
    bundle = tmp_path / "model.sig"
    bundle.write_bytes(revision(gateway, "acme/tiny", commit, "oms").content)
    shown = gateway.checked("provenance", "show", f"model:acme/tiny@{commit}")
    assert SLSA in shown and f"commit: {commit}" in shown and community.url in shown
    assert SLSA in gateway.checked("provenance", "show", envelopes)
    assert "verified" in gateway.checked("provenance", "verify", f"model:acme/tiny@{commit}")
    old = gateway.checked("key", "rotate")
    assert "verified" in gateway.checked("provenance", "verify", f"model:acme/tiny@{commit}")
    assert old in gateway.checked("key", "signing")
    assert statements(gateway, "acme/nested")[-1]["keyId"] == old
    for signed in (envelopes, bundle):
        assert "files are as they were signed" in gateway.checked(
            "provenance", "verify", folder, "--with", signed, "--keys", pem)
    stranger = make_key(tmp_path / "stranger.key").with_suffix(".pub")
    assert gateway.command("provenance", "verify", folder, "--with", bundle, "--keys", stranger).returncode == CORRUPT
    target = folder / "model.safetensors"
    raw = bytearray(target.read_bytes())
    raw[7] ^= 1
    target.write_bytes(raw)
    for signed in (envelopes, bundle):
        done = gateway.command("provenance", "verify", folder, "--with", signed, "--keys", pem)
        assert done.returncode == CORRUPT and "model.safetensors" in done.stderr
    # A byte of what is stored here.
    digest = digests(community.content.models["acme/tiny"])["model.safetensors"]
    stored = gateway.stored_blobs()[digest]
    stored.chmod(0o600)
    raw = bytearray(stored.read_bytes())
    raw[7] ^= 1
    stored.write_bytes(raw)
    done = gateway.command("provenance", "verify", f"model:acme/tiny@{commit}")
    assert done.returncode == CORRUPT and "model.safetensors" in done.stderr


def test_what_was_written_before_a_crash_is_stated_after_it(tmp_path, make_gateway, hub):
    gateway = make_gateway(None, start=False)
    gateway.start()
    token = gateway.token("alice", scope="write")
    client = hub("2.4.0", gateway.url, token)
    client.value("""
        from huggingface_hub import HfApi
        HfApi().create_repo("alice/demo")
        for n in range(8):
            HfApi().upload_file(path_or_fileobj=b"%d" % n, path_in_repo="n.txt", repo_id="alice/demo")
        result(True)
    """)
    gateway.kill()
    gateway.start()
    commits = [c["id"] for c in gateway.get("/api/models/alice/demo/commits/main").json()]
    assert len(commits) >= 8
    for commit in commits[:8]:
        (stated,) = statements(gateway, "alice/demo", commit)
        assert payload(stated["envelope"])["predicate"]["commit"] == commit
        assert payload(stated["envelope"])["predicate"]["surface"] == "huggingface"


def test_the_manual_s_commands_work_as_they_are(make_gateway, community, tmp_path):
    gateway = make_gateway(community.url)
    manual = (ROOT / "docs" / "governance" / "provenance.md").read_text()
    blocks = re.findall(r"```sh\n(.*?)```", manual, re.DOTALL)
    assert len(blocks) >= 5
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "weir").symlink_to(BINARY)
    programs = {name: ATTEST / name for name in ("python3", "model_signing", "mlcroissant")}
    for name, program in {**programs, "hf": ROOT / ".venv" / "hf240" / "bin" / "hf"}.items():
        # Not links: Python looks for its packages from where it was called.
        (tools / name).write_text(f'#!/bin/sh\nexec "{program}" "$@"\n')
        (tools / name).chmod(0o755)
    gateway.get("/acme/tiny/resolve/main/config.json")
    done = subprocess.run(
        ["bash", "-eux", "-c", "".join(blocks)], cwd=tmp_path, capture_output=True, text=True, timeout=120,
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "HUB": gateway.url, "DATA": str(gateway.data),
             "HOME": str(tmp_path), "HF_HUB_DISABLE_XET": "1"})
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
