"""A name that does not exist is refused with the nearest that does; every name that exists is accepted."""

from __future__ import annotations

import itertools
import string
from collections.abc import Callable, Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from askfirst.harness.errors import UsageError
from askfirst.harness.faulting import lint
from askfirst.harness.faulting.codes import known_codes
from askfirst.harness.faulting.service_models import regions
from askfirst.harness.operations import operations_of, services

NAMES = sorted({operation.name for operation in operations_of("cloudformation")})
CODES = sorted(known_codes("cloudformation"))
LETTERS = string.ascii_letters
IMPORTEXPORT = "CancelJob, CreateJob, GetShippingLabel, GetStatus, ListJobs, UpdateJob"

REFUSED = [
    (lint.check_service, ("cloudfromation",),
     "there is no AWS service called 'cloudfromation': did you mean 'cloudformation'?"),
    (lint.check_service, ("CloudFormation",),
     "there is no AWS service called 'CloudFormation': did you mean 'cloudformation'?"),
    # a prefix of policies, and commands of the AWS command line
    (lint.check_service, ("states",), "there is no AWS service called 'states': did you mean 'stepfunctions'?"),
    (lint.check_service, ("elasticloadbalancing",),
     "there is no AWS service called 'elasticloadbalancing': did you mean 'elb' or 'elbv2'?"),
    (lint.check_service, ("s3api",), "there is no AWS service called 's3api': did you mean 's3'?"),
    (lint.check_service, ("configservice",),
     "there is no AWS service called 'configservice': did you mean 'config'?"),
    (lint.check_service, ("deploy",),
     "there is no AWS service called 'deploy': did you mean 'codedeploy' or 'marketplace-deployment'?"),
    (lint.check_service, ("cloudfromation*",), "no AWS service fits 'cloudfromation*': did you mean 'cloudformation'?"),
    (lint.check_operations, ("cloudfromation", "Frobnicate"),
     "there is no AWS service called 'cloudfromation': did you mean 'cloudformation'?"),
    (lint.check_operations, ("cloudformation", "DeletStack"),
     "cloudformation has no operation 'DeletStack': did you mean 'DeleteStack'?"),
    (lint.check_operations, ("cloudformation", "delete-stack"),
     "cloudformation has no operation 'delete-stack': did you mean 'DeleteStack'?"),
    (lint.check_operations, ("cloudformation", "deletestack"),
     "cloudformation has no operation 'deletestack': did you mean 'DeleteStack'?"),
    (lint.check_operations, ("ec2", "terminate_instances"),
     "ec2 has no operation 'terminate_instances': did you mean 'TerminateInstances'?"),
    (lint.check_operations, ("cloudformation", "delete*"),
     "cloudformation has no operation that fits 'delete*': did you mean 'Delete*'?"),
    (lint.check_operations, ("cloudformation", "Updaet*"),
     "cloudformation has no operation that fits 'Updaet*': did you mean 'Update*'?"),
    # actions of IAM
    (lint.check_operations, ("s3", "ListBucket"), "s3 has no operation 'ListBucket': did you mean 'ListObjectsV2'?"),
    (lint.check_operations, ("lambda", "InvokeFunction"),
     "lambda has no operation 'InvokeFunction': did you mean 'Invoke'?"),
    (lint.check_operations, ("cloud*", "DeletStack"),
     "no service that fits 'cloud*' has an operation 'DeletStack': did you mean 'DeleteStack'?"),
    (lint.check_operations, ("importexport", "Frobnicate"),
     f"importexport has no operation 'Frobnicate': known: {IMPORTEXPORT}"),
    (lint.check_code, ("cloudformation", "Throtling"),
     "cloudformation has no error code 'Throtling': did you mean 'Throttling'?"),
    (lint.check_code, ("cloudformation", "throttling"),
     "cloudformation has no error code 'throttling': did you mean 'Throttling'?"),
    (lint.check_code, ("ec2", "InvalidInstanceId.NotFound"),
     "ec2 has no error code 'InvalidInstanceId.NotFound': did you mean 'InvalidInstanceID.NotFound'?"),
    (lint.check_code, ("rds", "DBInstanceNotFoundFault"),
     "rds has no error code 'DBInstanceNotFoundFault': that is the exception, its code is 'DBInstanceNotFound'"),
    (lint.check_code, ("elastic*", "TooManyTag"),
     "no service that fits 'elastic*' has an error code 'TooManyTag': did you mean 'TooManyTagsException'?"),
    (lint.check_code, ("cloudfromation", "Throttling"),
     "there is no AWS service called 'cloudfromation': did you mean 'cloudformation'?"),
    (lint.check_parameter, ("cloudformation", "DeleteStack", "StakName"),
     "cloudformation:DeleteStack has no parameter 'StakName': did you mean 'StackName'?"),
    (lint.check_parameter, ("cloudformation", "DeleteStack", "stack-name"),
     "cloudformation:DeleteStack has no parameter 'stack-name': did you mean 'StackName'?"),
    (lint.check_parameter, ("cloudformation", "CreateStack", "Tags.Kee"),
     "cloudformation:CreateStack has no parameter 'Tags.Kee': did you mean 'Tags.Key'?"),
    (lint.check_parameter, ("cloudformation", "CreateStack", "Tags.Key.Name"),
     "cloudformation:CreateStack has no parameter 'Tags.Key.Name': known: none"),
    (lint.check_parameter, ("cloudformation", "CreateStack", "Tags.Q"),
     "cloudformation:CreateStack has no parameter 'Tags.Q': known: Tags.Key, Tags.Value"),
    (lint.check_parameter, ("cloudformation", "*Rollback", "RolArn"),
     "cloudformation has no operation that fits '*Rollback' and has a parameter 'RolArn': did you mean 'RoleARN'?"),
    (lint.check_parameter, ("ecs*", "Stop*", "tsk"),
     "no service that fits 'ecs*' has an operation that fits 'Stop*' and has a parameter 'tsk': did you mean 'task'?"),
    (lint.check_parameter, ("cloudformation", "DeletStack", "StackName"),
     "cloudformation has no operation 'DeletStack': did you mean 'DeleteStack'?"),
    (lint.check_parameter, ("sts", "GetCallerIdentity", "Name"),
     "sts:GetCallerIdentity has no parameter 'Name': known: none"),
    (lint.check_parameter, ("s3", "PostObject", "Bucket"), "s3:PostObject has no parameter 'Bucket': known: none"),
    (lint.check_region, ("cn-northwst-1",),
     "there is no AWS region called 'cn-northwst-1': did you mean 'cn-northwest-1'?"),
    (lint.check_region, ("us-east",), "there is no AWS region called 'us-east': did you mean 'us-east-1' or 'us-east-2'?"),
    (lint.check_region, ("CN-North-1",), "there is no AWS region called 'CN-North-1': did you mean 'cn-north-1'?"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "arguments", "sentence"), REFUSED)
def test_a_mistake_is_named_with_the_nearest_right_word(
    check: Callable[..., None], arguments: tuple[str, ...], sentence: str
) -> None:
    """Each kind of mistake has a sentence that says what is wrong and what was probably meant."""
    with pytest.raises(UsageError) as refused:
        check(*arguments)
    assert sentence == str(refused.value)


@pytest.mark.parametrize(
    ("check", "arguments"),
    [
        (lint.check_service, ("zzzzzz",)),
        (lint.check_service, ("",)),
        (lint.check_operations, ("ec2", "Frobnicate")),
        (lint.check_operations, ("ec2", "*Frobnicate*")),
        (lint.check_operations, ("ec2", "")),
        (lint.check_code, ("ec2", "Frobnicate")),
        (lint.check_code, ("ec2", "")),
        (lint.check_parameter, ("ec2", "RunInstances", "Frobnicate")),
        (lint.check_parameter, ("ec2", "RunInstances", "")),
        (lint.check_region, ("frobnicate",)),
        (lint.check_region, ("",)),
    ],
)
def test_nothing_is_suggested_where_nothing_is_near(check: Callable[..., None], arguments: tuple[str, ...]) -> None:
    """A word like no other is refused with the number of known ones, not with a guess."""
    with pytest.raises(UsageError, match=r": none of the \d+ known is spelt like it$"):
        check(*arguments)


@pytest.mark.parametrize(
    ("check", "arguments"),
    [
        (lint.check_service, ("cloud*",)),
        (lint.check_service, ("s?",)),
        (lint.check_service, ("*",)),
        (lint.check_operations, ("cloudformation", "*")),
        (lint.check_operations, ("cloudformation", "Delete*")),
        (lint.check_operations, ("cloudformation", "?eleteStack")),
        (lint.check_operations, ("cloud*", "LookupEvents")),  # one of them has it
        (lint.check_operations, ("*", "*")),
        (lint.check_code, ("rds", "InvalidParameterCombination")),  # common, and absent from the model
        (lint.check_code, ("ec2", "InsufficientInstanceCapacity")),  # EC2's model lists no error at all
        (lint.check_code, ("cloud*", "StackSetNotEmptyException")),  # one of them has it
        (lint.check_parameter, ("cloudformation", "UpdateStack", "StackName")),
        (lint.check_parameter, ("cloudformation", "CreateStack", "Tags.Key")),  # through a list
        (lint.check_parameter, ("cloudformation", "*", "ResourcesToSkip")),  # one of them has it
        (lint.check_parameter, ("dynamodb", "PutItem", "Item.id.S")),  # through a map
        (lint.check_parameter, ("dynamodb", "PutItem", "Item.id.M.deep.L.S")),  # through a shape that holds itself
        (lint.check_parameter, ("bedrock-runtime", "Converse", "additionalModelRequestFields.anything.at.all")),
        (lint.check_parameter, ("*", "*", "StackName")),
        (lint.check_region, ("cn-northwest-1",)),
        (lint.check_region, ("us-gov-*",)),
        (lint.check_region, ("*",)),
        (lint.check_region, ("aws-global",)),
    ],
)  # fmt: skip
def test_what_exists_is_accepted(check: Callable[..., None], arguments: tuple[str, ...]) -> None:
    """Names and globs that fit at least one thing are accepted."""
    check(*arguments)


def test_every_operation_of_the_table_is_accepted() -> None:
    """Whatever the table of operations holds may be named."""
    for service in services():
        lint.check_service(service)
        for operation in operations_of(service):
            lint.check_operations(service, operation.name)


def test_every_known_code_and_region_is_accepted() -> None:
    """Whatever `known_codes` and botocore's partitions hold may be named."""
    for service in ("cloudformation", "ec2", "s3", "dynamodb", "sqs", "lambda"):
        for code in known_codes(service):
            lint.check_code(service, code)
    for region in regions():
        lint.check_region(region)


def test_every_parameter_of_every_operation_of_cloudformation_is_accepted() -> None:
    """Members are found in every operation's input, alone and under a glob."""
    from askfirst.harness.faulting.service_models import input_of

    for name in NAMES:
        shape = input_of("cloudformation", name)
        for member in shape.members if shape else ():  # type: ignore[attr-defined]  # an input is a structure
            lint.check_parameter("cloudformation", name, member)
            lint.check_parameter("cloudformation", "*", member)


def one_letter_apart(one: str, other: str) -> bool:
    """Tell whether a letter lost, added or changed makes one word the other; case does not count."""
    one, other = one.lower(), other.lower()
    begun = alike(one, other)
    ended = alike(one[begun:][::-1], other[begun:][::-1])
    return max(len(one), len(other)) - begun - ended <= 1


def alike(one: str, other: str) -> int:
    """Count the letters two words begin with alike."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@st.composite
def mistyped(draw: st.DrawFn, words: Sequence[str]) -> tuple[str, str]:
    """Draw a word of at least eight letters and the same with one letter wrong, which no other word is as near to."""
    word = draw(st.sampled_from([one for one in words if len(one) >= 8]))
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(LETTERS))
    edits = [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
    typed = draw(st.sampled_from([*edits, word[: at + 1] + word[at:]]))
    assume(not any(one_letter_apart(one, typed) for one in words if one != word))
    assume(typed != word)
    return word, typed


def suggested(check: Callable[..., None], *arguments: str) -> list[str]:
    """Give the words a refusal suggests."""
    with pytest.raises(UsageError) as refused:
        check(*arguments)
    return str(refused.value).partition("did you mean ")[2].rstrip("?").split(" or ")


@settings(max_examples=300, deadline=None)
@given(service=st.sampled_from(services()), data=st.data())
def test_a_letter_wrong_in_an_operation_suggests_it(service: str, data: st.DataObject) -> None:
    """One wrong letter in the name of any operation of any service is refused, and the name is among the suggestions."""
    names = [operation.name for operation in operations_of(service)]
    assume(any(len(name) >= 8 for name in names))
    word, typed = data.draw(mistyped(names))
    assert repr(word) in suggested(lint.check_operations, service, typed)


@settings(max_examples=150, deadline=None)
@given(mistyped(services()))
def test_a_letter_wrong_in_a_service_suggests_it(words: tuple[str, str]) -> None:
    """One wrong letter in the name of a service is refused, and the name is among the suggestions."""
    word, typed = words
    assert repr(word) in suggested(lint.check_service, typed)


@settings(max_examples=150, deadline=None)
@given(mistyped(CODES))
def test_a_letter_wrong_in_an_error_code_suggests_it(words: tuple[str, str]) -> None:
    """One wrong letter in an error code is refused, and the code is among the suggestions."""
    word, typed = words
    assert repr(word) in suggested(lint.check_code, "cloudformation", typed)
