"""What the look-ups promise: well-known operations, names people write, and what is unknown."""

import dataclasses
import re
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askfirst.harness.operations import (
    Domain,
    Level,
    Operation,
    OperationClass,
    Severity,
    UnknownOperation,
    by_iam_action,
    classify,
    find,
    operations_of,
    services,
)

WELL_KNOWN = """
autoscaling:SetDesiredCapacity          mutate      overwrite  irreversible  availability
backup:DeleteRecoveryPoint              destroy     delete     irreversible  guardrail
ce:GetCostAndUsage                      read        none       none          none
cloudcontrol:DeleteResource             destroy     delete     irreversible  data
cloudformation:CancelUpdateStack        mutate      none       none          none
cloudformation:ContinueUpdateRollback   mutate      none       none          none
cloudformation:CreateChangeSet          plan        plan       none          none
cloudformation:CreateStack              mutate      none       none          none
cloudformation:DeleteChangeSet          mutate      stop       reversible    configuration
cloudformation:DeleteStack              destroy     delete     irreversible  data
cloudformation:DescribeStacks           read        none       none          none
cloudformation:DetectStackDrift         plan        plan       none          none
cloudformation:EstimateTemplateCost     plan        plan       none          none
cloudformation:ExecuteChangeSet         mutate      overwrite  irreversible  data
cloudformation:RollbackStack            mutate      overwrite  irreversible  data
cloudformation:SetStackPolicy           permission  overwrite  reversible    guardrail
cloudformation:UpdateStack              mutate      overwrite  irreversible  data
cloudformation:ValidateTemplate         plan        plan       none          none
cloudtrail:StopLogging                  mutate      stop       reversible    audit
dynamodb:DeleteItem                     destroy     delete     irreversible  data
dynamodb:Query                          read        none       none          none
dynamodb:Scan                           read        none       none          none
ec2:CreateTags                          mutate      none       none          none
ec2:DeleteTags                          mutate      detach     reversible    configuration
ec2:ModifyInstanceAttribute             mutate      overwrite  reversible    guardrail
ec2:RevokeSecurityGroupIngress          permission  revoke     reversible    availability
ec2:StopInstances                       mutate      stop       reversible    availability
ec2:TerminateInstances                  destroy     delete     irreversible  data
ecs:ExecuteCommand                      execute     execute    irreversible  data
elasticbeanstalk:TerminateEnvironment   destroy     delete     irreversible  data
elbv2:DeregisterTargets                 mutate      detach     reversible    availability
iam:AttachRolePolicy                    permission  overwrite  reversible    access
iam:CreateAccessKey                     permission  none       none          none
iam:CreateRole                          permission  none       none          none
iam:DeleteRole                          destroy     delete     recoverable   access
kms:Decrypt                             consume     consume    none          none
kms:ScheduleKeyDeletion                 destroy     delete     irreversible  data
lambda:DeleteAlias                      destroy     delete     recoverable   availability
lambda:Invoke                           execute     execute    irreversible  data
lambda:UpdateFunctionCode               mutate      overwrite  irreversible  data
logs:DeleteLogGroup                     destroy     delete     irreversible  audit
logs:FilterLogEvents                    read        none       none          none
logs:StartQuery                         read        none       none          none
rds:DeleteDBInstance                    destroy     delete     irreversible  data
rds:RebootDBInstance                    mutate      stop       reversible    availability
route53:ChangeResourceRecordSets        mutate      overwrite  reversible    availability
s3:DeleteObject                         destroy     delete     irreversible  data
s3:DeleteObjects                        destroy     delete     irreversible  data
s3:GetObject                            read        none       none          none
s3:PutBucketPolicy                      permission  overwrite  reversible    access
s3:PutObject                            mutate      overwrite  irreversible  data
secretsmanager:GetSecretValue           read        none       none          none
sqs:DeleteMessage                       consume     consume    irreversible  data
sqs:PurgeQueue                          destroy     delete     irreversible  data
sqs:ReceiveMessage                      consume     consume    reversible    data
ssm:SendCommand                         execute     execute    irreversible  data
stepfunctions:StartExecution            execute     execute    irreversible  data
sts:AssumeRole                          consume     consume    none          none
sts:GetCallerIdentity                   read        none       none          none
sts:GetSessionToken                     permission  none       none          none
"""

SPELLINGS = {
    "cloudformation:DeleteStack": "cloudformation:DeleteStack",
    "cloudformation.DeleteStack": "cloudformation:DeleteStack",
    "cloudformation delete-stack": "cloudformation:DeleteStack",
    "  aws CloudFormation  DELETE-STACK ": "cloudformation:DeleteStack",
    "ec2.terminate_instances": "ec2:TerminateInstances",
    "rds:deletedbinstance": "rds:DeleteDBInstance",
    "s3api delete-bucket": "s3:DeleteBucket",
    "deploy create-deployment": "codedeploy:CreateDeployment",
    # IAM prefixes that are not botocore's names
    "elasticloadbalancing:DeleteLoadBalancer": "elbv2:DeleteLoadBalancer",
    "elasticfilesystem:DeleteFileSystem": "efs:DeleteFileSystem",
    "states:StartExecution": "stepfunctions:StartExecution",
    "airflow:DeleteEnvironment": "mwaa:DeleteEnvironment",
    "es:DeleteDomain": "opensearch:DeleteDomain",
    "tag:UntagResources": "resourcegroupstaggingapi:UntagResources",
    # IAM actions that are not botocore's operations
    "lambda:InvokeFunction": "lambda:Invoke",
    "s3:ListBucket": "s3:ListObjectsV2",
    "s3:ListAllMyBuckets": "s3:ListBuckets",
    "s3:DeleteObjectVersion": "s3:DeleteObjects",
    "s3:PutLifecycleConfiguration": "s3:PutBucketLifecycleConfiguration",
    "dynamodb:PartiQLDelete": "dynamodb:ExecuteStatement",
    # the classic load balancer keeps its own name
    "elb:DeleteLoadBalancer": "elb:DeleteLoadBalancer",
}

every_operation = st.sampled_from(services()).flatmap(lambda service: st.sampled_from(operations_of(service)))


@pytest.mark.parametrize("line", WELL_KNOWN.strip().splitlines(), ids=lambda line: line.split()[0])
def test_a_well_known_operation_is_classified_as_reviewed(line: str) -> None:
    """The operations scenarios are made of have exactly the level, class, severity and domain a person gave them."""
    name, *expected = line.split()
    operation = find(name)
    assert name == operation.id
    assert expected == [
        operation.level.word,
        operation.operation_class.value,
        operation.severity.value,
        operation.domain.value,
    ]


@pytest.mark.parametrize(("text", "expected"), SPELLINGS.items())
def test_an_operation_is_found_however_people_write_it(text: str, expected: str) -> None:
    """Botocore's name, the command line's and the IAM action lead to the same operation."""
    assert expected == find(text).id


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cloudformation:DeletStack", "cloudformation:DeleteStack"),
        ("cloudfomation:DeleteStack", "cloudformation:DeleteStack"),
        ("s3:DeleteBuckett", "s3:DeleteBucket"),
        ("ec2 terminate-instance", "ec2:TerminateInstances"),
        ("TerminateInstances", "ec2:TerminateInstances"),
    ],
)
def test_a_mistyped_name_is_refused_with_what_was_meant(text: str, first: str) -> None:
    """A typing error never becomes another operation; the message and the attribute name the right one."""
    with pytest.raises(UnknownOperation, match=re.escape(first)) as caught:
        find(text)
    assert first == caught.value.suggestions[0]


@pytest.mark.parametrize("text", ["", " ", ":", "s3:", "zzzzzz:Qqqqqq", "\t\n", "service:operation"])
def test_a_name_like_no_operation_is_refused_without_a_guess(text: str) -> None:
    """Nonsense gets no suggestion, and the message says how to write a name."""
    with pytest.raises(LookupError, match="write it as service:Operation") as caught:
        find(text)
    assert isinstance(caught.value, UnknownOperation)
    assert () == caught.value.suggestions


def test_an_iam_action_of_many_different_operations_is_refused() -> None:
    """``apigateway:POST`` stands for creating and for overwriting: the caller has to name the operation."""
    with pytest.raises(UnknownOperation, match=r"IAM action of \d+ operations") as caught:
        find("apigateway:POST")
    assert 5 == len(caught.value.suggestions)
    assert set(caught.value.suggestions) <= {operation.id for operation in by_iam_action("apigateway:POST")}


@pytest.mark.parametrize("action", ["s3:ListBucket", "S3:listbucket"])
def test_an_iam_action_leads_to_every_operation_that_needs_it(action: str) -> None:
    """A statement of a policy is traced to all it allows, whatever the case."""
    found = {operation.id for operation in by_iam_action(action)}
    assert {"s3:HeadBucket", "s3:ListObjects", "s3:ListObjectsV2"} <= found
    assert "s3:ListBuckets" not in found


@pytest.mark.parametrize("action", ["s3:*", "s3:List", "ListBucket", "", "nothing:AtAll"])
def test_an_iam_action_is_matched_as_a_whole(action: str) -> None:
    """Neither wildcards nor parts of a name are expanded here."""
    assert () == by_iam_action(action)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("s3", "DeleteEverything"),
        ("nosuch", "DescribeThings"),
        ("", ""),
        ("service", "operation"),
        ("s3\t", "GetObject"),
    ],
)
def test_an_unknown_operation_is_mutating(service: str, operation: str) -> None:
    """What the table does not know needs authorization, even under a name that promises a read."""
    assert Operation(
        service=service,
        name=operation,
        iam=(),
        level=Level.MUTATE,
        operation_class=OperationClass.NONE,
        severity=Severity.NONE,
        domain=Domain.NONE,
        source="unknown: treated as mutating",
        known=False,
    ) == classify(service, operation)


@given(st.text(), st.text())
def test_no_text_makes_classify_fail_or_call_the_unknown_harmless(service: str, operation: str) -> None:
    """Whatever arrives on the wire gets an answer, and an unknown one changes something."""
    answer = classify(service, operation)
    assert (service, operation) == (answer.service, answer.name)
    assert answer.known or answer.changes


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_find_answers_or_says_unknown(text: str) -> None:
    """No text makes find fail in another way."""
    try:
        assert find(text).known
    except UnknownOperation as error:
        assert text == error.text  # noqa: PT017 - the claim is about either outcome


@given(every_operation, st.sampled_from([":", ".", " "]), st.sampled_from([str, str.lower, str.upper]))
def test_every_operation_is_found_by_its_own_name(operation: Operation, separator: str, case: type[str]) -> None:
    """Writing out an id and reading it back gives the same operation, in any case and with any separator."""
    assert operation is find(case(f"{operation.service}{separator}{operation.name}"))


@given(every_operation)
def test_every_row_is_found_by_each_of_its_names(operation: Operation) -> None:
    """A row is the same object by service and name and by every IAM action it needs."""
    assert operation is classify(operation.service, operation.name)
    assert operation.known
    assert all(operation in by_iam_action(action) for action in operation.iam)


def test_every_row_is_consistent() -> None:
    """Class, level, severity and domain of no row contradict each other, whether moto carries it out or not."""
    rows = [operation for service in services() for operation in operations_of(service)]
    assert [] == [(row.id, why) for row in rows for why in _contradictions(row)]


def _contradictions(row: Operation) -> Iterator[str]:
    """Name what does not fit together in a row."""
    harmless = row.operation_class in {OperationClass.NONE, OperationClass.PLAN}
    harms = not harmless and row.operation_class is not OperationClass.CONSUME
    unhurt = row.severity is Severity.NONE
    if (row.severity is Severity.NONE) != (row.domain is Domain.NONE):
        yield "severity without domain, or domain without severity"
    if harmless and not unhurt:
        yield "harmless, and harms"
    if harms and unhurt:
        yield "takes something away, and does no harm"
    if harms and not row.changes:
        yield "takes something away without authorization"
    if (row.operation_class is OperationClass.DELETE) != row.destroys:
        yield "only what deletes destroys"
    if (row.level >= Level.EXECUTE) != row.changes:
        yield "only looking, planning and consuming change nothing"
    if row.level is Level.READ and row.operation_class is not OperationClass.NONE:
        yield "a read has no other class"


def test_levels_are_ordered_from_looking_to_destroying() -> None:
    """Assertions of users compare levels, so their order is part of the contract."""
    assert ["read", "plan", "consume", "execute", "mutate", "permission", "destroy"] == [
        level.word for level in sorted(Level)
    ]


def test_the_table_is_sorted_and_names_nothing_twice() -> None:
    """Look-ups rely on the rows of a service lying together; a second row would hide the first."""
    names = [(operation.service, operation.name) for service in services() for operation in operations_of(service)]
    assert sorted(set(names)) == names
    assert len(names) > 19_700


def test_an_operation_cannot_be_changed() -> None:
    """A look-up hands out shared objects; nobody can relabel an operation for everybody else."""
    operation = classify("s3", "DeleteBucket")
    with pytest.raises(dataclasses.FrozenInstanceError):
        operation.level = Level.READ  # type: ignore[misc]


def test_an_unknown_service_has_no_operations() -> None:
    """Neither a stranger nor the header of the table is a service."""
    assert ((), (), ()) == (operations_of("nosuch"), operations_of("service"), operations_of(""))
    assert "service" not in services()


def test_importing_reads_no_file() -> None:
    """Whoever imports the package pays for the table only when asking it something."""
    program = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda name, args: name == 'open' and opened.append(str(args[0])))\n"
        "import askfirst.harness.operations as operations\n"
        "before = any(path.endswith('table.tsv') for path in opened)\n"
        "operations.classify('s3', 'GetObject')\n"
        "print(before, any(path.endswith('table.tsv') for path in opened), 'botocore' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "False True False\n" == done.stdout


def test_the_first_look_up_is_quick() -> None:
    """The first question about a service is answered within 30 ms: only its own rows are parsed."""
    program = (
        "import time\n"
        "from askfirst.harness.operations import classify\n"
        "start = time.perf_counter()\n"
        "classify('cloudformation', 'DeleteStack')\n"
        "print(time.perf_counter() - start)\n"
    )
    best = min(
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    )
    assert best < 0.030


def test_look_ups_after_the_first_cost_next_to_nothing() -> None:
    """Classifying is on the way of every call through the gateway."""
    classify("ec2", "TerminateInstances")
    start = time.perf_counter()
    for _ in range(1_000):
        classify("ec2", "TerminateInstances")
    assert time.perf_counter() - start < 0.050
