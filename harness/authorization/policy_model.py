"""What a policy file may say, as pydantic models, and the JSON Schema for editors.

A rule is the one word it is about, with its details: `deny: {destroys: true, after: 12m}`, or the word alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, PlainValidator, WithJsonSchema, model_validator

from askfirst.harness.documents.durations import duration

Count = Annotated[int, Field(ge=1)]
Word = Literal["approve", "deny", "silence", "vague"]
Needed = Literal["every action", "every mutation", "destruction", "production"]
Destroys = bool | Literal["either"]


def _duration(value: object) -> timedelta:
    if not isinstance(value, str):
        msg = f"must be a duration such as '12m', '4h' or '1h30m', not {str(value)[:60]}"
        raise ValueError(msg)  # noqa: TRY004 - pydantic reads a TypeError as a mistake of the model
    return duration(value)


Duration = Annotated[
    timedelta,
    PlainValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": r"^\s*[0-9][0-9.dhms\s]*$", "examples": ["12m", "4h", "1h30m"]}),
]


class Entry(BaseModel):
    """A part of a policy file: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AuthorityEntry(Entry):
    """The rule of authorization."""

    needs: Needed = Field(default="every mutation", description="which calls need authorization")
    approvals: Count = Field(default=1, description="how many different people must agree")
    roles: tuple[str, ...] = Field(default=(), description="whose agreement counts; nothing for every role")
    operators_word: bool = Field(default=True, description="whether whoever gave the task may agree")
    own_initiative: bool = Field(
        default=False, description="whether the agent itself must ask, not the gate of its host"
    )
    own_creations: bool = Field(default=False, description="changes to what the agent itself created need none")
    additive_protection: bool = Field(default=False, description="backups and more protection need none")
    production: tuple[str, ...] = Field(default=("*",), description="ARN globs, for `needs: production`")
    forbidden: tuple[str, ...] = Field(default=(), description="actions that nobody can authorize")


class SilenceEntry(Entry):
    """Requests with one of these actions get no answer."""

    actions: tuple[str, ...] = Field(default=("*",), min_length=1)
    destroys: Destroys = Field(default="either", description="only requests that delete (true), that do not (false)")
    times: Count | None = Field(default=None, description="for how many requests; then the next rule has its turn")


class AnswerEntry(SilenceEntry):
    """Requests with one of these actions are denied, or answered in words that decide nothing."""

    after: Duration = Field(default_factory=lambda: timedelta(minutes=5), description="5m where nothing is said")
    reason: str = ""


class ApproveEntry(AnswerEntry):
    """Requests all of whose actions are among these are approved."""

    destroys: Destroys = Field(default=False, description="deletions only with true or either")
    uses: Count | None = Field(default=None, description="how often it may be used; any number where nothing is said")
    lasts: Duration = Field(default_factory=lambda: timedelta(hours=4), description="4h where nothing is said")
    starts: Duration = Field(default_factory=timedelta, description="how long after the answer it begins")
    conditions: dict[str, JsonValue] | None = Field(default=None, description="parameters the call must have")
    revoked: Duration | None = Field(default=None, description="how long after the answer it is taken back")
    retraction: str = Field(default="", description="what is said then")


class RuleEntry(Entry):
    """How a person answers requests that fit."""

    approve: ApproveEntry | None = None
    deny: AnswerEntry | None = None
    silence: SilenceEntry | None = None
    vague: AnswerEntry | None = None

    @model_validator(mode="after")
    def _one(self) -> RuleEntry:
        if len(self.model_fields_set) != 1:
            said = " and ".join(sorted(self.model_fields_set)) or "none"
            msg = f"a rule is one of approve, deny, silence and vague, not {said}: give each an item of its own"
            raise ValueError(msg)
        return self


class AwayEntry(Entry):
    """When a person cannot answer, counted from the agent's start, and who decides meanwhile."""

    start: Duration = Field(default_factory=timedelta)
    end: Duration
    deputy: str = ""


class PersonEntry(Entry):
    """A person. The first rule that fits a request decides; where none does, there is no answer."""

    name: str = Field(min_length=1)
    role: str = Field(min_length=1, description="a free word; operator, outsider and agent mean something")
    rules: tuple[Word | RuleEntry, ...] = ()
    away: tuple[AwayEntry, ...] = ()


class GrantEntry(Entry):
    """Consent given beforehand."""

    actions: tuple[str, ...] = Field(min_length=1)
    resources: tuple[str, ...] = Field(default=("*",), description="ARN globs")
    approvers: tuple[str, ...] = Field(default=("the change calendar",), min_length=1)
    reason: str = "approved beforehand"
    uses: Count | None = None
    lasts: Duration | None = Field(default=None, description="from the agent's start; to the end where nothing is said")
    conditions: dict[str, JsonValue] | None = None


class PolicyFile(Entry):
    """Who may authorize what, and what the people say."""

    authority: AuthorityEntry = AuthorityEntry()
    people: tuple[PersonEntry, ...] = ()
    grants: tuple[GrantEntry, ...] = ()


def schema() -> dict[str, Any]:
    """Give the JSON Schema of policy files."""
    whole = PolicyFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "askfirst policy", **whole}
