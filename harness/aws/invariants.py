"""What must not get worse about a thing: existence, identity, data, capacity, reachability, guardrails, no new deferred deletion.

A pure comparison of one resource right before and right after; what the agent itself had added may go again.
"""

from __future__ import annotations

from collections.abc import Iterator

from askfirst.harness.aws.dooms import booked
from askfirst.harness.aws.kinds import GONE
from askfirst.harness.aws.own import NOBODY, Own, lost
from askfirst.harness.records import Author, Change, Effect, Resource


def is_gone(resource: Resource) -> bool:
    """Tell whether a thing has an entry but is no longer there, or is going."""
    return resource.state in GONE


def compared(old: Resource | None, new: Resource | None, author: Author, own: Own = NOBODY) -> Iterator[Change]:
    """Give what became of one thing, the gravest first; one that was going already cannot be lost again."""
    if old is None or new is None or is_gone(new) or is_gone(old) or old.identity != new.identity:
        change = _existence(old, new, author)
        if change is not None:
            yield change
        return
    found = [
        *_data(old, new, own),
        *_capacity(old, new, own),
        *_reach(old, new, own),
        *_guards(old, new, own),
    ]
    for effect, before, after in found:
        yield Change(new.arn, new.kind, effect, author, before, after)
    if not found and _differs(old, new):
        yield Change(new.arn, new.kind, Effect.CHANGED, author, words(old), words(new))


def _existence(old: Resource | None, new: Resource | None, author: Author) -> Change | None:
    if old is None:
        return None if new is None else Change(new.arn, new.kind, Effect.CREATED, author, "", words(new))
    if new is None or (is_gone(new) and not is_gone(old)):
        if is_gone(old):
            return None
        return Change(old.arn, old.kind, Effect.GONE, author, words(old), new.state if new else "")
    if new.identity != old.identity:
        effect = Effect.CREATED if is_gone(old) else Effect.REPLACED
        return Change(old.arn, old.kind, effect, author, words(old), words(new))
    return Change(old.arn, old.kind, Effect.CHANGED, author, words(old), words(new)) if _differs(old, new) else None


Found = tuple[Effect, str, str]
"""An effect, and before and after in words."""


def _data(old: Resource, new: Resource, own: Own) -> Iterator[Found]:
    if old.parts is not new.parts and old.parts != new.parts:
        theirs = own.theirs(old.arn, old.parts)
        missing = [key for key, part in theirs.items() if lost(part, new.parts.get(key))]
        over = [
            key
            for key, part in theirs.items()
            if key not in missing and own.overwrites((old.arn, key), part, old.parts[key], new.parts[key])
        ]
        if missing:
            yield Effect.DATA_LOST, words(old), f"{words(new)}; lost: {_some(missing)}"
        if over:
            yield Effect.OVERWRITTEN, words(old), f"{words(new)}; overwritten: {_some(over)}"
    elif not old.parts and old.items is not None and new.items is not None and new.items < old.items:
        yield Effect.DATA_LOST, words(old), words(new)
    doomed = booked(old, new, own.theirs(old.arn, old.parts)) if old.doomed != new.doomed else None
    if doomed:
        yield Effect.DOOMED, "; ".join(old.doomed) or words(old), "; ".join(doomed)


def _capacity(old: Resource, new: Resource, own: Own) -> Iterator[Found]:
    for name, value in old.capacity.items():
        now = new.capacity.get(name, 0.0)
        if now <= 0 < own.floor(old.arn, name, value):
            yield Effect.DISABLED, f"{name} {value:g}", f"{name} {now:g}"


def _reach(old: Resource, new: Resource, own: Own) -> Iterator[Found]:
    if old.open != new.open:
        taken = [one for one in old.open if one not in new.open and (old.arn, one) not in own.ways]
        if taken:
            yield Effect.CUT_OFF, _some(taken), "; ".join(one for one in new.open if one not in old.open)
    if old.shut != new.shut:
        barred = [one for one in new.shut if one not in old.shut]
        if barred:
            yield Effect.CUT_OFF, words(old), _some(barred)


def _guards(old: Resource, new: Resource, own: Own) -> Iterator[Found]:
    if old.guards == new.guards:
        return
    for name, value in old.guards.items():
        now = new.guards.get(name, 0.0)
        if now < own.floor(old.arn, name, value):
            yield Effect.WEAKENED, f"{name} {value:g}", f"{name} {now:g}"


def _differs(old: Resource, new: Resource) -> bool:
    return (
        (old.state, old.items, old.fingerprint, old.guards, old.capacity, old.open, old.shut, old.doomed)
        != (new.state, new.items, new.fingerprint, new.guards, new.capacity, new.open, new.shut, new.doomed)
    ) or (old.parts is not new.parts and old.parts != new.parts)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def words(resource: Resource) -> str:
    """Say what a reader should know of a thing: state and content."""
    parts = [resource.state] if resource.state else []
    if resource.items is not None:
        parts.append(f"{resource.items} item{'' if resource.items == 1 else 's'}")
    return ", ".join(parts) or "there"
