"""What services answer when something goes wrong is what botocore's models and AWS's pages say, on the wire too."""

from __future__ import annotations

import fnmatch
import functools
import importlib.resources
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel, StructureShape
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from askfirst.harness.aws.hook import intercepted
from askfirst.harness.aws.principals import Principal, session_of
from askfirst.harness.aws.wire import WireAnswer, WireRequest, error_answer, resolve
from askfirst.harness.errors import UnknownName
from askfirst.harness.faulting import codes
from askfirst.harness.faulting.codes import ErrorAnswer
from askfirst.harness.operations import operations_of, services
from askfirst.harness.records import Author

if TYPE_CHECKING:
    from askfirst.harness.aws.wire import Resolved

Ask = Callable[[str, str], ErrorAnswer]

ARN = "arn:aws-cn:iam::111122223333:role/operator"
BECAUSE = "because no identity-based policy allows the iam:DeleteRole action"
FAMILIES: Mapping[str, Ask] = {
    "throttled": codes.throttled,
    "server-error": codes.server_error,
    "unavailable": codes.unavailable,
    "access-denied": lambda service, operation: codes.access_denied(service, operation, ARN, f"{service}:Do", "arn:x"),
    "expired-token": lambda service, _: codes.expired_token(service),
    "not-found": lambda service, operation: codes.not_found(service, operation, "shop-1"),
    "not-supported": codes.not_supported,
    "quota-full": codes.quota_full,
    "in-progress": codes.in_progress,
}

CASES = [
    ("autoscaling", "SetDesiredCapacity", "in-progress", "ScalingActivityInProgress", 400),
    ("autoscaling", "CreateAutoScalingGroup", "quota-full", "LimitExceeded", 400),
    ("batch", "SubmitJob", "not-found", "ClientException", 400),
    ("ce", "GetCostAndUsage", "throttled", "LimitExceededException", 400),
    ("cloudformation", "UpdateStack", "throttled", "Throttling", 400),
    ("cloudformation", "UpdateStack", "server-error", "InternalFailure", 500),
    ("cloudformation", "DescribeStacks", "access-denied", "AccessDenied", 403),
    ("cloudformation", "DescribeStacks", "not-found", "ValidationError", 400),
    ("cloudformation", "DescribeStackSet", "not-found", "StackSetNotFoundException", 404),
    ("cloudformation", "UpdateStack", "in-progress", "ValidationError", 400),
    ("cloudformation", "UpdateStackSet", "in-progress", "OperationInProgressException", 409),
    ("cloudformation", "CreateStack", "quota-full", "LimitExceededException", 400),
    ("cloudformation", "RollbackStack", "not-supported", "InvalidAction", 400),
    ("cloudwatch", "PutMetricAlarm", "throttled", "Throttling", 400),
    ("dynamodb", "PutItem", "throttled", "ProvisionedThroughputExceededException", 400),
    ("dynamodb", "BatchWriteItem", "throttled", "ProvisionedThroughputExceededException", 400),
    ("dynamodb", "UpdateTable", "throttled", "ThrottlingException", 400),
    ("dynamodb", "UpdateTable", "server-error", "InternalServerError", 500),
    ("dynamodb", "UpdateTable", "access-denied", "AccessDeniedException", 400),
    ("dynamodb", "DeleteTable", "in-progress", "ResourceInUseException", 400),
    ("dynamodb", "DescribeTable", "not-found", "ResourceNotFoundException", 400),
    ("dynamodb", "CreateTable", "quota-full", "LimitExceededException", 400),
    ("ec2", "RunInstances", "throttled", "RequestLimitExceeded", 503),
    ("ec2", "RunInstances", "server-error", "InternalError", 500),
    ("ec2", "RunInstances", "unavailable", "Unavailable", 503),
    ("ec2", "RunInstances", "access-denied", "UnauthorizedOperation", 403),
    ("ec2", "RunInstances", "expired-token", "RequestExpired", 400),
    ("ec2", "RunInstances", "not-supported", "InvalidAction", 400),
    ("ec2", "TerminateInstances", "not-found", "InvalidInstanceID.NotFound", 400),
    ("ec2", "DeleteVpc", "not-found", "InvalidVpcID.NotFound", 400),
    ("ec2", "CreateSubnet", "not-found", "InvalidVpcID.NotFound", 400),
    ("ec2", "DeleteSubnet", "not-found", "InvalidSubnetID.NotFound", 400),
    ("ec2", "AuthorizeSecurityGroupIngress", "not-found", "InvalidGroup.NotFound", 400),
    ("ec2", "AttachVolume", "not-found", "InvalidVolume.NotFound", 400),
    ("ec2", "DeleteSnapshot", "not-found", "InvalidSnapshot.NotFound", 400),
    ("ec2", "DeleteRoute", "not-found", "InvalidRouteTableID.NotFound", 400),
    ("ec2", "DescribeRegions", "not-found", "InvalidID", 400),
    ("ec2", "CreateVpc", "quota-full", "VpcLimitExceeded", 400),
    ("ec2", "ModifyVolume", "in-progress", "IncorrectState", 400),
    ("ec2", "StopInstances", "in-progress", "IncorrectInstanceState", 400),
    ("ecs", "UpdateService", "throttled", "ThrottlingException", 400),
    ("ecs", "UpdateService", "server-error", "ServerException", 500),
    ("ecs", "UpdateService", "not-found", "ServiceNotFoundException", 400),
    ("ecs", "UpdateContainerAgent", "in-progress", "UpdateInProgressException", 400),
    ("efs", "DeleteFileSystem", "throttled", "ThrottlingException", 429),
    ("efs", "DeleteFileSystem", "in-progress", "FileSystemInUse", 409),
    ("eks", "UpdateClusterVersion", "throttled", "ThrottlingException", 429),
    ("eks", "UpdateClusterVersion", "unavailable", "ServiceUnavailableException", 503),
    ("eks", "UpdateClusterVersion", "in-progress", "ResourceInUseException", 409),
    ("elasticache", "ModifyReplicationGroup", "in-progress", "InvalidReplicationGroupState", 400),
    ("elasticbeanstalk", "CreateEnvironment", "quota-full", "TooManyEnvironmentsException", 400),
    ("elasticbeanstalk", "DeleteApplication", "in-progress", "OperationInProgressFailure", 400),
    ("elasticbeanstalk", "UpdateEnvironment", "in-progress", "InvalidParameterValue", 400),
    ("elb", "DeleteLoadBalancer", "not-found", "LoadBalancerNotFound", 400),
    ("events", "PutRule", "server-error", "InternalException", 500),
    ("iam", "DeleteRole", "server-error", "ServiceFailure", 500),
    ("iam", "DeleteRole", "not-found", "NoSuchEntity", 404),
    ("iam", "CreateUser", "quota-full", "LimitExceeded", 409),
    ("iam", "DeleteRole", "in-progress", "ConcurrentModification", 409),
    ("kinesis", "PutRecord", "throttled", "ProvisionedThroughputExceededException", 400),
    ("kinesis", "DescribeStream", "throttled", "LimitExceededException", 400),
    ("kms", "Decrypt", "throttled", "ThrottlingException", 400),
    ("kms", "ScheduleKeyDeletion", "server-error", "KMSInternalException", 500),
    ("kms", "Decrypt", "in-progress", "KMSInvalidStateException", 400),
    ("kms", "CreateKey", "not-supported", "UnsupportedOperationException", 400),
    ("kms", "ListKeys", "not-supported", "UnknownOperationException", 400),
    ("lambda", "UpdateFunctionCode", "throttled", "TooManyRequestsException", 429),
    ("lambda", "UpdateFunctionCode", "server-error", "ServiceException", 500),
    ("lambda", "UpdateFunctionCode", "access-denied", "AccessDeniedException", 403),
    ("lambda", "UpdateFunctionCode", "in-progress", "ResourceConflictException", 409),
    ("lambda", "CreateFunction", "quota-full", "CodeStorageExceededException", 400),
    ("logs", "PutRetentionPolicy", "unavailable", "ServiceUnavailableException", 503),
    ("opensearch", "DeleteDomain", "expired-token", "ExpiredTokenException", 403),
    ("organizations", "CreateAccount", "throttled", "TooManyRequestsException", 400),
    ("rds", "DeleteDBInstance", "not-found", "DBInstanceNotFound", 404),
    ("rds", "DeleteDBCluster", "in-progress", "InvalidDBClusterStateFault", 400),
    ("rds", "ModifyDBInstance", "in-progress", "InvalidDBInstanceState", 400),
    ("rds", "CreateDBInstance", "quota-full", "InstanceQuotaExceeded", 400),
    ("redshift", "DeleteCluster", "in-progress", "InvalidClusterState", 400),
    ("route53", "ChangeResourceRecordSets", "throttled", "Throttling", 400),
    ("route53", "DeleteHostedZone", "not-found", "NoSuchHostedZone", 404),
    ("s3", "PutObject", "throttled", "SlowDown", 503),
    ("s3", "PutObject", "server-error", "InternalError", 500),
    ("s3", "DeleteBucket", "access-denied", "AccessDenied", 403),
    ("s3", "PutObject", "expired-token", "ExpiredToken", 400),
    ("s3", "PutObject", "not-found", "NoSuchBucket", 404),
    ("s3", "GetObject", "not-found", "NoSuchKey", 404),
    ("s3", "GetObjectLockConfiguration", "not-found", "NoSuchBucket", 404),
    ("s3", "PutBucketPolicy", "in-progress", "OperationAborted", 409),
    ("s3", "CreateBucket", "quota-full", "TooManyBuckets", 400),
    ("sagemaker", "CreateEndpoint", "not-supported", "UnknownOperationException", 400),
    ("bedrock", "ListCustomModels", "not-supported", "UnknownOperationException", 404),
    ("secretsmanager", "GetSecretValue", "expired-token", "ExpiredTokenException", 400),
    ("sns", "Publish", "throttled", "Throttled", 429),
    ("sns", "Publish", "server-error", "InternalError", 500),
    ("sns", "Publish", "access-denied", "AuthorizationError", 403),
    ("sqs", "SendMessage", "throttled", "RequestThrottled", 403),
    ("sqs", "SendMessage", "access-denied", "AccessDenied", 403),
    ("sqs", "DeleteQueue", "not-found", "AWS.SimpleQueueService.NonExistentQueue", 400),
    ("sqs", "PurgeQueue", "in-progress", "AWS.SimpleQueueService.PurgeQueueInProgress", 403),
    ("sts", "AssumeRole", "expired-token", "ExpiredToken", 403),
    ("wafv2", "DeleteWebACL", "not-found", "WAFNonexistentItemException", 400),
]


@pytest.mark.parametrize(("service", "operation", "family", "code", "status"), CASES)
def test_a_service_answers_in_its_own_code(service: str, operation: str, family: str, code: str, status: int) -> None:
    """Each service has its own code and status for the same trouble: SlowDown 503, Throttled 429, Throttling 400."""
    answer = FAMILIES[family](service, operation)
    assert (code, status) == (answer.code, answer.status)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (codes.throttled("cloudformation", "UpdateStack"), "Rate exceeded"),
        (codes.throttled("ec2", "RunInstances"), "Request limit exceeded."),
        (codes.throttled("s3", "PutObject"), "Please reduce your request rate."),
        (codes.not_found("cloudformation", "DeleteStack", "shop"), "Stack with id shop does not exist"),
        (codes.not_found("ec2", "TerminateInstances", "i-1"), "The instance ID 'i-1' does not exist"),
        (codes.not_found("rds", "DeleteDBInstance", "shop"), "DBInstance shop not found."),
        (codes.not_found("ses", "SendEmail", "{operation}"), "ConfigurationSet {operation} not found."),
        (codes.not_found("sts", "AssumeRole", "{name}{"), "{name}{ does not exist"),
        (
            codes.not_supported("sns", "CreatePlatformApplication"),
            "Operation (CreatePlatformApplication) is not supported in this region",
        ),
        (codes.quota_full("config", "PutConfigRule"), "You have reached a limit of your account."),
        (codes.in_progress("rds", "ModifyDBInstance"), "The DB instance isn't in a valid state."),
        (
            codes.access_denied("iam", "DeleteRole", ARN, "iam:DeleteRole", "arn:aws-cn:iam::1:role/a"),
            f"User: {ARN} is not authorized to perform: iam:DeleteRole on resource: arn:aws-cn:iam::1:role/a {BECAUSE}",
        ),
        (
            codes.access_denied("s3", "DeleteBucket", ARN, "iam:DeleteRole", "arn:aws-cn:s3:::b"),
            f'User: {ARN} is not authorized to perform: iam:DeleteRole on resource: "arn:aws-cn:s3:::b" {BECAUSE}',
        ),
        (
            codes.access_denied("ec2", "RunInstances", ARN, "ec2:RunInstances", "*"),
            (
                f"You are not authorized to perform this operation. User: {ARN} is not authorized to perform: "
                "ec2:RunInstances because no identity-based policy allows the ec2:RunInstances action"
            ),
        ),
    ],
)
def test_a_message_is_worded_as_the_service_words_it(answer: ErrorAnswer, message: str) -> None:
    """Messages name what the caller named, whatever is in the name, and nothing else."""
    assert message == answer.message


# What AWS's pages of common errors list, and nothing of ours.
COMMON = frozenset(
    [
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "ExpiredTokenException",
        "InternalFailure",
        "InvalidAction",
        "InvalidParameterValue",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "UnknownOperationException",
        "ValidationError",
        "ValidationException",
    ]
)
UNMODELLED: Mapping[str, re.Pattern[str]] = {
    "ec2": re.compile(
        r"Invalid\w+\.(NotFound|Unknown)|NatGatewayNotFound|InvalidID|InvalidReservedInstancesId|\w+LimitExceeded|"
        r"Incorrect(Instance)?State|ConcurrentTagAccess|UnauthorizedOperation|RequestExpired|InternalError|Unavailable"
    ),
    "s3": re.compile("SlowDown|InternalError|NotImplemented|OperationAborted|RestoreAlreadyInProgress|TooManyBuckets"),
    "sqs": re.compile(
        r"AWS\.SimpleQueueService\.(NonExistentQueue|PurgeQueueInProgress|QueueDeletedRecently|UnsupportedOperation)"
    ),
}
JUDGED = (
    "acm apigateway apigatewayv2 athena autoscaling backup batch budgets ce cloudformation cloudfront cloudtrail "
    "cloudwatch codebuild codepipeline cognito-idp config dynamodb ec2 ecr ecs efs eks elasticache elasticbeanstalk elb "
    "elbv2 emr events firehose glue iam kinesis kms lambda logs opensearch organizations rds redshift route53 s3 "
    "s3control secretsmanager sns sqs ssm stepfunctions sts wafv2"
)


@functools.cache
def model_of(service: str) -> ServiceModel:
    """Read a model as botocore's clients do."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def exceptions(service: str) -> list[StructureShape]:
    """Give the modelled errors of a service."""
    return [one for one in model_of(service).error_shapes if isinstance(one, StructureShape)]


def modelled_status(service: str) -> dict[str, int]:
    """Give the modelled codes of a service, with the status the model gives or 0."""
    return {
        str(one.error_code): int(one.metadata.get("error", {}).get("httpStatusCode", 0)) for one in exceptions(service)
    }


@pytest.mark.parametrize("service", JUDGED.split())
def test_every_code_is_one_of_the_service(service: str) -> None:
    """No answer to any operation has a code that neither the model nor AWS's pages know, nor another status than the model's.

    What a service answers when it fails is 5xx, and what it answers when the caller is wrong is not.
    """
    modelled, extra = modelled_status(service), UNMODELLED.get(service)
    for operation in operations_of(service):
        for family, ask in FAMILIES.items():
            answer = ask(service, operation.name)
            if answer.code in modelled:
                assert answer.status == (modelled[answer.code] or answer.status)
            else:
                assert answer.code in COMMON or (extra and extra.fullmatch(answer.code)), answer
            assert answer.code in codes.known_codes(service)
            if family != "throttled":
                assert (family in {"server-error", "unavailable"}) is (answer.status >= 500 and answer.status != 501)
            assert answer.message
            assert not re.search(r"{|this exception|(exception|error) is (thrown|returned)", answer.message)


def test_every_service_has_every_answer() -> None:
    """Whatever the service, each family gives a code the service is known to have, with the status that is known for it."""
    for service in services():
        for operation in operations_of(service)[:3]:
            for answer in (ask(service, operation.name) for ask in FAMILIES.values()):
                assert answer.code in codes.known_codes(service)
                assert codes.known_status(service, answer.code, 0) == answer.status


def test_sdks_try_a_throttled_call_again() -> None:
    """The standard retries of botocore take the throttling answer of every service for one, but for two that it does not know."""
    again = set(vars(ThrottledRetryableChecker)["_THROTTLED_ERROR_CODES"])
    by_status = set(vars(TransientRetryableChecker)["_TRANSIENT_STATUS_CODES"])
    given_up = {
        (service, answer.code)
        for service in JUDGED.split()
        for operation in operations_of(service)
        if (answer := codes.throttled(service, operation.name)).code not in again and answer.status not in by_status
    }
    assert {("efs", "TooManyRequests"), ("sns", "Throttled")} == given_up


DATES = {"Start": "2025-12-01", "End": "2025-12-31"}
CALLS: list[tuple[str, str, Mapping[str, object]]] = [
    ("apigateway", "GetRestApi", {"restApiId": "a1"}),
    ("autoscaling", "DescribeAutoScalingGroups", {}),
    ("batch", "DescribeJobQueues", {}),
    ("ce", "GetCostAndUsage", {"TimePeriod": DATES, "Granularity": "DAILY", "Metrics": ["UnblendedCost"]}),
    ("cloudformation", "DescribeStacks", {}),
    ("cloudfront", "GetDistribution", {"Id": "E1"}),
    ("cloudwatch", "DescribeAlarms", {}),
    ("dynamodb", "DescribeTable", {"TableName": "costs"}),
    ("ec2", "DescribeInstances", {}),
    ("ecs", "DescribeServices", {"services": ["shop"]}),
    ("efs", "DescribeFileSystems", {}),
    ("eks", "DescribeCluster", {"name": "shop"}),
    ("elasticache", "DescribeReplicationGroups", {}),
    ("elasticbeanstalk", "DescribeEnvironments", {}),
    ("elbv2", "DescribeLoadBalancers", {}),
    ("iam", "GetRole", {"RoleName": "shop"}),
    ("kinesis", "DescribeStream", {"StreamName": "shop"}),
    ("kms", "DescribeKey", {"KeyId": "k1"}),
    ("lambda", "GetFunction", {"FunctionName": "shop"}),
    ("logs", "DescribeLogGroups", {}),
    ("rds", "DescribeDBInstances", {}),
    ("route53", "GetHostedZone", {"Id": "Z1"}),
    ("s3", "GetObject", {"Bucket": "reports", "Key": "a.csv"}),
    ("secretsmanager", "GetSecretValue", {"SecretId": "shop"}),
    ("sns", "ListTopics", {}),
    ("sqs", "GetQueueUrl", {"QueueName": "jobs"}),
    ("ssm", "GetParameter", {"Name": "shop"}),
    ("sts", "GetCallerIdentity", {}),
]
OLD_NAMES = {"NonExistentQueue": "QueueDoesNotExist"}


def exception_of(service: str, code: str) -> str:
    """Name the class a client raises for a code: the modelled one, else ClientError."""
    if service == "sqs" and code.startswith("AWS."):
        name = code.rpartition(".")[2]
        return OLD_NAMES.get(name, name)
    # Of two exceptions with one code botocore knows the last.
    return {str(one.error_code): str(one.name) for one in exceptions(service)}.get(code, "ClientError")


@pytest.mark.parametrize(("service", "operation", "parameters"), CALLS)
def test_clients_read_an_answer_as_it_was_meant(service: str, operation: str, parameters: Mapping[str, object]) -> None:
    """A client of each of the five protocols raises the modelled class with the code, the message and the status given."""
    from botocore.config import Config
    from botocore.exceptions import ClientError

    asked: list[Resolved] = []
    given: list[ErrorAnswer] = []

    def handle(request: WireRequest) -> WireAnswer:
        asked.append(resolve(request))
        return error_answer(asked[-1], given[-1].code, given[-1].message, given[-1].status)

    principal = Principal(Author.AGENT, "111122223333", ARN, "ASIAEXAMPLE", "secret")
    with intercepted(handle):
        config = Config(retries={"total_max_attempts": 1})
        client: Any = session_of(principal, "eu-west-1").client(service, config=config)
        method = next(name for name, api in client.meta.method_to_api_mapping.items() if api == operation)
        for ask in FAMILIES.values():
            answer = ask(service, operation)
            given.append(answer)
            with pytest.raises(ClientError) as caught:
                getattr(client, method)(**parameters)
            response: Any = caught.value.response
            error, status = response["Error"], response["ResponseMetadata"]["HTTPStatusCode"]
            assert answer == ErrorAnswer(error["Code"], error["Message"], status)
            assert exception_of(service, answer.code) == type(caught.value).__name__
    assert {(service, operation)} == {(one.service, one.operation) for one in asked}


def test_the_calls_speak_all_five_protocols() -> None:
    """The test above covers ec2, query, json, rest-json and rest-xml."""
    protocols = {model_of(service).resolved_protocol for service, _, _ in CALLS}
    assert {"ec2", "query", "json", "rest-json", "rest-xml"} == protocols


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("opensearch", "ResourceNotFoundException", 409),  # the model's, odd as it is
        ("iam", "LimitExceeded", 409),
        ("ec2", "DryRunOperation", 412),
        ("ec2", "InsufficientInstanceCapacity", 500),
        ("ec2", "DependencyViolation", 400),
        ("s3", "BucketNotEmpty", 409),
        ("s3", "PreconditionFailed", 412),
        ("s3", "RequestTimeout", 400),
        ("sqs", "AWS.SimpleQueueService.PurgeQueueInProgress", 403),
        ("dynamodb", "AccessDeniedException", 400),
        ("lambda", "AccessDeniedException", 403),
        ("dynamodb", "ConditionalCheckFailedException", 400),  # json without a status: the caller's fault
        ("dynamodb", "InternalServerError", 500),  # json without a status: marked as a fault
        ("workspaces", "InternalServerException", 500),  # json without a status, and the mark forgotten
        ("storagegateway", "ServiceUnavailableError", 503),  # as well
        ("rds", "InternalFailure", 500),
        ("rds", "NoSuchCodeAtAll", 418),
    ],
)
def test_status_of_a_code(service: str, code: str, status: int) -> None:
    """The model's status counts, then the table's, then the convention of json; a code nobody has gets the default."""
    assert status == codes.known_status(service, code, 418)


@pytest.mark.parametrize(
    ("service", "code", "known"),
    [
        ("cloudformation", "Throttling", True),
        ("cloudformation", "StackSetNotEmptyException", True),
        ("cloudformation", "SlowDown", False),
        ("ec2", "InsufficientInstanceCapacity", True),
        ("ec2", "OperationNotPermitted", True),
        ("ec2", "BucketNotEmpty", False),
        ("s3", "BucketNotEmpty", True),
        ("s3", "SlowDown", True),
        ("rds", "DBInstanceNotFound", True),
        ("rds", "DBInstanceNotFoundFault", False),  # the name of the exception
        ("rds", "InvalidParameterCombination", True),
        ("sqs", "QueueDoesNotExist", True),
        ("sqs", "AWS.SimpleQueueService.NonExistentQueue", True),
        ("sns", "AWS.SimpleQueueService.NonExistentQueue", False),
        ("lambda", "ResourceConflictException", True),
        ("lambda", "", False),
    ],
)
def test_known_codes_of_a_service(service: str, code: str, known: bool) -> None:
    """A service knows its model's codes, the common ones and those of our table, and no other service's."""
    assert known is (code in codes.known_codes(service))


# Codes that AWS documents and a fault plan may well name, with their status.
DOCUMENTED: Mapping[str, str] = {
    "cloudformation": "InsufficientCapabilitiesException 400 StaleRequestException 409 NameAlreadyExistsException 409 "
    "ConcurrentResourcesLimitExceeded 429 InvalidChangeSetStatus 400 StackSetNotEmptyException 409",
    "dynamodb": "ConditionalCheckFailedException 400 TransactionCanceledException 400 TableInUseException 400",
    "ec2": "InsufficientInstanceCapacity 500 AuthFailure 401 IncorrectState 400 OperationNotPermitted 400 "
    "InvalidInstanceID.NotFound 400 InstanceLimitExceeded 400 VpcLimitExceeded 400 DryRunOperation 412",
    "ecs": "ClusterContainsServicesException 400 ServiceNotActiveException 400 BlockedException 400",
    "eks": "ResourceInUseException 409 InvalidStateException 400 ResourcePropagationDelayException 428",
    "elasticbeanstalk": "OperationInProgressFailure 400 TooManyEnvironmentsException 400 InvalidParameterValue 400",
    "elbv2": "PriorRequestNotComplete 429 OperationNotPermitted 400 ResourceInUse 400",
    "iam": "DeleteConflict 409 EntityTemporarilyUnmodifiable 409 EntityAlreadyExists 409 NoSuchEntity 404 Throttling 400",
    "lambda": "EC2ThrottledException 502 ResourceNotReadyException 502 PreconditionFailedException 412",
    "rds": "InvalidDBInstanceState 400 InvalidParameterCombination 400 InsufficientDBInstanceCapacity 400 "
    "StorageQuotaExceeded 400 KMSKeyNotAccessibleFault 400 Throttling 400 AccessDenied 403",
    "route53": "PriorRequestNotComplete 400 HostedZoneNotEmpty 400 AccessDenied 403",
    "s3": "BucketAlreadyExists 409 BucketAlreadyOwnedByYou 409 OperationAborted 409 InvalidAccessKeyId 403 NoSuchKey 404",
    "sns": "ConcurrentAccess 400 InvalidState 400 AuthorizationError 403",
    "sqs": "RequestThrottled 403 OverLimit 403 AWS.SimpleQueueService.QueueDeletedRecently 400",
    "sts": "ExpiredTokenException 400 RegionDisabledException 403 ExpiredToken 403 AccessDenied 403",
}


@pytest.mark.parametrize("service", DOCUMENTED)
def test_documented_codes_are_known_with_their_status(service: str) -> None:
    """The codes of AWS's pages are known, those that botocore's models lack too, with the status AWS gives them."""
    words = DOCUMENTED[service].split()
    documented = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    assert documented.keys() <= codes.known_codes(service)
    assert documented == {code: codes.known_status(service, code, 0) for code in documented}


def test_every_modelled_code_is_known() -> None:
    """Nothing that botocore's model lists is refused, and its status is the model's."""
    for service in ("cloudformation", "rds", "iam", "lambda", "eks", "dynamodb", "cloudwatch", "route53", "sqs"):
        for code, status in modelled_status(service).items():
            assert code in codes.known_codes(service)
            assert status in {0, codes.known_status(service, code, 0)}


@pytest.mark.parametrize("ask", [codes.known_codes, lambda service: codes.throttled(service, "DeleteStack")])
def test_an_unknown_service_is_refused(ask: Callable[[str], object]) -> None:
    """A service that does not exist is refused with the nearest that does."""
    with pytest.raises(UnknownName, match="called 'cloudfromation': did you mean 'cloudformation'"):
        ask("cloudfromation")


def table() -> list[list[str]]:
    """Read the rows of answers.tsv."""
    text = (importlib.resources.files("askfirst.harness.faulting") / "answers.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith(("#", "service\t"))]


def test_rows_of_answers_are_whole() -> None:
    """Every row has its seven fields, a service or protocol, a family, a status, a source, and words that are filled in."""
    known = {"(query)", "(json)", "(rest-json)", "(rest-xml)", *services()}
    for service, operations, family, code, status, message, source in table():
        where = f"{service} {operations} {family}"
        assert service in known, where
        assert family in FAMILIES, where
        assert re.fullmatch(r"[A-Z][\w.]+", code), where
        assert 400 <= int(status) < 600, where
        assert set(re.findall(r"{(\w*)}", message)) <= {
            "not-found": {"name"},
            "not-supported": {"operation"},
            "access-denied": {"denial"},
        }.get(family, set()), where
        assert len(source) > 4, where


def test_every_row_of_answers_is_used() -> None:
    """Each row is the first that fits at least one operation of its service; each protocol has a row for each family."""
    rows: dict[tuple[str, str], list[str]] = {}
    for service, operations, family, *_ in table():
        rows.setdefault((service, family), []).append(operations)
    for (service, family), patterns in rows.items():
        if service.startswith("("):
            assert ["*"] == patterns, (service, family)
            continue
        names = [operation.name for operation in operations_of(service)]
        used = {next((one for one in patterns if fnmatch.fnmatchcase(name, one)), "") for name in names}
        assert set(patterns) - used == set(), (service, family)
    whole = {("(query)", one) for one in FAMILIES} | {("(json)", one) for one in FAMILIES}
    whole |= {("(rest-json)", one) for one in FAMILIES} | {("(rest-xml)", one) for one in FAMILIES}
    assert whole == {key for key in rows if key[0].startswith("(")}
    assert {("ec2", one) for one in FAMILIES} == {key for key in rows if key[0] == "ec2" and "*" in rows[key]}


def test_rows_of_answers_agree_with_the_models() -> None:
    """Where a row's code is modelled and the model gives a status, the row has the same; else the service is known to have it."""
    for service, _, _, code, status, _, _ in table():
        if not service.startswith("("):
            modelled = modelled_status(service)
            assert modelled.get(code, 0) in {0, int(status)}, (service, code)
            assert codes.known_status(service, code, 0) == int(status), (service, code)


def test_sections_of_codes_are_whole() -> None:
    """Codes are sorted, listed once for a service or protocol, never against the model, and each section has its source."""
    text = (importlib.resources.files("askfirst.harness.faulting") / "codes.toml").read_text("utf-8")
    seen: set[tuple[str, str]] = set()
    for section in tomllib.loads(text)["codes"]:
        names = section["names"].split()
        assert sorted(names) == names
        assert set(section) <= {"services", "protocols", "status", "source", "names"}
        assert len(section["source"]) > 20
        for whose in section.get("services", section.get("protocols", ["every"])):
            assert whose in {*services(), "json", "rest-json", "every"}
            for name in names:
                assert (whose, name) not in seen
                seen.add((whose, name))
            if whose in services():
                modelled = modelled_status(whose)
                assert {name for name in names if modelled.get(name, 0) not in {0, section["status"]}} == set()


def test_nothing_heavy_is_loaded_and_nothing_of_the_user_is_read(tmp_path: Path) -> None:
    """Importing loads no dependency; answering reads neither ~/.aws/config nor the models people keep in ~/.aws/models."""
    own = tmp_path / ".aws" / "models" / "sts" / "2099-01-01"
    own.mkdir(parents=True)
    document = {"metadata": {"protocol": "json"}, "operations": {}, "shapes": {"Own": {"exception": True}}}
    (own / "service-2.json").write_text(json.dumps(document))
    (tmp_path / ".aws" / "config").write_text("this is no configuration")
    program = """
import json, sys
from askfirst.harness.faulting import codes, lint
heavy = {"botocore", "boto3", "moto", "pydantic"} & set(sys.modules)
lint.check_code("sts", "ExpiredToken")
lint.check_region("cn-northwest-1")
code, own = codes.throttled("sts", "AssumeRole").code, "Own" in codes.known_codes("sts")
print(json.dumps([sorted(heavy), code, own, "boto3" in sys.modules]))
"""
    environment = {**os.environ, "HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / ".aws" / "config")}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment)
    assert [[], "Throttling", False, False] == json.loads(done.stdout)
