"""Messages of the Agent Client Protocol, one a line, between pipes and the package `acp`.

Lines that are no message are counted and passed over; one that does not end is the end.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    Message = dict[str, JsonValue]

LONGEST = 1 << 24
"""Bytes of one message."""


class Lines:
    """A transport for `acp.connection.Connection`. Notifications are handed on at once, in the order they come."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.WriteTransport,
        notified: Callable[[str, JsonValue], None],
    ) -> None:
        """`reader` has the limit `LONGEST`."""
        self._reader = reader
        self._writer = writer
        self._notified = notified
        self.garbage = ""
        """The first line that was no message."""
        self.broken = ""
        """Why no more is read, '' where the agent closed its side."""

    async def send(self, message: Message) -> None:
        """Write a message. Raises `ConnectionError` where nobody reads any more."""
        if self._writer.is_closing():
            msg = "the agent reads no more"
            raise ConnectionError(msg)
        self._writer.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    async def receive(self) -> Message | None:
        """Give the next request or answer, None at the end."""
        while True:
            try:
                line = await self._reader.readuntil(b"\n")
            except asyncio.IncompleteReadError as error:
                self.garbage = self.garbage or _shown(error.partial)
                return None
            except asyncio.LimitOverrunError:
                self.broken = f"it sent more than {LONGEST >> 20} MiB without an end of line"
                return None
            message = _read(line)
            if message is None:
                self.garbage = self.garbage or _shown(line)
            elif isinstance(method := message.get("method"), str) and "id" not in message:
                self._notified(method, message.get("params"))
            else:
                return message

    async def close(self) -> None:
        """Close the agent's stdin."""
        self._writer.close()


def _read(line: bytes) -> Message | None:
    """Read a line; None for what is no message of JSON-RPC."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or not ("method" in message or "id" in message):
        return None
    return message if isinstance(message.get("method", ""), str) and _is_id(message.get("id")) else None


def _is_id(value: JsonValue) -> bool:
    return value is None or isinstance(value, int | str)


def _shown(line: bytes) -> str:
    return line[:200].decode(errors="replace").strip()
