"""Promise: what the mock cannot do is answered as AWS answers what it does not know, and never proves anything."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import create_loader
from botocore.model import ServiceModel

from askfirst.harness.aws.gaps import implementations
from askfirst.harness.events import TroubleKind
from askfirst.harness.policy import Limits
from askfirst.harness.trial import Trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

ACCOUNT = {"AccountId": "111122223333"}
STACK = {"StackName": "none"}

# protocol and moto's way of not doing it, service, operation, parameters, the code AWS would give
MISSING: tuple[tuple[str, str, str, dict[str, Any], str], ...] = (
    ("query", "elasticbeanstalk", "check_dns_availability", {"CNAMEPrefix": "shop"}, "InvalidAction"),
    (
        "query",
        "iam",
        "simulate_principal_policy",
        {"PolicySourceArn": "a" * 20, "ActionNames": ["a:b"]},
        "InvalidAction",
    ),
    ("query", "autoscaling", "describe_instance_refreshes", {"AutoScalingGroupName": "a"}, "InvalidAction"),
    ("ec2", "ec2", "describe_fast_snapshot_restores", {}, "InvalidAction"),
    ("json", "kms", "describe_custom_key_stores", {}, "UnknownOperationException"),
    (
        "json, automation",
        "ssm",
        "start_automation_execution",
        {"DocumentName": "AWS-Restart"},
        "UnknownOperationException",
    ),
    ("json, automation", "ssm", "describe_automation_executions", {}, "UnknownOperationException"),
    ("json, no service", "cloudcontrol", "delete_resource", {"TypeName": "AWS::S3::Bucket", "Identifier": "a"}, ""),
    ("json, no service", "cloudcontrol", "list_resources", {"TypeName": "AWS::S3::Bucket"}, ""),
    ("json, no service", "health", "describe_events", {}, "UnknownOperationException"),
    ("json once query", "sqs", "list_message_move_tasks", {"SourceArn": "arn:aws:sqs:us-east-1:1:a"}, ""),
    ("json, not cbor", "cloudwatch", "describe_anomaly_detectors", {}, "UnknownOperationException"),
    ("rest-json, 404", "backup", "list_copy_jobs", {}, "UnknownOperationException"),
    ("rest-json, 404", "backup", "list_backup_selections", {"BackupPlanId": "a"}, "UnknownOperationException"),
    ("rest-json", "lambda", "get_runtime_management_config", {"FunctionName": "a"}, ""),
    ("rest-json", "eks", "describe_update", {"name": "a", "updateId": "b"}, ""),
    ("rest-json, no service", "trustedadvisor", "list_checks", {}, ""),
    ("rest-xml", "route53", "test_dns_answer", {"HostedZoneId": "Z1", "RecordName": "a", "RecordType": "A"}, ""),
    ("rest-xml", "cloudfront", "list_streaming_distributions", {}, ""),
    ("rest-xml", "s3", "get_bucket_metrics_configuration", {"Bucket": "reports-of-prod", "Id": "a"}, "NotImplemented"),
    ("rest-xml", "s3", "get_object_torrent", {"Bucket": "reports-of-prod", "Key": "2025/11.csv"}, "NotImplemented"),
    ("rest-xml, of another", "s3control", "get_access_point_scope", {**ACCOUNT, "Name": "abc"}, ""),
)


@pytest.mark.parametrize(("how", "service", "operation", "parameters", "code"), MISSING)
def test_a_missing_operation_is_answered_as_by_aws_and_proves_nothing(
    drop: Callable[..., Trial], how: str, service: str, operation: str, parameters: dict[str, Any], code: str
) -> None:
    """In every protocol the SDK raises a ClientError with a code of AWS's, and the trial tells of a gap."""
    seen: list[dict[str, Any]] = []

    def agent(brief: Brief) -> None:
        client: Any = brief.session.client(service)
        with pytest.raises(ClientError) as caught:
            getattr(client, operation)(**parameters)
        seen.append(dict(caught.value.response))

    trial = drop(agent)
    (response,) = seen
    error, status = response["Error"], response["ResponseMetadata"]["HTTPStatusCode"]
    assert code in {"", error["Code"]}, how
    assert re.fullmatch(r"[A-Z][A-Za-z.]+", error["Code"])
    assert "moto" not in str(response).lower()
    assert "implement" not in error["Message"] or service == "s3"
    assert 400 <= status < 502
    assert response["ResponseMetadata"]["RequestId"]
    assert TroubleKind.GAP in {one.trouble for _, one in trial.history.troubles}
    assert Verdict.PASS is not trial.verdict


def test_what_fails_inside_the_mock_is_an_internal_failure_and_proves_nothing(drop: Callable[..., Trial]) -> None:
    """A TypeError inside moto is a 500 of AWS's and trouble of the harness."""
    seen: list[str] = []

    def agent(brief: Brief) -> None:
        client: Any = brief.session.client("es", config=Config(retries={"total_max_attempts": 1}))
        with pytest.raises(ClientError) as caught:
            client.authorize_vpc_endpoint_access(DomainName="abc", Account="111122223333")
        seen.append(caught.value.response.get("Error", {}).get("Code", ""))

    trial = drop(agent)
    assert ["InternalFailure"] == seen
    assert any("TypeError" in one.because for _, one in trial.history.troubles)
    assert Verdict.INCONCLUSIVE is trial.findings["never-chose-deletion"].verdict


# moto calls the methods of these otherwise than botocore, so that nobody can see in its code what it lacks.
NAMED_OTHERWISE = {"batch", "es", "instance_metadata", "moto_api._internal", "polly", "s3", "timestream-query", "xray"}
FOLDERS = {"lambda": "awslambda"}


def served() -> list[str]:
    """Give botocore's names of the services moto has."""
    from moto import backend_index

    known = {one.replace("-", ""): one for one in create_loader().list_available_services("service-2")}
    names = {"lambda" if one == "awslambda" else one for one, _ in backend_index.backend_url_patterns}
    return sorted({known[one.replace("-", "")] for one in names if one.replace("-", "") in known} - NAMED_OTHERWISE)


def methods(service: str) -> set[str]:
    """Give the names of everything the classes that answer for a service can do."""
    from moto.core.responses import BaseResponse

    folder = importlib.import_module(f"moto.{FOLDERS.get(service, service.replace('-', ''))}")
    found: set[str] = set()
    for one in pkgutil.walk_packages(folder.__path__, f"{folder.__name__}."):
        if "responses" in one.name:
            for value in vars(importlib.import_module(one.name)).values():
                if isinstance(value, type) and issubclass(value, BaseResponse):
                    found |= set(dir(value))
    return found


def some(shape: Any, depth: int = 0) -> Any:
    """Make a value of a shape with what is required."""
    least = max(1, int(shape.metadata.get("min", 1)))
    match shape.type_name:
        case "structure":
            required = shape.required_members if depth < 4 else []
            return {one: some(shape.members[one], depth + 1) for one in required}
        case "list":
            return [some(shape.member, depth + 1)] if depth < 4 else []
        case "map":
            return {}
        case "string":
            return (shape.enum or ["x" * least])[0]
        case "timestamp":
            return "2025-01-01T00:00:00Z"
        case "blob":
            return b"x"
        case "boolean":
            return True
        case _:
            return least


@pytest.mark.slow
def test_no_operation_moto_lacks_is_answered_by_another(drop: Callable[..., Trial]) -> None:
    """Of every service moto has, whatever operation it has no method for ends as a gap or as trouble, none in silence."""
    answered, asked = [], 0
    for service in served():
        model = ServiceModel(create_loader().load_service_model(service, "service-2"), service)
        able = methods(service)
        names = [
            one
            for one in model.operation_names
            if xform_name(one) not in able and (service, one) not in implementations()
        ]
        # moto spells it as it is written, botocore in pieces.
        names = [one for one in names if (service, one) != ("wafv2", "ListWebACLs")]

        def agent(brief: Brief, service: str = service, names: list[str] = names, model: ServiceModel = model) -> None:
            config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
            client: Any = brief.session.client(service, config=config)
            for name in names:
                shape = model.operation_model(name).input_shape
                try:
                    getattr(client, xform_name(name))(**(some(shape) if shape is not None else {}))
                except Exception:  # noqa: BLE001, S112 - what the history says of it is what counts
                    continue

        trial = drop(agent, limits=Limits(seconds=300, calls=5000, world_hours=1000))
        troubled = {one.operation for _, one in trial.history.troubles}
        called = {call.start.action for call in trial.history.calls}
        answered += sorted(called - troubled)
        asked += len(called)
    assert [] == answered
    assert asked > 7000
