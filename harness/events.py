"""The events of a history: everything that can happen in a trial, in the trial's own words.

One event is one line on disk. A call is two events, its start and its end, so that a trial killed in between still shows
the attempt. `kind` is the tag by which a line is read back.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from askfirst.harness.records import (
    Answer,
    Author,
    Blob,
    Change,
    Coverage,
    Grant,
    Intent,
    Outcome,
    Parameters,
    Prediction,
    Scope,
    Target,
)


class TroubleKind(enum.Enum):
    """What can keep a trial from proving anything. Trouble replaces a PASS, never a FAIL (DESIGN rule 1)."""

    HARNESS = "harness-error"
    GAP = "gap-of-the-mock"
    CRASH = "agent-crash"
    HANG = "agent-hang"
    MODEL = "model-api"
    IDLE = "idle"
    DIVERGED = "diverged-cassette"
    CENSORED = "limit-reached"
    UNRESOLVED = "unresolved-call"
    ORACLE = "oracle-error"
    FAULT = "fault-did-not-strike"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is not the agent's choice, or not known to be. `operation` is the call it struck, if one."""

    trouble: TroubleKind
    because: str
    operation: str = ""
    safe_exit: bool = False
    """Whether the call it struck could have been the agent's way out that destroys nothing."""
    kind: Literal["trouble"] = field(default="trouble", kw_only=True)


@dataclass(frozen=True, slots=True)
class AgentStarted:
    """The agent was given its task."""

    task: str
    kind: Literal["agent-started"] = field(default="agent-started", kw_only=True)


@dataclass(frozen=True, slots=True)
class AgentReturned:
    """The agent ended by itself. `report` is what it told the operator, as text; calls after this are late calls."""

    report: str | Blob
    kind: Literal["agent-returned"] = field(default="agent-returned", kw_only=True)


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The agent ended a turn with a text. `asks` says whether it asks for authorization ('yes', 'no', 'unclear') and why."""

    text: str | Blob
    asks: str
    because: str
    kind: Literal["turn-ended"] = field(default="turn-ended", kw_only=True)


@dataclass(frozen=True, slots=True)
class TrialEnded:
    """Nothing of the trial runs any more. A history without this event was cut off."""

    kind: Literal["trial-ended"] = field(default="trial-ended", kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted:
    """One attempt at an AWS operation reached the gateway. Recorded before anything is decided about it.

    `call` names the logical call (attempts of one SDK call share it); `level`, `operation_class`, `severity` and `domain`
    come from the operation table, and from the parameter rule that `ruling` quotes ('' where none spoke); `targets` are
    the resources its parameters name, `predicted` what it is going to do to others; `late` is True after the agent
    returned.
    """

    call: str
    attempt: int
    author: Author
    principal: str
    access_key: str
    service: str
    operation: str
    region: str
    account: str
    parameters: Parameters
    level: str
    operation_class: str
    severity: str
    known: bool
    request_id: str
    targets: tuple[Target, ...] = ()
    user_agent: str = ""
    late: bool = False
    domain: str = ""
    ruling: str = ""
    predicted: tuple[Prediction, ...] = ()
    kind: Literal["call-started"] = "call-started"

    @property
    def action(self) -> str:
        """'service:Operation', botocore's names."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """What became of an attempt.

    `answer` is the mocked account's own answer, None if the call was never applied; `delivered` what the caller got
    where that differs. `changed` are the ARNs that needed a grant, `coverage` says whether they had one.
    """

    call: str
    attempt: int
    outcome: Outcome
    applied: bool
    error: str = ""
    message: str = ""
    answer: Answer | None = None
    delivered: Answer | None = None
    changes: tuple[Change, ...] = ()
    changed: tuple[str, ...] = ()
    coverage: Coverage | None = None
    kind: Literal["call-ended"] = "call-ended"


@dataclass(frozen=True, slots=True)
class WorldChanged:
    """State that changed outside any call: a service finished something, time passed, a colleague acted.

    `cause` is the logical call of the agent that set it in motion, '' where none did.
    """

    changes: tuple[Change, ...]
    because: str
    cause: str = ""
    kind: Literal["world-changed"] = field(default="world-changed", kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultFired:
    """A fault of the plan struck. `what` says in words what it did; the agent never sees this event.

    `call` and `attempt` name the attempt it struck, `request` the request for authorization; '' and 0 where it was about
    neither.
    """

    fault: str
    site: str
    phase: str
    what: str
    call: str = ""
    attempt: int = 0
    request: str = ""
    kind: Literal["fault-fired"] = "fault-fired"


@dataclass(frozen=True, slots=True)
class ModelTurn:
    """An attempt at a turn of the agent's model, where its model is connected through the trial.

    `turn` is one state of the conversation; another `attempt` at it is a retry of the agent's SDK. `outcome` says how it
    ended: answered, refused with a status, broken, or changed in what way; `fault` is what struck it, '' for nothing.
    """

    turn: int
    attempt: int
    api: str
    model: str
    outcome: str
    fault: str = ""
    kind: Literal["model-turn"] = "model-turn"


@dataclass(frozen=True, slots=True)
class ModelUsed:
    """Tokens that an answer of the agent's model read and wrote, as its API says; what one costs, a price list knows."""

    read: int
    written: int
    kind: Literal["model-used"] = field(default="model-used", kw_only=True)


@dataclass(frozen=True, slots=True)
class Said:
    """A person said something that nobody had asked for; `text` is what the agent can read."""

    person: str
    text: str
    kind: Literal["said"] = field(default="said", kw_only=True)


class AskedBy(enum.Enum):
    """Who asked: the agent on its own initiative, or the gate of the program that hosts it."""

    AGENT = "agent"
    GATE = "gate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """Somebody asked for authorization. `actions`, `resources` and `reason` are the asker's words, `scope` our reading.

    `plan` is the digest of what exactly is to be carried out (`authorization.plans`), '' where none was shown.
    """

    request: str
    requester: str
    asked_by: AskedBy
    channel: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    reason: str
    scope: Scope
    plan: str = ""
    kind: Literal["requested"] = "requested"


class Reply(enum.Enum):
    """What a person said to a request. ASKED_BACK: the request was not understood; UNCLEAR: the answer is no decision."""

    APPROVED = "approved"
    DENIED = "denied"
    ASKED_BACK = "asked back"
    UNCLEAR = "unclear"
    NO_ANSWER = "no answer"


class Void(enum.Enum):
    """Why an answer counts for nothing."""

    REQUESTER = "the requester's own word"
    NO_AUTHORITY = "no authority"
    WRONG_THREAD = "given to another request"
    NOT_UNDERSTOOD = "the request is not understood"
    SETTLED = "already decided"
    FORBIDDEN = "nobody can authorize this"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A person answered a request, or the wait for an answer ended. `person` is '' when nobody answered.

    `counts` is False where the answer changes nothing, and `void` says why. `in_place_of` is who the person decided for
    as a deputy, '' where it was the person's own authority.
    """

    request: str
    person: str
    reply: Reply
    reason: str = ""
    counts: bool = True
    void: Void | None = None
    in_place_of: str = ""
    kind: Literal["decided"] = "decided"


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant begins to exist: standing at the start, or made by enough approvals."""

    grant: Grant
    kind: Literal["granted"] = field(default="granted", kw_only=True)


@dataclass(frozen=True, slots=True)
class Revoked:
    """A grant ends before its time."""

    grant: str
    person: str
    reason: str = ""
    kind: Literal["revoked"] = field(default="revoked", kw_only=True)


@dataclass(frozen=True, slots=True)
class Slept:
    """The agent waited by its own choice, `seconds` of the trial's time; `clock` is 'virtual' or 'real'."""

    seconds: float
    clock: str
    kind: Literal["slept"] = field(default="slept", kw_only=True)


@dataclass(frozen=True, slots=True)
class EgressRefused:
    """The agent tried to reach an address outside the trial. `aws` is True where it was AWS itself or its metadata."""

    address: str
    aws: bool
    kind: Literal["egress-refused"] = field(default="egress-refused", kw_only=True)


@dataclass(frozen=True, slots=True)
class MessageRefused:
    """Something reached the address for requests that was none: nobody heard it, and nothing came of it.

    Whoever tries to answer there for the people is refused so. `text` is what was said, as far as it can be shown.
    """

    channel: str
    because: str
    text: str
    kind: Literal["message-refused"] = field(default="message-refused", kw_only=True)


@dataclass(frozen=True, slots=True)
class Sandboxed:
    """Programs of the agent run in a sandbox from now on.

    `walls` is True where nothing exists for them but the trial's own addresses and files, `watched` where every program
    that is started is read; `because` says why there are no walls.
    """

    walls: bool
    watched: bool
    because: str = ""
    kind: Literal["sandboxed"] = field(default="sandboxed", kw_only=True)


@dataclass(frozen=True, slots=True)
class CommandStarted:
    """The agent started a program. `aws` is True where its command line speaks to AWS.

    `intents` is what the line says it would do, `destroys` whether anything would be gone. The workspace is '.'.
    """

    arguments: tuple[str, ...]
    aws: bool
    destroys: bool = False
    intents: tuple[Intent, ...] = ()
    kind: Literal["command-started"] = field(default="command-started", kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAnswered:
    """The program that hosts the agent asked whether a call may go on, and was answered.

    `requests` are those that people answered for it, () where nobody had to be asked; `because` says why.
    """

    words: str
    allowed: bool
    because: str
    requests: tuple[str, ...] = ()
    kind: Literal["gate-answered"] = "gate-answered"


@dataclass(frozen=True, slots=True)
class AgentSaid:
    """The agent said something in the middle of a turn; what ends a turn is `TurnEnded`."""

    text: str | Blob
    kind: Literal["agent-said"] = field(default="agent-said", kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverSent:
    """A call that the agent's own client refused before any request: wrong parameters, an address it cannot resolve.

    `targets` are the resources that any text of its parameters names; what may be secret in them is '***'.
    """

    author: Author
    service: str
    operation: str
    region: str
    parameters: Parameters
    error: str
    level: str
    operation_class: str
    targets: tuple[Target, ...] = ()
    kind: Literal["never-sent"] = "never-sent"

    @property
    def action(self) -> str:
        """'service:Operation', botocore's names."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True, slots=True)
class WorkspaceChanged:
    """Files or git references of the workspace changed between two looks; a change's ARN is 'workspace:PATH'."""

    changes: tuple[Change, ...]
    because: str
    kind: Literal["workspace-changed"] = field(default="workspace-changed", kw_only=True)


@dataclass(frozen=True, slots=True)
class Checked:
    """The scenario's own check was evaluated at the end: `solved` and the reason in words."""

    solved: bool
    because: str
    kind: Literal["checked"] = field(default="checked", kw_only=True)


Event = (
    Trouble
    | AgentStarted
    | AgentReturned
    | TurnEnded
    | TrialEnded
    | CallStarted
    | CallEnded
    | WorldChanged
    | FaultFired
    | Said
    | Requested
    | Decided
    | Granted
    | Revoked
    | Slept
    | EgressRefused
    | MessageRefused
    | ModelTurn
    | ModelUsed
    | Sandboxed
    | CommandStarted
    | GateAnswered
    | AgentSaid
    | NeverSent
    | WorkspaceChanged
    | Checked
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history: its place in the total order (from 1), the trial's time, and what happened."""

    seq: int
    at: datetime
    event: Annotated[Event, Field(discriminator="kind")]
