"""What is in the account: one `Resource` per thing, by ARN, and what changed between two looks.

Identity is the moto object itself, held by reference so that no address is used twice: a thing deleted and made again
under the same ARN is another incarnation. Read in the gateway's lock, right before and right after a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from askfirst.harness.aws import generic, kinds
from askfirst.harness.aws.invariants import compared, is_gone
from askfirst.harness.aws.kinds.base import Reading
from askfirst.harness.aws.own import NOBODY, Own
from askfirst.harness.aws.snapshot import OWN_ACCOUNT
from askfirst.harness.records import Author, Change, Resource

__all__ = ["Inventory", "State", "UnreadableState", "difference", "is_gone"]

State = Mapping[str, Resource]

Member = tuple[str, str]
"""A member of a stack: the stack's ARN, and the member's name in the template."""


NAMESAKES = frozenset(
    f"moto.{one}.models" for one in ("apigatewaymanagementapi", "bedrockruntime", "ec2instanceconnect", "redshiftdata")
)
"""Register themselves under the name of another service, and hold nothing of its kinds."""


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
        self._first: dict[int, tuple[object, str]] = {}
        self._rowed: set[str] = set()
        self.own = Own()
        self.state: State = {}

    def look(self) -> State:
        """Read everything that is there now, and remember it as `state`; raises `UnreadableState`."""
        found: dict[str, Resource] = {}
        members: dict[int, Member] = {}
        backends = list(self._backends())
        for service, backend in backends:
            if service == "cloudformation":
                members.update(_members(backend))
        for service, backend in backends:
            for resource in self._typed(self._kinds.get(service, ()), backend, members):
                found[resource.arn] = resource
        self._rowed.update(found)
        for service, backend in backends:
            for resource in self._generic(service, backend, members):
                found[resource.arn] = resource
        self._forget(self.state.keys() - found.keys())
        self.state = found
        return found

    def _backends(self) -> Iterator[tuple[str, Any]]:
        from moto.core.base_backend import BackendDict

        for registry in list(BackendDict._instances):  # type: ignore[misc]  # noqa: SLF001 - moto has no public list
            if registry.backend.__module__ in NAMESAKES:
                continue
            for account in self._accounts:
                # `registry[account]` would make what is not there, and costs more than all that follows.
                for backend in dict.get(registry, account, {}).values():
                    yield registry.service_name, backend

    def _typed(
        self,
        rows: Iterable[kinds.Kind],
        backend: Any,  # noqa: ANN401
        members: Mapping[int, Member],
    ) -> Iterator[Resource]:
        for row in rows:
            things = list(row.members(backend))
            for thing in things:
                try:
                    arn = row.arn(thing, backend)
                    if row.renamed:
                        arn = self._lasting(thing, arn, things)
                    identity = self._identity(arn, row.physical(thing) if row.physical else thing)
                    reading = row.read(thing, backend)
                    yield self._resource(arn, row.kind, row.name(thing), identity, members.get(id(thing)), reading)
                except (AttributeError, KeyError, TypeError, ValueError) as error:
                    msg = f"a {row.kind} cannot be read: {error.__class__.__name__}: {error}"
                    raise UnreadableState(msg) from error

    def _resource(
        self, arn: str, kind: str, name: str, identity: str, member: Member | None, reading: Reading
    ) -> Resource:
        """Give the resource: the same object as at the last look if everything read of it is the same."""
        known = self._known.get(arn)
        # The text of the content, for the content may be moto's own dictionary, which moto changes in place.
        content = "" if reading.content is None else repr(reading.content)
        read = (kind, name, identity, member, content, reading)
        if known is not None and known[0] == read:
            return known[1]
        within, logical = member or ("", "")
        made = Resource(
            arn,
            kind,
            name,
            identity,
            reading.state,
            within,
            reading.items,
            kinds.digest(content) if content else "",
            reading.aliases,
            logical,
            reading.guards,
            reading.capacity,
            reading.open,
            reading.shut,
            reading.doomed,
            reading.uses,
            reading.backs_up,
            reading.managed_by,
            reading.parts,
        )
        self._known[arn] = (read, made)
        return made

    def _generic(
        self,
        service: str,
        backend: Any,  # noqa: ANN401
        members: Mapping[int, Member],
    ) -> Iterator[Resource]:
        """Read what has no row, see `generic`.

        What a row ever read is the row's to tell: moto keeps some things after their deletion, with a status that says so.
        """
        for one in generic.things(service, backend, typed=service in self._kinds):
            if one.arn in self._rowed:
                continue
            try:
                read = generic.reading(one.thing)
                identity = self._identity(one.arn, one.thing)
                yield self._resource(one.arn, one.kind, one.name, identity, members.get(id(one.thing)), read)
            except Exception as error:  # whatever looking at an unknown object of moto's raises
                msg = f"a {one.kind} cannot be read, and no row says how: {error.__class__.__name__}: {error}"
                raise UnreadableState(msg) from error

    def _lasting(self, thing: object, arn: str, present: Iterable[object]) -> str:
        """Give the ARN under which a thing was first seen; what takes the name of one that was renamed gets a mark."""
        if id(thing) not in self._first:
            firsts = [self._first[id(one)][1].partition("+")[0] for one in present if id(one) in self._first]
            taken = firsts.count(arn)
            self._first[id(thing)] = (thing, f"{arn}+{taken + 1}" if taken else arn)
        return self._first[id(thing)][1]

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


def _members(backend: Any) -> Iterator[tuple[int, Member]]:  # noqa: ANN401
    """Give the objects a stack made, by `id`, with the ARN of the stack and their name in its template."""
    for stack in backend.stacks.values():
        for logical, thing in stack.resource_map._parsed_resources.items():  # noqa: SLF001 - moto's own keeping place
            yield id(thing), (stack.stack_id, logical)


def difference(before: State, after: State, author: Author, own: Own = NOBODY) -> tuple[Change, ...]:
    """Give what changed, in the order of ARNs, the gravest of each first; what the agent itself added is `own`."""
    different = sorted(arn for arn in before.keys() | after.keys() if before.get(arn) is not after.get(arn))
    return tuple(change for arn in different for change in compared(before.get(arn), after.get(arn), author, own))
