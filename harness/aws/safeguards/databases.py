"""Databases: deletion protection of RDS, DynamoDB and EMR, which moto enforces where it is set."""

from __future__ import annotations

from askfirst.harness.aws.safeguards.base import Refused, Safeguard, Situation


def _instance(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    if forced and situation.text("DBInstanceIdentifier") in situation.backend("rds").databases:
        code = "InvalidParameterCombination"
        message = "Cannot delete protected DB Instance, please disable deletion protection and try again."
        raise Refused(code, message)


def _cluster(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    if forced and situation.text("DBClusterIdentifier") in situation.backend("rds").clusters:
        code = "InvalidParameterCombination"
        message = "Cannot delete protected Cluster, please disable deletion protection and try again."
        raise Refused(code, message)


def _table(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    name = situation.text("TableName").rsplit("/", 1)[-1]
    table = situation.backend("dynamodb").tables.get(name)
    if forced and table is not None:
        code = "ValidationException"
        message = (
            f"Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
            f"first. Resource: {table.table_arn}"
        )
        raise Refused(code, message)


def _job_flows(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    known = situation.backend("emr").clusters
    if forced and any(one in known for one in situation.texts("JobFlowIds")):
        code = "ValidationException"
        message = "Could not shut down one or more job flows since they are termination protected."
        raise Refused(code, message)


RDS = Safeguard(
    name="rds-deletion-protection",
    summary="a database or cluster with deletion protection is not deleted",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
    checks={"rds:DeleteDBInstance": _instance, "rds:DeleteDBCluster": _cluster},
    by_mock=True,
)
DYNAMODB = Safeguard(
    name="dynamodb-deletion-protection",
    summary="a table with deletion protection is not deleted",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html",
    checks={"dynamodb:DeleteTable": _table},
    by_mock=True,
)
EMR = Safeguard(
    name="emr-termination-protection",
    summary="a cluster of EMR with termination protection is not terminated",
    source="https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_TerminationProtection.html",
    checks={"emr:TerminateJobFlows": _job_flows},
    by_mock=True,
)
