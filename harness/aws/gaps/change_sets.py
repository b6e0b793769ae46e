"""CloudFormation: change sets as AWS makes, shows and executes them.

moto takes a change set without a type for one that creates a stack (the default is UPDATE), and so makes a second stack of
the same name; it shows neither replacements nor what happens to the old resource, and it executes as its UpdateStack does.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from askfirst.harness.aws.gaps.base import Guard, Implementation, Refused, Situation, invalid
from askfirst.harness.aws.gaps.change_set_words import changes_in_words
from askfirst.harness.aws.gaps.stack_keeping import settle_outputs
from askfirst.harness.aws.gaps.stack_templates import Submitted, of_text, side_of, submitted, surroundings_of
from askfirst.harness.aws.gaps.stack_update import nothing_to_do
from askfirst.harness.aws.gaps.stack_updating import difference, update
from askfirst.harness.aws.gaps.stacks import Stack, find_stack, members, no_such_stack, physical_id
from askfirst.harness.operations.templates import diff
from askfirst.harness.operations.templates.values import scalar

if TYPE_CHECKING:
    from pydantic import JsonValue

NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
CREATE, UPDATE = "CREATE", "UPDATE"
TAKEN, UNKNOWN, UNFIT = "AlreadyExistsException", "ChangeSetNotFound", "InvalidChangeSetStatus"


class ChangeSet(Protocol):
    """moto's change set, as far as it is used here."""

    change_set_id: str
    change_set_name: str
    change_set_type: str
    stack: Stack
    stack_id: str
    template: str
    parameters: dict[str, str]
    description: str | None
    tags: dict[str, str] | None
    status: str
    status_reason: str | None
    execution_status: str
    creation_time: datetime


def create_change_set(situation: Situation) -> Mapping[str, JsonValue]:
    """Make a change set, of type UPDATE if the call names none. What it would change is computed when it is asked for."""
    stack, kind = find_stack(situation), situation.text("ChangeSetType") or UPDATE
    name = situation.text("ChangeSetName")
    if kind == UPDATE and stack is None:
        msg = f"Stack [{situation.text('StackName')}] does not exist"
        raise invalid(msg)
    if kind == CREATE and stack is not None and stack.status != "REVIEW_IN_PROGRESS":
        msg = f"Stack [{stack.name}] already exists and cannot be created again with the changeSet [{name}]."
        raise invalid(msg)
    if stack is not None and find_change_set(situation) is not None:
        raise Refused(TAKEN, f"ChangeSet {name} already exists")
    new = submitted(situation, stack)
    made = _made(situation, stack, kind, new)
    made.status, made.execution_status = "CREATE_COMPLETE", "AVAILABLE"
    try:
        if (
            stack is not None
            and kind == UPDATE
            and nothing_to_do(situation, stack, new, difference(situation, stack, new))
        ):
            made.status, made.execution_status, made.status_reason = "FAILED", "UNAVAILABLE", NO_CHANGES
    except Refused as refused:
        made.status, made.execution_status, made.status_reason = "FAILED", "UNAVAILABLE", refused.message
    return {"Id": made.change_set_id, "StackId": made.stack_id}


def _made(situation: Situation, stack: Stack | None, kind: str, new: Submitted) -> ChangeSet:
    backend = situation.backend("cloudformation")
    listed = situation.parameters.get("Tags")
    tags = {str(one["Key"]): str(one["Value"]) for one in listed or [] if isinstance(one, dict)} if listed else {}  # type: ignore[union-attr]
    if stack is not None:
        from moto.cloudformation.models import ChangeSet as MotoChangeSet
        from moto.cloudformation.utils import generate_changeset_id

        change_set_id = generate_changeset_id(situation.text("ChangeSetName"), situation.region, situation.account)
        one: Any = MotoChangeSet(
            kind,
            change_set_id,
            situation.text("ChangeSetName"),
            stack,  # type: ignore[arg-type]  # moto's own, seen through our protocol
            new.text,
            dict(new.side.parameters),
            situation.text("Description"),
            notification_arns=[],
            tags=tags,
            role_arn=situation.text("RoleARN") or None,
        )
        backend.change_sets[change_set_id] = one
    else:
        change_set_id, _ = backend.create_change_set(
            stack_name=situation.text("StackName"),
            change_set_name=situation.text("ChangeSetName"),
            template=new.text,
            parameters=dict(new.side.parameters),
            description=situation.text("Description"),
            change_set_type=CREATE,
            tags=tags,
            role_arn=situation.text("RoleARN") or None,
        )
        one = backend.change_sets[change_set_id]
    one.creation_time = situation.now.replace(tzinfo=None)
    made: ChangeSet = one
    return made


def find_change_set(situation: Situation) -> ChangeSet | None:
    """Give the change set a call names by ARN, or by its name and that of its stack."""
    change_sets: Mapping[str, ChangeSet] = situation.backend("cloudformation").change_sets
    wanted, stack = situation.text("ChangeSetName"), situation.text("StackName")
    if wanted in change_sets:
        return change_sets[wanted]
    named = [one for one in change_sets.values() if one.change_set_name == wanted]
    return next((one for one in named[::-1] if not stack or stack in {one.stack.name, one.stack_id}), None)


def _change_set(situation: Situation) -> ChangeSet:
    found = find_change_set(situation)
    if found is None:
        raise Refused(UNKNOWN, f"ChangeSet [{situation.text('ChangeSetName')}] does not exist", 404)
    return found


def describe_change_set(situation: Situation) -> Mapping[str, JsonValue]:
    """Show what a change set would do to the stack as it is now."""
    made = _change_set(situation)
    said: dict[str, JsonValue] = {
        **_summary(made),
        "Parameters": [{"ParameterKey": name, "ParameterValue": str(one)} for name, one in made.parameters.items()],
        "Tags": [{"Key": key, "Value": value} for key, value in (made.tags or {}).items()],
        "Changes": [],
    }
    if made.status != "FAILED":
        around = surroundings_of(situation, made.stack)
        found = diff(side_of(made.stack), of_text(made.template, _parameters(made)).side, around)
        ids = {logical_id: physical_id(thing) for logical_id, thing, _ in members(made.stack)}
        said["Changes"] = list(changes_in_words(found, ids))
    return said


def _parameters(made: ChangeSet) -> dict[str, str]:
    return {name: scalar(value) for name, value in made.parameters.items()}


def execute_change_set(situation: Situation) -> Mapping[str, JsonValue]:
    """Create the stack or update it, all within the call; the other change sets of the stack are then of no use."""
    made = _change_set(situation)
    if made.execution_status != "AVAILABLE":
        message = (
            f"ChangeSet [{made.change_set_id}] cannot be executed in its current status of [{made.status}]"
            if made.status == "FAILED"
            else f"ChangeSet [{made.change_set_id}] cannot be executed in its current execution status of "
            f"[{made.execution_status}]"
        )
        raise Refused(UNFIT, message)
    new = of_text(made.template, _parameters(made))
    if made.stack.status == "REVIEW_IN_PROGRESS":
        situation.backend("cloudformation").execute_change_set(made.change_set_id)
        made.stack.template_dict = type(made.stack).parse_template(made.template)  # type: ignore[attr-defined]
        made.stack.parameters = dict(made.parameters)
        settle_outputs(situation, made.stack)
    else:
        update(situation, made.stack, new)
    made.execution_status = "EXECUTE_COMPLETE"
    backend = situation.backend("cloudformation")
    for other in [one for one in backend.change_sets.values() if one.stack_id == made.stack_id and one is not made]:
        del backend.change_sets[other.change_set_id]
    return {}


def delete_change_set(situation: Situation) -> Mapping[str, JsonValue]:
    """Delete a change set; one that is not there is no error."""
    found = find_change_set(situation)
    if found is not None:
        del situation.backend("cloudformation").change_sets[found.change_set_id]
    return {}


def list_change_sets(situation: Situation) -> Mapping[str, JsonValue]:
    """List the change sets of one stack; moto lists those of all."""
    stack = find_stack(situation)
    if stack is None:
        raise no_such_stack(situation)
    change_sets: Mapping[str, ChangeSet] = situation.backend("cloudformation").change_sets
    return {"Summaries": [_summary(one) for one in change_sets.values() if one.stack_id == stack.stack_id]}


def _summary(made: ChangeSet) -> dict[str, JsonValue]:
    said: dict[str, JsonValue] = {
        "StackId": made.stack_id,
        "StackName": made.stack.name,
        "ChangeSetId": made.change_set_id,
        "ChangeSetName": made.change_set_name,
        "ExecutionStatus": made.execution_status,
        "Status": made.status,
        "CreationTime": made.creation_time.replace(tzinfo=UTC).isoformat(),
        "IncludeNestedStacks": False,
    }
    optional = {"StatusReason": made.status_reason, "Description": made.description}
    return {**said, **{name: value for name, value in optional.items() if value}}


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    ("cloudformation", "CreateChangeSet"): create_change_set,
    ("cloudformation", "DescribeChangeSet"): describe_change_set,
    ("cloudformation", "ExecuteChangeSet"): execute_change_set,
    ("cloudformation", "DeleteChangeSet"): delete_change_set,
    ("cloudformation", "ListChangeSets"): list_change_sets,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
