"""How an agent's model is connected in a trial: past us where nothing is to happen to it, through us where something is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator

from askfirst.harness.model.turns import ModelTurns


@contextlib.contextmanager
def connected(upstream: str, turns: ModelTurns, over: Callable[[], bool], *, always: bool = False) -> Generator[str]:
    """Give the base URL by which an agent reaches the model at `upstream`: that itself, or ours in front of it.

    Ours where the plan holds a fault of the model's API, or `always`: then every turn is in the history.
    """
    if not upstream or not (always or turns.strikes):
        yield upstream
        return
    from urllib.parse import urlsplit

    from askfirst.harness.model.passing import PassThrough
    from askfirst.harness.model.server import ModelServer
    from askfirst.harness.model.striking import Struck

    with ModelServer(Struck(PassThrough(upstream), turns, over)) as server:
        path = urlsplit(upstream).path.rstrip("/")
        yield server.url + ("/v1" if path.endswith("/v1") else "")
