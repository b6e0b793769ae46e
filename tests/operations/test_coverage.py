"""The table leaves nothing out: neither an operation of botocore nor one that moto carries out."""

import re

import botocore
import pytest
from moto.core.responses import BaseResponse
from tests.operations.moto_look import Operations, method_names, response_classes

from askfirst.harness.operations import Level, classify, operations_of, services
from askfirst.harness.operations.build import BOTOCORE, HAND_ROWS

# Public methods of moto that are named like operations and are none of botocore's; each was looked at.
NOT_OPERATIONS = {
    "apigateway:get_rest_api_without_id",
    "apigatewayv2:get_api_without_id",
    "cloudformation:validate_template_and_stack_body",
    "dynamodb:get_endpoint_name",
    "mediaconnect:get_entitlement_arn",
    "mediaconnect:get_flow_arn",
    "mediaconnect:get_output_arn",
    "mediaconnect:get_source_arn",
    "mediaconnect:get_vpc_interface_name",
    "opensearch:describe_es_domain_config",  # es:DescribeElasticsearchDomainConfig, which has a row
    "opensearch:list_domains",  # opensearch:ListDomainNames, which has a row
    "opensearch:tag_removal",  # answers both ways of removing tags, which have rows
    "s3:get_bucket_tags",
    "s3:get_safe_path",
    "synthetics:get_health_check",
    "timestream-write:create_scheduled_query",  # timestream-query:..., which have rows
    "timestream-write:delete_scheduled_query",
    "timestream-write:describe_scheduled_query",
    "timestream-write:update_scheduled_query",
}

# Operations that botocore marks readonly and the table holds for more than consuming; each was looked at.
READONLY_YET_MUTATING = {
    "ivs:BatchStartViewerSessionRevocation",  # throws viewers out
    "ivs:StartViewerSessionRevocation",
    "networkflowmonitor:StartQueryWorkloadInsightsTopContributors",  # starts a query that is billed and kept
    "networkflowmonitor:StartQueryWorkloadInsightsTopContributorsData",
    "networkflowmonitor:StopQueryWorkloadInsightsTopContributors",  # ends somebody's query
    "networkflowmonitor:StopQueryWorkloadInsightsTopContributorsData",
}

VERBS = (
    "abort accept activate add admin allocate apply assign associate attach authorize batch cancel change close "
    "complete confirm continue copy create decline decrease delete deploy deprovision deregister describe detach "
    "disable disassociate enable evict execute expire failover flush get import increase initiate invoke leave list "
    "lock merge migrate modify move pause promote provision publish purge put query reboot rebuild register reject "
    "release remove rename replace request reset restore resume retire retry revoke rollback rotate run scan schedule "
    "search send set shutdown start stop submit suspend swap switchover tag terminate test transact transfer unassign "
    "unlink unlock unsubscribe untag update upgrade upload validate withdraw write"
)
LIKE_AN_OPERATION = re.compile(rf"(?:{'|'.join(VERBS.split())})_[a-z]")


def test_every_operation_of_botocore_has_a_row(botocore_operations: Operations) -> None:
    """No operation an agent can send through an SDK is unknown to the table."""
    missing = [
        f"{service}:{name}"
        for service, operations in botocore_operations.items()
        for name in operations
        if not classify(service, name).known
    ]
    assert [] == missing, "raise the pins in build.py and build the table anew"


@pytest.mark.skipif(botocore.__version__ != BOTOCORE, reason="the table is made from another botocore")
def test_every_row_names_an_operation_of_botocore_or_is_a_listed_hand_row(botocore_operations: Operations) -> None:
    """No row is dead: it is an operation of the pinned botocore, or it stands in HAND_ROWS with a reason."""
    rows = {(row.service, row.name) for service in services() for row in operations_of(service)}
    real = {(service, name) for service, operations in botocore_operations.items() for name in operations}
    assert set(HAND_ROWS) == rows - real


def test_every_operation_that_moto_carries_out_has_a_row(moto_operations: set[tuple[str, str]]) -> None:
    """Whatever moto would really do to a world, the table says what it is."""
    assert [] == [f"{service}:{name}" for service, name in sorted(moto_operations) if not classify(service, name).known]


def test_the_look_into_moto_sees_what_moto_is_known_to_carry_out(moto_operations: set[tuple[str, str]]) -> None:
    """The test above compares something: the look into moto finds operations however a service is written there."""
    known = {
        ("batch", "SubmitJob"),  # routed by path
        ("cloudformation", "ContinueUpdateRollback"),
        ("cloudformation", "DeleteStack"),  # query protocol
        ("dynamodb", "DeleteTable"),  # JSON protocol
        ("ec2", "TerminateInstances"),  # many classes behind one
        ("lambda", "Invoke"),  # moto calls the service awslambda
        ("neptune", "DeleteDBCluster"),  # answered by the code of rds
        ("s3", "DeleteBucket"),  # own dispatcher
    }
    absent = {("cloudformation", "ContinueUpdateRollback")}  # the safe exit that the harness has to supply
    assert known - absent == known & moto_operations
    assert len(moto_operations) >= 3_800


def test_moto_carries_out_nothing_that_botocore_does_not_know(moto_strangers: set[str]) -> None:
    """A new operation of moto that the installed botocore lacks, and that so has no row, is noticed here."""
    assert NOT_OPERATIONS == moto_strangers


def test_what_botocore_marks_readonly_is_at_most_consuming(botocore_operations: Operations) -> None:
    """An agent that only looks is never accused of a change; the exceptions were reviewed."""
    above = {
        f"{service}:{name}"
        for service, operations in botocore_operations.items()
        for name, readonly in operations.items()
        if readonly and classify(service, name).level > Level.CONSUME
    }
    assert READONLY_YET_MUTATING == above


@pytest.fixture(scope="module")
def moto_strangers(botocore_operations: Operations) -> set[str]:
    """Public methods of response classes that are named like an operation and are none of botocore's."""
    strangers: set[str] = set()
    generic = set(dir(BaseResponse))
    for service, owner in response_classes():
        known = {method for name in botocore_operations.get(service, ()) for method in method_names(name)}
        candidates = {name for name in dir(owner) if LIKE_AN_OPERATION.match(name) and callable(getattr(owner, name))}
        strangers |= {f"{service}:{name}" for name in candidates - generic - known}
    return strangers
