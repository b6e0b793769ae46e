"""A filter of the kernel that asks about every program that is started, and where there is no other wall, every connection.

https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html: it cannot be taken off, by nobody, and all that
a program starts has it too.
"""

from __future__ import annotations

import os
import struct

ASK, REFUSE, ALLOW = 0x7FC00000, 0x00050000, 0x7FFF0000  # SECCOMP_RET_USER_NOTIF, _ERRNO, _ALLOW
ENOSYS = 38

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NUMBERS = {
    "x86_64": {"execve": 59, "execveat": 322, "connect": 42, "sendto": 44, "sendmsg": 46, "sendmmsg": 307},
    "aarch64": {"execve": 221, "execveat": 281, "connect": 203, "sendto": 206, "sendmsg": 211, "sendmmsg": 269},
}
IO_URING = 425
"""Connects without a system call of its own; programs go on without it."""

MEDDLING = {"x86_64": (101, 310, 311, 438), "aarch64": (117, 270, 271, 438)}
"""ptrace, process_vm_readv, process_vm_writev, pidfd_getfd: hands in other processes, among them the harness."""

SOCKET = {"x86_64": 41, "aarch64": 198}
EPERM = 1

PROGRAMS = ("execve", "execveat")
CONNECTIONS = ("connect", "sendto", "sendmsg", "sendmmsg")


def numbers() -> dict[str, int]:
    """Give the numbers of the calls on this machine; none where they are not known."""
    return NUMBERS.get(os.uname().machine, {})


def program(*, connections: bool) -> bytes:
    """Give the filter. Programs of another architecture than the machine's are refused: their calls have other numbers."""
    known = numbers()
    asked = [known[name] for name in (*PROGRAMS, *(CONNECTIONS if connections else ()))]
    lines = [_load(4), _skip_if(ARCHITECTURES[os.uname().machine], 1, 0), _answer(REFUSE | ENOSYS), _load(0)]
    if os.uname().machine == "x86_64":
        lines += [(0x35, 0, 1, 0x40000000), _answer(REFUSE | ENOSYS)]  # the calls of x32
    if connections:
        lines += [_skip_if(IO_URING, 0, 1), _answer(REFUSE | ENOSYS)]
        # `send` is `sendto` without an address: the fifth argument, low half and high half.
        lines += [_skip_if(known["sendto"], 0, 5), _load(48), _skip_if(0, 0, 3), _load(52), _skip_if(0, 0, 1)]
        lines += [_answer(ALLOW), _load(0)]
        for number in MEDDLING[os.uname().machine]:
            lines += [_skip_if(number, 0, 1), _answer(REFUSE | EPERM)]
        lines += _no_raw_sockets(SOCKET[os.uname().machine])
    for number in asked:
        lines += [_skip_if(number, 0, 1), _answer(ASK)]
    lines += [_answer(ALLOW)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


_Line = tuple[int, int, int, int]


def _no_raw_sockets(number: int) -> list[tuple[int, int, int, int]]:
    """Refuse sockets that make packets of their own, which no connection is asked about; netlink's are called raw too."""
    return [
        _skip_if(number, 0, 9),
        _load(16),  # the family
        _skip_if(17, 5, 0),  # packets
        _skip_if(2, 1, 0),
        _skip_if(10, 0, 4),
        _load(24),
        (0x54, 0, 0, 15),  # without the flags
        _skip_if(3, 0, 1),
        _answer(REFUSE | EPERM),
        _load(0),
    ]


def _load(offset: int) -> _Line:
    return (0x20, 0, 0, offset)


def _skip_if(value: int, yes: int, no: int) -> _Line:
    return (0x15, yes, no, value)


def _answer(value: int) -> _Line:
    return (0x06, 0, 0, value)
