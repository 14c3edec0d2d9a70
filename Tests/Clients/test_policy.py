"""Refusals on every surface, the same words from `weir explain`, and policy files that are wrong."""

import re
import pathlib
import shutil
import subprocess

import pytest

from support.clients import HUB_VERSIONS, csghub_client, hub_client
from support.weir import BAD_CONFIGURATION, OK, REFUSED, ROOT, Weir, eventually, fast_upstream, mirror_document, run_weir

BAD_FILES = sorted((ROOT / "Tests/Fixtures/policies/bad").glob("*.yaml"))
GOOD_FILES = sorted((ROOT / "Tests/Fixtures/policies/good").glob("*.yaml"))

RULES = [
    {"id": "no-research-only", "match": {"repo": ["acme/research-only"]}, "action": "deny",
     "message": "not for commercial work; ask legal@example.org"},
    {"id": "ask-the-lawyers", "match": {"repo": ["acme/llama-derived"]}, "action": "review",
     "message": "the licence desk decides"},
    {"id": "not-that-large", "match": {"repo": ["acme/*"]}, "when": "repo.size > 10485760", "action": "deny",
     "message": "above 10 MiB"},
    {"id": "no-onnx", "match": {"files": ["*.onnx"]}, "action": "deny", "message": "no ONNX here"},
]

# name of the case -> (repository, rule that refuses, words of the rule's author)
REFUSED_CASES = {
    "denied": ("acme/research-only", "no-research-only", "not for commercial work"),
    "review": ("acme/llama-derived", "ask-the-lawyers", "the licence desk decides"),
    "too large": ("acme/large", "not-that-large", "above 10 MiB"),
}
each_case = pytest.mark.parametrize("case", REFUSED_CASES)


@pytest.fixture(scope="module")
def strict(community, tmp_path_factory):
    home = tmp_path_factory.mktemp("strict")
    with Weir(home, [mirror_document("strict-rules", [fast_upstream("hub", "weir", community.url)], rules=RULES)]) as weir:
        yield weir


def assert_names_the_rule(text: str, case: str):
    _, rule, words = REFUSED_CASES[case]
    assert rule in text, f"the rule is not named in:\n{text[-3000:]}"
    assert re.search(r"strict-rules\.yaml(:\d+)?", text), f"the file is not named in:\n{text[-3000:]}"
    assert words in text, f"the message of the rule is missing in:\n{text[-3000:]}"


@each_case
@pytest.mark.parametrize("version", HUB_VERSIONS)
def test_hf_download_prints_the_rule(case, version, strict, tmp_path):
    output = hub_client(version, tmp_path / "home", strict.url).cli("hf", "download", REFUSED_CASES[case][0])
    assert not output.ok
    assert_names_the_rule(output.text, case)


@each_case
def test_hf_hub_download_of_one_file_prints_the_rule(case, strict, tmp_path):
    output = hub_client("2.4.0", tmp_path / "home", strict.url + "/hf").cli(
        "hf", "download", REFUSED_CASES[case][0], "model.safetensors")
    assert not output.ok
    assert_names_the_rule(output.text, case)


@each_case
def test_git_clone_prints_the_rule(case, strict, git, tmp_path):
    output = git.try_run("clone", f"{strict.url}/{REFUSED_CASES[case][0]}.git", tmp_path / "clone")
    assert not output.ok
    assert_names_the_rule(output.text, case)


@each_case
def test_git_lfs_prints_the_rule(case, strict, community, git, tmp_path):
    """Someone who has the pointers from elsewhere asks us only for the objects."""
    clone = tmp_path / "clone"
    name = REFUSED_CASES[case][0]
    git.run("clone", "--quiet", f"{community.url}/{name}.git", clone, GIT_LFS_SKIP_SMUDGE="1")
    git.run("config", "lfs.url", f"{strict.url}/{name}.git/info/lfs", cwd=clone)
    output = git.try_run("lfs", "pull", cwd=clone)
    assert not output.ok
    assert_names_the_rule(output.text, case)


@each_case
@pytest.mark.parametrize("disable_xnet", [None, "true"])
def test_csghub_cli_prints_the_rule(case, disable_xnet, strict, tmp_path):
    client = csghub_client(tmp_path / "home", strict.url, strict.token("csghub-user"), CSGHUB_DISABLE_XNET=disable_xnet)
    output = client.cli("csghub-cli", "download", REFUSED_CASES[case][0], "--local-dir", tmp_path / "files")
    assert not (tmp_path / "files/model.safetensors").exists()
    assert_names_the_rule(output.text, case)


@each_case
def test_the_csghub_rest_api_names_the_rule(case, strict):
    answer = strict.get(f"/api/v1/models/{REFUSED_CASES[case][0]}/resolve/model.safetensors?ref=main")
    assert answer.status_code == 403
    assert_names_the_rule(answer.json()["msg"], case)


@each_case
def test_explain_says_the_same(case, strict):
    name = REFUSED_CASES[case][0]
    refused = strict.explain(f"model:{name}")
    assert refused.returncode == REFUSED, refused.stdout + refused.stderr
    assert_names_the_rule(refused.stdout, case)
    assert ("review" if case == "review" else "deny") in refused.stdout.lower()


def test_explain_allows_what_is_allowed(strict):
    for subject in ("model:acme/tiny", "model:acme/tiny@main", "dataset:acme/tables"):
        allowed = strict.explain(subject)
        assert allowed.returncode == OK, allowed.stdout + allowed.stderr
        assert "allow" in allowed.stdout.lower()


def test_one_file_of_a_repository_is_refused(strict, tmp_path):
    assert strict.get("/acme/nested/resolve/main/config.json").status_code == 200
    answer = strict.get("/acme/nested/resolve/main/onnx/quantized/model_q4.onnx")
    assert answer.status_code == 403 and "no-onnx" in answer.headers["X-Error-Message"]
    refused = strict.explain("model:acme/nested", "--file", "onnx/quantized/model_q4.onnx")
    assert refused.returncode == REFUSED and "no-onnx" in refused.stdout
    output = hub_client("2.4.0", tmp_path / "home", strict.url).cli(
        "hf", "download", "acme/nested", "--include", "*.json", "--local-dir", tmp_path / "files")
    assert output.ok, output.text[-2000:]


def test_a_refused_repository_costs_no_weights(strict, community):
    for name, *_ in REFUSED_CASES.values():
        strict.get(f"/{name}/resolve/main/model.safetensors")
    from support.content import sha256_of
    for name, *_ in REFUSED_CASES.values():
        assert sha256_of(community.content.models[name] / "model.safetensors") not in strict.stored_blobs()


def test_what_was_pulled_before_a_rule_is_refused_after_it(community, make_gateway):
    gateway = make_gateway(community.url)
    path = "/acme/tiny/resolve/main/model.safetensors"
    assert gateway.get(path).status_code == 200
    gateway.write_mirror(mirror_document("community", [fast_upstream("hub", "weir", community.url)], rules=[
        {"id": "no-longer", "match": {"repo": ["acme/tiny"]}, "action": "deny"}]))
    gateway.reload()
    eventually(lambda: gateway.get(path).status_code == 403, 10)
    assert gateway.get(f"/acme/tiny/resolve/{community.content.tiny_commits[1]}/model.safetensors").status_code == 403


def test_licence_lists(community, make_gateway):
    gateway = make_gateway(community.url, license={
        "allow": ["Apache-2.0", "MIT", "CC-BY-4.0"], "deny": ["flag:non-commercial"], "review": ["LicenseRef-llama*", "other", "unknown"]})
    assert gateway.get("/acme/tiny/resolve/main/model.safetensors").status_code == 200
    assert gateway.get("/datasets/acme/tables/resolve/main/csv/train.csv").status_code == 200
    for name in ("acme/research-only", "acme/llama-derived"):
        answer = gateway.get(f"/{name}/resolve/main/model.safetensors")
        assert answer.status_code == 403, name
        assert "community.yaml" in answer.headers["X-Error-Message"]
    explained = gateway.explain("model:acme/research-only")
    assert explained.returncode == REFUSED and "non-commercial" in explained.stdout


def test_a_default_of_deny_lets_only_the_named_through(community, make_gateway):
    gateway = make_gateway(community.url, default="deny", rules=[
        {"id": "only-tiny", "match": {"repo": ["acme/tiny"]}, "action": "allow"}])
    assert gateway.get("/acme/tiny/resolve/main/config.json").status_code == 200
    assert gateway.get("/acme/nested/resolve/main/config.json").status_code == 403


def test_browse_mode_shows_but_does_not_pull(community, make_gateway):
    gateway = make_gateway(community.url, mode="browse")
    assert gateway.get("/api/models/acme/tiny").status_code == 200
    answer = gateway.get("/acme/tiny/resolve/main/model.safetensors")
    assert answer.status_code == 403 and "browse" in answer.headers["X-Error-Message"]


def test_a_rule_that_only_warns_lets_through(community, make_gateway):
    gateway = make_gateway(community.url, rules=[
        {"id": "look-out", "match": {"repo": ["acme/*"]}, "action": "deny", "enforcement": "warn"}])
    assert gateway.get("/acme/tiny/resolve/main/config.json").status_code == 200


# -- the files themselves

def test_the_corpus_is_large_enough():
    assert len(BAD_FILES) >= 40


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.stem)
def test_a_bad_file_is_placed_and_explained(path, tmp_path):
    first = path.read_text(encoding="utf-8", errors="replace").splitlines()[0]
    line, column, fragment = re.match(r"# expect: (\d+):(\d+) (.+)", first).groups()
    shutil.copy(path, tmp_path / path.name)
    result = run_weir("policy", "check", "--mirrors", tmp_path)
    said = result.stdout + result.stderr
    assert result.returncode == BAD_CONFIGURATION, said
    assert f"{path.name}:{line}:{column}" in said, said
    assert fragment in said, said
    assert "Fatal error" not in said


@pytest.mark.parametrize("path", GOOD_FILES, ids=lambda path: path.stem)
def test_a_good_file_passes(path, tmp_path):
    # The files that the examples name exist on their operators' machines: here they get stand-ins.
    text = path.read_text()
    (tmp_path / "secrets").mkdir()
    key, public = (["openssl", "genpkey", "-algorithm", "ed25519"], ["openssl", "pkey", "-pubout"])
    private = subprocess.run(key, check=True, capture_output=True).stdout
    (tmp_path / "secrets/peer.pub").write_bytes(subprocess.run(public, check=True, input=private, capture_output=True).stdout)
    text = text.replace("/etc/mirror/keys/*.pub", str(tmp_path / "secrets/*.pub"))
    for named in sorted(set(re.findall(r"(?<=File: )/[\w/.-]+", text))):
        stand_in = tmp_path / "secrets" / pathlib.Path(named).name
        stand_in.write_text(private.decode() if named.endswith(".key") else "stand-in\n")
        stand_in.chmod(0o600)
        text = text.replace(named, str(stand_in))
    (tmp_path / "mirrors.d").mkdir()
    (tmp_path / "mirrors.d" / path.name).write_text(text)
    result = run_weir("policy", "check", "--mirrors", tmp_path / "mirrors.d")
    assert result.returncode == OK, result.stdout + result.stderr


def test_the_worked_examples_pass():
    result = run_weir("policy", "check", "--mirrors", ROOT / "mirrors.d")
    assert result.returncode == OK, result.stdout + result.stderr


def test_what_is_not_enforced_yet_is_said(tmp_path):
    (tmp_path / "mirrors").mkdir()
    document = mirror_document("later", [fast_upstream("hub", "weir", "http://127.0.0.1:9")],
                               cache={"chunk": "8MiB"})
    Weir(tmp_path, [document])
    result = run_weir("policy", "check", "--mirrors", tmp_path / "mirrors.d")
    assert result.returncode == OK and "not enforced yet" in result.stdout + result.stderr


def test_serve_refuses_to_start_on_a_bad_file(tmp_path):
    (tmp_path / "mirrors.d").mkdir()
    (tmp_path / "mirrors.d/bad.yaml").write_text("apiVersion: weir/v1\nkind: Mirorr\nmetadata: {name: bad}\n")
    result = run_weir("serve", "--data", tmp_path / "data", "--listen", "127.0.0.1:0", "--mirrors", tmp_path / "mirrors.d",
                      timeout=30)
    assert result.returncode == BAD_CONFIGURATION
    assert "bad.yaml:2:7" in result.stdout + result.stderr


def test_a_reload_is_all_or_nothing(community, make_gateway):
    gateway = make_gateway(community.url)
    assert gateway.get("/acme/tiny/resolve/main/config.json").status_code == 200
    path = gateway.mirrors / "community.yaml"
    good = path.read_text()

    denying = mirror_document("community", [fast_upstream("hub", "weir", community.url)], rules=[
        {"id": "closed", "match": {"repo": ["acme/*"]}, "action": "deny"}])
    gateway.write_mirror(denying)
    gateway.reload()
    eventually(lambda: gateway.get("/acme/tiny/resolve/main/config.json").status_code == 403, 10,
               "a good reload did not take effect")

    # A bad file beside a changed good one: neither counts.
    path.write_text(good)
    (gateway.mirrors / "zz-bad.yaml").write_text("apiVersion: weir/v1\nkind: Mirror\nmetadata: {name: bad}\nspec: {mode: prxy}\n")
    failures = gateway.metric("hub_policy_reloads_total", outcome="refused")
    gateway.reload()
    eventually(lambda: "zz-bad.yaml:4:" in gateway.log(), 10, "the bad file is not named in the log")
    assert gateway.get("/acme/tiny/resolve/main/config.json").status_code == 403
    assert gateway.metric("hub_policy_reloads_total", outcome="refused") == failures + 1

    (gateway.mirrors / "zz-bad.yaml").unlink()
    gateway.reload()
    eventually(lambda: gateway.get("/acme/tiny/resolve/main/config.json").status_code == 200, 10)


def test_a_rule_by_user_sees_who_asks(community, make_gateway):
    gateway = make_gateway(community.url, rules=[
        {"id": "staff-only", "match": {"repo": ["acme/tiny"]}, "when": 'user != "alice"', "action": "deny"}])
    alice = {"Authorization": f"Bearer {gateway.token('alice')}"}
    bob = {"Authorization": f"Bearer {gateway.token('bob')}"}
    path = "/acme/tiny/resolve/main/config.json"
    assert gateway.get(path, headers=alice).status_code == 200
    assert gateway.get(path, headers=bob).status_code == 403
    assert gateway.get(path).status_code == 403
    assert gateway.explain("model:acme/tiny", "--user", "alice").returncode == OK
    assert gateway.explain("model:acme/tiny", "--user", "bob").returncode == REFUSED
