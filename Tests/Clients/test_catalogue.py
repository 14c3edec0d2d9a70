"""The security checklist, the tests that carry its numbers, and the page that lists both, held together."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ROOT / "Tests"
PAGE = ROOT / "docs/security.md"
# Every item that is promised a test of its own name.
ITEMS = [f"S{number}" for first, last in ((1, 37), (42, 44), (47, 56), (59, 63)) for number in range(first, last + 1)]

SWIFT = re.compile(r'@Test\(\s*"((?:S\d+)(?:, S\d+)*): [^"]')
PYTHON = re.compile(r"^def test((?:_s\d+)+)_\w", re.M)


def named() -> dict[str, set[str]]:
    """`{item: the files with a test that begins with its number}`."""
    found: dict[str, set[str]] = {}
    for path in sorted(TESTS.rglob("*.swift")):
        for match in SWIFT.finditer(path.read_text()):
            for item in match[1].split(", "):
                found.setdefault(item, set()).add(str(path.relative_to(ROOT)))
    for path in sorted(TESTS.rglob("test_*.py")):
        for match in PYTHON.finditer(path.read_text()):
            for number in re.findall(r"s(\d+)", match[1]):
                found.setdefault(f"S{number}", set()).add(str(path.relative_to(ROOT)))
    return found


def rows() -> dict[str, tuple[str, list[str]]]:
    """`{item: (control, files of tests)}` of the page's tables."""
    table = {}
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and re.fullmatch(r"S\d+", cells[0]):
            assert cells[0] not in table, f"{cells[0]} is listed twice"
            table[cells[0]] = (cells[2], re.findall(r"`([^`]+)`", cells[3]))
    return table


def test_every_item_has_a_test_of_its_name():
    found = named()
    assert [item for item in ITEMS if item not in found] == []


def test_the_page_lists_every_item_with_its_control_and_its_tests():
    table, found = rows(), named()
    assert [item for item in ITEMS if item not in table] == []
    for item in table:
        control, files = table[item]
        assert len(control) > 20, f"{item}: what is the control?"
        known = {str(pathlib.Path(file).relative_to("Tests")) for file in found.get(item, ())}
        assert set(files) <= known and files, f"{item}: {sorted(set(files) - known)} have no test of its name"
