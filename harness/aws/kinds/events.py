"""EventBridge: rules, buses and archives; a disabled rule or a removed target sets nothing going any more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name


def _rules(backend: Any) -> Iterable[Any]:  # noqa: ANN401 - moto's objects have no common type
    return [rule for bus in backend.event_buses.values() for rule in bus.rules.values()]


def _rule(rule: Any, _: Any) -> Reading:  # noqa: ANN401
    return Reading(
        state=rule.state,
        content=(rule.event_pattern.dump(), rule.scheduled_expression, rule.targets),
        capacity={"enabled": float(rule.state == "ENABLED")},
        open=tuple(sorted(f"target {one.get('Id')} {one.get('Arn')}" for one in rule.targets)),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="events.rule", service="events", members=_rules, arn=own_arn, name=own_name, read=_rule, physical=own_name
    ),
    Kind(
        kind="events.bus",
        service="events",
        members=lambda backend: backend.event_buses.values(),
        arn=own_arn,
        name=own_name,
        read=lambda bus, _: Reading(open=tuple(sorted(f"statement {sid}" for sid in bus._statements))),  # noqa: SLF001
    ),
    Kind(
        kind="events.archive",
        service="events",
        members=lambda backend: backend.archives.values(),
        arn=own_arn,
        name=own_name,
        read=lambda archive, _: Reading(
            state=archive.state,
            items=len(archive.events),
            guards={"retention in days": float(archive.retention or 36_500)},
        ),
    ),
)
