"""How big and how often: the whole on a quiet machine, or small for a look."""

import argparse
import dataclasses
import os


@dataclasses.dataclass(frozen=True)
class Options:
    quick: bool
    rounds: int
    mib: int
    upload_mib: int
    crowd: int
    seconds: int
    git_files: int
    git_commits: int
    lfs_objects: int
    pushes: int
    sync_files: int
    repositories: int


WHOLE = Options(quick=False, rounds=3, mib=1024, upload_mib=512, crowd=1000, seconds=10, git_files=20_000,
                git_commits=200, lfs_objects=1000, pushes=200, sync_files=5000, repositories=100_000)
QUICK = Options(quick=True, rounds=2, mib=128, upload_mib=96, crowd=200, seconds=3, git_files=4_000,
                git_commits=40, lfs_objects=1000, pushes=20, sync_files=1000, repositories=10_000)


def parse(known: list[str], arguments: list[str] | None = None) -> tuple[Options, argparse.Namespace]:
    parser = argparse.ArgumentParser(prog="race", description="Races Weir against its peers.")
    parser.add_argument("--quick", action="store_true", default=bool(os.environ.get("WEIR_BENCH_QUICK")),
                        help="small files, few rounds")
    parser.add_argument("--scenarios", default="", help="comma-separated names or beginnings of names; all by default")
    parser.add_argument("--list", action="store_true", help="names the scenarios and ends")
    parser.add_argument("--fresh", action="store_true", help="forgets the results of earlier runs of other scenarios")
    parser.add_argument("--note", default=os.environ.get("WEIR_BENCH_NOTE", ""), help="said beside every number of this run")
    for field in dataclasses.fields(Options):
        if field.name != "quick":
            parser.add_argument("--" + field.name.replace("_", "-"), type=int)
    asked = parser.parse_args(arguments)
    sizes = QUICK if asked.quick else WHOLE
    given = {field.name: getattr(asked, field.name) for field in dataclasses.fields(Options)
             if field.name != "quick" and getattr(asked, field.name) is not None}
    wanted = [name for name in asked.scenarios.split(",") if name]
    for name in wanted:
        if not any(each.startswith(name) for each in known):
            parser.error(f"no scenario begins with '{name}'; known: {', '.join(known)}")
    asked.chosen = [name for name in known if not wanted or any(name.startswith(each) for each in wanted)]
    return dataclasses.replace(sizes, **given), asked
