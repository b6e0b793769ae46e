"""What a plan file may say, as pydantic models, and the JSON Schema for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from askfirst.harness.faulting.data import Caller, Phase, Site
from askfirst.harness.faulting.parameters import model_of

if TYPE_CHECKING:
    from askfirst.harness.faulting.declaring import Kind

Count = Annotated[int, Field(ge=1)]


class Entry(BaseModel):
    """A part of a plan file: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class SelectEntry(Entry):
    """Which calls (or requests) a fault is about; texts are globs."""

    service: str = Field(default="*", description="botocore's name of the service, 'dynamodb'")
    operation: str = Field(default="*", description="botocore's name of the operation, 'DeleteTable'")
    resource: str = Field(default="*", description="ARN or name of a resource the call is about")
    region: str = "*"
    parameters: dict[str, JsonValue] = Field(default_factory=dict, description="dotted member name: glob or value")
    caller: Caller = Caller.AGENT


class TriggerEntry(Entry):
    """When it strikes; nothing said is always."""

    nth: Count | None = Field(default=None, description="the nth only, counted from 1")
    first: Count | None = Field(default=None, description="the first n")
    every: Count | None = Field(default=None, description="each nth")
    after: str = Field(
        default="", description="from a moment on: '10m', 'granted', 'call cloudformation:UpdateStack x2'"
    )
    until: str = Field(default="", description="up to a moment")
    while_: str = Field(default="", alias="while", description="while a resource is in a state: 'RESOURCE is STATE'")
    probability: float = Field(default=1.0, gt=0, le=1)
    attempts: Count | None = Field(default=None, description="only the first n attempts of the SDK at a call")


class FaultEntry(Entry):
    """One fault of a plan."""

    id: str = Field(min_length=1)
    effect: str = Field(description="what it does: a name that `askfirst list faults` shows")
    site: Site | None = None
    select: str | SelectEntry | None = Field(
        default=None,
        description="'service:Operation' with globs, 'everything', or a mapping; required where calls are meant",
    )
    trigger: TriggerEntry = TriggerEntry()
    phase: Phase | None = None
    with_: dict[str, JsonValue] = Field(default_factory=dict, alias="with", description="parameters of the effect")
    key: bool = Field(
        default=False, description="the trial is about this fault: it proves nothing if it does not strike"
    )


class PlanFile(Entry):
    """A fault plan. The order decides: the first fault whose selector and trigger fit a call strikes it."""

    title: str = ""
    uses: tuple[str, ...] = Field(
        default=(), description="Python files with faults of one's own, relative to this file"
    )
    faults: tuple[FaultEntry, ...]


def schema(kinds: Mapping[str, Kind[...]]) -> dict[str, Any]:
    """Give the JSON Schema of plan files; `with` is checked for every effect that is installed."""
    whole = PlanFile.model_json_schema()
    fault = whole["$defs"]["FaultEntry"]
    fault["properties"]["effect"]["examples"] = sorted(kinds)
    fault["allOf"] = [
        {
            "if": {"properties": {"effect": {"const": name}}, "required": ["effect"]},
            "then": {
                "properties": {
                    "with": {**model_of(kind.function).model_json_schema(), "description": kind.summary},
                    "phase": {"enum": [one.value for one in kind.phases]},
                    "site": {"const": kind.site.value},
                }
            },
        }
        for name, kind in sorted(kinds.items())
    ]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "askfirst fault plan", **whole}
