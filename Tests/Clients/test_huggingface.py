"""Three versions of huggingface_hub, datasets and transformers through a gateway from an upstream Weir."""

import re

import pytest
import requests

from support.checks import assert_same_files, upstream_cost
from support.clients import HUB_VERSIONS, hub_client
from support.content import digests, sha256_of
from support.hostile import HostileProxy, cut
from support.weir import fast_upstream, mirror_document

VERSIONS = list(HUB_VERSIONS)
each_version = pytest.mark.parametrize("version", VERSIONS)


@each_version
@pytest.mark.parametrize("mount", ["", "/hf"])
def test_hf_download_is_byte_equal_and_free_the_second_time(version, mount, gateway, community, hub, tmp_path):
    endpoint = gateway.url + mount
    hub(version, endpoint).cli("hf", "download", "acme/nested", "--local-dir", tmp_path / "first").checked()
    assert_same_files(tmp_path / "first", community.content.models["acme/nested"])

    _, cost, asked = upstream_cost(
        gateway,
        lambda: hub(version, endpoint).cli(
            "hf", "download", "acme/nested", "--local-dir", tmp_path / "second").checked())
    assert (cost, asked) == (0, 0)
    assert_same_files(tmp_path / "second", community.content.models["acme/nested"])


@each_version
def test_snapshot_download_honours_patterns(version, gateway, hub):
    client = hub(version, gateway.url)
    names = client.value(
        """
        import pathlib
        from huggingface_hub import snapshot_download
        def names(**patterns):
            folder = pathlib.Path(snapshot_download("acme/nested", local_dir=args[0] + str(len(patterns)), **patterns))
            return sorted(str(p.relative_to(folder)) for p in folder.rglob("*")
                          if p.is_file() and ".cache" not in p.parts)
        only = names(allow_patterns=["onnx/*", "*.json"])
        both = names(allow_patterns=["*.json"], ignore_patterns=["onnx/*"])
        result([only, both])
        """, client.home / "patterns")
    assert names == [
        ["café.json", "config.json", "onnx/config.json", "onnx/quantized/model_q4.onnx"],
        ["café.json", "config.json"],
    ]


@each_version
def test_revisions_by_branch_and_full_and_short_commit(version, gateway, community, hub):
    first, second = community.content.tiny_commits
    assert first != second
    seen = hub(version, gateway.url).value(
        """
        import os
        from huggingface_hub import snapshot_download
        found = {}
        for revision in args:
            folder = snapshot_download("acme/tiny", revision=revision, ignore_patterns=["*.safetensors"])
            found[revision] = [os.path.basename(folder), "notes.txt" in os.listdir(folder)]
        result(found)
        """, "main", second, first, first[:7])
    assert seen["main"] == [second, True]
    assert seen[second] == [second, True]
    assert seen[first] == [first, False]
    assert seen[first[:7]] == [first, False]


@each_version
def test_branches_and_tags_of_a_foreign_git_upstream(version, foreign, make_gateway, hub):
    gateway = make_gateway(foreign.url, type="git-lfs")
    history = foreign.history
    client = hub(version, gateway.url)
    found = client.value(
        """
        import hashlib, pathlib
        from huggingface_hub import HfApi, snapshot_download
        refs = HfApi().list_repo_refs(args[0])
        out = {"branches": {b.name: b.target_commit for b in refs.branches},
               "tags": {t.name: t.target_commit for t in refs.tags}, "weights": {}}
        for revision in args[1:]:
            folder = pathlib.Path(snapshot_download(args[0], revision=revision))
            data = (folder / "model.safetensors").read_bytes()
            out["weights"][revision] = [folder.name, hashlib.sha256(data).hexdigest()]
        result(out)
        """, history["name"], *history["refs"], timeout=180)
    assert found["weights"] == {ref: [history["refs"][ref], history["weights"][ref]] for ref in history["refs"]}
    assert found["branches"] == {ref: history["refs"][ref] for ref in ("main", "feature/wide")}
    assert found["tags"].keys() == {"v1.0", "v2.0"}


@each_version
def test_a_download_cut_in_the_middle_is_resumed_with_a_range(version, gateway, community, hub):
    source = community.content.models["acme/large"] / "model.safetensors"
    size = source.stat().st_size
    with HostileProxy(gateway.url) as proxy:
        proxy.on("blob", cut(0.6), times=1, method="GET")
        client = hub(version, proxy.url)
        program = """
            from huggingface_hub import hf_hub_download
            result(hf_hub_download("acme/large", "model.safetensors"))
            """
        output = client.run(program)
        if not output.ok:
            # 0.x may leave `.incomplete` and go on from there on the next call.
            output = client.run(program).checked()
        path = output.stdout.split("@@result ")[-1].strip().strip('"')
        assert sha256_of(path) == sha256_of(source)
        resumed = [r for r in proxy.seen("blob", "GET") if re.match(r"bytes=[1-9]\d*-", r.headers.get("range", ""))]
        assert resumed, [r.headers.get("range") for r in proxy.seen("blob", "GET")]
        # The clients write 10 MB at a time and lose what was less than that.
        assert proxy.body_bytes() < size + 11_000_000


@each_version
def test_the_api_reads(version, gateway, community, hub):
    token = gateway.token("reader")
    seen = hub(version, gateway.url, token=token).value(
        """
        from huggingface_hub import HfApi
        api = HfApi()
        info = api.model_info("acme/nested", files_metadata=True)
        tree = list(api.list_repo_tree("acme/nested", recursive=True))
        paths = api.get_paths_info("acme/nested", ["config.json", "onnx", "model.safetensors", "not/there"])
        commits = api.list_repo_commits("acme/tiny")
        who = api.whoami()
        api.auth_check("acme/nested")
        dataset = api.dataset_info("acme/tables")
        plain = lambda entry: [type(entry).__name__, entry.path, getattr(entry, "size", None),
                               entry.lfs and entry.lfs.sha256 if hasattr(entry, "lfs") else None]
        result({
            "id": info.id, "sha": info.sha, "private": info.private, "tags": info.tags, "card": info.card_data.to_dict(),
            "siblings": {s.rfilename: [s.size, s.lfs.sha256 if s.lfs else None] for s in info.siblings},
            "tree": sorted(plain(e) for e in tree), "paths": sorted(plain(e) for e in paths),
            "commits": [c.commit_id for c in commits], "who": [who["name"], who["type"]],
            "dataset": [dataset.id, len(dataset.sha)],
            "exists": [api.repo_exists("acme/nested"), api.repo_exists("acme/absent"),
                       api.file_exists("acme/nested", "config.json"), api.file_exists("acme/nested", "absent.json"),
                       api.revision_exists("acme/nested", "main"), api.revision_exists("acme/nested", "absent")],
            "files": sorted(api.list_repo_files("acme/nested")),
        })
        """)
    folder = community.content.models["acme/nested"]
    wanted = {name: (folder / name).stat().st_size for name in digests(folder)}
    weights = sha256_of(folder / "model.safetensors")
    assert (seen["id"], seen["private"], len(seen["sha"])) == ("acme/nested", False, 40)
    assert "license:apache-2.0" in seen["tags"] and seen["card"]["license"] == "apache-2.0"
    assert {n: s for n, (s, _) in seen["siblings"].items() if n != ".gitattributes"} == wanted
    assert seen["siblings"]["model.safetensors"][1] == weights
    files = {path: size for kind, path, size, _ in seen["tree"] if kind == "RepoFile"}
    folders = {path for kind, path, *_ in seen["tree"] if kind == "RepoFolder"}
    assert {n: s for n, s in files.items() if n != ".gitattributes"} == wanted
    assert folders == {"onnx", "onnx/quantized", "deep", "deep/a", "deep/a/b", "deep/a/b/c", "数据"}
    assert ["RepoFile", "model.safetensors", wanted["model.safetensors"], weights] in seen["paths"]
    assert {path for _, path, *_ in seen["paths"]} == {"config.json", "onnx", "model.safetensors"}
    assert seen["commits"] == list(reversed(community.content.tiny_commits))
    assert seen["who"] == ["reader", "user"]
    assert seen["dataset"] == ["acme/tables", 40]
    assert seen["exists"] == [True, False, True, False, True, False]
    assert set(wanted) <= set(seen["files"])


@each_version
def test_listing_and_search_with_paging(version, community, hub):
    seen = hub(version, community.url).value(
        """
        from huggingface_hub import HfApi
        api = HfApi()
        result({
            "all": sorted(m.id for m in api.list_models()),
            "author": sorted(m.id for m in api.list_models(author="acme")),
            "search": [m.id for m in api.list_models(search="llama-der")],
            "license": sorted(m.id for m in api.list_models(filter="license:mit", author="acme")),
            "limit": len(list(api.list_models(limit=2))),
            "datasets": [d.id for d in api.list_datasets(author="acme")],
        })
        """)
    ours = set(community.content.models)
    assert ours <= set(seen["all"])
    assert seen["author"] == sorted(name for name in ours if name.startswith("acme/"))
    assert seen["search"] == ["acme/llama-derived"]
    assert seen["license"] == ["acme/tiny"]
    assert seen["limit"] == 2
    assert sorted(seen["datasets"]) == ["acme/columns", "acme/tables"]


def test_the_next_page_is_an_absolute_url_with_every_parameter(community):
    page = community.get("/api/models?author=acme&limit=2&full=true")
    seen = [model["id"] for model in page.json()]
    pages = 1
    while following := page.links.get("next"):
        assert following["url"].startswith(community.url) and "author=acme" in following["url"]
        page = requests.get(following["url"], timeout=20)
        seen += [model["id"] for model in page.json()]
        pages += 1
    assert pages == 3 and sorted(seen) == sorted(n for n in community.content.models if n.startswith("acme/"))
    assert len(seen) == len(set(seen))


@each_version
def test_errors_have_the_types_callers_catch(version, gateway, hub):
    seen = hub(version, gateway.url).value(
        """
        from huggingface_hub import HfApi, hf_hub_download, snapshot_download
        from huggingface_hub import errors
        def kind(call):
            try:
                call()
                return "nothing"
            except errors.EntryNotFoundError: return "entry"
            except errors.RevisionNotFoundError: return "revision"
            except errors.RepositoryNotFoundError: return "repository"
            except Exception as error: return type(error).__name__ + ": " + str(error)
        api = HfApi()
        result({
            "repo": kind(lambda: api.model_info("acme/absent")),
            "repo file": kind(lambda: hf_hub_download("acme/absent", "config.json")),
            "single": kind(lambda: api.model_info("absent")),
            "revision": kind(lambda: api.model_info("acme/nested", revision="absent")),
            "revision file": kind(lambda: hf_hub_download("acme/nested", "config.json", revision="absent")),
            "entry": kind(lambda: hf_hub_download("acme/nested", "absent.json")),
            "tree": kind(lambda: list(api.list_repo_tree("acme/nested", "absent"))),
            "auth": kind(lambda: api.auth_check("acme/absent")),
        })
        """)
    assert seen == {"repo": "repository", "repo file": "repository", "single": "repository", "revision": "revision",
                    "revision file": "revision", "entry": "entry", "tree": "entry", "auth": "repository"}


def test_a_bad_token_is_called_a_bad_token(gateway):
    answer = gateway.get("/api/whoami-v2", headers={"Authorization": "Bearer hf_" + "x" * 32})
    assert answer.status_code == 401
    assert "Invalid credentials in Authorization header" in answer.headers["X-Error-Message"]


def test_load_dataset(gateway, hub):
    client = hub("2.4.0", gateway.url)
    program = """
        from datasets import load_dataset
        text = load_dataset("acme/tables")
        columns = load_dataset("acme/columns", split="train")
        stream = load_dataset("acme/columns", split="train", streaming=True)
        result([text["train"].num_rows, text["test"][3]["text"], columns.num_rows, columns[70]["s"],
                next(iter(stream))["n"]])
        """
    wanted = [200, "row 3 of test", 5000, "4900", 0]
    assert client.value(program, timeout=180) == wanted
    again = hub("2.4.0", gateway.url)
    seen, cost, asked = upstream_cost(gateway, lambda: again.value(program, timeout=180))
    assert (seen, cost, asked) == (wanted, 0, 0)


def test_transformers_read_the_real_model(gateway, hub, community):
    program = """
        from transformers import AutoConfig, AutoTokenizer
        name = "sentence/all-minilm-l6-v2"
        config, tokenizer = AutoConfig.from_pretrained(name), AutoTokenizer.from_pretrained(name)
        result([config.model_type, config.hidden_size, tokenizer("a mirror keeps flowing")["input_ids"]])
        """
    model_type, width, ids = hub("2.4.0", gateway.url).value(program, timeout=180)
    assert (model_type, width) == ("bert", 384) and ids[0] == 101 and ids[-1] == 102
    # The tokenizer of the same files on disk says the same.
    local = hub("2.4.0", gateway.url).value(
        program.replace('"sentence/all-minilm-l6-v2"', "args[0]"),
        community.content.models["sentence/all-minilm-l6-v2"], HF_HUB_OFFLINE="1", timeout=180)
    assert local == [model_type, width, ids]


def test_the_real_model_arrives_whole(gateway, hub, community, tmp_path):
    hub("2.4.0", gateway.url + "/hf").cli(
        "hf", "download", "sentence/all-minilm-l6-v2", "--local-dir", tmp_path / "model", timeout=180).checked()
    assert_same_files(tmp_path / "model", community.content.models["sentence/all-minilm-l6-v2"])


def test_the_headers_of_a_file(gateway, community):
    folder = community.content.models["acme/nested"]
    weights = sha256_of(folder / "model.safetensors")
    size = (folder / "model.safetensors").stat().st_size
    large = gateway.head("/acme/nested/resolve/main/model.safetensors", headers={"Accept-Encoding": "identity"})
    assert large.status_code in (200, 302)
    assert re.fullmatch(r"[0-9a-f]{40}", large.headers["X-Repo-Commit"])
    assert large.headers.get("X-Linked-Etag", large.headers["ETag"]) == f'"{weights}"'
    assert int(large.headers["X-Linked-Size"]) == size
    assert "X-Xet-Hash" not in large.headers
    small = gateway.head("/acme/nested/resolve/main/config.json")
    assert small.status_code == 200 and int(small.headers["Content-Length"]) == (folder / "config.json").stat().st_size
    assert re.fullmatch(r'"[0-9a-f]{40}"', small.headers["ETag"])
    missing = gateway.head("/acme/nested/resolve/main/absent.json")
    assert (missing.status_code, missing.headers["X-Error-Code"]) == (404, "EntryNotFound")
    assert missing.headers["X-Repo-Commit"] == small.headers["X-Repo-Commit"]


@pytest.mark.parametrize("asked, status, first, last", [
    ("bytes=0-0", 206, 0, 0), ("bytes=100-199", 206, 100, 199), ("bytes=-5", 206, -5, -1),
    ("bytes=299999-", 206, 299_999, 299_999), ("bytes=299990-999999999", 206, 299_990, 299_999),
    ("bytes=300000-", 416, 0, 0), ("bytes=nonsense", 200, 0, 299_999),
])
def test_ranges_are_exact(asked, status, first, last, gateway, community):
    content = (community.content.models["acme/nested"] / "model.safetensors").read_bytes()
    answer = gateway.get("/acme/nested/resolve/main/model.safetensors", headers={"Range": asked})
    assert answer.status_code == status
    if status == 416:
        assert answer.headers["Content-Range"] == f"bytes */{len(content)}"
        return
    first, last = first % len(content), last % len(content)
    assert answer.content == content[first:last + 1]
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(content)}"


def test_names_are_found_whatever_their_case(community):
    assert community.get("/api/models/ACME/Nested").json()["id"] == "acme/nested"


def test_a_private_repository_looks_missing_to_strangers(tmp_path_factory, community, hub):
    source = community.content.models["acme/tiny"]
    community.import_folder(source, "model:secret/plan", "--private")
    stranger = community.get("/api/models/secret/plan")
    absent = community.get("/api/models/secret/absent")
    assert (stranger.status_code, stranger.headers.get("X-Error-Code")) == (401, "RepoNotFound")
    assert (absent.status_code, absent.headers.get("X-Error-Code")) == (401, "RepoNotFound")
    signed_in = {"Authorization": f"Bearer {community.token('outsider')}"}
    assert community.get("/api/models/secret/plan", headers=signed_in).status_code == 404
    owner = {"Authorization": f"Bearer {community.token('root', scope='admin', admin=True)}"}
    assert community.get("/api/models/secret/plan", headers=owner).status_code == 200
    assert "secret/plan" not in [model["id"] for model in community.get("/api/models").json()]
