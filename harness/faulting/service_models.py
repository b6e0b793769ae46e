"""What botocore's models say about errors and parameters of a service. Read straight from its own files.

No session and no client: nothing of the user's configuration is read, the models in ~/.aws/models included. The first
look at a service costs the import of botocore's loader (70 ms, once) and the parsing of its model: 1 ms for STS, 15 ms
for CloudFormation or RDS, 65 ms for EC2, 2.5 s for all 439. What is kept is small; the parsed documents
are dropped, but for the last two.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from askfirst.harness.errors import UnknownName
from askfirst.harness.operations import services

if TYPE_CHECKING:
    from botocore.loaders import Loader
    from botocore.model import ServiceModel, Shape

TAG = re.compile(r"<[^>]*>")
ABOUT_ITSELF = re.compile(
    r"^(this|indicates|returned|received|thrown|raised|occurs|contains|error|throws|base|you see)\b|"
    r"exception|this error|(an?|the) (\w+ )?(error|fault) ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ModelledError:
    """One error of a model. `code` is what is on the wire, `name` that of the exception; `status` 0: it says none.

    `sentence` is the first one of its documentation, '' where that speaks of the error rather than of what happened.
    """

    code: str
    name: str
    status: int
    fault: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class ServiceErrors:
    """The errors of a service, all of them and those each operation lists, in the order of the model."""

    protocol: str
    every: tuple[ModelledError, ...]
    by_operation: Mapping[str, tuple[ModelledError, ...]]


@functools.cache
def errors_of(service: str) -> ServiceErrors:
    """Give the modelled errors of a service, by botocore's name; raises `UnknownName`."""
    document = _document(service)
    shapes = document["shapes"]
    errors = {name: _error(name, shape) for name, shape in shapes.items() if shape.get("exception") or "error" in shape}
    by_operation = {
        name: tuple(errors[one["shape"]] for one in operation.get("errors", ()) if one["shape"] in errors)
        for name, operation in document["operations"].items()
    }
    return ServiceErrors(_model(service).resolved_protocol, tuple(errors.values()), by_operation)


def _error(name: str, shape: Mapping[str, Any]) -> ModelledError:
    error = shape.get("error") or {}
    fault = bool(shape.get("fault") or error.get("fault"))
    text = " ".join(html.unescape(TAG.sub("", shape.get("documentation", ""))).split())
    sentence = re.split(r"(?<=[.!?]) ", text, maxsplit=1)[0]
    plain = 8 < len(sentence) < 200 and not ABOUT_ITSELF.search(sentence)
    return ModelledError(
        str(error.get("code", name)), name, int(error.get("httpStatusCode", 0)), fault, sentence if plain else ""
    )


def input_of(service: str, operation: str) -> Shape | None:
    """Give the shape of an operation's input; None where it has none or the model lacks the operation."""
    from botocore.model import OperationNotFoundError

    try:
        return _model(service).operation_model(operation).input_shape
    except OperationNotFoundError:
        return None


@functools.cache
def regions() -> tuple[str, ...]:
    """List every region botocore knows, of all partitions, by name."""
    partitions: list[dict[str, Any]] = _loader().load_data("partitions")["partitions"]
    return tuple(sorted(name for partition in partitions for name in partition["regions"]))


@functools.lru_cache(maxsize=2)
def _model(service: str) -> ServiceModel:
    from botocore.model import ServiceModel

    return ServiceModel(_document(service), service)


@functools.lru_cache(maxsize=2)
def _document(service: str) -> Mapping[str, Any]:
    if service not in services():
        what = "AWS service"
        raise UnknownName(what, service, services())
    document: Mapping[str, Any] = _loader().load_service_model(service, "service-2")
    return document


def _loader() -> Loader:
    """Make a loader of botocore's own files alone. A new one each time: a loader keeps all it ever loaded."""
    from botocore.loaders import Loader

    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
