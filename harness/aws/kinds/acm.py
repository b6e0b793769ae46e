"""ACM: certificates."""
# ruff: noqa: ANN401, SLF001 - moto's objects have no common type, and keep things in private places

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn


def _certificate(certificate: Any, _: Any) -> Reading:
    """Read a certificate; its status is left out, for moto moves it on when it is read."""
    return Reading(content=(certificate.type, tuple(certificate.sans)), aliases=(certificate.common_name,))


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="acm.certificate",
        service="acm",
        members=lambda backend: backend._certificates.values(),
        arn=own_arn,
        name=lambda one: str(one.arn),
        read=_certificate,
    ),
)
