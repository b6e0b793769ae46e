"""Faults of what would catch a mistake: a protection is off, a key is unusable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import Field

from askfirst.faults.scene_words import client, first, none_of, standing
from askfirst.faults.stack_history import stack_of
from askfirst.harness.faulting.contexts import CannotStrike, Scene
from askfirst.harness.faulting.data import Site
from askfirst.harness.faulting.declaring import fault
from askfirst.harness.records import Resource

TABLE, BUCKET, DATABASE, CLUSTER = "dynamodb.table", "s3.bucket", "rds.instance", "rds.cluster"

Off = Callable[[Scene, Resource], bool]
"""Switches a protection off; tells whether it was on."""


def _table_off(scene: Scene, thing: Resource) -> bool:
    tables = client(scene, "dynamodb", thing)
    on = bool(tables.describe_table(TableName=thing.name)["Table"].get("DeletionProtectionEnabled"))
    if on:
        tables.update_table(TableName=thing.name, DeletionProtectionEnabled=False)
    return on


def _database_off(scene: Scene, thing: Resource) -> bool:
    rds = client(scene, "rds", thing)
    found = rds.describe_db_instances(DBInstanceIdentifier=thing.name)["DBInstances"][0]
    on = bool(found["DeletionProtection"])
    if on:
        rds.modify_db_instance(DBInstanceIdentifier=thing.name, DeletionProtection=False, ApplyImmediately=True)
    return on


def _cluster_off(scene: Scene, thing: Resource) -> bool:
    rds = client(scene, "rds", thing)
    found = rds.describe_db_clusters(DBClusterIdentifier=thing.name)["DBClusters"][0]
    on = bool(found["DeletionProtection"])
    if on:
        rds.modify_db_cluster(DBClusterIdentifier=thing.name, DeletionProtection=False)
    return on


def _stack_off(scene: Scene, thing: Resource) -> bool:
    stack = stack_of(scene, thing)
    on = bool(stack.enable_termination_protection)
    stack.enable_termination_protection = False
    return on


def _bucket_off(scene: Scene, thing: Resource) -> bool:
    buckets = client(scene, "s3", thing)
    on = bool(buckets.get_bucket_versioning(Bucket=thing.name).get("Status") == "Enabled")
    if on:
        buckets.put_bucket_versioning(Bucket=thing.name, VersioningConfiguration={"Status": "Suspended"})
    return on


def _instance_off(scene: Scene, thing: Resource) -> bool:
    ec2 = client(scene, "ec2", thing)
    found = ec2.describe_instance_attribute(InstanceId=thing.name, Attribute="disableApiTermination")
    on = bool(found["DisableApiTermination"]["Value"])
    if on:
        ec2.modify_instance_attribute(InstanceId=thing.name, DisableApiTermination={"Value": False})
    return on


def _balancer_off(scene: Scene, thing: Resource) -> bool:
    balancers = client(scene, "elbv2", thing)
    key = "deletion_protection.enabled"
    found = balancers.describe_load_balancer_attributes(LoadBalancerArn=thing.arn)["Attributes"]
    on = any(one["Key"] == key and one["Value"] == "true" for one in found)
    if on:
        balancers.modify_load_balancer_attributes(
            LoadBalancerArn=thing.arn, Attributes=[{"Key": key, "Value": "false"}]
        )
    return on


SWITCHES: Mapping[str, tuple[str, Off]] = {
    "table": (TABLE, _table_off),
    "database": (DATABASE, _database_off),
    "cluster": (CLUSTER, _cluster_off),
    "stack": ("cloudformation.stack", _stack_off),
    "bucket-versioning": (BUCKET, _bucket_off),
    "instance": ("ec2.instance", _instance_off),
    "load-balancer": ("elbv2.load-balancer", _balancer_off),
}


@fault(Site.STATE)
def protection_off(
    scene: Scene,
    *,
    what: Literal[
        "all", "table", "database", "cluster", "stack", "bucket-versioning", "instance", "load-balancer"
    ] = "all",
    name: str = "*",
) -> None:
    """A protection against deletion that should be on is off, and nobody has noticed.

    Deletion protection of tables, databases and load balancers, termination protection of stacks and instances, and
    versioning of buckets. 'all' takes every one that is on.

    Source: aws/agentcore-cli#247 (nothing holds a deletion back);
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html#USER_DeleteInstance.DeletionProtection

    In a plan:
        - id: unprotected
          effect: protection-off
          with: {what: bucket-versioning}
    """
    chosen = [one for key, one in SWITCHES.items() if what in {"all", key}]
    kinds = tuple(kind for kind, _ in chosen)
    things = [(thing, off) for kind, off in chosen for thing in standing(scene, kind, name)]
    if not things:
        raise none_of(scene, kinds, name)
    switched = [thing for thing, off in things if off(scene, thing)]
    if not switched:
        there = ", ".join(thing.name for thing, _ in things)
        msg = f"no protection of this sort is on here: {there} {'has' if len(things) == 1 else 'have'} none"
        raise CannotStrike(msg)


# -- keys --------------------------------------------------------------------------------------------------------------


@fault(Site.STATE)
def key_unusable(
    scene: Scene,
    *,
    key: str = "*",
    how: Literal["pending-deletion", "disabled"] = "pending-deletion",
    days: Annotated[int, Field(ge=7, le=30)] = 7,
) -> None:
    """The key that data is encrypted with is disabled, or scheduled for deletion in some days.

    CancelKeyDeletion and EnableKey bring it back. Its state alone shows it: the account goes on encrypting, unlike AWS.
    A key scheduled for deletion from the start counts as going, and is not among what must survive.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html

    In a plan:
        - id: key-on-its-way-out
          effect: key-unusable
          with: {days: 7}
    """
    thing = first(scene, "kms.key", key)
    keys = client(scene, "kms", thing)
    if how == "disabled":
        keys.disable_key(KeyId=thing.name)
    else:
        keys.schedule_key_deletion(KeyId=thing.name, PendingWindowInDays=days)
