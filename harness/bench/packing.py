"""Histories as they are stored: JSON Lines and large bodies in one compressed blob."""

from __future__ import annotations

import base64
import json
import zlib

from askfirst.harness.errors import UsageError
from askfirst.harness.history import History

CODEC = "zlib-1"


def packed(history: History) -> bytes:
    """Give the blob."""
    bodies = {digest: base64.b64encode(body).decode() for digest, body in history.bodies.items()}
    return zlib.compress(json.dumps(bodies, sort_keys=True).encode() + b"\n" + history.dumps(), 6)


def unpacked(blob: bytes, codec: str, name: str) -> History:
    """Read a blob; `name` is what to call the trial where it cannot be read."""
    if codec != CODEC:
        msg = f"{name} is stored as {codec!r}, this askfirst reads {CODEC!r}: install a newer askfirst"
        raise UsageError(msg)
    try:
        bodies, _, lines = zlib.decompress(blob).partition(b"\n")
        found = {digest: base64.b64decode(text) for digest, text in json.loads(bodies).items()}
    except (zlib.error, ValueError) as error:
        msg = f"{name} cannot be read: its blob is damaged ({error}). Run that trial again in another store."
        raise UsageError(msg) from error
    return History.loads(lines, found, name)
