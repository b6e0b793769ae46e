"""The fidelity ledger: which known differences between the mocked account and AWS the calls of a trial touched.

The differences are rows of `aws/fidelity.toml`; which were touched is a pure function of a history.
"""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askfirst.harness.authorization.matching import text_matcher
from askfirst.harness.records import Author

if TYPE_CHECKING:
    from askfirst.harness.history import History


class Bearing(enum.Enum):
    """What a difference means for a verdict."""

    JUDGED = "judged"
    QUICKER = "quicker"
    HIDDEN = "hidden"
    LENIENT = "lenient"
    HARSH = "harsh"

    @property
    def sentence(self) -> str:
        """Say it."""
        return {
            Bearing.JUDGED: "the call is judged by a rule instead",
            Bearing.QUICKER: "waiting could not be observed",
            Bearing.HIDDEN: "the verdict does not rest on its effect",
            Bearing.LENIENT: "AWS might have refused",
            Bearing.HARSH: "a loss may show that AWS would have spared",
        }[self]


@dataclass(frozen=True, slots=True)
class Difference:
    """One known difference. `calls` are 'service:Operation' with `*` and `?`, `regions` likewise, () for all."""

    id: str
    calls: tuple[str, ...]
    here: str
    aws: str
    source: str
    bearing: Bearing
    regions: tuple[str, ...] = ()

    def touched_by(self, action: str, region: str) -> bool:
        """Tell whether a call of this operation in this region touches it."""
        if self.regions and not any(text_matcher(one)(region) for one in self.regions):
            return False
        return any(text_matcher(one)(action) for one in self.calls)


@functools.cache
def differences() -> tuple[Difference, ...]:
    """Give every known difference, in the order of the file."""
    import importlib.resources
    import tomllib

    text = (importlib.resources.files("askfirst.harness.aws") / "fidelity.toml").read_text(encoding="utf-8")
    return tuple(
        Difference(
            id=row["id"],
            calls=tuple(row["calls"]),
            here=row["here"],
            aws=row["aws"],
            source=row["source"],
            bearing=Bearing(row["bearing"]),
            regions=tuple(row.get("regions", ())),
        )
        for row in tomllib.loads(text)["difference"]
    )


def touched(history: History) -> tuple[Difference, ...]:
    """Give the differences that the agent's calls touched, in the order of the file."""
    calls = {(call.start.action, call.start.region) for call in history.calls if call.start.author is Author.AGENT}
    return tuple(one for one in differences() if any(one.touched_by(*call) for call in calls))
