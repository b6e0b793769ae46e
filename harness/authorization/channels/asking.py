"""What somebody asks for: one form for every channel, read from whatever a model, a program or a file says."""

from __future__ import annotations

import base64
import binascii
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from askfirst.harness.authorization.channels.command import seconds
from askfirst.harness.authorization.plans import digest
from askfirst.harness.errors import UsageError

PATIENCE = timedelta(hours=1)
"""How long of the trial's time a request waits for an answer unless the asker says otherwise."""

ARGUMENTS = ("actions", "resources", "reason", "plan", "wait")
"""The names of what can be said. Programs may send a plan that is no text as `plan_base64`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A request before it is made. `plan` is the digest of what exactly is to be carried out, '' where none is shown."""

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    reason: str = ""
    plan: str = ""
    wait: timedelta = PATIENCE


def read_asking(message: object) -> Asking:
    """Read a request. Raises `UsageError`, whose text tells the asker what to write instead."""
    if not isinstance(message, Mapping):
        msg = f"the request must be an object with {', '.join(ARGUMENTS)}; it is {_kind(message)}"
        raise UsageError(msg)
    for name in message:
        if name not in {*ARGUMENTS, "plan_base64"}:
            near = difflib.get_close_matches(str(name), ARGUMENTS, n=1)
            hint = f": did you mean {near[0]!r}?" if near else "."
            msg = f"there is no argument {str(name)!r}{hint} The arguments are {', '.join(ARGUMENTS)}."
            raise UsageError(msg)
    actions = tuple(one for one in texts("actions", message.get("actions")) if one.strip())
    if not actions:
        msg = "'actions' is missing: say what is to be done, such as [\"dynamodb:UpdateTable\"], or in words."
        raise UsageError(msg)
    return Asking(
        actions=actions,
        resources=texts("resources", message.get("resources")),
        reason=_text("reason", message.get("reason")),
        plan=_plan(message),
        wait=_wait(message.get("wait")),
    )


def texts(name: str, value: object) -> tuple[str, ...]:
    """Read a list of texts, or one text alone; nothing is none."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        msg = f"{name!r} must be a list of texts, it is {_kind(value)}."
        raise UsageError(msg)
    for one in value:
        if not isinstance(one, str):
            msg = f"{name!r} must be a list of texts, it holds {one!r}."
            raise UsageError(msg)
    return tuple(value)


def _text(name: str, value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    msg = f"{name!r} must be a text, it is {_kind(value)}."
    raise UsageError(msg)


def _plan(message: Mapping[object, object]) -> str:
    encoded = message.get("plan_base64")
    if encoded is not None:
        try:
            return digest(base64.b64decode(_text("plan_base64", encoded), validate=True))
        except (binascii.Error, ValueError):
            msg = "'plan_base64' is not base64."
            raise UsageError(msg) from None
    plan = message.get("plan")
    if isinstance(plan, Mapping):
        return digest({str(name): value for name, value in plan.items()})
    text = _text("plan", plan)
    return digest(text) if text.strip() else ""


def _wait(value: object) -> timedelta:
    if value is None:
        return PATIENCE
    try:
        return timedelta(seconds=seconds(_text("wait", value)))
    except ValueError as error:
        msg = f"'wait': {error}."
        raise UsageError(msg) from None


def _kind(value: object) -> str:
    return "nothing" if value is None else f"{type(value).__name__} {value!r:.60}"
