"""docs/performance.md: tables between markers are written anew, the prose around them is people's."""

import re

from .paths import ROOT
from .reasons import reason

PAGE = ROOT / "docs/performance.md"

# The metric -> how it is called and written.
METRICS = {
    "cpu_s_per_gib": "CPU s/GiB", "cpu_s_per_gib_until_quiet": "with what follows", "mib_per_s": "MiB/s", "first_byte_s": "first byte s",
    "last_first_byte_s": "last first byte s", "peak_rss_mib": "peak MiB", "upstream_bytes_ratio": "upstream bytes ×",
    "upstream_file_requests": "upstream GETs", "metadata_requests": "metadata calls", "of_line_rate": "of line rate",
    "per_s": "/s", "p50_ms": "p50 ms", "p99_ms": "p99 ms", "cpu_ms_each": "CPU ms each", "cpu_ratio": "CPU ÷ hashing",
    "rss_ratio": "memory ÷ small file's", "wall_s": "wall s", "cpu_s": "CPU s", "start_s": "start s", "rss_mib": "MiB",
    "cpu_percent": "CPU %", "median_s": "median s", "p95_s": "p95 s", "ttfb_s": "first byte s", "exponent": "exponent",
}


def number(value: float | None) -> str:
    if value is None:
        return ""
    if value == 0:
        return "0"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:.{digits}f}"


def spread(row: dict | None) -> str:
    if row is None:
        return ""
    if row["runs"] == 1 or row["min"] == row["max"]:
        return number(row["median"])
    return f"{number(row['median'])} ({number(row['min'])}–{number(row['max'])})"


def table(heads: list[str], lines: list[list[str]]) -> str:
    rows = [heads, ["---"] * len(heads), *lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in rows)


def verdict(goal: dict) -> str:
    if goal["met"] is None:
        return "not measured"
    if goal["met"]:
        return "met"
    return f"**missed** by {number(goal['missed_by'])} {goal['unit']}".strip() if goal.get("missed_by") else "**missed**"


def goals(report: dict) -> str:
    return table(["group", "goal", "target", "measured", "", "what limits it"], [
        [goal["group"], goal["goal"], goal["target"], f"{number(goal['value'])} {goal['unit']}".strip()
         if goal["value"] is not None else "", verdict(goal), reason(goal)] for goal in report["goals"]])


def group(report: dict, name: str) -> str:
    told = report["groups"][name]
    rows = [row for row in report["rows"] if row["group"] == name]
    words = [f"{told['at']} UTC", f"build {told['versions']['build']} of {told['versions']['revision']}",
             f"load {told['load_average_before']}–{told['load_average_after']}"]
    words += ["small sizes (`--quick`)"] if told["quick"] else []
    words += [told["note"]] if told["note"] else []
    parts = [f"*{', '.join(words)}.*"]
    if rows:
        found = {(row["scenario"], row["subject"], row["metric"]): row for row in rows}
        metrics = list(dict.fromkeys(row["metric"] for row in rows))
        places = list(dict.fromkeys((row["scenario"], row["subject"]) for row in rows))
        # One list of a row is a table as long as the catalogue has pages: metrics go in columns as long as they fit.
        parts.append(table(["scenario", "subject", *(METRICS.get(each, each.replace("_", " ")) for each in metrics)],
                           [[*place, *(spread(found.get((*place, each))) for each in metrics)] for place in places]))
    for what, why in report["skipped"].get(name, {}).items():
        parts.append(f"Not run: {what}: {why}.")
    return "\n\n".join(parts)


def machine(report: dict) -> str:
    here, of = report["machine"], report["versions"]
    lines = [f"- {here['cpu']}, {here['cores']} processors, {here['memory_mib']} MiB, Linux {here['kernel']}; {here['processors']}"]
    lines += [f"- {name}: {of[name]}" for name in of]
    return "\n".join(lines)


def filled(text: str, name: str, content: str) -> str:
    """`text` with what stands between the markers of `name` replaced; a page without them stays as it is."""
    pattern = rf"(<!-- race:{re.escape(name)} -->\n).*?(<!-- /race -->)"
    return re.sub(pattern, lambda found: f"{found.group(1)}{content}\n{found.group(2)}", text, flags=re.DOTALL)


def write(report: dict):
    text = PAGE.read_text()
    text = filled(text, "goals", goals(report))
    text = filled(text, "machine", machine(report))
    for name in report["groups"]:
        text = filled(text, name, group(report, name))
    PAGE.write_text(text)


def write_section(name: str, content: str):
    PAGE.write_text(filled(PAGE.read_text(), name, content))
