"""What Debian's skopeo makes of a bundle: an OCI layout like any other."""

import json
import pathlib
import shutil
import subprocess
import sys
import tarfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Clients"))

from support.content import small_model  # noqa: E402
from support.weir import Weir  # noqa: E402

pytestmark = pytest.mark.drill


@pytest.mark.skipif(shutil.which("skopeo") is None, reason="skopeo is not installed: apt-get install skopeo")
def test_skopeo_reads_and_copies_it(tmp_path):
    above = Weir(tmp_path / "above")
    above.import_folder(small_model(tmp_path / "model", "carried", "mit"), "model:acme/carried")
    pack, layout = tmp_path / "pack.hubpack", tmp_path / "layout"
    above.checked("bundle", "export", "--repo", "model:acme/carried", "--out", pack)
    with tarfile.open(pack) as archive:
        archive.extractall(layout, filter="data")
    manifest = json.loads((layout / "index.json").read_text())["manifests"][0]
    name = f"oci:{layout}:{manifest['annotations']['org.opencontainers.image.ref.name']}"
    raw = subprocess.run(["skopeo", "inspect", "--raw", name], check=True, capture_output=True).stdout
    assert json.loads(raw)["artifactType"] == "application/vnd.hub.repo.v1+json"
    (tmp_path / "policy.json").write_text('{"default":[{"type":"insecureAcceptAnything"}]}')
    subprocess.run(["skopeo", "--policy", tmp_path / "policy.json", "copy", name, f"dir:{tmp_path / 'copy'}"],
                   check=True, capture_output=True)
    layers = {layer["digest"].removeprefix("sha256:") for layer in json.loads(raw)["layers"]}
    assert layers <= {p.name for p in (tmp_path / "copy").iterdir()}
