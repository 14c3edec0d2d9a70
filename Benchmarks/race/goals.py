"""What Weir promises, each a row of the report: met, or missed by how much."""

import dataclasses
from collections.abc import Callable

# Groups in which Weir serves what people ask for.
SERVING = ("warm", "cold", "crowd", "limited", "again", "dead", "metadata", "lfs-batch")


class Medians:
    """Medians by scenario, subject and metric; `None` where nothing was measured."""

    def __init__(self, rows: list[dict]):
        self.rows = rows
        self._found = {(row["scenario"], row["subject"], row["metric"]): row["median"] for row in rows}

    def __call__(self, scenario: str, subject: str, metric: str) -> float | None:
        return self._found.get((scenario, subject, metric))

    def ratio(self, scenario: str, metric: str, subject: str, peer: str) -> float | None:
        mine, theirs = self(scenario, subject, metric), self(scenario, peer, metric)
        return None if mine is None or not theirs else mine / theirs

    def rate_ratio(self, scenario: str, peer: str) -> float | None:
        """Of answers in a second and in a second of CPU the worse: on a busy machine only the second means something."""
        rate, cpu = self.ratio(scenario, "per_s", "weir", peer), self.ratio(scenario, "cpu_ms_each", "weir", peer)
        return None if rate is None or not cpu else min(rate, 1 / cpu)

    def difference(self, scenario: str, metric: str, subject: str, peer: str) -> float | None:
        mine, theirs = self(scenario, subject, metric), self(scenario, peer, metric)
        return None if mine is None or theirs is None else mine - theirs

    def greatest(self, groups: tuple, subjects: str, metric: str) -> float | None:
        return max((row["median"] for row in self.rows if row["group"] in groups and row["metric"] == metric
                    and row["subject"].startswith(subjects)), default=None)


@dataclasses.dataclass
class Goal:
    group: str
    text: str
    sign: str
    limit: float
    value: Callable[[Medians], float | None]
    unit: str = "×"

    def judged(self, medians: Medians) -> dict:
        value = self.value(medians)
        told = {"group": self.group, "goal": self.text, "target": f"{self.sign} {self.limit:g} {self.unit}".strip(),
                "unit": self.unit, "value": value, "met": None}
        if value is not None:
            told["met"] = value <= self.limit if self.sign == "≤" else value >= self.limit
            told["missed_by"] = None if told["met"] else abs(value - self.limit)
        return told


def _all() -> list[Goal]:
    goals = []

    def add(group, text, sign, limit, value, unit="×"):
        goals.append(Goal(group, text, sign, limit, value, unit))

    for streams in (1, 8, 64):
        add("warm", f"CPU for each GiB, {streams} streams, of nginx sendfile", "≤", 1.2,
            lambda m, s=f"warm-{streams}": m.ratio(s, "cpu_s_per_gib", "weir", "nginx-sendfile"))
        add("warm", f"throughput, {streams} streams, of nginx sendfile", "≥", 0.9,
            lambda m, s=f"warm-{streams}": m.ratio(s, "mib_per_s", "weir", "nginx-sendfile"))
    add("cold", "CPU for each GiB with full SHA-256", "≤", 3.5, lambda m: m("cold-1", "weir", "cpu_s_per_gib"), "s")
    add("cold", "first byte after the upstream's, nothing known", "≤", 0.02,
        lambda m: m.difference("cold-1", "first_byte_s", "weir", "direct"), "s")
    add("cold", "first byte after the upstream's, repository known", "≤", 0.02,
        lambda m: m.difference("cold-known", "first_byte_s", "weir", "direct"), "s")
    add("cold", "last first byte of sixteen", "≤", 0.1, lambda m: m("cold-16", "weir", "last_first_byte_s"), "s")
    add("cold", "upstream bytes, sixteen clients", "≤", 1.005, lambda m: m("cold-16", "weir", "upstream_bytes_ratio"))
    add("cold", "metadata calls, sixteen clients", "≤", 3, lambda m: m("cold-16", "weir", "metadata_requests"), "")
    add("crowd", "upstream bytes, a thousand clients", "≤", 1.005, lambda m: m("crowd", "weir", "upstream_bytes_ratio"))
    add("crowd", "metadata calls, a thousand clients", "≤", 3, lambda m: m("crowd", "weir", "metadata_requests"), "")
    add("", "greatest peak of memory in any serving scenario", "≤", 150,
        lambda m: m.greatest(SERVING, "weir", "peak_rss_mib"), "MiB")
    add("limited", "of a 100 MiB/s upstream, one connection", "≥", 0.95,
        lambda m: m("limited", "weir-1-range", "of_line_rate"))
    add("limited", "of a 100 MiB/s upstream, four ranges", "≥", 2, lambda m: m("limited", "weir", "of_line_rate"))
    add("again", "upstream bytes for a digest that is here", "≤", 0, lambda m: m("again", "weir", "upstream_bytes_ratio"))
    add("dead", "served by commit without an upstream", "≥", 1,
        lambda m: None if m("dead-commit", "weir", "mib_per_s") is None else 1, "")
    add("dead", "served by branch without an upstream", "≥", 1,
        lambda m: None if m("dead-branch", "weir", "mib_per_s") is None else 1, "")
    for name in ("info", "tree", "paths-info", "resolve-head"):
        add("metadata", f"{name}: answers a second (and for each CPU second), of nginx static", "≥", 0.25,
            lambda m, s=f"metadata-{name}": m.rate_ratio(s, "nginx-static"))
        add("metadata", f"{name}: answers a second (and for each CPU second), of Olah", "≥", 20,
            lambda m, s=f"metadata-{name}": m.rate_ratio(s, "olah"))
    for way in ("basic", "multipart"):
        add("upload", f"{way}: CPU, of hashing alone", "≤", 1.5, lambda m, s=f"upload-{way}": m(s, "weir", "cpu_ratio"))
        add("upload", f"{way}: memory, of a small file's", "≤", 1.25, lambda m, s=f"upload-{way}": m(s, "weir", "rss_ratio"))
    add("clone", "first clone, of git http-backend", "≤", 1.05, lambda m: m.ratio("clone-1", "wall_s", "weir", "http-backend"))
    add("clone", "eight clones at once, of git http-backend", "≤", 1.05,
        lambda m: m.ratio("clone-8", "wall_s", "weir", "http-backend"))
    add("clone", "the server's part of a repeated clone, time", "≤", 0.5,
        lambda m: m.ratio("pack-again", "wall_s", "weir", "http-backend"))
    add("clone", "the server's part of a repeated clone, CPU", "≤", 0.5,
        lambda m: m.ratio("pack-again", "cpu_s", "weir", "http-backend"))
    add("push", "pushes of one commit, of git http-backend", "≤", 1.3,
        lambda m: m.ratio("push-each", "wall_s", "weir", "http-backend"))
    add("commits", "durable commits a second, 32 writers", "≥", 2000, lambda m: m("commits-many", "weir", "per_s"), "/s")
    add("sync", "time of a sync, of git clone", "≤", 1.25, lambda m: m.ratio("sync", "wall_s", "weir", "git-clone"))
    add("resting", "memory at rest, empty", "≤", 60, lambda m: m("resting", "weir", "rss_mib"), "MiB")
    add("resting", "start, empty", "≤", 1, lambda m: m("resting", "weir", "start_s"), "s")
    return goals


def judged(rows: list[dict], told: list[dict]) -> list[dict]:
    """All goals of the rows there are; `told` are those that another program judged."""
    medians = Medians(rows)
    return [goal.judged(medians) for goal in _all()] + told
