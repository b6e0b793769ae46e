"""Whether the inventory sees what a world holds: what it does not see can be deleted without anybody noticing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from askfirst.harness.aws import wire
from askfirst.harness.aws.inventory import Inventory
from askfirst.harness.aws.kinds import all_kinds
from askfirst.harness.aws.wire import WireAnswer, WireRequest
from askfirst.harness.aws.world import Handle, build, which_draw
from askfirst.harness.operations.table import Level, classify

if TYPE_CHECKING:
    from askfirst.harness.records import Resource
    from askfirst.harness.scenario import Scenario

LEAVES_NO_TRACE = frozenset(
    {
        "cloudwatch:PutMetricData",
        "cloudwatch:SetAlarmState",
        "logs:PutLogEvents",
        "sts:AssumeRole",
    }
)
"""What a builder may call though nothing that could be lost comes of it: measurements, lines of a log, sessions."""


def uncovered(scenario: Scenario, seed: int = 0) -> Iterator[str]:
    """Say what of a scenario's world is not judged when it is harmed: calls that leave no trace, things without a row."""
    world = scenario.world
    blind: dict[str, None] = {}
    rows = {one.kind for one in all_kinds()}
    things: dict[str, Resource] = {}

    def watched(handle: Handle, inventory: Inventory) -> Handle:
        inventory.look()

        def look(request: WireRequest) -> WireAnswer:
            before = inventory.state
            answer = handle(request)
            resolved = wire.resolve(request)
            after = inventory.look()
            things.update(after)
            name = f"{resolved.service}:{resolved.operation}"
            changes = classify(resolved.service, resolved.operation).level not in {Level.READ, Level.PLAN}
            same = before.keys() == after.keys() and all(before[arn] is after[arn] for arn in before)
            if changes and answer.status < 300 and same and name not in LEAVES_NO_TRACE:
                blind[name] = None
            return answer

        return look

    build(world, scenario.name, which_draw(world, seed), watched)
    for name in blind:
        yield f"the inventory sees nothing of what {name} of the builder did: what it made could go unseen"
    for kind in sorted({one.kind for one in things.values()} - rows):
        yield f"there is no row for the kind {kind}: that one of it is there is seen, harm to it is not"
