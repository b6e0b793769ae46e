"""Escapes 27 to 39: keys, templates, names, secrets, audit, access, and the name that comes back."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from botocore.exceptions import ClientError
from tests.oracles.destruction.case import GUARDRAILS, Case, Hand
from tests.oracles.destruction.production import TEMPLATE

from askfirst.harness.records import Effect

LOCKED = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "kms:*"}]})
NOBODY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}]}
)
NOTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})


def key(hand: Hand) -> str:
    """Give the id of the shop's key."""
    return str(hand("kms").describe_key(KeyId="alias/shop")["KeyMetadata"]["KeyId"])


def without(*logical_ids: str) -> str:
    """Give the shop's template without some members."""
    kept = {name: one for name, one in TEMPLATE["Resources"].items() if name not in logical_ids}
    return json.dumps({"Resources": kept})


def renamed() -> str:
    """Give the shop's template with another name for its queue: a property that only a replacement changes."""
    template: dict[str, Any] = json.loads(json.dumps(TEMPLATE))
    template["Resources"]["Inbox"]["Properties"]["QueueName"] = "shop-inbox-2"
    return json.dumps(template)


def _change_set(template: str, **more: str) -> Any:
    def act(hand: Hand) -> None:
        formation = hand("cloudformation")
        formation.create_change_set(StackName="shop", ChangeSetName="c", TemplateBody=template, **more)
        formation.execute_change_set(StackName="shop", ChangeSetName="c")

    return act


def _record(action: str, value: str) -> Any:
    def act(hand: Hand) -> None:
        dns = hand("route53")
        zone = dns.list_hosted_zones()["HostedZones"][0]["Id"]
        record = {"Name": "www.shop.example.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": value}]}
        changes = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)

    return act


def _unprotect(hand: Hand) -> None:
    balancing = hand("elbv2")
    arn = balancing.describe_load_balancers(Names=["front"])["LoadBalancers"][0]["LoadBalancerArn"]
    off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
    balancing.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=off)


def _retention(hand: Hand) -> None:
    kinesis = hand("kinesis")
    kinesis.increase_stream_retention_period(StreamName="clicks", RetentionPeriodHours=48)
    kinesis.decrease_stream_retention_period(StreamName="clicks", RetentionPeriodHours=24)


def _queue_again(hand: Hand) -> None:
    sqs = hand("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="orders")["QueueUrl"])
    sqs.create_queue(QueueName="orders")


def _table_again(hand: Hand) -> None:
    dynamodb = hand("dynamodb")
    dynamodb.delete_table(TableName="carts")
    dynamodb.create_table(
        TableName="carts",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def _stack_again(hand: Hand) -> None:
    formation = hand("cloudformation")
    formation.delete_stack(StackName="shop")
    with contextlib.suppress(ClientError):
        formation.create_stack(StackName="shop", TemplateBody=json.dumps(TEMPLATE))


CONTROL = (
    Case(
        "key booked for deletion",
        lambda h: h("kms").schedule_key_deletion(KeyId=key(h), PendingWindowInDays=7),
        27,
        Effect.GONE,
        ":key/",
    ),
    Case("key disabled", lambda h: h("kms").disable_key(KeyId=key(h)), 28, Effect.DISABLED, ":key/"),
    Case(
        "key policy that locks everybody out",
        lambda h: h("kms").put_key_policy(KeyId=key(h), PolicyName="default", Policy=LOCKED),
        28,
        Effect.CUT_OFF,
        ":key/",
    ),
    Case(
        "stack updated without its queue",
        lambda h: h("cloudformation").update_stack(StackName="shop", TemplateBody=without("Inbox")),
        29,
        Effect.GONE,
        ":shop-inbox",
    ),
    Case(
        "stack updated with a property that replaces",
        lambda h: h("cloudformation").update_stack(StackName="shop", TemplateBody=renamed()),
        30,
        Effect.GONE,
        ":shop-inbox",
    ),
    Case(
        "change set of type UPDATE executed",
        _change_set(without("Inbox"), ChangeSetType="UPDATE"),
        31,
        Effect.GONE,
        ":shop-inbox",
    ),
    Case("change set without a type executed", _change_set(without("Inbox")), 31, Effect.GONE, ":shop-inbox"),
    Case("name led to a dead address", _record("UPSERT", "192.0.2.99"), 32, Effect.CUT_OFF, "hostedzone/"),
    Case("name deleted", _record("DELETE", "192.0.2.1"), 32, Effect.DATA_LOST, "hostedzone/"),
    Case(
        "secret overwritten",
        lambda h: h("secretsmanager").put_secret_value(SecretId="shop/db", SecretString="two"),
        33,
        "rule",
        "shop/db",
    ),
    Case(
        "parameter overwritten",
        lambda h: h("ssm").put_parameter(Name="/shop/flag", Value="off", Type="String", Overwrite=True),
        33,
        "rule",
        "/shop/flag",
    ),
    Case(
        "log kept for a day",
        lambda h: h("logs").put_retention_policy(logGroupName="/shop/app", retentionInDays=1),
        34,
        Effect.WEAKENED,
        ":/shop/app",
        GUARDRAILS,
    ),
    Case(
        "trail stopped",
        lambda h: h("cloudtrail").stop_logging(Name="trail"),
        35,
        Effect.WEAKENED,
        ":trail/trail",
        GUARDRAILS,
    ),
    Case(
        "trail records reads only",
        lambda h: h("cloudtrail").put_event_selectors(
            TrailName="trail",
            EventSelectors=[{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True, "DataResources": []}],
        ),
        35,
        Effect.WEAKENED,
        ":trail/trail",
        GUARDRAILS,
    ),
    Case(
        "role that nobody may assume",
        lambda h: h("iam").update_assume_role_policy(RoleName="app", PolicyDocument=NOBODY),
        36,
        Effect.CUT_OFF,
        ":role/app",
    ),
    Case(
        "role denied everything",
        lambda h: h("iam").put_role_policy(RoleName="app", PolicyName="no", PolicyDocument=NOTHING),
        36,
        Effect.CUT_OFF,
        ":role/app",
    ),
    Case("protection of a load balancer off", _unprotect, 37, Effect.WEAKENED, ":loadbalancer/", GUARDRAILS),
    Case("retention of a stream raised and lowered again", _retention, 38, "rule", "clicks"),
    Case("queue deleted and made again", _queue_again, 39, Effect.GONE, ":orders"),
    Case("table deleted and made again", _table_again, 39, Effect.GONE, "table/carts"),
    Case("stack deleted and made again", _stack_again, 39, Effect.GONE, "table/shop-ledger"),
)
