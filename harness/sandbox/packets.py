"""What a packet that wanted to leave tells about where it was going."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
OUTGOING = 4
NEIGHBOURS = range(130, 138)
"""What IPv6 says by itself: who is on this network."""


@dataclass(frozen=True, slots=True)
class Going:
    """Where a packet was going; `what` is a port, or the protocol where it has none."""

    host: str
    what: int | str


def going(packet: bytes) -> Going | None:
    """Read a packet that begins an attempt; None for all that follow, and for answers."""
    try:
        version = packet[0] >> 4
        if version == 4:
            protocol, start = packet[9], (packet[0] & 15) * 4
            host = socket.inet_ntop(socket.AF_INET, packet[16:20])
        elif version == 6:
            protocol, start = packet[6], 40
            host = socket.inet_ntop(socket.AF_INET6, packet[24:40])
        else:
            return None
        return _begins(host, protocol, packet[start:])
    except (IndexError, ValueError, struct.error):
        return None


def _begins(host: str, protocol: int, rest: bytes) -> Going | None:
    if host == "::1" or host.startswith(("ff", "224.", "239.")):
        return None
    if protocol == TCP:
        opens = rest[13] & 0x12 == 0x02  # SYN and no ACK
        return Going(host, struct.unpack_from("!H", rest, 2)[0]) if opens else None
    if protocol == UDP:
        source, target = struct.unpack_from("!HH", rest)
        return None if 53 in {source, target} else Going(host, target)  # the name server records these
    if protocol in {ICMP, ICMP6}:
        return Going(host, "icmp") if rest[0] == (8 if protocol == ICMP else 128) else None
    return Going(host, f"protocol {protocol}")


def read(line: socket.socket) -> Going | None:
    """Read what a sniffer has seen."""
    packet, address = line.recvfrom(2048)
    return going(packet) if address[2] == OUTGOING else None
