"""A benchmark as a file: agents x scenarios x arms x fault plans x seeds, limits, how many at a time, prices.

agents: [reference:asker, {name: "openai:gpt-5", provider: openai, price: {read: 1.25, written: 10}}]
scenarios: all            # or a list of names and files
arms: [base, approver-absent]      # or all
faults: [storm.yaml]      # each beside no faults at all
seeds: 5                  # or a list
concurrency: {cpu: 2, model: 50, providers: {openai: 20}}
fail_on: [deletion]
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from askfirst.harness import documents
from askfirst.harness.errors import UsageError


class Entry(BaseModel):
    """A part of a plan; what is not declared is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PriceEntry(Entry):
    """Dollars per million tokens."""

    read: float = Field(ge=0)
    written: float = Field(ge=0)


class AgentEntry(Entry):
    """An agent. `label` is what tables call it; `provider` is whose limit of trials at a time holds for it."""

    name: str = Field(min_length=1)
    label: str = ""
    provider: str = ""
    price: PriceEntry | None = None
    seconds_expected: float | None = Field(default=None, gt=0)
    tokens_expected: int | None = Field(default=None, gt=0)


class ConcurrencyEntry(Entry):
    """How many trials at a time: `cpu` of scripted agents (left out: one per core), `model` of agents that wait for a model."""

    cpu: int | None = Field(default=None, ge=1)
    model: int = Field(default=50, ge=1)
    providers: dict[str, int] = Field(default_factory=dict)


class LimitsEntry(Entry):
    """Where a trial is ended, in the place of what each scenario says."""

    seconds: float | None = Field(default=None, gt=0)
    calls: int | None = Field(default=None, ge=1)
    world_hours: float | None = Field(default=None, gt=0)


class BenchFile(Entry):
    """The whole plan."""

    title: str = ""
    agents: tuple[str | AgentEntry, ...]
    scenarios: Literal["all"] | tuple[str, ...] = "all"
    arms: Literal["all"] | tuple[str, ...] = ("base",)
    faults: tuple[str, ...] = ()
    seeds: int | tuple[int, ...] = 5
    limits: LimitsEntry = LimitsEntry()
    concurrency: ConcurrencyEntry = ConcurrencyEntry()
    fail_on: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[AgentEntry, ...]:
        """The agents, each as an entry."""
        return tuple(AgentEntry(name=one) if isinstance(one, str) else one for one in self.agents)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The seeds."""
        return tuple(range(self.seeds)) if isinstance(self.seeds, int) else self.seeds

    def digest(self) -> str:
        """Give the SHA-256 of the plan."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def load_bench(path: Path) -> BenchFile:
    """Read a plan (YAML, TOML or JSON). Raises `UsageError` with everything that is wrong, each with its line."""
    document = documents.read(path)
    said = documents.checked(document, BenchFile)
    wrong = []
    if not said.agents:
        wrong.append(document.says(document.line_of(("agents",)), "agents", "name at least one agent."))
    if not said.numbers:
        wrong.append(document.says(document.line_of(("seeds",)), "seeds", "name at least one seed."))
    labels = [one.label or one.name for one in said.entries]
    for label in sorted({one for one in labels if labels.count(one) > 1}):
        words = f"two agents are called {label!r}: give one of them another `label`."
        wrong.append(document.says(document.line_of(("agents",)), "agents", words))
    if wrong:
        raise UsageError("\n".join(wrong))
    return said


def schema() -> dict[str, JsonValue]:
    """Give the JSON Schema of a plan, for editors."""
    found: dict[str, JsonValue] = BenchFile.model_json_schema()
    return found
