"""Every shell snippet of the README runs as printed."""

import os
import re
import subprocess

import pytest

from support.ports import free_port
from support.weir import BINARY, ROOT

SNIPPETS = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)


def test_there_are_snippets():
    assert SNIPPETS


@pytest.fixture(scope="module")
def sample_run(tmp_path_factory):
    """What `make run` starts, on free ports: the hub and gateway the snippets talk to."""
    home = tmp_path_factory.mktemp("readme")
    environment = {**os.environ, "WEIR": str(BINARY), "WEIR_RUN_DATA": str(home / "data"),
                   "WEIR_RUN_PORT": str(free_port()), "WEIR_RUN_COMMUNITY_PORT": str(free_port())}
    process = subprocess.Popen([ROOT / "Scripts/sample-run.sh"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, env=environment, start_new_session=True)
    output = []
    for line in process.stdout:
        output.append(line)
        if "Ctrl-C" in line:
            break
    else:
        pytest.fail("".join(output))
    yield environment["WEIR_RUN_PORT"], "".join(output), home
    process.terminate()
    process.wait(30)


def test_the_sample_run_shows_a_pull_and_a_free_second_one(sample_run):
    _, output, _ = sample_run
    assert re.search(r"first pull: +[1-9][\d,]* bytes from upstream", output), output
    assert re.search(r"second pull: +0 bytes from upstream", output), output
    assert re.search(r"digest: +[0-9a-f]{64}", output), output
    assert re.search(r"decision: +allowed", output), output
    assert "hf download" in output and "git clone" in output and "curl" in output


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_a_snippet_runs(number, sample_run, tmp_path, git):
    port, _, home = sample_run
    text = SNIPPETS[number]
    if re.search(r"^make (run|test)$", text, re.MULTILINE):
        # The fixture above is `make run`, and this test is part of `make test`.
        for verb in re.findall(r"^make (\w+)", text, re.MULTILINE):
            subprocess.run(["make", "--dry-run", verb], cwd=ROOT, check=True, capture_output=True)
        return
    script = text.replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    weir_at, clients = BINARY.parent, ROOT / ".venv/hf240/bin"
    for name, program in (("hf", clients / "hf"), ("csghub-cli", ROOT / ".venv/csg/bin/csghub-cli")):
        # The scripts' first lines name where they were installed; go through their interpreter.
        shim = tmp_path / "bin" / name
        shim.parent.mkdir(exist_ok=True)
        shim.write_text(f'#!/bin/sh\nexec "{program.parent}/python" "{program}" "$@"\n')
        shim.chmod(0o755)
    (tmp_path / ".build/release").mkdir(parents=True)
    (tmp_path / ".build/release/weir").symlink_to(BINARY)
    (tmp_path / "mirrors.d").symlink_to(ROOT / "mirrors.d")
    # Where `make run` keeps the data of its hub and its gateway.
    (tmp_path / "data").mkdir()
    (tmp_path / "data/sample").symlink_to(home / "data")
    environment = {
        **os.environ, **{k: str(v) for k, v in git.variables.items()}, "HOME": str(tmp_path),
        "PATH": f"{tmp_path}/bin:{weir_at}:{os.environ['PATH']}", "HF_HUB_DISABLE_TELEMETRY": "1"}
    result = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, env=environment,
                            capture_output=True, text=True, timeout=180)
    assert result.returncode == 0, f"{script}\n{result.stdout[-2000:]}\n{result.stderr[-2000:]}"


def test_the_sample_run_ends_when_asked(tmp_path):
    environment = {**os.environ, "WEIR": str(BINARY), "WEIR_RUN_DATA": str(tmp_path / "data"), "WEIR_RUN_ONCE": "1",
                   "WEIR_RUN_PORT": str(free_port()), "WEIR_RUN_COMMUNITY_PORT": str(free_port())}
    result = subprocess.run([ROOT / "Scripts/sample-run.sh"], env=environment, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    for port in (environment["WEIR_RUN_PORT"], environment["WEIR_RUN_COMMUNITY_PORT"]):
        assert subprocess.run(["curl", "-s", f"http://127.0.0.1:{port}/livez"]).returncode != 0
