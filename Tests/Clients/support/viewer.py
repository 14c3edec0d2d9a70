"""Questions to the dataset viewer that would take everything, and what is always to hold after them."""

import time

from .weir import Weir

NAME = "acme/rows"
SPLIT = {"config": "default", "split": "train"}


def sql(weir: Weir, query: str, **more):
    return weir.get("/api/viewer/sql", params={"dataset": NAME, **SPLIT, "query": query, **more}, timeout=60)


def survives(weir: Weir, query: str):
    """A question ends in rows or in an error of its own, soon, and the next is answered."""
    began = time.monotonic()
    answer = sql(weir, query)
    assert 200 <= answer.status_code < 500, answer.text[:400]
    assert time.monotonic() - began < 45
    assert weir.alive
    assert sql(weir, "SELECT 1").json()["rows"] == [[1]]


def read_hostile(weir: Weir, names: list[str]):
    """Each subset of `acme/hostile` ends in rows or in a clear error, and the next question is answered."""
    problems = []
    for name in names:
        began = time.monotonic()
        answer = weir.get("/first-rows", params={"dataset": "acme/hostile", "config": name, "split": "train"}, timeout=90)
        seconds = time.monotonic() - began
        if answer.status_code not in (200, 422) or seconds > 40 or str(weir.data) in answer.text:
            problems.append(f"{name}: {answer.status_code} after {seconds:.1f} s: {answer.text[:300]}")
        if name == "good.parquet":
            assert len(answer.json()["rows"]) == 100
        elif not name.startswith(("flipped", "bomb", "nul", "page", "deep.json", "deep-keys")) and answer.status_code == 200:
            problems.append(f"{name} was read: {answer.text[:200]}")
    assert not problems, "\n".join(problems)
    assert sql(weir, "SELECT 1").json()["rows"] == [[1]]
    assert weir.alive
