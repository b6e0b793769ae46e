"""Nothing leaves the process: connections to anything but loopback and declared model hosts are refused and recorded.

Works on Python's socket module; programs the agent starts are recorded, and find no credentials and no profile.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import socket
import subprocess
from collections.abc import Callable, Generator
from typing import Any
from unittest import mock

AWS_HOST = re.compile(r"(^|\.)(amazonaws\.com(\.cn)?|aws\.amazon\.com|api\.aws|aws)$")
METADATA = {"169.254.169.254", "fd00:ec2::254", "169.254.170.2"}
LOOPBACK = re.compile(r"^(127\.\d+\.\d+\.\d+|::1|localhost|0\.0\.0\.0|)$")

Refused = Callable[[str, bool], None]
Started = Callable[[tuple[str, ...]], None]


def is_aws(host: str) -> bool:
    """Tell whether a host is AWS's, or its metadata service."""
    return host in METADATA or bool(AWS_HOST.search(host.lower()))


@contextlib.contextmanager
def guarded(refused: Refused, started: Started, model_hosts: tuple[str, ...] = ()) -> Generator[None]:
    """Refuse and report connections (`refused(address, is_aws)`), report programs started (`started(arguments)`)."""
    platform.processor()  # SDKs ask for it; Python starts `uname` for the first answer, which must be no trial's command
    real_connect, real_connect_ex, real_lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
    real_send_to, real_start = socket.socket.sendto, subprocess.Popen.__init__
    real_system = os.system  # pyright: ignore[reportDeprecated]  # an agent may use it all the same
    # What a declared host resolved to may be connected to.
    resolved: set[str] = set()

    def check(host: str, port: object) -> None:
        if LOOPBACK.match(host) or host in model_hosts or host in resolved:
            return
        refused(f"{host}:{port}", is_aws(host))
        msg = f"[Errno 101] Network is unreachable: {host}"
        raise OSError(101, msg)

    def check_address(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - as many forms as address families
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            check(str(address[0]), address[1])

    def connect(self: socket.socket, address: Any) -> None:  # noqa: ANN401
        check_address(self, address)
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:  # noqa: ANN401
        check_address(self, address)
        return real_connect_ex(self, address)

    def send_to(self: socket.socket, data: Any, *rest: Any) -> int:  # noqa: ANN401
        check_address(self, rest[-1])
        return real_send_to(self, data, *rest)

    def look_up(host: Any, port: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        check(name, port)
        answers = real_lookup(host, port, *rest, **more)
        if name in model_hosts:
            resolved.update(str(answer[4][0]) for answer in answers)
        return answers

    def start(self: Any, args: Any, *rest: Any, **more: Any) -> None:  # noqa: ANN401
        started(tuple(map(os.fsdecode, [args] if isinstance(args, str | bytes | os.PathLike) else args)))
        real_start(self, args, *rest, **more)

    def system(command: Any) -> int:  # noqa: ANN401
        started((os.fsdecode(command),))
        return real_system(command)

    with (
        mock.patch.object(socket.socket, "connect", connect),
        mock.patch.object(socket.socket, "connect_ex", connect_ex),
        mock.patch.object(socket.socket, "sendto", send_to),
        mock.patch.object(socket, "getaddrinfo", look_up),
        mock.patch.object(subprocess.Popen, "__init__", start),
        mock.patch.object(os, "system", system),
    ):
        yield
