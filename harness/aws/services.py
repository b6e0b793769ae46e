"""Which service a request is for when only its signature says so, and the host at which AWS would answer it.

Read from botocore's own files: of each model the first bytes, where its metadata stand (60 ms for all of them, once).
"""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from askfirst.harness.aws.egress import AWS_HOST

if TYPE_CHECKING:
    from askfirst.harness.aws.wire import WireRequest

METADATA = 4096
"""Bytes of a model within which its metadata end."""

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a service's model says about its requests; `name` is botocore's."""

    name: str
    signing_name: str
    prefix: str
    target: str
    version: str
    rest: bool
    form: bool


@functools.cache
def services() -> Mapping[str, Facts]:
    """Give the facts of every service that botocore has, in its newest version."""
    import botocore

    found: dict[str, Facts] = {}
    for folder in sorted(Path(botocore.__file__).with_name("data").iterdir()):
        models = sorted(folder.glob("*/service-2.json*")) if folder.is_dir() else []
        if models:
            found[folder.name] = _facts(folder.name, models[-1])
    return found


def _facts(name: str, model: Path) -> Facts:
    with gzip.open(model) if model.suffix == ".gz" else model.open("rb") as file:
        text = file.read(METADATA).decode(errors="replace")
    data: dict[str, Any]
    data, _ = json.JSONDecoder().raw_decode(text, text.index("{", text.index('"metadata"')))
    prefix = str(data["endpointPrefix"])
    protocols = data.get("protocols", [data["protocol"]])
    return Facts(
        name=name,
        signing_name=str(data.get("signingName") or prefix),
        prefix=prefix,
        target=str(data.get("targetPrefix", "")),
        version=str(data.get("apiVersion", "")),
        rest=any(str(one).startswith("rest") for one in protocols),
        form=bool({"query", "ec2"} & set(protocols)),
    )


@functools.cache
def _signed_as(signing_name: str) -> tuple[Facts, ...]:
    """Give the services that share a signing name, the one of that very name first."""
    sharing = [one for one in services().values() if one.signing_name == signing_name]
    return tuple(sorted(sharing, key=lambda one: one.name != signing_name))


def service_of(request: WireRequest, signing_name: str) -> str:
    """Give botocore's name of the service a request is for, '' where none fits.

    Where services share host and signature (RDS, Neptune and DocumentDB), AWS cannot tell them apart either: it is the
    one of the signature's name.
    """
    fitting = _signed_as(signing_name) if signing_name else tuple(services().values())
    headers = {name.lower(): value for name, value in request.headers.items()}
    if signing_name == "s3":
        control = urlsplit(request.url).path.startswith("/v20180820/")
        return "s3control" if control else "s3"
    if len(fitting) == 1:
        return fitting[0].name
    target, version = headers.get("x-amz-target", ""), _version(request, headers)
    if target:
        prefix, _, operation = target.rpartition(".")
        aimed = [one for one in fitting if one.target and one.target == prefix]
        return _first([one for one in aimed if len(aimed) == 1 or _has(one.name, operation)] or aimed)
    if version:
        return _first([one for one in fitting if one.form and one.version == version])
    return routed([one.name for one in fitting if one.rest], request) if signing_name else ""


def _first(fitting: list[Facts]) -> str:
    return fitting[0].name if fitting else ""


def _version(request: WireRequest, headers: Mapping[str, str]) -> str:
    """Give the version of the API that a request of the protocols `query` and `ec2` names."""
    text = urlsplit(request.url).query
    if headers.get("content-type", "").startswith(FORM):
        text = f"{text}&{request.body.decode(errors='replace')}"
    return parse_qs(text).get("Version", [""])[0] if "Version=" in text else ""


def _has(name: str, operation: str) -> bool:
    from moto.core.utils import get_service_model

    return operation in get_service_model(name).operation_names


def routed(names: Iterable[str], request: WireRequest) -> str:
    """Give the first of these services that has an operation at the path, '' where none has.

    One whose path has as many parts as the request's stands before one whose last part swallows the rest.
    """
    from moto.core.request import Request
    from moto.core.routing import get_service_router
    from werkzeug.exceptions import HTTPException

    made = Request.from_primitives(request.method, request.url, request.headers, request.body)
    parts = urlsplit(request.url).path.rstrip("/").count("/")
    loosely = ""
    for name in names:
        try:
            operation, _ = get_service_router(name).match(made)
        except (HTTPException, KeyError, NotImplementedError):
            continue
        if operation.http["requestUri"].split("?")[0].rstrip("/").count("/") == parts:
            return name
        loosely = loosely or name
    return loosely


@functools.lru_cache(maxsize=512)
def host_of(service: str, region: str, suffix: str) -> str:
    """Give the host at which AWS answers for a service in a region; `suffix` is where botocore knows none of AWS's names."""
    facts = services()[service]
    known = _resolver().construct_endpoint(facts.prefix, region)
    host = str(known["hostname"]) if known else ""
    return host if AWS_HOST.search(host) else f"{facts.prefix}.{region}.{suffix}"


@functools.cache
def _resolver() -> Any:  # noqa: ANN401 - botocore has no types
    from botocore.loaders import Loader
    from botocore.regions import EndpointResolver

    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    return EndpointResolver(loader.load_data("endpoints"))
