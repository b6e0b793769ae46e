"""What a call is going to take away from a stack, said before it is applied.

A template names no resource that it removes or replaces, so what a call to CloudFormation destroys is foretold here, from the
stack's template, the one the call brings, and the members there are. What AWS would refuse in the end (to replace what has
a custom name, to delete what is protected) is predicted all the same: it is what the call was made for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from askfirst.harness.aws.gaps.base import Refused, Situation
from askfirst.harness.aws.gaps.change_sets import find_change_set
from askfirst.harness.aws.gaps.stack_members import declared
from askfirst.harness.aws.gaps.stack_templates import of_text, side_of, submitted, surroundings_of, template_at
from askfirst.harness.aws.gaps.stacks import STACK_TYPE, Stack, find_stack, members
from askfirst.harness.operations.templates import EntryKind, Fate, Side, UnreadableTemplate, diff, members_of
from askfirst.harness.operations.templates.values import is_plain, scalar
from askfirst.harness.records import Effect, Prediction, Resource, Target

EFFECTS = MappingProxyType(
    {
        EntryKind.REMOVED: (Effect.GONE, True),
        EntryKind.MAY_BE_REMOVED: (Effect.GONE, False),
        EntryKind.REPLACED: (Effect.REPLACED, True),
        EntryKind.MAY_BE_REPLACED: (Effect.REPLACED, False),
    }
)
"""What an entry does to the physical resource there is, and whether that is sure."""


def predictions(situation: Situation, state: Mapping[str, Resource]) -> tuple[Prediction, ...]:
    """Foretell what a call takes away beside what it names; `state` is the account right before it, by ARN."""
    foretell = FORETELLERS.get((situation.service, situation.operation))
    if foretell is None:
        return ()
    try:
        found = list(foretell(_Known(situation, state)))
    except (Refused, UnreadableTemplate):  # the service refuses what it cannot read: nothing is going to happen
        return ()
    return tuple(dict.fromkeys(found))


def subject(situation: Situation) -> Target | None:
    """Give the stack of a change set that a call names by its ARN alone, which says nothing of the stack."""
    if (situation.service, situation.operation) != ("cloudformation", "ExecuteChangeSet") or find_stack(situation):
        return None
    found = find_change_set(situation)
    return Target(found.stack.stack_id, found.stack.name) if found is not None else None


class _Known:
    """A call and what there is when it comes."""

    def __init__(self, situation: Situation, state: Mapping[str, Resource]) -> None:
        self.situation = situation
        self._arns = {(one.within, one.logical): one.arn for one in state.values() if one.within}

    def arn(self, stack: Stack, logical_id: str) -> str:
        """Give the ARN of a member, '' where the inventory does not know it."""
        return self._arns.get((stack.stack_id, logical_id), "")

    def updated(self, stack: Stack, new: Side) -> Iterator[Prediction]:
        """Foretell an update."""
        around = surroundings_of(self.situation, stack)
        found = diff(side_of(stack), new, around)
        things: Mapping[str, Any] = {logical_id: thing for logical_id, thing, _ in members(stack)}
        for entry in found.entries:
            thing = things.get(entry.logical_id)
            if thing is None:
                continue
            if entry.loses:
                effect, sure = EFFECTS[entry.kind]
                by = f" by another {', '.join(entry.forced_by)}" if entry.forced_by else ""
                because = f"{entry.logical_id} ({entry.resource_type}) is {entry.kind.value}{by}: {entry.fate.value}"
                yield Prediction(self.arn(stack, entry.logical_id), entry.logical_id, effect, because, sure)
                if entry.resource_type == STACK_TYPE:
                    yield from self.deleted(thing)
            elif entry.resource_type == STACK_TYPE and entry.kind is EntryKind.MODIFIED:
                yield from self.updated(
                    thing, self._nested(thing, members_of(new.template, new.parameters, around), entry.logical_id)
                )

    def deleted(self, stack: Stack, *, retained: tuple[str, ...] = ()) -> Iterator[Prediction]:
        """Foretell a deletion."""
        yield from self._let_go(stack, {name: one.fate_on_removal for name, one in self._declared(stack)}, retained)

    def uncreated(self, stack: Stack, *, all_of_it: bool) -> Iterator[Prediction]:
        """Foretell that a creation is undone; `all_of_it` deletes what is to be retained too."""
        fates = {name: one.fate_on_failed_creation for name, one in self._declared(stack)}
        yield from self._let_go(stack, dict.fromkeys(fates, Fate.DELETED) if all_of_it else fates, ())

    def _declared(self, stack: Stack) -> Iterator[tuple[str, Any]]:
        yield from declared(self.situation, stack).items()

    def _let_go(self, stack: Stack, fates: Mapping[str, Fate], retained: tuple[str, ...]) -> Iterator[Prediction]:
        for logical_id, thing, kind in members(stack):
            fate = fates.get(logical_id, Fate.DELETED)
            if not fate.destroys or logical_id in retained:
                continue
            because = f"{logical_id} ({kind}) goes with its stack {stack.name}: {fate.value}"
            yield Prediction(self.arn(stack, logical_id), logical_id, Effect.GONE, because)
            if kind == STACK_TYPE:
                nested: Any = thing
                yield from self.deleted(nested)

    def _nested(self, nested: Stack, after: Mapping[str, Any], logical_id: str) -> Side:
        """Give what a nested stack is to become; a parameter that cannot be known yet is taken to stay as it is."""
        properties = after[logical_id].properties
        url, given = properties.get("TemplateURL"), properties.get("Parameters")
        text = template_at(self.situation, url) if isinstance(url, str) else str(nested.template)
        now = side_of(nested).parameters
        known = {name: scalar(one) for name, one in given.items() if is_plain(one)} if isinstance(given, dict) else {}
        kept = (
            {name: now[name] for name in given if name not in known and name in now} if isinstance(given, dict) else {}
        )
        return of_text(text, {**known, **kept}).side


def _update(known: _Known) -> Iterator[Prediction]:
    stack = find_stack(known.situation)
    if stack is not None:
        yield from known.updated(stack, submitted(known.situation, stack).side)


def _execution(known: _Known) -> Iterator[Prediction]:
    found = find_change_set(known.situation)
    if found is not None:
        parameters = {name: scalar(value) for name, value in found.parameters.items()}
        yield from known.updated(found.stack, of_text(found.template, parameters).side)


def _deletion(known: _Known) -> Iterator[Prediction]:
    stack = find_stack(known.situation)
    if stack is not None:
        yield from known.deleted(stack, retained=known.situation.texts("RetainResources"))


def _rollback(known: _Known) -> Iterator[Prediction]:
    stack = find_stack(known.situation)
    if stack is None:
        return
    stable: Side | None = getattr(stack, "last_stable", None)
    if stack.status == "CREATE_FAILED":
        yield from known.uncreated(stack, all_of_it=known.situation.parameters.get("RetainExceptOnCreate") is True)
    elif stack.status == "UPDATE_FAILED" and stable is not None:
        yield from known.updated(stack, stable)


FORETELLERS: Mapping[tuple[str, str], Callable[[_Known], Iterator[Prediction]]] = MappingProxyType(
    {
        ("cloudformation", "UpdateStack"): _update,
        ("cloudformation", "CreateChangeSet"): _update,
        ("cloudformation", "ExecuteChangeSet"): _execution,
        ("cloudformation", "DeleteStack"): _deletion,
        ("cloudformation", "RollbackStack"): _rollback,
    }
)
"""The operations that take away what they do not name."""
