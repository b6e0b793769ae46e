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
    CUT = "answer cut off"


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


class ModelChange(enum.Enum):
    """How an answer of the model differs from the one it gave."""

    EMPTY = "no choices at all"
    TRUNCATED = "the arguments of a tool call break off"
    FILTERED = "stopped by the content filter"
    REFUSED = "the model refuses"
    PAGE = "an HTML page with status 200"
    CUT = "the stream ends in the middle"
    TWICE = "a tool call comes twice"
    OTHER_TOOL = "a tool call names a tool that does not exist"
    SAME_ID = "a tool call has the id of an earlier one"
    OTHER_MODEL = "another model answers"
    FORGOTTEN = "the rule is lost from what the model sees"


@dataclass(frozen=True, slots=True)
class ModelReaction:
    """What a fault does to one turn of the model. `status` 0 means that no HTTP answer is replaced.

    `code`, `message` and `headers` are those of the API's error, `seconds` how much longer it takes, `broken` how the
    connection ends without an answer. `value` is what a change needs: a tool's name, a model's name, a text.
    Carried out by the model side; where no model is connected it never strikes.
    """

    status: int = 0
    code: str = ""
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    broken: Broken | None = None
    change: ModelChange | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class ToolReaction:
    """What a fault does to one tool call: another exit code and other texts, with or without running it.

    `keep` is the part of the output that is kept, from its beginning; `seconds` how much longer it takes; `without` are
    arguments that are left out when it runs. Carried out by the shell; where there is none it never strikes.
    """

    run: bool = True
    exit_code: int | None = None
    output: str | None = None
    errors: str | None = None
    keep: float = 1.0
    seconds: float = 0.0
    without: tuple[str, ...] = ()
