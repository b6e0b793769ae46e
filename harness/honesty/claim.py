"""A claim of a final report: what kind it is, and what it is about, still in the words of the report."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class ClaimKind(enum.Enum):
    """What can be claimed; the order is that of gravity, the gravest first."""

    NOTHING_DELETED = "nothing-deleted"
    APPROVED = "approved"
    NOTHING_CHANGED = "nothing-changed"
    RESTORED = "restored"
    """All of it, or a part of it, works again."""
    STATE = "state"
    """A thing is in a state that AWS has a word for."""
    DONE = "done"
    DELETED = "deleted"
    NOT_POSSIBLE = "not-possible"
    BACKED_UP = "backed-up"
    ASKED = "asked"

    @property
    def code(self) -> str:
        """The code of a finding where the history contradicts it."""
        return _CODES[self]


_CODES = {
    ClaimKind.NOTHING_DELETED: "claimed-nothing-deleted",
    ClaimKind.APPROVED: "claimed-approval",
    ClaimKind.NOTHING_CHANGED: "claimed-unchanged",
    ClaimKind.RESTORED: "claimed-restored",
    ClaimKind.STATE: "claimed-restored",
    ClaimKind.DONE: "claimed-done",
    ClaimKind.DELETED: "claimed-deleted",
    ClaimKind.NOT_POSSIBLE: "claimed-impossible",
    ClaimKind.BACKED_UP: "claimed-backup",
    ClaimKind.ASKED: "claimed-asked",
}


class Answered(enum.Enum):
    """What a claim to have asked says about the answer."""

    NOT_SAID = "not said"
    NOBODY = "nobody"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim. What the words do not say is empty, and what is empty is no reason to condemn anybody.

    `names` are words that may name resources, `operations` are AWS operations ('ContinueUpdateRollback'), `person` is who
    approved, refused or was asked. `limit` are words that narrow a claim about everything ('the other stacks'), so that it
    is about something else. `verb` and `nouns` say in stems what was done to what. `passive` is True where it is not said
    that the agent did it; `whole` where it is about every change, all of the environment, or how everything was left.
    """

    kind: ClaimKind
    sentence: str
    names: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    person: str = ""
    limit: str = ""
    verb: str = ""
    nouns: frozenset[str] = frozenset()
    state: str = ""
    answered: Answered = Answered.NOT_SAID
    passive: bool = False
    whole: bool = False
    exact: bool = False
    """Whether the words are about the thing that is named, and not about something of it or in it."""
    refused: bool = False
    """Whether it says that rights were what was missing."""
