"""What an update does to each resource, foretold from two templates: a table of pairs, and properties of the diff."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from askfirst.harness.operations.templates import EMPTY, EntryKind, Fate, Side, Surroundings, diff, read

ADDED, REMOVED, REPLACED, MODIFIED, UNCHANGED = (
    EntryKind.ADDED,
    EntryKind.REMOVED,
    EntryKind.REPLACED,
    EntryKind.MODIFIED,
    EntryKind.UNCHANGED,
)
MAY, MAY_GO = EntryKind.MAY_BE_REPLACED, EntryKind.MAY_BE_REMOVED
KEPT, DELETED, SNAPSHOT, RETAINED, NONE = Fate.KEPT, Fate.DELETED, Fate.SNAPSHOT, Fate.RETAINED, Fate.NONE

QUEUE = "{Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}"
KEEP = "Keep: {Type: AWS::SNS::Topic}"


@dataclass(frozen=True)
class Pair:
    """Two templates (the text of `Resources`, or all of it) and what each logical id comes to."""

    name: str
    old: str
    new: str
    expected: dict[str, tuple[EntryKind, Fate]]
    forced: dict[str, tuple[str, ...]] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] | None = None

    def __str__(self) -> str:
        """Name the case."""
        return self.name


def template(text: str) -> str:
    """Wrap the resources in a template unless the text is a whole one."""
    if "Resources:" in text or text.startswith("{"):
        return text
    body = "".join(f"\n  {line}" for line in text.splitlines())
    return f"Resources:{body}\n"


def removal(name: str, kind: str, policy: str, fate: Fate, properties: str = "{}") -> Pair:
    """A resource that leaves the template."""
    said = f", DeletionPolicy: {policy}" if policy else ""
    gone = f"Gone: {{Type: {kind}, Properties: {properties}{said}}}"
    return Pair(name, f"{KEEP}\n{gone}", KEEP, {"Keep": (UNCHANGED, KEPT), "Gone": (REMOVED, fate)})


def change(
    kind: str, old: str, new: str, expected: EntryKind, *forced: str, fate: Fate | None = None, policy: str = ""
) -> Pair:
    """A resource whose properties change."""
    said = f", UpdateReplacePolicy: {policy}" if policy else ""
    before, after = (f"One: {{Type: {kind}, Properties: {{{one}}}{said}}}" for one in (old, new))
    fate = fate or (DELETED if expected in {REPLACED, MAY} else KEPT)
    name = f"{kind.removeprefix('AWS::')} {old} -> {new} {policy}"
    return Pair(name, before, after, {"One": (expected, fate)}, {"One": forced})


REMOVALS = [
    removal("no policy deletes", "AWS::SQS::Queue", "", DELETED),
    removal("Delete", "AWS::SQS::Queue", "Delete", DELETED),
    removal("Retain", "AWS::SQS::Queue", "Retain", RETAINED),
    removal("RetainExceptOnCreate retains in an update", "AWS::SQS::Queue", "RetainExceptOnCreate", RETAINED),
    removal("Snapshot of a volume", "AWS::EC2::Volume", "Snapshot", SNAPSHOT),
    removal("Snapshot of what has none deletes", "AWS::SQS::Queue", "Snapshot", DELETED),
    removal("a volume has no default snapshot", "AWS::EC2::Volume", "", DELETED),
    removal("a database leaves a snapshot by default", "AWS::RDS::DBInstance", "", SNAPSHOT),
    removal("a database cluster too", "AWS::RDS::DBCluster", "", SNAPSHOT),
    removal("a database in a cluster does not", "AWS::RDS::DBInstance", "", DELETED, "{DBClusterIdentifier: a}"),
    removal("unless it says Delete", "AWS::RDS::DBInstance", "Delete", DELETED),
    removal("a table has no default snapshot", "AWS::DynamoDB::Table", "", DELETED),
    removal("a nested stack", "AWS::CloudFormation::Stack", "", DELETED, "{TemplateURL: https://x/y}"),
]

CHANGES = [
    change("AWS::SQS::Queue", "QueueName: a", "QueueName: b", REPLACED, "QueueName"),
    change("AWS::SQS::Queue", "QueueName: a", "", REPLACED, "QueueName"),
    change("AWS::SQS::Queue", "VisibilityTimeout: 30", "VisibilityTimeout: 60", MODIFIED),
    change("AWS::SQS::Queue", "VisibilityTimeout: 30", "VisibilityTimeout: '30'", UNCHANGED),
    change("AWS::SQS::Queue", "FifoQueue: true", "FifoQueue: 'true'", UNCHANGED),
    change("AWS::SQS::Queue", "QueueName: a", "QueueName: b", REPLACED, "QueueName", fate=RETAINED, policy="Retain"),
    change("AWS::SQS::Queue", "QueueName: a", "QueueName: b", REPLACED, "QueueName", policy="Delete"),
    change("AWS::SNS::Topic", "TopicName: a", "TopicName: b", REPLACED, "TopicName"),
    change("AWS::DynamoDB::Table", "TableName: a", "TableName: b", REPLACED, "TableName"),
    change(
        "AWS::DynamoDB::Table",
        "KeySchema: [{AttributeName: a, KeyType: HASH}]",
        "KeySchema: [{AttributeName: b, KeyType: HASH}]",
        REPLACED,
        "KeySchema",
    ),
    change("AWS::DynamoDB::Table", "BillingMode: PROVISIONED", "BillingMode: PAY_PER_REQUEST", MODIFIED),
    change("AWS::S3::Bucket", "BucketName: a", "BucketName: b", REPLACED, "BucketName"),
    change("AWS::Lambda::Function", "FunctionName: a", "FunctionName: b", REPLACED, "FunctionName"),
    change("AWS::Lambda::Function", "MemorySize: 128", "MemorySize: 256", MODIFIED),
    change("AWS::IAM::Role", "Path: /a/", "Path: /b/", REPLACED, "Path"),
    change("AWS::Logs::LogGroup", "LogGroupName: a", "LogGroupName: b", REPLACED, "LogGroupName"),
    change("AWS::SSM::Parameter", "Name: a", "Name: b", REPLACED, "Name"),
    change("AWS::Kinesis::Stream", "Name: a", "Name: b", REPLACED, "Name"),
    change("AWS::EC2::VPC", "CidrBlock: 10.0.0.0/16", "CidrBlock: 10.1.0.0/16", REPLACED, "CidrBlock"),
    change("AWS::EC2::VPC", "InstanceTenancy: dedicated", "InstanceTenancy: default", MODIFIED),
    change("AWS::EC2::VPC", "InstanceTenancy: default", "InstanceTenancy: dedicated", REPLACED, "InstanceTenancy"),
    change("AWS::EC2::Instance", "ImageId: ami-1", "ImageId: ami-2", REPLACED, "ImageId"),
    change("AWS::EC2::Instance", "InstanceType: t3.small", "InstanceType: t3.large", MAY, "InstanceType"),
    change(
        "AWS::RDS::DBInstance",
        "Engine: mysql",
        "Engine: postgres",
        REPLACED,
        "Engine",
        fate=SNAPSHOT,
        policy="Snapshot",
    ),
    change("AWS::RDS::DBInstance", "Engine: mysql", "Engine: postgres", REPLACED, "Engine"),
    change("AWS::RDS::DBInstance", "StorageEncrypted: false", "StorageEncrypted: true", REPLACED, "StorageEncrypted"),
    change("AWS::RDS::DBInstance", "AllocatedStorage: 20", "AllocatedStorage: 30", MODIFIED),
    change("AWS::EFS::FileSystem", "Encrypted: false", "Encrypted: true", REPLACED, "Encrypted"),
    change("AWS::ElasticBeanstalk::Environment", "Tier: {Name: Web}", "Tier: {Name: Worker}", REPLACED, "Tier.Name"),
    change("AWS::ElasticBeanstalk::Environment", "Tier: {Version: 1}", "Tier: {Version: 2}", MODIFIED),
    change(
        "AWS::SSMQuickSetup::ConfigurationManager",
        "ConfigurationDefinitions: [{Type: a, id: 1}]",
        "ConfigurationDefinitions: [{Type: b, id: 1}]",
        REPLACED,
        "ConfigurationDefinitions.*.Type",
    ),
    change("AWS::DynamoDB::Table", "KeySchema: !ImportValue a", "KeySchema: !ImportValue b", MAY, "KeySchema"),
    change("AWS::SQS::Queue", "Tags: [!Ref AWS::NoValue]", "Tags: []", UNCHANGED),
    change("AWS::SQS::Queue", "RedrivePolicy: {a: !Ref AWS::NoValue}", "RedrivePolicy: {}", UNCHANGED),
    change("AWS::KMS::Key", "Description: a", "Description: b", MODIFIED),
    change("AWS::Redshift::Cluster", "DBName: a", "DBName: b", REPLACED, "DBName", fate=SNAPSHOT, policy="Snapshot"),
    change("AWS::AutoScaling::AutoScalingGroup", "LaunchConfigurationName: a", "LaunchConfigurationName: b", MODIFIED),
    change("Custom::Thing", "ServiceToken: a, Size: 1", "ServiceToken: a, Size: 2", MAY, "Size"),
    change("Nobody::Knows::This", "Size: 1", "Size: 2", MAY, "Size"),
    change("AWS::SQS::Queue", "QueueName: !ImportValue a", "QueueName: !ImportValue b", MAY, "QueueName"),
    change("AWS::SQS::Queue", "QueueName: !ImportValue a", "QueueName: !ImportValue a", UNCHANGED),
    change("AWS::SQS::Queue", "QueueName: !ImportValue a", "QueueName: plain", MAY, "QueueName"),
    change("AWS::SQS::Queue", "QueueName: !Ref AWS::NoValue", "", UNCHANGED),
    change("AWS::SQS::Queue", "QueueName: !Sub 'a-${AWS::Region}'", "QueueName: a-us-east-1", UNCHANGED),
    change("AWS::SQS::Queue", "QueueName: !Join ['-', [a, b]]", "QueueName: !Sub a-b", UNCHANGED),
    change("AWS::SQS::Queue", "QueueName: !Select [1, !Split [',', 'x,y']]", "QueueName: y", UNCHANGED),
    change(
        "AWS::RDS::DBInstance",
        "MasterUsername: '{{resolve:secretsmanager:a}}', AllocatedStorage: 20",
        "MasterUsername: '{{resolve:secretsmanager:a}}', AllocatedStorage: 30",
        MAY,
        "MasterUsername",
    ),
    change(
        "AWS::RDS::DBInstance",
        "MasterUsername: '{{resolve:secretsmanager:a}}', AllocatedStorage: 20",
        "MasterUsername: '{{resolve:secretsmanager:a}}', AllocatedStorage: 20",
        UNCHANGED,
    ),
]

STAGED = """
Parameters: {{Stage: {{Type: String, Default: dev}}, Image: {{Type: String, Default: ami-1}}}}
Mappings: {{Sizes: {{dev: {{Size: 1}}, prod: {{Size: 2}}}}}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  Both: !And [!Condition IsProd, !Not [!Equals [!Ref Image, '']]]
Resources:
  Jobs: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !Sub "jobs-${{Stage}}"}}}}
  Sized: {{Type: AWS::SQS::Queue, Properties: {{VisibilityTimeout: !FindInMap [Sizes, !Ref Stage, Size]}}}}
  Audit: {{Type: AWS::SNS::Topic, Condition: Both, DeletionPolicy: {policy}}}
  Chosen: {{Type: AWS::SNS::Topic, Properties: {{TopicName: !If [IsProd, !Ref AWS::NoValue, small]}}}}
"""
SSM = """
Parameters: {Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /ami}}
Resources: {Server: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Image}}}
"""
UNDECIDED = """
Parameters: {Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /ami}}
Conditions: {New: !Equals [!Ref Image, x]}
Resources: {Server: {Type: AWS::SNS::Topic, Condition: New}}
"""
NETWORK = """
Net: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: {cidr}}}}}
Sub: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Net, CidrBlock: 10.0.0.0/24}}}}
Box: {{Type: AWS::EC2::Instance, Properties: {{SubnetId: !Ref Sub}}}}
Note: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: !GetAtt Net.CidrBlock}}}}
"""
POINTING = """
Dead: {{Type: AWS::SQS::Queue, Properties: {{QueueName: {name}, VisibilityTimeout: {seconds}}}}}
Jobs: {{Type: AWS::SQS::Queue, Properties: {{RedrivePolicy: {{deadLetterTargetArn: !GetAtt Dead.Arn}}}}}}
Named: {{Type: AWS::SNS::Topic, Properties: {{TopicName: !Sub "about-${{Dead.QueueName}}"}}}}
"""

OTHERS = [
    Pair(
        "parameters and conditions make the difference",
        STAGED.format(policy="Retain"),
        STAGED.format(policy="Retain"),
        {
            "Jobs": (REPLACED, DELETED),
            "Sized": (MODIFIED, KEPT),
            "Audit": (REMOVED, RETAINED),
            "Chosen": (REPLACED, DELETED),
        },
        before={"Stage": "prod"},
        after={"Stage": "dev"},
    ),
    Pair(
        "the same by the other way",
        STAGED.format(policy="Delete"),
        STAGED.format(policy="Delete"),
        {
            "Jobs": (REPLACED, DELETED),
            "Sized": (MODIFIED, KEPT),
            "Audit": (ADDED, NONE),
            "Chosen": (REPLACED, DELETED),
        },
        after={"Stage": "prod"},
    ),
    Pair(
        "Fn::If takes the first where the condition holds",
        "Conditions: {Yes: !Equals [a, a]}\nResources:\n"
        "  T: {Type: AWS::SNS::Topic, Properties: {TopicName: !If [Yes, big, small]}}",
        "T: {Type: AWS::SNS::Topic, Properties: {TopicName: big}}",
        {"T": (UNCHANGED, KEPT)},
    ),
    Pair(
        "a policy alone is a change",
        STAGED.format(policy="Retain"),
        STAGED.format(policy="Delete"),
        {
            "Jobs": (UNCHANGED, KEPT),
            "Sized": (UNCHANGED, KEPT),
            "Audit": (MODIFIED, KEPT),
            "Chosen": (UNCHANGED, KEPT),
        },
        before={"Stage": "prod"},
    ),
    Pair(
        "a renamed logical id is a removal and a creation",
        f"Old: {QUEUE}",
        f"New: {QUEUE}",
        {"Old": (REMOVED, DELETED), "New": (ADDED, NONE)},
    ),
    Pair(
        "another type under the same logical id",
        "One: {Type: AWS::SQS::Queue}",
        "One: {Type: AWS::SNS::Topic}",
        {"One": (REPLACED, DELETED)},
        {"One": ("Type",)},
    ),
    Pair("a parameter from Systems Manager may be new", SSM, SSM, {"Server": (MAY, DELETED)}, {"Server": ("ImageId",)}),
    Pair("a condition on it may end the resource", UNDECIDED, UNDECIDED, {"Server": (MAY_GO, DELETED)}),
    Pair(
        "a replacement brings about others, through Ref",
        NETWORK.format(cidr="10.0.0.0/16"),
        NETWORK.format(cidr="10.0.0.0/8"),
        {"Net": (REPLACED, DELETED), "Sub": (REPLACED, DELETED), "Box": (REPLACED, DELETED), "Note": (MODIFIED, KEPT)},
        {"Net": ("CidrBlock",), "Sub": ("VpcId",), "Box": ("SubnetId",)},
    ),
    Pair(
        "and through GetAtt and Sub",
        POINTING.format(name="a", seconds=1),
        POINTING.format(name="b", seconds=1),
        {"Dead": (REPLACED, DELETED), "Jobs": (MODIFIED, KEPT), "Named": (REPLACED, DELETED)},
    ),
    Pair(
        "a change in place brings about nothing",
        POINTING.format(name="a", seconds=1),
        POINTING.format(name="a", seconds=2),
        {"Dead": (MODIFIED, KEPT), "Jobs": (UNCHANGED, KEPT), "Named": (UNCHANGED, KEPT)},
    ),
    Pair(
        "another resource is pointed at",
        "A: {Type: AWS::EC2::VPC}\nB: {Type: AWS::EC2::VPC}\nS: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref A}}",
        "A: {Type: AWS::EC2::VPC}\nB: {Type: AWS::EC2::VPC}\nS: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref B}}",
        {"A": (UNCHANGED, KEPT), "B": (UNCHANGED, KEPT), "S": (REPLACED, DELETED)},
    ),
    Pair(
        "what a nested stack gives may change with it",
        "N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a}}\n"
        "Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt N.Outputs.Name}}",
        "N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: b}}\n"
        "Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt N.Outputs.Name}}",
        {"N": (MODIFIED, KEPT), "Q": (MAY, DELETED)},
    ),
    Pair(
        "JSON and YAML are the same template",
        '{"Resources": {"A": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "a-${AWS::Region}"}}},'
        ' "R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17"}}}}}',
        "A: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub 'a-${AWS::Region}'}}\n"
        "R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: 2012-10-17}}}",
        {"A": (UNCHANGED, KEPT), "R": (UNCHANGED, KEPT)},
    ),
    Pair(
        "GetAtt as text and as list, Sub and Join, are the same",
        "D: {Type: AWS::SQS::Queue}\n"
        "A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub 'x-${D.QueueName}', DisplayName: !GetAtt [D, Arn]}}",
        "D: {Type: AWS::SQS::Queue}\n"
        "A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Join ['', [x-, !GetAtt D.QueueName]], DisplayName: !GetAtt D.Arn}}",
        {"D": (UNCHANGED, KEPT), "A": (UNCHANGED, KEPT)},
    ),
]

PAIRS = [*REMOVALS, *CHANGES, *OTHERS]


def compared(pair: Pair) -> Any:
    """Give the diff of a pair."""
    after = pair.before if pair.after is None else pair.after
    return diff(Side(read(template(pair.old)), pair.before), Side(read(template(pair.new)), after))


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_pair(pair: Pair) -> None:
    """Each logical id comes to what CloudFormation's documentation says, and the property that forces it is named."""
    found = compared(pair)
    assert pair.expected == {one.logical_id: (one.kind, one.fate) for one in found.entries}
    for logical_id, forced in pair.forced.items():
        assert forced == found.of(logical_id).forced_by
    assert found.empty is all(kind is UNCHANGED for kind, _ in pair.expected.values())


def test_the_table_is_as_long_as_promised() -> None:
    """At least 40 pairs, and replacements of at least 12 types."""
    assert len(PAIRS) >= 40
    assert len({one.name.split()[0] for one in CHANGES if one.expected["One"][0] is REPLACED}) >= 12


def test_a_changed_type_is_told_apart() -> None:
    """AWS refuses to update a resource to another type, so the diff says which."""
    pair = next(one for one in OTHERS if "another type" in one.name)
    assert compared(pair).type_changed == ("One",)


NAMED = [
    ("AWS::DynamoDB::Table", "TableName: a, KeySchema: [{A: a}]", "TableName: a, KeySchema: [{A: b}]", "a"),
    ("AWS::DynamoDB::Table", "KeySchema: [{A: a}]", "KeySchema: [{A: b}]", ""),
    ("AWS::DynamoDB::Table", "TableName: a, KeySchema: [{A: a}]", "TableName: b, KeySchema: [{A: b}]", ""),
    ("AWS::SQS::Queue", "QueueName: a.fifo, FifoQueue: false", "QueueName: a.fifo, FifoQueue: true", "a.fifo"),
    ("AWS::RDS::DBInstance", "DBInstanceIdentifier: d, DBName: a", "DBInstanceIdentifier: d, DBName: b", "d"),
    ("AWS::RDS::DBInstance", "DBName: a, Engine: x", "DBName: a, Engine: y", ""),
    ("AWS::EC2::SecurityGroup", "GroupName: g, VpcId: a", "GroupName: g, VpcId: b", "g"),
    ("AWS::SSM::Parameter", "Name: a, Type: x", "Name: b, Type: x", ""),
    ("AWS::Route53::HostedZone", "Name: z, DelegationSetId: a", "Name: z, DelegationSetId: b", ""),
    ("AWS::EC2::Subnet", "VpcId: a, CidrBlock: b", "VpcId: a, CidrBlock: c", ""),
]


@pytest.mark.parametrize(("kind", "old", "new", "name"), NAMED)
def test_a_name_that_stays_is_told(kind: str, old: str, new: str, name: str) -> None:
    """AWS cannot replace a resource under the name the template gives it: the entry says which name that is."""
    found = compared(change(kind, old, new, REPLACED)).of("One")
    assert (found.kind, found.named) == (REPLACED, name)


def test_macros_are_named() -> None:
    """What a macro makes of a template is not known: the diff names it instead of passing over it."""
    text = "{Transform: AWS::Serverless-2016-10-31, Resources: {F: {Type: AWS::Serverless::Function}}}"
    side = Side(read(text), {})
    assert diff(side, side).unexpanded == ("AWS::Serverless-2016-10-31",)


TYPES = ("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::DynamoDB::Table", "AWS::RDS::DBInstance", "AWS::EC2::VPC")
VALUES = st.recursive(
    st.one_of(
        st.text("ab{}$:1", max_size=5),
        st.integers(),
        st.booleans(),
        st.just({"Ref": "A"}),
        st.just({"Fn::GetAtt": ["A", "Arn"]}),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("ab:", max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = ("QueueName", "TopicName", "KeySchema", "Tags", "CidrBlock", "Engine")
RESOURCE = st.fixed_dictionaries(
    {"Type": st.sampled_from(TYPES), "Properties": st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4)},
    optional={"DeletionPolicy": st.sampled_from(["Delete", "Retain", "Snapshot"])},
)
RESOURCES = st.dictionaries(st.sampled_from(["A", "B", "C", "D"]), RESOURCE, min_size=1)


def side(resources: dict[str, Any], *, as_yaml: bool = False) -> Side:
    """Give one side of an update."""
    whole = {"Resources": resources}
    return Side(read(yaml.safe_dump(whole) if as_yaml else json.dumps(whole)), {})


@given(RESOURCES, st.booleans())
def test_a_template_against_itself_is_empty(resources: dict[str, Any], as_yaml: bool) -> None:
    """Nothing happens, whichever language it is written in."""
    assert diff(side(resources), side(resources, as_yaml=as_yaml)).empty


def reversed_keys(value: Any) -> Any:
    """Give the same data with every mapping in the other order."""
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(value)}
    return [reversed_keys(one) for one in value] if isinstance(value, list) else value


@given(RESOURCES, RESOURCES)
def test_the_order_of_keys_means_nothing(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Entries are the same whatever the order of any mapping on either side."""
    straight = diff(side(old), side(new))
    turned = diff(side(reversed_keys(old)), side(reversed_keys(new)))
    assert {one.logical_id: one for one in straight.entries} == {one.logical_id: one for one in turned.entries}


@given(RESOURCES, st.data())
def test_a_removal_shows_exactly_it(resources: dict[str, Any], data: st.DataObject) -> None:
    """Taking one resource away removes that one; others are touched only where nothing else but a reference can say so."""
    gone = data.draw(st.sampled_from(sorted(resources)))
    left = {name: one for name, one in resources.items() if name != gone}
    found = diff(side(resources), side(left) if left else Side(EMPTY, {}))
    assert [one.logical_id for one in found.entries if one.kind is REMOVED] == [gone]
    pointing = {name for name, one in left.items() if json.dumps(f"{gone}")[1:-1] in json.dumps(one)}
    assert {one.logical_id for one in found.entries if one.kind is not UNCHANGED} <= {gone, *pointing}


@given(RESOURCES)
def test_a_deletion_loses_all_that_is_not_retained(resources: dict[str, Any]) -> None:
    """Against nothing, every resource is removed, and each is lost unless its policy says Retain."""
    found = diff(side(resources), Side(EMPTY, {}))
    kept = {name for name, one in resources.items() if one.get("DeletionPolicy") == "Retain"}
    assert {one.logical_id for one in found.losses} == resources.keys() - kept


@pytest.mark.parametrize(("partition", "suffix"), [("aws", "amazonaws.com"), ("aws-cn", "amazonaws.com.cn")])
def test_pseudo_parameters_are_those_of_the_account(partition: str, suffix: str) -> None:
    """A template that names the partition's domain is the same as one that asks for it."""
    old = "A: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub 'q-${AWS::URLSuffix}-${AWS::AccountId}'}}"
    new = f"A: {{Type: AWS::SQS::Queue, Properties: {{QueueName: q-{suffix}-000000000042}}}}"
    around = Surroundings(account="000000000042", partition=partition)
    assert diff(Side(read(template(old)), {}), Side(read(template(new)), {}), around).empty
