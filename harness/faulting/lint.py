"""What a fault plan may name: services, operations, parameters, error codes and regions that exist, else a sentence.

A name that does not exist would make a fault that never strikes, and a trial that proves nothing. Names are botocore's,
case counts; `*` and `?` are globs. Each check raises `UsageError` with what is wrong and the nearest right words.

Services and operations come from the table of operations: 15 ms for the first check, then less than 1 ms; a refusal takes
up to 0.1 s (0.5 s the first of a service, 1.5 s where the service is `*`). Codes, parameters and regions import botocore's
loader, 80 ms once; codes and parameters also need the model of the service, 1 to 70 ms once for each. A name that no service
at all has costs 3 s for codes and 7 s for parameters.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from askfirst.harness.authorization.matching import is_glob
from askfirst.harness.errors import UsageError
from askfirst.harness.operations import UnknownOperation, find, operations_of, services

if TYPE_CHECKING:
    from botocore.model import Shape


def check_service(name: str) -> None:
    """Refuse a service, or a glob for services, that fits none of the table."""
    if not _fitting_services(name):
        wrong = f"no AWS service fits {name!r}" if is_glob(name) else f"there is no AWS service called {name!r}"
        raise _refusal(wrong, _nearest_services(name.strip("*?")), services())


def check_operations(service: str, pattern: str) -> None:
    """Refuse a pattern that fits no operation of a service, or of any service that fits where `service` is a glob."""
    check_service(service)
    fitting = _fitting_services(service)
    if any(_operations(one, pattern) for one in fitting):
        return
    names = sorted({operation.name for one in fitting for operation in operations_of(one)})
    wrong = _lacks(service, "operation", f"that fits {pattern!r}" if is_glob(pattern) else repr(pattern))
    raise _refusal(wrong, _nearest_operations(fitting, pattern, names), names)


def check_code(service: str, code: str) -> None:
    """Refuse an error code that the service never answers with; where `service` is a glob, one of its services must."""
    from askfirst.harness.faulting.codes import known_codes
    from askfirst.harness.faulting.service_models import errors_of

    check_service(service)
    known: set[str] = set()
    by_exception: dict[str, str] = {}
    for one in _fitting_services(service):
        if code in known_codes(one):
            return
        known |= known_codes(one)
        by_exception |= {error.name: error.code for error in errors_of(one).every}
    wrong = _lacks(service, "error code", repr(code))
    if code in by_exception:
        msg = f"{wrong}: that is the exception, its code is {by_exception[code]!r}"
        raise UsageError(msg)
    raise _refusal(wrong, _nearest(code, known), known)


def check_parameter(service: str, pattern: str, dotted_member: str) -> None:
    """Refuse a dotted member name ('Tags.Key') that no operation fitting the pattern takes.

    Lists are passed through without an index, the keys of maps are free.
    """
    from askfirst.harness.faulting.service_models import input_of

    check_operations(service, pattern)
    path = dotted_member.split(".")
    deepest, members = 0, set[str]()
    for one in _fitting_services(service):
        for operation in _operations(one, pattern):
            reached, found = _follow(input_of(one, operation), path)
            if reached == len(path):
                return
            members = found if reached > deepest else members | found if reached == deepest else members
            deepest = max(deepest, reached)
    if is_glob(service) or is_glob(pattern):
        wrong = _lacks(service, "operation", f"that fits {pattern!r} and has a parameter {dotted_member!r}")
    else:
        wrong = f"{service}:{pattern} has no parameter {dotted_member!r}"
    begun = "".join(f"{name}." for name in path[:deepest])
    near = _nearest(path[deepest], members)
    raise _refusal(wrong, [begun + one for one in near], [begun + one for one in members])


def check_region(region: str) -> None:
    """Refuse a region, or a glob for regions, that fits none botocore knows, of any partition."""
    from askfirst.harness.faulting.service_models import regions

    if not any(fnmatchcase(one, region) for one in regions()):
        wrong = f"no AWS region fits {region!r}" if is_glob(region) else f"there is no AWS region called {region!r}"
        raise _refusal(wrong, _nearest(region, regions()), regions())


def _fitting_services(pattern: str) -> list[str]:
    return [pattern] if pattern in services() else [one for one in services() if fnmatchcase(one, pattern)]


def _operations(service: str, pattern: str) -> list[str]:
    names = [operation.name for operation in operations_of(service)]
    return [pattern] if pattern in names else [name for name in names if fnmatchcase(name, pattern)]


def _lacks(service: str, kind: str, which: str) -> str:
    """Say that a service, or every one that fits a glob, has nothing of a kind."""
    if is_glob(service):
        return f"no service that fits {service!r} has an {kind} {which}"
    return f"{service} has no {kind} {which}"


def _refusal(wrong: str, nearest: Collection[str], known: Collection[str]) -> UsageError:
    if nearest:
        hint = f"did you mean {' or '.join(repr(one) for one in nearest)}?"
    elif len(known) <= 12:
        hint = f"known: {', '.join(sorted(known)) or 'none'}"
    else:
        hint = f"none of the {len(known)} known is spelt like it"
    return UsageError(f"{wrong}: {hint}")


def _nearest(name: str, known: Iterable[str], cutoff: float = 0.65) -> list[str]:
    """Give the names spelt most like one, best first, at most three; case and dashes count least."""
    spellings: dict[str, list[str]] = {}
    for one in sorted(known):
        spellings.setdefault(_squeeze(one), []).append(one)
    squeezed = _squeeze(name)
    close = difflib.get_close_matches(squeezed, spellings, n=5, cutoff=cutoff)
    likeness = {one: difflib.SequenceMatcher(None, one, squeezed).ratio() for one in close}
    best = max(likeness.values(), default=0)
    near = sorted((one for one in close if likeness[one] > best - 0.05), key=lambda one: (-likeness[one], one))
    return [one for spelling in near for one in spellings[spelling]][:3]


def _squeeze(name: str) -> str:
    return re.sub(r"[-_\s]", "", name).lower()


def _nearest_operations(fitting: Iterable[str], pattern: str, names: Iterable[str]) -> list[str]:
    """Look for the name as IAM, the command line or a mistyping hand would write it; globs by their first word."""
    if is_glob(pattern):
        return _nearest(pattern, {re.sub(r"(?<=[a-z0-9])[A-Z].*", "", name) + "*" for name in names})
    for service in fitting:
        try:
            found = find(f"{service}:{pattern}")
        except UnknownOperation:
            continue
        if found.service == service:
            return [found.name]
    return _nearest(pattern, names)


def _nearest_services(name: str) -> list[str]:
    """Look for what policies ('states', 'elasticloadbalancing') or the command line ('s3api') call by this name."""
    by_prefix = [one for one in services() if name in _prefixes(one)]
    longer = [one for one in services() if len(name) > 4 and (name.startswith(one) or name in one)]
    return by_prefix or _nearest(name, services(), 0.8) or longer[:3] or _nearest(name, services())


def _prefixes(service: str) -> Iterator[str]:
    return (action.partition(":")[0] for operation in operations_of(service) for action in operation.iam)


def _follow(shape: Shape | None, path: list[str]) -> tuple[int, set[str]]:
    """Follow a path into a shape as far as it goes; say how far, and which names there are to go on."""
    from botocore.model import ListShape, MapShape, StructureShape

    for reached, name in enumerate(path):
        while isinstance(shape, ListShape):
            shape = shape.member
        if isinstance(shape, StructureShape) and shape.is_document_type:
            return len(path), set()
        if isinstance(shape, MapShape):
            shape = shape.value
        elif isinstance(shape, StructureShape) and name in shape.members:
            shape = shape.members[name]
        else:
            return reached, set(shape.members) if isinstance(shape, StructureShape) else set()
    return len(path), set()
