"""Recommendations over the catalogue of a simulated OpenCSG hub: what fits, what never appears, and why."""

import json

import pytest
import yaml

from support.simulated_opencsg import TOKEN, SimulatedOpenCSG
from support.weir import Weir, eventually, fast_upstream, mirror_document, run_weir

COUNT = 300
API = "/api/gateway/v1"
MEMORY = 24 << 30


def need(parameters: float, context: int = 4096) -> float:
    """Bytes that a model of two-byte weights needs: a fifth above them, and an estimated cache."""
    return parameters * 2 * 1.2 + (256 << 10) * (parameters / 7e9) ** (2 / 3) * context


@pytest.fixture(scope="module")
def opencsg():
    with SimulatedOpenCSG(COUNT) as hub:
        yield hub


@pytest.fixture(scope="module")
def weir(opencsg, tmp_path_factory):
    home = tmp_path_factory.mktemp("recommendations")
    secret = home / "opencsg.token"
    secret.write_text(TOKEN)
    secret.chmod(0o600)
    upstream = fast_upstream("opencsg", "opencsg", opencsg.url, auth={"tokenFile": str(secret)})
    document = mirror_document(
        "community", [upstream], rules=[{"id": "no-nc", "action": "deny", "match": {"tags": ["cc-by-nc-4.0"]}}],
        default="allow")
    document["spec"]["recommend"] = {"hardware": [{"name": "a10", "vram": "24GiB"}], "exclude": ["denied"]}
    with Weir(home, [document]) as weir:
        token = weir.token("ann")
        weir.ann = {"Authorization": f"Bearer {token}"}

        def settled() -> bool:
            status = weir.get(API + "/catalog:status", headers=weir.ann).json()["upstreams"][0]
            return status["entries"] > 0 and status["due"] == 0 and status["phase"] == "idle"
        eventually(settled, 60)
        yield weir


def ask(weir, **query) -> dict:
    answer = weir.get(API + "/recommendations", params=query, headers=weir.ann)
    assert answer.status_code == 200, answer.text
    return answer.json()


def known(opencsg, item):
    return next(each for each in opencsg.repositories if each.path == item["path"])


def test_a_scene_gets_what_fits_and_is_allowed(weir, opencsg):
    """Customer service in Chinese on one card of 24 GiB, commercially."""
    tasks = [each.task for each in opencsg.repositories if each.kind == "model"]
    task = max(set(tasks), key=tasks.count)
    told = ask(weir, task=task, language="zh", hardware="a10", commercial="true", limit=50)
    assert told["items"], told
    for item in told["items"]:
        repository = known(opencsg, item)
        assert repository.kind == "model" and repository.task == task
        assert repository.license != "cc-by-nc-4.0" and item["decision"] != "deny"
        assert need(repository.parameters * 1e9) < MEMORY
        reasons = {each["signal"]: each for each in item["reasons"]}
        assert {"task", "hardware", "license", "popularity"} <= set(reasons)
        assert abs(sum(each["weight"] for each in item["reasons"]) - 1) < 0.01
        assert "of 24 GiB" in reasons["hardware"]["text"]
    # What speaks Chinese comes before what does not say so.
    speaks = [known(opencsg, item).language == "zh" for item in told["items"]]
    assert speaks[0] and sum(speaks[:3]) >= 2
    fitting = [r for r in opencsg.repositories if r.kind == "model" and r.task == task and r.license != "cc-by-nc-4.0"
               and need(r.parameters * 1e9) < MEMORY]
    assert len(told["items"]) <= len(fitting)
    assert told["excluded"]["task"] > 0 and told["excluded"]["denied"] > 0


def test_nothing_denied_is_ever_recommended(weir, opencsg):
    for kind in ("model", "dataset", "space", "code"):
        for item in ask(weir, kind=kind, limit=100)["items"]:
            assert known(opencsg, item).license != "cc-by-nc-4.0"


def test_a_policy_that_changes_counts_at_once(weir, opencsg):
    first = ask(weir, limit=1)["items"][0]["path"]
    path = weir.mirrors / "community.yaml"
    before = path.read_text()
    document = yaml.safe_load(before)
    document["spec"]["rules"].append({"id": "not-that", "action": "deny", "match": {"repo": [first]}})
    try:
        path.write_text(yaml.safe_dump(document))
        weir.reload()
        eventually(lambda: first not in {item["path"] for item in ask(weir, limit=100)["items"]}, 10)
    finally:
        path.write_text(before)
        weir.reload()


def test_what_was_asked_wrongly_is_said(weir):
    for query, words in [
        ({"kind": "thing"}, "no kind"), ({"memory": "much"}, "no size"), ({"without": "fun"}, "no obligation"),
        ({"hardware": "abacus"}, "abacus"), ({"limit": "0"}, "limit"), ({"context": "-1"}, "context"),
    ]:
        answer = weir.get(API + "/recommendations", params=query, headers=weir.ann)
        assert answer.status_code == 400 and words in answer.text, (query, answer.text)
    assert weir.get(API + "/recommendations").status_code == 401
    answer = weir.get(API + "/recommendations", params={"organization": "nobody"}, headers=weir.ann)
    assert answer.status_code == 404


def test_the_command_says_the_same(weir, opencsg):
    told = json.loads(weir.checked("recommend", "--mirrors", str(weir.mirrors), "--language", "zh", "--hardware", "a10", "--json"))
    assert told["items"] and all(item["mirror"] == "community" for item in told["items"])
    assert told["items"][0]["reasons"][0]["text"]


def test_the_evaluation_is_reproducible_and_ahead():
    arguments = ("recommend", "evaluate", "--items", "500", "--users", "120", "--seed", "21")
    told = json.loads(run_weir(*arguments).stdout)
    ours, *others = told["rankings"]
    assert ours["name"] == "weir" and {each["name"] for each in others} == {"popularity", "csghub", "item-knn", "bpr"}
    assert all(ours["ndcg@10"]["mean"] > each["ndcg@10"]["mean"] for each in others), told
    assert ours["licenseViolations"] == 0 and ours["hardwareViolations"] == 0
    assert json.loads(run_weir(*arguments).stdout) == told
