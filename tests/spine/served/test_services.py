"""Promise: a request names its service by its signature and its form alone, for every operation that botocore knows."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest

from askfirst.harness.aws.disguise import answers_at
from askfirst.harness.aws.services import host_of, service_of, services
from askfirst.harness.aws.wire import WireRequest

TWINS = {
    "docdb": "rds",
    "neptune": "rds",
    "qconnect": "wisdom",
    "pinpoint-sms-voice": "sms-voice",
    "greengrassv2": "greengrass",
    "chime-sdk-voice": "chime",
    "lexv2-models": "lex-models",
    "timestream-write": "timestream-query",
    "bedrock-agent-runtime": "bedrock-agent",
}
"""Services whose requests are those of another one, sign and all; AWS tells them apart by the host, if at all."""

SHARED = {"TagResource", "UntagResource", "ListTagsForResource", "ListTags"}
"""Operations that services of one signing name have at one path."""


def test_hosts_are_awss_own() -> None:
    """For every service, in China, in a region of the old kind and in one that botocore does not know, it is a host of AWS."""
    for region in ("us-east-1", "cn-northwest-1", "xx-nowhere-9"):
        hosts = {name: host_of(name, region, "amazonaws.com") for name in services()}
        assert not {name: host for name, host in hosts.items() if not answers_at(f"https://{host}/")}
    assert "sts.cn-northwest-1.amazonaws.com.cn" == host_of("sts", "cn-northwest-1", "amazonaws.com.cn")
    assert "iam.amazonaws.com" == host_of("iam", "us-east-1", "amazonaws.com")


def example(shape: Any, depth: int = 0) -> Any:
    """Give a value of a shape with what it requires, and no more."""
    kind = shape.type_name
    if kind == "structure":
        return {name: example(shape.members[name], depth + 1) for name in shape.required_members} if depth < 6 else {}
    if kind == "list":
        return [example(shape.member, depth + 1)] if depth < 6 else []
    if kind == "string":
        return shape.enum[0] if shape.enum else "x" * max(1, shape.metadata.get("min", 1))
    values = {"map": {}, "integer": 1, "long": 1, "float": 1.0, "double": 1.0, "boolean": True, "blob": b"x"}
    return values.get(kind, 0)


def written(model: Any, operation: Any) -> WireRequest:
    """Write the request of an operation as botocore does."""
    from botocore.serialize import create_serializer
    from botocore.utils import percent_encode_sequence

    parameters = example(operation.input_shape) if operation.input_shape else {}
    protocol = model.resolved_protocol
    made: Any = create_serializer(protocol, include_validation=False).serialize_to_request(parameters, operation)
    body = made["body"]
    body = urlencode(body) if isinstance(body, dict) else body
    query = percent_encode_sequence(made["query_string"]) if made["query_string"] else ""
    mark = "&" if "?" in made["url_path"] else "?"
    headers = {
        name: value.decode() if isinstance(value, bytes) else str(value) for name, value in made["headers"].items()
    }
    address = f"https://127.0.0.1{made['url_path']}{mark + query if query else ''}"
    return WireRequest(made["method"], address, headers, body.encode() if isinstance(body, str) else body)


@pytest.mark.slow
def test_every_operation_is_its_services() -> None:
    """Of 19,747 requests that botocore can write, all but those AWS itself tells apart by the host find their service."""
    import botocore.session

    loader = botocore.session.Session()
    wrong: Counter[tuple[str, str]] = Counter()
    number = 0
    for name, facts in services().items():
        model = loader.get_service_model(name)
        if model.resolved_protocol == "smithy-rpc-v2-cbor":  # is refused
            continue
        for one in model.operation_names:
            operation = model.operation_model(one)
            if operation.auth_type == "none":
                continue
            number += 1
            found = service_of(written(model, operation), facts.signing_name)
            if found != name and one not in SHARED and TWINS.get(name) != found:
                wrong[name, f"{one}: {found}"] += 1
    assert number > 19_000
    assert not [one for one in wrong if one != ("signer-data", "GetRevocationStatus: signer")]
