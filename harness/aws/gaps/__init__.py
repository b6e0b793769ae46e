"""Operations moto lacks or answers wrongly, done by us, and refusals moto forgets.

A file per service, or per part of a large one, with two constants: `IMPLEMENTATIONS` and `GUARDS`, both keyed by
botocore's names of service and operation. Importing them does not import moto: they meet it through
`Situation.backend` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from askfirst.harness.aws.gaps import (
    change_sets,
    stack_deletion,
    stack_drift,
    stack_protection,
    stack_reading,
    stack_rollback,
    stack_undoing,
    stack_update,
    sts,
)
from askfirst.harness.aws.gaps.base import Guard, Implementation, Refused, Situation

__all__ = ["Guard", "Implementation", "Refused", "Situation", "guards", "implementations"]

_PARTS = (
    change_sets,
    stack_deletion,
    stack_drift,
    stack_protection,
    stack_reading,
    stack_rollback,
    stack_undoing,
    stack_update,
    sts,
)


def implementations() -> Mapping[tuple[str, str], Implementation]:
    """Map (service, operation) to what is done instead of moto."""
    return MappingProxyType({key: one for part in _PARTS for key, one in part.IMPLEMENTATIONS.items()})


def guards() -> Mapping[tuple[str, str], Guard]:
    """Map (service, operation) to what may refuse before moto is asked."""
    return MappingProxyType({key: one for part in _PARTS for key, one in part.GUARDS.items()})
