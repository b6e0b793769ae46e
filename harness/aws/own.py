"""What the agent itself added in a trial, and what of others it changed: the one may go again, the other is still others'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from askfirst.harness.aws.kinds.versions import in_use, kept, replaced, without
from askfirst.harness.records import Author, Part, Resource


@dataclass(slots=True)
class Own:
    """What the agent added to things in this trial, by ARN, and what of others it changed or took.

    What the agent added may go again. What it puts back as it was is others' again: `firsts` are parts, `floors` guards
    and capacity as they were before the agent's first change of them, `taken` the ways it took.
    """

    parts: set[tuple[str, str]] = field(default_factory=set)
    attributes: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    ways: set[tuple[str, str]] = field(default_factory=set)
    floors: dict[tuple[str, str], float] = field(default_factory=dict)
    firsts: dict[tuple[str, str], Part] = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)

    def note(self, old: Resource | None, new: Resource | None, author: Author) -> None:
        """Remember what the agent adds, changes and takes, and forget what others did to it since."""
        if new is None or old is new:
            return
        mine = author.of_agent
        had, ways = (old.parts, old.open) if old else ({}, ())
        if new.parts is not had:
            self._note_parts(new.arn, had, new.parts, mine=mine)
        if new.open != ways:
            self._note_ways(new.arn, set(ways), set(new.open), mine=mine)
        if old is not None:
            was, now = {**old.capacity, **old.guards}, {**new.capacity, **new.guards}
            for name in was.keys() | now.keys():
                before = was.get(name, 0.0)
                if now.get(name, 0.0) != before and mine:
                    self.floors.setdefault((new.arn, name), before)
                elif now.get(name, 0.0) != before:
                    self.floors.pop((new.arn, name), None)

    def _note_parts(self, arn: str, old: Mapping[str, Part], new: Mapping[str, Part], *, mine: bool) -> None:
        for key in [key for key in old if key not in new]:
            if mine and (arn, key) not in self.parts:
                self.firsts.setdefault((arn, key), old[key])
            elif not mine:
                self.firsts.pop((arn, key), None)
            self.parts.discard((arn, key))
        for key, part in new.items():
            if key not in old and mine:
                if self.firsts.get((arn, key)) != part:
                    self.parts.add((arn, key))
            elif old.get(key) != part:
                self._note_part((arn, key), old.get(key, ""), part, mine=mine)

    def _note_part(self, which: tuple[str, str], old: Part, new: Part, *, mine: bool) -> None:
        """Remember which attributes and versions of a part of others the agent added."""
        if not mine:
            self.parts.discard(which)
            self.attributes.pop(which, None)
            self.firsts.pop(which, None)
            return
        first = old if which in self.parts else self.firsts.setdefault(which, old)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            before = first if isinstance(first, Mapping) else {}
            added = self.attributes.setdefault(which, set())
            added.intersection_update(new)
            added.update(name for name in new if name not in old and before.get(name) != new[name])

    def _note_ways(self, arn: str, old: set[str], new: set[str], *, mine: bool) -> None:
        for way in old - new:
            if mine and (arn, way) not in self.ways:
                self.taken.add((arn, way))
            elif not mine:
                self.taken.discard((arn, way))
            self.ways.discard((arn, way))
        for way in new - old:
            if mine and (arn, way) not in self.taken:
                self.ways.add((arn, way))
            elif not mine:
                self.ways.discard((arn, way))

    def theirs(self, arn: str, parts: Mapping[str, Part]) -> Mapping[str, Part]:
        """Give the parts without what the agent added: parts of its own, and its attributes and versions of others'."""
        if not self.parts and not self.attributes:
            return parts
        found: dict[str, Part] = {}
        for key, part in parts.items():
            added = self.attributes.get((arn, key))
            if (arn, key) in self.parts:
                continue
            found[key] = without(part, added) if added and isinstance(part, Mapping) else part
        return found

    def overwrites(self, which: tuple[str, str], theirs: Part, old: Part, new: Part) -> bool:
        """Tell whether content of others was replaced; what only the agent had put over kept content is not.

        `theirs` is `old` without what the agent added. To put back what was there before its first change is no loss.
        """
        first = self.firsts.get(which)
        if first is None:
            return over(theirs, new)
        if in_use(new) in (in_use(first), in_use(old)):
            return False
        return over(theirs if over(first, old) else first, new)

    def floor(self, arn: str, name: str, before: float) -> float:
        """Give the value below which a guard or a capacity must not fall."""
        return min(before, self.floors.get((arn, name), before))


NOBODY = Own()


def lost(old: Part, new: Part | None) -> bool:
    """Tell whether a part is gone, empty now, or lacks something it had."""
    if new is None:
        return True
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return any(value and not new.get(name) for name, value in old.items())
    return bool(old) and not new


def over(old: Part, new: Part) -> bool:
    """Tell whether a part was replaced as a whole; attributes of one may change as they like."""
    return replaced(old, new) if isinstance(old, Mapping) else old != new and old not in kept(new)
