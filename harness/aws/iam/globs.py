"""Does a pattern of a policy fit a name of which a part may not be known?

A text may hold `UNKNOWN`, which stands for any characters: the random end of a secret's ARN, the id of a stack that does
not exist. Then a pattern fits `surely` if it fits whatever stands there, and `perhaps` if it fits something that may.
A pattern may hold `STAR` and `MARK`: a '*' and a '?' that are no wildcards, for a policy variable put them there.
"""

from __future__ import annotations

import functools
import itertools

from askfirst.harness.authorization.matching import SEGMENTS, arn_matcher, text_matcher

STAR, MARK, UNKNOWN = "\ue000", "\ue001", "\ue002"
"""Characters of the private use area, which no name of AWS holds."""

_FILLER = "\ue003"
_AS_LITERALS = {ord("*"): STAR, ord("?"): MARK}
_AS_TYPED = {ord(STAR): "*", ord(MARK): "?"}


def literal(text: str) -> str:
    """Write a value so that nothing in it is a wildcard."""
    return text.translate(_AS_LITERALS)


def typed(text: str) -> str:
    """Write a pattern with the characters a reader would type."""
    return text.translate(_AS_TYPED)


def shown(text: str) -> str:
    """Write a text for people: what is not known is a '*'."""
    return text.replace(UNKNOWN, "*")


def fits(pattern: str, text: str) -> bool:
    """Say whether a pattern fits a plain text, character by character and case-sensitive."""
    return bool(text_matcher(pattern)(_comparable(pattern, text)))


def arn_fits(pattern: str, arn: str) -> bool:
    """Say whether a pattern fits a fully known ARN, segment by segment."""
    return bool(arn_matcher(pattern)(_comparable(pattern, arn)))


def surely(pattern: str, arn: str) -> bool:
    """Say whether a pattern fits an ARN whatever its unknown parts are."""
    if UNKNOWN not in arn:
        return arn_fits(pattern, arn)
    # A run longer than the pattern can only be fitted with a '*' in it, and no run at all without the '?' around it.
    runs = ("", _FILLER * (len(pattern) + 1))
    first, *rest = arn.split(UNKNOWN)
    for chosen in itertools.product(runs, repeat=len(rest)):
        if not arn_fits(pattern, first + "".join(run + part for run, part in zip(chosen, rest, strict=True))):
            return False
    return True


def perhaps(pattern: str, arn: str) -> bool:
    """Say whether a pattern fits an ARN for something that its unknown parts may be."""
    if UNKNOWN not in arn:
        return arn_fits(pattern, arn)
    if pattern == "*":
        return True
    wanted, given = pattern.split(":", SEGMENTS - 1), arn.split(":", SEGMENTS - 1)
    wanted += ["*"] * (SEGMENTS - len(wanted))
    if len(given) < SEGMENTS or not pattern.startswith("arn:"):
        return False
    return all(_meet(one, other) for one, other in zip(wanted, map(literal, given), strict=True))


def _comparable(pattern: str, text: str) -> str:
    return literal(text) if STAR in pattern or MARK in pattern else text


@functools.lru_cache(maxsize=4096)
def _meet(pattern: str, text: str) -> bool:
    """Say whether some string fits both: a pattern with '*' and '?', and a text with `UNKNOWN`."""
    fitting = [True]  # fitting[j]: the pattern read so far meets the first j characters of the text
    for char in text:
        fitting.append(fitting[-1] and char == UNKNOWN)
    for char in pattern:
        before, fitting = fitting, [fitting[0] and char == "*"]
        for index, other in enumerate(text, 1):
            if char == "*" or other == UNKNOWN:
                fitting.append(before[index] or fitting[index - 1] or before[index - 1])
            else:
                fitting.append(before[index - 1] and (char in {"?", other}))
    return fitting[-1]
