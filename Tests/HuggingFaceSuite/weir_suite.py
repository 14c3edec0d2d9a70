"""A pytest plugin for huggingface_hub's own suite: tells it about a Weir instead of the staging hub, and holds its
failures against the list in docs/compatibility.md.

Given by Scripts/huggingface-suite.sh in the environment: HF_ENDPOINT, WEIR_SUITE_USER, WEIR_SUITE_TOKEN,
WEIR_SUITE_OTHER_TOKEN, WEIR_SUITE_ENTERPRISE_TOKEN, WEIR_SUITE_KNOWN.
"""

import os
import pathlib
import re

import pytest

_REASON = re.compile(r"^### (.+)$")
_TEST = re.compile(r"^- `(tests/[^`]+)`")


def _known() -> dict[str, str]:
    """The listed test ids with the heading they stand under."""
    reasons, reason = {}, ""
    for line in pathlib.Path(os.environ["WEIR_SUITE_KNOWN"]).read_text().splitlines():
        if heading := _REASON.match(line):
            reason = heading[1]
        elif test := _TEST.match(line):
            reasons[test[1]] = reason
    return reasons


def _reason(test: str, known: dict[str, str]) -> str | None:
    """Why `test` may fail. A listed file or class stands for every test in it."""
    while test:
        if test in known:
            return known[test]
        test = test.rpartition("[")[0] if test.endswith("]") else test.rpartition("::")[0]
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Before the suite's conftest copies the constants."""
    from tests import testing_constants as suite

    suite.ENDPOINT_STAGING = os.environ["HF_ENDPOINT"]
    suite.USER = suite.FULL_NAME = os.environ["WEIR_SUITE_USER"]
    suite.TOKEN = os.environ["WEIR_SUITE_TOKEN"]
    suite.OTHER_TOKEN = os.environ["WEIR_SUITE_OTHER_TOKEN"]
    suite.ENTERPRISE_TOKEN = os.environ["WEIR_SUITE_ENTERPRISE_TOKEN"]
    early_config.pluginmanager.register(_Verdict(_known()), "weir_suite_verdict")


def pytest_collection_modifyitems(items):
    """`production` is the suite's own mark for tests of the public hub's content: there is nothing of Weir in them."""
    public = pytest.mark.skip(reason="asks the public hub")
    for item in items:
        if item.get_closest_marker("production") or "api_prod" in getattr(item, "fixturenames", ()):
            item.add_marker(public)


class _Verdict:
    def __init__(self, known: dict[str, str]):
        self.known = known
        self.failed: set[str] = set()
        self.passed: set[str] = set()

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.when == "call" and report.passed:
            self.passed.add(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        if session.exitstatus == pytest.ExitCode.TESTS_FAILED and not self.surprises:
            session.exitstatus = pytest.ExitCode.OK

    @property
    def surprises(self) -> list[str]:
        return sorted(test for test in self.failed if _reason(test, self.known) is None)

    def pytest_terminal_summary(self, terminalreporter):
        expected = self.failed - set(self.surprises)
        better = sorted((self.passed - self.failed) & self.known.keys())
        terminalreporter.section("against docs/compatibility.md")
        terminalreporter.line(f"{len(self.passed - self.failed)} passed, {len(expected)} failed as listed, "
                              f"{len(self.surprises)} failed without a listed reason")
        for test in self.surprises:
            terminalreporter.line(f"UNLISTED {test}")
        for test in better:
            terminalreporter.line(f"LISTED BUT PASSED {test}")
