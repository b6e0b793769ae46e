"""Plans as data, and the histories they make: what holds for every plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from askfirst import Fault, FaultPlan, Scenario, run_trial
from askfirst.harness import documents
from askfirst.harness.faulting.contexts import CannotStrike
from askfirst.harness.faulting.data import Caller, Selector, Trigger
from askfirst.harness.faulting.declaring import SELECTING, Kind
from askfirst.harness.faulting.files import plan_of, plan_text
from askfirst.harness.registry import faults

TABLE = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}

SELECTED = [
    Selector(),
    Selector(service="dynamodb"),
    Selector(service="dynamodb", operation="Create*"),
    Selector(service="dynamodb", operation="ListTables"),
    Selector(service="sqs", operation="*", region="cn-*"),
    Selector(service="s3", resource="reports-of-prod", caller=Caller.ANYONE),
    Selector(service="dynamodb", operation="PutItem", parameters={"TableName": "c*"}),
]
MOMENTS = ["", "30s", "10m", "call dynamodb:*", "change x2", "granted"]

triggers = st.builds(
    lambda counting, after, until, probability, attempts: Trigger(
        **({} if counting is None else {counting[0]: counting[1]}),
        after=after,
        until=until,
        probability=probability,
        attempts=attempts,
    ),
    st.none() | st.tuples(st.sampled_from(["nth", "first", "every"]), st.integers(1, 4)),
    st.sampled_from(MOMENTS),
    st.sampled_from(MOMENTS),
    st.sampled_from([1.0, 1.0, 0.5, 0.125]),
    st.none() | st.integers(1, 3),
)


def planned(kind: Kind[...], number: int, draw: Any) -> Fault:
    """Some fault of a kind, with its usual parameters."""
    fault = kind.planned({})
    selects = kind.given in SELECTING
    select = draw(st.sampled_from(SELECTED)) if selects else None
    if kind.given in {"Asked", "Turn", "ToolCall"}:
        select = Selector()
    moment = draw(st.sampled_from(["10s", "10m", "call dynamodb:*"]))
    trigger = draw(triggers) if selects else Trigger(after=moment if kind.given == "Office" else "")
    return Fault(
        id=f"{kind.name} {number}",
        effect=kind.name,
        site=kind.site,
        phase=draw(st.sampled_from(kind.phases)),
        select=select,
        trigger=trigger,
        parameters=fault.parameters,
        key=draw(st.booleans()),
        kind=kind,
    )


def works_bare(kind: Kind[...]) -> bool:
    """Whether a fault of the kind needs no parameter."""
    from askfirst.harness.faulting.parameters import model_of

    return all(not one.is_required() for one in model_of(kind.function).model_fields.values())


@st.composite
def plans(draw: Any, contexts: frozenset[str] | None = None) -> FaultPlan:
    """Any plan of the catalogue; `contexts` limits what its faults are given."""
    kinds = [one for one in faults().values() if works_bare(one) and (contexts is None or one.given in contexts)]
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=5))
    made = tuple(planned(kind, number, draw) for number, kind in enumerate(chosen))
    return FaultPlan(made, draw(st.sampled_from(["", "A storm: no 1, 'quoted'"])))


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
@settings(max_examples=100, deadline=None)
@given(plan=plans())
def test_plans_go_through_files_unchanged(plan: FaultPlan, suffix: str) -> None:
    """What is written as YAML or JSON reads back as an equal plan, that does the same."""
    again = plan_of(documents.parse(plan_text(plan, suffix), suffix, "plan"), Path())
    assert plan == again
    assert plan.digest() == again.digest()


def busy(brief: Any) -> str:
    """An agent that reads, asks, makes and changes things, and minds no error."""
    session = brief.session
    db, sqs, s3 = (session.client(name) for name in ("dynamodb", "sqs", "s3"))
    queue = "https://sqs.cn-northwest-1.amazonaws.com.cn/1/jobs"
    calls: list[tuple[Any, dict[str, Any]]] = [
        (db.list_tables, {}),
        (db.describe_table, {"TableName": "costs"}),
        (db.create_table, {"TableName": "mine", **TABLE}),
        (db.put_item, {"TableName": "costs", "Item": {"id": {"S": "9"}}}),
        (db.scan, {"TableName": "costs"}),
        (s3.list_objects_v2, {"Bucket": "reports-of-prod"}),
        (s3.put_object, {"Bucket": "reports-of-prod", "Key": "a", "Body": b"1"}),
        (sqs.list_queues, {}),
        (sqs.get_queue_attributes, {"QueueUrl": queue}),
        (db.list_tables, {}),
    ]
    said = [brief.task[-20:]]
    for number, (call, parameters) in enumerate(calls):
        try:
            said.append(str(len(call(**parameters))))
        except (ClientError, BotoCoreError) as error:
            said.append(type(error).__name__)
        if number == 3:
            try:
                said.append(str(brief.request_authorization(["dynamodb:PutItem"], ["costs"]).approved))
            except ConnectionError as error:
                said.append(str(error))
    return " ".join([*said, *(one.text for one in brief.messages)])


CALLS = frozenset({"Struck", "Asked", "Office", "Rights", "Briefing"})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans(CALLS), seed=st.integers(0, 3))
def test_the_same_plan_and_seed_give_the_same_history(small: Scenario, plan: FaultPlan, seed: int) -> None:
    """A trial is a function of scenario, agent, plan and seed: the same bytes."""
    try:
        first = run_trial(small, busy, plan, seed)
    except CannotStrike:
        reject()
    assert first.history.dumps() == run_trial(small, busy, plan, seed).history.dumps()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans(CALLS), seed=st.integers(0, 3))
def test_removing_a_fault_that_never_struck_changes_nothing(small: Scenario, plan: FaultPlan, seed: int) -> None:
    """Every event stays as it was, with its ids and times."""
    try:
        trial = run_trial(small, busy, plan, seed)
    except CannotStrike:
        reject()
    blamed = " ".join(one.because for _, one in trial.history.troubles)
    idle = [one.id for one in trial.faults if not one.fired and not one.key and repr(one.id) not in blamed]
    less = run_trial(small, busy, plan.without(*idle), seed)
    assert trial.history.entries == less.history.entries
