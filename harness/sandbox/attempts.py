"""What the agent's programs tried to reach: each place is told to the history once, however often they try."""

from __future__ import annotations

import threading
from collections.abc import Callable

from askfirst.harness.aws.egress import is_aws

MOST = 500
"""Addresses recorded in one trial; a tunnel through a name server asks for thousands of names."""


class Attempts:
    """Counts what was tried. Names are given to addresses by the name server of the sandbox, and found again here."""

    def __init__(self, refused: Callable[[str, bool], object]) -> None:
        """`refused` is told an address and whether it is AWS's."""
        self._refused = refused
        self._seen: set[str] = set()
        self._names: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._lock = threading.Lock()

    def address_for(self, name: str) -> str:
        """Give an address of nobody for a name, the same each time; '' when there are no more."""
        with self._lock:
            if name not in self._addresses:
                number = len(self._addresses) + 1
                if number >= 1 << 16:
                    return ""
                address = f"198.18.{number >> 8}.{number & 255}"
                self._addresses[name] = address
                self._names[address] = name
            return self._addresses[name]

    def tried(self, host: str, port: int | str = "") -> None:
        """Record an attempt to reach a host, or to look it up where there is no port."""
        name = self._names.get(host, host)
        address = f"{name}:{port}" if port else f"{name} (looked up)"
        with self._lock:
            tell = address not in self._seen and len(self._seen) < MOST
            self._seen.add(address)
        if tell:
            # A look-up alone asks AWS for nothing: what follows it is recorded by itself.
            self._refused(address, bool(port) and is_aws(name))
