"""Scripts/huggingface-suite.sh with a small stand-in for the checkout: what it hands in, and what it makes of failures."""

import os
import re
import subprocess
import sys

import pytest

from support.weir import BINARY, ROOT

_CONSTANTS = 'ENDPOINT_STAGING = "https://hub-ci.huggingface.co"\nUSER = FULL_NAME = TOKEN = OTHER_TOKEN = ""\n' \
             'ENTERPRISE_TOKEN = ""\n'
_ACCOUNTS = '''
import json, urllib.request
import pytest
from .testing_constants import ENDPOINT_STAGING, ENTERPRISE_TOKEN, OTHER_TOKEN, TOKEN, USER

@pytest.mark.parametrize("token,name", [
    (TOKEN, USER), (OTHER_TOKEN, "DVUser"), (ENTERPRISE_TOKEN, "EnterpriseAdmin")])
def test_accounts(token, name):
    ask = urllib.request.Request(ENDPOINT_STAGING + "/api/whoami-v2", headers={"Authorization": f"Bearer {token}"})
    whoami = json.load(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(ask))
    assert whoami["name"] == name
    if name == USER:
        assert {"valid_org_hub": "Dummy Hub Org"} == {org["name"]: org["fullname"] for org in whoami["orgs"]}
'''


@pytest.fixture
def checkout(tmp_path):
    tests = tmp_path / "checkout/tests"
    tests.mkdir(parents=True)
    (tests / "__init__.py").touch()
    (tests / "testing_constants.py").write_text(_CONSTANTS)
    (tests / "test_accounts.py").write_text(_ACCOUNTS)
    (tests.parent / "pyproject.toml").write_text("[tool.pytest.ini_options]\nmarkers = ['production: as the suite has it']\n")
    return tests.parent


def _run(checkout, *arguments):
    return subprocess.run(
        [ROOT / "Scripts/huggingface-suite.sh", checkout, *arguments], capture_output=True, text=True, timeout=180,
        env={**os.environ, "WEIR": str(BINARY), "WEIR_SUITE_PYTHON": sys.executable,
             "WEIR_SUITE_DATA": str(checkout.parent / "data")})


def test_the_suite_is_told_of_a_weir_and_its_accounts(checkout):
    done = _run(checkout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed, 0 failed as listed, 0 failed without a listed reason" in done.stdout


def test_a_failure_is_held_against_the_list(checkout):
    (checkout / "tests/test_kernels.py").write_text("def test_create_kernel(): assert False\n")
    (checkout / "tests/test_public.py").write_text(
        "import pytest\n@pytest.mark.production\ndef test_public(): assert False\n")
    listed = _run(checkout, "tests/test_kernels.py", "tests/test_public.py")
    assert listed.returncode == 0, listed.stdout + listed.stderr
    assert "0 passed, 1 failed as listed, 0 failed without" in listed.stdout
    (checkout / "tests/test_new.py").write_text("def test_new(): assert False\n")
    surprise = _run(checkout)
    assert surprise.returncode != 0
    assert "UNLISTED tests/test_new.py::test_new" in surprise.stdout


def test_the_manual_names_every_method_of_the_newest_client(hub):
    told = []
    for line in (ROOT / "docs/compatibility.md").read_text().splitlines():
        if line.startswith("| ") and line.endswith(" |") and (cells := line.split("|"))[2].startswith(" `"):
            told += re.findall(r"`(\w+)`", cells[2])
    methods = hub("2.4.0", "http://127.0.0.1:1").value("""
        from huggingface_hub import HfApi
        result([name for name in dir(HfApi) if not name.startswith("_") and callable(getattr(HfApi, name))])
        """)
    assert sorted(told) == sorted(methods)
