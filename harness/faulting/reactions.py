"""What a fault may do to one AWS call. A fault's function chooses one of these; the gateway carries it out."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from askfirst.harness.aws.gaps.base import Situation

Output = Mapping[str, object]
"""The members of an operation's output by botocore's names, as botocore would parse it; times are `datetime`."""


class Broken(enum.Enum):
    """How a connection ends without an answer."""

    RESET = "connection reset"
    TIMEOUT = "read timeout"
    UNREACHABLE = "endpoint unreachable"


@dataclass(frozen=True, slots=True)
class Error:
    """The caller gets this error. In phase REFUSE the call was not applied, in phase LOSE it was."""

    code: str
    message: str
    status: int

    def __str__(self) -> str:
        return f"{self.code} ({self.status})"


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The caller gets no answer. A timeout takes as long as the caller's own client waits."""

    how: Broken

    def __str__(self) -> str:
        return self.how.value


@dataclass(frozen=True, slots=True)
class Delay:
    """The answer takes `seconds` of the trial's time longer; more than the client's read timeout is a timeout."""

    seconds: float

    def __str__(self) -> str:
        return f"{self.seconds:g} s slower"


@dataclass(frozen=True, slots=True)
class Lie:
    """The call is not applied, and the caller gets the answer it would have got."""

    def __str__(self) -> str:
        return "answered as if it had been applied"


@dataclass(frozen=True, slots=True)
class FailLater:
    """The call is accepted but not applied; `after` so long `fail` makes the failure visible, and `why` is its sentence."""

    after: timedelta
    why: str
    fail: Callable[[Situation], None]

    def __str__(self) -> str:
        return f"accepted, and fails after {self.after}"


@dataclass(frozen=True, slots=True)
class Changed:
    """The call is applied and `change` is what the caller gets of its output. It must be pure."""

    change: Callable[[Output], Output]
    words: str = "the answer was changed"

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Partly:
    """The call is applied with what `narrow` leaves of its parameters; `change` adds to the output what was left out."""

    narrow: Callable[[Output], Output]
    change: Callable[[Output], Output]
    words: str = "only a part was applied"

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Earlier:
    """The caller gets the answer that the same call got the last time."""

    def __str__(self) -> str:
        return "an earlier answer"


Reaction = Error | NoAnswer | Delay | Lie | FailLater | Changed | Partly | Earlier


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that strikes an attempt: which, how, and in what way."""

    fault: str
    phase: str
    reaction: Reaction


@dataclass(frozen=True, slots=True)
class ModelReaction:
    """What a fault does to one turn of the model. `status` 0 means that no HTTP answer is replaced.

    Carried out by the model side; where no model is connected it never strikes.
    """

    status: int = 0
    code: str = ""
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    change: str = ""
    """One of the named changes of an answer: 'empty-choices', 'truncated-arguments', 'stream-cut', ..."""


@dataclass(frozen=True, slots=True)
class ToolReaction:
    """What a fault does to one tool call: another exit code and other texts, with or without running it."""

    run: bool = True
    exit_code: int | None = None
    output: str | None = None
    errors: str | None = None
    keep: float = 1.0
    """The part of the output that is kept, from its beginning."""
