"""The condition operators: how one value of a request compares with one of a policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import ipaddress
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from askfirst.harness.aws.iam.globs import arn_fits, fits, typed

Compare = Callable[[str, str], bool]
"""Compares the request's value with the policy's; raises `ValueError` where one of them is no value of the kind."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A condition operator: `compare` for its positive form, and whether it is the negated one.

    Only operators with `variables` have policy variables put into their values.
    """

    compare: Compare
    negated: bool = False
    variables: bool = False


def find(name: str) -> Operator | None:
    """Give an operator by its name without set operator and `IfExists`; None for one that is not known."""
    return OPERATORS.get(name.lower())


def _same(value: str, wanted: str) -> bool:
    return value == typed(wanted)


def _same_ignoring_case(value: str, wanted: str) -> bool:
    return value.casefold() == typed(wanted).casefold()


def _like(value: str, wanted: str) -> bool:
    return fits(wanted, value)


def _arn_like(value: str, wanted: str) -> bool:
    return arn_fits(wanted, value)


def _true_or_false(value: str, wanted: str) -> bool:
    return value.lower() == typed(wanted).lower()


def _bytes(value: str, wanted: str) -> bool:
    return base64.b64decode(value, validate=True) == base64.b64decode(wanted, validate=True)


def _within(value: str, wanted: str) -> bool:
    network = ipaddress.ip_network(wanted, strict=False)
    address = ipaddress.ip_address(value)
    return address.version == network.version and address in network


def _numeric(compare: Callable[[Decimal, Decimal], bool]) -> Compare:
    def compared(value: str, wanted: str) -> bool:
        return compare(_number(value), _number(wanted))

    return compared


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        msg = f"{text!r} is no number"
        raise ValueError(msg)
    return number


def _dated(compare: Callable[[datetime, datetime], bool]) -> Compare:
    def compared(value: str, wanted: str) -> bool:
        return compare(_moment(value), _moment(wanted))

    return compared


def _moment(text: str) -> datetime:
    """Read ISO 8601 as the W3C note has it (a year alone, a month alone, ...), or seconds since 1970."""
    if re.fullmatch(r"-?\d{5,}(\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    if re.fullmatch(r"\d{4}(-\d\d)?", text):
        text += "-01-01" if len(text) == 4 else "-01"
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _both(positive: str, negative: str, compare: Compare, *, variables: bool = False) -> dict[str, Operator]:
    return {
        positive.lower(): Operator(compare, variables=variables),
        negative.lower(): Operator(compare, negated=True, variables=variables),
    }


def _ordered(kind: str, made: Callable[[Callable[..., bool]], Compare]) -> dict[str, Operator]:
    found = _both(f"{kind}Equals", f"{kind}NotEquals", made(operator.eq))
    for name, compare in (
        ("LessThan", operator.lt),
        ("LessThanEquals", operator.le),
        ("GreaterThan", operator.gt),
        ("GreaterThanEquals", operator.ge),
    ):
        found[f"{kind}{name}".lower()] = Operator(made(compare))
    return found


OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        **_both("StringEquals", "StringNotEquals", _same, variables=True),
        **_both("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", _same_ignoring_case, variables=True),
        **_both("StringLike", "StringNotLike", _like, variables=True),
        **_both("ArnEquals", "ArnNotEquals", _arn_like, variables=True),
        **_both("ArnLike", "ArnNotLike", _arn_like, variables=True),
        **_both("IpAddress", "NotIpAddress", _within),
        **_ordered("Numeric", _numeric),
        **_ordered("Date", _dated),
        "bool": Operator(_true_or_false, variables=True),
        "binaryequals": Operator(_bytes),
    }
)
"""Every operator but `Null`, by its name in lower case."""
