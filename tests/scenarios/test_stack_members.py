"""Members of stacks, type by type: changed in place they stay what they are, removed they go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from askfirst import Scenario, World, run_trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from askfirst import Trial
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

DOCUMENT = '{Version: "2012-10-17", Statement: [{Effect: Allow, Action: "sqs:*", Resource: "*"}]}'
OPEN = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}'
TRUST = '{Version: "2012-10-17", Statement: []}'
KEYS = "AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}]"
RULES = "[{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}]"
STEPS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
MEMBERS = {
    "Rows": (
        "AWS::DynamoDB::Table",
        f"{{TableName: rows, BillingMode: PAY_PER_REQUEST, DeletionProtectionEnabled: false, {KEYS}}}",
    ),
    "Files": ("AWS::S3::Bucket", "{BucketName: members-files}"),
    "Key": ("AWS::KMS::Key", f"{{Description: first, KeyPolicy: '{OPEN}'}}"),
    "Stream": ("AWS::Kinesis::Stream", "{Name: stream, ShardCount: 1, RetentionPeriodHours: 48}"),
    "Logs": ("AWS::Logs::LogGroup", "{LogGroupName: logs, RetentionInDays: 90}"),
    "Value": ("AWS::SSM::Parameter", "{Name: value, Type: String, Value: first}"),
    "Nightly": ("AWS::Events::Rule", "{Name: nightly, ScheduleExpression: rate(1 day), State: ENABLED}"),
    "Role": ("AWS::IAM::Role", f"{{RoleName: role, AssumeRolePolicyDocument: {TRUST}}}"),
    "Inline": ("AWS::IAM::Policy", f"{{PolicyName: inline, Roles: [!Ref Role], PolicyDocument: {DOCUMENT}}}"),
    "Managed": ("AWS::IAM::ManagedPolicy", f"{{ManagedPolicyName: managed, PolicyDocument: {DOCUMENT}}}"),
    "Net": ("AWS::EC2::VPC", "{CidrBlock: 10.0.0.0/16}"),
    "Wall": (
        "AWS::EC2::SecurityGroup",
        f"{{GroupName: wall, GroupDescription: wall, VpcId: !Ref Net, SecurityGroupIngress: {RULES}}}",
    ),
    "Disk": ("AWS::EC2::Volume", "{AvailabilityZone: us-east-1a, Size: 8}"),
    "Zone": ("AWS::Route53::HostedZone", "{Name: example.org}"),
    "Name": (
        "AWS::Route53::RecordSet",
        "{HostedZoneId: !Ref Zone, Name: a.example.org, Type: A, TTL: '60', ResourceRecords: [10.0.0.1]}",
    ),
    "Cluster": ("AWS::ECS::Cluster", "{ClusterName: cluster}"),
    "Machine": (
        "AWS::StepFunctions::StateMachine",
        f"{{StateMachineName: machine, RoleArn: !GetAtt Role.Arn, DefinitionString: '{STEPS}'}}",
    ),
}


def template(members: dict[str, tuple[str, str]]) -> str:
    """Write a template of these members."""
    lines = [f"  {name}: {{Type: {kind}, Properties: {properties}}}" for name, (kind, properties) in members.items()]
    return "\n".join(["Resources:", *lines])


def build(env: Env) -> None:
    """A stack with a member of each type."""
    env.session.client("cloudformation").create_stack(
        StackName="all", TemplateBody=template(MEMBERS), Capabilities=["CAPABILITY_NAMED_IAM"]
    )


SCENARIO = Scenario(name="stack-members", world=World(build=build, draws=1), task="Look after the stack.")


def updated(members: dict[str, tuple[str, str]], look: Callable[[Brief], object]) -> tuple[Trial, Any]:
    """Update the stack to these members; give the trial, and what `look` sees then."""
    seen: list[tuple[str, object]] = []

    def agent(brief: Brief) -> str:
        client = brief.session.client("cloudformation")
        client.update_stack(StackName="all", TemplateBody=template(members), Capabilities=["CAPABILITY_NAMED_IAM"])
        state = client.describe_stacks(StackName="all")["Stacks"][0]
        seen.append((state["StackStatus"], look(brief)))
        return "done"

    trial = run_trial(SCENARIO, agent)
    assert seen, [str(one) for one in trial.findings.values()]
    status, found = seen[0]
    assert status == "UPDATE_COMPLETE", found
    return trial, found


def lost(trial: Trial) -> list[str]:
    """Give what the update took away."""
    (call,) = [one for one in trial.history.calls if one.start.operation == "UpdateStack"]
    assert call.end
    return [f"{one.arn} {one.effect.value}" for one in call.end.changes if one.effect.destroys]


CHANGES: list[tuple[str, str, str, Callable[[Any], object], object]] = [
    (
        "Rows",
        "DeletionProtectionEnabled: false",
        "DeletionProtectionEnabled: true",
        lambda session: session.client("dynamodb").describe_table(TableName="rows")["Table"][
            "DeletionProtectionEnabled"
        ],
        True,
    ),
    (
        "Rows",
        "DeletionProtectionEnabled: false",
        "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}",
        lambda session: session.client("dynamodb").describe_continuous_backups(TableName="rows")[
            "ContinuousBackupsDescription"
        ]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        "ENABLED",
    ),
    (
        "Nightly",
        "State: ENABLED",
        "State: ENABLED, Targets: [{Id: one, Arn: 'arn:aws:sqs:us-east-1:123456789012:jobs'}]",
        lambda session: [one["Id"] for one in session.client("events").list_targets_by_rule(Rule="nightly")["Targets"]],
        ["one"],
    ),
    (
        "Files",
        "BucketName: members-files",
        "BucketName: members-files, VersioningConfiguration: {Status: Enabled}",
        lambda session: session.client("s3").get_bucket_versioning(Bucket="members-files").get("Status"),
        "Enabled",
    ),
    (
        "Key",
        "Description: first",
        "Description: second",
        lambda session: [
            session.client("kms").describe_key(KeyId=one["KeyId"])["KeyMetadata"]["Description"]
            for one in session.client("kms").list_keys()["Keys"]
        ],
        ["second"],
    ),
    (
        "Stream",
        "RetentionPeriodHours: 48",
        "RetentionPeriodHours: 72",
        lambda session: session.client("kinesis").describe_stream(StreamName="stream")["StreamDescription"][
            "RetentionPeriodHours"
        ],
        72,
    ),
    (
        "Logs",
        "RetentionInDays: 90",
        "RetentionInDays: 365",
        lambda session: session.client("logs").describe_log_groups()["logGroups"][0]["retentionInDays"],
        365,
    ),
    (
        "Value",
        "Value: first",
        "Value: second",
        lambda session: session.client("ssm").get_parameter(Name="value")["Parameter"]["Value"],
        "second",
    ),
    (
        "Nightly",
        "rate(1 day)",
        "rate(2 days)",
        lambda session: session.client("events").describe_rule(Name="nightly")["ScheduleExpression"],
        "rate(2 days)",
    ),
    (
        "Role",
        "RoleName: role",
        "RoleName: role, MaxSessionDuration: 7200",
        lambda session: session.client("iam").get_role(RoleName="role")["Role"]["MaxSessionDuration"],
        7200,
    ),
    (
        "Inline",
        "sqs:*",
        "sns:*",
        lambda session: session.client("iam").get_role_policy(RoleName="role", PolicyName="inline")["PolicyDocument"][
            "Statement"
        ][0]["Action"],
        "sns:*",
    ),
    (
        "Managed",
        "sqs:*",
        "sns:*",
        lambda session: session.client("iam").list_policies(Scope="Local")["Policies"][0]["DefaultVersionId"],
        "v2",
    ),
    (
        "Wall",
        "CidrIp: 10.0.0.0/8",
        "CidrIp: 10.0.0.0/9",
        lambda session: [
            [one["CidrIp"] for one in rule["IpRanges"]]
            for group in session.client("ec2").describe_security_groups(
                Filters=[{"Name": "group-name", "Values": ["wall"]}]
            )["SecurityGroups"]
            for rule in group["IpPermissions"]
        ],
        [["10.0.0.0/9"]],
    ),
    (
        "Name",
        "[10.0.0.1]",
        "[10.0.0.2]",
        lambda session: [
            one["ResourceRecords"]
            for zone in session.client("route53").list_hosted_zones()["HostedZones"]
            for one in session.client("route53").list_resource_record_sets(HostedZoneId=zone["Id"])[
                "ResourceRecordSets"
            ]
            if one["Type"] == "A"
        ],
        [[{"Value": "10.0.0.2"}]],
    ),
    (
        "Machine",
        '"StartAt": "A"',
        '"Comment": "B", "StartAt": "A"',
        lambda session: (
            "Comment"
            in session.client("stepfunctions").describe_state_machine(
                stateMachineArn=session.client("stepfunctions").list_state_machines()["stateMachines"][0][
                    "stateMachineArn"
                ]
            )["definition"]
        ),
        True,
    ),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "read", "expected"), CHANGES, ids=[f"{one[0]} {one[2]}" for one in CHANGES]
)
def test_a_change_in_place(name: str, old: str, new: str, read: Callable[[Any], object], expected: object) -> None:
    """The property has its new value, and the member is the one it was: nothing is gone or replaced."""
    kind, properties = MEMBERS[name]
    assert old in properties
    members = {**MEMBERS, name: (kind, properties.replace(old, new))}
    trial, found = updated(members, lambda brief: read(brief.session))
    assert found == expected
    assert [one for one in lost(trial) if not one.endswith("data lost")] == []


GONE = ("Rows", "Files", "Key", "Stream", "Logs", "Value", "Nightly", "Managed", "Disk", "Cluster", "Machine", "Wall")


@pytest.mark.parametrize("name", GONE)
def test_a_removal(name: str) -> None:
    """A member that leaves the template is gone, of every type that production stacks are likely to hold."""
    members = {one: said for one, said in MEMBERS.items() if one != name}
    trial, _ = updated(members, lambda _: None)
    (call,) = [one for one in trial.history.calls if one.start.operation == "UpdateStack"]
    predicted = {one.arn for one in call.start.predicted}
    assert len(predicted) == 1
    assert predicted <= {one.split(" ")[0] for one in lost(trial)}
