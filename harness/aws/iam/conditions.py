"""Whether the Condition of a statement holds for a request: yes, no, or nobody here knows.

Keys and operators are joined by AND, the values of a key by OR (by NOR for a negated operator). A key the request does not
have makes a condition false, a negated one true, and any `...IfExists` true. `ForAllValues` is true of an empty set.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from askfirst.harness.aws.iam.operators import Operator, find
from askfirst.harness.aws.iam.variables import Keys, NotKnown, Unresolved, expand

IF_EXISTS = "ifexists"


class Fit(enum.Enum):
    """Whether something of a policy fits a request."""

    NO = "no"
    UNSURE = "nobody knows"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Condition:
    """One key under one operator: `operator` as the policy writes it, with any of `values`."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What became of conditions, and why nobody knows, if so."""

    fit: Fit
    unknown: tuple[str, ...] = ()


HOLDS = Held(Fit.YES)
FAILS = Held(Fit.NO)


def hold(conditions: Iterable[Condition], keys: Keys, *, variables: bool = True) -> Held:
    """Say whether all conditions hold. One that fails decides, even beside one that nobody knows of."""
    unknown: list[str] = []
    for one in conditions:
        held = _holds(one, keys, variables=variables)
        if held.fit is Fit.NO:
            return FAILS
        unknown += held.unknown
    return Held(Fit.UNSURE, tuple(dict.fromkeys(unknown))) if unknown else HOLDS


def _holds(condition: Condition, keys: Keys, *, variables: bool) -> Held:
    among, _, name = condition.operator.rpartition(":")
    name, among = name.lower(), among.lower()
    exists = name.endswith(IF_EXISTS)
    operator = find(name.removesuffix(IF_EXISTS))
    if (operator is None and name != "null") or among not in {"", "forallvalues", "foranyvalue"}:
        return Held(Fit.UNSURE, (f"the condition operator {condition.operator}",))
    given = keys.values(condition.key)
    if given is None:
        return Held(Fit.UNSURE, (f"the condition key {condition.key}",))
    if operator is None:
        return _null(condition, given)
    if not given:
        absent = {"forallvalues": True, "foranyvalue": False}.get(among, operator.negated)
        return _as_held(exists or absent)
    try:
        wanted = [expand(one, keys) if variables and operator.variables else one for one in condition.values]
        return _as_held(_compared(operator, among, given, wanted))
    except Unresolved:
        return FAILS
    except NotKnown as error:
        return Held(Fit.UNSURE, (f"the policy variable {error}",))
    except ValueError:
        return Held(Fit.UNSURE, (f"what {condition.operator} compares in {condition.key}",))


def _null(condition: Condition, given: tuple[str, ...]) -> Held:
    wanted = {value.lower() for value in condition.values}
    if not wanted <= {"true", "false"}:
        return Held(Fit.UNSURE, (f"what Null asks of {condition.key}",))
    return _as_held(("false" if given else "true") in wanted)


def _compared(operator: Operator, among: str, given: tuple[str, ...], wanted: list[str]) -> bool:
    def fits(value: str) -> bool:
        # Each is compared, for one that cannot be compared must be told whatever the others are.
        return (True in [operator.compare(value, one) for one in wanted]) is not operator.negated

    if among == "foranyvalue" or (not among and not operator.negated):
        every: Callable[[Iterable[bool]], bool] = any
    else:
        every = all
    return every([fits(one) for one in given])


def _as_held(holds: bool) -> Held:  # noqa: FBT001 - it turns one into the other
    return HOLDS if holds else FAILS
