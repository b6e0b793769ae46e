"""Spellings of an action: IAM action, botocore id, glob, and what each stands for."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping

from askfirst.harness.authorization.matching import action_matcher, is_glob
from askfirst.harness.operations.table import Operation, by_iam_action, operations_of, services

SHARED = 3
"""An IAM action that more operations than this need says more than the name of one of them."""

UNTABLED: Mapping[str, bool] = {"iam:PassRole": False, "s3:DeleteObjectVersion": True}
"""IAM actions that belong to no operation of their own but are asked for by name, and whether they delete."""

ONLY_WITH: Mapping[str, str] = {
    "dynamodb:DeleteItem": r'"Delete": ',
    "dynamodb:PartiQLDelete": r'"Statement": "\s*delete',
    "dynamodb:PartiQLInsert": r'"Statement": "\s*insert',
    "dynamodb:PartiQLSelect": r'"Statement": "\s*select',
    "dynamodb:PartiQLUpdate": r'"Statement": "\s*update',
    "dynamodb:PutItem": r'"Put": ',
    "dynamodb:UpdateItem": r'"Update": ',
    "s3:DeleteObjectVersion": r'"VersionId": ',
    "s3:PutObjectAcl": r'"(?:ACL|Grant\w+)": ',
    "s3:PutObjectTagging": r'"Tagging',
}
"""Of several actions of one operation, those it needs only when its parameters, as JSON, say so."""

COMMANDS: Mapping[str, str] = {"s3api": "s3", "configservice": "config", "deploy": "codedeploy"}
"""Commands of the AWS command line that are not called like their service."""

# IAM prefix (as it also stands in ARNs) = services whose names do not begin with it.
_PREFIXES = """
access-analyzer=accessanalyzer aco-automation=compute-optimizer-automation aidevops=devops-agent airflow=mwaa
airflow-serverless=mwaa-serverless aoss=opensearchserverless app-integrations=appintegrations
applicationinsights=application-insights aps=amp aws-marketplace=marketplace-agreement,marketplace-catalog
aws-marketplace=marketplace-deployment,marketplace-discovery,marketplace-entitlement,marketplace-reporting
aws-marketplace=meteringmarketplace backup-search=backupsearch cases=connectcases
cassandra=keyspaces,keyspacesstreams cleanrooms-ml=cleanroomsml cloudformation=cloudcontrol
codeguru-profiler=codeguruprofiler connect-campaigns=connectcampaigns,connectcampaignsv2 elasticfilesystem=efs
elasticloadbalancing=elb,elbv2 elasticmapreduce=emr elemental-inference=elementalinference es=opensearch
events=eventbridgev2 execute-api=apigatewaymanagementapi geo=location health-agent=connecthealth
iam=cloudhsm iotjobsdata=iot-jobs-data iotmanagedintegrations=iot-managed-integrations
kinesisvideo=kinesis-video-archived-media,kinesis-video-media,kinesis-video-signaling
kinesisvideo=kinesis-video-webrtc-storage launchwizard=launch-wizard mechanicalturk=mturk mgh=migrationhub-config
migrationhub-orchestrator=migrationhuborchestrator migrationhub-strategy=migrationhubstrategy
mobiletargeting=pinpoint neptune-db=neptunedata notifications-contacts=notificationscontacts
pricingplanmanager=pricing-plan-manager profile=customer-profiles rds=docdb,neptune
refactor-spaces=migration-hub-refactor-spaces s3-object-lambda=s3 s3-outposts=s3control,s3outposts
scn=supplychain sdb=simpledbv2 servicequotas=service-quotas ses=mailmanager,pinpoint-email
sms-voice=pinpoint-sms-voice,pinpoint-sms-voice-v2 social-messaging=socialmessaging sso-oauth=sso-oidc
states=stepfunctions supportapp=support-app tag=resourcegroupstaggingapi thinclient=workspaces-thin-client
voiceid=voice-id wisdom=qconnect
"""


@functools.cache
def owners(prefix: str) -> tuple[str, ...]:
    """List the services, by botocore's names, that an IAM prefix or the service part of an ARN may belong to."""
    others = [
        name
        for one in _PREFIXES.split()
        if one.partition("=")[0] == prefix
        for name in one.partition("=")[2].split(",")
    ]
    return tuple(sorted({*others, *(one for one in services() if prefix and one.startswith(prefix))}))


@functools.lru_cache(maxsize=4096)
def covered(glob: str) -> tuple[Operation, ...]:
    """List the operations that an action covers, by an IAM action they need or by their own id."""
    fits = action_matcher(glob)
    prefix = glob.partition(":")[0].lower()
    if not is_glob(glob):
        operation = by_id(glob)
        return tuple(dict.fromkeys((*by_iam_action(glob), *([operation] if operation else ()))))
    among = services() if is_glob(prefix) else owners(prefix)
    return tuple(one for name in among for one in operations_of(name) if fits(one.id) or any(map(fits, one.iam)))


@functools.lru_cache(maxsize=4096)
def reach(action: str) -> tuple[str, ...]:
    """List the actions that a glob covers; what has no wildcard, or covers nothing, stays as it is."""
    if not is_glob(action):
        return (action,)
    fits = action_matcher(action)
    found = {name for one in covered(action) for name in one.iam or (one.id,) if fits(name)}
    return tuple(sorted(found)) or (action,)


@functools.lru_cache(maxsize=4096)
def destroys(action: str) -> bool:
    """Say whether an action, or anything its glob covers, deletes."""
    return action == "*" or UNTABLED.get(action, False) or any(one.destroys for one in covered(action))


@functools.lru_cache(maxsize=4096)
def names(action: str) -> frozenset[str]:
    """Give every name an action goes by: itself, the operations that need it, and what it needs as an operation."""
    operation = by_id(action)
    return frozenset({action, *(one.id for one in by_iam_action(action)), *(operation.iam if operation else ())})


def squeeze(name: str) -> str:
    """Make `DeleteStack`, `delete-stack` and `delete_stack` the same word."""
    return re.sub(r"[-_\s]", "", name).lower()


def by_id(name: str) -> Operation | None:
    """Find the operation that a botocore id names, in any case and with the command line's hyphens."""
    service, _, operation = name.partition(":")
    service = COMMANDS.get(service.lower(), service.lower())
    return next((one for one in operations_of(service) if squeeze(one.name) == squeeze(operation)), None)


def by_name(name: str, among: Iterable[str]) -> set[str]:
    """Find the operations of some services that are called so, without their service; give their actions."""
    return {spelled(one) for service in among for one in operations_of(service) if squeeze(one.name) == squeeze(name)}


def spelled(operation: Operation) -> str:
    """Give the action that says exactly this operation: its IAM action, or its id where that would say more."""
    always = [one for one in operation.iam if one not in ONLY_WITH] if len(operation.iam) > 1 else operation.iam
    if len(always) != 1:
        return operation.id
    action = always[0]
    if action.lower() == operation.id.lower():
        return action
    others = by_iam_action(action)
    alike = all((one.level, one.operation_class) == (operation.level, operation.operation_class) for one in others)
    return action if alike and len(others) <= SHARED else operation.id


def written(text: str) -> str | None:
    """Read an action written as IAM action, botocore id or glob ('s3:Delete*', 's3.delete_object'), else None."""
    if text == "*":
        return text
    found = re.fullmatch(r"([A-Za-z][\w-]*)\s*[:. ]\s*([\w*?-]+)", text)
    if found is None:
        return None
    service, operation = found[1].lower(), found[2]
    action = f"{service}:{operation}"
    if is_glob(action):
        return action if covered(action) else None
    owning = by_iam_action(action)
    if owning:
        return next(one for one in owning[0].iam if one.lower() == action.lower())
    known = by_id(action)
    if known is not None:
        return spelled(known)
    return next((one for one in UNTABLED if one.lower() == action.lower()), None)
