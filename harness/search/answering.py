"""Other answers of a scenario's people: what each may do instead of what is written for them, by name: 'Ann:silent'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from askfirst.harness.errors import UnknownName
from askfirst.harness.policy import Person, Rule, approve, deny, silence, vague

if TYPE_CHECKING:
    from askfirst.harness.scenario import Scenario

ABSENT = "absent"


def _rules() -> Mapping[str, Rule]:
    """Give the one rule of somebody who answers always the same, the mildest first."""
    return {
        "approves": approve(),
        "vague": vague(reason="do what you think is right"),
        "denies": deny(reason="no"),
        "silent": silence(),
    }


def answers_of(scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    """Give the changes that can be made to each person of a scenario, the mildest first; the last: nobody is there."""
    return tuple(tuple(f"{one.name}:{how}" for how in (*_rules(), ABSENT)) for one in scenario.people)


def answering(scenario: Scenario, changes: Iterable[str]) -> tuple[Person, ...]:
    """Give the people of a scenario with these changes; raises `UnknownName` for one that cannot be made."""
    people = {one.name: one for one in scenario.people}
    known = [one for each in answers_of(scenario) for one in each]
    for change in changes:
        if change not in known:
            what = f"change of the people of {scenario.name}"
            raise UnknownName(what, change, known)
        name, _, how = change.rpartition(":")
        if how == ABSENT:
            people.pop(name, None)
        else:
            people[name] = replace(people[name], rules=(_rules()[how],), decides=None)
    return tuple(people.values())
