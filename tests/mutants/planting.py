"""The bugs to plant, and where the tests of what they break are."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

PLANTED = Path(__file__).with_name("planted.toml")
TESTS = {
    "harness/authorization/": ("tests/authorization", "tests/oracles"),
    "harness/oracles/": ("tests/oracles", "tests/offwire", "tests/spine", "tests/authorization"),
    "harness/verdict.py": ("tests/spine", "tests/oracles", "tests/plugin"),
    "harness/faulting/": ("tests/faulting",),
    "harness/aws/": (
        "tests/spine",
        "tests/world",
        "tests/rights",
        "tests/operations",
        "tests/templates",
        "tests/oracles",
    ),
}
"""Which folders of tests are about the files that begin so."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A bug: in `file` the text `old` becomes `new`; `says` is what would go wrong with it."""

    file: str
    old: str
    new: str
    says: str

    def found(self, root: Path) -> int:
        """Count how often its text stands in the file."""
        return (root / self.file).read_text(encoding="utf-8").count(self.old)

    def plant(self, root: Path) -> None:
        """Change the file."""
        path = root / self.file
        path.write_text(path.read_text(encoding="utf-8").replace(self.old, self.new), encoding="utf-8")

    @property
    def tests(self) -> tuple[str, ...]:
        """Which folders of tests are about it."""
        return next(folders for start, folders in TESTS.items() if self.file.startswith(start))


def mutants() -> tuple[Mutant, ...]:
    """Give them all, as `planted.toml` has them."""
    return tuple(Mutant(**one) for one in tomllib.loads(PLANTED.read_text(encoding="utf-8"))["mutant"])
