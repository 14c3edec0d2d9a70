"""Air-gap bundles: two hubs that no network joins, and readers of a bundle that know nothing of Weir."""

import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import tarfile

import pytest
import requests

from support.checks import assert_same_files, assert_store_is_true
from support.content import small_model, write_random
from support.weir import NOT_FOUND, OK, REFUSED, USAGE, Weir, eventually, run_weir

BUNDLES = {
    "apiVersion": "weir/v1", "kind": "Mirror", "metadata": {"name": "carried"},
    "spec": {"upstreams": [{"name": "sticks", "type": "bundle", "url": "file:///srv/bundles"}]},
}


class Site:
    """A hub with its data folder; nothing of it is ever on a network that the other is on."""

    def __init__(self, home: pathlib.Path, mirror: dict | None = None):
        home.mkdir()
        self.weir = Weir(home, [mirror] if mirror else None)
        self.data = self.weir.data
        self.policy = ("--mirrors", self.weir.mirrors) if mirror else ()

    def bundle(self, *arguments):
        return self.weir.command("bundle", *arguments, *(self.policy if arguments[0] in ("import", "export") else ()))

    def checked(self, *arguments) -> str:
        result = self.bundle(*arguments)
        assert result.returncode == OK, f"{arguments}: {result.returncode}\n{result.stdout}{result.stderr}"
        return result.stdout

    def trust(self, other: "Site"):
        folder = self.data / "keys/trusted"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{other.data.parent.name}.pem").write_text(other.checked("key"))

    def receive(self, *files, more=()) -> dict:
        return json.loads(self.checked("import", *files, "--json", *more))


@pytest.fixture
def source(tmp_path):
    return Site(tmp_path / "above")


@pytest.fixture
def target(tmp_path, source):
    site = Site(tmp_path / "below", BUNDLES)
    site.trust(source)
    return site


@pytest.fixture
def model(tmp_path, source):
    folder = small_model(tmp_path / "model", "carried", "mit")
    source.weir.import_folder(folder, "model:acme/carried")
    return folder


def assert_served(site: Site, folder: pathlib.Path, hub, git, place: pathlib.Path, name="acme/carried"):
    """Stock clients get from a hub what is in a folder."""
    with site.weir as weir:
        hub("2.4.0", weir.url).cli("hf", "download", name, "--local-dir", place / "hf").checked()
        assert_same_files(place / "hf", folder)
        git.run("clone", "--quiet", f"{weir.url}/{name}.git", place / "clone")
        git.run("lfs", "pull", cwd=place / "clone")
        git.run("fsck", "--strict", cwd=place / "clone")
        git.run("lfs", "fsck", cwd=place / "clone")
        assert_same_files(place / "clone", folder)
        return git.run("rev-parse", "HEAD", cwd=place / "clone").strip()


def test_full_then_delta(source, target, model, tmp_path, hub, git):
    full, delta = tmp_path / "full.hubpack", tmp_path / "delta.hubpack"
    source.checked("export", "--repo", "model:acme/carried", "--out", full)
    plan = json.loads(target.checked("import", full, "--dry-run", "--json"))
    assert plan["repositories"][0]["outcome"] == "publish" and plan["missing"] == []
    assert target.weir.stored_blobs() == {}
    report = target.receive(full)
    assert [r["outcome"] for r in report["repositories"]] == ["published"]
    first = assert_served(target, model, hub, git, tmp_path / "one")

    write_random(model / "more.safetensors", 400_000, "more")
    (model / "notes.txt").write_text("added later\n")
    source.weir.import_folder(model, "model:acme/carried")
    source.checked("export", "--repo", "model:acme/carried", "--since", full, "--out", delta)
    # What the first bundle had does not travel again.
    assert delta.stat().st_size < 450_000 < full.stat().st_size + 450_000
    statement = read_statement(delta)
    assert [r["digest"] for r in statement["predicate"]["requires"]] and statement["predicate"]["base"]

    stranger = Site(tmp_path / "elsewhere", BUNDLES)
    stranger.trust(source)
    lacking = json.loads(stranger.checked("import", delta, "--dry-run", "--json"))
    assert any("blob" in m for m in lacking["missing"]) and any("commit" in m for m in lacking["missing"])
    refused = stranger.bundle("import", delta)
    assert refused.returncode != OK and "not here" in refused.stderr
    assert stranger.weir.stored_blobs() == {}

    target.receive(delta)
    second = assert_served(target, model, hub, git, tmp_path / "two")
    assert first != second
    assert_store_is_true(target.weir)
    # The history of the delta joins that of the first.
    assert git.run("rev-list", "--count", "HEAD", cwd=tmp_path / "two/clone").strip() == "2"
    assert run_weir("verify", "--data", target.data).returncode == OK


def test_receipt_leaves_out_what_is_there(source, target, model, tmp_path, hub, git):
    full, delta, receipt = tmp_path / "full.hubpack", tmp_path / "delta.hubpack", tmp_path / "receipt.dsse.json"
    source.checked("export", "--repo", "model:acme/carried", "--out", full)
    target.receive(full, more=("--receipt", receipt))
    stated = json.loads(base64.b64decode(json.loads(receipt.read_text())["payload"]))["predicate"]
    assert stated["bundles"] == [read_statement(full)["predicate"]["bundleId"]]
    assert stated["digests"] == sorted(stated["digests"]) and len(stated["digests"]) == 1

    refused = source.bundle("export", "--repo", "model:acme/carried", "--have", receipt, "--out", delta)
    assert refused.returncode == REFUSED and "trusted" in refused.stderr
    source.trust(target)
    write_random(model / "more.safetensors", 400_000, "more")
    source.weir.import_folder(model, "model:acme/carried")
    source.checked("export", "--repo", "model:acme/carried", "--have", receipt, "--out", delta)
    lfs = [c for c in read_statement(delta)["predicate"]["contains"] if c["role"] == "lfs"]
    assert len(lfs) == 1 and lfs[0]["size"] == 400_000
    target.receive(delta)
    assert_served(target, model, hub, git, tmp_path / "served")


def read_statement(path: pathlib.Path) -> dict:
    with tarfile.open(path) as archive:
        envelope = json.load(archive.extractfile("hubpack/statement.dsse.json"))
    return json.loads(base64.b64decode(envelope["payload"]))


def test_others_can_read_it(source, model, tmp_path, git):
    """tarfile, json, hashlib, openssl and git: nothing of Weir's."""
    pack = tmp_path / "full.hubpack"
    source.checked("export", "--repo", "model:acme/carried", "--out", pack)
    with tarfile.open(pack) as archive:
        members = archive.getmembers()
        assert [m.name for m in members[:4]] == [
            "oci-layout", "hubpack/statement.dsse.json", "hubpack/previous.json", "index.json"]
        assert all(m.isreg() and m.mode == 0o644 and m.mtime == 0 for m in members)
        archive.extractall(tmp_path / "layout", filter="data")
    layout = tmp_path / "layout"
    assert json.loads((layout / "oci-layout").read_text()) == {"imageLayoutVersion": "1.0.0"}
    # Every blob is its digest, and a subject of the signed statement.
    envelope = json.loads((layout / "hubpack/statement.dsse.json").read_text())
    payload = base64.b64decode(envelope["payload"])
    statement = json.loads(payload)
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    subjects = {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}
    for name, digest in subjects.items():
        assert hashlib.sha256((layout / name).read_bytes()).hexdigest() == digest
    blobs = {f"blobs/sha256/{p.name}" for p in (layout / "blobs/sha256").iterdir()}
    assert blobs | {"index.json", "hubpack/previous.json"} == set(subjects)
    # Offsets are where the statement says, from the end of its own entry.
    begin = members[2].offset
    for content in statement["predicate"]["contains"]:
        member = next(m for m in members if m.name.endswith(content["digest"]))
        assert (member.offset_data - begin, member.size) == (content["offset"], content["size"])
    # The signature, by OpenSSL.
    kind = envelope["payloadType"]
    (tmp_path / "signed").write_bytes(b"DSSEv1 %d %s %d " % (len(kind), kind.encode(), len(payload)) + payload)
    (tmp_path / "signature").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    (tmp_path / "key.pem").write_text(source.checked("key"))
    subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "key.pem", "-rawin", "-in",
                    tmp_path / "signed", "-sigfile", tmp_path / "signature"], check=True, capture_output=True)
    # The OCI side: index, manifests, layers, and who refers to what.
    index = json.loads((layout / "index.json").read_text())
    assert index["mediaType"] == "application/vnd.oci.image.index.v1+json"
    repository = next(m for m in index["manifests"] if m["artifactType"] == "application/vnd.hub.repo.v1+json")
    for descriptor in index["manifests"]:
        raw = (layout / "blobs/sha256" / descriptor["digest"].removeprefix("sha256:")).read_bytes()
        assert len(raw) == descriptor["size"]
        manifest = json.loads(raw)
        for part in [manifest["config"], *manifest["layers"]]:
            assert (layout / "blobs/sha256" / part["digest"].removeprefix("sha256:")).stat().st_size == part["size"]
        if "subject" in manifest:
            assert manifest["subject"]["digest"] == repository["digest"]
    manifest = json.loads((layout / "blobs/sha256" / repository["digest"].removeprefix("sha256:")).read_text())
    kinds = {l["mediaType"]: l for l in manifest["layers"]}
    weights = kinds["application/vnd.cncf.model.weight.v1.safetensors"]
    assert weights["annotations"]["org.cncf.model.filepath"].endswith(".safetensors")
    # git's own word on the commits, and a clone of them.
    bundle = layout / "blobs/sha256" / kinds["application/vnd.hub.git.bundle.v2"]["digest"].removeprefix("sha256:")
    git.run("init", "--quiet", tmp_path / "empty")
    git.run("bundle", "verify", bundle, cwd=tmp_path / "empty")
    git.run("clone", "--quiet", "--no-checkout", bundle, tmp_path / "cloned")
    repo = statement["predicate"]["repos"][0]
    assert git.run("rev-parse", "HEAD", cwd=tmp_path / "cloned").strip() == repo["commit"]
    # Inspecting needs no trust and tells that there is none.
    shown = json.loads(run_weir("bundle", "inspect", pack, "--json", "--data", tmp_path / "none").stdout)
    assert shown["trusted"] is False and shown["bundleId"] == statement["predicate"]["bundleId"]
    assert not (tmp_path / "none").exists()


def test_the_same_input_gives_the_same_bytes(source, model, tmp_path):
    made = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.hubpack"
        source.checked("export", "--repo", "model:acme/carried", "--out", path, "--sequence", "7", "--created-at",
                       "1790000000000")
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_parts_in_any_order_and_one_damaged(source, target, model, tmp_path, hub, git):
    pack = tmp_path / "pack"
    source.checked("export", "--repo", "model:acme/carried", "--out", pack, "--part-size", "64KiB")
    parts = sorted(tmp_path.glob("pack.0*"))
    assert len(parts) > 4 and parts[0].name == "pack.000"
    damaged = bytearray(parts[3].read_bytes())
    damaged[1000] ^= 1
    spoilt = tmp_path / "copy" / parts[3].name
    spoilt.parent.mkdir()
    spoilt.write_bytes(damaged)
    others = [p for p in parts if p != parts[3]]
    refused = target.bundle("import", *others, spoilt)
    assert refused.returncode == USAGE and "Part 3" in refused.stderr and str(spoilt) in refused.stderr
    missing = target.bundle("import", *others)
    assert missing.returncode == USAGE and "Part 3" in missing.stderr
    plan = json.loads(target.checked("import", *others, "--dry-run", "--json"))
    assert plan["missing"] == ["part 3"]
    assert target.weir.stored_blobs() == {}
    target.receive(*reversed(parts))
    assert_served(target, model, hub, git, tmp_path / "served")
    # In their order they are one archive.
    with tarfile.open(fileobj=_Joined(parts)) as archive:
        assert archive.getnames()[0] == "oci-layout"


class _Joined:
    def __init__(self, parts):
        import io
        self.file = io.BytesIO(b"".join(p.read_bytes() for p in parts))

    def __getattr__(self, name):
        return getattr(self.file, name)


def test_what_policy_denies_stays_out(source, tmp_path, hub, git):
    good = small_model(tmp_path / "good", "good", "mit")
    source.weir.import_folder(good, "model:acme/carried")
    source.weir.import_folder(small_model(tmp_path / "bad", "bad", "cc-by-nc-4.0"), "model:acme/denied")
    policy = json.loads(json.dumps(BUNDLES))
    policy["spec"]["license"] = {"deny": ["flag:non-commercial"]}
    target = Site(tmp_path / "below", policy)
    target.trust(source)
    pack = tmp_path / "two.hubpack"
    source.checked("export", "--repo", "model:acme/carried", "--repo", "model:acme/denied", "--out", pack)
    plan = json.loads(target.checked("import", pack, "--dry-run", "--json"))
    assert {r["repository"]: r["outcome"] for r in plan["repositories"]} == {
        "model:acme/carried": "publish", "model:acme/denied": "refused"}
    report = target.receive(pack)
    outcomes = {r["repository"]: r for r in report["repositories"]}
    assert outcomes["model:acme/carried"]["outcome"] == "published"
    assert outcomes["model:acme/denied"]["outcome"] == "refused"
    assert "non-commercial" in outcomes["model:acme/denied"]["reason"]
    assert len(target.weir.stored_blobs()) == 1
    assert_served(target, good, hub, git, tmp_path / "served")
    with target.weir as weir:
        assert weir.get("/api/models/acme/denied").status_code == 401
    # When policy has changed the same bundle brings the rest.
    policy["spec"].pop("license")
    target.weir.write_mirror(policy)
    again = {r["repository"]: r["outcome"] for r in target.receive(pack)["repositories"]}
    assert again == {"model:acme/carried": "unchanged", "model:acme/denied": "published"}
    assert target.bundle("import", pack).returncode == USAGE


def test_what_the_exporter_denies_stays_there(community, tmp_path, make_gateway, hub):
    """A mirror's content goes out as its own policy allows, and nothing that is not stored."""
    from support.weir import fast_upstream, mirror_document
    home = tmp_path / "gateway"
    home.mkdir()
    mirror = mirror_document("community", [fast_upstream("hub", "weir", community.url)],
                             license={"deny": ["flag:non-commercial"]})
    with Weir(home, [mirror]) as weir:
        hub("2.4.0", weir.url).cli("hf", "download", "acme/tiny", "--local-dir", tmp_path / "tiny").checked()
        weir.get("/api/models/acme/research-only")
        weir.get("/api/models/acme/large/tree/main")
        pack = tmp_path / "mirror.hubpack"
        result = weir.command("bundle", "export", "--mirror", "community", "--out", pack, "--json", "--mirrors",
                              weir.mirrors)
        assert result.returncode == OK, result.stderr
        report = json.loads(result.stdout)
        assert report["repositories"] == ["model:acme/tiny"]
        reasons = {l["repository"]: l["reason"] for l in report["leftOut"]}
        assert "non-commercial" in reasons["model:acme/research-only"]
        assert "not stored here" in reasons["model:acme/large"]
        # Fetched in one piece for the bundle, with the history that a clone would get.
        assert read_statement(pack)["predicate"]["policyDigest"]


def test_who_may_take_it(source, target, model, tmp_path):
    pack = tmp_path / "for.hubpack"
    source.checked("export", "--repo", "model:acme/carried", "--out", pack, "--recipient", "submarine")
    refused = target.bundle("import", pack)
    assert refused.returncode == REFUSED and "submarine" in refused.stderr
    assert target.bundle("import", pack, "--site", "harbour").returncode == REFUSED
    assert target.bundle("import", pack, "--site", "submarine", "--dry-run").returncode == OK
    stranger = Site(tmp_path / "stranger")
    untrusting = stranger.bundle("import", pack, "--site", "submarine")
    assert untrusting.returncode == REFUSED and "trusted" in untrusting.stderr
    (tmp_path / "key.pem").write_text(source.checked("key"))
    assert stranger.bundle("import", pack, "--site", "submarine", "--trust", tmp_path / "key.pem",
                           "--dry-run").returncode == OK


def test_expiry_replay_and_rollback(source, target, model, tmp_path):
    first, old, second = (tmp_path / f"{n}.hubpack" for n in ("first", "old", "second"))
    source.checked("export", "--repo", "model:acme/carried", "--out", old, "--expires", "1d", "--created-at",
                   "1700000000000")
    expired = target.bundle("import", old)
    assert expired.returncode != OK and "expired" in expired.stderr
    source.checked("export", "--repo", "model:acme/carried", "--out", first)
    (model / "notes.txt").write_text("newer\n")
    source.weir.import_folder(model, "model:acme/carried")
    source.checked("export", "--repo", "model:acme/carried", "--out", second)
    target.receive(second)
    replayed = target.bundle("import", second)
    assert replayed.returncode == USAGE and "already" in replayed.stderr
    back = target.bundle("import", first)
    assert back.returncode != OK and "older" in back.stderr
    # Even then a branch does not go back.
    held = target.bundle("import", first, "--allow-older")
    assert held.returncode == REFUSED and "does not descend" in held.stderr
    report = target.receive(first, more=("--allow-older", "--allow-rewind"))
    assert report["repositories"][0]["outcome"] == "published"


def test_local_names_win(source, target, model, tmp_path):
    pack = tmp_path / "full.hubpack"
    source.checked("export", "--repo", "model:acme/carried", "--out", pack)
    target.weir.import_folder(small_model(tmp_path / "mine", "mine", "mit"), "model:acme/mine")
    refused = target.bundle("import", pack)
    assert refused.returncode == REFUSED and "local wins" in refused.stderr
    mapped = json.loads(json.dumps(BUNDLES))
    mapped["spec"]["namespace"] = {"map": {"acme": "carried-acme"}}
    target.weir.write_mirror(mapped)
    report = target.receive(pack)
    assert report["repositories"][0]["repository"] == "model:carried-acme/carried"


def test_branches_and_tags_come_and_go(source, target, model, tmp_path):
    full, delta = tmp_path / "full.hubpack", tmp_path / "delta.hubpack"

    def refs(site: Site) -> dict:
        answer = site.weir.get("/api/models/amy/carried/refs").json()
        return {r["ref"]: r["targetCommit"] for kind in ("branches", "tags") for r in answer[kind]}

    with source.weir as weir:
        owner = {"Authorization": f"Bearer {weir.token('amy', 'write')}"}
        weir.import_folder(model, "model:amy/carried")
        made = weir.post("/api/models/amy/carried/branch/dev", json={}, headers=owner)
        assert made.ok, made.text
        made = weir.post("/api/models/amy/carried/tag/main", json={"tag": "v1", "message": "The first."}, headers=owner)
        assert made.ok, made.text
        source.checked("export", "--repo", "model:amy/carried", "--out", full)
        before = refs(source)
        requests.delete(f"{weir.url}/api/models/amy/carried/branch/dev", headers=owner, timeout=30).raise_for_status()
        source.checked("export", "--repo", "model:amy/carried", "--since", full, "--out", delta)
        after = refs(source)
    assert set(before) - set(after) == {"refs/heads/dev"}
    statement = read_statement(delta)["predicate"]
    assert [(t["type"], t["ref"]) for t in statement["tombstones"]] == [("ref", "refs/heads/dev")]
    assert "git" not in statement["repos"][0]
    target.receive(full)
    with target.weir:
        assert refs(target) == before
        target.receive(delta)
        assert refs(target) == after


def test_provenance_and_history_name_the_bundle(source, target, model, tmp_path):
    pack = tmp_path / "full.hubpack"
    source.checked("export", "--repo", "model:acme/carried", "--out", pack)
    report = target.receive(pack)
    digest = next(iter(target.weir.stored_blobs()))
    for site, word in ((source, "out"), (target, "in")):
        assert site.checked("list", "--carrying", digest).startswith(f"{word} {report['bundleId']}")
    with target.weir as weir:
        record = weir.get(f"/api/gateway/v1/provenance/model/acme/carried@{report['repositories'][0]['commit']}").json()
        assert record["bundle"]["id"] == report["bundleId"]
        assert digest in [f["sha256"] for f in record["files"]]


def test_over_rest(source, tmp_path, model):
    """An operator has a bundle made and downloads it by ranges; another site takes it from its folder."""
    below = tmp_path / "below"
    below.mkdir()
    folder = tmp_path / "inbox"
    folder.mkdir()
    with source.weir as weir:
        admin = {"Authorization": f"Bearer {weir.token('root', 'admin', admin=True)}"}
        base = "/api/gateway/v1/bundles"
        assert weir.post(base, json={"repos": ["model:acme/carried"]}).status_code == 401
        asked = weir.post(base, json={"repos": ["model:acme/carried"]}, headers=admin)
        assert asked.status_code == 202, asked.text
        name = asked.json()["name"]

        def made():
            found = [b for b in weir.get(base, headers=admin).json()["bundles"] if b["name"] == name]
            return found and found[0]

        bundle = eventually(made, 30)
        url = f"{base}/{bundle['bundleId']}/content"
        whole = weir.get(url, headers=admin).content
        half = weir.get(url, headers={**admin, "Range": f"bytes={len(whole) // 2}-"})
        assert half.status_code == 206 and half.content == whole[len(whole) // 2:]
        (folder / "brought.hubpack").write_bytes(whole)
        detail = weir.get(f"{base}/{bundle['bundleId']}", headers=admin).json()["bundles"][0]
        assert detail["repositories"][0]["outcome"] == "exported"
    site = Weir(below, [BUNDLES], ("--bundle-folder", str(folder)))
    (site.data / "keys/trusted").mkdir(parents=True)
    (site.data / "keys/trusted/above.pem").write_text(source.checked("key"))
    with site as weir:
        admin = {"Authorization": f"Bearer {weir.token('root', 'admin', admin=True)}"}
        take = "/api/gateway/v1/bundles:import"
        for bad in ("../brought.hubpack", "/etc/passwd", ".hidden", "a/b", ""):
            assert weir.post(take, json={"files": [bad]}, headers=admin).status_code == 400
        plan = weir.post(take, json={"files": ["brought.hubpack"], "dryRun": True}, headers=admin)
        assert plan.json()["repositories"][0]["outcome"] == "publish", plan.text
        assert weir.post(take, json={"files": ["brought.hubpack"]}, headers=admin).status_code == 202
        eventually(lambda: weir.get("/api/models/acme/carried").status_code == 200, 30)


def test_a_spoilt_blob_is_never_exported(source, model, tmp_path):
    path = next(iter(source.weir.stored_blobs().values()))
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    result = source.bundle("export", "--repo", "model:acme/carried", "--out", tmp_path / "bad.hubpack")
    assert result.returncode == 65 and path.name in result.stderr
    assert not list(tmp_path.glob("bad.hubpack*"))
