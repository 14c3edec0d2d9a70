"""ModelScope as an upstream: the same repositories, commits and digests, by its REST, git and LFS."""

import hashlib
import pathlib
import random

import pytest

from support.hostile import status
from support.simulated_modelscope import SimulatedModelScope
from support.weir import Weir, eventually, fast_upstream, mirror_document

QUICK = {"ttl": {"ref": "1s", "negative": "1s"}}
WEIGHTS = random.Random(7).randbytes(3_000_000)
README = b"---\nlicense: apache-2.0\n---\n# big\n"


@pytest.fixture
def scope(tmp_path):
    with SimulatedModelScope(tmp_path / "modelscope") as server:
        server.commit = server.publish(
            "acme/big", {"README.md": README, ".gitattributes": b"*.safetensors filter=lfs diff=lfs merge=lfs -text\n", "sub/config.json": b"{}"}, {"sub/model.safetensors": WEIGHTS})
        yield server


def test_a_model_is_pulled_through_with_its_own_commit(scope, make_gateway, hub, tmp_path):
    gateway = make_gateway(scope.url, type="modelscope", cache=QUICK)
    client = hub("1.33.0", gateway.url)
    # Its default branch is master; clients of Hugging Face ask for main.
    value = client.value("""
        from huggingface_hub import HfApi, snapshot_download
        result([HfApi().model_info(args[0]).sha, snapshot_download(args[0], local_dir=args[1])])
    """, "acme/big", tmp_path / "here")
    assert value[0] == scope.commit
    assert (tmp_path / "here/sub/model.safetensors").read_bytes() == WEIGHTS
    assert (tmp_path / "here/README.md").read_bytes() == README
    assert gateway.upstream_bytes() < len(WEIGHTS) + 100_000
    again = gateway.get(f"/acme/big/resolve/{scope.commit}/sub/model.safetensors")
    assert again.content == WEIGHTS and len(scope.asked("/lfs-objects/")) == 1


def test_git_clones_it(scope, make_gateway, git, tmp_path):
    gateway = make_gateway(scope.url, type="modelscope", cache=QUICK)
    assert git.refs(f"{gateway.url}/acme/big.git")["refs/heads/master"] == scope.commit
    git.run("clone", "--quiet", f"{gateway.url}/acme/big.git", tmp_path / "clone")
    assert (tmp_path / "clone/sub/model.safetensors").read_bytes() == WEIGHTS
    assert git.run("rev-parse", "HEAD", cwd=tmp_path / "clone") == scope.commit


def test_a_dataset_has_its_own_paths(scope, make_gateway):
    commit = scope.publish("acme/rows", {"README.md": README}, {"data/a.parquet": b"rows" * 1000}, kind="datasets")
    gateway = make_gateway(scope.url, type="modelscope", cache=QUICK)
    answer = gateway.get("/datasets/acme/rows/resolve/main/data/a.parquet")
    assert answer.content == b"rows" * 1000 and answer.headers["X-Repo-Commit"] == commit


def test_what_is_private_there_needs_the_token_and_stays_hidden_here(scope, make_gateway):
    scope.private["acme/big"] = "t0ken"
    blind = make_gateway(scope.url, type="modelscope", cache=QUICK)
    assert blind.get("/api/models/acme/big").status_code in (401, 404)
    signed = make_gateway(scope.url, type="modelscope", cache=QUICK, upstream={"auth": {"tokenEnv": "MS"}},
                          environment={"MS": "t0ken"})
    # Only its account sees it there, so here it is not for strangers either.
    assert signed.get("/api/models/acme/big").status_code in (401, 404)
    reader = {"Authorization": f"Bearer {signed.token('amy')}"}
    answer = signed.get("/acme/big/resolve/master/sub/model.safetensors", headers=reader)
    assert answer.content == WEIGHTS
    cookies = {headers.get("cookie") for _, path, headers in scope.asked("/api/v1/models/acme/big")}
    assert "m_session_id=t0ken" in cookies
    assert "t0ken" not in signed.log()


def test_the_same_bytes_at_two_hubs_are_fetched_once_and_either_gives_them(scope, community, tmp_path):
    """`sha256` is the blob's name: one that was fetched from Hugging Face is not fetched from ModelScope, and one that
    Hugging Face lost is taken from ModelScope."""
    weights = (community.content.models["acme/large"] / "model.safetensors").read_bytes()
    scope.publish("acme/copy", {"README.md": README}, {"model.safetensors": weights})
    home = tmp_path / "two"
    home.mkdir()
    mirrors = [
        mirror_document("hf", [fast_upstream("hf", "huggingface", community.url)], cache=QUICK),
        mirror_document("ms", [fast_upstream("ms", "modelscope", scope.url)], cache=QUICK,
                        namespace={"map": {"*": "ms-{owner}"}}),
    ]
    # Two mirrors may not claim one namespace.
    mirrors[0]["spec"]["namespace"] = {"map": {"acme": "acme", "sentence": "sentence"}}
    with Weir(home, mirrors) as gateway:
        first = gateway.get("/acme/large/resolve/main/model.safetensors")
        assert hashlib.sha256(first.content).digest() == hashlib.sha256(weights).digest()
        before = gateway.upstream_bytes()
        second = gateway.get("/ms-acme/copy/resolve/master/model.safetensors")
        assert second.status_code == 200 and second.content == first.content
        assert gateway.upstream_bytes() - before < 200_000
        assert not scope.asked("/lfs-objects/")
        # `/ms` takes the names of ModelScope, `/hf` those of Hugging Face.
        assert gateway.get("/ms/acme/copy/resolve/master/README.md").content == README
        assert gateway.get("/ms/api/models/acme/copy").json()["id"] == "ms-acme/copy"
        assert gateway.get("/ms/api/models/acme/absent").status_code in (401, 404)
        # A name that ModelScope does not have is taken as it is.
        assert gateway.get("/ms/api/models/acme/large").json()["id"] == "acme/large"
        assert gateway.get("/hf/api/models/acme/large").status_code == 200
        shown = gateway.get("/api/v1/models/ms-acme/copy").json()["data"]
        assert (shown["ms_path"], shown["hf_path"]) == ("acme/copy", "")


def test_hugging_face_names_it_and_modelscope_gives_it(scope, community, hostile, tmp_path, hub):
    """One mirror, two upstreams, one digest: commits come from the first, the bytes from whoever has them."""
    weights = (community.content.models["acme/large"] / "model.safetensors").read_bytes()
    scope.publish("acme/large", {"README.md": README}, {"model.safetensors": weights}, message="another history")
    hostile.on(("batch", "blob"), status(404))
    home = tmp_path / "pair"
    home.mkdir()
    document = mirror_document("pair", [
        fast_upstream("hf", "huggingface", hostile.url, priority=1),
        fast_upstream("ms", "modelscope", scope.url, priority=2)], cache=QUICK)
    with Weir(home, [document]) as gateway:
        path = hub("2.4.0", gateway.url).value("""
            from huggingface_hub import hf_hub_download
            result(hf_hub_download(args[0], "model.safetensors"))
        """, "acme/large")
        assert pathlib.Path(path).read_bytes() == weights
        info = gateway.get("/api/models/acme/large").json()
        assert info["sha"] == community.get("/api/models/acme/large").json()["sha"]
        assert scope.asked("/lfs-objects/")


def test_headers_of_a_remote_model_are_read_before_any_of_it_is_here(scope, make_gateway):
    header = b'{"a":{"dtype":"BF16","shape":[1000,2000],"data_offsets":[0,4000000]}}'
    weights = len(header).to_bytes(8, "little") + header + bytes(4_000_000)
    config = b'{"architectures":["LlamaForCausalLM"]}'
    commit = scope.publish("acme/weights", {"README.md": README, "config.json": config}, {"model.safetensors": weights})
    gateway = make_gateway(scope.url, type="modelscope", cache=QUICK)
    reader = {"Authorization": f"Bearer {gateway.token('amy')}"}
    path = "/api/gateway/v1/catalog/hub/model/acme/weights/headers"
    assert gateway.get(path).status_code == 401
    # A search passes on what the catalogue does not know yet.
    gateway.get("/api/gateway/v1/catalog/hub?kind=model&author=acme", headers=reader).raise_for_status()
    before = gateway.upstream_bytes()
    answer = eventually(lambda: (found := gateway.get(path, headers=reader)).ok and found, message=lambda: gateway.get(
        path, headers=reader).text).json()
    assert answer["commit"] == commit and answer["parameters"] == 2_000_000 and not answer["estimated"]
    assert (answer["format"], answer["parametersByType"]) == ("safetensors", {"BF16": 2_000_000})
    assert (answer["architecture"], answer["license"]) == ("LlamaForCausalLM", "apache-2.0")
    assert answer["remarks"] == [] and answer["bytesRead"] < 50_000
    assert gateway.upstream_bytes() - before < 100_000
    assert not gateway.stored_blobs()
