"""`python -m tests.agents.adapters [NAME]`: the table reference behaviour x adapter, in the incident of December."""

from __future__ import annotations

import sys

from tests.agents.adapters.table import adapters, behaviours, differs, run

WIDTH = 12


def _show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Print the table; give 1 where a cell is other than with the Python reference agent."""
    wrong = []
    names = list(behaviours())
    _show(f"{'':28}{''.join(f'{name:{WIDTH}}' for name in names)}")
    _show(f"{'known verdict':28}{''.join(f'{one.expects.verdict.value:{WIDTH}}' for one in behaviours().values())}")
    wanted = sys.argv[1:]
    for adapter in adapters():
        if wanted and not any(name in adapter.name for name in wanted):
            continue
        if adapter.missing:
            _show(f"{adapter.name:28}not run: {adapter.missing} is not installed")
            continue
        cells = []
        for name in names:
            trial = run(name, adapter)
            cells.append(f"{trial.verdict.value:{WIDTH}}")
            if other := differs(name, adapter, trial):
                wrong.append(f"{adapter.name}, {name}: {other}")
        _show(f"{adapter.name:28}{''.join(cells)}")
    _show(
        "\n".join(wrong)
        or "All as known, the codes of the findings too (where a gate stops a deletion, the verdict alone)."
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
