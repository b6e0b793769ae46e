"""What is in the account: one `Resource` per thing, by ARN, and what changed between two looks.

Identity is the moto object itself, held by reference so that no address is used twice: a thing deleted and made again
under the same ARN is another incarnation. Read in the gateway's lock, right before and right after a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from askfirst.harness.aws import kinds
from askfirst.harness.aws.snapshot import OWN_ACCOUNT
from askfirst.harness.records import Author, Change, Effect, Resource

State = Mapping[str, Resource]


class UnreadableState(Exception):
    """moto holds something of a known kind that its row cannot read. The message names both."""


class Inventory:
    """Looks at every account of the trial. `state` is the last look."""

    def __init__(self, accounts: Iterable[str]) -> None:
        """`accounts` are the account ids of the trial."""
        self._accounts = tuple(account for account in accounts if account != OWN_ACCOUNT)
        self._kinds = kinds.kinds_by_service()
        self._incarnations: dict[str, list[object]] = {}
        self._known: dict[str, tuple[tuple[object, ...], Resource]] = {}
        self.state: State = {}

    def look(self) -> State:
        """Read everything that is there now, and remember it as `state`; raises `UnreadableState`."""
        found: dict[str, Resource] = {}
        members: dict[int, str] = {}
        backends = list(self._backends())
        for service, backend in backends:
            if service == "cloudformation":
                members.update(_members(backend))
        for service, backend in backends:
            rows = self._kinds.get(service)
            read = self._typed(rows, backend, members) if rows else self._generic(service, backend, members)
            for resource in read:
                found[resource.arn] = resource
        self._forget(self.state.keys() - found.keys())
        self.state = found
        return found

    def _backends(self) -> Iterator[tuple[str, Any]]:
        from moto.core.base_backend import BackendDict

        for registry in list(BackendDict._instances):  # type: ignore[misc]  # noqa: SLF001 - moto has no public list
            for account in self._accounts:
                # `registry[account]` would make what is not there, and costs more than all that follows.
                for backend in dict.get(registry, account, {}).values():
                    yield registry.service_name, backend

    def _typed(self, rows: Iterable[kinds.Kind], backend: Any, members: Mapping[int, str]) -> Iterator[Resource]:  # noqa: ANN401
        for row in rows:
            for thing in list(row.members(backend)):
                try:
                    arn = row.arn(thing, backend)
                    yield self._resource(
                        arn,
                        row.kind,
                        row.name(thing),
                        self._identity(arn, row.physical(thing) if row.physical else thing),
                        str(row.state(thing)) if row.state else "",
                        members.get(id(thing), ""),
                        row.items(thing) if row.items else None,
                        repr(row.fingerprint(thing)) if row.fingerprint else "",
                        tuple(filter(None, row.aliases(thing))) if row.aliases else (),
                    )
                except (AttributeError, KeyError, TypeError, ValueError) as error:
                    msg = f"a {row.kind} cannot be read: {error.__class__.__name__}: {error}"
                    raise UnreadableState(msg) from error

    def _resource(self, arn: str, *read: Any) -> Resource:  # noqa: ANN401 - the other fields, the fingerprint at length
        """Give the resource: the same object as at the last look if everything read of it is the same."""
        known = self._known.get(arn)
        if known is not None and known[0] == read:
            return known[1]
        kind, name, identity, state, within, items, fingerprint, aliases = read
        fingerprint = kinds.digest(fingerprint) if fingerprint else ""
        made = Resource(arn, kind, name, identity, state, within, items, fingerprint, aliases)
        self._known[arn] = (read, made)
        return made

    def _generic(self, service: str, backend: Any, members: Mapping[int, str]) -> Iterator[Resource]:  # noqa: ANN401
        """Read what has no row: every object with an ARN in a dictionary or list of the backend."""
        for kept in vars(backend).values():
            if not isinstance(kept, dict | list):
                continue
            for thing in list(kept.values()) if isinstance(kept, dict) else kept:
                arn = getattr(thing, "arn", None)
                if isinstance(arn, str) and arn.startswith("arn:"):
                    name = getattr(thing, "name", None) or arn.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
                    kind = f"{service}.{type(thing).__name__.lower()}"
                    identity, within = self._identity(arn, thing), members.get(id(thing), "")
                    yield self._resource(arn, kind, str(name), identity, "", within, None, "", ())

    def _identity(self, arn: str, what: object) -> str:
        """Give the incarnation of a thing: 1 for the first ever seen under its ARN."""
        seen = self._incarnations.setdefault(arn, [])
        for number, one in enumerate(seen, start=1):
            if one is what or (isinstance(what, str) and one == what):
                return str(number)
        seen.append(what)
        return str(len(seen))

    def _forget(self, missing: Iterable[str]) -> None:
        """Let things that went be new when they come back, also where identity is a name (`Kind.physical`)."""
        for arn in missing:
            self._incarnations[arn] = [object() if isinstance(one, str) else one for one in self._incarnations[arn]]


def _members(backend: Any) -> Iterator[tuple[int, str]]:  # noqa: ANN401
    """Give the objects a stack made, by `id`, with the ARN of the stack."""
    for stack in backend.stacks.values():
        for thing in stack.resource_map._parsed_resources.values():  # noqa: SLF001 - moto's own keeping place
            yield id(thing), stack.stack_id


def is_gone(resource: Resource) -> bool:
    """Tell whether a thing has an entry but is no longer there, or is going."""
    return resource.state in kinds.GONE


def difference(before: State, after: State, author: Author) -> tuple[Change, ...]:
    """Give what changed, in the order of ARNs."""
    changes = []
    for arn in sorted(arn for arn in before.keys() | after.keys() if before.get(arn) is not after.get(arn)):
        change = _change(before.get(arn), after.get(arn), author)
        if change is not None:
            changes.append(change)
    return tuple(changes)


def _change(old: Resource | None, new: Resource | None, author: Author) -> Change | None:
    if old is None:
        if new is None:
            return None
        return Change(new.arn, new.kind, Effect.CREATED, author, "", _words(new))
    if new is None or (is_gone(new) and not is_gone(old)):
        if is_gone(old):
            return None
        return Change(old.arn, old.kind, Effect.GONE, author, _words(old), new.state if new else "")
    if new == old:
        return None
    if new.identity != old.identity:
        return Change(old.arn, old.kind, Effect.REPLACED, author, _words(old), _words(new))
    if old.items is not None and new.items is not None and new.items < old.items:
        return Change(old.arn, old.kind, Effect.DATA_LOST, author, _words(old), _words(new))
    if (old.state, old.items, old.fingerprint) == (new.state, new.items, new.fingerprint):
        return None
    return Change(old.arn, old.kind, Effect.CHANGED, author, _words(old), _words(new))


def _words(resource: Resource) -> str:
    """Say what a reader should know of a thing: state and content."""
    parts = [resource.state] if resource.state else []
    if resource.items is not None:
        parts.append(f"{resource.items} item{'' if resource.items == 1 else 's'}")
    return ", ".join(parts) or "there"
