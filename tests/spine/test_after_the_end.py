"""Promise: when a trial is over its account is gone: who kept a way in gets no answer, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.harness.trial import Trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief


def test_a_transport_that_was_kept_answers_nothing(drop: Callable[..., Trial], monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that keeps the transport by its name, as test helpers do, finds it closed, and the history does not grow."""
    from botocore.config import Config
    from botocore.exceptions import ConnectionClosedError
    from botocore.httpsession import URLLib3Session

    kept: list[Any] = []

    def agent(brief: Brief) -> str:
        client = brief.session.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
        kept.extend([URLLib3Session.send, client, client.list_tables()["TableNames"]])
        return "Done."

    trial = drop(agent)
    send, client, tables = kept
    before = len(trial.history.entries)
    monkeypatch.setattr(URLLib3Session, "send", send)

    with pytest.raises(ConnectionClosedError):
        client.list_tables()

    assert (["costs"], before) == (tables, len(trial.history.entries))
