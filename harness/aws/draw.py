"""Everything that looks random: drawn by hash from the seed and a name, so that no draw depends on the order of draws."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def number(*parts: object) -> int:
    """Give a 256-bit number that depends on the text of `parts` alone, equal in every process."""
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest(), "big")


def token(length: int, *parts: object) -> str:
    """Give `length` (at most 64) lower-case hex digits that depend on `parts` alone."""
    return f"{number(*parts):064x}"[:length]


def uuid(*parts: object) -> str:
    """Give a version 4 UUID that depends on `parts` alone."""
    digits = token(32, *parts)
    return (
        f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[int(digits[16], 16) % 4]}{digits[17:20]}-{digits[20:]}"
    )


def account_id(*parts: object) -> str:
    """Give a twelve-digit account id."""
    return f"{100_000_000_000 + number(*parts) % 900_000_000_000}"


def access_key(prefix: str, *parts: object) -> str:
    """Give an access key id of AWS's form: a four-letter prefix (AKIA, ASIA) and sixteen letters and digits."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    value = number(*parts)
    return prefix + "".join(letters[(value >> (5 * place)) % 32] for place in range(16))


class Draw:
    """The seeded choices of a world's builder. Each has a name; the same name and seed give the same choice."""

    def __init__(self, *seed: object) -> None:
        """`seed` is any text that tells this world from others."""
        self._seed = seed

    def choice(self, name: str, options: Sequence[T]) -> T:
        """Choose one of the options."""
        return options[number(*self._seed, name) % len(options)]

    def integer(self, name: str, low: int, high: int) -> int:
        """Choose a whole number from `low` to `high`, both included."""
        return low + number(*self._seed, name) % (high - low + 1)

    def shuffled(self, name: str, items: Sequence[T]) -> list[T]:
        """Give the items in another order."""
        order = list(items)
        random.Random(number(*self._seed, name)).shuffle(order)  # noqa: S311 - a draw, not a secret
        return order

    def hex(self, name: str, length: int) -> str:
        """Give `length` hex digits."""
        return token(length, *self._seed, name)
