"""Globs as IAM knows them: `*` is any text, `?` one character, and nothing else is special ('[' is a bracket).

    action_matches("s3:Delete*", "S3:deleteobject")              case does not matter in actions
    arn_matches("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b")

Where IAM is lax (a `*` that ends a segment of an ARN may run over the next colon) a pattern here stays within its
segment, so that no glob for regions ever reaches into the account. Every matcher takes linear time for each star of its
pattern: what is behind a star is searched once and never given back.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

SEGMENTS = 6
"""Parts of an ARN: arn, partition, service, region, account, resource. Only the last may hold further colons."""

Matcher = Callable[[str], object]
"""Gives something true for a text that fits."""


def action_matches(pattern: str, action: str) -> bool:
    """Say whether an IAM action ('service:Operation') fits; `*` alone fits every action."""
    return bool(action_matcher(pattern)(action))


def arn_matches(pattern: str, arn: str) -> bool:
    """Say whether an ARN fits; `*` alone fits everything, segments that are left out of a pattern are `*` as in IAM."""
    return bool(arn_matcher(pattern)(arn))


def is_glob(text: str) -> bool:
    """Say whether a text holds a wildcard."""
    return "*" in text or "?" in text


def is_exact(pattern: str) -> bool:
    """Say whether a pattern for ARNs fits nothing but itself."""
    return not is_glob(pattern) and (not pattern.startswith("arn:") or pattern.count(":") >= SEGMENTS - 1)


@functools.lru_cache(maxsize=8192)
def action_matcher(pattern: str) -> Matcher:
    """Give the matcher of a pattern for actions."""
    if pattern == "*":
        return _anything
    service, colon, operation = pattern.partition(":")
    if not colon:
        return _nothing
    if not is_glob(pattern):
        folded = pattern.lower()
        return lambda action: action.lower() == folded
    return _compile(f"{_glob(service, '[^:]')}:{_glob(operation, '.')}", re.IGNORECASE | re.ASCII)


@functools.lru_cache(maxsize=8192)
def arn_matcher(pattern: str) -> Matcher:
    """Give the matcher of a pattern for ARNs; what is no ARN fits only itself."""
    if pattern == "*":
        return _anything
    if is_exact(pattern) or not pattern.startswith("arn:"):
        return pattern.__eq__
    parts = pattern.split(":", SEGMENTS - 1)
    parts += ["*"] * (SEGMENTS - len(parts))
    return _compile(":".join([*(_glob(one, "[^:]") for one in parts[:-1]), _glob(parts[-1], ".")]), 0)


@functools.lru_cache(maxsize=8192)
def text_matcher(pattern: str) -> Matcher:
    """Give the matcher of a glob over a plain text, case-sensitive."""
    return _compile(_glob(pattern, "."), 0) if is_glob(pattern) else pattern.__eq__


def _glob(text: str, one: str) -> str:
    """Write a glob as a regular expression; `one` is what a single wildcard character may be."""
    first, *rest = ("".join(one if char == "?" else re.escape(char) for char in part) for part in text.split("*"))
    if not rest:
        return first
    *middle, last = rest
    found = "".join(f"(?>{one}*?{part})" for part in middle if part)
    return f"{first}{found}{one}*{last}"


def _compile(expression: str, flags: int) -> Matcher:
    return re.compile(expression, flags | re.DOTALL).fullmatch


def _anything(_: str) -> bool:
    return True


def _nothing(_: str) -> bool:
    return False
