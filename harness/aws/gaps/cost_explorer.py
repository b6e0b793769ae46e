"""Cost Explorer: costs, forecasts, and the values of dimensions, tags and categories.

moto answers `GetCostAndUsage` with nothing at all and lacks the rest. An account without data costs zero here, in AWS's
shape. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html, and the page of each
other operation. Costs by the hour and by resource are not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.base import Guard, Implementation, Refused, Situation, refusal
from askfirst.harness.aws.gaps.costs import Spending, days, fits, spending

if TYPE_CHECKING:
    from pydantic import JsonValue

COSTS = {"AmortizedCost", "BlendedCost", "NetAmortizedCost", "NetUnblendedCost", "UnblendedCost"}
QUANTITIES = {"UsageQuantity", "NormalizedUsageAmount"}
FORECASTS = {
    "AMORTIZED_COST",
    "BLENDED_COST",
    "NET_AMORTIZED_COST",
    "NET_UNBLENDED_COST",
    "UNBLENDED_COST",
}
LEARNED_FROM = 30
"""Days before today whose mean is the forecast."""


def get_cost_and_usage(situation: Situation) -> Mapping[str, JsonValue]:
    """Give what was spent in a time, by day or month, in total or by up to two groups."""
    start, end = _period(situation)
    groups = situation.many("GroupBy")
    metrics = situation.texts("Metrics")
    if not metrics or not set(metrics) <= COSTS | QUANTITIES:
        msg = f"Invalid metrics: {', '.join(metrics)}"
        raise _invalid(msg)
    if len(groups) > 2:
        msg = "GroupBy can have at most 2 group definitions"
        raise _invalid(msg)
    lines = _lines(situation)
    results: list[JsonValue] = []
    for first, last in _spans(start, end, _granularity(situation)):
        said: dict[str, JsonValue] = {
            "TimePeriod": {"Start": first.isoformat(), "End": last.isoformat()},
            "Total": {} if groups else _metrics(situation, _sum(situation, lines, first, last), metrics),
            "Groups": _groups(situation, lines, (first, last)) if groups else [],
            "Estimated": last > situation.now.date().replace(day=1),
        }
        results.append(said)
    attributes: list[JsonValue] = []
    said_groups: dict[str, JsonValue] = {"GroupDefinitions": [dict(one) for one in groups]} if groups else {}
    return {"ResultsByTime": results, "DimensionValueAttributes": attributes} | said_groups


def _groups(situation: Situation, lines: list[Spending], span: tuple[date, date]) -> list[JsonValue]:
    keyed: dict[tuple[str, ...], list[Spending]] = {}
    for line in lines:
        keyed.setdefault(tuple(_key(line, one) for one in situation.many("GroupBy")), []).append(line)
    found: list[JsonValue] = []
    for keys, members in sorted(keyed.items()):
        cost, quantity = _sum(situation, members, *span)
        if cost or quantity:
            metrics = _metrics(situation, (cost, quantity), situation.texts("Metrics"))
            found.append({"Keys": list(keys), "Metrics": metrics})
    return found


def _key(line: Spending, group: Mapping[str, JsonValue]) -> str:
    key = str(group.get("Key", ""))
    if group.get("Type") == "TAG":
        return f"{key}${line.tags.get(key, '')}"
    return f"{key}$" if group.get("Type") == "COST_CATEGORY" else line.dimension(key)


def get_cost_forecast(situation: Situation) -> Mapping[str, JsonValue]:
    """Give what will be spent, as the mean of the last month says."""
    start, end = _period(situation)
    today = situation.now.date()
    if start < today:
        msg = "Start date must be equal to or later than the current date."
        raise _invalid(msg)
    if situation.text("Metric") not in FORECASTS:
        msg = f"Invalid metric: {situation.text('Metric')}"
        raise _invalid(msg)
    cost, _ = _sum(situation, _lines(situation), today - timedelta(days=LEARNED_FROM), today)
    if not cost:
        msg = "Insufficient amount of historical data to generate forecast"
        raise refusal(msg, "DataUnavailableException")
    mean, wide = cost / LEARNED_FROM, Decimal(situation.number("PredictionIntervalLevel", 80)) / 1000
    results: list[JsonValue] = []
    for first, last in _spans(start, end, _granularity(situation)):
        amount = mean * (last - first).days
        results.append(
            {
                "TimePeriod": {"Start": first.isoformat(), "End": last.isoformat()},
                "MeanValue": _written(amount),
                "PredictionIntervalLowerBound": _written(amount * (1 - wide)),
                "PredictionIntervalUpperBound": _written(amount * (1 + wide)),
            }
        )
    total: dict[str, JsonValue] = {"Amount": _written(mean * (end - start).days), "Unit": _currency(situation)}
    return {"Total": total, "ForecastResultsByTime": results}


def get_dimension_values(situation: Situation) -> Mapping[str, JsonValue]:
    """Give the values a dimension has in a time."""
    name = situation.text("Dimension")
    values = {line.dimension(name) for line in _spent(situation)}
    found = [one for one in sorted(values) if situation.text("SearchString").lower() in one.lower()]
    said: list[JsonValue] = [{"Value": one, "Attributes": {}} for one in found]
    return {"DimensionValues": said, "ReturnSize": len(said), "TotalSize": len(said)}


def get_tags(situation: Situation) -> Mapping[str, JsonValue]:
    """Give the keys of tags, or the values of one key."""
    key = situation.text("TagKey")
    lines = _spent(situation)
    values = {line.tags.get(key, "") for line in lines} if key else {one for line in lines for one in line.tags}
    found = [one for one in sorted(values) if situation.text("SearchString") in one]
    return {"Tags": list(found), "ReturnSize": len(found), "TotalSize": len(found)}


def get_cost_categories(situation: Situation) -> Mapping[str, JsonValue]:
    """Give the names of cost categories, or the values of one."""
    _period(situation)
    kept = situation.backend("ce").cost_categories.values()
    name = situation.text("CostCategoryName")
    if not name:
        names = sorted(str(one.name) for one in kept if situation.text("SearchString") in one.name)
        return {"CostCategoryNames": list(names), "ReturnSize": len(names), "TotalSize": len(names)}
    values = sorted({str(rule["Value"]) for one in kept if one.name == name for rule in one.rules if "Value" in rule})
    return {"CostCategoryValues": list(values), "ReturnSize": len(values), "TotalSize": len(values)}


def _lines(situation: Situation) -> list[Spending]:
    expression: Mapping[str, Any] = situation.one("Filter")
    return [line for line in spending(situation) if fits(line, expression)]


def _spent(situation: Situation) -> list[Spending]:
    """Give the lines that cost something in the time asked for."""
    start, end = _period(situation)
    return [line for line in _lines(situation) if any(_sum(situation, [line], start, end))]


def _sum(situation: Situation, lines: list[Spending], start: date, end: date) -> tuple[Decimal, Decimal]:
    """Give cost and quantity of lines in a time; what is not over yet costs nothing so far."""
    over = min(end, situation.now.date())
    amounts = [line.on(day) for day in days(start, over) for line in lines]
    return sum((one for one, _ in amounts), Decimal(0)), sum((one for _, one in amounts), Decimal(0))


def _metrics(situation: Situation, amounts: tuple[Decimal, Decimal], metrics: tuple[str, ...]) -> dict[str, JsonValue]:
    cost, quantity = amounts
    said: dict[str, JsonValue] = {}
    for metric in metrics:
        if metric in COSTS:
            said[metric] = {"Amount": _written(cost), "Unit": _currency(situation)}
        else:
            said[metric] = {"Amount": _written(quantity), "Unit": "N/A"}
    return said


def _written(amount: Decimal) -> str:
    return f"{amount:.10f}".rstrip("0").rstrip(".") or "0"


def _currency(situation: Situation) -> str:
    return "CNY" if situation.partition == "aws-cn" else "USD"


def _granularity(situation: Situation) -> str:
    found = situation.text("Granularity")
    if found not in {"DAILY", "MONTHLY"}:
        msg = f"Granularity {found or 'null'} is not available"
        raise _invalid(msg)
    return found


def _period(situation: Situation) -> tuple[date, date]:
    period = situation.one("TimePeriod")
    try:
        start, end = (date.fromisoformat(str(period.get(one, ""))[:10]) for one in ("Start", "End"))
    except ValueError:
        msg = "Start time and end time must be dates of the form yyyy-MM-dd"
        raise _invalid(msg) from None
    if start >= end:
        msg = "Start date (and hour) should be before end date (and hour)"
        raise _invalid(msg)
    return start, end


def _spans(start: date, end: date, granularity: str) -> Iterator[tuple[date, date]]:
    """Go through the days or months of a time; the first and last month may be a part of one."""
    while start < end:
        following = start + timedelta(days=1)
        if granularity == "MONTHLY":
            following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield start, min(following, end)
        start = following


def _invalid(message: str) -> Refused:
    return refusal(message, "ValidationException")


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    ("ce", "GetCostAndUsage"): get_cost_and_usage,
    ("ce", "GetCostForecast"): get_cost_forecast,
    ("ce", "GetDimensionValues"): get_dimension_values,
    ("ce", "GetTags"): get_tags,
    ("ce", "GetCostCategories"): get_cost_categories,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
