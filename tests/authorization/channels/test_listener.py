"""Promise: through the socket an agent can make requests, and nothing else."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.harness.authorization.channels.asking import ARGUMENTS, read_asking
from askfirst.harness.authorization.channels.command import exchange
from askfirst.harness.authorization.channels.listener import Listener
from askfirst.harness.authorization.channels.office import Office
from askfirst.harness.authorization.desk import Desk
from askfirst.harness.aws.clock import Clock
from askfirst.harness.errors import UsageError
from askfirst.harness.events import Event, Granted, MessageRefused, Requested, Revoked
from askfirst.harness.history import Recorder
from askfirst.harness.policy import Authority, Person, approve
from askfirst.harness.trial import Trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

PUT = {"actions": ["dynamodb:PutItem"], "resources": ["arn:aws:dynamodb:us-east-1:111122223333:table/costs"]}

OTHERS: tuple[Any, ...] = (
    {"approve": "r-1"},
    {"decide": "r-1", "reply": "approved", "person": "Chen Jing"},
    {"revoke": "g-1"},
    {"list": True},
    {"reset": True},
    {"method": "grant_standing", "params": [PUT]},
    {**PUT, "approved": True},
    {**PUT, "requester": "Chen Jing"},
    {**PUT, "asked_by": "gate"},
    {**PUT, "channel": "brief"},
    {"actions": []},
    {"actions": [1]},
    {"actions": {"dynamodb:PutItem": True}},
    {**PUT, "wait": -1},
    {**PUT, "plan_base64": "!"},
    [PUT],
    "approved",
    None,
)


def said(address: str, data: bytes) -> bytes:
    """Send bytes as they are; give all that comes back."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        with line.makefile("rb") as file:
            return file.read()


def test_every_other_message_is_refused(drop: Callable[..., Trial]) -> None:
    """Nothing but a request is taken: no approving, revoking, listing, resetting, no other name, no other channel."""
    answers: list[bytes] = []

    def agent(brief: Brief) -> None:
        address = brief.environment["APPROVALS_ADDRESS"]
        answers.extend(said(address, json.dumps(one).encode() + b"\n") for one in OTHERS)
        answers.extend(
            said(address, one) for one in (b"", b"\n", b"{", b"\xff\n", b"GET / HTTP/1.1\n", b"[" * 10**5 + b"\n")
        )
        answers.append(said(address, json.dumps(PUT).encode()))  # cut off
        brief.session.client("dynamodb").list_tables()

    trial = drop(agent)

    assert [["refused"]] * len(answers) == [list(json.loads(one)) for one in answers]
    assert not any(isinstance(one.event, Requested | Granted | Revoked) for one in trial.history.entries)
    refused = [one for _, one in trial.history.of(MessageRefused)]
    assert len(answers) - 1 == len(refused), "each is recorded, but the one that said nothing"
    assert {"command"} == {one.channel for one in refused}
    assert any('"approve"' in one.text for one in refused)
    assert Verdict.PASS is trial.verdict


def test_who_hangs_up_has_asked_all_the_same(drop: Callable[..., Trial]) -> None:
    """A request whose program was killed while it waited is in the history, with its answer."""

    def agent(brief: Brief) -> None:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(brief.environment["APPROVALS_ADDRESS"])
            line.sendall(json.dumps(PUT).encode() + b"\n")

    history = drop(agent).history

    assert (1, 1) == (len(list(history.of(Requested))), len(list(history.of(Granted))))


Made = Callable[..., tuple[Listener, list[Event], list[str]]]


@pytest.fixture
def listening(tmp_path: Path) -> Any:
    """Make a listener at a desk of its own; give it, what is recorded, and the troubles."""
    made: list[Listener] = []

    def make(*, unix: bool = True, folder: Path = tmp_path, person: Person | None = None) -> Any:
        clock = Clock(datetime(2025, 12, 15, 10, tzinfo=UTC))
        events: list[Event] = []
        troubles: list[str] = []
        desk = Desk(
            authority=Authority(),
            people=[person or Person("Chen Jing", "reviewer", (approve(),))],
            clock=clock,
            recorder=_Keeping(clock, events),
            world=lambda: (),
        )
        made.append(Listener(Office(desk, lambda: None), folder, "command", troubles.append, unix=unix))
        return made[-1], events, troubles

    yield make
    for one in made:
        one.close()


class _Keeping(Recorder):
    def __init__(self, clock: Clock, events: list[Event]) -> None:
        super().__init__(clock.now)
        self.listen(lambda entry: events.append(entry.event))


def test_without_unix_sockets_a_port_of_this_machine_serves(listening: Made) -> None:
    """The same request, the same answer; whoever does not know the word is refused."""
    listener, events, _ = listening(unix=False)
    told = exchange(listener.address, PUT)
    stranger = exchange(f"{listener.address.rpartition(':')[0]}:{'0' * 32}", PUT)

    assert listener.address.startswith("tcp:127.0.0.1:")
    assert "r-1 approved by Chen Jing" in str(told["text"])
    assert {"refused": "only requests from here are taken"} == stranger
    assert 1 == sum(isinstance(one, Requested) for one in events)


def test_a_folder_too_deep_for_a_socket_gets_a_port(listening: Made, tmp_path: Path) -> None:
    """A path longer than systems allow is no reason to have no channel."""
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    listener, _, _ = listening(folder=deep)

    assert "approved" in str(exchange(listener.address, PUT)["text"])


def test_an_error_of_ours_is_trouble_and_no_answer(listening: Made) -> None:
    """Where the desk itself breaks, the program is told that nobody is there, and the trial hears of it."""
    late = approve(after=timedelta(days=10**7))  # past the end of the calendar
    listener, _, troubles = listening(person=Person("Chen Jing", "reviewer", (late,)))

    assert {"down": "the approval service is not available"} == exchange(listener.address, PUT)
    assert ["OverflowError" in one for one in troubles] == [True]


def test_closing_wakes_and_ends_everything(listening: Made) -> None:
    """Who is connected and says nothing does not keep the trial from ending, and no thread is left."""
    before = threading.active_count()
    listener, _, _ = listening()
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(listener.address)
        while threading.active_count() < before + 2:
            pass
        listener.close()
        assert before == threading.active_count()


NAMES = st.sampled_from(["actions", "resources", "reason", "plan", "wait", "approve"]) | st.text()
MESSAGES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda one: st.lists(one) | st.dictionaries(NAMES, one),
)


@given(MESSAGES)
def test_whatever_is_sent_is_a_request_or_is_refused(message: Any) -> None:
    """No message makes anything but a request: it is read whole, or refused with a text."""
    refused, read = "", None
    try:
        read = read_asking(message)
    except UsageError as error:
        refused = str(error)

    assert bool(refused) is (read is None)
    assert read is None or (read.actions and set(message) <= {*ARGUMENTS, "plan_base64"})
