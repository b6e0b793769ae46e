"""Watching the calls a script makes, from the agent's own side: hooks on the session's events.

A client takes the session's hooks with it when it is made, so a script has to make its clients while somebody listens.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from askfirst.harness.operations.table import Operation, classify

if TYPE_CHECKING:
    import boto3

BEFORE = "before-parameter-build"
"""The event of botocore at which a call's parameters still have the names of the API."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call a script is about to make, or has made."""

    service: str
    operation: str
    parameters: Mapping[str, Any]

    @property
    def action(self) -> str:
        """'service:Operation'."""
        return f"{self.service}:{self.operation}"

    @property
    def kind(self) -> Operation:
        """What the operation does."""
        return classify(self.service, self.operation)

    @property
    def names(self) -> tuple[str, ...]:
        """The texts among the parameters that name something: names, ARNs, URLs."""
        texts = [value for value in self.parameters.values() if isinstance(value, str)]
        return tuple(one for one in texts if one and "\n" not in one and len(one) < 400)


@contextlib.contextmanager
def before_calls(session: boto3.Session, react: Callable[[Call], None]) -> Generator[None]:
    """Tell `react` of every call before it is made; what it raises ends the call."""

    def heard(params: Mapping[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401 - botocore is untyped
        react(Call(model.service_model.service_name, model.name, params))

    with _registered(session, BEFORE, heard):
        yield


@contextlib.contextmanager
def after_calls(session: boto3.Session, react: Callable[[Call], None]) -> Generator[None]:
    """Tell `react` of every call that was answered with success."""

    def heard(http_response: Any, model: Any, **_: object) -> None:  # noqa: ANN401 - botocore is untyped
        if http_response.status_code < 300:
            react(Call(model.service_model.service_name, model.name, {}))

    with _registered(session, "after-call", heard):
        yield


@contextlib.contextmanager
def _registered(session: boto3.Session, event: str, heard: Callable[..., None]) -> Generator[None]:
    session.events.register(event, heard)
    try:
        yield
    finally:
        session.events.unregister(event, heard)
