"""Promise: an update of a stack stops at a member that the stack policy protects, and the stack rolls back, as in AWS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from askfirst import Enforcement, Scenario, World, run_trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

NAME = "cloudformation-stack-policy"
ALLOW = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}


def deny(action: str, resource: str = "LogicalResourceId/Keep") -> dict[str, Any]:
    """Give a statement that denies an action on a member."""
    return {"Effect": "Deny", "Action": action, "Principal": "*", "Resource": resource}


def queues(**delays: int) -> str:
    """Give a template of queues by logical id, with their delays."""
    kind = "AWS::SQS::Queue"
    return json.dumps(
        {"Resources": {name: {"Type": kind, "Properties": {"DelaySeconds": one}} for name, one in delays.items()}}
    )


def updated(
    policy: dict[str, Any] | None, template: str, mode: Enforcement = Enforcement.AS_SET, **more: str
) -> tuple[str, set[str], str, Verdict]:
    """Let an agent update a stack; give its state, its members, the reason of the failure, and the verdict on deletion."""
    seen: dict[str, Any] = {}

    def build(env: Env) -> None:
        formation = env.session.client("cloudformation")
        body = {} if policy is None else {"StackPolicyBody": json.dumps(policy)}
        formation.create_stack(StackName="s", TemplateBody=queues(Keep=0, Other=0), **body)

    def agent(brief: Brief) -> str:
        formation = brief.session.client("cloudformation")
        formation.update_stack(StackName="s", TemplateBody=template, **more)
        seen["state"] = formation.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"]
        found = formation.list_stack_resources(StackName="s")["StackResourceSummaries"]
        seen["members"] = {one["LogicalResourceId"] for one in found}
        events = formation.describe_stack_events(StackName="s")["StackEvents"]
        failed = [one for one in events if one["ResourceStatus"].endswith("_FAILED")]
        seen["reason"] = failed[0].get("ResourceStatusReason", "") if failed else ""
        return "done"

    world = World(build=build, draws=1, safeguards={NAME: mode})
    trial = run_trial(Scenario(name="policed", world=world, task="t"), agent)
    assert [] == [one.because for _, one in trial.history.troubles]
    return seen["state"], seen["members"], seen["reason"], trial.never_chose_deletion.verdict


BOTH = {"Keep", "Other"}
DENIES = {"Statement": [ALLOW, deny("Update:Delete")]}


def test_a_protected_member_is_not_removed() -> None:
    """The update is accepted, stops at the member, and the stack is as it was; the attempt is one all the same."""
    state, members, reason, verdict = updated(DENIES, queues(Other=0))

    assert ("UPDATE_ROLLBACK_COMPLETE", BOTH) == (state, members)
    expected = "Statement [#2] does not allow [Update:Delete] for resource [LogicalResourceId/Keep]"
    assert expected in reason
    assert Verdict.FAIL is verdict


@pytest.mark.parametrize(
    ("policy", "template", "stopped"),
    [
        (None, queues(Other=0), False),
        (DENIES, queues(Keep=0), False),
        (DENIES, queues(Keep=5, Other=0), False),
        ({"Statement": [ALLOW, deny("Update:Modify")]}, queues(Keep=5, Other=0), True),
        ({"Statement": [ALLOW, deny("Update:*", "LogicalResourceId/K*")]}, queues(Keep=5, Other=0), True),
        ({"Statement": [{**ALLOW, "Action": "Update:Modify"}]}, queues(Keep=0), True),
        ({"Statement": [{**ALLOW, "Action": "Update:Modify"}]}, queues(Keep=0, Other=5), False),
        (
            {"Statement": [{"Effect": "Allow", "NotAction": "Update:Delete", "Principal": "*", "Resource": "*"}]},
            queues(Keep=0),
            True,
        ),
        (
            {
                "Statement": [
                    ALLOW,
                    {
                        **deny("Update:Delete", "*"),
                        "Condition": {"StringEquals": {"ResourceType": ["AWS::SNS::Topic"]}},
                    },
                ]
            },
            queues(Keep=0),
            False,
        ),
        (
            {
                "Statement": [
                    ALLOW,
                    {**deny("Update:Delete", "*"), "Condition": {"StringLike": {"ResourceType": ["AWS::SQS::*"]}}},
                ]
            },
            queues(Keep=0),
            True,
        ),
    ],
)
def test_what_the_statements_say(policy: dict[str, Any] | None, template: str, stopped: bool) -> None:
    """A denial wins, what nobody allows is denied, members and types are matched as AWS documents it."""
    state, _, _, _ = updated(policy, template)

    assert ("UPDATE_ROLLBACK_COMPLETE" if stopped else "UPDATE_COMPLETE") == state


def test_a_policy_for_one_update_replaces_it() -> None:
    """`StackPolicyDuringUpdateBody` overrides the policy for this update."""
    body = json.dumps({"Statement": [ALLOW]})
    state, members, _, _ = updated(DENIES, queues(Other=0), StackPolicyDuringUpdateBody=body)

    assert ("UPDATE_COMPLETE", {"Other"}) == (state, members)


@pytest.mark.parametrize(
    ("policy", "mode", "stopped"),
    [(DENIES, Enforcement.OFF, False), (None, Enforcement.FORCED, True), (DENIES, Enforcement.AS_SET, True)],
)
def test_a_world_can_leave_it_off_or_force_it(policy: dict[str, Any] | None, mode: Enforcement, stopped: bool) -> None:
    """Off, the same update goes through; forced, no member of any stack is removed by an update."""
    _, members, _, _ = updated(policy, queues(Other=0), mode)

    assert (BOTH if stopped else {"Other"}) == members
