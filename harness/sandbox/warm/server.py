"""Loads the AWS CLI once, and forks for each command: every one runs in a process of its own, as if it had begun anew.

python server.py SOCKET-NAME
"""

import contextlib
import gc
import importlib
import io
import os
import select
import signal
import socket
import sys
import time
import traceback
from typing import Any

LARGEST = 64 * 1024 * 1024
LIKELY = ("sts", "s3", "cloudformation", "dynamodb", "lambda", "logs", "cloudwatch", "sqs", "iam", "rds", "sns", "ssm")
"""Services whose descriptions are read beforehand; those of others are read when they are called."""


def main() -> None:
    """Listen at once, load, then serve until the session ends."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind("\0" + sys.argv[1])
    listener.listen(64)
    _load()
    _Server(listener).go()


def _load() -> None:
    """Import what a command needs, and keep descriptions that are likely to be read."""
    import awscli.clidriver
    import botocore.loaders

    for name in (
        "botocore.endpoint",
        "botocore.httpsession",
        "botocore.parsers",
        "botocore.serialize",
        "s3transfer.manager",
    ):
        importlib.import_module(name)  # the CLI's own, by its import hook
    driver = awscli.clidriver.create_clidriver()
    driver._get_command_table()  # noqa: SLF001 - imports the customizations
    read = botocore.loaders.JSONFileLoader.load_file
    kept: dict[str, Any] = {}

    def keeping(self: Any, file_path: str) -> Any:
        kept[file_path] = read(self, file_path)
        return kept[file_path]

    def load_file(self: Any, file_path: str) -> Any:
        found = kept.pop(file_path, None)  # once: who gets it may change it
        return read(self, file_path) if found is None else found

    list_services = botocore.loaders.Loader.list_available_services
    listed: dict[tuple[str, ...], list[str]] = {}

    def list_available_services(self: Any, type_name: str) -> list[str]:
        """Look through some hundred folders once for all commands; another AWS_DATA_PATH is another search."""
        key = (type_name, *self.search_paths)
        if key not in listed:
            listed[key] = list_services(self, type_name=type_name)
        return list(listed[key])

    loader = driver.session.get_component("data_loader")
    botocore.loaders.JSONFileLoader.load_file = keeping  # type: ignore[method-assign]
    for name in ("endpoints", "partitions", "sdk-default-configuration"):
        loader.load_data(name)
    for service in LIKELY:
        loader.load_service_model(service, "service-2")
        loader.load_service_model(service, "endpoint-rule-set-1")
    botocore.loaders.JSONFileLoader.load_file = load_file  # type: ignore[method-assign]
    botocore.loaders.Loader.list_available_services = list_available_services  # type: ignore[method-assign]
    for kind in ("service-2", "endpoint-rule-set-1", "waiters-2", "paginators-1"):
        loader.list_available_services(kind)
    gc.collect()
    gc.freeze()  # what is loaded stays: it is not looked through again, and not copied for that


class _Server:
    """Accepts commands, forks for them, and tells their ends."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._callers: dict[int, socket.socket] = {}

    def go(self) -> None:
        """Serve for ever."""
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while True:
            waiting = [self._listener.fileno(), woken, *(one.fileno() for one in self._callers.values())]
            ready = set(select.select(waiting, [], [])[0])
            if woken in ready:
                os.read(woken, 512)
                self._reap()
            for child, caller in list(self._callers.items()):
                if caller.fileno() in ready:
                    self._heard(child, caller)
            if self._listener.fileno() in ready:
                self._accept()

    def _accept(self) -> None:
        caller, _ = self._listener.accept()
        try:
            parts, streams = _received(caller)
        except (OSError, ValueError):
            caller.close()
            return
        child = os.fork()
        if child == 0:
            signal.set_wakeup_fd(-1)
            self._listener.close()
            for other in self._callers.values():
                other.close()
            caller.close()
            _become(parts, streams)
        for one in streams:
            os.close(one)
        self._callers[child] = caller

    def _heard(self, child: int, caller: socket.socket) -> None:
        """Hand on signals; a caller that is gone was killed, and so is what it has called."""
        try:
            numbers = caller.recv(16)
        except OSError:
            numbers = b""
        for number in numbers or bytes([signal.SIGKILL]):
            _kill(child, number)
        if not numbers:
            self._callers.pop(child).close()

    def _reap(self) -> None:
        while True:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not child:
                return
            caller = self._callers.pop(child, None)
            if caller is not None:
                with contextlib.suppress(OSError):
                    caller.sendall(b"%4d" % os.waitstatus_to_exitcode(status))
                caller.close()


def _kill(child: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(child, number)


def _received(caller: socket.socket) -> tuple[list[bytes], list[int]]:
    """Give the parts of a command, and its three streams."""
    head, streams, _, _ = socket.recv_fds(caller, 12, 3)
    while len(head) < 12:
        head += caller.recv(12 - len(head)) or b"x"
    length = int(head)
    if length > LARGEST or len(streams) != 3:
        for one in streams:
            os.close(one)
        raise ValueError
    message = bytearray()
    while len(message) < length:
        more = caller.recv(min(length - len(message), 1 << 20))
        if not more:
            raise ValueError
        message += more
    return bytes(message).split(b"\0"), streams


def _become(parts: list[bytes], streams: list[int]) -> None:
    """Be the command: its words, environment, place and streams. Never returns."""
    code = 255
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for target, one in enumerate(streams):
            os.dup2(one, target)
        for one in streams:
            if one > 2:
                os.close(one)
        mask, place, count, *rest = parts
        words, settings = rest[: int(count)], rest[int(count) :]
        os.environ.clear()
        for setting in settings:
            name, _, value = setting.partition(b"=")
            os.environb[name] = value
        time.tzset()
        os.umask(int(mask))
        os.chdir(os.fsdecode(place))
        sys.argv = ["aws", *map(os.fsdecode, words)]
        sys.stdin = open(0, encoding="utf-8", closefd=False)
        sys.stdout = io.TextIOWrapper(open(1, "wb", closefd=False), encoding="utf-8", line_buffering=os.isatty(1))
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)
        code = _run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BrokenPipeError:
        code = 120
    except BaseException:  # as an interpreter ends that nobody catches
        traceback.print_exc()
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = code or 120
    os._exit(code & 0xFF)


def _run() -> int:
    """Run the command line as the CLI's own script does."""
    import awscli.clidriver

    # The CLI adds its own descriptions there when it is imported; the caller's environment has come since.
    own = os.path.join(os.path.dirname(os.path.abspath(awscli.__file__)), "data")
    known = [
        os.path.expandvars(os.path.expanduser(one))
        for one in os.environ.get("AWS_DATA_PATH", "").split(os.pathsep)
        if one
    ]
    os.environ["AWS_DATA_PATH"] = os.pathsep.join([*known, own])
    return int(awscli.clidriver.main() or 0)


if __name__ == "__main__":
    main()
