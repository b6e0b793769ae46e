"""An agent of the Agent Client Protocol as a program of the sandbox: three pipes, and an end for it however it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askfirst.harness.events import Trouble, TroubleKind
from askfirst.harness.gates.acp_talk import AgentFailed, Opening, Talk
from askfirst.harness.gates.acp_wire import LONGEST, Lines

if TYPE_CHECKING:
    from acp.connection import Connection

    from askfirst.harness.gates.gate import Gate
    from askfirst.harness.sandbox.sandbox import Sandbox
    from askfirst.harness.witness import Witness

GRACE = 2.0
"""Real seconds in which an agent may say its last, and end when its stdin is closed."""

LAST_WORDS = 4096
LOOK = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What is started: the words, variables that are added, and how the session begins."""

    argv: Sequence[str]
    added: Mapping[str, str]
    opening: Opening
    task: str


class Program:
    """Runs one agent and talks with it. Give it a thread of its own: `run` has a loop."""

    def __init__(self, sandbox: Sandbox, gate: Gate, end_turn: Callable[[str], str], witness: Witness) -> None:
        """All of them belong to one trial."""
        self._sandbox = sandbox
        self._gate = gate
        self._end_turn = end_turn
        self._witness = witness
        self._stderr = bytearray()
        self.goes_on = True
        """Whether the program itself still runs, though its stdin is closed."""

    def run(self, started: Started) -> str:
        """Give the agent's last message. Raises `AgentFailed`, or what the trial ended it for."""
        return asyncio.run(self._run(started))

    async def _run(self, started: Started) -> str:
        from acp.connection import Connection

        async with self._running(started) as (name, reader, writer):
            talk = Talk(self._gate, self._end_turn, self._witness, watched=self._sandbox.watched)
            lines = Lines(reader, writer, talk.notified)
            connection = Connection(talk.requested, lines)
            try:
                told = talk.converse(connection, started.opening, started.task)
                return await self._until_over(told, connection, talk, lines, name)
            finally:
                talk.cancel()
                with contextlib.suppress(OSError):
                    await connection.close()
                self.goes_on = await self._ended(name, GRACE) is None

    async def _until_over(
        self, told: Coroutine[object, object, str], connection: Connection, talk: Talk, lines: Lines, name: str
    ) -> str:
        """Wait for the report, for the end of the program, for the end of time."""
        report = asyncio.ensure_future(told)
        ended = asyncio.ensure_future(self._ended(name))
        waiting: list[asyncio.Future[str] | asyncio.Future[int | None] | asyncio.Future[None]]
        waiting = [report, ended, talk.failure]
        limit = self._witness.seconds_left()
        try:
            await asyncio.wait(waiting, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            if talk.failure.done():
                talk.failure.result()
            if not report.done() and ended.done():
                await asyncio.wait({report}, timeout=GRACE)  # what it has written is still in the pipe
            if report.done() and isinstance(report.exception(), ConnectionError):
                code = await self._ended(name, GRACE)
                raise AgentFailed(self._last_words(code, lines)) from report.exception()
            if report.done():
                return report.result()
            if ended.done():
                raise AgentFailed(self._last_words(ended.result(), lines))
            self._witness.record(Trouble(TroubleKind.HANG, "the agent was not done when its time was up"))
            await self._cancel(connection, talk)
            return ""
        finally:
            if talk.failure.done():
                talk.failure.exception()  # else somebody complains that nobody looked
            for one in waiting:
                one.cancel()

    async def _cancel(self, connection: Connection, talk: Talk) -> None:
        """Tell the agent to stop; what it asks for from now on is refused."""
        talk.cancel()
        if talk.session:
            with contextlib.suppress(OSError):
                await connection.send_notification("session/cancel", {"sessionId": talk.session})
                await asyncio.sleep(GRACE / 4)

    async def _ended(self, name: str, seconds: float = 1e9) -> int | None:
        """Wait for the end of the program; gives its exit code, None where it goes on."""
        until = time.perf_counter() + seconds
        while (code := self._sandbox.wait(name, 0)) is None and time.perf_counter() < until:  # noqa: ASYNC110 - the sandbox knows no loop
            await asyncio.sleep(LOOK)
        return code

    def _last_words(self, code: int | None, lines: Lines) -> str:
        if code is None:
            how = "closed its output"
        else:
            how = f"ended with signal {-code}" if code < 0 else f"ended with exit code {code}"
        if lines.broken:
            return f"the agent was ended: {lines.broken}"
        said = self._stderr.decode(errors="replace").strip()[-300:] or lines.garbage
        return f"the agent {how} before it had answered{f': {said}' if said else ''}"

    @contextlib.asynccontextmanager
    async def _running(
        self, started: Started
    ) -> AsyncGenerator[tuple[str, asyncio.StreamReader, asyncio.WriteTransport]]:
        """Start the program on three pipes; at the end all of them are closed."""
        loop = asyncio.get_running_loop()
        stdin, stdout, stderr = os.pipe(), os.pipe(), os.pipe()
        theirs = (stdin[0], stdout[1], stderr[1])
        try:
            name = self._sandbox.start(started.argv, theirs, started.added)
        except BaseException:
            for one in (stdin[1], stdout[0], stderr[0]):
                os.close(one)
            raise
        finally:
            for one in theirs:
                os.close(one)
        reader, errors = asyncio.StreamReader(limit=LONGEST), asyncio.StreamReader()
        with open(stdin[1], "wb", 0) as into, open(stdout[0], "rb", 0) as out, open(stderr[0], "rb", 0) as err:  # noqa: PTH123, ASYNC230 - pipes
            reading, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), out)
            complaints, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(errors), err)
            writer, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, into)
            listening = asyncio.ensure_future(self._listen(errors))
            try:
                yield name, reader, writer
            finally:
                listening.cancel()
                for transport in (reading, complaints, writer):
                    transport.close()

    async def _listen(self, errors: asyncio.StreamReader) -> None:
        while data := await errors.read(65536):
            self._stderr += data
            del self._stderr[:-LAST_WORDS]
