"""Cards become tags, filters and words to search for, as the clients' lists ask for them."""

import pytest

from support.clients import HUB_VERSIONS
from support.weir import Weir

each_version = pytest.mark.parametrize("version", list(HUB_VERSIONS))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("search")) as weir:
        weir.writer = weir.token("ada", "write")
        weir.other = weir.token("bob", "write")
        yield weir


@pytest.fixture
def ada(server, hub):
    return lambda version, token=None: hub(version, server.url, token or server.writer)


@each_version
def test_a_card_that_is_pushed_is_found_at_once(version, ada, server):
    mark = "v" + version.replace(".", "x")
    seen = ada(version).value(
        """
        from huggingface_hub import HfApi, ModelCard, ModelCardData, DatasetCard, RepoCard
        # The one address that clients do not take from their endpoint: the community hub's own check of a card.
        RepoCard.validate = lambda self, repo_type=None: None
        api = HfApi()
        mark = args[0]
        one, two, data = f"ada/{mark}-bert", f"ada/{mark}-other", f"ada/{mark}-data"
        api.create_repo(one)
        api.create_repo(two, private=True)
        api.create_repo(data, repo_type="dataset")
        said = ModelCardData(language=["en", "zh"], license="mit", library_name="peft", datasets=[data], tags=[mark],
                             pipeline_tag="text-generation", base_model="acme/base")
        ModelCard(f"---\\n{said.to_yaml()}\\n---\\nWalrus{mark} 中文大语言模型\\n").push_to_hub(one)
        ModelCard(f"---\\nlicense: apache-2.0\\ntags: [{mark}]\\n---\\nLike {mark}-bert, but secret.\\n").push_to_hub(two)
        DatasetCard(f"---\\nlicense: mit\\nsize_categories: [n<1K]\\ntags: [{mark}]\\n---\\nrows\\n").push_to_hub(data)
        def models(**more):
            return sorted(m.id for m in api.list_models(**more))
        loaded = ModelCard.load(one)
        result({
            "loaded": [loaded.data.license, loaded.data.base_model, loaded.data.language],
            "tags": api.model_info(one).tags,
            "filters": [models(filter=[mark, f]) for f in
                        ("license:mit", "en", "peft", "text-generation", "base_model:acme/base",
                         "base_model:adapter:acme/base", f"dataset:{data}", "license:none")],
            "search": [models(search=s) for s in (f"walrus{mark}", f"{mark}-be")],
            "chinese": [m for m in models(search="语言模型") if mark in m],
            "ranked": [m.id for m in api.list_models(search=f"{mark}-bert")],
            "author": models(author="ada", filter=mark),
            "sorted": [m.id for m in api.list_models(filter=mark, sort="created_at" if args[1] != "0" else "createdAt",
                                                     limit=1)],
            "datasets": [d.id for d in api.list_datasets(filter=[mark, "size_categories:n<1K"])],
            "tag": [m.id for m in api.list_models(pipeline_tag="text-generation", filter=mark)],
        })
        """, mark, version.split(".")[0])
    one, two, data = f"ada/{mark}-bert", f"ada/{mark}-other", f"ada/{mark}-data"
    assert seen["loaded"] == ["mit", "acme/base", ["en", "zh"]]
    assert {"license:mit", "base_model:acme/base", "base_model:adapter:acme/base", "zh", mark} <= set(seen["tags"])
    assert seen["filters"] == [[one]] * 7 + [[]]
    assert seen["search"] == [[one], [one, two]]
    assert seen["chinese"] == [one]
    assert seen["ranked"] == [one, two]
    assert seen["author"] == [one, two] and seen["sorted"] == [two]
    assert seen["datasets"] == [data] and seen["tag"] == [one]
    # What is private is no count and no match of others.
    tags = server.get("/api/models-tags-by-type", headers={"Authorization": f"Bearer {server.other}"}).json()
    assert [tag["count"] for tag in tags["other"] if tag["id"] == mark] == [1]
    found = server.get("/api/quicksearch", params={"q": f"{mark}-", "limit": 5}).json()
    assert [model["id"] for model in found["models"]] == [one] and found["modelsCount"] == 1


@each_version
def test_pages_go_on_where_they_ended(version, ada):
    mark = "p" + version.replace(".", "x")
    seen = ada(version).value(
        """
        import requests
        from huggingface_hub import HfApi
        api = HfApi()
        for number in range(7):
            api.create_repo(f"ada/{args[0]}-{number}")
        def walk(query):
            url, ids = f"{api.endpoint}/api/models?limit=3&{query}", []
            while url:
                answer = requests.get(url)
                ids += [m["id"] for m in answer.json()]
                url = answer.links.get("next", {}).get("url")
            return ids
        result([walk(f"search={args[0]}"), walk(f"search={args[0]}&sort=createdAt"),
                walk(f"search={args[0]}&sort=createdAt&direction=1"),
                [m.id for m in api.list_models(search=args[0], limit=5)]])
        """, mark) if version.startswith("0") else None
    if seen is None:
        # Newer clients come without `requests`; their own lists follow the pages.
        ids = ada(version).value(
            """
            from huggingface_hub import HfApi
            api = HfApi()
            for number in range(7):
                api.create_repo(f"ada/{args[0]}-{number}")
            result([len(list(api.list_models(search=args[0]))), len(list(api.list_models(search=args[0], limit=5)))])
            """, mark)
        assert ids == [7, 5]
        return
    ranked, newest, oldest, limited = seen
    assert len(set(ranked)) == len(ranked) == 7 and len(limited) == 5
    assert oldest == [f"ada/{mark}-{number}" for number in range(7)] and newest == oldest[::-1]


def test_the_command_lists_models(ada):
    client = ada("2.4.0")
    client.value("from huggingface_hub import HfApi\nHfApi().create_repo('ada/listed-by-command')\nresult(1)")
    assert "ada/listed-by-command" in client.cli("hf", "models", "ls", "--search", "listed-by-command").checked().text


def test_the_index_is_made_anew_beside_a_hub_that_serves(server, ada):
    ada("0.36.2").value(
        """
        from huggingface_hub import HfApi
        HfApi().create_repo("ada/rebuilt")
        HfApi().upload_file(repo_id="ada/rebuilt", path_in_repo="README.md",
                            path_or_fileobj=b"---\\nlicense: mit\\n---\\nplatypus\\n")
        result(1)
        """)
    assert " 0 problems" in server.checked("index", "rebuild")
    assert [m["id"] for m in server.get("/api/models?search=platypus&filter=license:mit").json()] == ["ada/rebuilt"]
