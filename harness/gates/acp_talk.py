"""The client's side of a session of the Agent Client Protocol: gives the task, answers the gate, hears what is done and said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askfirst.harness.events import AgentSaid, Trouble, TroubleKind
from askfirst.harness.gates import acp_shapes as shapes
from askfirst.harness.gates.acp_calls import Calls
from askfirst.harness.gates.gate import Gate

if TYPE_CHECKING:
    from acp.connection import Connection
    from pydantic import JsonValue

    from askfirst.harness.witness import Witness

VERSION = 1
MOST_TURNS = 12
"""Turns of one trial: people answer, they do not talk for ever."""

QUESTION = 0.15
"""Real seconds in which a question may follow the news that a call runs; less than the AWS command line takes to call."""

CAPABILITIES: dict[str, JsonValue] = {"fs": {"readTextFile": False, "writeTextFile": False}, "terminal": False}
"""Files and programs are the agent's own: they run in the sandbox, where the account is."""

AUTH_REQUIRED = -32000
CUT_SHORT = {
    "max_tokens": "its model reached its limit of tokens",
    "max_turn_requests": "it reached its limit of requests in one turn",
}
ONLY_ALWAYS = "the host offered to allow it for always only, which would silence its gate"
TOO_LATE = "the host asked when no turn was under way"


class AgentFailed(Exception):
    """The agent ended, or spoke, in a way no agent does that has done its work. The message says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a session begins: `auth` is how to sign in where that is wanted, `mode` a mode of the session, '' for its own."""

    workspace: str
    auth: str = ""
    mode: str = ""


class Talk:
    """One session. All but `gate` and `end_turn` happens on the loop; those may wait, and run beside it."""

    def __init__(self, gate: Gate, end_turn: Callable[[str], str], witness: Witness, *, watched: bool) -> None:
        """`end_turn` gives what people reply to the message that ended a turn, '' for nothing; `watched` as for `Calls`."""
        loop = asyncio.get_running_loop()
        self._gate = gate
        self._end_turn = end_turn
        self._witness = witness
        self._calls = Calls(gate.started, lambda tell: loop.call_later(QUESTION, tell), watched=watched)
        self._message: list[str] = []
        self._message_id = ""
        self._under_way = False
        self.session = ""
        self._asking = asyncio.Lock()
        self._refused = False
        self.failure: asyncio.Future[None] = loop.create_future()
        """Fails with what the trial ended the agent for."""

    async def converse(self, connection: Connection, opening: Opening, task: str) -> str:
        """Give the task and go on while people have something to say; give the last message. Raises `AgentFailed`."""
        await self._opened(connection, opening)
        said = ""
        for _ in range(MOST_TURNS):
            stop = await self._turn(connection, task)
            said = "".join(self._message).strip()
            if stop != "end_turn":
                self._stopped(stop)
                return said
            try:
                task = await asyncio.to_thread(self._end_turn, said)
            except ConnectionError as error:  # the people's side failed, not the agent's
                task = f"Your message was not delivered: {error}"
            if not task:
                return said
        self._witness.record(Trouble(TroubleKind.CENSORED, f"the agent took more than {MOST_TURNS} turns"))
        return said

    def notified(self, method: str, params: JsonValue) -> None:
        """Hear a notification."""
        update = shapes.fields(shapes.fields(params).get("update"))
        match shapes.text(update.get("sessionUpdate")) if method == "session/update" else "":
            case "agent_message_chunk":
                self._heard(update)
            case "tool_call" | "tool_call_update" as kind:
                if kind == "tool_call":
                    self._end_message()
                self._calls.heard(update)
            case _:
                pass

    async def requested(self, method: str, params: JsonValue, is_notification: bool) -> dict[str, JsonValue]:  # noqa: FBT001 - the package's own signature
        """Answer a request of the agent."""
        from acp.exceptions import RequestError

        del is_notification  # those come by `notified`
        if method != "session/request_permission":
            raise RequestError.method_not_found(method)
        async with self._asking:  # people hear one question after the other, in the order they come
            try:
                return await asyncio.to_thread(self._permitted, shapes.fields(params))
            except asyncio.CancelledError:
                raise
            except BaseException as error:  # noqa: BLE001 - a limit of the trial is no `Exception`; the agent waits for an answer
                if not self.failure.done():
                    self.failure.set_exception(error)
                return shapes.chosen("")

    def cancel(self) -> None:
        """Let no request be granted from now on."""
        self._under_way = False

    # -- turns ---------------------------------------------------------------------------------------------------------

    async def _opened(self, connection: Connection, opening: Opening) -> None:
        hello: dict[str, JsonValue] = {"protocolVersion": VERSION, "clientCapabilities": CAPABILITIES}
        version = (await _ask(connection, "initialize", hello)).get("protocolVersion")
        if version != VERSION:
            msg = f"the agent speaks version {version!r} of the protocol, this is version {VERSION}"
            raise AgentFailed(msg)
        wanted: dict[str, JsonValue] = {"cwd": opening.workspace, "mcpServers": []}
        session = await _ask(connection, "session/new", wanted, auth=opening.auth)
        name = shapes.text(session.get("sessionId"))
        if not name:
            msg = "the agent opened a session without a name"
            raise AgentFailed(msg)
        if opening.mode:
            await _ask(connection, "session/set_mode", {"sessionId": name, "modeId": opening.mode})
        self.session = name

    async def _turn(self, connection: Connection, words: str) -> str:
        self._message.clear()
        self._under_way = True
        prompt: list[JsonValue] = [{"type": "text", "text": words}]
        try:
            done = await _ask(connection, "session/prompt", {"sessionId": self.session, "prompt": prompt})
        finally:
            self._under_way = False
            self._calls.end_turn()
        return shapes.text(done.get("stopReason"))

    def _stopped(self, stop: str) -> None:
        """Record a turn that did not end by itself; a refused one ends some agents' turn, and 'refusal' is the model's word."""
        if stop == "refusal" or (stop == "cancelled" and self._refused):
            return
        because = CUT_SHORT.get(stop, f"it gave the reason {stop!r}")
        kind = TroubleKind.CENSORED if stop in CUT_SHORT else TroubleKind.CRASH
        self._witness.record(Trouble(kind, f"the agent's turn was cut short: {because}"))

    # -- what is said and done -----------------------------------------------------------------------------------------

    def _heard(self, update: shapes.Fields) -> None:
        name = shapes.text(update.get("messageId"))
        if name and name != self._message_id:
            self._end_message()
        self._message_id = name or self._message_id
        self._message.append(shapes.text(shapes.fields(update.get("content")).get("text")))

    def _end_message(self) -> None:
        said = "".join(self._message).strip()
        self._message.clear()
        if said:
            self._witness.record(AgentSaid(self._witness.keep(said)))

    def _permitted(self, params: shapes.Fields) -> dict[str, JsonValue]:
        call = self._calls.asked(shapes.fields(params.get("toolCall")))
        offered = shapes.options(params)
        if not self._under_way:
            allowed = self._gate.refuse(call, TOO_LATE).allowed
            offered = shapes.Options("", "", "")
        elif not offered.allow_once:
            allowed = self._gate.refuse(call, ONLY_ALWAYS).allowed
        else:
            allowed = self._gate.answer(call).allowed
        self._refused = self._refused or not allowed
        return shapes.chosen(offered.allow_once if allowed else offered.reject)


async def _ask(connection: Connection, method: str, params: dict[str, JsonValue], auth: str = "") -> shapes.Fields:
    from acp.exceptions import RequestError

    try:
        return shapes.fields(await connection.send_request(method, params))
    except RequestError as error:
        if error.code == AUTH_REQUIRED and auth:
            await _ask(connection, "authenticate", {"methodId": auth})
            return await _ask(connection, method, params)
        details = f" ({error.data})" if error.data else ""
        msg = f"the agent answered {method} with an error: {error}{details}"
        raise AgentFailed(msg) from error
