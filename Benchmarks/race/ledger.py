"""Samples of a run, and their medians and spreads."""

import os
import statistics
import time


class Skip(Exception):
    """A scenario that cannot run here, and why."""


class Ledger:
    def __init__(self):
        self.samples: dict[tuple[str, str, str], list[float]] = {}
        self.skipped: dict[str, dict[str, str]] = {}
        self.taken: dict[str, dict] = {}
        self.group = ""
        # Goals that another program judged.
        self.told: list[dict] = []
        self._group_of: dict[str, str] = {}

    def note(self, scenario: str, subject: str, **values: float):
        self._group_of[scenario] = self.group
        for metric, value in values.items():
            self.samples.setdefault((scenario, subject, metric), []).append(float(value))
        print(f"{scenario:26} {subject:15} " + "  ".join(f"{k} {v:.4g}" for k, v in values.items()), flush=True)

    def skip(self, scenario: str, subject: str, reason: str):
        self.skipped.setdefault(self.group, {})[f"{scenario} {subject}".strip()] = reason
        print(f"{scenario:26} {subject:15} NOT RUN: {reason}", flush=True)

    def rows(self) -> list[dict]:
        return [{"group": self._group_of[scenario], "scenario": scenario, "subject": subject, "metric": metric, "median": statistics.median(values),
                 "min": min(values), "max": max(values), "runs": len(values)}
                for (scenario, subject, metric), values in self.samples.items()]

    def begin(self, group: str, quick: bool, note: str):
        self.group = group
        self.taken[group] = {"at": time.strftime("%Y-%m-%d %H:%M", time.gmtime()), "quick": quick, "note": note,
                             "load_average_before": round(os.getloadavg()[0], 2)}

    def end(self, group: str):
        self.taken[group]["load_average_after"] = round(os.getloadavg()[0], 2)


def turns(subjects: list, number: int) -> list:
    """The subjects in another order each round, so that no one always runs first."""
    cut = number % len(subjects)
    return subjects[cut:] + subjects[:cut]
