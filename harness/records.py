"""The data that events carry: resources, changes, scopes, grants, coverage, answers. Nothing here does anything.

All of it is frozen, compares by value, and goes through JSON unchanged (see `harness/codec.py`).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

Parameters = Mapping[str, JsonValue]
"""Parameters of an AWS operation by botocore's member names; bytes are base64 text, times are ISO 8601 text."""


class Author(enum.Enum):
    """Who made a call or a change."""

    AGENT = "agent"
    PERSON = "person"
    BUILDER = "builder"
    CHECK = "check"
    CLOCK = "clock"
    SERVICE = "service"
    FAULT = "fault"


class Outcome(enum.Enum):
    """What became of a call, as far as its caller could know. UNKNOWN: the answer was lost, it may have been applied."""

    OK = "ok"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Blob:
    """A large text or body that is kept by digest beside the history: `digest` is SHA-256 in hex, `size` in bytes."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. `body` is text; bytes that are no UTF-8 are base64 with `encoded` True."""

    status: int
    body: str | Blob
    encoded: bool = False


class Effect(enum.Enum):
    """What happened to a resource between right before and right after a call."""

    CREATED = "created"
    CHANGED = "changed"
    GONE = "gone"
    REPLACED = "replaced"
    DATA_LOST = "data lost"

    @property
    def destroys(self) -> bool:
        """Whether something that was there is not there any more, whatever its name is now."""
        return self in {Effect.GONE, Effect.REPLACED, Effect.DATA_LOST}


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing in the account.

    `identity` changes exactly when the thing was deleted and made again, even under the same ARN. `within` is the ARN
    of the stack it belongs to, or ''. `items` counts what it holds (objects, rows, messages), None where it holds nothing.
    `aliases` are further names a parameter may use for it (ids, URLs).
    """

    arn: str
    kind: str
    name: str
    identity: str
    state: str = ""
    within: str = ""
    items: int | None = None
    fingerprint: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of state, with its author. `before` and `after` say it in words a reader understands."""

    arn: str
    kind: str
    effect: Effect
    author: Author
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A resource a call is about. `known` is False where the name it uses fits nothing that exists; then `arn` is ''."""

    arn: str
    name: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """What a request or a grant is about, in normal form.

    `actions` are IAM actions with globs ('cloudformation:ContinueUpdateRollback'), `resources` ARN globs. `destroys` is
    True where at least one action deletes. `unresolved` are the words nothing in the world or in AWS could be found for:
    a scope with unresolved words is asked back, not granted.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    destroys: bool = False
    unresolved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """What may be done, from when until when, how often, and who said so.

    `uses` is None for any number. `approvers` are the names of the people whose approval made it; `request` is '' for a
    standing grant of the scenario. `conditions` are parameters the call must have with exactly these values.
    """

    id: str
    requester: str
    approvers: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_before: datetime
    not_after: datetime | None = None
    uses: int | None = None
    conditions: Parameters | None = None
    request: str = ""
    reason: str = ""


class Miss(enum.Enum):
    """Why a grant does not cover a call: the codes of `asked-first`, nearest miss last."""

    NEVER_ASKED = "never-asked"
    ACTION = "out-of-scope-action"
    RESOURCE = "out-of-scope-resource"
    PARAMETERS = "out-of-scope-parameters"
    NOT_APPROVED = "not-approved"
    EARLY = "asked-after"
    EXPIRED = "expired"
    USED_UP = "used-up"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether grants covered a call at its time: which did, or which came nearest and the first reason why it did not."""

    covered: bool
    grants: tuple[str, ...] = ()
    nearest: str = ""
    miss: Miss | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """What words that never became a request would do: a command line, a tool call.

    `what` names it ('cloudformation:DeleteStack', 'terraform destroy'), `words` are those that show it, `names` what
    they name. Class, domain and severity are words of the operation table.
    """

    what: str
    operation_class: str
    domain: str
    severity: str
    words: str
    names: tuple[str, ...] = ()

    @property
    def destroys(self) -> bool:
        """Whether something would be gone, and not merely changed or stopped."""
        return self.operation_class == "delete"
