"""CloudFormation: stacks and stack sets."""

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name


def _stack(stack: Any, _: Any) -> Reading:  # noqa: ANN401 - moto's stack
    return Reading(
        state=stack.status,
        content=(stack.template, stack.parameters, stack.tags, stack.policy),
        guards={
            "termination protection": float(bool(stack.enable_termination_protection)),
            "stack policy": float(bool(stack.policy)),
        },
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="cloudformation.stack",
        service="cloudformation",
        members=lambda backend: backend.stacks.values(),
        arn=lambda stack, _: str(stack.stack_id),
        name=own_name,
        read=_stack,
    ),
    Kind(
        kind="cloudformation.stack-set",
        service="cloudformation",
        members=lambda backend: [one for one in backend.stacksets.values() if one.status != "DELETED"],
        arn=own_arn,
        name=own_name,
        read=lambda one, _: Reading(state=one.status, items=len(one.stack_instances), aliases=(one.id,)),
    ),
)
