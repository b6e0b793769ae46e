"""What an update does to each resource of a stack, foretold from the two templates and their parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
Where something cannot be known the entry says so (`MAY_BE_REPLACED`, `MAY_BE_REMOVED`); it never says no.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from askfirst.harness.operations.templates.comparing import Certainty, at, changes
from askfirst.harness.operations.templates.conditional import replaces
from askfirst.harness.operations.templates.members import ATTRIBUTES, Fate, Member, custom_name, members_of
from askfirst.harness.operations.templates.reading import Template
from askfirst.harness.operations.templates.resolving import RESOLVE, Surroundings
from askfirst.harness.operations.templates.schemas import Pointer, rules_of
from askfirst.harness.operations.templates.values import Reference, Unknown, leaves

EMPTY = Template({}, {}, {}, {})


class EntryKind(enum.Enum):
    """What happens to a resource of the template."""

    UNCHANGED = "unchanged"
    MODIFIED = "modified"
    ADDED = "added"
    REMOVED = "removed"
    MAY_BE_REMOVED = "may be removed"
    REPLACED = "replaced"
    MAY_BE_REPLACED = "may be replaced"


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource. `forced_by` are the properties that make the replacement, `changed` all that change or may change.

    `scope` are the attributes beside the properties that change (DeletionPolicy, ...). `fate` is what happens to the
    physical resource there was, if what the entry says comes true.
    """

    logical_id: str
    resource_type: str
    kind: EntryKind
    fate: Fate
    forced_by: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    named: str = ""
    """The name the template gives to what is to be replaced, if it stays the same: AWS refuses to replace it."""

    @property
    def loses(self) -> bool:
        """Whether the physical resource there was is gone afterwards, or may be."""
        return self.fate.destroys


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an update: a template and the parameters it is used with."""

    template: Template
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TemplateDiff:
    """What an update does: an entry per logical id of either template, those of the old one first."""

    entries: tuple[Entry, ...]
    type_changed: tuple[str, ...] = ()
    """Logical ids whose type differs. AWS refuses such an update."""
    unexpanded: tuple[str, ...] = ()
    """Macros of the new template: what they add, remove or replace is not in the entries."""

    @property
    def empty(self) -> bool:
        """Whether no resource is touched."""
        return all(one.kind is EntryKind.UNCHANGED for one in self.entries)

    @property
    def losses(self) -> tuple[Entry, ...]:
        """The entries after which a physical resource is gone, or may be."""
        return tuple(one for one in self.entries if one.loses)

    def of(self, logical_id: str) -> Entry:
        """Give the entry of a logical id."""
        return next(one for one in self.entries if one.logical_id == logical_id)


def diff(old: Side, new: Side, surroundings: Surroundings | None = None) -> TemplateDiff:
    """Compare two sides; for a creation the old one is `Side(EMPTY, {})`, for a deletion the new one."""
    surroundings = surroundings or Surroundings()
    before = members_of(old.template, old.parameters, surroundings)
    after = members_of(new.template, new.parameters, surroundings)
    steps = _Comparison(before, after, surroundings.region).settle()
    names = [*before, *(one for one in after if one not in before)]
    return TemplateDiff(
        tuple(_entry(before.get(name), after.get(name), steps.get(name)) for name in names),
        tuple(name for name, step in steps.items() if step.type_changed),
        new.template.transforms,
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """What was found so far of a resource that both templates have."""

    replaced: Certainty = Certainty.NO
    forced_by: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    type_changed: bool = False


class _Comparison:
    """Compares the resources both templates have, until no replacement brings about another."""

    def __init__(self, before: Mapping[str, Member], after: Mapping[str, Member], region: str) -> None:
        self._pairs = {name: (before[name], after[name]) for name in before if name in after}
        self._region = region
        self._steps = dict.fromkeys(self._pairs, _Step())

    def settle(self) -> Mapping[str, _Step]:
        """Certainties only grow from round to round, so this ends."""
        while True:
            steps = {name: self._step(*pair) for name, pair in self._pairs.items()}
            if steps == self._steps:
                return steps
            self._steps = steps

    def _step(self, old: Member, new: Member) -> _Step:
        scope = tuple(
            name for name in ATTRIBUTES if self._changes(old.attributes, new.attributes, (name,)) is not Certainty.NO
        )
        if old.kind != new.kind:
            return _Step(Certainty.YES, ("Type",), (), scope, type_changed=True)
        names = sorted(old.properties.keys() | new.properties.keys())
        changed = tuple(one for one in names if self._changes(old.properties, new.properties, (one,)))
        rules = rules_of(new.kind, self._region)
        if not rules.known or new.kind.startswith("Custom::"):
            # The provider decides by the physical id it gives back.
            return _Step(Certainty.PERHAPS if changed else Certainty.NO, changed, changed, scope)
        forced: dict[str, Certainty] = {}
        for pointer in rules.create_only:
            certainty = self._changes(old.properties, new.properties, pointer)
            if certainty is Certainty.NO and changed and _read_anew(new, pointer):
                certainty = Certainty.PERHAPS
            forced[".".join(pointer)] = certainty
        for pointer in rules.sometimes_create_only:
            certainty = self._changes(old.properties, new.properties, pointer)
            if certainty is not Certainty.NO:
                forced[".".join(pointer)] = min(certainty, replaces(pointer[0], old, new))
        replaced = max(forced.values(), default=Certainty.NO)
        by = tuple(sorted(name for name, one in forced.items() if one is replaced)) if replaced else ()
        return _Step(replaced, by, tuple(sorted({*changed, *(one.split(".")[0] for one in by)})), scope)

    def _changes(self, old: Mapping[str, object], new: Mapping[str, object], pointer: Pointer) -> Certainty:
        return changes(at(dict(old), pointer), at(dict(new), pointer), self._moves)  # type: ignore[arg-type]

    def _moves(self, reference: Reference) -> Certainty:
        """Tell whether what a reference gives changes: a new physical resource has a new id, ARN and address."""
        step = self._steps.get(reference.logical_id)
        if step is None or (step.replaced is Certainty.NO and not step.changed):
            return Certainty.NO
        if step.replaced is not Certainty.NO:
            return step.replaced
        # An update in place leaves ids and ARNs alone; what a property says, and what others compute, it may change.
        kind = self._pairs[reference.logical_id][1].kind
        computed = kind.startswith("Custom::") or reference.attribute.startswith("Outputs.")
        said = reference.attribute.split(".")[0] in step.changed
        return Certainty.PERHAPS if reference.attribute and (computed or said) else Certainty.NO


def _read_anew(member: Member, pointer: Pointer) -> bool:
    """Tell whether a dynamic reference stands there: it is read again when anything else of the resource changes."""
    found = at(dict(member.properties), pointer)
    return any(isinstance(one, Unknown) and one.function == RESOLVE for one in leaves(found))


def _entry(old: Member | None, new: Member | None, step: _Step | None) -> Entry:
    if old is None or new is None or step is None:
        return _one_sided(old, new)
    details = (step.forced_by, step.changed, step.scope)
    if step.type_changed:
        return Entry(new.logical_id, new.kind, EntryKind.REPLACED, old.fate_on_removal, *details)
    if not new.certain or not old.certain:
        fate = old.fate_on_removal
        return Entry(new.logical_id, new.kind, EntryKind.MAY_BE_REMOVED, fate, *details)
    if step.replaced is not Certainty.NO:
        kind = EntryKind.REPLACED if step.replaced is Certainty.YES else EntryKind.MAY_BE_REPLACED
        return Entry(new.logical_id, new.kind, kind, new.fate_on_replacement, *details, custom_name(old, new))
    kind = EntryKind.MODIFIED if step.changed or step.scope else EntryKind.UNCHANGED
    return Entry(new.logical_id, new.kind, kind, Fate.KEPT, *details)


def _one_sided(old: Member | None, new: Member | None) -> Entry:
    if old is not None:
        kind = EntryKind.REMOVED if old.certain else EntryKind.MAY_BE_REMOVED
        return Entry(old.logical_id, old.kind, kind, old.fate_on_removal)
    if new is None:
        msg = "an entry needs a resource on one side"
        raise ValueError(msg)
    return Entry(new.logical_id, new.kind, EntryKind.ADDED, Fate.NONE)
