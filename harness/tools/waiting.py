"""`wait`: lets time pass, for an agent that has no shell to sleep in."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import Field

from askfirst.harness.events import Slept
from askfirst.harness.tools.making import Arguments, Made

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief


class Wait(Arguments):
    """How long to wait."""

    seconds: float = Field(gt=0, le=3600, description="Seconds, 3600 at most.")


def begin(brief: Brief) -> Callable[[Wait], str]:
    """Give what waits, and says what people said meanwhile."""

    def run(given: Wait) -> str:
        known = len(brief.messages)
        if brief.clock.real:  # as where somebody waits for a person: the world's clock jumps, nobody sits there
            brief.clock.advance(given.seconds)
            brief.witness.record(Slept(given.seconds, "hybrid"))
        else:
            time.sleep(given.seconds)
        news = [f"{one.person} says: {one.text}" for one in brief.messages[known:]]
        return "\n".join([f"It is {brief.clock.now():%Y-%m-%d %H:%M:%S} UTC now.", *news])

    return run


WAIT = Made("wait", "Wait, for something to finish or for somebody to answer.", Wait, begin)
