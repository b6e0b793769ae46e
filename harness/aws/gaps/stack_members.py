"""CloudFormation: taking away the members of stacks, one or all, as their policies say.

moto has no deletion for every type it can create: there a removed member stays, without a word. The most common of these
are deleted by their own service here; `stays` tells which are left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from askfirst.harness.aws.gaps.base import Situation, why_refused
from askfirst.harness.aws.gaps.stack_templates import side_of, surroundings_of
from askfirst.harness.aws.gaps.stacks import STACK_TYPE, Stack, members, physical_id, write_event, write_status
from askfirst.harness.operations.templates import Fate, Member, members_of

Backend = Callable[[str], Any]


def declared(situation: Situation, stack: Stack) -> Mapping[str, Member]:
    """Give the members a stack's template makes, with their policies."""
    side = side_of(stack)
    return members_of(side.template, side.parameters, surroundings_of(situation, stack))


def delete_all(
    situation: Situation,
    stack: Stack,
    *,
    retained: tuple[str, ...] = (),
    creating: bool = False,
    everything: bool = False,
) -> list[str]:
    """Delete members, the last of the template first, in passes until a pass gets nowhere; give those that stay.

    `creating` is True where the operation that created the stack is undone: then RetainExceptOnCreate retains nothing, and
    with `everything` no policy does.
    """
    policies = declared(situation, stack)
    left = list(members(stack))[::-1]
    reasons: dict[str, str] = {}
    while left:
        stuck = []
        for logical_id, thing, kind in left:
            policy = policies.get(logical_id)
            fate = Fate.DELETED if policy is None else policy.fate_on_removal
            if policy is not None and creating:
                fate = Fate.DELETED if everything else policy.fate_on_failed_creation
            reason = "" if logical_id in retained else part_with(situation, stack, logical_id, thing, kind, fate)
            if logical_id in retained:
                tell(situation, stack, logical_id, "DELETE_SKIPPED", thing=thing, kind=kind)
            if reason:
                reasons[logical_id] = reason
                stuck.append((logical_id, thing, kind))
            else:
                forget(stack, logical_id)
        if len(stuck) == len(left):
            break
        left = stuck
    for logical_id, thing, kind in left:
        tell(situation, stack, logical_id, "DELETE_FAILED", reasons[logical_id], thing=thing, kind=kind)
    return [logical_id for logical_id, _, _ in left]


def delete_whole(situation: Situation, stack: Stack, *, retained: tuple[str, ...] = ()) -> str:
    """Delete a stack with its members; give the reason if it stays, '' if it is gone."""
    stack.output_map = SettledOutputs(tuple(stack.output_map.values()), tuple(stack.exports))
    at, name = situation.now, stack.name
    write_status(stack, "DELETE_IN_PROGRESS", event_id=situation.uuid(f"{name}/start"), at=at, reason="User Initiated")
    failed = delete_all(situation, stack, retained=retained)
    if failed:
        reason = f"The following resource(s) failed to delete: [{', '.join(sorted(failed))}]. "
        write_status(stack, "DELETE_FAILED", event_id=situation.uuid(f"{name}/end"), at=at, reason=reason)
        return reason
    write_status(stack, "DELETE_COMPLETE", event_id=situation.uuid(f"{name}/end"), at=at)
    backend = situation.backend("cloudformation")
    for export in stack.exports:
        backend.exports.pop(export.name, None)
    backend.deleted_stacks[stack.stack_id] = backend.stacks.pop(stack.stack_id)
    return ""


def part_with(situation: Situation, stack: Stack, logical_id: str, thing: object, kind: str, fate: Fate) -> str:
    """Let one physical resource go as its policy says, and write the event; give the reason if it stays, '' otherwise."""
    if fate is Fate.RETAINED:
        tell(situation, stack, logical_id, "DELETE_SKIPPED", thing=thing, kind=kind)
        return ""
    if fate is Fate.SNAPSHOT:
        _snapshot(situation, f"{stack.name}-snapshot-{logical_id}".lower(), thing, kind)
    reason = _delete(situation, stack, logical_id, thing, kind)
    if not reason:
        tell(situation, stack, logical_id, "DELETE_COMPLETE", thing=thing, kind=kind)
    return reason


def forget(stack: Stack, logical_id: str) -> None:
    """Let a stack have a member no more."""
    stack.resource_map._parsed_resources.pop(logical_id, None)  # noqa: SLF001 - moto's own way of forgetting it


def tell(
    situation: Situation, stack: Stack, logical_id: str, status: str, reason: str = "", *, thing: object, kind: str
) -> None:
    """Write an event of a member."""
    at, member = situation.now, (thing, kind)
    event_id = f"{logical_id}-{status}-{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
    write_event(stack, status, event_id=event_id, at=at, logical_id=logical_id, reason=reason, member=member)


def stays(kind: str) -> bool:
    """Tell whether neither moto nor this module can delete a type that moto can create."""
    from moto.cloudformation.parsing import get_model_map

    if kind in OWN_DELETION or kind == STACK_TYPE:
        return False
    model = get_model_map().get(kind)
    if model is None or hasattr(model, "delete"):
        return False
    return hasattr(model.delete_from_cloudformation_json, "__isabstractmethod__")


@dataclass(frozen=True, slots=True)
class SettledOutputs:
    """The outputs of a stack whose members are gone, in place of moto's lazy map."""

    settled: tuple[Any, ...]
    exports: tuple[Any, ...]

    def values(self) -> tuple[Any, ...]:
        """Give the outputs, as moto's map does."""
        return self.settled


def _delete(situation: Situation, stack: Stack, logical_id: str, thing: object, kind: str) -> str:
    if kind == STACK_TYPE:
        nested: Any = thing
        return delete_whole(situation, nested) if nested.stack_id in situation.backend("cloudformation").stacks else ""
    if kind == "AWS::S3::Bucket":
        bucket = situation.backend("s3").buckets.get(physical_id(thing))
        if bucket is not None and any(bucket.keys.getlist(name) for name in bucket.keys):
            return (
                "The bucket you tried to delete is not empty. You must delete all versions in the bucket. "
                f"(Service: S3, Status Code: 409, Request ID: {situation.token(logical_id)[:16].upper()})"
            )
    try:
        if kind in OWN_DELETION:
            OWN_DELETION[kind](situation.backend, thing)
        else:
            description = stack.template_dict.get("Resources", {}).get(logical_id, {})
            described = {"Properties": {}, **description, "Type": kind}
            stack.resource_map._delete_resource(thing, described)  # noqa: SLF001
    except Exception as error:  # noqa: BLE001 - whatever a service of moto refuses with
        return why_refused(error)
    return ""


def _snapshot(situation: Situation, begins: str, thing: Any, kind: str) -> None:  # noqa: ANN401 - moto's objects have no common type
    """Make the snapshot a policy asks for, of the types of which moto keeps snapshots and which its stacks can create."""
    name = f"{begins}-{situation.token(physical_id(thing))[:12]}"
    if kind == "AWS::RDS::DBInstance" and name not in situation.backend("rds").database_snapshots:
        situation.backend("rds").create_db_snapshot(thing.db_instance_identifier, name)
    elif kind == "AWS::EC2::Volume":
        situation.backend("ec2").create_snapshot(thing.id, name, situation.account)
    elif kind == "AWS::Redshift::Cluster" and name not in situation.backend("redshift").snapshots:
        situation.backend("redshift").create_cluster_snapshot(thing.cluster_identifier, name, situation.region, [])


OWN_DELETION: Mapping[str, Callable[[Backend, Any], object]] = MappingProxyType(
    {
        "AWS::EC2::EIP": lambda backend, thing: backend("ec2").release_address(allocation_id=thing.allocation_id),
        "AWS::EC2::InternetGateway": lambda backend, thing: backend("ec2").delete_internet_gateway(thing.id),
        "AWS::EC2::NatGateway": lambda backend, thing: backend("ec2").delete_nat_gateway(thing.id),
        "AWS::EC2::Route": lambda backend, thing: backend("ec2").delete_route(
            thing.route_table.id, thing.destination_cidr_block
        ),
        "AWS::EC2::RouteTable": lambda backend, thing: backend("ec2").delete_route_table(thing.id),
        "AWS::EC2::Volume": lambda backend, thing: backend("ec2").delete_volume(thing.id),
        "AWS::ECS::Cluster": lambda backend, thing: backend("ecs").delete_cluster(thing.arn),
        "AWS::ECS::Service": lambda backend, thing: backend("ecs").delete_service(
            thing.cluster_name, thing.name, force=True
        ),
        "AWS::ElasticLoadBalancingV2::Listener": lambda backend, thing: backend("elbv2").delete_listener(thing.arn),
        "AWS::ElasticLoadBalancingV2::ListenerRule": lambda backend, thing: backend("elbv2").delete_rule(thing.arn),
        "AWS::ElasticLoadBalancingV2::TargetGroup": lambda backend, thing: backend("elbv2").delete_target_group(
            thing.arn
        ),
        "AWS::IAM::ManagedPolicy": lambda backend, thing: backend("iam").delete_policy(thing.arn),
        "AWS::ApiGateway::RestApi": lambda backend, thing: backend("apigateway").delete_rest_api(thing.id),
        "AWS::Redshift::Cluster": lambda backend, thing: backend("redshift").delete_cluster(
            cluster_identifier=thing.cluster_identifier, skip_final_snapshot=True
        ),
        "AWS::Route53::HostedZone": lambda backend, thing: backend("route53").delete_hosted_zone(thing.id),
    }
)
"""Types that moto creates by a stack and does not delete with it."""
