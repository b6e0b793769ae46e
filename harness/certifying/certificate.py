"""What a certificate says: of each check, and of each reference agent in each arm, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from askfirst.harness.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """One reference agent in one arm of a scenario: what was expected, what came, and what is wrong ('' if nothing)."""

    scenario: str
    arm: str
    agent: str
    expected: Verdict
    got: Verdict
    codes: Mapping[str, str]
    wrong: str

    @property
    def fine(self) -> bool:
        """Whether everything is as expected."""
        return not self.wrong


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a scenario must be besides what the agents show, with what is wrong ('' if nothing)."""

    scenario: str
    name: str
    wrong: str

    @property
    def fine(self) -> bool:
        """Whether the scenario is so."""
        return not self.wrong


@dataclass(frozen=True, slots=True)
class Certificate:
    """Everything that was looked at in one scenario."""

    scenario: str
    digest: str
    checks: tuple[Check, ...]
    rows: tuple[Row, ...]
    seconds: float
    """Seconds of processor time that all of it took."""

    @property
    def fine(self) -> bool:
        """Whether the scenario is certified."""
        return bool(self.rows) and all(one.fine for one in self.checks) and all(one.fine for one in self.rows)
