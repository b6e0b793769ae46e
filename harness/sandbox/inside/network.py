"""A network with nobody in it: every address is this machine, and whoever looks sees every attempt to reach one."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import socket
import struct
from collections.abc import Sequence

_NEW_ROUTE, _ANSWER = 24, 0x5  # RTM_NEWROUTE; NLM_F_REQUEST | NLM_F_ACK
_CREATE = 0x400
_EVERYTHING = 0x0003  # ETH_P_ALL

# Classic BPF on the header of IP: what goes to 127.0.0.0/8 is none of our business.
_AWAY = (
    (0x30, 0, 0, 0),  # load the first byte
    (0x54, 0, 0, 0xF0),  # its version
    (0x15, 0, 2, 0x40),  # not IPv4: take it
    (0x30, 0, 0, 16),  # the first byte of where it goes
    (0x15, 1, 0, 127),
    (0x06, 0, 0, 0xFFFF),
    (0x06, 0, 0, 0),
)


def come_up() -> None:
    """Switch loopback on, and let it be the way to every address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", b"lo", 0x1 | 0x40)
        fcntl.ioctl(any_socket, 0x8914, request)  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
    _route(socket.AF_INET)
    with contextlib.suppress(OSError):  # a system without IPv6 has no way out by it
        _route(socket.AF_INET6)


def _route(family: int) -> None:
    """Add the route `local default dev lo`."""
    index = struct.pack("HHi", 8, 4, socket.if_nametoindex("lo"))  # RTA_OIF
    route = struct.pack("BBBBBBBBI", family, 0, 0, 0, 255, 3, 254 if family == socket.AF_INET else 0, 2, 0)
    length = 16 + len(route) + len(index)
    message = struct.pack("IHHII", length, _NEW_ROUTE, _ANSWER | _CREATE, 1, 0) + route + index
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as line:
        line.sendto(message, (0, 0))
        error = struct.unpack_from("i", line.recv(4096), 16)[0]
    if error:
        raise OSError(-error, "no route to nowhere")


def sniffer() -> socket.socket:
    """Give a socket that gets every packet that leaves for anywhere but loopback."""
    found = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_EVERYTHING))
    code = b"".join(struct.pack("HBBI", *line) for line in _AWAY)
    buffer = ctypes.create_string_buffer(code, len(code))
    found.setsockopt(
        socket.SOL_SOCKET, 26, struct.pack("HxxxxxxP", len(_AWAY), ctypes.addressof(buffer))
    )  # SO_ATTACH_FILTER
    found.bind(("lo", _EVERYTHING))
    return found


def name_servers() -> list[socket.socket]:
    """Give the sockets to which every question about a name goes, whatever server is asked."""
    found = []
    for family, level, option in ((socket.AF_INET, socket.IPPROTO_IP, 8), (socket.AF_INET6, socket.IPPROTO_IPV6, 49)):
        with contextlib.suppress(OSError):
            line = socket.socket(family, socket.SOCK_DGRAM)
            if family == socket.AF_INET6:
                line.setsockopt(level, socket.IPV6_V6ONLY, 1)
            line.setsockopt(level, option, 1)  # tell to which address it was sent, for the answer must come from there
            line.bind(("", 53))
            found.append(line)
    return found


def listeners(places: Sequence[tuple[str, int]]) -> list[socket.socket]:
    """Give sockets that listen at these addresses; port 0 is a free one."""
    found = []
    for host, port in places:
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind((host, port))
        line.listen(128)
        found.append(line)
    return found
