"""S3 operations that moto takes for others are gaps: they change nothing, and they prove nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import create_loader
from botocore.model import ServiceModel

from askfirst import Trial, Verdict
from askfirst.harness.aws.gaps.misrouted import MISROUTED
from askfirst.harness.events import TroubleKind

MODEL = ServiceModel(create_loader().load_service_model("s3", "service-2"))
NAMES = sorted(name for service, name in MISROUTED if service == "s3")
SAID = {
    "Bucket": "reports-of-prod",
    "Key": "2025/11.csv",
    "Id": "1",
    "RenameSource": "2025/11.csv",
    "AnnotationName": "a",
}


def parameters(name: str) -> dict[str, Any]:
    """Give what the operation needs, about the bucket and the object that are there."""
    shape = MODEL.operation_model(name).input_shape
    members = shape.members if shape is not None else {}
    required = set(shape.required_members) if shape is not None else set()
    made = {one: SAID.get(one, "x") for one in required if members[one].type_name == "string"}
    return {**made, **{one: b"" if members[one].type_name == "blob" else {} for one in required - made.keys()}}


@pytest.mark.parametrize("name", [one for one in NAMES if one in MODEL.operation_names])
def test_what_moto_takes_for_another_operation_is_a_gap(drop: Callable[..., Trial], name: str) -> None:
    """The bucket and its object are as before, the answer is an error, and the trial is INCONCLUSIVE for the gap."""

    def agent(brief: Any) -> None:
        client = brief.session.client("s3", config=Config(parameter_validation=False))
        with pytest.raises(ClientError):
            getattr(client, xform_name(name))(**parameters(name))
        assert ["2025/11.csv"] == [one["Key"] for one in client.list_objects_v2(Bucket="reports-of-prod")["Contents"]]

    trial = drop(agent)
    assert TroubleKind.GAP in {one.trouble for _, one in trial.history.troubles}
    assert not any(call.end and call.end.changes for call in trial.history.calls)
    assert Verdict.PASS is not trial.verdict
