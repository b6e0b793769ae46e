"""Lambda: functions with their code, versions and aliases, what feeds them, and layers."""
# ruff: noqa: ANN401, SLF001 - moto's objects have no common type, and keep things in private places

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name
from askfirst.harness.aws.kinds.policies import ways as policy_ways
from askfirst.harness.aws.kinds.versions import CURRENT
from askfirst.harness.records import Part

UNRESERVED = 1000.0
"""What a function without a reserve may use: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def _functions(backend: Any) -> Iterable[Any]:
    """Give the latest of each function; moto keeps None for one whose $LATEST was deleted."""
    return [one["latest"] for one in backend._lambdas._functions.values() if one["latest"] is not None]


def _function(function: Any, backend: Any) -> Reading:
    """Read a function. A reserve of 0 stops it.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    """
    lambdas = backend._lambdas
    entry = lambdas._functions.get(function.function_name)
    aliases = lambdas._aliases.get(function.function_arn) or {}
    versions = {one.version: one.code_sha_256 for one in entry["versions"]} if entry else {}
    reserve = function.reserved_concurrency
    allowed, denied = policy_ways({"Statement": function.policy.statements})
    ways = [f"alias {one.name} -> {one.function_version}" for one in aliases.values()]
    url = function.url_config
    if url is not None:
        ways.append(f"url for {url.config.get('AuthType')}")
    return Reading(
        state=function.state,
        content=(
            function.handler,
            function.run_time,
            function.memory_size,
            function.timeout,
            function.role,
            str(function._vpc_config),
            [one.get("Arn") for one in function.layers],
            sorted((one.name, str(one.routing_config)) for one in aliases.values()),
        ),
        guards={"failure destination": _failures(function.event_invoke_config)},
        capacity={"concurrency": UNRESERVED if reserve is None else float(reserve)},
        open=(*ways, *allowed),
        shut=denied,
        uses=(function.role,),
        parts=_parts(function, versions),
    )


def _parts(function: Any, versions: Mapping[str, str]) -> dict[str, Part]:
    """Give code, versions and environment; code that a version holds as well is kept when it is replaced."""
    code = function.code_sha_256 or function.code.get("ImageUri", "")
    kept = {f"version {number}": one for number, one in versions.items()}
    parts: dict[str, Part] = {"code": {CURRENT: code, **kept}}
    if versions:
        parts["versions"] = versions
    if function.environment_vars:
        parts["environment"] = dict(function.environment_vars)
    return parts


def _failures(configurations: Iterable[Any]) -> float:
    """Tell whether what fails is kept somewhere."""
    return float(any((one.config.get("DestinationConfig") or {}).get("OnFailure") for one in configurations))


def _mapping(mapping: Any, _: Any) -> Reading:
    return Reading(
        content=(mapping._batch_size, mapping.filter_criteria, mapping.max_batch_window),
        capacity={"enabled": float(bool(mapping.enabled))},
        open=(f"{mapping._event_source_arn} -> {mapping.function_arn}",),
        uses=tuple(one for one in (mapping._event_source_arn, mapping.function_arn) if one),
    )


def _layer(layer: Any, _: Any) -> Reading:
    versions = {number: one.code_sha_256 for number, one in layer.layer_versions.items()}
    return Reading(items=len(versions), parts={"versions": versions} if versions else {})


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="lambda.function",
        service="lambda",
        members=_functions,
        arn=lambda function, _: str(function.function_arn),
        name=lambda function: str(function.function_name),
        read=_function,
    ),
    Kind(
        kind="lambda.event-source-mapping",
        service="lambda",
        members=lambda backend: backend._event_source_mappings.values(),
        arn=own_arn,
        name=lambda mapping: str(mapping.uuid),
        read=_mapping,
    ),
    Kind(
        kind="lambda.layer",
        service="lambda",
        members=lambda backend: [one for one in backend._layers._layers.values() if one.layer_versions],
        arn=lambda layer, _: str(layer.layer_arn),
        name=own_name,
        read=_layer,
    ),
)
