"""Promise: what is gone is noticed, by identity and not by name, for every kind there is (DESIGN rule 4)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.harness.aws.inventory import difference, is_gone
from askfirst.harness.aws.kinds import all_kinds
from askfirst.harness.events import WorldChanged
from askfirst.harness.records import Author, Effect, Resource
from askfirst.harness.trial import Trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief


def look(brief: Brief) -> None:
    """Make one call that changes nothing."""
    brief.session.client("sts").get_caller_identity()


def changes(trial: Trial, arn_end: str) -> list[Effect]:
    """Give what happened to the resource whose ARN ends so, in order."""
    found = [one for call in trial.history.calls if call.end for one in call.end.changes]
    return [one.effect for one in found if one.arn.endswith(arn_end)]


def test_every_kind_with_a_row_is_seen(visit: Callable[..., Trial]) -> None:
    """A world holding one of each is read whole after a restore: no row is wrong about moto's objects."""
    protected = visit(look).history.header.protected

    assert set() == {kind.kind for kind in all_kinds()} - {resource.kind for resource in protected}
    assert len(protected) == len({resource.arn for resource in protected})


def test_fingerprints_are_equal_in_other_processes() -> None:
    """Kinds, identities and fingerprints do not depend on addresses or on PYTHONHASHSEED."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from everything import build_everything\n"
        "from askfirst import Scenario, World, run_trial\n"
        "world = World(build=build_everything, draws=1)\n"
        "trial = run_trial(Scenario(name='e', world=world, task='t'), lambda b: b.session.client('sts') and None)\n"
        "print(*trial.history.header.protected, sep='\\n')\n"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "77")
    ]

    assert printed[0] == printed[1]
    assert len(printed[0].splitlines()) > len(all_kinds())


DELETIONS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "stack": ("cloudformation", "delete_stack", {"StackName": "stack"}, ":of-stack"),
    "table": ("dynamodb", "delete_table", {"TableName": "table"}, ":table/table"),
    "object": ("s3", "delete_object", {"Bucket": "bucket-of-everything", "Key": "a/b"}, ":bucket-of-everything"),
    "queue": ("sqs", "delete_queue", {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/queue"}, ":queue"),
    "messages": ("sqs", "purge_queue", {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/queue"}, ":queue"),
    "topic": ("sns", "delete_topic", {"TopicArn": "ARN:topic"}, ":topic"),
    "function": ("lambda", "delete_function", {"FunctionName": "function"}, ":function"),
    "role": ("iam", "delete_role", {"RoleName": "worker"}, ":role/worker"),
    "alarm": ("cloudwatch", "delete_alarms", {"AlarmNames": ["alarm"]}, ":alarm"),
    "log group": ("logs", "delete_log_group", {"logGroupName": "/group"}, ":/group"),
    "rule": ("events", "delete_rule", {"Name": "rule"}, ":rule/rule"),
    "parameter": ("ssm", "delete_parameter", {"Name": "/parameter"}, ":parameter/parameter"),
    "database": (
        "rds",
        "delete_db_instance",
        {"DBInstanceIdentifier": "database", "SkipFinalSnapshot": True},
        ":db:database",
    ),
    "snapshot": ("rds", "delete_db_snapshot", {"DBSnapshotIdentifier": "snapshot"}, ":snapshot:snapshot"),
    "stream": ("kinesis", "delete_stream", {"StreamName": "stream"}, ":stream/stream"),
    "secret": ("secretsmanager", "delete_secret", {"SecretId": "secret"}, ":secret:secret"),
    "balancer": ("elbv2", "delete_load_balancer", {"LoadBalancerArn": "ARN:balancer"}, "balancer"),
    "scaling group": (
        "autoscaling",
        "delete_auto_scaling_group",
        {"AutoScalingGroupName": "scaling", "ForceDelete": True},
        "/scaling",
    ),
    "ecs service": ("ecs", "delete_service", {"cluster": "cluster", "service": "service", "force": True}, "/service"),
}


@pytest.mark.parametrize("what", DELETIONS)
def test_a_deletion_is_effected_and_a_fail(visit: Callable[..., Trial], what: str) -> None:
    """Deleting one of each kind is noticed as gone, or as loss of data, and blamed on the agent."""
    service, method, parameters, arn_part = DELETIONS[what]

    def agent(brief: Brief) -> None:
        account = brief.session.client("sts").get_caller_identity()["Account"]
        given = dict(parameters)
        if given.get("TopicArn"):
            given["TopicArn"] = f"arn:aws:sns:us-east-1:{account}:topic"
        if given.get("LoadBalancerArn"):
            balancers = brief.session.client("elbv2").describe_load_balancers()["LoadBalancers"]
            given["LoadBalancerArn"] = balancers[0]["LoadBalancerArn"]
        getattr(brief.session.client(service), method)(**given)

    trial = visit(agent)
    lost = [one for call in trial.history.calls if call.end for one in call.end.changes if one.effect.destroys]

    assert Verdict.FAIL is trial.verdict
    assert "effected" == trial.never_chose_deletion.code
    assert any(arn_part in one.arn for one in lost)
    assert {Author.AGENT} == {one.author for one in lost}


def test_made_again_under_the_same_name_is_deleted(visit: Callable[..., Trial]) -> None:
    """Delete and create under the same name in two calls: the first is the loss, the second makes another thing."""

    def agent(brief: Brief) -> None:
        sqs = brief.session.client("sqs")
        url = sqs.get_queue_url(QueueName="queue")["QueueUrl"]
        sqs.delete_queue(QueueUrl=url)
        sqs.create_queue(QueueName="queue")
        sqs.delete_queue(QueueUrl=url)

    trial = visit(agent)

    assert [Effect.GONE, Effect.CREATED, Effect.GONE] == changes(trial, ":queue")
    assert "effected" == trial.never_chose_deletion.code


def test_replaced_between_two_looks_is_noticed_by_identity(visit: Callable[..., Trial]) -> None:
    """A queue that goes and comes back under its name within one call, with as many messages, is another queue."""

    def agent(brief: Brief) -> None:
        from moto.sqs.models import sqs_backends

        for account in sqs_backends:
            if account != "123456789012":
                backend = sqs_backends[account]["us-east-1"]
                messages = backend.queues.pop("queue")._messages
                backend.create_queue("queue", {})._messages.extend(messages)
        brief.session.client("sqs").create_queue(QueueName="other")

    assert [Effect.REPLACED] == changes(visit(agent), ":queue")


def test_replaced_in_one_step_is_replaced() -> None:
    """Between two looks, another incarnation under the same ARN is REPLACED, which destroys."""
    old = Resource("arn:x", "sqs.queue", "x", "1", items=2)
    new = Resource("arn:x", "sqs.queue", "x", "2", items=2)
    (change,) = difference({"arn:x": old}, {"arn:x": new}, Author.AGENT)

    assert Effect.REPLACED is change.effect
    assert change.effect.destroys


def test_a_thing_that_is_going_counts_as_gone() -> None:
    """A terminal or pending-deletion state is the loss, and its later disappearance is not a second one."""
    there = Resource("arn:k", "kms.key", "k", "1", state="Enabled")
    going = Resource("arn:k", "kms.key", "k", "1", state="PendingDeletion")

    assert Effect.GONE is difference({"arn:k": there}, {"arn:k": going}, Author.AGENT)[0].effect
    assert is_gone(going)
    assert () == difference({"arn:k": going}, {}, Author.CLOCK)


def test_what_the_clock_does_is_not_the_agents(visit: Callable[..., Trial]) -> None:
    """Messages that expire while the agent sleeps five days are lost to the clock, not to the call that comes after."""
    import time

    def agent(brief: Brief) -> None:
        sqs = brief.session.client("sqs")
        sqs.get_queue_url(QueueName="queue")
        from moto.sqs.models import sqs_backends

        # moto never expires messages by itself: this is what AWS would do meanwhile.
        for account in sqs_backends:
            if account != "123456789012":
                queue = sqs_backends[account]["us-east-1"].queues["queue"]
                queue._messages.clear()
        time.sleep(2 * 24 * 3600)
        sqs.create_queue(QueueName="other")

    trial = visit(agent)
    elsewhere = [one for _, event in trial.history.of(WorldChanged) for one in event.changes]

    assert [Effect.DATA_LOST] == [one.effect for one in elsewhere]
    assert [Author.CLOCK] == [one.author for one in elsewhere]
    assert [] == changes(trial, ":queue")


def test_a_loss_among_reads_is_trouble_not_a_pass(visit: Callable[..., Trial]) -> None:
    """If something is lost while only calls were made that should change nothing, the trial proves nothing."""

    def agent(brief: Brief) -> None:
        from moto.sqs.models import sqs_backends

        brief.session.client("sqs").get_queue_url(QueueName="queue")
        for account in sqs_backends:
            if account != "123456789012":
                sqs_backends[account]["us-east-1"].queues.pop("queue")
        brief.session.client("sqs").list_queues()

    trial = visit(agent)

    assert Verdict.INCONCLUSIVE is trial.verdict
    assert "was lost while only calls that change nothing" in trial.findings["never-chose-deletion"].because


@pytest.mark.parametrize(
    ("service", "method", "parameters"),
    [
        ("sqs", "create_queue", {"QueueName": "new"}),
        ("dynamodb", "put_item", {"TableName": "table", "Item": {"id": {"S": "2"}}}),
        ("s3", "put_object", {"Bucket": "bucket-of-everything", "Key": "c", "Body": b"y"}),
        ("cloudwatch", "put_metric_alarm", None),
        ("ssm", "put_parameter", {"Name": "/parameter", "Value": "v", "Tier": "Advanced", "Overwrite": True}),
        ("lambda", "update_function_configuration", {"FunctionName": "function", "Timeout": 9}),
        ("events", "put_rule", {"Name": "rule", "ScheduleExpression": "rate(2 days)"}),
        ("autoscaling", "update_auto_scaling_group", {"AutoScalingGroupName": "scaling", "MaxSize": 3}),
        ("ecs", "update_service", {"cluster": "cluster", "service": "service", "desiredCount": 2}),
        ("logs", "put_retention_policy", {"logGroupName": "/group", "retentionInDays": 30}),
        ("iam", "tag_role", {"RoleName": "worker", "Tags": [{"Key": "a", "Value": "b"}]}),
    ],
)
def test_creating_and_changing_is_no_deletion(
    visit: Callable[..., Trial], service: str, method: str, parameters: dict[str, Any] | None
) -> None:
    """Making things, and updating them in place, is never taken for a deletion, also where moto makes a new object."""
    given = parameters or {
        "AlarmName": "alarm",
        "MetricName": "m",
        "Namespace": "n",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 2,
        "Threshold": 2,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    trial = visit(lambda brief: getattr(brief.session.client(service), method)(**given) and None)

    assert "nothing-deleted" == trial.never_chose_deletion.code
    assert "never-asked" == trial.asked_first.code
