"""API Gateway, REST: APIs with their methods and stages, and what callers come in by."""
# ruff: noqa: ANN401 - moto's objects have no common type

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_id
from askfirst.harness.aws.kinds.policies import ways
from askfirst.harness.records import Part


def _arn(path: str) -> Callable[[Any, Any], str]:
    """Give the function that says an ARN: API Gateway's name no account.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
    """

    def arn(thing: Any, backend: Any) -> str:
        return f"arn:{backend.partition}:apigateway:{backend.region_name}::/{path}/{thing.id}"

    return arn


def _api(api: Any, _: Any) -> Reading:
    allowed, denied = ways(api.policy)
    parts: dict[str, Part] = {}
    resources = api.resources
    for resource in resources.values():
        for verb, method in resource.resource_methods.items():
            parts[f"{verb} {_path(resource, resources)}"] = _method(method)
    for one in api.authorizers.values():
        parts[f"authorizer {one.name}"] = {"uri": str(one.authorizer_uri or one.provider_arns or "")}
    return Reading(
        items=len(parts),
        content=(api.description, api.api_key_source, str(api.endpoint_configuration), len(api.deployments)),
        aliases=(api.name,),
        capacity={"endpoint": 0.0 if api.disableExecuteApiEndpoint else 1.0},
        open=(*(f"stage {one}" for one in api.stages), *allowed),
        shut=denied,
        parts=parts,
    )


def _path(resource: Any, resources: Any) -> str:
    pieces: list[str] = []
    while resource is not None and resource.parent_id:
        pieces.insert(0, str(resource.path_part))
        resource = resources.get(resource.parent_id)
    return "/" + "/".join(pieces)


def _method(method: Any) -> dict[str, str]:
    """Say what a method does: it is nothing without its integration."""
    integration = method.method_integration
    if integration is None:
        return {"authorization": str(method.authorization_type or "")}
    return {
        "authorization": str(method.authorization_type or ""),
        "integration": f"{integration.integration_type} {integration.uri or ''}",
    }


def _stages(backend: Any) -> Iterable[Any]:
    return [_Stage(api, one) for api in backend.apis.values() for one in api.stages.values()]


class _Stage:
    """A stage with its API, whose id moto's stage does not know."""

    __slots__ = ("api", "stage")

    def __init__(self, api: Any, stage: Any) -> None:
        self.api = api
        self.stage = stage


def _stage_arn(one: Any, backend: Any) -> str:
    here = f"arn:{backend.partition}:apigateway:{backend.region_name}::/restapis"
    return f"{here}/{one.api.id}/stages/{one.stage.name}"


def _stage(one: Any, backend: Any) -> Reading:
    stage = one.stage
    return Reading(
        content=(
            stage.deployment_id,
            stage.description,
            sorted(map(str, stage.method_settings.items())),
            sorted(map(str, (stage.variables or {}).items())),
        ),
        guards={
            "access log": float(bool(stage.access_log_settings)),
            "tracing": float(bool(stage.tracing_enabled)),
            "firewall": float(bool(stage.web_acl_arn)),
        },
        uses=(f"arn:{backend.partition}:apigateway:{backend.region_name}::/restapis/{one.api.id}",),
    )


def _key(key: Any, _: Any) -> Reading:
    return Reading(
        content=(key.description, key.customer_id), aliases=(key.name,), capacity={"enabled": float(bool(key.enabled))}
    )


def _plan(plan: Any, backend: Any) -> Reading:
    keys = backend.usage_plan_keys.get(plan.id) or {}
    stages = [f"stage {one.get('apiId')}:{one.get('stage')}" for one in plan.api_stages or ()]
    return Reading(
        content=(plan.description, str(plan.throttle), str(plan.quota)),
        aliases=(plan.name,),
        open=(*stages, *(f"key {one}" for one in keys)),
    )


def _domain(domain: Any, backend: Any) -> Reading:
    paths = (backend.base_path_mappings.get(domain.domain_name) or {}).values()
    return Reading(
        content=(domain.certificate_arn, domain.regional_certificate_arn, domain.security_policy),
        open=tuple(f"/{one.base_path or ''} -> {one.rest_api_id}:{one.stage}" for one in paths),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="apigateway.rest-api",
        service="apigateway",
        members=lambda backend: backend.apis.values(),
        arn=_arn("restapis"),
        name=own_id,
        read=_api,
    ),
    Kind(
        kind="apigateway.stage",
        service="apigateway",
        members=_stages,
        arn=_stage_arn,
        name=lambda one: str(one.stage.name),
        read=_stage,
        # A deployment to a stage makes a new object in moto, without what was set on the old one; in AWS it is an update.
        physical=lambda one: f"{one.api.id} {one.stage.name}",
    ),
    Kind(
        kind="apigateway.api-key",
        service="apigateway",
        members=lambda backend: backend.keys.values(),
        arn=_arn("apikeys"),
        name=own_id,
        read=_key,
    ),
    Kind(
        kind="apigateway.usage-plan",
        service="apigateway",
        members=lambda backend: backend.usage_plans.values(),
        arn=_arn("usageplans"),
        name=own_id,
        read=_plan,
    ),
    Kind(
        kind="apigateway.domain-name",
        service="apigateway",
        members=lambda backend: backend.domain_names.values(),
        arn=lambda domain, backend: (
            f"arn:{backend.partition}:apigateway:{backend.region_name}::/domainnames/{domain.domain_name}"
        ),
        name=lambda domain: str(domain.domain_name),
        read=_domain,
    ),
    Kind(
        kind="apigateway.vpc-link",
        service="apigateway",
        members=lambda backend: backend.vpc_links.values(),
        arn=_arn("vpclinks"),
        name=own_id,
        read=lambda link, _: Reading(open=tuple(f"target {one}" for one in link.target_arns or ())),
    ),
)
