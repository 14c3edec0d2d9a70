"""`--offline`, proved in a network namespace that has nothing but loopback."""

import os
import subprocess

import pytest

from support.checks import assert_same_files
from support.clients import Git, curl
from support.weir import Weir, fast_upstream, mirror_document

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="making a network namespace needs root")


@pytest.fixture(scope="module")
def carried_away(community, tmp_path_factory):
    """A gateway that pulled two repositories and then lost its network for good."""
    home = tmp_path_factory.mktemp("offline")
    mirror = mirror_document("community", [fast_upstream("hub", "weir", community.url)])
    with Weir(home, [mirror]) as online:
        for name in ("acme/tiny", "acme/nested"):
            for item in online.get(f"/api/models/{name}/tree/main?recursive=true").json():
                if item["type"] == "file":
                    answer = online.get(f"/{name}/resolve/main/" + item["path"].replace("%", "%25"))
                    assert answer.status_code == 200, item["path"]
        Git(home / "git").run("clone", "--quiet", f"{online.url}/acme/tiny.git", home / "clone")
    offline = Weir(home, flags=("--offline",))
    offline.prefix = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "--"]
    with offline:
        offline.inside = ["nsenter", "--net", "--target", str(offline.process.pid)]
        yield offline


def test_the_namespace_has_no_way_out(carried_away, community):
    assert not curl("--max-time", "2", community.url + "/livez", prefix=carried_away.inside).ok
    routes = subprocess.run([*carried_away.inside, "ip", "route"], capture_output=True, text=True).stdout
    assert routes.strip() == ""


@pytest.mark.parametrize("version", ["0.36.2", "1.33.0", "2.4.0"])
def test_everything_pulled_before_is_served(version, carried_away, community, hub, tmp_path):
    client = hub(version, carried_away.url)
    client.prefix = carried_away.inside
    client.cli("hf", "download", "acme/nested", "--local-dir", tmp_path / "files").checked()
    assert_same_files(tmp_path / "files", community.content.models["acme/nested"])


def test_git_and_lfs_too(carried_away, community, git, tmp_path):
    git.prefix = carried_away.inside
    git.run("clone", "--quiet", f"{carried_away.url}/acme/tiny.git", tmp_path / "clone")
    assert_same_files(tmp_path / "clone", community.content.models["acme/tiny"])


def test_what_is_not_here_is_said_to_be_offline(carried_away, hub):
    client = hub("2.4.0", carried_away.url)
    client.prefix = carried_away.inside
    output = client.cli("hf", "download", "acme/large")
    assert not output.ok and "offline" in output.text.lower(), output.text[-2000:]


def test_readiness_does_not_depend_on_upstream(carried_away):
    for probe in ("/livez", "/readyz"):
        assert curl("--fail", carried_away.url + probe, prefix=carried_away.inside).ok
