"""A look into moto: for which operations of botocore it has a method, in a response class or in a backend."""

import gzip
import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore
import moto
from botocore import xform_name
from moto import backends
from moto.backend_index import backend_url_patterns
from moto.core.responses import BaseResponse
from moto.core.utils import camelcase_to_underscores

Operations = Mapping[str, Mapping[str, bool]]

# Services whose calls moto answers with the code of another one.
SERVED_BY = {"docdb": "rds", "neptune": "rds"}


def read_botocore() -> Operations:
    """Give every operation of the installed botocore by service, and whether it carries the ``readonly`` trait.

    Read from the files: botocore's loader takes twice as long.
    """
    found: dict[str, dict[str, bool]] = {}
    for file in sorted((Path(botocore.__file__).parent / "data").glob("*/*/service-2.json*")):
        text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        # The newest version of a service comes last and wins, as in botocore.
        operations = json.loads(text)["operations"]
        found[file.parts[-3]] = {name: operation.get("readonly") is True for name, operation in operations.items()}
    return found


def carried_out(operations: Operations) -> set[tuple[str, str]]:
    """Give the operations for which moto has a method, in a response class or in a backend."""
    methods: dict[str, set[str]] = {}
    for service, owner in [*response_classes(), *_backend_classes()]:
        methods.setdefault(service, set()).update(dir(owner))
    for service, server in SERVED_BY.items():
        methods.setdefault(service, set()).update(methods[server])
    generic = set(dir(BaseResponse))
    return {
        (service, operation)
        for service, names in methods.items()
        for operation in operations.get(service, ())
        if method_names(operation) & (names - generic)
    }


def method_names(operation: str) -> set[str]:
    """Give the names moto may give to the method of an operation."""
    return {xform_name(operation), camelcase_to_underscores(operation)}


def response_classes() -> Iterator[tuple[str, type[BaseResponse]]]:
    """Give every response class of moto with botocore's name of its service."""
    for package in pkgutil.iter_modules(moto.__path__):
        if not package.ispkg or package.name.startswith("moto_"):
            continue  # moto's own API, proxy and server
        for module in _response_modules(package.name):
            for _, member in inspect.getmembers(module, inspect.isclass):
                if issubclass(member, BaseResponse) and member is not BaseResponse:
                    # A part of a service, such as EC2's classes, names none; the class made of the parts does.
                    service = member().boto3_service_name
                    if service:
                        yield service, member


def _response_modules(package: str) -> Iterator[ModuleType]:
    try:
        module = importlib.import_module(f"moto.{package}.responses")
    except ModuleNotFoundError:
        return
    yield module
    for part in pkgutil.iter_modules(getattr(module, "__path__", ())):
        yield importlib.import_module(f"{module.__name__}.{part.name}")


def _backend_classes() -> Iterator[tuple[str, type[Any]]]:
    """Give every backend of moto with botocore's name of its service."""
    for name in sorted({name for name, _ in backend_url_patterns}):
        found: Any = backends.get_backend(name)  # type: ignore[call-overload]
        if hasattr(found, "service_name"):
            yield found.service_name, found.backend
