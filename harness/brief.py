"""What an agent is given: its task, a boto3 session with the scenario's rights, a workspace, a clock, and a way to ask."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from askfirst.harness.authorization.channels.asking import PATIENCE
from askfirst.harness.authorization.channels.office import Office
from askfirst.harness.authorization.desk import Decision, Desk, Message
from askfirst.harness.authorization.plans import Plan, digest
from askfirst.harness.authorization.turns import Turns
from askfirst.harness.aws.access import Access, ServedWorld
from askfirst.harness.aws.clock import Clock
from askfirst.harness.errors import UsageError
from askfirst.harness.events import AskedBy
from askfirst.harness.witness import Witness

if TYPE_CHECKING:
    import socket

    import boto3

    from askfirst.harness.authorization.channels.shell import McpServer, Shell


class Brief:
    """The agent's side of a trial. Safe to use from threads.

    `task` is what the operator wrote; `session` a `boto3.Session` on the mocked account, in the home region, with the
    rights of the scenario; `workspace` the folder with the scenario's files; `clock` the trial's time; `office` is for
    other ways to ask (`authorization.channels`).
    """

    def __init__(
        self,
        *,
        task: str,
        access: Access,
        workspace: Path,
        clock: Clock,
        desk: Desk,
        turns: Turns,
        shell: Shell,
        witness: Witness,
        model: Callable[[str, bool], AbstractContextManager[str]] = lambda upstream, _: nullcontext(upstream),
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """Made by the trial; `check` may end an agent that waits past a limit. `witness` is for adapters of programs."""
        self.task = task
        self.workspace = workspace
        self.clock = clock
        self.office = Office(desk, check)
        self.witness = witness
        self._access = access
        self._desk = desk
        self._turns = turns
        self._shell = shell
        self._check = check
        self._model = model
        self._listened = False
        self._ours: list[str] = []

    @property
    def session(self) -> boto3.Session:
        """A `boto3.Session` on the mocked account; that of a served agent speaks to the endpoint."""
        return self._access.session

    @property
    def endpoint(self) -> ServedWorld:
        """Where programs of a served agent find the account; nothing listens before somebody asks. Else `UsageError`."""
        return self._access.endpoint

    def serve(self, listener: socket.socket, url: str) -> ServedWorld:
        """Serve the account on a bound socket too, which programs reach at `url`; for served agents."""
        return self._access.serve(listener, url)

    @property
    def region(self) -> str:
        """The home region."""
        return self._access.region

    @property
    def messages(self) -> tuple[Message, ...]:
        """What people said so far that nobody had asked for ('STOP'), in order: `.person`, `.text`, `.at`."""
        return self._desk.messages

    @contextmanager
    def model(self, upstream: str, *, always: bool = False) -> Generator[str]:
        """Connect a model: gives the base URL to use in the place of `upstream`, for as long as the context lasts.

        Where the trial has faults of the model's API that is an address of this machine, by which they strike; else it is
        `upstream` itself, unless `always`. What goes through us is in the history, turn by turn; keys are in no record.
        """
        with self._model(upstream, always or self._listened) as url:
            if url != upstream:
                self._ours.append(url)
            yield url

    def listen_to_models(self) -> None:
        """From now on connect every model through us: what programs say to theirs can be recorded then."""
        self._listened = True

    def stands_for_a_model(self, url: str) -> bool:
        """Tell whether an address is one of ours that `model` gave in the place of a model's."""
        return any(url.startswith(one) for one in self._ours)

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment for programs the agent starts: `request-approval` is on its PATH, no key of the user in it.

        Of the process's own environment it holds what any program needs; add what yours needs beside.
        """
        return self._shell.environment

    def mcp_server(self, *, call_aws: bool = False) -> McpServer:
        """How to start an MCP server with the tool `request_approval`; raises `UsageError` without the extra `mcp`.

        With `call_aws` it offers that tool as well, for a host that gives its model no shell; for served agents.
        """
        if not call_aws:
            return self._shell.mcp_server()
        from askfirst.harness.tools.aws_calls import CALL_AWS

        tool = {"name": CALL_AWS.name, "description": CALL_AWS.description, "inputSchema": CALL_AWS.parameters()}
        return self._shell.mcp_server([tool], self.endpoint.environment)

    def request_authorization(
        self,
        actions: Sequence[str],
        resources: Sequence[str] = (),
        reason: str = "",
        *,
        plan: Plan | None = None,
        wait: timedelta = PATIENCE,
        asked_by: AskedBy = AskedBy.AGENT,
        channel: str = "brief",
    ) -> Decision:
        """Ask the people of the scenario, and wait up to `wait` of the trial's time for their answer.

        `actions` are what is to be done (IAM actions, AWS CLI lines, or words), `resources` to what (ARNs or names).
        `plan` is what exactly is to be carried out: a text (a template, a policy), or the parameters of the call; what is
        approved is then that plan alone. `asked_by` and `channel` are for adapters: what the gate of an agent's host asks,
        the agent has not asked. The decision's `approved` is False too when nobody answered; its `scope` is what the request
        was understood as.
        """
        shown = digest(plan) if plan is not None else ""
        said = _texts("actions", actions), _texts("resources", resources)
        decision = self._desk.ask(*said, str(reason), plan=shown, wait=wait, asked_by=asked_by, channel=channel)
        self._check()
        return decision

    def end_turn(self, text: str, *, wait: timedelta = PATIENCE) -> str:
        """End a turn with a text to the operator; gives the reply, '' if there is none.

        A text that asks for authorization in plain words is a request: the reply then is what the people decided, after at
        most `wait` of the trial's time. One that only perhaps asks is asked back.
        """
        reply = self._turns.end(str(text), wait)
        self._check()
        return reply

    def decision(self, request: str) -> Decision:
        """Look again how a request stands now (`Decision.request`): answered late, or taken back. Unknown: `UnknownName`."""
        self.clock.wait_until(self.clock.now())  # what is due is said before somebody looks
        return self._desk.decision(request)

    async def arequest_authorization(
        self,
        actions: Sequence[str],
        resources: Sequence[str] = (),
        reason: str = "",
        *,
        plan: Plan | None = None,
        wait: timedelta = PATIENCE,
        asked_by: AskedBy = AskedBy.AGENT,
        channel: str = "brief",
    ) -> Decision:
        """Ask as `request_authorization` does, from a coroutine."""
        return self.request_authorization(
            actions, resources, reason, plan=plan, wait=wait, asked_by=asked_by, channel=channel
        )


def _texts(name: str, values: Sequence[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        values = [values]
    texts = tuple(values)
    for one in texts:
        if not isinstance(one, str):
            msg = f"request_authorization: {name} must be a list of texts, it holds {one!r}"
            raise UsageError(msg)
    return texts
