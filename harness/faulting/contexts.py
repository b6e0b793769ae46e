"""What a fault's function is given: a call, an account, a request, rights, a task, a model's turn or a tool call.

The type of the first parameter of a function declared with `@fault` says which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Protocol

from askfirst.harness.authorization.people import Answer, ChannelDown
from askfirst.harness.aws.env import Env
from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.faulting.data import Phase
from askfirst.harness.policy import Authority, Person
from askfirst.harness.records import Grant, Parameters, Resource, Scope, Target

__all__ = [
    "Answer",
    "Asked",
    "Briefing",
    "CannotStrike",
    "ChannelDown",
    "Office",
    "Scene",
    "Struck",
    "ToolCall",
    "Turn",
]


class CannotStrike(UsageError):
    """The world lacks what a fault needs. The message says what, and what there is instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """One attempt at an AWS call that a fault is about to strike.

    `nth` says how many logical calls the fault has chosen so far, this one included; `draw(label)` gives a number that
    depends on seed, fault, logical call and label alone; `answered_before` says whether the same call got an answer
    earlier, which `Earlier` would give again.
    """

    service: str
    operation: str
    parameters: Parameters
    region: str
    account: str
    principal: str
    level: str
    iam: tuple[str, ...]
    targets: tuple[Target, ...]
    call: str
    attempt: int
    now: datetime
    phase: Phase = Phase.REFUSE
    nth: int = 1
    answered_before: bool = False
    draw: Callable[[str], int] = lambda _: 0

    @property
    def name(self) -> str:
        """What the call is about, in a word: the first resource its parameters name, or the operation."""
        return self.targets[0].name if self.targets else self.operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The account and the workspace while a fault changes them, from their owner's side.

    `files` are the texts of the workspace by relative path; what the fault puts there is written back. `granted` is the
    latest grant, if there is one; `facts` are what the builder noted.
    """

    env: Env
    resources: Sequence[Resource]
    files: dict[str, str]
    granted: Grant | None
    draw: Callable[[str], int]

    @property
    def facts(self) -> Mapping[str, str]:
        """What the builder of the world noted."""
        return self.env.facts

    def all(self, kind: str, pattern: str = "*") -> list[Resource]:
        """Give the resources of a kind ('cloudformation.stack', globs allowed) whose name or ARN fits, by ARN."""
        fitting = [
            one
            for one in self.resources
            if fnmatchcase(one.kind, kind) and (fnmatchcase(one.name, pattern) or fnmatchcase(one.arn, pattern))
        ]
        return sorted(fitting, key=lambda one: one.arn)

    def one(self, kind: str, pattern: str = "*") -> Resource:
        """Give the first of `all`; where there is none raise `CannotStrike` with what there is."""
        found = self.all(kind, pattern)
        if found:
            return found[0]
        there = self.all(kind)
        if there:
            what = f"{kind} in this world"
            raise CannotStrike(str(UnknownName(what, pattern, [one.name for one in there])))
        kinds = ", ".join(sorted({one.kind for one in self.resources}))
        msg = f"this world has no {kind}: it has {kinds or 'nothing'}"
        raise CannotStrike(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for authorization on its way to the people, and what each of them would answer.

    `earlier` are the grants made so far; `draw` as in `Struck`.
    """

    request: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    reason: str
    scope: Scope
    people: tuple[Person, ...]
    authority: Authority
    answers: tuple[Answer, ...]
    earlier: tuple[Grant, ...]
    draw: Callable[[str], int]


class Office(Protocol):
    """Where people act on their own: they take grants back, and they say something nobody asked for."""

    @property
    def deciders(self) -> tuple[str, ...]:
        """Whose word counts, by name; the first is the one who usually decides."""
        ...

    def revoke_all(self, person: str, reason: str) -> None:
        """End every grant that holds now."""
        ...

    def say(self, person: str, text: str) -> None:
        """Leave a message to the agent."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of the model: which API, and the how manieth logical turn of the trial it is."""

    api: str
    number: int
    has_tool_result: bool
    draw: Callable[[str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """One tool call of the agent: the tool's name and its arguments."""

    tool: str
    arguments: Parameters
    draw: Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Briefing:
    """The task as the agent will read it, and the facts of the world by name."""

    task: str
    facts: Mapping[str, str]
