"""API Gateway, HTTP and WebSocket: APIs with their routes, integrations and stages, and what callers come in by."""
# ruff: noqa: ANN401 - moto's objects have no common type

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_id
from askfirst.harness.records import Part


def _api(api: Any, _: Any) -> Reading:
    parts: dict[str, Part] = {}
    for one in api.routes.values():
        parts[f"route {one.route_key}"] = {"target": str(one.target or "")}
    for one in api.integrations.values():
        parts[f"integration {one.id}"] = {"uri": f"{one.integration_type} {one.integration_uri or ''}"}
    for one in api.authorizers.values():
        parts[f"authorizer {one.name}"] = {"there": "yes"}
    return Reading(
        items=len(parts),
        content=(
            api.name,
            api.description,
            sorted((one.name, str(one.stage_variables), one.auto_deploy) for one in api.stages.values()),
        ),
        aliases=(api.name,),
        capacity={"endpoint": 0.0 if str(api.disable_execute_api_endpoint).lower() == "true" else 1.0},
        open=tuple(f"stage {one}" for one in api.stages),
        parts=parts,
    )


def _domain(domain: Any, backend: Any) -> Reading:
    mappings = [one for one in backend.api_mappings.values() if one.domain_name == domain.domain_name]
    return Reading(
        content=str(domain.domain_name_configurations),
        open=tuple(f"/{one.api_mapping_key or ''} -> {one.api_id}:{one.stage}" for one in mappings),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="apigatewayv2.api",
        service="apigatewayv2",
        members=lambda backend: backend.apis.values(),
        arn=own_arn,
        name=lambda api: str(api.api_id),
        read=_api,
    ),
    Kind(
        kind="apigatewayv2.domain-name",
        service="apigatewayv2",
        members=lambda backend: backend.domain_names.values(),
        arn=lambda domain, _: str(domain.domain_name_arn),
        name=lambda domain: str(domain.domain_name),
        read=_domain,
    ),
    Kind(
        kind="apigatewayv2.vpc-link",
        service="apigatewayv2",
        members=lambda backend: backend.vpc_links.values(),
        arn=own_arn,
        name=own_id,
        read=lambda link, _: Reading(open=tuple(f"subnet {one}" for one in link.subnet_ids or ())),
    ),
)
