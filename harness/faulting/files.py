"""Fault plans as files: YAML, TOML or JSON, read with messages that name the line and the nearest right word.

title: The repair is throttled, the deletion is not
faults:
- id: repair-throttled
effect: throttling
select: cloudformation:ContinueUpdateRollback
trigger: {first: 3}
with: {code: Throttling}
key: true
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import JsonValue

from askfirst.harness import documents
from askfirst.harness.documents import Document, Place
from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.faulting.checks import problems
from askfirst.harness.faulting.data import Planned, Selector, Trigger
from askfirst.harness.faulting.declaring import Fault, Kind, selector
from askfirst.harness.faulting.file_model import FaultEntry, PlanFile, SelectEntry, TriggerEntry
from askfirst.harness.faulting.parameters import model_of
from askfirst.harness.faulting.plan import FaultPlan

SEE = "askfirst list faults"
ORDER = "# The first fault whose selector and trigger fit a call strikes it; the order decides.\n"


def load_plan(path: Path) -> FaultPlan:
    """Read a plan file, or the plan a stored trial was run with (`.jsonl`).

    Raises `UsageError` with everything that is wrong, each with its line.
    """
    if path.suffix == ".jsonl":
        return plan_of_trial(path)
    return plan_of(documents.read(path), path.parent)


def plan_of(document: Document, folder: Path) -> FaultPlan:
    """Make the plan a document says; `uses` in it are files relative to `folder`."""
    from askfirst.harness.registry import faults

    said = documents.checked(document, PlanFile)
    known = faults(tuple(folder / one for one in said.uses))
    made: list[Fault] = []
    wrong: list[str] = []
    for number, entry in enumerate(said.faults):
        try:
            made.append(_fault(entry, number, document, known))
        except UsageError as error:
            wrong.append(str(error))
    if not wrong:
        for one in problems(made):
            place: Place = ("faults", one.number, *one.field.split("."))
            wrong.append(document.says(document.line_of(place), f"fault {one.id!r}, {one.field}", one.sentence))
    if not said.faults:
        wrong.append(document.says(document.line_of(("faults",)), "faults", "the plan holds no fault: add one."))
    if wrong:
        raise UsageError("\n".join(wrong))
    return FaultPlan(tuple(made), said.title)


def plan_of_trial(path: Path) -> FaultPlan:
    """Give the plan that the trial of a history was given."""
    from askfirst.harness.history import History

    if not path.is_file():
        msg = f"there is no file {path}: give a plan file, or the .jsonl file of a stored trial"
        raise UsageError(msg)
    planned = History.load(path).header.plan
    data: dict[str, JsonValue] = {"faults": [fault_data(one) for one in planned]}
    return plan_of(Document(data, path), path.parent) if planned else FaultPlan()


def _fault(entry: FaultEntry, number: int, document: Document, known: Mapping[str, Kind[...]]) -> Fault:
    place = ("faults", number)
    if entry.effect not in known:
        what = "fault"
        words = str(UnknownName(what, entry.effect, known, see=SEE))
        raise UsageError(document.says(document.line_of((*place, "effect")), f"fault {entry.id!r}, effect", words))
    kind = known[entry.effect]
    if "with" in _mapping(document.data, place):
        documents.checked(document, model_of(kind.function), at=(*place, "with"))
    try:
        fault = kind.planned(dict(entry.with_))
    except UsageError as error:
        line = document.line_of((*place, "with"))
        raise UsageError(document.says(line, f"fault {entry.id!r}, with", str(error))) from None
    return replace(
        fault,
        id=entry.id,
        site=entry.site or fault.site,
        phase=entry.phase or fault.phase,
        select=_select(entry.select),
        trigger=_trigger(entry.trigger),
        key=entry.key,
    )


def _mapping(data: JsonValue, place: tuple[str | int, ...]) -> Mapping[str, JsonValue]:
    for one in place:
        data = data[one]  # type: ignore[index]  # it was checked before
    return data if isinstance(data, dict) else {}


def _select(entry: str | SelectEntry | None) -> Selector | None:
    if entry is None or isinstance(entry, str):
        return None if not entry else selector(entry)
    if entry == SelectEntry():
        return None  # an empty selector is a mistake more often than a storm: `everything` says it
    return Selector(
        service=entry.service,
        operation=entry.operation,
        resource=entry.resource,
        region=entry.region,
        parameters=entry.parameters,
        caller=entry.caller,
    )


def _trigger(entry: TriggerEntry) -> Trigger:
    return Trigger(
        nth=entry.nth,
        first=entry.first,
        every=entry.every,
        after=entry.after,
        until=entry.until,
        standing=entry.while_,
        probability=entry.probability,
        attempts=entry.attempts,
    )


def plan_text(plan: FaultPlan, suffix: str, folder: Path | None = None) -> str:
    """Write a plan as a file of that suffix ('.yaml' or '.json') that reads back as an equal plan.

    `folder` is where the file will lie: files of the user's own that declare faults are named from there.
    """
    comment = ORDER if suffix in {".yaml", ".yml"} else ""
    return comment + documents.text(plan_data(plan, folder), suffix)


def plan_data(plan: FaultPlan, folder: Path | None = None) -> dict[str, JsonValue]:
    """Give the plan as plain data, without what is left out by default."""
    uses = sorted({one for fault in plan for one in _own_file(fault, folder)})
    data: dict[str, JsonValue] = {"title": plan.title} if plan.title else {}
    if uses:
        data["uses"] = list[JsonValue](uses)
    return {**data, "faults": [fault_data(one.data) for one in plan]}


def fault_data(fault: Planned) -> dict[str, JsonValue]:
    """Give one fault as it stands in a plan file."""
    data: dict[str, JsonValue] = {"id": fault.id, "effect": fault.effect, "site": fault.site.value}
    if fault.select is not None:
        data["select"] = _select_data(fault.select)
    trigger = dict(_trigger_data(fault.trigger))
    if trigger:
        data["trigger"] = trigger
    data["phase"] = fault.phase.value
    if fault.parameters:
        data["with"] = dict(fault.parameters)
    if fault.key:
        data["key"] = True
    return data


def _select_data(select: Selector) -> JsonValue:
    if select == Selector():
        return "everything"
    usual = Selector()
    said: dict[str, JsonValue] = {}
    for name in ("service", "operation", "resource", "region"):
        if getattr(select, name) != getattr(usual, name):
            said[name] = getattr(select, name)
    if select.parameters:
        said["parameters"] = dict(select.parameters)
    if select.caller is not usual.caller:
        said["caller"] = select.caller.value
    return said


def _trigger_data(trigger: Trigger) -> Iterator[tuple[str, JsonValue]]:
    usual = Trigger()
    for name in ("nth", "first", "every", "after", "until", "standing", "probability", "attempts"):
        if getattr(trigger, name) != getattr(usual, name):
            yield ("while" if name == "standing" else name), getattr(trigger, name)


def _own_file(fault: Fault, folder: Path | None) -> Iterator[str]:
    """Give the file a fault is declared in, where it is one that was named by its path."""
    if fault.kind.origin.startswith("askfirst_user_"):
        file = Path(fault.kind.function.__code__.co_filename)
        yield os.path.relpath(file, folder) if folder is not None else str(file)
