"""How to read one kind of resource from moto: a row per kind, and what a row reads of one object."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from askfirst.harness.records import Part

GONE = frozenset(
    {
        "terminated",
        "shutting-down",
        "PendingDeletion",
        "DELETE_COMPLETE",
        "DELETE_IN_PROGRESS",
        "deleting",
        "deleted",
        "deleted_running",
        "deleted_terminating",
        "delete-complete",
        "released",
        "Terminating",
        "Terminated",
    }
)
"""States in which a thing still has an entry but is no longer there, or is going."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is read of one object; the fields are those of `records.Resource`, and mean the same.

    `content` changes when the configuration does: anything whose `repr` is the same in every process. Give only what
    AWS would show; a field that moto bumps by itself makes a change out of nothing. Nothing given may be an object that
    moto changes in place (a dictionary of its own): the last reading would change with it, and the change go unseen.
    """

    state: str = ""
    items: int | None = None
    content: object = None
    aliases: tuple[str, ...] = ()
    guards: Mapping[str, float] = field(default_factory=dict)
    capacity: Mapping[str, float] = field(default_factory=dict)
    open: tuple[str, ...] = ()
    shut: tuple[str, ...] = ()
    doomed: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    backs_up: str = ""
    managed_by: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)


NOTHING = Reading()


def nothing(_: Any, __: Any) -> Reading:  # noqa: ANN401 - moto's objects have no common type
    """Read existence and identity alone."""
    return NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How to read one kind from moto.

    `kind` is 'service.thing', the service by botocore's name; `service` the name of moto's registry (see
    `BackendDict.service_name`). `members` lists the objects of a backend; `arn` and `read` read one object in its
    backend, `name` gives the name by which parameters know it. `physical` gives what tells one incarnation from the
    next, None for the object itself. A kind that is `renamed` keeps its object when it gets another name: it is known by
    the ARN it was first seen under, and its name and `aliases` say what it is called now.
    """

    kind: str
    service: str
    members: Callable[[Any], Iterable[Any]]
    arn: Callable[[Any, Any], str]
    name: Callable[[Any], str]
    read: Callable[[Any, Any], Reading] = nothing
    physical: Callable[[Any], object] | None = None
    renamed: bool = False


def digest(text: str) -> str:
    """Give a short text that changes with a fingerprint's `repr`; one that shows an address in memory raises `ValueError`."""
    if " object at 0x" in text:
        msg = f"a fingerprint must be the same in every process, this one holds {text[:200]}"
        raise ValueError(msg)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def own_arn(thing: Any, _: Any) -> str:  # noqa: ANN401
    """Give `thing.arn`."""
    return str(thing.arn)


def own_id(thing: Any) -> str:  # noqa: ANN401
    """Give `thing.id`."""
    return str(thing.id)


def own_name(thing: Any) -> str:  # noqa: ANN401
    """Give `thing.name`."""
    return str(thing.name)
