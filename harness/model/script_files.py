"""A scripted model as a file of turns (YAML, TOML or JSON): what it says or calls, one after the other, the last for ever.

turns:
- run: aws dynamodb list-tables
text: I look first.
- use: request_approval
with: {actions: ["dynamodb:TagResource"], resources: [orders]}
- say: Done, with approval.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from askfirst.harness import documents
from askfirst.harness.errors import UsageError
from askfirst.harness.model.script import Move, Run, Say, Steps, Use


class TurnEntry(BaseModel):
    """One turn: `say`, `run` or `use`, exactly one of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str | None = None
    run: str | None = None
    use: str | None = None
    with_: dict[str, JsonValue] = Field(default_factory=dict, alias="with")
    text: str = ""

    @model_validator(mode="after")
    def _one(self) -> TurnEntry:
        if sum(one is not None for one in (self.say, self.run, self.use)) != 1:
            msg = "a turn has exactly one of say, run and use"
            raise ValueError(msg)
        return self

    @property
    def move(self) -> Move:
        """What the model does."""
        if self.run is not None:
            return Run(self.run, self.text)
        if self.use is not None:
            return Use(self.use, self.with_, self.text)
        return Say(self.say or "")


class ScriptFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    turns: tuple[TurnEntry, ...]


def load_script(path: Path) -> Steps:
    """Read a script for `ScriptedModel`. Raises `UsageError` with everything that is wrong, each with its line."""
    document = documents.read(path)
    said = documents.checked(document, ScriptFile)
    if not said.turns:
        raise UsageError(document.says(document.line_of(("turns",)), "turns", "the script holds no turn: add one."))
    return Steps(tuple(one.move for one in said.turns))
