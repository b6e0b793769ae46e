"""Config and GuardDuty: what watches the account. Switching it off is a guardrail lowered."""

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_id


def _place(service: str, what: str) -> Any:  # noqa: ANN401 - a reader of moto's objects
    def arn(thing: Any, backend: Any) -> str:  # noqa: ANN401
        name = getattr(thing, "name", None) or thing.id
        return f"arn:{backend.partition}:{service}:{backend.region_name}:{backend.account_id}:{what}/{name}"

    return arn


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="config.recorder",
        service="config",
        members=lambda backend: backend.recorders.values(),
        arn=_place("config", "config-recorder"),
        name=lambda recorder: str(recorder.name),
        read=lambda recorder, _: Reading(
            guards={
                "recording": float(bool(recorder.status.recording)),
                "all supported types": float(bool(getattr(recorder.recording_group, "all_supported", False))),
            }
        ),
        # PutConfigurationRecorder over an existing one makes a new object in moto; in AWS it is an update.
        physical=lambda recorder: str(recorder.name),
    ),
    Kind(
        kind="config.delivery-channel",
        service="config",
        members=lambda backend: backend.delivery_channels.values(),
        arn=_place("config", "delivery-channel"),
        name=lambda channel: str(channel.name),
        physical=lambda channel: str(channel.name),
    ),
    Kind(
        kind="guardduty.detector",
        service="guardduty",
        members=lambda backend: backend.detectors.values(),
        arn=_place("guardduty", "detector"),
        name=own_id,
        read=lambda detector, _: Reading(guards={"enabled": float(bool(detector.enabled))}),
    ),
)
