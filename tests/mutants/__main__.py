"""`make mutants`: plants bugs in the instrument, one at a time, and tells which of them `certify` and the tests kill.

`python -m tests.mutants [WORDS]` plants those alone whose file or description holds the words.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mutants.planting import mutants

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]
CERTIFIED = ("cost-explorer-december", "second-person-missing", "hidden-prompt")
ENOUGH = 0.95
PATIENCE = 900


def _show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _copy(to: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, to / name, follow_symlinks=False)


def _fails(command: list[str], folder: Path) -> bool:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def _killer(tests: Iterable[str], folder: Path) -> str:
    """Say who finds fault with the instrument in the folder, '' where nobody does."""
    askfirst = [sys.executable, "-c", "from askfirst.harness.cli import main; main()"]
    if _fails([*askfirst, "certify", *CERTIFIED], folder):
        return "certify"
    pytest = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "2", "-p", "no:cacheprovider", "--no-header"]
    return next((one for one in tests if _fails([*pytest, one], folder)), "")


def main() -> int:
    """Plant each; give 1 where fewer are killed than should be."""
    wanted = [one for one in mutants() if all(word in f"{one.file} {one.says}" for word in sys.argv[1:])]
    if not wanted:
        _show(
            f"no planted bug has {' and '.join(sys.argv[1:])} in its file or description: see tests/mutants/planted.toml"
        )
        return 2
    survivors = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as place:
        whole = Path(place) / "whole"
        whole.mkdir()
        _copy(whole)
        # A test that fails anyway would kill every bug.
        if falsely := _killer(sorted({one for mutant in wanted for one in mutant.tests}), whole):
            _show(f"without any bug planted {falsely} fails: mend that first")
            return 1
        for number, mutant in enumerate(wanted, start=1):
            began = time.perf_counter()
            before = (whole / mutant.file).read_text(encoding="utf-8")
            mutant.plant(whole)
            killer = _killer(mutant.tests, whole)
            (whole / mutant.file).write_text(before, encoding="utf-8")
            if not killer:
                survivors.append(mutant)
            took = time.perf_counter() - began
            end = f"killed by {killer}" if killer else "SURVIVES"
            _show(f"{number:>3}/{len(wanted)}  {end:<28}  {took:5.0f} s  {mutant.file}: {mutant.says}")
    score = 1 - len(survivors) / len(wanted)
    _show(
        f"\n{len(wanted) - len(survivors)} of {len(wanted)} planted bugs are killed ({score:.0%}; {ENOUGH:.0%} is enough)"
    )
    return 0 if score >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
