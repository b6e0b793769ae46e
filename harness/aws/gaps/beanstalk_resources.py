"""The resources of an Elastic Beanstalk environment: the members of its stack, `awseb-<environment id>-stack`.

A world ties resources to an environment as AWS does: by a CloudFormation stack of that name.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environment-management-invalid-stack.html says what it is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from askfirst.harness.aws.gaps.base import Refused, Situation, why_refused
from askfirst.harness.aws.gaps.beanstalk import Environment
from askfirst.harness.aws.gaps.stack_deletion import delete_stack
from askfirst.harness.aws.gaps.stacks import find_stack, members


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a stack was made from."""

    template: str
    parameters: Mapping[str, Any]
    tags: Mapping[str, str]
    role: str | None


def stack_name(environment: Environment) -> str:
    """Give the name of an environment's stack."""
    return f"awseb-{environment.environment_id}-stack"


def resources(situation: Situation, environment: Environment) -> Iterator[tuple[str, Any, str]]:
    """Go through an environment's resources: logical id, moto's object, CloudFormation type."""
    stack = find_stack(_about_stack(situation, environment))
    if stack is not None:
        yield from members(stack)


def instances(situation: Situation, environment: Environment) -> Iterator[Any]:
    """Go through the instances of an environment that run."""
    for _, member, kind in resources(situation, environment):
        if kind == "AWS::AutoScaling::AutoScalingGroup":
            for state in member.instance_states:
                yield state.instance
        elif kind == "AWS::EC2::Instance":
            yield member


def recipe(situation: Situation, environment: Environment) -> Recipe | None:
    """Give what the environment's stack can be made from again, None where it has none."""
    stack: Any = find_stack(_about_stack(situation, environment))
    if stack is None:
        return None
    return Recipe(stack.template, dict(stack.parameters), dict(stack.tags), stack.role_arn)


def destroy(situation: Situation, environment: Environment) -> str:
    """Delete the environment's resources, as far as they can be; give why some stay, '' if none does."""
    about = _about_stack(situation, environment)
    try:
        delete_stack(about)
    except Refused as refused:
        return refused.message
    left: Any = find_stack(about)
    return str(left.stack_status_reason or "").strip() if left is not None else ""


def create(situation: Situation, environment: Environment, made_from: Recipe | None) -> str:
    """Make the environment's resources from a recipe; give why that failed, '' if it did not."""
    if made_from is None:
        return ""
    try:
        situation.backend("cloudformation").create_stack(
            name=stack_name(environment),
            template=made_from.template,
            parameters=dict(made_from.parameters),
            tags=dict(made_from.tags),
            role_arn=made_from.role,
        )
    except Exception as error:  # noqa: BLE001 - whatever a service of moto refuses with
        return why_refused(error)
    return ""


def _about_stack(situation: Situation, environment: Environment) -> Situation:
    parameters = {"StackName": stack_name(environment)}
    return replace(situation, service="cloudformation", operation="DeleteStack", parameters=parameters)
