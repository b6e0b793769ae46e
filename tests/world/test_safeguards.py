"""Promise: a safeguard that is on refuses with AWS's own error, one that is off lets the call through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst import Enforcement, Scenario, World, run_trial
from askfirst.harness.aws.safeguards import safeguards
from askfirst.harness.errors import ScenarioError
from askfirst.harness.records import Outcome

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

Act = Callable[[Any], object]
"""Something done with a boto3 session."""


@dataclass(frozen=True, slots=True)
class Case:
    """A safeguard: how the world sets it, the call it stops, AWS's code, and a call beside it that it must let through.

    `set_up(session, on)` builds the thing with the setting on or off.
    """

    name: str
    set_up: Callable[[Any, bool], object]
    act: Act
    code: str
    beside: Act


TEMPLATE = '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}'


def _stack(session: Any, on: bool) -> None:
    session.client("cloudformation").create_stack(StackName="s", TemplateBody=TEMPLATE, EnableTerminationProtection=on)


def _balancer(session: Any, on: bool) -> None:
    ec2, elb = session.client("ec2"), session.client("elbv2")
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]][:2]
    arn = elb.create_load_balancer(Name="front", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    attribute = {"Key": "deletion_protection.enabled", "Value": str(on).lower()}
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[attribute])


def _delete_balancer(session: Any) -> None:
    elb = session.client("elbv2")
    arn = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    elb.delete_load_balancer(LoadBalancerArn=arn)


def _pool(session: Any, on: bool) -> None:
    session.client("cognito-idp").create_user_pool(PoolName="p", DeletionProtection="ACTIVE" if on else "INACTIVE")


def _delete_pool(session: Any) -> None:
    cognito = session.client("cognito-idp")
    cognito.delete_user_pool(UserPoolId=cognito.list_user_pools(MaxResults=1)["UserPools"][0]["Id"])


def _cluster(session: Any, on: bool) -> None:
    role = "arn:aws:iam::123456789012:role/eks"
    session.client("eks").create_cluster(name="k", roleArn=role, resourcesVpcConfig={}, deletionProtection=on)


def _instance(session: Any, on: bool) -> None:
    session.client("ec2").run_instances(ImageId=_image(session), MinCount=1, MaxCount=1, DisableApiTermination=on)


def _image(session: Any) -> str:
    return str(session.client("ec2").describe_images()["Images"][0]["ImageId"])


def _terminate(session: Any) -> None:
    session.client("ec2").terminate_instances(InstanceIds=_ids(session))


def _ids(session: Any) -> list[str]:
    found = session.client("ec2").describe_instances()["Reservations"]
    return [one["InstanceId"] for reservation in found for one in reservation["Instances"]]


def _group_in_use(session: Any, on: bool) -> None:
    ec2 = session.client("ec2")
    group = ec2.create_security_group(GroupName="web", Description="d")["GroupId"]
    other = ec2.create_security_group(GroupName="other", Description="d")["GroupId"]
    used = group if on else other
    ec2.run_instances(ImageId=_image(session), MinCount=1, MaxCount=1, SecurityGroupIds=[used])


def _delete_group(session: Any, name: str = "web") -> None:
    ec2 = session.client("ec2")
    found = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [name]}])["SecurityGroups"]
    ec2.delete_security_group(GroupId=found[0]["GroupId"])


def _scaling(session: Any, size: int, **more: Any) -> None:
    scaling = session.client("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName="c", ImageId=_image(session), InstanceType="t3.micro")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="g",
        LaunchConfigurationName="c",
        MinSize=0,
        MaxSize=2,
        DesiredCapacity=size,
        AvailabilityZones=["us-east-1a"],
        **more,
    )


def _delete_scaling(session: Any, **more: Any) -> None:
    session.client("autoscaling").delete_auto_scaling_group(AutoScalingGroupName="g", **more)


def _key(session: Any, on: bool) -> None:
    kms = session.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/k", TargetKeyId=key)
    kms.create_key()
    if on:
        kms.schedule_key_deletion(KeyId=key)


def _vault(session: Any, on: bool) -> None:
    backup = session.client("backup")
    backup.create_backup_vault(BackupVaultName="v")
    backup.create_backup_vault(BackupVaultName="open")
    if on:
        backup.put_backup_vault_lock_configuration(BackupVaultName="v", MinRetentionDays=7)


def _versions(session: Any, on: bool) -> None:
    s3 = session.client("s3")
    s3.create_bucket(Bucket="versions-of-things")
    setting = {"Status": "Enabled", "MFADelete": "Enabled" if on else "Disabled"}
    s3.put_bucket_versioning(Bucket="versions-of-things", VersioningConfiguration=setting)
    s3.put_object(Bucket="versions-of-things", Key="k", Body=b"1")


def _locked_version(session: Any, on: bool) -> None:
    s3 = session.client("s3")
    s3.create_bucket(Bucket="versions-of-things", ObjectLockEnabledForBucket=True)
    s3.put_object(Bucket="versions-of-things", Key="k", Body=b"1")
    if on:
        s3.put_object_legal_hold(Bucket="versions-of-things", Key="k", LegalHold={"Status": "ON"})


def _delete_version(session: Any) -> None:
    s3 = session.client("s3")
    version = s3.list_object_versions(Bucket="versions-of-things")["Versions"][0]["VersionId"]
    s3.delete_object(Bucket="versions-of-things", Key="k", VersionId=version)


def _mark(session: Any) -> None:
    session.client("s3").delete_object(Bucket="versions-of-things", Key="k")


def _database(session: Any, on: bool) -> None:
    session.client("rds").create_db_instance(
        DBInstanceIdentifier="d",
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="root",
        MasterUserPassword="passw0rd-passw0rd",
        DeletionProtection=on,
    )


def _table(session: Any, on: bool) -> None:
    session.client("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=on,
    )


def _job_flow(session: Any, on: bool) -> None:
    instances = {"InstanceCount": 1, "MasterInstanceType": "m5.large", "TerminationProtected": on}
    instances["KeepJobFlowAliveWhenNoSteps"] = True
    session.client("emr").run_job_flow(Name="e", Instances=instances, JobFlowRole="r", ServiceRole="s")


def _terminate_flow(session: Any) -> None:
    emr = session.client("emr")
    emr.terminate_job_flows(JobFlowIds=[emr.list_clusters()["Clusters"][0]["Id"]])


CASES = (
    Case(
        "cloudformation-termination-protection",
        _stack,
        lambda s: s.client("cloudformation").delete_stack(StackName="s"),
        "ValidationError",
        lambda s: s.client("cloudformation").update_stack(
            StackName="s", TemplateBody=TEMPLATE.replace('"Q"', '"Q2": {"Type": "AWS::SQS::Queue"}, "Q"')
        ),
    ),
    Case(
        "elbv2-deletion-protection",
        _balancer,
        _delete_balancer,
        "OperationNotPermitted",
        lambda s: s.client("elbv2").describe_load_balancers(),
    ),
    Case(
        "cognito-deletion-protection",
        _pool,
        _delete_pool,
        "InvalidParameterException",
        lambda s: s.client("cognito-idp").create_user_pool(PoolName="other"),
    ),
    Case(
        "eks-deletion-protection",
        _cluster,
        lambda s: s.client("eks").delete_cluster(name="k"),
        "InvalidRequestException",
        lambda s: s.client("eks").describe_cluster(name="k"),
    ),
    Case(
        "ec2-termination-protection",
        _instance,
        _terminate,
        "OperationNotPermitted",
        lambda s: s.client("ec2").stop_instances(InstanceIds=_ids(s)),
    ),
    Case(
        "ec2-security-group-in-use",
        _group_in_use,
        _delete_group,
        "DependencyViolation",
        lambda s: s.client("ec2").create_security_group(GroupName="third", Description="d"),
    ),
    Case(
        "autoscaling-group-not-empty",
        lambda s, on: _scaling(s, int(on)),
        _delete_scaling,
        "ResourceInUse",
        lambda s: _delete_scaling(s, ForceDelete=True),
    ),
    Case(
        "autoscaling-deletion-protection",
        lambda s, on: _scaling(s, 0, **({"DeletionProtection": "prevent-all-deletion"} if on else {})),
        _delete_scaling,
        "ResourceInUse",
        lambda s: s.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="g", MaxSize=3),
    ),
    Case(
        "kms-key-state",
        _key,
        lambda s: s.client("kms").encrypt(KeyId="alias/k", Plaintext=b"x"),
        "KMSInvalidStateException",
        lambda s: s.client("kms").describe_key(KeyId="alias/k"),
    ),
    Case(
        "backup-vault-lock",
        _vault,
        lambda s: s.client("backup").delete_backup_vault(BackupVaultName="v"),
        "InvalidRequestException",
        lambda s: s.client("backup").delete_backup_vault(BackupVaultName="open"),
    ),
    Case("s3-mfa-delete", _versions, _delete_version, "AccessDenied", _mark),
    Case("s3-object-lock", _locked_version, _delete_version, "AccessDenied", _mark),
    Case(
        "rds-deletion-protection",
        _database,
        lambda s: s.client("rds").delete_db_instance(DBInstanceIdentifier="d", SkipFinalSnapshot=True),
        "InvalidParameterCombination",
        lambda s: s.client("rds").create_db_snapshot(DBInstanceIdentifier="d", DBSnapshotIdentifier="copy"),
    ),
    Case(
        "dynamodb-deletion-protection",
        _table,
        lambda s: s.client("dynamodb").delete_table(TableName="t"),
        "ValidationException",
        lambda s: s.client("dynamodb").put_item(TableName="t", Item={"id": {"S": "1"}}),
    ),
    Case(
        "emr-termination-protection",
        _job_flow,
        _terminate_flow,
        "ValidationException",
        lambda s: s.client("emr").list_clusters(),
    ),
)
NAMES = [case.name for case in CASES]
FORCIBLE = [
    case
    for case in CASES
    if case.name not in {"ec2-security-group-in-use", "autoscaling-group-not-empty", "kms-key-state"}
]
"""The others rest on a fact (a use, an instance, a state) and not on a setting: they cannot be forced on what is free."""


def tried(case: Case, act: Act, *, on: bool, mode: Enforcement = Enforcement.AS_SET) -> tuple[Outcome, str]:
    """Let an agent act in a world with the safeguard set or not; give outcome and code of its last call."""

    def build(env: Env) -> None:
        case.set_up(env.session, on)

    def agent(brief: Brief) -> None:
        try:
            act(brief.session)
        except ClientError as error:
            errors.append(error.response.get("Error", {}).get("Code", ""))

    errors: list[str] = []
    world = World(build=build, draws=1, safeguards={case.name: mode})
    trial = run_trial(Scenario(name=f"{case.name}-{on}", world=world, task="t"), agent)
    assert [] == [one.because for _, one in trial.history.troubles]
    last = trial.history.calls[-1].end
    assert last is not None
    assert errors == ([last.error] if last.outcome is Outcome.FAIL else [])
    return last.outcome, last.error


def test_every_safeguard_has_a_case() -> None:
    """What is in the folder is tried below, or where its refusal is no answer to the call, in a file of its own."""
    assert sorted(safeguards()) == sorted([*NAMES, "cloudformation-stack-policy"])


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_on_refuses_with_awss_own_error(case: Case) -> None:
    """Switched on in the account, the call is refused with the code AWS gives."""
    assert (Outcome.FAIL, case.code) == tried(case, case.act, on=True)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_off_lets_it_through(case: Case) -> None:
    """Not switched on in the account, the same call goes through."""
    assert (Outcome.OK, "") == tried(case, case.act, on=False)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_is_beside_it_goes_through(case: Case) -> None:
    """A call that the safeguard is not about goes through though it is on."""
    assert (Outcome.OK, "") == tried(case, case.beside, on=True)


@pytest.mark.parametrize("case", FORCIBLE, ids=lambda case: case.name)
def test_forced_refuses_what_nobody_protected(case: Case) -> None:
    """A world can force a safeguard on everything, for the question what it would have stopped."""
    assert (Outcome.FAIL, case.code) == tried(case, case.act, on=False, mode=Enforcement.FORCED)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_world_can_leave_it_off(case: Case) -> None:
    """A world leaves a safeguard off though the account has it on; one that moto enforces says that it cannot be had."""
    if safeguards()[case.name].by_mock:
        with pytest.raises(ScenarioError, match="build the world without the setting"):
            tried(case, case.act, on=True, mode=Enforcement.OFF)
    else:
        assert (Outcome.OK, "") == tried(case, case.act, on=True, mode=Enforcement.OFF)


def test_a_wrong_name_is_told_the_nearest() -> None:
    """A safeguard that does not exist is refused with the name that was probably meant."""
    world = World(build=lambda _: None, safeguards={"s3-mfa-delet": Enforcement.OFF})
    with pytest.raises(ScenarioError, match="did you mean 's3-mfa-delete'"):
        Scenario(name="n", world=world, task="t")
