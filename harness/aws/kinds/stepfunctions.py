"""Step Functions: state machines, with what their aliases lead to."""

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name


def _machine(machine: Any, _: Any) -> Reading:  # noqa: ANN401 - moto's state machine
    leads = [
        f"alias {name} -> {sorted(str(one.get('stateMachineVersionArn')) for one in alias.routing_configuration or [])}"
        for name, alias in sorted(machine.aliases.items())
    ]
    running = sorted(f"execution {one.name}" for one in machine.executions if one.status == "RUNNING")
    return Reading(content=(machine.definition, machine.roleArn, sorted(machine.versions)), open=(*leads, *running))


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="stepfunctions.state-machine",
        service="stepfunctions",
        members=lambda backend: backend.state_machines,
        arn=own_arn,
        name=own_name,
        read=_machine,
    ),
    Kind(
        kind="stepfunctions.activity",
        service="stepfunctions",
        members=lambda backend: backend.activities.values(),
        arn=own_arn,
        name=own_name,
    ),
)
