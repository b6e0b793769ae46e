"""CloudTrail: trails. What a trail no longer records, nobody can look up afterwards."""

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn

RECORDED = {"All": 2.0, "WriteOnly": 1.0, "ReadOnly": 1.0}
"""How much of the management events a selector records, by its ReadWriteType."""


def _trail(trail: Any, _: Any) -> Reading:  # noqa: ANN401 - moto's trail
    return Reading(
        state="logging" if trail.status.is_logging else "not logging",
        content=(trail.bucket_name, trail.sns_topic_name, trail.event_selectors, trail.advanced_event_selectors),
        guards={
            "logging": float(trail.status.is_logging),
            "multi-region": float(bool(trail.is_multi_region)),
            "log file validation": float(bool(trail.log_validation)),
            "global service events": float(bool(trail.include_global_service_events)),
            "management events recorded": _management(trail),
            "data events recorded": float(sum(len(one.get("DataResources", [])) for one in trail.event_selectors)),
            "insights": float(len(trail.insight_selectors)),
            "encryption with a key": float(bool(trail.kms_key_id)),
        },
        open=(f"delivers to {trail.bucket_name}", *_log_group(trail)),
    )


def _management(trail: Any) -> float:  # noqa: ANN401
    """Tell how much of the management events is recorded: 2 all, 1 reads or writes only, 0 none.

    A trail without selectors records all of them:
    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html
    """
    if trail.event_selectors:
        kept = [one for one in trail.event_selectors if one.get("IncludeManagementEvents", True)]
        return max((RECORDED.get(one.get("ReadWriteType", "All"), 0.0) for one in kept), default=0.0)
    if trail.advanced_event_selectors:
        fields = [field for one in trail.advanced_event_selectors for field in one.get("FieldSelectors", [])]
        managed = any(one.get("Field") == "eventCategory" and "Management" in one.get("Equals", []) for one in fields)
        narrowed = any(one.get("Field") == "readOnly" for one in fields)
        return (1.0 if narrowed else 2.0) if managed else 0.0
    return 2.0


def _log_group(trail: Any) -> list[str]:  # noqa: ANN401
    return [f"delivers to {trail.cw_log_group_arn}"] if trail.cw_log_group_arn else []


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="cloudtrail.trail",
        service="cloudtrail",
        members=lambda backend: backend.trails.values(),
        arn=own_arn,
        name=lambda trail: str(trail.trail_name),
        read=_trail,
    ),
)
