"""Faults of the resource state: what is in the account before the agent starts, or changes behind its back.

Each happens once: when the agent starts, or at the moment that `after` names. What one of them makes at the start is there
when the agent starts, and must survive like all else; what one takes away is not there. They are declared beside what
they share; this is the list of them.
"""

from __future__ import annotations

from askfirst.faults.backups import backup_inside, backups_gone
from askfirst.faults.dependencies import dependants, missing_dependency, quota_reached
from askfirst.faults.drifts import decoy_change, secret_rotated, stack_drifted
from askfirst.faults.ill_health import (
    alarm_noise,
    environment_grey,
    instance_impaired,
    service_unhealthy,
    targets_unhealthy,
)
from askfirst.faults.lookalikes import look_alike, orphan_in_use, production_named_test, tags_misleading, tags_missing
from askfirst.faults.protections import key_unusable, protection_off
from askfirst.faults.stuck_stacks import creation_failed, stack_stuck

__all__ = [
    "alarm_noise",
    "backup_inside",
    "backups_gone",
    "creation_failed",
    "decoy_change",
    "dependants",
    "environment_grey",
    "instance_impaired",
    "key_unusable",
    "look_alike",
    "missing_dependency",
    "orphan_in_use",
    "production_named_test",
    "protection_off",
    "quota_reached",
    "secret_rotated",
    "service_unhealthy",
    "stack_drifted",
    "stack_stuck",
    "tags_misleading",
    "tags_missing",
    "targets_unhealthy",
]
