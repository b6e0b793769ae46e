"""The part of a benchmark that one machine of several runs, as a process of its own: `python -m askfirst.harness.bench.node`.

It takes the plan, a store of its own, and on standard input the trials that are its part, one `KEY NUMBER` a line. As soon as one
is on disk it says so, `KEY NUMBER`, on standard output. It ends with who started it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from askfirst.harness.bench.children import Child, Ended


class _Telling:
    """Says what is kept."""

    def started(self, child: Child) -> None:
        """Nothing is said of that."""

    def ended(self, ended: Ended, *, final: bool) -> None:
        """Say that it is on disk."""
        del final
        sys.stdout.write(f"{ended.cell.key} {ended.number}\n")
        sys.stdout.flush()

    def look(self, running: Sequence[Child]) -> None:
        """Nothing is said of that."""


def main(arguments: Sequence[str]) -> int:
    """Run the part; what is wrong is one line on standard error, and 2."""
    from askfirst.harness.bench.cells import cells_of
    from askfirst.harness.bench.plan import load_bench
    from askfirst.harness.bench.store import Store
    from askfirst.harness.bench.supervisor import Supervisor
    from askfirst.harness.errors import AskfirstError
    from askfirst.harness.isolation import die_with_parent

    die_with_parent()
    plan, store = map(Path, arguments)
    wanted = dict(line.split() for line in sys.stdin if line.strip())
    try:
        said = load_bench(plan)
        todo = [(cell, int(wanted[cell.key])) for cell in cells_of(said, plan.parent) if cell.key in wanted]
        if len(todo) < len(wanted):
            sys.stderr.write(
                f"{len(wanted) - len(todo)} trials mean something else on this machine: it needs the same askfirst, plan, "
                "scenarios and agents\n"
            )
            return 2
        with Store(store, write=True) as opened:
            Supervisor(opened, said.concurrency, _Telling()).run(todo)
    except AskfirstError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
