"""Pushes of one small commit each, and one push of all of them, beside `git http-backend`."""

from ..git import git
from ..ledger import turns
from ..local_hub import LocalHub
from ..peers.http_backend import HTTPBackend
from ..processes import Watch


def run(options, ledger, home):
    work = home / "work"
    work.mkdir(parents=True)
    git("init", "--quiet", "-b", "main", work)
    names = []
    for number in range(options.pushes):
        (work / f"{number % 20}.txt").write_text(f"{number}\n" * 5)
        git("add", "--all", cwd=work)
        git("commit", "--quiet", "--message", f"commit {number}", cwd=work)
        names.append(git("rev-parse", "HEAD", cwd=work))
    backend = HTTPBackend(home / "backend")
    try:
        with LocalHub(home / "weir") as hub:
            watches = {"weir": lambda: Watch(hub.pids), "http-backend": lambda: Watch(backend.pids, backend.ended_cpu)}
            for number in range(options.rounds):
                for scenario, steps in (("push-each", names), ("push-all", names[-1:])):
                    for subject in turns(["weir", "http-backend"], number):
                        url = (hub if subject == "weir" else backend).create(f"{scenario}-{number}")
                        with watches[subject]() as seen:
                            for commit in steps:
                                git("push", "--quiet", url, f"{commit}:refs/heads/main", cwd=work)
                        ledger.note(scenario, subject, wall_s=seen.wall, cpu_s=seen.cpu, pushes=len(steps))
    finally:
        backend.stop()
