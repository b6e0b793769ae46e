"""Which addresses programs may connect to where there are no walls: what the trial has on this machine, and their own."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from pathlib import Path

from askfirst.harness.sandbox.memory import Address

SOCKETS = ("docker", "containerd", "podman", "crio", "buildkit", "dbus", "systemd", "ssh-agent", "gpg-agent", "snapd")
"""In the path of a unix socket: whoever answers there does things in the name of others."""


class Neighbours:
    """Ports of this machine that were open before the agent are others'; those opened since are its own."""

    def __init__(self) -> None:
        """Until `look`, nothing is known to be open."""
        self._others: frozenset[int] = frozenset()
        self._allowed: set[int] = set()

    def look(self) -> None:
        """See what is open now."""
        found: set[int] = set()
        for name in ("tcp", "tcp6", "udp", "udp6"):
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/net/{name}").read_text(encoding="ascii").splitlines()[1:]:
                    fields = line.split()
                    if name.startswith("udp") or fields[3] == "0A":  # listening
                        found.add(int(fields[1].rpartition(":")[2], 16))
        self._others = frozenset(found)

    def allow(self, *ports: int) -> None:
        """Let programs connect to ports of the trial."""
        self._allowed.update(ports)

    def allows(self, address: Address) -> bool:
        """Tell whether a program may connect."""
        if address.family == socket.AF_UNIX:
            name = address.host.lower()
            return not any(one in name for one in SOCKETS) and name != os.environ.get("SSH_AUTH_SOCK", "").lower()
        if address.port == 53 or not ipaddress.ip_address(address.host).is_loopback:
            return False
        return address.port in self._allowed or address.port not in self._others
