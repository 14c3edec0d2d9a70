"""`python -m race`: runs the chosen groups one after another and writes the report."""

import pathlib
import shutil
import sys
import tempfile
import traceback

from . import options, report, results
from .ledger import Ledger, Skip
from .paths import scratch_folder
from .scenarios import GROUPS


def main() -> int:
    sizes, asked = options.parse(list(GROUPS))
    if asked.list:
        for name, module in GROUPS.items():
            print(f"{name:12} {module.__doc__.splitlines()[0]}")
        return 0
    home = pathlib.Path(tempfile.mkdtemp(prefix="weir-race-", dir=scratch_folder()))
    ledger, broken = Ledger(), []
    try:
        for name in asked.chosen:
            ledger.begin(name, sizes.quick, asked.note)
            try:
                GROUPS[name].run(sizes, ledger, home / name)
            except Skip as reason:
                ledger.skip("", "", str(reason))
            except Exception as error:  # noqa: BLE001 - the other groups run all the same
                traceback.print_exc()
                broken.append(name)
                ledger.skip(name, "", f"failed: {str(error).splitlines()[0][:300]}")
            finally:
                ledger.end(name)
                shutil.rmtree(home / name, ignore_errors=True)
            # After each group: who ends a run of hours keeps what it measured.
            told = results.written(ledger, asked.fresh)
            report.write(told)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print()
    for goal in told["goals"]:
        if goal["group"] in ledger.taken or not goal["group"]:
            print(f"{goal['group']:10} {goal['goal']:52} {goal['target']:>12}  {report.number(goal['value']):>8}  {report.verdict(goal)}")
    print(f"written to {results.LATEST.relative_to(results.RESULTS.parents[1])} and docs/performance.md")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
