"""Which operations list things, where in their output the lists stand, and how a list is made shorter.

What pages belong together is botocore's knowledge (its paginators); an operation without a paginator lists if its name
says so and its output has a list.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from askfirst.harness.faulting.reactions import Output
from askfirst.harness.records import Parameters

if TYPE_CHECKING:
    from botocore.loaders import Loader

LISTS = re.compile(r"(List|Describe|Search|Query|Scan)(?!.*Attributes?$)")
CONTINUES = re.compile(r"(Next|next).*(Token|Marker)$|(next|Next)Page$")
PLAIN = re.compile(r"[\w.]+\Z")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Where an operation's output holds its lists, what says where the next page begins, and what says that there is one."""

    lists: tuple[Path, ...]
    tokens: tuple[Path, ...]
    more: tuple[Path, ...] = ()


@functools.lru_cache(maxsize=64)
def listing(service: str, operation: str) -> Listing | None:
    """Give the listing an operation is; None for one that lists nothing."""
    paginator = _paginators(service).get(operation)
    if paginator is not None:
        return Listing(
            tuple(_paths(paginator.get("result_key", ()))),
            tuple(_paths(paginator.get("output_token", ()))),
            tuple(_paths(paginator.get("more_results", ()))),
        )
    members = _output_members(service, operation)
    lists = tuple((name,) for name, kind in members.items() if kind == "list")
    if not LISTS.match(operation) or not lists:
        return None
    return Listing(lists, tuple((name,) for name in members if CONTINUES.match(name)))


def cut(found: Listing, output: Output, keep: int, parameters: Parameters) -> Output:
    """Leave the first `keep` entries of each list, no word of a next page, and counts that fit.

    A whole number that was the length of a list beforehand is a count, unless it only repeats a parameter.
    """
    lengths: dict[int, int] = {}
    for path in found.lists:
        entries = _at(output, path)
        if isinstance(entries, list):
            lengths.setdefault(len(entries), min(keep, len(entries)))
            output = _with(output, path, entries[:keep])
    for path in found.tokens:
        output = _without(output, path)
    for path in found.more:
        if _at(output, path) is not None:
            output = _with(output, path, value=False)
    counts = {
        name: lengths[value]
        for name, value in output.items()
        if type(value) is int and value in lengths and name not in parameters
    }
    return {**output, **counts}


def _at(output: object, path: Path) -> object:
    for name in path:
        output = output.get(name) if isinstance(output, Mapping) else None
    return output


def _with(output: Output, path: Path, value: object) -> Output:
    """Give the output with another value at a path, nothing of it changed in place."""
    first, *rest = path
    inner = output.get(first)
    if rest and isinstance(inner, Mapping):
        value = _with(inner, tuple(rest), value)
    return {**output, first: value}


def _without(output: Output, path: Path) -> Output:
    first, *rest = path
    inner = output.get(first)
    if rest and isinstance(inner, Mapping):
        return {**output, first: _without(inner, tuple(rest))}
    return {name: value for name, value in output.items() if rest or name != first}


def _paths(said: str | Iterable[str]) -> Iterable[Path]:
    """Read the paths in a paginator; of alternatives and of what is worked out of the list itself ([-1]) the plain ones."""
    for expression in [said] if isinstance(said, str) else said:
        for one in expression.split("||"):
            if PLAIN.match(one.strip()):
                yield tuple(one.strip().split("."))


def _paginators(service: str) -> Mapping[str, Mapping[str, Any]]:
    from botocore.exceptions import DataNotFoundError

    try:
        return dict(_loader().load_service_model(service, "paginators-1")["pagination"])
    except DataNotFoundError:
        return {}


def _output_members(service: str, operation: str) -> Mapping[str, str]:
    from botocore.model import ServiceModel

    model = ServiceModel(_loader().load_service_model(service, "service-2"), service)
    shape = model.operation_model(operation).output_shape
    return {name: member.type_name for name, member in shape.members.items()} if shape is not None else {}


def _loader() -> Loader:
    """Make a loader of botocore's own files alone, as `service_models.py` does; what it loaded is dropped."""
    from botocore.loaders import Loader

    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
