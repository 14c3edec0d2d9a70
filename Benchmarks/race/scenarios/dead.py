"""The upstream is gone: a file that is here, asked for by its commit and by its branch."""

from ..clients import download, expect
from .cold import SUBJECTS
from .serving import attempt, contestants, fetch, front, hub


def run(options, ledger, home):
    with hub(home / "upstream", options.mib) as source:
        with front(home / "front", source, SUBJECTS) as before:
            every = [each.start() for each in contestants(home, before, SUBJECTS)]
            for each in every:
                for revision in (None, "main"):
                    expect(download(each.port, [{"path": each.path(revision=revision)}]), [source.size])
        try:
            for _ in range(options.rounds):
                for scenario, revision in (("dead-commit", None), ("dead-branch", "main")):
                    for each in every:
                        job = {"path": each.path(revision=revision)}
                        attempt(ledger, scenario, each, lambda: fetch(each, [job], [source.size]))
        finally:
            for each in every:
                each.stop()
