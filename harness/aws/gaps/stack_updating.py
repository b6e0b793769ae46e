"""CloudFormation: carrying an update of a stack out, as the template diff says AWS does it.

moto keeps a resource whose property cannot be changed in place, deletes some that can be, and takes no heed of
DeletionPolicy and UpdateReplacePolicy. Here: first the new physical resources, then the changes in place, at last the
removals; what moto has no way for is left as it was and remembered (`not_carried_out`).
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html

One thing is quicker than AWS: all of it happens within the call, so that what is lost is the doing of the call that lost it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.base import Situation, invalid, why_refused
from askfirst.harness.aws.gaps.stack_keeping import Kept, adopt, evaluated, settle_outputs
from askfirst.harness.aws.gaps.stack_members import forget, part_with, stays, tell
from askfirst.harness.aws.gaps.stack_templates import Submitted, of_text, side_of, surroundings_of, template_at
from askfirst.harness.aws.gaps.stack_updaters import UPDATERS
from askfirst.harness.aws.gaps.stacks import STACK_TYPE, Stack, state_of, write_status
from askfirst.harness.aws.gaps.updating import Properties
from askfirst.harness.operations.templates import EntryKind, Fate, diff
from askfirst.harness.operations.templates.values import scalar

if TYPE_CHECKING:
    from askfirst.harness.operations.templates import Entry, TemplateDiff

REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."


def difference(situation: Situation, stack: Stack, new: Submitted) -> TemplateDiff:
    """Give what an update does. Raises `Refused` where AWS refuses it at once."""
    found = diff(side_of(stack), new.side, surroundings_of(situation, stack))
    if found.type_changed:
        message = (
            "Update of resource type is not permitted. The new template modifies resource type of the following "
            f"resources: [{', '.join(found.type_changed)}]"
        )
        raise invalid(message)
    return found


def not_carried_out(stack: Stack) -> tuple[str, ...]:
    """Give what updates asked for and the mocked account could not do: 'Jobs (AWS::SQS::Queue): Tags'."""
    return getattr(stack, "not_carried_out", ())


def update(situation: Situation, stack: Stack, new: Submitted) -> None:
    """Update a stack; it ends in UPDATE_COMPLETE, or as it was before in UPDATE_ROLLBACK_COMPLETE.

    With `DisableRollback` a failed update stops where it is, in UPDATE_FAILED, and `RollbackStack` may bring it back.
    """
    found = difference(situation, stack, new)
    if stack.status != "UPDATE_FAILED":
        stack.last_stable = Submitted(str(stack.template), side_of(stack))
    _Update(situation, stack, new, found).run()


def bring_back(situation: Situation, stack: Stack) -> None:
    """Bring a stack that stopped in UPDATE_FAILED back to what it was before; it is UPDATE_ROLLBACK_IN_PROGRESS by then."""
    found = difference(situation, stack, stack.last_stable)
    _Update(situation, stack, stack.last_stable, found, work="UPDATE_ROLLBACK").run()


@dataclass(frozen=True, slots=True)
class _Old:
    """A physical resource that a new one has taken the place of."""

    entry: Entry
    thing: object


class _Update:
    """One update under way."""

    def __init__(
        self, situation: Situation, stack: Stack, new: Submitted, found: TemplateDiff, work: str = "UPDATE"
    ) -> None:
        """`work` is what the states of the stack begin with; a rollback takes back what an update had let go of."""
        self._work = work
        self._returning = dict(getattr(stack, "left_behind", {})) if work != "UPDATE" else {}
        self._stops = situation.parameters.get("DisableRollback") is True
        self._situation = situation
        self._stack = stack
        self._new = new
        self._entries = found.entries
        self._parsed: dict[str, Any] = stack.resource_map._parsed_resources  # noqa: SLF001 - moto's own keeping place
        self._before = Kept.of(stack)
        self._olds: list[_Old] = []
        self._changed: list[tuple[Entry, frozenset[str], Properties]] = []
        self._lacking: list[str] = []

    def run(self) -> None:
        if self._stack.status != f"{self._work}_IN_PROGRESS":
            self._status(f"{self._work}_IN_PROGRESS", "User Initiated")
        named = next((one for one in self._entries if one.kind is EntryKind.REPLACED and one.named), None)
        if named is not None:
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
            self._fail(
                named,
                "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                f"Rename {named.named} and update the stack again.",
            )
            return
        stopped = self._stopped_by_policy()
        if stopped is not None:
            self._fail(*stopped)
            return
        adopt(self._situation, self._stack, self._new)
        entry: Entry | None = None
        try:
            replaced = [one for one in self._entries if self._replaces(one)]
            for one in replaced:
                self._olds.append(_Old(one, self._parsed.pop(one.logical_id, None)))
            # What is new first: it fails sooner than a change in place, and is easier to take back.
            for entry in sorted(self._entries, key=lambda one: one.kind is not EntryKind.ADDED and one not in replaced):
                self._step(entry, replacing=entry in replaced)
        except Exception as error:
            if not self._stops:
                self._undo()
            reason = why_refused(error)
            if entry is None:
                raise
            self._fail(entry, reason)
            return
        self._clean_up()
        settle_outputs(self._situation, self._stack)
        self._stack.not_carried_out = (*not_carried_out(self._stack), *self._lacking)
        self._status(f"{self._work}_COMPLETE")

    def _stopped_by_policy(self) -> tuple[Entry, str] | None:
        from askfirst.harness.aws.safeguards.stack_policy import denied

        return denied(self._situation, self._stack, self._entries) if self._work == "UPDATE" else None

    def _replaces(self, entry: Entry) -> bool:
        """Tell whether a member is replaced; what could not be known before is known now."""
        if entry.kind is not EntryKind.MAY_BE_REPLACED:
            return entry.kind is EntryKind.REPLACED
        from askfirst.harness.operations.templates.schemas import rules_of

        sure = {one[0] for one in rules_of(entry.resource_type, self._situation.region).create_only}
        old, new = self._before.properties(entry.logical_id), self._properties(entry.logical_id)
        return any(old.get(name) != new.get(name) for name in entry.changed if name in sure)

    def _step(self, entry: Entry, *, replacing: bool) -> None:
        logical_id, kind = entry.logical_id, entry.resource_type
        if entry.kind is EntryKind.ADDED or replacing:
            status = "UPDATE" if replacing else "CREATE"
            self._tell(entry, f"{status}_IN_PROGRESS", None, REPLACING if replacing else "")
            if logical_id in self._returning:
                self._parsed[logical_id] = self._returning.pop(logical_id)
            made = self._stack.resource_map[logical_id]  # moto makes what is not there
            if made is None:
                self._lacking.append(f"{logical_id} ({kind})")
            self._tell(entry, f"{status}_COMPLETE", made)
        elif entry.kind in {EntryKind.MODIFIED, EntryKind.MAY_BE_REPLACED} and logical_id in self._parsed:
            self._tell(entry, "UPDATE_IN_PROGRESS", self._parsed[logical_id])
            self._change(entry)
            self._tell(entry, "UPDATE_COMPLETE", self._parsed[logical_id])
        elif state_of(self._stack, logical_id)[0] == "UPDATE_FAILED":
            self._tell(entry, "UPDATE_COMPLETE", self._parsed.get(logical_id))

    def _change(self, entry: Entry) -> None:
        thing, kind, changed = self._parsed[entry.logical_id], entry.resource_type, frozenset(entry.changed)
        if kind == STACK_TYPE:
            self._nested(thing, self._properties(entry.logical_id))
            return
        updater = UPDATERS.get(kind)
        able = changed & updater.properties if updater else frozenset[str]()
        self._lacking += [f"{entry.logical_id} ({kind}): {name}" for name in sorted(changed - able)]
        if updater is None or not able:
            return
        wanted = Properties(self._properties(entry.logical_id), self._before.properties(entry.logical_id))
        self._changed.append((entry, able, wanted))
        self._apply(entry, able, wanted)

    def _apply(self, entry: Entry, able: frozenset[str], wanted: Properties) -> None:
        thing = self._parsed[entry.logical_id]
        after: Any = UPDATERS[entry.resource_type].change(self._situation.backend, thing, wanted, able) or thing
        after.cf_resource_type, after.logical_resource_id = entry.resource_type, entry.logical_id
        self._parsed[entry.logical_id] = after

    def _nested(self, nested: Stack, properties: Mapping[str, Any]) -> None:
        text = template_at(self._situation, properties["TemplateURL"])
        given = {name: scalar(value) for name, value in properties.get("Parameters", {}).items()}
        new = of_text(text, given)
        if not difference(self._situation, nested, new).empty:
            update(self._situation, nested, new)

    def _clean_up(self) -> None:
        """Let go of what was removed or replaced, the last of the template first."""
        gone = [one for one in self._entries if one.kind is EntryKind.REMOVED]
        olds = [*(_Old(one, self._parsed.get(one.logical_id)) for one in gone), *self._olds]
        olds = [one for one in olds[::-1] if one.thing is not None]
        if not olds:
            return
        self._status(f"{self._work}_COMPLETE_CLEANUP_IN_PROGRESS")
        for entry in gone:
            forget(self._stack, entry.logical_id)
        reasons: dict[int, str] = {}
        while olds:
            stuck = []
            for old in olds:
                reason = self._part_with(old)
                if reason:
                    reasons[id(old)] = reason
                    stuck.append(old)
            if len(stuck) == len(olds):
                break
            olds = stuck
        for old in olds:  # AWS leaves it behind, and the update is complete all the same
            self._tell(old.entry, "DELETE_FAILED", old.thing, reasons[id(old)])

    def _part_with(self, old: _Old) -> str:
        entry = old.entry
        if entry.fate.destroys and stays(entry.resource_type):
            self._lacking.append(f"{entry.logical_id} ({entry.resource_type}): its deletion")
        fate = Fate.DELETED if entry.fate is Fate.KEPT else entry.fate
        return part_with(self._situation, self._stack, entry.logical_id, old.thing, entry.resource_type, fate)

    def _undo(self) -> None:
        """Take away what was made, and give the stack back what it had."""
        kept = set(map(id, self._before.parsed.values()))
        for entry in self._entries:
            thing = self._parsed.get(entry.logical_id)
            if thing is not None and id(thing) not in kept and entry.kind is not EntryKind.MODIFIED:
                kind = entry.resource_type
                part_with(self._situation, self._stack, entry.logical_id, thing, kind, Fate.DELETED)
        self._before.give_back(self._stack)
        for entry, able, wanted in self._changed[::-1]:
            self._apply(entry, able, Properties(wanted.before, wanted))

    def _fail(self, entry: Entry, reason: str) -> None:
        thing = self._parsed.get(entry.logical_id)
        status = "CREATE_FAILED" if entry.kind is EntryKind.ADDED else "UPDATE_FAILED"
        self._tell(entry, status, thing, reason)
        verb = "create" if entry.kind is EntryKind.ADDED else "update"
        summary = f"The following resource(s) failed to {verb}: [{entry.logical_id}]. "
        if self._stops or self._work != "UPDATE":
            self._stack.left_behind = {one.entry.logical_id: one.thing for one in self._olds if one.thing is not None}
            self._status(f"{self._work}_FAILED", summary)
            return
        self._status("UPDATE_ROLLBACK_IN_PROGRESS", summary)
        if entry.kind is not EntryKind.ADDED:
            self._tell(entry, "UPDATE_COMPLETE", thing)
        self._status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        self._status("UPDATE_ROLLBACK_COMPLETE")

    def _properties(self, logical_id: str) -> Mapping[str, Any]:
        return evaluated(self._stack, logical_id)

    def _tell(self, entry: Entry, status: str, thing: object, reason: str = "") -> None:
        tell(self._situation, self._stack, entry.logical_id, status, reason, thing=thing, kind=entry.resource_type)

    def _status(self, status: str, reason: str = "") -> None:
        event_id = self._situation.uuid(f"{self._stack.name}/{status}/{len(self._stack.events)}")
        write_status(self._stack, status, event_id=event_id, at=self._situation.now, reason=reason)
