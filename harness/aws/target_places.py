"""Services whose calls name things in ways of their own: tables in statements, services in clusters, any type by one name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from askfirst.harness.aws.target_index import Index
from askfirst.harness.operations.rules.values import at, mappings, text, texts
from askfirst.harness.records import Parameters, Resource

Places = list[tuple[str, list[Resource]]]
"""Each name with what it means."""

TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+[\"']?([\w.:/-]+)", re.IGNORECASE)
PARTIQL = ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction")


class Where:
    """Finds names for one call: its index, and its region and account."""

    def __init__(self, action: str, parameters: Parameters, region: str, account: str, index: Index) -> None:
        self.service, _, self.operation = action.partition(":")
        self.parameters = parameters
        self._region, self._account, self._index = region, account, index

    def text(self, *names: str) -> str:
        """Give the first of some parameters that is a text."""
        return next((found for name in names if (found := text(self.parameters.get(name)))), "")

    def find(self, value: str, kind: str, service: str = "", within: str = "") -> Places:
        """Find a name; `within` is a part of the ARN of what it lies in: 'service/cluster/'."""
        if not value:
            return []
        found = self._index.find(value, service or self.service, kind, self._region, self._account)
        if within:
            found = [one for one in found if within in one.arn]
        return [(value, found)]

    def latest(self, family: str) -> str:
        """Give the latest revision of a task definition that is named by its family alone."""
        names = [one.name for one in self._index.state.values() if one.kind == "ecs.task-definition"]
        revisions = [one for one in names if one.rpartition(":")[0] == family.rpartition("/")[2]]
        return max(revisions, key=lambda one: int(one.rpartition(":")[2]), default=family)

    def anywhere(self, arn: str) -> Places:
        """Find an ARN of any service."""
        return [(arn, self._index.anywhere(arn))] if arn else []


def places_of(action: str, parameters: Parameters, region: str, account: str, index: Index) -> Places | None:
    """Give what a call names in its service's own way, None where that has none."""
    special = SPECIAL.get(action.partition(":")[0])
    return None if special is None else special(Where(action, parameters, region, account, index))


def _dynamodb(where: Where) -> Places:
    given = where.parameters
    if where.operation in PARTIQL:
        several = given.get("Statements") or given.get("TransactStatements")
        asked = [text(one.get("Statement")) for one in mappings(several)] or [where.text("Statement")]
        tables = [found[1].split(".", 1)[0] for one in asked for found in TABLE.finditer(one)]
    elif where.operation in {"BatchWriteItem", "BatchGetItem"}:
        requested = given.get("RequestItems")
        tables = list(requested) if isinstance(requested, Mapping) else []
    elif "TransactItems" in given:
        tables = [
            text(inner.get("TableName"))
            for one in mappings(given["TransactItems"])
            for inner in one.values()
            if isinstance(inner, Mapping)
        ]
    elif where.operation in {"CreateBackup", "ExportTableToPointInTime"}:
        return where.find(where.text("BackupName"), r"dynamodb\.backup")
    elif where.text("TargetTableName"):
        tables = [where.text("TargetTableName")]
    elif where.text("BackupArn"):
        return where.find(where.text("BackupArn"), r"dynamodb\.backup")
    else:
        tables = [where.text("TableName", "TableArn", "ResourceArn", "GlobalTableName")]
    return [
        place
        for table in dict.fromkeys(tables)
        for place in where.find(table, r"dynamodb\.(global-)?table|dynamodb\.backup")
    ]


def _ecs(where: Where) -> Places:
    cluster = where.text("cluster").rsplit("/", 1)[-1] or "default"
    inside = f"/{cluster}/"
    given = where.parameters
    if where.text("service") or where.text("serviceName"):
        return where.find(where.text("service", "serviceName"), r"ecs\.service", within=inside)
    if where.operation in {"RunTask", "StartTask"}:
        return where.find(where.latest(where.text("taskDefinition")), r"ecs\.task-definition")
    if where.text("task"):
        return where.find(where.text("task"), r"ecs\.task", within=inside)
    instances = texts(given.get("containerInstance")) + texts(given.get("containerInstances"))
    if instances:
        return [place for one in instances for place in where.find(one, r"ecs\.container-instance", within=inside)]
    if where.operation == "RegisterTaskDefinition":
        return where.find(where.text("family"), r"ecs\.task-definition")
    definitions = texts(given.get("taskDefinition")) + texts(given.get("taskDefinitions"))
    if definitions:
        return [place for one in definitions for place in where.find(one, r"ecs\.task-definition")]
    if "CapacityProvider" in where.operation and not where.text("cluster"):
        return where.find(where.text("capacityProvider", "name"), r"ecs\.capacity-provider")
    named = where.text("cluster", "clusterName")
    return where.find(named, r"ecs\.cluster") or where.anywhere(where.text("resourceArn"))


def _eks(where: Where) -> Places:
    inside = f"/{where.text('clusterName')}/"
    for member, kind in (
        ("nodegroupName", r"eks\.nodegroup"),
        ("fargateProfileName", r"eks\.fargate-profile"),
        ("addonName", r"eks\.addon"),
    ):
        if where.text(member):
            return where.find(where.text(member), kind, within=inside)
    named = where.text("clusterName", "name")
    return where.find(named, r"eks\.cluster") or where.anywhere(where.text("resourceArn"))


def _events(where: Where) -> Places:
    bus = where.text("EventBusName").rsplit("/", 1)[-1]
    if where.operation in {"PutPermission", "RemovePermission"}:
        return where.find(bus or "default", r"events\.[\w-]*bus")
    if where.operation == "PutEvents":
        entries = mappings(where.parameters.get("Entries"))
        names = dict.fromkeys(text(one.get("EventBusName")) or "default" for one in entries)
        return [place for one in names for place in where.find(one, r"events\.[\w-]*bus")]
    if "Rule" in where.operation or where.operation in {"PutTargets", "RemoveTargets"}:
        name = where.text("Rule", "Name")
        found = where.find(name, r"events\.rule")
        own = "" if bus in {"", "default"} else f"{bus}/"
        return [(value, [one for one in several if one.arn.endswith(f":rule/{own}{name}")]) for value, several in found]
    name = where.text("ArchiveName", "ReplayName", "EndpointId", "Name")
    noun = re.sub(r"^[A-Z][a-z]+", "", where.operation)
    kind = (
        r"events\.(?:"
        + "|".join({noun.lower(), re.sub(r"(?<!^)([A-Z])", r"-\1", noun).lower(), "bus" if "Bus" in noun else "-"})
        + ")"
    )
    return where.find(name, kind) if name else where.anywhere(where.text("ResourceARN"))


def _scheduler(where: Where) -> Places:
    if where.operation.endswith("ScheduleGroup"):
        return where.find(where.text("Name"), r"scheduler\.(schedule-)?group")
    group = where.text("GroupName") or "default"
    name = where.text("Name")
    return where.find(name, r"scheduler\.schedule", within=f"/{group}/") or where.anywhere(where.text("ResourceArn"))


def _glue(where: Where) -> Places:
    given = where.parameters
    database = where.text("DatabaseName")
    inside = f":table/{database}/"
    tables = [where.text("TableName"), text(at(given, "TableInput", "Name")), *texts(given.get("TablesToDelete"))]
    if database and where.operation.startswith(("DeleteTable", "GetTable")):
        tables.append(where.text("Name"))
    if any(tables):
        return [place for one in filter(None, tables) for place in where.find(one, r"glue\.table", within=inside)]
    if "Database" in where.operation:
        return where.find(where.text("Name") or text(at(given, "DatabaseInput", "Name")), r"glue\.database")
    registry = at(given, "RegistryId") or at(given, "SchemaId")
    if isinstance(registry, Mapping):
        named = next(
            (
                one
                for name in ("SchemaArn", "SchemaName", "RegistryArn", "RegistryName")
                if (one := text(registry.get(name)))
            ),
            "",
        )
        return where.find(named, "")
    noun = re.sub(r"^[A-Z][a-z]+", "", where.operation).lower()
    named = where.text("Name", "JobName", "CrawlerName", "RegistryName", "SchemaName", "ConnectionName")
    stem = next(
        (one for one in ("crawler", "job", "trigger", "registry", "schema", "connection", "workflow") if one in noun),
        "",
    )
    return where.find(named, rf"glue\.{stem}[\w-]*" if stem else "") or where.anywhere(where.text("ResourceArn"))


def _ssm(where: Where) -> Places | None:
    given = where.parameters
    if where.operation in {"SendCommand", "StartSession", "CreateAssociation", "StartAutomationExecution"}:
        return []
    if "Parameter" in where.operation:
        names = [where.text("Name"), *texts(given.get("Names"))]
        return [place for one in filter(None, names) for place in where.find(one, r"ssm\.parameter")]
    if "Document" in where.operation:
        return where.find(where.text("Name"), r"ssm\.document")
    kind = {"Parameter": "parameter", "Document": "document", "MaintenanceWindow": "maintenance-window"}
    if where.text("ResourceId"):
        thing = kind.get(where.text("ResourceType"), r"[\w-]+")
        return where.find(where.text("ResourceId"), rf"ssm\.{thing}")
    if where.text("WindowId") or "MaintenanceWindow" in where.operation:
        return where.find(where.text("WindowId", "Name"), r"ssm\.maintenance-window")
    return where.find(where.text("AssociationId", "Name", "BaselineId", "InstanceId"), "")


def _apigateway(where: Where) -> Places | None:
    if where.operation in {"UpdateStage", "DeleteStage", "FlushStageCache", "FlushStageAuthorizersCache"}:
        api = where.text("restApiId")
        return where.find(where.text("stageName"), r"apigateway\.stage", within=f"/restapis/{api}/")
    return None


def _application_autoscaling(where: Where) -> Places:
    parts = where.text("ResourceId").split("/")
    match parts:
        case ["service", cluster, service]:
            return where.find(service, r"ecs\.service", "ecs", f"/{cluster}/")
        case ["table", table, *_]:
            return where.find(table, r"dynamodb\.table", "dynamodb")
        case [name] if name.startswith("cluster:"):
            return where.find(name.removeprefix("cluster:"), r"rds\.cluster", "rds")
        case _:
            return where.find(where.text("ResourceId"), "") or where.anywhere(where.text("ResourceARN"))


def _cloudcontrol(where: Where) -> Places:
    kinds = where.text("TypeName").split("::")
    if len(kinds) != 3:
        return where.find(where.text("Identifier"), "")
    service = CLOUDFORMATION.get(kinds[1], kinds[1].lower())
    thing = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", kinds[2]).lower()
    names = [part for part in where.text("Identifier").split("|") if part]
    exact = [
        place
        for name in names
        for place in where.find(name, rf"{re.escape(service)}\.(\w+-)?{thing.rsplit('-', 1)[-1]}", service)
    ]
    found = [place for place in exact if place[1]]
    return found or where.anywhere(where.text("Identifier"))


def _of_others(where: Where) -> Places:
    """Give what the services that work on others name."""
    match where.service:
        case "rds-data":
            return where.anywhere(where.text("resourceArn", "dbClusterOrInstanceArn"))
        case "redshift-data":
            return where.find(where.text("ClusterIdentifier"), r"redshift\.cluster", "redshift")
        case "athena":
            database = text(at(where.parameters, "QueryExecutionContext", "Database"))
            if where.operation == "StartQueryExecution":
                return where.find(database, r"glue\.database", "glue")
            return where.find(where.text("WorkGroup", "Name"), "")
        case _:
            return [place for arn in texts(where.parameters.get("ResourceARNList")) for place in where.anywhere(arn)]


def _kms(where: Where) -> Places:
    alias = where.text("AliasName")
    if where.operation in {"CreateAlias", "UpdateAlias"}:
        return [*where.find(where.text("TargetKeyId"), r"kms\.key"), *_known(where.find(alias, r"kms\.alias"))]
    return where.find(where.text("KeyId") or alias, "")


def _known(places: Places) -> Places:
    return [place for place in places if place[1]]


CLOUDFORMATION: Mapping[str, str] = MappingProxyType(
    {
        "ElasticLoadBalancingV2": "elbv2",
        "ElasticLoadBalancing": "elb",
        "Cognito": "cognito-idp",
        "KinesisFirehose": "firehose",
        "StepFunctions": "stepfunctions",
        "OpenSearchService": "opensearch",
    }
)
"""Services whose CloudFormation name is not botocore's."""

SPECIAL: Mapping[str, Callable[[Where], Places | None]] = MappingProxyType(
    {
        "apigateway": _apigateway,
        "application-autoscaling": _application_autoscaling,
        "athena": _of_others,
        "cloudcontrol": _cloudcontrol,
        "dynamodb": _dynamodb,
        "ecs": _ecs,
        "eks": _eks,
        "events": _events,
        "glue": _glue,
        "kms": _kms,
        "rds-data": _of_others,
        "redshift-data": _of_others,
        "resourcegroupstaggingapi": _of_others,
        "scheduler": _scheduler,
        "ssm": _ssm,
    }
)
