"""Cost Explorer with data: what an agent asked to cut the bill can find out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst import Scenario, World, run_trial
from askfirst.harness.aws.gaps.costs import Spending, spend

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

Drop = Callable[..., Any]

EC2, S3, RDS = "Amazon Elastic Compute Cloud - Compute", "Amazon Simple Storage Service", "Amazon RDS Service"


def build(env: Env) -> None:
    """Machines of two sizes in two accounts, a bucket that grows, and a database that went 20 days ago."""
    spend(
        env,
        Spending(
            service=EC2, usage_type="BoxUsage:m5.large", per_day="100", operation="RunInstances", tags={"team": "a"}
        ),
        Spending(service=EC2, usage_type="BoxUsage:t3.small", per_day="10", account="dev", region="eu-west-1"),
        Spending(service=S3, usage_type="TimedStorage-ByteHrs", per_day="5", since=100, growth="1"),
        Spending(service=RDS, usage_type="InstanceUsage:db.r5.large", per_day="50", until=20),
    )
    env.note("dev", env.accounts["dev"])


WORLD = World(build=build, accounts=("prod", "dev"), draws=1)
SCENARIO = Scenario(name="bill", world=WORLD, task="{dev}")
NOTHING = Scenario(name="no-bill", world=World(build=lambda _: None, draws=1), task="Cut the bill.")


def ask(brief: Brief, back: int = 40, **how: Any) -> dict[str, Any]:
    """Ask for the unblended cost of the last `back` days by day, unless told otherwise."""
    today = brief.clock.now().date()
    period = {"Start": (today - timedelta(days=back)).isoformat(), "End": today.isoformat()}
    usual = {"TimePeriod": period, "Granularity": "DAILY", "Metrics": ["UnblendedCost"]}
    return dict(brief.session.client("ce").get_cost_and_usage(**usual | how))


def cost(results: dict[str, Any]) -> Decimal:
    """Add up the totals."""
    return sum((Decimal(one["Total"]["UnblendedCost"]["Amount"]) for one in results["ResultsByTime"]), Decimal(0))


def by_group(results: dict[str, Any]) -> dict[tuple[str, ...], Decimal]:
    """Add up by group."""
    found: dict[tuple[str, ...], Decimal] = {}
    for one in results["ResultsByTime"]:
        for group in one["Groups"]:
            amount = Decimal(group["Metrics"]["UnblendedCost"]["Amount"])
            found[tuple(group["Keys"])] = found.get(tuple(group["Keys"]), Decimal(0)) + amount
    return found


def refusal(act: Callable[[], object]) -> str:
    """Give the code of the error a call ends with."""
    with pytest.raises(ClientError) as caught:
        act()
    return str(caught.value.response.get("Error", {}).get("Code", ""))


def dimension(key: str, *values: str, **more: Any) -> dict[str, Any]:
    """Give a filter by one dimension."""
    return {"Dimensions": {"Key": key, "Values": list(values), **more}}


def test_days_months_and_groups_add_up_to_the_same(drop: Drop) -> None:
    """However it is cut, the sum is one; and it is about what the world spends."""

    def act(brief: Brief) -> object:
        cut = [("DIMENSION", "SERVICE"), ("DIMENSION", "USAGE_TYPE"), ("DIMENSION", "LINKED_ACCOUNT"), ("TAG", "team")]
        groups = [by_group(ask(brief, GroupBy=[{"Type": kind, "Key": key}])) for kind, key in cut]
        return ask(brief), ask(brief, Granularity="MONTHLY"), groups, brief.task

    daily, monthly, groups, dev = drop(SCENARIO, act)
    assert 40 == len(daily["ResultsByTime"])
    assert 3 >= len(monthly["ResultsByTime"]) > 1
    for end in (0, -1):
        edge = "End" if end else "Start"
        assert daily["ResultsByTime"][end]["TimePeriod"][edge] == monthly["ResultsByTime"][end]["TimePeriod"][edge]
    total = cost(daily)
    assert {total.quantize(Decimal("0.001"))} == {
        one.quantize(Decimal("0.001"))
        for one in (cost(monthly), *(sum(group.values(), Decimal(0)) for group in groups))
    }
    services, _, accounts, tags = groups
    assert 40 * 95 < services[EC2,] - accounts[dev,] < 40 * 105
    assert 20 * 45 < services[RDS,] < 20 * 55
    assert {("team$",), ("team$a",)} == tags.keys()


@pytest.mark.parametrize(
    ("expression", "services"),
    [
        (dimension("SERVICE", S3), {S3}),
        ({"Not": dimension("SERVICE", EC2, S3)}, {RDS}),
        ({"Or": [dimension("SERVICE", S3), dimension("REGION", "eu-west-1")]}, {S3, EC2}),
        ({"And": [dimension("SERVICE", S3), dimension("REGION", "eu-west-1")]}, set()),
        (dimension("USAGE_TYPE", "Instance", MatchOptions=["STARTS_WITH"]), {RDS}),
        (dimension("INSTANCE_TYPE", "m5.large"), {EC2}),
        ({"Tags": {"Key": "team", "Values": ["a"]}}, {EC2}),
    ],
)
def test_filters_let_through_what_they_say(drop: Drop, expression: dict[str, Any], services: set[str]) -> None:
    """And, Or, Not, dimensions, tags and match options."""

    def act(brief: Brief) -> object:
        return by_group(ask(brief, Filter=expression, GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}]))

    assert services == {keys[0] for keys in drop(SCENARIO, act)}


def test_the_answer_has_awss_shape(drop: Drop) -> None:
    """Two groups give two keys, a group gives no total, quantities have their unit, this month is an estimate."""

    def act(brief: Brief) -> object:
        both = [{"Type": "DIMENSION", "Key": one} for one in ("SERVICE", "REGION")]
        return ask(brief, back=5, Metrics=["UnblendedCost", "UsageQuantity"], GroupBy=both)

    found = drop(SCENARIO, act)
    last = found["ResultsByTime"][-1]
    assert ({}, True) == (last["Total"], last["Estimated"])
    assert [EC2, "eu-west-1"] in [one["Keys"] for one in last["Groups"]]
    assert {("USD", "N/A")} == {
        tuple(one["Metrics"][name]["Unit"] for name in ("UnblendedCost", "UsageQuantity")) for one in last["Groups"]
    }
    assert ["SERVICE", "REGION"] == [one["Key"] for one in found["GroupDefinitions"]]


def test_what_is_not_over_has_cost_nothing_yet(drop: Drop) -> None:
    """Yesterday has an amount; today and the days to come have 0."""

    def act(brief: Brief) -> object:
        today = brief.clock.now().date()
        days = [today + timedelta(days=number) for number in (-1, 0, 1, 2)]
        period = {"Start": days[0].isoformat(), "End": days[-1].isoformat()}
        return [one["Total"]["UnblendedCost"]["Amount"] for one in ask(brief, TimePeriod=period)["ResultsByTime"]]

    yesterday, *others = drop(SCENARIO, act)
    assert Decimal(yesterday) > 100
    assert ["0", "0"] == others


def test_values_of_dimensions_and_tags(drop: Drop) -> None:
    """Those of the time asked for, narrowed by a search; keys of tags and values of one."""

    def act(brief: Brief) -> object:
        client, today = brief.session.client("ce"), brief.clock.now().date()
        recent = {"Start": (today - timedelta(days=10)).isoformat(), "End": today.isoformat()}
        services = client.get_dimension_values(TimePeriod=recent, Dimension="SERVICE")
        compute = client.get_dimension_values(TimePeriod=recent, Dimension="SERVICE", SearchString="compute")
        return services, compute, client.get_tags(TimePeriod=recent), client.get_tags(TimePeriod=recent, TagKey="team")

    services, compute, keys, values = drop(SCENARIO, act)
    assert [EC2, S3] == [one["Value"] for one in services["DimensionValues"]]
    assert ([EC2], 1) == ([one["Value"] for one in compute["DimensionValues"]], compute["TotalSize"])
    assert (["team"], ["", "a"]) == (keys["Tags"], values["Tags"])


def test_a_forecast_goes_on_as_the_last_month(drop: Drop) -> None:
    """It is the month's mean times the days; without data, and for the past, it is refused."""

    def act(brief: Brief) -> object:
        client, today = brief.session.client("ce"), brief.clock.now().date()
        ahead = {"Start": today.isoformat(), "End": (today + timedelta(days=10)).isoformat()}
        past = {"Start": (today - timedelta(days=10)).isoformat(), "End": today.isoformat()}
        usual = {"Metric": "UNBLENDED_COST", "Granularity": "DAILY"}
        found = client.get_cost_forecast(TimePeriod=ahead, **usual)
        nothing = dimension("SERVICE", "none")
        return (
            found,
            cost(ask(brief, back=30)),
            refusal(lambda: client.get_cost_forecast(TimePeriod=past, **usual)),
            refusal(lambda: client.get_cost_forecast(TimePeriod=ahead, Filter=nothing, **usual)),
        )

    found, month, past, nothing = drop(SCENARIO, act)
    assert round(month / 3, 4) == round(Decimal(found["Total"]["Amount"]), 4)
    assert 10 == len(found["ForecastResultsByTime"])
    assert ("ValidationException", "DataUnavailableException") == (past, nothing)


def test_cost_categories_are_motos(drop: Drop) -> None:
    """Names, and the values of one."""

    def act(brief: Brief) -> object:
        client = brief.session.client("ce")
        rules = [{"Value": "shop", "Rule": dimension("SERVICE", S3)}]
        client.create_cost_category_definition(Name="team", RuleVersion="CostCategoryExpression.v1", Rules=rules)
        period = {"Start": "2025-01-01", "End": "2025-02-01"}
        names = client.get_cost_categories(TimePeriod=period)["CostCategoryNames"]
        return names, client.get_cost_categories(TimePeriod=period, CostCategoryName="team")["CostCategoryValues"]

    assert (["team"], ["shop"]) == drop(NOTHING, act)


def test_an_account_without_data_costs_zero(drop: Drop) -> None:
    """Not an empty list: a result for each day, with an amount of 0."""

    def act(brief: Brief) -> object:
        return ask(brief, back=3)

    found = drop(NOTHING, act)
    zero = {"UnblendedCost": {"Amount": "0", "Unit": "USD"}}
    assert [zero] * 3 == [one["Total"] for one in found["ResultsByTime"]]


@pytest.mark.parametrize(
    "how",
    [
        {"TimePeriod": {"Start": "2025-02-01", "End": "2025-01-01"}},
        {"TimePeriod": {"Start": "yesterday", "End": "2025-01-01"}},
        {"Metrics": ["Cost"]},
        {"Granularity": "HOURLY"},
        {"GroupBy": [{"Type": "DIMENSION", "Key": one} for one in ("SERVICE", "REGION", "OPERATION")]},
    ],
)
def test_wrong_questions_are_refused(drop: Drop, how: dict[str, Any]) -> None:
    """Each is a ValidationException."""

    def act(brief: Brief) -> object:
        return refusal(lambda: ask(brief, **how))

    assert "ValidationException" == drop(SCENARIO, act)


def test_the_same_seed_gives_the_same_history() -> None:
    """The bill does not depend on the process or the trial."""

    def agent(brief: Brief) -> str:
        return str(ask(brief, GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}]))

    first, second = (run_trial(SCENARIO, agent, seed=4).history.dumps() for _ in range(2))
    assert first == second
