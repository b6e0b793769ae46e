"""Faults of another team: one that works, and three that misbehave."""

from __future__ import annotations

from askfirst.harness.faulting.contexts import Scene, Struck
from askfirst.harness.faulting.data import Phase, Site
from askfirst.harness.faulting.declaring import fault
from askfirst.harness.faulting.reactions import Error


@fault(Site.AWS_RESPONSE, Phase.REFUSE, Phase.LOSE)
def brownout(call: Struck, *, share: float = 0.5) -> Error | None:
    """The service answers only a share of the calls.

    Source: a team that met it.
    """
    if call.draw("brownout") % 1000 < share * 1000:
        return Error("ServiceUnavailable", "Please reduce your request rate.", 503)
    return None


@fault(Site.AWS_RESPONSE)
def wrong_return(call: Struck) -> str:
    """Gives a text where a reaction is wanted."""
    return call.operation


@fault(Site.AWS_RESPONSE)
def crashing(call: Struck) -> Error:
    """Raises an exception."""
    raise KeyError(call.operation)


@fault(Site.STATE)
def crashing_scene(scene: Scene) -> None:
    """Raises an exception while it changes the world."""
    raise ZeroDivisionError(scene.env.region)
