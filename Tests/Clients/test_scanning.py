"""What scans found decides on every way that a file can leave by, and is shown as each client knows it."""

import json
import pathlib
import struct

import pytest
import requests

from support.clients import HUB_VERSIONS, curl, hub_client
from support.content import random_bytes, sha256_of
from support.virus_scanner import SimulatedClamd
from support.weir import Weir, eventually, fast_upstream, mirror_document

# os.system, once as an import of a binary file makes an LFS object of it, and once as text that stays in git.
DANGEROUS = b"\x80\x02cos\nsystem\nX\x0b\x00\x00\x00echo hacked\x85R."
DANGEROUS_TEXT = b"cos\nsystem\n(S'echo hacked'\ntR."
SEVEN_ZIP = bytes.fromhex("377abcaf271c0004") + random_bytes("7z", 4_000)
STRICT = {"required": ["pickle", "safetensors"], "serveBeforeScan": False}


def safetensors(path: pathlib.Path, count: int = 50_000):
    header = json.dumps({"w": {"dtype": "F32", "shape": [count], "data_offsets": [0, 4 * count]}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + random_bytes("weights", 4 * count))


@pytest.fixture(scope="module")
def above(tmp_path_factory):
    """An upstream that scans what it has and refuses nothing."""
    home = tmp_path_factory.mktemp("above")
    with Weir(home) as weir:
        zoo, in_git, clean = (home / name for name in ("zoo", "in-git", "clean"))
        for folder in (zoo, in_git, clean):
            folder.mkdir()
            (folder / "README.md").write_text("---\nlicense: mit\n---\nWords.\n")
            (folder / "config.json").write_text('{"model_type": "bert"}\n')
        safetensors(zoo / "model.safetensors")
        safetensors(clean / "model.safetensors", 1_000)
        (zoo / "evil.bin").write_bytes(DANGEROUS)
        (zoo / "archive.7z").write_bytes(SEVEN_ZIP)
        (in_git / "state.dat").write_bytes(DANGEROUS_TEXT)
        for folder in (zoo, in_git, clean):
            weir.import_folder(folder, f"model:acme/{folder.name}")
        weir.folders = {folder.name: folder for folder in (zoo, in_git, clean)}
        yield weir


@pytest.fixture(scope="module")
def strict(above, tmp_path_factory):
    home = tmp_path_factory.mktemp("strict")
    document = mirror_document("careful", [fast_upstream("hub", "weir", above.url)], scan=STRICT)
    with Weir(home, [document]) as weir:
        weir.admin = weir.token("root", "admin", admin=True)
        yield weir


def assert_told(text: str, file: str = "evil.bin"):
    assert file in text and "careful.yaml" in text and "'scan'" in text, text[-3_000:]


@pytest.mark.parametrize("version", HUB_VERSIONS)
def test_hf_download_gets_what_is_clean_and_is_told_why_not(version, strict, above, tmp_path):
    client = hub_client(version, tmp_path / "home", strict.url)
    client.cli("hf", "download", "acme/zoo", "model.safetensors", "--local-dir", tmp_path / "got").checked()
    assert sha256_of(tmp_path / "got/model.safetensors") == sha256_of(above.folders["zoo"] / "model.safetensors")
    refused = client.cli("hf", "download", "acme/zoo", "evil.bin")
    assert not refused.ok
    assert_told(refused.text)
    held = client.cli("hf", "download", "acme/zoo", "archive.7z")
    assert not held.ok and "held for review" in held.text, held.text
    assert not client.cli("hf", "download", "acme/zoo").ok


def test_git_carries_pointers_and_lfs_refuses_one_object(strict, above, git, tmp_path):
    clone = tmp_path / "clone"
    git.run("clone", "--quiet", f"{strict.url}/acme/zoo.git", clone, GIT_LFS_SKIP_SMUDGE="1")
    git.run("lfs", "pull", "--include", "model.safetensors", cwd=clone)
    assert sha256_of(clone / "model.safetensors") == sha256_of(above.folders["zoo"] / "model.safetensors")
    refused = git.try_run("lfs", "pull", "--include", "evil.bin", cwd=clone)
    assert not refused.ok
    assert_told(refused.text)
    assert b"git-lfs" in (clone / "evil.bin").read_bytes()


def test_a_dangerous_file_in_git_holds_the_transport(strict, git, tmp_path):
    refused = git.try_run("clone", f"{strict.url}/acme/in-git.git", tmp_path / "clone")
    assert not refused.ok
    assert_told(refused.text, "state.dat")
    git.run("clone", "--quiet", f"{strict.url}/acme/clean.git", tmp_path / "clean")
    assert (tmp_path / "clean/model.safetensors").stat().st_size > 4_000


def test_every_way_out_refuses_alike(strict, above):
    """resolve, raw, CSGHub's routes, LFS by batch and by link: the same rule, the same reason."""
    sha = above.get("/api/models/acme/zoo").json()["sha"]
    digest = sha256_of(above.folders["zoo"] / "evil.bin")
    size = len(DANGEROUS)
    ways = [
        "/acme/zoo/resolve/main/evil.bin", f"/acme/zoo/resolve/{sha}/evil.bin", "/hf/acme/zoo/resolve/main/evil.bin",
        "/api/v1/models/acme/zoo/resolve/evil.bin?ref=main", "/api/v1/models/acme/zoo/download/evil.bin?ref=main",
        f"/acme/zoo.git/info/lfs/objects/{digest}?size={size}",
    ]
    for way in ways:
        for ranged in ({}, {"Range": "bytes=0-3"}):
            answer = strict.get(way, headers=ranged, allow_redirects=False)
            assert answer.status_code == 403, (way, answer.status_code, answer.text)
            assert_told(answer.text)
            assert DANGEROUS[:4] not in answer.content
    # The size of what is refused is not told by HEAD either.
    head = strict.head(ways[0])
    assert head.status_code == 403 and "evil.bin" in head.headers["X-Error-Message"]
    batch = strict.post("/acme/zoo.git/info/lfs/objects/batch", json={
        "operation": "download", "objects": [{"oid": digest, "size": size}]}).json()
    assert batch["objects"][0]["error"]["code"] == 403
    assert_told(batch["objects"][0]["error"]["message"])


def test_xet_refuses_as_well(above, tmp_path):
    document = mirror_document("careful", [fast_upstream("hub", "weir", above.url)], scan=STRICT)
    with Weir(tmp_path / "weir", [document], flags=("--xet-downloads-above", "0")) as weir:
        assert weir.get("/acme/zoo/resolve/main/evil.bin").status_code == 403
        tree = {entry["path"]: entry for entry in weir.get("/api/models/acme/zoo/tree/main").json()}
        token = weir.get("/api/models/acme/zoo/xet-read-token/main").json()
        headers = {"Authorization": f"Bearer {token['accessToken']}"}
        if name := tree["evil.bin"].get("xetHash"):
            answer = requests.get(f"{token['casUrl']}/v1/reconstructions/{name}", headers=headers, timeout=30)
            assert answer.status_code == 403, answer.text
        weir.get("/acme/zoo/resolve/main/model.safetensors")
        tree = {entry["path"]: entry for entry in weir.get("/api/models/acme/zoo/tree/main").json()}
        if name := tree["model.safetensors"].get("xetHash"):
            answer = requests.get(f"{token['casUrl']}/v1/reconstructions/{name}", headers=headers, timeout=30)
            assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("version", HUB_VERSIONS)
def test_huggingface_hub_reads_the_security_fields(version, above, tmp_path):
    eventually(lambda: above.get("/api/models/acme/zoo?securityStatus=true").json()["securityRepoStatus"]["scansDone"],
               30, lambda: above.get("/api/gateway/v1/scans/model/acme/zoo").text)
    told = hub_client(version, tmp_path / "home", above.url).value("""
        from huggingface_hub import HfApi
        api = HfApi()
        def shown(files): return {f.path: f.security and dict(f.security) for f in files}
        status = api.model_info("acme/zoo", securityStatus=True).security_repo_status
        tree = shown(api.list_repo_tree("acme/zoo", expand=True))
        paths = shown(api.get_paths_info("acme/zoo", ["evil.bin", "README.md"], expand=True))
        result([status, tree, paths, shown(api.list_repo_tree("acme/zoo"))])
        """)
    status, tree, paths, plain = told
    assert {issue["path"]: issue["level"] for issue in status["filesWithIssues"]} == {
        "evil.bin": "unsafe", "archive.7z": "caution"}
    assert tree["evil.bin"]["safe"] is False and tree["evil.bin"]["status"] == "unsafe"
    assert tree["evil.bin"]["pickle_import_scan"]["highestSafetyLevel"] == "dangerous"
    assert tree["model.safetensors"]["safe"] is True and tree["archive.7z"]["safe"] is False
    assert tree["model.safetensors"]["av_scan"] is None, "nobody looked for viruses"
    assert paths == {path: tree[path] for path in ("evil.bin", "README.md")}
    assert set(plain.values()) == {None}


def test_our_own_interface(strict, above):
    headers = {"Authorization": f"Bearer {strict.admin}"}
    strict.get("/acme/zoo/resolve/main/evil.bin")
    files = {f["path"]: f for f in strict.get("/api/gateway/v1/scans/model/acme/zoo@main").json()["files"]}
    evil = files["evil.bin"]
    assert (evil["state"], evil["verdict"], evil["malware"]) == ("done", "dangerous", "unknown")
    assert any(f["scanner"] == "pickle" and f["verdict"] == "dangerous" for f in evil["findings"])
    digest = evil["sha256"]
    for path in (f"/api/gateway/v1/scans/{digest}", "/api/gateway/v1/scans"):
        assert strict.get(path).status_code == 401
        assert strict.get(path, headers={"Authorization": f"Bearer {strict.token('bob')}"}).status_code == 403
    blob = strict.get(f"/api/gateway/v1/scans/{digest}", headers=headers).json()
    assert blob["verdict"] == "dangerous" and blob["scans"][0]["scanner"] == "weir"
    asked = strict.post("/api/gateway/v1/scans:rescan", headers=headers, json={"digest": digest})
    assert (asked.status_code, asked.json()) == (202, {"queued": 1})

    def scanned_again():
        again = strict.get(f"/api/gateway/v1/scans/{digest}", headers=headers).json()
        return again["waitsSince"] is None and again["scans"][0]["scannedAt"] > blob["scans"][0]["scannedAt"]

    eventually(scanned_again, 20)
    whole = strict.post("/api/gateway/v1/scans:rescan", headers=headers, json={"repo": "model:acme/zoo"})
    assert whole.status_code == 202 and whole.json()["queued"] >= 1
    assert strict.metric("hub_scans_total", verdict="dangerous") >= 1
    facts = strict.get("/api/gateway/v1/explain?repo=model:acme/zoo&file=evil.bin", headers=headers).json()
    assert facts["decision"] == "deny" and facts["facts"]["scan"][0]["verdict"] == "dangerous"
    told = strict.command("scans", "show", "model:acme/zoo", "--notable")
    assert told.returncode == 2 and "dangerous evil.bin" in told.stdout, told.stdout + told.stderr
    assert "dangerous" in strict.command("scans", "show", digest).stdout
    assert "waiting: " in strict.checked("scans", "backlog")
    assert strict.checked("scans", "rescan", digest).strip() == "1"
    explained = strict.explain("model:acme/zoo", "--file", "evil.bin")
    assert explained.returncode == 77 and "evil.bin" in explained.stdout, explained.stdout


def test_what_the_upstream_says_counts_against_a_file_and_never_for_one(above, make_gateway):
    eventually(lambda: above.get("/api/models/acme/zoo?securityStatus=true").json()["securityRepoStatus"]["scansDone"], 30)
    weir = make_gateway(above.url, scan={
        "importUpstreamStatus": True, "pickle": {"unknownGlobals": "allow", "dangerous": "allow"},
        "required": ["safetensors"], "serveBeforeScan": False})
    held = weir.get("/acme/zoo/resolve/main/evil.bin")
    assert held.status_code == 403 and "its upstream 'hub' says that it is unsafe" in held.text, held.text
    assert weir.get("/acme/zoo/resolve/main/model.safetensors").status_code == 200
    shown = weir.get("/api/gateway/v1/scans/model/acme/zoo").json()
    assert shown["upstream"]["name"] == "hub" and shown["upstream"]["scansDone"]
    # What is not known here stays so, though the upstream says nothing against it.
    weir.write_mirror(mirror_document("community", [fast_upstream("hub", "weir", above.url)], scan={
        "importUpstreamStatus": True, "required": ["malware"], "serveBeforeScan": False}))
    weir.reload()
    eventually(lambda: weir.get("/acme/zoo/resolve/main/model.safetensors").status_code == 403, 20)
    assert "nobody looked for malware" in weir.get("/acme/zoo/resolve/main/model.safetensors").text


def test_a_slow_scan_is_waited_for_and_then_asked_again(above, make_gateway, hub):
    """Who asks in time is told to come back; hf does, and git-lfs and git too."""
    with SimulatedClamd(delay=9) as clamd:
        weir = make_gateway(above.url, flags=("--clamd-socket", str(clamd.path)), scan={
            "required": ["malware"], "serveBeforeScan": False})
        first = weir.get("/acme/clean/resolve/main/model.safetensors", allow_redirects=False)
        assert first.status_code == 503 and int(first.headers["Retry-After"]) > 0, first.text
        assert "is being scanned" in first.text and first.headers["X-Error-Code"] == "ScanPending"
        hub("2.4.0", weir.url).cli("hf", "download", "acme/clean", "model.safetensors", timeout=60).checked()
        assert weir.get("/acme/clean/resolve/main/model.safetensors").status_code == 200


def test_a_virus_is_refused_wherever_scans_are_asked_for(above, make_gateway, tmp_path):
    with SimulatedClamd(word=b'"model_type"') as clamd:
        weir = make_gateway(above.url, environment={"WEIR_CLAMD_SOCKET": str(clamd.path)}, scan={
            "required": ["malware"], "serveBeforeScan": False})
        refused = weir.get("/acme/clean/resolve/main/config.json")
        assert refused.status_code == 403 and "Simulated.Virus" in refused.text, refused.text
        assert weir.get("/acme/clean/resolve/main/README.md").status_code == 200
        admin = weir.token("root", "admin", admin=True)
        about = weir.get("/api/gateway/v1/scans", headers={"Authorization": f"Bearer {admin}"}).json()
        assert about["malware"] == {"configured": True, "version": "ClamAV 9.9.9/1/Thu Jan  1 00:00:00 2026", "problem": None}


def test_killed_in_the_middle_it_goes_on_at_once(tmp_path):
    """kill -9 while blobs are scanned: nothing is lost, and no lease is waited for."""
    with SimulatedClamd(delay=0.2) as clamd:
        weir = Weir(tmp_path / "weir", flags=("--clamd-socket", str(clamd.path)))
        folder = tmp_path / "many"
        folder.mkdir()
        for number in range(30):
            (folder / f"part{number}.bin").write_bytes(random_bytes(f"part {number}", 200_000))
        weir.start()
        try:
            admin = {"Authorization": f"Bearer {weir.token('root', 'admin', admin=True)}"}
            weir.import_folder(folder, "model:acme/many")
            for _ in range(3):
                seen = clamd.streams
                eventually(lambda: clamd.streams > seen + 2
                           and weir.get("/api/gateway/v1/scans", headers=admin).json()["running"] > 0, 30)
                weir.kill()
                weir.start()
            states = lambda: [f["state"] for f in weir.get("/api/gateway/v1/scans/model/acme/many").json()["files"]]
            # Well below the half minute that a lease lasts.
            eventually(lambda: set(states()) == {"done"}, 25, lambda: f"{states()}")
            eventually(lambda: weir.get("/api/gateway/v1/scans", headers=admin).json()["waiting"] == 0, 10)
        finally:
            weir.__exit__()
