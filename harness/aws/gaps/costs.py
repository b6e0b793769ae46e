"""Cost Explorer's data: what a world's account spends, kept on moto's backend as rates per day.

moto knows no costs. A builder says them with `spend`; the cost of a day is the rate, a few per cent more or less by hash.
Amounts of today and of days to come are not known, as Cost Explorer shows a day once it is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws import draw

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.aws.gaps.base import Situation

SWING = 8
"""Per cent between a cheap and a dear day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """One line of a bill: what it costs a day, from `since` days ago to `until` days ago (0: it goes on).

    `service` and `usage_type` are Cost Explorer's words ('Amazon Elastic Compute Cloud - Compute', 'BoxUsage:m5.large');
    `per_day` is text, so that it is exact. `growth` is how many per cent more each further day costs.
    """

    service: str
    usage_type: str
    per_day: str
    operation: str = ""
    region: str = ""
    account: str = ""
    since: int = 365
    until: int = 0
    growth: str = "0"
    quantity: str = "24"
    tags: Mapping[str, str] = field(default_factory=dict)
    today: date | None = None
    """The day from which the others are counted; `spend` fills it in, and account and region where they are ''."""

    def on(self, day: date) -> tuple[Decimal, Decimal]:
        """Give cost and quantity of a day, 0 on a day on which there was none."""
        if self.today is None:
            return Decimal(0), Decimal(0)
        age = (self.today - day).days
        if age > self.since or (self.until and age < self.until):
            return Decimal(0), Decimal(0)
        swing = draw.number(self.service, self.usage_type, self.account, self.region, day.isoformat()) % (SWING * 100)
        factor = 1 + (Decimal(swing) / 100 - Decimal(SWING) / 2) / 100
        grown = 1 + Decimal(self.growth) / 100 * (self.since - age)
        return Decimal(self.per_day) * factor * grown, Decimal(self.quantity) * grown

    def dimension(self, name: str) -> str:
        """Give its value of a dimension, AWS's word for 'none' where it has none."""
        _, _, instance = self.usage_type.partition("Usage:")
        known = {
            "SERVICE": self.service,
            "USAGE_TYPE": self.usage_type,
            "OPERATION": self.operation,
            "REGION": self.region,
            "LINKED_ACCOUNT": self.account,
            "RECORD_TYPE": "Usage",
            "INSTANCE_TYPE": instance,
            "PURCHASE_TYPE": "On Demand Instances" if instance else "",
        }
        return known.get(name, "") or "No" + "".join(one.capitalize() for one in name.split("_"))


def spend(env: Env, *lines: Spending) -> None:
    """Let the home account's bill have these lines; `account` is an account's name."""
    kept: list[Spending] = vars(env.backend("ce")).setdefault("spending", [])
    kept += [
        replace(
            line,
            account=env.accounts[line.account or env.account],
            region=line.region or env.region,
            today=env.now.date(),
        )
        for line in lines
    ]


def spending(situation: Situation) -> list[Spending]:
    """Give the lines of the account's bill."""
    found: list[Spending] = getattr(situation.backend("ce"), "spending", [])
    return found


def days(start: date, end: date) -> Iterator[date]:
    """Go through the days from `start` to before `end`."""
    for number in range((end - start).days):
        yield start + timedelta(days=number)


def fits(line: Spending, expression: Mapping[str, Any]) -> bool:
    """Tell whether a line is one that a filter lets through."""
    found = []
    for operator, inner in expression.items():
        if operator == "And":
            found.append(all(fits(line, one) for one in inner))
        elif operator == "Or":
            found.append(any(fits(line, one) for one in inner))
        elif operator == "Not":
            found.append(not fits(line, inner))
        elif operator == "Dimensions":
            found.append(_matches(line.dimension(inner["Key"]), inner))
        elif operator == "Tags":
            found.append(_matches(line.tags.get(inner.get("Key", ""), ""), inner))
        elif operator == "CostCategories":
            found.append("ABSENT" in inner.get("MatchOptions", ()))
    return all(found)


def _matches(value: str, wanted: Mapping[str, Any]) -> bool:
    options: list[str] = list(wanted.get("MatchOptions") or [])
    values = [str(one) for one in wanted.get("Values") or ()]
    if "ABSENT" in options:
        return not value
    if "CASE_INSENSITIVE" in options:
        value, values = value.lower(), [one.lower() for one in values]
    if "STARTS_WITH" in options:
        return value.startswith(tuple(values))
    if "ENDS_WITH" in options:
        return value.endswith(tuple(values))
    if "CONTAINS" in options:
        return any(one in value for one in values)
    return value in values
