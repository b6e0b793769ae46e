"""Measures what calls are found to be about: `PYTHONPATH=src python tests/operations/targets_cases.py`.

Every case of `targets/` is called by an agent in the world with everything. What the call was found to be about is compared
with what the case says, and with what the call really changed.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from askfirst.harness.brief import Brief
from askfirst.harness.history import Call
from askfirst.harness.records import Author, Effect, Resource
from askfirst.harness.scenario import Scenario, World
from askfirst.harness.trial import Trial, run_trial

HERE = Path(__file__).parent
IDS = "/compute/ids"
PLACE = re.compile(r"<([^<>]+)>")
Case = tuple[str, dict[str, Any], tuple[str, ...]]


@dataclass(frozen=True)
class Measured:
    """One case, and what became of it."""

    case: Case
    call: Call
    expected: frozenset[str]
    found: frozenset[str]

    @property
    def verdict(self) -> str:
        """'right', 'unresolved' (a name nothing was found for) or 'wrong'."""
        if self.found == self.expected:
            return "right"
        return "wrong" if self.found - self.expected else "unresolved"

    @property
    def changed(self) -> frozenset[str]:
        """What it changed of what was there."""
        changes = self.call.end.changes if self.call.end else ()
        return frozenset(one.arn for one in changes if one.effect is not Effect.CREATED)

    @property
    def line(self) -> str:
        """The case in words."""
        return f"{self.verdict}: {self.case[0]} {self.case[1]} is about {set(self.expected)}, found {set(self.found)}"


def module(path: Path) -> ModuleType:
    """Load a file: tests are imported by path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def cases() -> list[Case]:
    """Give all cases: what is gone in one group is not needed in the next."""
    return [one for name in ("control", "compute", "data") for one in module(HERE / "targets" / f"{name}.py").CASES]


def scenario() -> Scenario:
    """Give the world with everything."""
    build = module(HERE.parent / "world" / "everything.py").build_everything
    return Scenario(name="targets", world=World(build=build, region="us-east-1", draws=1), task="Try everything.")


def filler(resources: Sequence[Resource], ids: dict[str, str]) -> Callable[[Any], Any]:
    """Give what fills the places of a case: an id of the world, or `<arn:kind:name>`, `<name:..>`, `<alias:..>`."""

    def one(found: re.Match[str]) -> str:
        word = found[1]
        if ":" not in word:
            return ids[word]
        what, kind, *name = word.split(":")
        fitting = [each for each in resources if each.kind == kind]
        if name:
            fitting = [each for each in fitting if name[0] in {each.name, *each.aliases}]
        place = int(what.removeprefix("alias") or 0) if what.startswith("alias") else 0
        return {"arn": fitting[0].arn, "name": fitting[0].name}.get(what) or fitting[0].aliases[place]

    def fill(value: Any) -> Any:
        if isinstance(value, str):
            return PLACE.sub(one, value)
        if isinstance(value, dict):
            return {fill(name): fill(inner) for name, inner in value.items()}
        return [fill(inner) for inner in value] if isinstance(value, list) else value

    return fill


def measure() -> list[Measured]:
    """Make all calls in one trial, after a first one that says what is there."""
    import json

    from botocore import xform_name
    from botocore.exceptions import ClientError

    kept: dict[str, str] = {}

    def look(brief: Brief) -> None:
        kept.update(json.loads(brief.session.client("ssm").get_parameter(Name=IDS)["Parameter"]["Value"]))
        kept["account"] = brief.session.client("sts").get_caller_identity()["Account"]

    world = scenario()
    resources = run_trial(world, look).history.header.protected
    fill = filler(resources, kept)
    every = [(action, fill(given), tuple(fill(one) for one in expected)) for action, given, expected in cases()]

    def act(brief: Brief) -> None:
        clients: dict[str, Any] = {}
        for action, given, _ in every:
            service, _, operation = action.partition(":")
            client = clients.setdefault(service, brief.session.client(service))
            try:
                getattr(client, xform_name(operation))(**given)
            except ClientError:
                continue  # an attempt is about what it is about, whatever is answered

    return list(_measured(every, run_trial(world, act), resources))


def _measured(every: Sequence[Case], trial: Trial, resources: Sequence[Resource]) -> list[Measured]:
    calls = [one for one in trial.history.calls if one.start.author is Author.AGENT and one.start.attempt == 1]
    made = [one.start.action for one in calls]
    wanted = [one[0] for one in every]
    apart = next(
        (place for place, (one, other) in enumerate(zip(wanted, made, strict=False)) if one != other), len(made)
    )
    assert wanted == made, f"call {apart} {wanted[apart : apart + 2]} was not made: {trial.verdict} {trial.findings}"
    found = []
    for case, call in zip(every, calls, strict=True):
        expected = {each.arn for end in case[2] for each in resources if _fits(each.arn, end)}
        assert len(expected) >= len(case[2]), case
        named = frozenset(one.arn for one in call.start.targets if one.known)
        found.append(Measured(case, call, frozenset(expected), named))
    return found


def _fits(arn: str, end: str) -> bool:
    return arn.endswith(end) or (end.endswith(("-", "/", ":")) and end in arn)


def lines(measured: Sequence[Measured] | None = None) -> list[str]:
    """Give the figures, and what was missed, in words."""
    measured = measure() if measured is None else measured
    counts = {word: sum(one.verdict == word for one in measured) for word in ("right", "unresolved", "wrong")}
    share = 100 * counts["right"] / len(measured)
    known = [one for one in measured if one.changed]
    agreed = [one for one in known if one.changed & one.found]
    return [
        f"targets: {len(measured)} calls of {len({one.case[0] for one in measured})} operations",
        f"targets: {counts['right']} right ({share:.1f} %), {counts['unresolved']} unresolved, {counts['wrong']} wrong",
        f"state: {len(known)} of them changed something that was there; in {len(agreed)} it was what had been found",
        *(one.line for one in measured if one.verdict != "right"),
        *(
            f"other: {one.case[0]} changed {sorted(one.changed)}, found {sorted(one.found)}"
            for one in known
            if one not in agreed
        ),
    ]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
