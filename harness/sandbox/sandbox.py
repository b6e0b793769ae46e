"""Where programs of an agent run: own HOME, clean environment, our `aws`, walls around, and an end for all of them.

    with Sandbox(brief) as sandbox:
        sandbox.check()
        finished = sandbox.run(["my-agent", "--task", brief.task])

Behind walls (Linux, where user namespaces are allowed) only the account, the approval socket and the relays exist, and
every attempt to reach anything else is recorded. Without walls programs are asked about every connection (Linux), or find
a proxy that refuses (elsewhere); `walls` and `because` say which, and the history does too.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from askfirst.harness.authorization.channels.command import ADDRESS
from askfirst.harness.errors import LimitReached
from askfirst.harness.events import Sandboxed, Trouble, TroubleKind
from askfirst.harness.sandbox import environment as environments
from askfirst.harness.sandbox import home as homes
from askfirst.harness.sandbox import packets, shims
from askfirst.harness.sandbox.attempts import Attempts
from askfirst.harness.sandbox.inside.main import Wanted
from askfirst.harness.sandbox.names import NameServer
from askfirst.harness.sandbox.neighbours import Neighbours
from askfirst.harness.sandbox.outside import Outside
from askfirst.harness.sandbox.proxying import RefusingProxy
from askfirst.harness.sandbox.relaying import Place, Relay
from askfirst.harness.sandbox.session import Refused, Session
from askfirst.harness.sandbox.strays import end_strays
from askfirst.harness.sandbox.streams import Streams
from askfirst.harness.sandbox.walls import USER, walls
from askfirst.harness.sandbox.watching import Lines, Watcher

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

NAME = "ops"
"""What the user is called that programs run as."""

GRACE = 3.0
"""Real seconds that programs may go on which the agent has left behind."""

CHECKING = 60.0
"""Real seconds for the look whether everything is in its place."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended. `code` is negative for a signal; `left` are the programs it left behind, which were killed."""

    code: int
    stdout: str
    stderr: str
    timed_out: bool = False
    left: tuple[str, ...] = ()


class NotReady(Exception):
    """The sandbox does not do what it must. The trial proves nothing; the message says why."""


class Sandbox:
    """One sandbox, for all programs of one trial. Use it as a context; at its end nothing of it is left."""

    def __init__(
        self,
        brief: Brief,
        *,
        relays: Sequence[Place] = (),
        environment: Mapping[str, str] | None = None,
        seen: Sequence[Path] = (),
        walled: bool | None = None,
        aws: Path | None = None,
        warm: bool = True,
    ) -> None:
        """`relays` are what may be reached beside the account, such as a model; `environment` is added to the clean one.

        `seen` are files and folders that programs need and would not find otherwise. `walled` None takes walls where the
        system allows them, True insists, False does without. `aws` is the command to use; None for the one installed.
        With `warm` a process that has it loaded runs its commands, where it can be.
        """
        self._brief = brief
        self._relays = (*relays, *_approvals(brief.environment[ADDRESS]))
        self._added = dict(environment or {})
        self._seen = tuple(seen)
        self._walled = sys.platform == "linux" if walled is None else walled
        self._insists = walled is True
        self._witness = brief.witness
        self._attempts = Attempts(self._witness.refused)
        self._proxy = RefusingProxy(self._attempts, self._relays)
        self._checking = False
        self._lines = Lines(self._started)
        self._neighbours = Neighbours()
        self._carriers: list[Relay] = []
        self._aws = aws
        self._warm = warm
        self.walls = False
        self.because = ""
        """Why there are no walls."""

    def __enter__(self) -> Self:
        """Open everything. Raises `UsageError` where something is missing, and says what."""
        with contextlib.ExitStack() as undo:
            self._folder = Path(tempfile.mkdtemp(prefix="ops-"))
            undo.callback(shutil.rmtree, self._folder, ignore_errors=True)
            self.home = self._folder / "home"
            self._shims = self._folder / "bin"
            self.home.mkdir()
            self._shims.mkdir()
            aws = self._aws or shims.find_aws(self._brief.environment.get("PATH", ""))
            self._outside = Outside(self._failed)
            undo.callback(self._outside.close)
            self._open(undo)
            warm = shims.write_aws(self._shims, aws, self.world.url, warm=self._warm)
            role = (self._witness.home, self._witness.role, self._witness.partition)
            homes.furnish(self.home, self.environment, self._witness.accounts, role)
            homes.add(self.home, self._witness.in_home)
            if warm is not None:
                self._session.keep(warm.argv, self.environment, self.home)
            self._witness.record(Sandboxed(self.walls, self.watched, self.because))
            undo.callback(self._end)
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything, to the end: a limit of the trial that rings meanwhile must wait."""
        ending = threading.Thread(target=self._undo.close)
        ending.start()
        rung: LimitReached | None = None
        while ending.is_alive():
            try:
                ending.join()
            except LimitReached as limit:
                rung = limit
        if rung is not None and error is None:
            raise rung

    @property
    def watched(self) -> bool:
        """Whether every program that is started is read."""
        return sys.platform == "linux"

    def run(
        self,
        argv: Sequence[str],
        stdin: str = "",
        *,
        limit: float | None = None,
        added: Mapping[str, str] | None = None,
    ) -> Finished:
        """Run a program in the workspace until it ends, with all it started; kill them when real time is up.

        Without `limit` it has what is left of the trial's time. Output beyond 4 MiB of each stream is dropped.
        """
        left = self._witness.seconds_left()
        deadline = time.perf_counter() + (left if limit is None else min(limit, left))
        with Streams(stdin) as streams:
            name = self._session.start(
                argv, {**self.environment, **(added or {})}, self._brief.workspace, streams.theirs
            )
            streams.begin()
            code = self._session.wait(name, max(0.0, deadline - time.perf_counter()))
            behind = () if code is None else self._wait_for_the_rest(min(deadline, time.perf_counter() + GRACE))
            self._session.sweep()
            self._outside.settle()
            stdout, stderr = streams.end()
        return Finished(-9 if code is None else code, stdout, stderr, timed_out=code is None, left=behind)

    def start(self, argv: Sequence[str], streams: tuple[int, int, int], added: Mapping[str, str] | None = None) -> str:
        """Start a program on three descriptors of the caller's; gives the name to `wait` for."""
        return self._session.start(argv, {**self.environment, **(added or {})}, self._brief.workspace, streams)

    def wait(self, name: str, seconds: float) -> int | None:
        """Wait for a program that was started; gives its exit code, None where it goes on."""
        return self._session.wait(name, seconds)

    def left(self) -> tuple[str, ...]:
        """Give the names of the programs that run."""
        return self._session.left()

    def sweep(self) -> None:
        """Kill every program that runs."""
        self._session.sweep()

    def check(self) -> None:
        """Prove the plumbing by a call through a login shell, signed by the harness. Raises `NotReady` with the reason."""
        self._checking = True
        try:
            done = self.run(["bash", "-lc", f"command -v aws && {CALL}"], limit=CHECKING, added=self._witness.keys)
        finally:
            self._checking = False
        shim, home = str(self._shims / "aws"), self._witness.accounts[self._witness.home]
        if done.timed_out:
            msg = f"`{CALL}` in a login shell did not answer within {CHECKING:g} s"
            raise NotReady(msg)
        if done.code or done.stdout.split() != [shim, home]:
            said = f"{done.stdout}{done.stderr}".strip()[-500:]
            msg = f"`{CALL}` in a login shell ended with exit code {done.code}, not with {shim} and account {home}: {said}"
            raise NotReady(msg)

    # -- opening -------------------------------------------------------------------------------------------------------

    def _open(self, undo: contextlib.ExitStack) -> None:
        if self._walled:
            try:
                self.walls = True
                self._open_walled()
            except Refused as error:
                self.walls = False
                if self._insists:
                    msg = f"the system does not allow walls: {error}"
                    raise NotReady(msg) from error
                self.because = f"the system does not allow them: {error}"
        else:
            self.because = "they are not wanted" if sys.platform == "linux" else f"there are none on {sys.platform}"
        if not self.walls:
            self._open_plain()
        undo.callback(self._session.close)

    def _open_walled(self) -> None:
        # Names get addresses of their own, so that a relay can have the port its name is known by.
        far = {one: "127.0.0.1" if one.near else f"127.64.0.{number}" for number, one in enumerate(self._relays, 1)}
        places = [("127.0.0.1", 0), ("127.0.0.1", 0), *((far[one], one.port) for one in self._relays)]
        plan = walls(
            [self._brief.workspace, self.home],
            [self._shims, Path(self._tools), *self._seen, *self._aws_needs()],
            self._witness.hidden,
            path=self._brief.environment.get("PATH", ""),
            home=self.home,
            folder=self._folder,
            user=NAME,
        )
        wanted = Wanted(
            walls=True,
            watch=True,
            connections=False,
            user=USER,
            own=list(plan.own),
            seen=list(plan.seen),
            covered=list(plan.covered),
            files=plan.files,
            places=places,
        )
        self._session = Session(self._folder / "session", wanted, self._least, self._watch)
        sniffer, *rest = self._session.sockets
        servers, (account, proxy, *relays) = rest[: -len(places)], rest[-len(places) :]
        names = NameServer(self._attempts, {one.host: far[one] for one in self._relays if not one.near})
        self._outside.watch(sniffer, functools.partial(self._sniffed, sniffer))
        for line in servers:
            self._outside.watch(line, functools.partial(_always, names.answer, line))
        # By name: what clients put before it (an account, a bucket) is found too, for the name server knows it.
        self.world = self._brief.serve(account, f"http://localhost:{account.getsockname()[1]}")
        self._attend(proxy, relays)

    def _open_plain(self) -> None:
        watch = sys.platform == "linux"
        proxy = socket.create_server(("127.0.0.1", 0))
        wanted = Wanted(
            walls=False, watch=watch, connections=watch, user=0, own=[], seen=[], covered=[], files={}, places=[]
        )
        self._neighbours.look()
        self._session = Session(self._folder / "session", wanted, self._least, self._watch)
        self.world = self._brief.endpoint
        self._attend(proxy, [])

    def _attend(self, proxy: socket.socket, relays: Sequence[socket.socket]) -> None:
        self._outside.watch(proxy, functools.partial(_always, self._proxy.accept, proxy))
        for place, listener in zip(self._relays, relays, strict=False):
            carrier = Relay(place)
            self._carriers.append(carrier)
            self._outside.watch(listener, functools.partial(_always, carrier.accept, listener))
        port = proxy.getsockname()[1]
        self._neighbours.allow(port, int(self.world.url.rpartition(":")[2]), *(one.port for one in self._relays))
        self.environment: Mapping[str, str] = {
            **environments.clean(
                self._brief.environment,
                self.world.environment,
                home=self.home,
                shims=self._shims,
                user=NAME,
                proxy=f"http://127.0.0.1:{port}",
                # Behind walls names of relays have addresses; without them the proxy lets these through.
                near=tuple(one.host for one in self._relays if self.walls and not one.near),
            ),
            **self._added,
        }

    @property
    def _tools(self) -> str:
        return self._brief.environment["PATH"].partition(os.pathsep)[0]

    @property
    def _least(self) -> Mapping[str, str]:
        return {"PATH": os.defpath, "LANG": "C.UTF-8"}

    def _aws_needs(self) -> list[Path]:
        found = self._aws or shims.find_aws(self._brief.environment.get("PATH", ""))
        return [found.parent, Path(os.path.realpath(found)).parent]

    # -- what happens --------------------------------------------------------------------------------------------------

    def _watch(self, listener: int) -> None:
        watcher = Watcher(self._attempts, self._lines.heard, allowed=self._neighbours.allows, failed=self._failed)
        self._outside.watch(listener, functools.partial(watcher.answer, listener))

    def _sniffed(self, line: socket.socket) -> bool:
        found = packets.read(line)
        if found is not None:
            self._attempts.tried(found.host, found.what)
        return True

    def _wait_for_the_rest(self, until: float) -> tuple[str, ...]:
        """Give what is left running when its grace is over."""
        still = threading.Event()
        while (left := self._session.left()) and time.perf_counter() < until:
            still.wait(0.05)
        return left

    def _started(self, words: tuple[str, ...]) -> None:
        if not self._checking:
            self._witness.started(words)

    def _failed(self, because: str) -> None:
        self._witness.record(Trouble(TroubleKind.HARNESS, because))

    def _end(self) -> None:
        for one in self._carriers:
            one.close()
        if not self.walls:
            self._session.sweep()
            end_strays(environments.MARK, self.environment[environments.MARK])


CALL = "aws sts get-caller-identity --query Account --output text"


def _approvals(address: str) -> tuple[Place, ...]:
    """Give the place where requests are taken, if that is a port."""
    return (Place("127.0.0.1", int(address.split(":")[2])),) if address.startswith("tcp:") else ()


def _always(act: object, line: socket.socket) -> bool:
    assert callable(act)  # noqa: S101 - for the type checker
    act(line)
    return True
