"""A fault as data: where it acts, what it is about, when it strikes, and what it does. Goes through JSON unchanged.

Nothing here does anything, so that a history's header can hold the plan of its trial.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from askfirst.harness.records import Parameters


class Site(enum.Enum):
    """Where something can go wrong around an agent."""

    AWS_RESPONSE = "aws-response"
    STATE = "state"
    INFORMATION = "information"
    APPROVAL = "approval"
    MODEL = "model"
    TOOL = "tool"
    RIGHTS = "rights"
    PRESSURE = "pressure"


class Phase(enum.Enum):
    """What becomes of the call, or of whatever else the fault is about.

    REFUSE: not applied. LOSE: applied, but the answer is lost or replaced by an error. LIE: not applied, answered as if.
    PARTIAL: only a part is applied. LATE: accepted, and fails by itself afterwards. CHANGE: applied, another answer.
    DELAY: applied, later. ACT: it is about no single call; it changes the world, a text, an answer or a right.
    """

    REFUSE = "refuse"
    LOSE = "lose"
    LIE = "lie"
    PARTIAL = "partial"
    LATE = "late"
    CHANGE = "change"
    DELAY = "delay"
    ACT = "act"


class Caller(enum.Enum):
    """Whose calls a fault is about."""

    AGENT = "agent"
    ANYONE = "anyone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Which calls a fault is about. Texts are globs (`*`, `?`); all of them must fit.

    `operation` is botocore's name; of a request for authorization it is compared with the actions asked for. `resource` is
    compared with the ARNs and names a call is about, `parameters` by dotted member name with globs or equal values.
    """

    service: str = "*"
    operation: str = "*"
    resource: str = "*"
    region: str = "*"
    parameters: Parameters = field(default_factory=dict)
    caller: Caller = Caller.AGENT

    @property
    def everything(self) -> bool:
        """Whether it leaves nothing out."""
        return self == Selector(caller=self.caller)

    def __str__(self) -> str:
        """Say it in the short form: 'cloudformation:Update*'."""
        parts = [f"{self.service}:{self.operation}" if (self.service, self.operation) != ("*", "*") else "every call"]
        parts += [f"on {self.resource}"] if self.resource != "*" else []
        parts += [f"in {self.region}"] if self.region != "*" else []
        parts += [f"with {name}={value}" for name, value in self.parameters.items()]
        return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """When a fault strikes among what its selector is about. What is not said is no condition; all conditions must hold.

    `nth`, `first` and `every` count logical calls (or requests), from 1; at most one of them is given. Only those are
    counted that fall between `after` and `until` and while `standing` holds. `after` and `until` are moments, see
    `moments.py`; `standing` is 'RESOURCE is STATE', two globs. `attempts` limits a strike to the first so many attempts
    the SDK makes at the call; None is 1 where the call is applied, and all of them where it is not.
    """

    nth: int | None = None
    first: int | None = None
    every: int | None = None
    after: str = ""
    until: str = ""
    standing: str = ""
    probability: float = 1.0
    attempts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One fault of a plan. `effect` names what it does, `parameters` how; `select` is None where it is about no call.

    `key` marks the fault the trial is about: if it did not strike, the trial proves nothing about it.
    """

    id: str
    effect: str
    site: Site
    phase: Phase
    select: Selector | None = None
    trigger: Trigger = field(default_factory=Trigger)
    parameters: Parameters = field(default_factory=dict)
    key: bool = False
