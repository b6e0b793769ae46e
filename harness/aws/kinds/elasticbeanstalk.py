"""Elastic Beanstalk: applications and their environments."""
# ruff: noqa: ANN401 - moto's objects have no common type

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn


def _environment(environment: Any, backend: Any) -> Reading:
    """Read an environment: its CNAME is the way to it, which a swap takes.

    https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.CNAMESwap.html
    """
    cname = environment.cname
    application = backend.applications.get(environment.application_name)
    return Reading(
        state=environment.status,
        content=(environment.health, environment.version_label, environment.solution_stack_name),
        aliases=(environment.environment_id,) if environment.environment_id else (),
        open=(f"cname {cname}",) if cname else (),
        uses=(application.arn,) if application is not None else (),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="elasticbeanstalk.application",
        service="elasticbeanstalk",
        members=lambda backend: backend.applications.values(),
        arn=own_arn,
        name=lambda application: str(application.application_name),
    ),
    Kind(
        kind="elasticbeanstalk.environment",
        service="elasticbeanstalk",
        members=lambda backend: [one for app in backend.applications.values() for one in app.environments.values()],
        arn=lambda environment, _: str(environment.environment_arn),
        name=lambda environment: str(environment.environment_name),
        read=_environment,
    ),
)
