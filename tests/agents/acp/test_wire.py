"""Promise: nothing that an agent writes to its output stands between us and its next message."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.harness.gates.acp_wire import LONGEST, Lines

if TYPE_CHECKING:
    from collections.abc import Callable

MESSAGE = {"jsonrpc": "2.0", "id": 7, "result": {}}


class Sink(asyncio.WriteTransport):
    """Takes what is written."""

    def __init__(self) -> None:
        """Open until it is closed."""
        super().__init__()
        self.data = b""
        self.closed = False

    def write(self, data: Any) -> None:
        """Take some bytes."""
        self.data += bytes(data)

    def is_closing(self) -> bool:
        """Tell whether it is closed."""
        return self.closed

    def close(self) -> None:
        """Close it."""
        self.closed = True


def received(data: bytes, notified: Callable[[str, Any], None] = lambda *_: None) -> tuple[list[Any], Lines]:
    """Give every message of an output, and the transport."""

    async def read() -> tuple[list[Any], Lines]:
        reader = asyncio.StreamReader(limit=LONGEST)
        reader.feed_data(data)
        reader.feed_eof()
        lines = Lines(reader, Sink(), notified)
        found = []
        while (message := await lines.receive()) is not None:
            found.append(message)
        return found, lines

    return asyncio.run(read())


LINE = st.binary(max_size=40).map(lambda data: data.replace(b"\n", b""))
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
NAMES = st.sampled_from(["id", "method", "params", "result"])
JSON = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(NAMES, PLAIN | st.lists(PLAIN, max_size=2))


def send(sink: Sink, message: dict[str, Any]) -> None:
    """Send one message."""

    async def sent() -> None:
        await Lines(asyncio.StreamReader(), sink, lambda *_: None).send(message)

    asyncio.run(sent())


@given(st.lists(LINE | JSON.map(lambda value: json.dumps(value).encode())))
def test_garbage_before_a_message_does_not_hide_it(garbage: list[bytes]) -> None:
    """Whatever lines come before, the message is received, and nothing raises."""
    data = b"".join(one + b"\n" for one in [*garbage, json.dumps(MESSAGE).encode()])

    assert MESSAGE == received(data)[0][-1]


def test_notifications_are_handed_on_in_order_before_what_follows() -> None:
    """A message that ends a turn finds everything that was said in it."""
    said: list[Any] = []
    updates = [{"method": "session/update", "params": number} for number in range(3)]
    data = b"".join(json.dumps(one).encode() + b"\n" for one in [*updates, MESSAGE])

    assert [MESSAGE] == received(data, lambda _, params: said.append(params))[0]
    assert [0, 1, 2] == said


def test_the_first_line_that_was_no_message_is_kept() -> None:
    """It is what an agent says that cannot start."""
    assert "Error: no key" == received(b"Error: no key\nand more\n")[1].garbage
    assert "Error: no key" == received(b"Error: no key")[1].garbage


@pytest.mark.parametrize(("size", "broken"), [(LONGEST - 100, False), (LONGEST + 100, True)])
def test_a_message_has_a_largest_size(size: int, *, broken: bool) -> None:
    """What does not end is not kept for ever: the rest of the session is none."""
    message = {**MESSAGE, "result": "x" * (size - len(json.dumps(MESSAGE)))}
    found, lines = received(json.dumps(message).encode() + b"\n" + json.dumps(MESSAGE).encode() + b"\n")

    assert (broken, 0 if broken else 2) == (bool(lines.broken), len(found))


def test_who_reads_no_more_is_told_nothing() -> None:
    """To write to a closed pipe raises, as the package expects it."""
    sink = Sink()
    sink.close()
    with pytest.raises(ConnectionError):
        send(sink, {"id": 1})


def test_a_message_is_one_line() -> None:
    """Texts with line ends too."""
    sink = Sink()
    send(sink, {"id": 1, "result": "a\nb"})

    assert b'{"id":1,"result":"a\\nb"}\n' == sink.data
