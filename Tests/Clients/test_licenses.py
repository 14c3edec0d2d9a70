"""Terms follow what is made from a model: a gateway that inherits refuses a chain on every carrier, says by which way,
and reports on it in forms that others' tools read."""

import csv
import io
import json
import re
import pathlib
import subprocess

import pytest
import requests

from support import content
from support.clients import hub_client
from support.weir import OK, REFUSED, ROOT, Weir, eventually, fast_upstream, mirror_document

TEXTS = ROOT / ".assets/licenses/texts.json"
ENVIRONMENT = {"WEIR_LICENSE_TEXTS": str(TEXTS)} if TEXTS.exists() else {}
needs_texts = pytest.mark.skipif(not TEXTS.exists(), reason="no licence texts: run `make licenses`")

# The head of the terms, as far as it takes to tell them.
LLAMA3 = """META LLAMA 3 COMMUNITY LICENSE AGREEMENT

Meta Llama 3 Version Release Date: April 18, 2024

"Agreement" means the terms and conditions for use, reproduction, distribution and modification of the Llama Materials
set forth herein. "Llama Materials" means, collectively, Meta's proprietary Meta Llama 3 and Documentation.
"""


def model(folder: pathlib.Path, card: str, **files: str) -> pathlib.Path:
    content.small_model(folder, folder.name, "mit", weights=20_000)
    (folder / "README.md").write_text(f"---\n{card}---\n# {folder.name}\n")
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def above(tmp_path_factory):
    """The upstream with the chain base -> tune -> quant, and what stands beside it."""
    home = tmp_path_factory.mktemp("above")
    with Weir(home) as hub:
        sources = home / "sources"
        hub.folders = {
            "meta/base": model(sources / "base", "license: other\nlicense_name: see-file\n", LICENSE=LLAMA3),
            "acme/tune": model(sources / "tune", "license: mit\nbase_model: meta/base\n"),
            "acme/free": model(sources / "free", "license: mit\n"),
            "acme/adrift": model(sources / "adrift", "license: mit\nbase_model: nobody/knows\n"),
            "acme/ring": model(sources / "ring", "license: mit\nbase_model: [acme/ring, acme/ring2]\n"),
            "acme/ring2": model(sources / "ring2", "license: mit\nbase_model: acme/ring\n"),
            "acme/odd": model(
                sources / "odd", "license: [mit, 7, {a: b}]\nbase_model: {name: meta/base}\ndatasets: 12\ntags: no\n"),
            "acme/many": model(
                sources / "many",
                "license: mit\nbase_model:\n" + "".join(f"- acme/none-{n}\n" for n in range(10_000))),
        }
        # The first commit of the quantisation says nothing of where it comes from.
        quant = model(sources / "quant", "license: mit\n")
        hub.import_folder(quant, "model:acme/quant")
        hub.first = hub.get("/api/models/acme/quant").json()["sha"]
        model(quant, "license: mit\nbase_model: acme/tune\nbase_model_relation: quantized\n", **{"notes.txt": "q4\n"})
        hub.folders["acme/quant"] = quant
        for name, folder in hub.folders.items():
            hub.import_folder(folder, f"model:{name}")
        hub.head = hub.get("/api/models/acme/quant").json()["sha"]
        hub.oid = content.sha256_of(quant / "model.safetensors")
        yield hub


LISTS = {"deny": ["LicenseRef-llama*"], "inherit": "base_model", "onMismatch": "review"}


def gate(home: pathlib.Path, upstream: Weir, **lists) -> Weir:
    document = mirror_document("licensed", [fast_upstream("hub", "weir", upstream.url)], license={**LISTS, **lists})
    return Weir(home, [document], environment=ENVIRONMENT)


@pytest.fixture(scope="module")
def strict(above, tmp_path_factory):
    with gate(tmp_path_factory.mktemp("strict"), above) as weir:
        # What the gateway knows of the base is what it has of it: its LICENSE file, for its card says nothing.
        weir.get("/meta/base/resolve/main/config.json")
        weir.admin = {"Authorization": f"Bearer {weir.token('root', scope='admin', admin=True)}"}
        yield weir


WAY = "acme/quant ← acme/tune ← meta/base"


def assert_names_the_way(text: str):
    assert "licensed.yaml" in text, text[-2000:]
    # Headers hold ASCII only.
    assert (WAY in text or WAY.replace("←", "<-") in text) and "llama3" in text.lower(), text[-2000:]


@needs_texts
def test_the_base_is_refused_by_the_words_of_its_licence(strict):
    answer = strict.get("/meta/base/resolve/main/model.safetensors")
    assert answer.status_code == 403 and "llama3" in answer.text.lower(), answer.text


@needs_texts
def test_hf_download_prints_the_way(strict, tmp_path):
    output = hub_client("2.4.0", tmp_path / "home", strict.url).cli("hf", "download", "acme/quant")
    assert not output.ok
    assert_names_the_way(output.text)


@needs_texts
def test_git_clone_prints_the_way(strict, git, tmp_path):
    output = git.try_run("clone", f"{strict.url}/acme/quant.git", tmp_path / "clone")
    assert not output.ok
    assert_names_the_way(output.text)


@needs_texts
def test_s69_no_carrier_and_no_revision_gives_it_out(strict, above):
    size = (above.folders["acme/quant"] / "model.safetensors").stat().st_size
    weights, name, token = "model.safetensors", "acme/quant", strict.token("reader")
    paths = []
    for revision in ("main", above.head, above.first, above.first[:12], "refs%2Fheads%2Fmain"):
        for mount in ("", "/hf", "/csg", "/ms"):
            paths += [f"{mount}/{name}/resolve/{revision}/{weights}", f"{mount}/{name}/raw/{revision}/README.md"]
        paths += [
            f"/api/models/{name}/resolve/{revision}/{weights}", f"/api/models/{name}/revision/{revision}",
            f"/api/models/{name}/tree/{revision}", f"/api/models/{name}/xet-read-token/{revision}",
            f"/api/v1/models/{name}/resolve/{weights}?ref={revision}",
            f"/api/v1/models/{name}/download/{weights}?ref={revision}&lfs=true&lfs_path={above.oid}",
            f"/api/v1/models/{name}/blob/README.md?ref={revision}",
            f"/ms/api/v1/models/{name}/repo?Revision={revision}&FilePath={weights}",
        ]
    paths += [
        f"/api/models/{name}", f"/api/models/{name}/refs", f"/{name}.git/info/refs?service=git-upload-pack",
        f"/models/{name}.git/info/refs?service=git-upload-pack", f"/{name}.git/info/lfs/objects/{above.oid}",
        f"/models/{name}.git/info/lfs/objects/{above.oid}", f"/{name}.git/info/lfs/{above.oid}",
    ]
    stored = content.sha256_of(above.folders["acme/quant"] / weights)
    for path in paths:
        for headers in ({}, {"Range": "bytes=0-99"}, {"Authorization": f"Bearer {token}"}):
            answer = strict.get(path, headers=headers, allow_redirects=False)
            assert answer.status_code in (401, 403, 404), f"{path} {headers}: {answer.status_code} {answer.text[:300]}"
            assert str(size) not in str(answer.headers), f"{path} tells the size: {answer.headers}"
        answer = strict.head(path, allow_redirects=False)
        assert answer.status_code >= 400, f"HEAD {path}: {answer.status_code}"
        assert "X-Linked-Size" not in answer.headers and answer.headers.get("Content-Length") != str(size)
    batch = strict.post(
        f"/{name}.git/info/lfs/objects/batch",
        json={"operation": "download", "transfers": ["basic"], "objects": [{"oid": above.oid, "size": size}]},
        headers={"Accept": "application/vnd.git-lfs+json", "Content-Type": "application/vnd.git-lfs+json"})
    assert "href" not in batch.text, batch.text
    assert stored not in strict.stored_blobs(), "its weights were fetched"


def test_what_is_free_passes(strict, tmp_path):
    assert strict.get("/acme/free/resolve/main/model.safetensors").status_code == 200
    output = hub_client("2.4.0", tmp_path / "home", strict.url).cli("hf", "download", "acme/free")
    assert output.ok, output.text[-2000:]


@needs_texts
def test_explain_shows_the_chain(strict):
    strict.get("/api/models/acme/quant")
    said = strict.command("explain", "model:acme/quant", "--mirrors", strict.mirrors, environment=ENVIRONMENT)
    assert said.returncode == REFUSED, said.stdout + said.stderr
    assert "licence declared: MIT" in said.stdout and "licence chain: " + WAY in said.stdout, said.stdout
    assert "licence conflict: " in said.stdout
    answer = strict.get("/api/gateway/v1/explain", params={"repo": "model:acme/quant"}).json()
    license = answer["license"]
    assert answer["decision"] == "deny" and license["declared"] == "MIT"
    assert "LicenseRef-llama3" in license["concluded"]
    assert ["acme/quant", "acme/tune", "meta/base"] in [each["path"] for each in license["chain"]]
    assert any("llama3" in each["text"].lower() for each in license["conflicts"])


@needs_texts
def test_license_show_tells_the_evidence(strict):
    answer = strict.get("/api/gateway/v1/licenses/model/meta/base@main")
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    text = shown["license"]["evidence"]["texts"][0]
    assert text["path"] == "LICENSE" and text["license"] == "LicenseRef-llama3" and len(text["sha256"]) == 64
    assert shown["origin"]["repository"] == "meta/base" and shown["verdict"] == "deny"
    printed = strict.command(
        "license", "show", "model:acme/quant", "--mirrors", strict.mirrors, environment=ENVIRONMENT)
    assert printed.returncode == REFUSED and WAY in printed.stdout, printed.stdout + printed.stderr


def test_an_unknown_ancestor_is_told_as_unknown(above, tmp_path):
    with gate(tmp_path, above, review=["unknown"]) as weir:
        answer = weir.get("/acme/adrift/resolve/main/config.json")
        assert answer.status_code == 403 and "nobody/knows" in answer.text, answer.text
        assert weir.get("/acme/free/resolve/main/config.json").status_code == 200


@pytest.mark.parametrize("name", ["ring", "ring2", "odd", "many"])
def test_hostile_cards_are_answered(name, strict):
    answer = strict.get(f"/acme/{name}/resolve/main/config.json")
    assert answer.status_code in (200, 403), answer.text
    shown = strict.get(f"/api/gateway/v1/licenses/model/acme/{name}")
    assert shown.status_code == 200 and len(shown.content) < 2_000_000
    assert shown.json()["license"]["declared"]


def test_a_base_that_becomes_known_changes_what_was_allowed(above, tmp_path):
    """Nothing that passed before stays open once an ancestor's terms are known."""
    document = mirror_document(
        "licensed", [fast_upstream("hub", "weir", above.url)],
        license={"deny": ["flag:non-commercial", "LicenseRef-llama*"], "inherit": "base_model"})
    with Weir(tmp_path, [document], environment=ENVIRONMENT) as weir:
        first = weir.get("/acme/tune/resolve/main/config.json")
        weir.get("/meta/base/resolve/main/config.json")
        if TEXTS.exists():
            eventually(lambda: weir.get("/acme/tune/resolve/main/config.json").status_code == 403, 10)
        else:
            assert first.status_code == 200


# -- reports

@pytest.fixture(scope="module")
def filled(strict):
    for name in ("acme/quant", "acme/free", "acme/tune", "acme/adrift"):
        strict.get(f"/{name}/resolve/main/config.json")
    return strict


def report(weir, format: str, **options) -> requests.Response:
    answer = weir.get(
        "/api/gateway/v1/licenses/report", params={"format": format, **options.pop("params", {})},
        headers=options.pop("headers", weir.admin))
    assert answer.status_code == 200, answer.text
    return answer


def test_the_report_is_for_those_who_answer_for_it(filled):
    path = "/api/gateway/v1/licenses/report"
    assert filled.get(path).status_code == 401
    reader = {"Authorization": f"Bearer {filled.token('bystander')}"}
    assert filled.get(path, headers=reader).status_code == 403
    assert filled.get(path + "?org=acme", headers=reader).status_code == 403
    assert filled.get(path + "?org=nobody", headers=reader).status_code == 403
    assert filled.get(path + "?format=pdf", headers=filled.admin).status_code == 400


@needs_texts
def test_the_report_as_json_and_csv(filled):
    document = report(filled, "json").json()
    rows = {row["repository"]: row for row in document["repositories"]}
    quant = rows["model:acme/quant"]
    assert quant["verdict"] == "deny" and quant["license"]["declared"] == "MIT"
    assert "LicenseRef-llama3" in quant["license"]["concluded"] and quant["acquiredAt"]
    assert rows["model:acme/free"]["verdict"] == "allow"
    assert document["verdicts"]["deny"] >= 3
    table = list(csv.DictReader(io.StringIO(report(filled, "csv").text)))
    assert {row["repository"] for row in table} == {row.split(":")[1] for row in rows}
    [row] = [row for row in table if row["repository"] == "acme/quant"]
    assert row["verdict"] == "deny" and WAY in row["conflicts"] and row["upstream"] == "hub"
    only = report(filled, "json", params={"org": "meta"}).json()["repositories"]
    assert [row["repository"] for row in only] == ["model:meta/base"]


def in_attest(code: str, text: str) -> subprocess.CompletedProcess:
    python = ROOT / ".venv/attest/bin/python"
    if not python.exists():
        pytest.skip("the tools that check attestations are not installed")
    return subprocess.run([str(python), "-c", code], input=text, capture_output=True, text=True, timeout=120)


def test_the_report_is_cyclonedx_1_6(filled):
    text = report(filled, "cyclonedx").text
    checked = in_attest(
        "import sys\n"
        "from cyclonedx.schema import SchemaVersion\n"
        "from cyclonedx.validation.json import JsonStrictValidator\n"
        "problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read())\n"
        "sys.exit(str(problem) if problem else 0)\n", text)
    assert checked.returncode == 0, checked.stderr[-3000:]
    components = {each["bom-ref"]: each for each in json.loads(text)["components"]}
    quant = components["model:acme/quant"]
    assert quant["type"] == "machine-learning-model"
    assert {each["license"]["acknowledgement"] for each in quant["licenses"]} == {"declared", "concluded"}
    assert "tune" in [each["name"] for each in quant["pedigree"]["ancestors"]]


def test_the_report_is_spdx_2_3(filled):
    # The validator knows no addresses with ports.
    text = re.sub(r"http://127\.0\.0\.1:\d+", "http://hub.example.org", report(filled, "spdx").text)
    checked = in_attest(
        "import json, sys\n"
        "from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser\n"
        "from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document\n"
        "document = JsonLikeDictParser().parse(json.load(sys.stdin))\n"
        "problems = validate_full_spdx_document(document)\n"
        "sys.exit(str([each.validation_message for each in problems[:5]]) if problems else 0)\n", text)
    if "No module named 'spdx_tools'" in checked.stderr:
        pytest.skip("spdx-tools is not installed")
    assert checked.returncode == 0, checked.stderr[-3000:]
    document = json.loads(text)
    packages = {each["name"]: each for each in document["packages"]}
    assert packages["acme/quant"]["licenseDeclared"] == "MIT"
    ways = {(each["spdxElementId"], each["relatedSpdxElement"]) for each in document["relationships"]
            if each["relationshipType"] == "DESCENDANT_OF"}
    assert (packages["acme/quant"]["SPDXID"], packages["acme/tune"]["SPDXID"]) in ways


def test_the_command_line_writes_the_same_reports(filled):
    for format in ("csv", "spdx"):
        said = filled.command(
            "license", "report", "--format", format, "--mirrors", filled.mirrors, environment=ENVIRONMENT)
        assert said.returncode == OK and "acme/quant" in said.stdout, said.stderr


def test_missing_texts_are_told_of_once(above, tmp_path):
    with Weir(tmp_path, [], environment={"WEIR_LICENSE_TEXTS": str(tmp_path / "nowhere.json")}) as weir:
        def warnings():
            return [line for line in weir.log().splitlines() if "licence texts" in line.lower()]
        eventually(warnings, 20)
        assert len(warnings()) == 1
