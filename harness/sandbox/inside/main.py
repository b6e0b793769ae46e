"""The session that holds the sandbox: started once for a trial, it starts the programs of the agent and ends them all.

It speaks with the harness over the socket at descriptor 3: one message is one JSON object, sockets go along with it.
Where the harness is gone, nothing of the session is left.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import threading
from dataclasses import dataclass

from askfirst.harness.sandbox.inside import mounts, network, processes, watching
from askfirst.harness.sandbox.inside import syscalls as calls

CONTROL = 3
LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the harness wants of a session. `user` is the number of the user that programs run as behind walls."""

    walls: bool
    watch: bool
    connections: bool
    user: int
    own: list[str]
    seen: list[str]
    covered: list[str]
    files: dict[str, str]
    places: list[tuple[str, int]]


def main() -> None:
    """Be the session."""
    line = socket.socket(fileno=CONTROL)
    os.set_inheritable(CONTROL, False)  # noqa: FBT003 - the standard library's own signature
    wanted = Wanted(**json.loads(line.recv(LARGEST)))
    try:
        if wanted.walls:
            _inside(line, wanted)
        if sys.platform == "linux":
            calls.prctl(calls.PR_SET_CHILD_SUBREAPER, 1)
    except OSError as error:
        _say(line, {"failed": error.strerror or str(error)})
        os._exit(1)
    _say(line, {"ready": True})
    _Session(line, wanted).go()


def _inside(line: socket.socket, wanted: Wanted) -> None:
    """Go behind the walls; what was this process waits outside for the one that went."""
    user, group = os.getuid(), os.getgid()
    flags = calls.CLONE_NEWUSER | calls.CLONE_NEWNS | calls.CLONE_NEWNET | calls.CLONE_NEWPID | calls.CLONE_NEWIPC
    calls.unshare(flags)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{wanted.user} {user} 1")
    _write("/proc/self/gid_map", f"{wanted.user} {group} 1")
    network.come_up()
    sockets = [network.sniffer(), *network.name_servers(), *network.listeners(wanted.places)]
    socket.send_fds(line, [json.dumps({"sockets": len(sockets)}).encode()], [one.fileno() for one in sockets])
    for one in sockets:
        one.close()
    child = os.fork()
    if child:
        line.close()
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    calls.prctl(calls.PR_SET_PDEATHSIG, signal.SIGKILL)
    mounts.wall_off(own=wanted.own, seen=wanted.seen, covered=wanted.covered, files=wanted.files)
    calls.prctl(calls.PR_SET_DUMPABLE, 0)  # nobody behind the walls looks into this process, or sees it


class _Session:
    """Starts programs when the harness says so, and reaps what they leave."""

    def __init__(self, line: socket.socket, wanted: Wanted) -> None:
        self._line = line
        self._wanted = wanted
        self._running: dict[int, str] = {}
        self._kept: set[int] = set()

    def go(self) -> None:
        """Serve until the harness hangs up."""
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for ignored in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(ignored, signal.SIG_IGN)
        while True:
            ready, _, _ = select.select([self._line.fileno(), woken], [], [])
            if woken in ready:
                os.read(woken, 512)
                self._reap()
            if self._line.fileno() in ready and not self._message():
                processes.end(os.getpid(), self._running)
                os._exit(0)

    def _message(self) -> bool:
        """Do what the harness wants; False where it is gone."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self._line, LARGEST, 3)
        except OSError:
            return False
        if not data:
            return False
        message = json.loads(data)
        if "run" in message:
            self._start(message, descriptors)
        elif "left" in message:
            _say(self._line, {"left": processes.names(os.getpid(), self._kept)})
        elif "sweep" in message:
            processes.end(os.getpid(), self._running, self._kept)
            self._reap()
            _say(self._line, {"swept": True})
        for one in descriptors:
            os.close(one)
        return True

    def _start(self, message: dict[str, object], descriptors: list[int]) -> None:
        child = os.fork()
        if child == 0:
            try:
                _become(message, descriptors, self._line, self._wanted)
            except BaseException as error:  # noqa: BLE001 - whatever it is, this must not go on as a second session
                os.write(2, f"{error}\n".encode(errors="replace"))
                os._exit(127)
        if message.get("kept"):
            self._kept.add(child)
        else:
            self._running[child] = str(message["run"])

    def _reap(self) -> None:
        while True:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not child:
                return
            if child in self._running:
                code = os.waitstatus_to_exitcode(status)
                _say(self._line, {"ended": self._running.pop(child), "code": code})


def _become(message: dict[str, object], descriptors: list[int], line: socket.socket, wanted: Wanted) -> None:
    """Become a program of the agent."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    for target, one in enumerate(descriptors):
        os.dup2(one, target)
    argv, environment = message["argv"], message["environment"]
    assert isinstance(argv, list)  # noqa: S101 - for the type checker; the harness wrote it
    assert isinstance(environment, dict)  # noqa: S101
    os.chdir(str(message["folder"]))
    if sys.platform == "linux":
        calls.prctl(calls.PR_SET_NO_NEW_PRIVS, 1)
        calls.prctl(calls.PR_SET_DUMPABLE, 1)
    if wanted.watch:
        _watch(str(message["run"]), line, connections=wanted.connections)
    line.close()
    os.execvpe(argv[0], argv, environment)


def _watch(run: str, line: socket.socket, *, connections: bool) -> None:
    """Put the filter on. A thread that began before sends its descriptor: the filter may ask about sending."""
    found: list[int] = []
    there = threading.Event()

    def send() -> None:
        there.wait()
        if found:
            socket.send_fds(line, [json.dumps({"watch": run}).encode()], found)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        found.append(calls.seccomp_listener(watching.program(connections=connections)))
    finally:
        there.set()
        sender.join()
    os.close(found[0])


def _say(line: socket.socket, message: dict[str, object]) -> None:
    line.sendall(json.dumps(message).encode())


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)
