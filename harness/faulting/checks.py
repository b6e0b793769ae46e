"""What cannot be right in a fault plan, each with the place in the plan and a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askfirst.harness.errors import UsageError
from askfirst.harness.faulting.data import Selector, Trigger
from askfirst.harness.faulting.declaring import SELECTING, Fault
from askfirst.harness.faulting.moments import Happening, moment

if TYPE_CHECKING:
    from pydantic import JsonValue

STATES = " is "


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place: the fault's number in the plan from 0, its id, the field, and what to do."""

    number: int
    id: str
    field: str
    sentence: str

    def __str__(self) -> str:
        return f"fault {self.id!r}, {self.field}: {self.sentence}"


def problems(faults: Sequence[Fault]) -> Iterator[Problem]:
    """Go through everything that is wrong, in the order of the plan."""
    ids = [one.id for one in faults]
    for number, fault in enumerate(faults):

        def wrong(field: str, sentence: str, number: int = number, fault: Fault = fault) -> Problem:
            return Problem(number, fault.id, field, sentence)

        if not fault.id.strip():
            yield wrong("id", "must not be empty")
        if fault.id in ids[:number]:
            yield wrong("id", f"two faults are called {fault.id!r}: give each its own (.named('...'))")
        if fault.phase not in fault.kind.phases:
            able = " or ".join(one.value for one in fault.kind.phases)
            yield wrong("phase", f"{fault.effect} strikes in the phase {able}, not {fault.phase.value}")
        if fault.site is not fault.kind.site:
            yield wrong("site", f"{fault.effect} acts at the site {fault.kind.site.value}, not {fault.site.value}")
        yield from (wrong("select", one) for one in _selection(fault))
        yield from (wrong(f"trigger.{name}", one) for name, one in _trigger(fault, ids))
        yield from (wrong(f"select.{name}", one) for name, one in _names(fault))
        yield from (wrong(f"with.{name}", one) for name, one in _codes(fault))


def _selection(fault: Fault) -> Iterator[str]:
    """A fault about calls must say which: everything by mistake is a storm nobody meant."""
    selects = fault.kind.given in SELECTING
    if selects and fault.select is None:
        yield "say what it is about: .on('service:Operation'), or .on('*') for everything (in a file, `select: everything`)"
    if not selects and fault.select is not None:
        yield f"{fault.effect} is about no call: leave the selector out, and say `after` in the trigger for a later moment"


def _trigger(fault: Fault, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    trigger = fault.trigger
    for name in ("nth", "first", "every", "attempts"):
        value = getattr(trigger, name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            yield name, f"must be a whole number of at least 1, not {value!r}"
    counting = [name for name in ("nth", "first", "every") if getattr(trigger, name) is not None]
    if len(counting) > 1:
        yield counting[1], f"{' and '.join(counting)} exclude each other: keep one"
    if not 0 < trigger.probability <= 1:
        yield "probability", f"must be more than 0 and at most 1, not {trigger.probability!r}"
    for name in ("after", "until"):
        yield from ((name, one) for one in _moment(getattr(trigger, name), ids))
    if trigger.standing and (STATES not in trigger.standing or not all(trigger.standing.split(STATES, 1))):
        yield "while", f"must read 'RESOURCE is STATE' (two globs), not {trigger.standing!r}"
    if fault.kind.given not in SELECTING and trigger != Trigger(after=trigger.after):
        yield "after", f"{fault.effect} happens once: its trigger may say `after` and nothing else"
    if fault.kind.given == "Briefing" and trigger.after:
        yield "after", f"{fault.effect} is part of the task, which is given once: leave the trigger out"
    if fault.kind.given == "Office" and not trigger.after:
        yield "after", f"{fault.effect} happens at a moment: say which, .after('granted') or .after('10m')"


def _moment(text: str, ids: Sequence[str]) -> Iterator[str]:
    if not text:
        return
    try:
        found = moment(text)
    except UsageError as error:
        yield str(error)
        return
    if found.happening is Happening.FAULT and found.what not in ids:
        yield f"there is no fault called {found.what!r} in this plan: it has {', '.join(ids)}"
    if found.happening in {Happening.CALL, Happening.CHANGE} and found.what != "*":
        yield from (sentence for _, sentence in _operation(found.what))


def _names(fault: Fault) -> Iterator[tuple[str, str]]:
    """Look services, operations, regions and parameters up in botocore's models."""
    if fault.kind.given != "Struck" or fault.select is None:
        return
    select = fault.select
    wrong = list(_operation(f"{select.service}:{select.operation}"))
    yield from wrong
    from askfirst.harness.faulting import lint

    yield from _complaint("region", lambda: lint.check_region(select.region))
    if not wrong:
        for name in select.parameters:
            yield from _complaint(
                "parameters",
                lambda name=name: lint.check_parameter(select.service, select.operation, name),  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            )


def _operation(pattern: str) -> Iterator[tuple[str, str]]:
    from askfirst.harness.faulting import lint

    service, _, operation = pattern.partition(":")
    wrong = list(_complaint("service", lambda: lint.check_service(service)))
    yield from wrong
    if not wrong:
        yield from _complaint("operation", lambda: lint.check_operations(service, operation or "*"))


def _codes(fault: Fault) -> Iterator[tuple[str, str]]:
    """An error code a service does not have would betray the harness, and test nothing that can happen."""
    code: JsonValue = fault.parameters.get("code")
    if fault.kind.given != "Struck" or not isinstance(code, str) or not code or not _one_service(fault.select):
        return
    from askfirst.harness.faulting import lint

    service = fault.select.service if fault.select else "*"
    yield from _complaint("code", lambda: lint.check_code(service, code))


def _one_service(select: Selector | None) -> bool:
    return select is not None and not any(one in select.service for one in "*?[")


def _complaint(field: str, check: Callable[[], object]) -> Iterator[tuple[str, str]]:
    try:
        check()
    except UsageError as error:
        yield field, str(error)
