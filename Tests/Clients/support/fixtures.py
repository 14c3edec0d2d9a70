"""Fixtures that several files of tests share; heavy upstreams live once per worker."""

import pathlib
import types

import pytest

from . import content
from .clients import Git, csghub_client, hub_client
from .foreign import ForeignGitServer
from .hostile import HostileProxy
from .weir import BINARY, Weir, fast_upstream, mirror_document


@pytest.fixture(scope="session", autouse=True)
def binary():
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is missing: run `make build`", returncode=2)
    return BINARY


def fill_community(hub: Weir, folder: pathlib.Path) -> types.SimpleNamespace:
    """Gives `hub` the repositories every test knows; returns their source folders by repository name."""
    folders = {
        "models": {
            "acme/nested": content.nested_model(folder / "nested"),
            "acme/tiny": content.small_model(folder / "tiny", "tiny", "mit"),
            "acme/research-only": content.small_model(folder / "research", "research-only", "cc-by-nc-4.0"),
            "acme/llama-derived": content.small_model(folder / "llama", "llama-derived", "llama3.1"),
            "acme/large": content.small_model(folder / "large", "large", "apache-2.0", weights=64 << 20),
        },
        "datasets": {
            "acme/tables": content.table_dataset(folder / "tables"),
            "acme/columns": content.column_dataset(folder / "columns"),
        },
    }
    for kind, repositories in folders.items():
        for name, source in repositories.items():
            hub.import_folder(source, f"{kind[:-1]}:{name}")
    folders["models"]["sentence/all-minilm-l6-v2"] = content.real_model()
    hub.import_folder(content.real_model(), "model:sentence/all-minilm-l6-v2")
    # A second commit on main, so that an older revision exists.
    first = hub.get("/api/models/acme/tiny").json()["sha"]
    (folders["models"]["acme/tiny"] / "notes.txt").write_text("added later\n")
    hub.import_folder(folders["models"]["acme/tiny"], "model:acme/tiny")
    second = hub.get("/api/models/acme/tiny").json()["sha"]
    return types.SimpleNamespace(**folders, tiny_commits=(first, second))


@pytest.fixture(scope="session")
def community(tmp_path_factory):
    """The community hub: a Weir without mirrors that others pull from. `community.content` names its folders."""
    home = tmp_path_factory.mktemp("community")
    with Weir(home) as hub:
        hub.content = fill_community(hub, home / "sources")
        hub.sync_token = hub.token("syncer")
        yield hub


@pytest.fixture(scope="session")
def foreign(tmp_path_factory):
    """nginx + git http-backend + giftless; `foreign.history` is a repository with 32 commits."""
    with ForeignGitServer(tmp_path_factory.mktemp("foreign")) as server:
        server.history = server.publish_history("acme/history")
        yield server


@pytest.fixture(scope="module")
def gateway(community, tmp_path_factory):
    """A gateway in front of the community hub, shared by one file of tests."""
    home = tmp_path_factory.mktemp("gateway")
    with Weir(home, [mirror_document("community", [fast_upstream("hub", "weir", community.url)])]) as weir:
        yield weir


@pytest.fixture
def make_gateway(tmp_path):
    """Starts gateways of a test's own: `make_gateway(upstream_url, type="weir", **spec)`."""
    started = []

    def make(url: str | None, type: str = "weir", flags: tuple = (), upstream: dict | None = None,
             environment: dict | None = None, start: bool = True, **spec) -> Weir:
        home = tmp_path / f"gateway{len(started)}"
        home.mkdir()
        mirrors = [] if url is None else [
            mirror_document("community", [fast_upstream("hub", type, url, **(upstream or {}))], **spec)]
        weir = Weir(home, mirrors, flags, environment)
        started.append(weir)
        return weir.start() if start else weir

    yield make
    for weir in started:
        weir.__exit__()


@pytest.fixture
def hostile(community):
    """A proxy in front of the community hub that lies on command."""
    with HostileProxy(community.url) as proxy:
        yield proxy


@pytest.fixture
def hub(tmp_path):
    """huggingface_hub clients: `hub(version, endpoint)`; each call has an empty cache."""
    made = []

    def make(version: str, endpoint: str, token: str | None = None, **more):
        made.append(version)
        return hub_client(version, tmp_path / f"hub{len(made)}", endpoint, token, **more)

    return make


@pytest.fixture
def csghub(tmp_path):
    made = []

    def make(domain: str, token: str | None = None, **more):
        made.append(domain)
        return csghub_client(tmp_path / f"csghub{len(made)}", domain, token, **more)

    return make


@pytest.fixture
def git(tmp_path) -> Git:
    return Git(tmp_path / "git")
