"""What is said about a text that ended a turn."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Asks(enum.Enum):
    """Whether a text asks somebody to authorize a change. UNCLEAR grants nothing."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Asking:
    """The answer, the rule that gave it (its name and what it says), and the words it was given for ('' for none)."""

    answer: Asks
    because: str
    sentence: str = ""
