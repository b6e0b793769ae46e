"""ECS: services scaled to nothing."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.table import Domain, OperationClass, Severity


@rule("ecs:UpdateService")
def no_tasks(before: Before) -> Ruling | None:
    """Desired count 0 stops every task: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html."""
    if before.number("desiredCount") != 0:
        return None
    return Ruling(
        OperationClass.STOP, Severity.REVERSIBLE, Domain.AVAILABILITY, "sets the desired count of the service to 0"
    )
