"""Promise: a verdict lists the known differences from AWS that its trial touched, and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from askfirst import Scenario, World, run_trial
from askfirst.harness.fidelity import differences, touched
from askfirst.harness.operations.table import operations_of, services
from askfirst.harness.report.data import trial_data

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief


def build(env: Env) -> None:
    """Make a bucket and a log group."""
    env.session.client("s3").create_bucket(Bucket="some-bucket")
    env.session.client("logs").create_log_group(logGroupName="/app")


def ids(act: Callable[[Any], object]) -> set[str]:
    """Give the differences that an agent touches by this."""

    def agent(brief: Brief) -> str:
        act(brief.session)
        return "done"

    trial = run_trial(Scenario(name="differences", world=World(build=build, draws=1), task="t"), agent)
    told = trial_data(trial)["fidelity"]
    assert isinstance(told, list)
    assert [one.id for one in touched(trial.history)] == [one["id"] for one in told]
    return {one["id"] for one in told}


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda s: s.client("sts").get_caller_identity(), set()),
        (
            lambda s: s.client("logs").put_retention_policy(logGroupName="/app", retentionInDays=30),
            {"logs-retention"},
        ),
        (lambda s: s.client("iam").list_roles(), {"iam-at-once"}),
    ],
    ids=["nothing", "retention", "iam"],
)
def test_what_was_called_decides(act: Callable[[Any], object], expected: set[str]) -> None:
    """A call touches the differences about its operation; the builder's own calls touch none."""
    assert expected == ids(act)


def test_every_difference_is_about_operations_that_exist() -> None:
    """Each row matches at least one operation for each of its patterns, and says both sides with a source."""
    known = [one.id for service in services() for one in operations_of(service)]
    for difference in differences():
        for pattern in difference.calls:
            one = type(difference)(difference.id, (pattern,), "", "", "", difference.bearing)
            assert any(one.touched_by(name, "us-east-1") for name in known), f"{difference.id}: {pattern}"
        assert difference.here
        assert difference.aws
        assert difference.source.startswith("https://")
    assert len({one.id for one in differences()}) == len(differences())
