"""Print what each SDK makes of each fault of a model's API: `python -m tests.agents.model_faults`."""

from __future__ import annotations

import sys
import warnings

from tests.agents.model_faults.table import FAULTS, agents, fate, run


def main() -> int:
    """Print the table, then each turn in words."""
    names = list(agents())
    width = max(map(len, FAULTS))
    told: list[str] = []
    sys.stdout.write(f"{'':<{width}}  {'  '.join(names)}\n")
    for fault in FAULTS:
        cells = []
        for name in names:
            trial = run(fault, name)
            cells.append(f"{fate(trial):<{len(name)}}")
            told += [f"{fault}, {name}: {one} [{trial.verdict.value}]" for one in trial.faults[0].became[:1]]
        sys.stdout.write(f"{fault:<{width}}  {'  '.join(cells)}\n")
        sys.stdout.flush()
    sys.stdout.write("\n" + "\n".join(told) + "\n")
    return 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
