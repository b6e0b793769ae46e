"""The address at which programs of the agent make requests: a socket that takes requests, and nothing else."""

from __future__ import annotations

import contextlib
import io
import json
import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from askfirst.harness.authorization.channels.asking import read_asking
from askfirst.harness.authorization.channels.office import Office, as_data
from askfirst.harness.errors import LimitReached, UsageError

if TYPE_CHECKING:
    from pydantic import JsonValue

LONGEST = 8 * 1024 * 1024
"""Bytes of a message; a plan of 4 MiB fits, in base64 too."""

SHOWN = 500
"""Bytes that are recorded of a message that is no request."""

LONGEST_PATH = 100
"""Bytes of a socket's path: systems allow 104 or 108."""

PATIENCE = 5.0
"""Real seconds that requests under way get when the trial ends."""

READING = 0.2
"""Real seconds that who has connected gets to say what it wants when the trial ends."""

DOWN = "the approval service is not available"


class Listener:
    """Serves each connection in a thread of its own: one line of JSON with the request, one with what came of it.

    A unix socket in `folder`, or where that cannot be a port of this machine, which answers only to who knows the word.
    """

    def __init__(
        self,
        office: Office,
        folder: Path,
        channel: str,
        trouble: Callable[[str], object],
        *,
        refused: Callable[[str, str], object] = lambda _, __: None,
        unix: bool = True,
    ) -> None:
        """`trouble` hears of errors of our own, `refused(because, text)` of what is no request.

        Every request of this address is recorded with `channel`.
        """
        self._office = office
        self._channel = channel
        self._trouble = trouble
        self._refused = refused
        self._word = ""
        self._lines: dict[threading.Thread, socket.socket] = {}
        self._closed = False
        path = str(folder / f"{channel}.sock")
        if unix and hasattr(socket, "AF_UNIX") and len(path.encode()) <= LONGEST_PATH:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.bind(path)
            self.address = path
        else:
            self._word = secrets.token_hex(16)
            self._socket = socket.create_server(("127.0.0.1", 0))
            self.address = f"tcp:127.0.0.1:{self._socket.getsockname()[1]}:{self._word}"
        self._socket.listen(64)
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def owns(self, thread: threading.Thread) -> bool:
        """Tell whether a thread is one of ours."""
        return thread is self._thread or thread in self._lines

    def close(self) -> None:
        """Take no more requests, let those under way end, and leave no thread."""
        self._closed = True
        with contextlib.suppress(OSError), socket.socket(self._socket.family) as last:
            last.connect(self._socket.getsockname())  # wakes `accept`, on every system
        self._thread.join(PATIENCE)
        self._socket.close()
        for thread, line in list(self._lines.items()):
            thread.join(READING)
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RD)  # who has not asked yet asks no more
            thread.join(PATIENCE)

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            if self._closed:  # whoever knocked before is let in, and nobody after
                self._socket.settimeout(0)
            line.settimeout(None)  # some systems pass on what their listener is
            thread = threading.Thread(target=self._serve, args=(line,), daemon=True)
            self._lines[thread] = line
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        try:
            with line, line.makefile("rb") as file, contextlib.suppress(OSError):
                answer = self._answer(file)
                line.sendall(json.dumps(answer).encode() + b"\n")
        finally:
            self._lines.pop(threading.current_thread(), None)

    def _answer(self, file: io.BufferedReader) -> dict[str, JsonValue]:
        if self._word and (word := file.readline(100)).strip().decode("ascii", "replace") != self._word:
            return self._no_request("only requests from here are taken", word)
        text = file.readline(LONGEST)
        if not text:
            return {"refused": "nothing was said"}
        if not text.endswith(b"\n"):
            return self._no_request("the request is not whole, or too long", text)
        try:
            asking = read_asking(json.loads(text))
        except (UsageError, ValueError, RecursionError) as error:
            return self._no_request(str(error) or "this is no request", text)
        try:
            decision = self._office.ask(asking, channel=self._channel)
        except ConnectionError as error:
            return {"down": str(error)}
        except LimitReached:  # the trial has noted it
            return {"down": DOWN}
        except Exception as error:  # noqa: BLE001 - an error of ours must not look like an answer
            self._trouble(f"a request through the channel {self._channel!r} failed: {type(error).__name__}: {error}")
            return {"down": DOWN}
        return {"decision": as_data(decision), "text": str(decision)}

    def _no_request(self, because: str, said: bytes) -> dict[str, JsonValue]:
        """Refuse a message, and let it be recorded: whoever tries to answer for the people tries it here."""
        self._refused(because, said[:SHOWN].decode("utf-8", "replace").strip())
        return {"refused": because}
