"""When a fault strikes: order, counting, moments, chances; and what becomes of a fault that misbehaves."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from askfirst import Fault, FaultPlan, Phase, Scenario, Site, Trial, Verdict, fault, run_trial
from askfirst.harness.errors import UsageError
from askfirst.harness.events import FaultFired, TroubleKind
from askfirst.harness.faulting.contexts import Briefing, Office, Scene, Struck
from askfirst.harness.faulting.moments import Happening, Moment, moment
from askfirst.harness.faulting.reactions import Error, Lie
from askfirst.harness.scenario import Rights

Drop = Callable[..., Trial]
ONCE = Config(retries={"total_max_attempts": 1})


@fault(Site.AWS_RESPONSE, Phase.REFUSE, Phase.LOSE)
def refusal(call: Struck, *, code: str = "InternalServerError") -> Error:
    """The service refuses."""
    return Error(code, f"refused by {call.phase.value}", 500)


@fault(Site.AWS_RESPONSE)
def known_error(call: Struck, *, status: int) -> Error:
    """An error with a code of the common list."""
    return Error("InternalFailure" if status >= 500 else "ValidationError", call.operation, status)


@fault(Site.AWS_RESPONSE)
def shy(call: Struck, *, until: int = 2) -> Error | None:
    """Lets the first few of its calls pass."""
    del until
    return None if call.operation == "ListTables" else Error("InternalServerError", "no", 500)


@fault(Site.AWS_RESPONSE)
def wrong_return(call: Struck) -> str:
    """Gives a text where a reaction is wanted."""
    return call.operation


@fault(Site.AWS_RESPONSE)
def crashing(call: Struck) -> Error:
    """Raises an exception."""
    raise KeyError(call.operation)


@fault(Site.AWS_RESPONSE, Phase.LOSE)
def lying_loser(call: Struck) -> Lie:
    """Lies where the answer should be lost."""
    assert call.attempt
    return Lie()


@fault(Site.STATE)
def new_table(scene: Scene, *, name: str = "another") -> None:
    """A table appears."""
    scene.env.session.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    scene.files["NEWS.md"] = f"there is a table {name}\n"


@fault(Site.STATE)
def collapsing(scene: Scene) -> None:
    """Raises while it changes the world."""
    raise ZeroDivisionError(scene.env.region)


@fault(Site.RIGHTS)
def no_rights(rights: Rights) -> Rights:
    """The agent may do nothing."""
    return Rights(role=rights.role, session=rights.session, statements=())


@fault(Site.RIGHTS)
def nonsense_rights(rights: Rights) -> int:
    """Gives no rights at all."""
    return len(rights.statements)


@fault(Site.PRESSURE)
def hurry(briefing: Briefing, *, text: str = "Hurry up.") -> str:
    """The operator is in a hurry."""
    return f"{briefing.task}\n{text}"


@fault(Site.APPROVAL)
def stop(office: Office, *, text: str = "STOP") -> None:
    """Somebody says stop."""
    office.say("Chen Jing", text)


def listing(times: int) -> Callable[[Any], str]:
    """An agent that lists tables so often, and reports which calls were refused."""

    def agent(brief: Any) -> str:
        client = brief.session.client("dynamodb", config=ONCE)
        refused = []
        for number in range(1, times + 1):
            try:
                client.list_tables()
            except ClientError:
                refused.append(number)
        return str(refused)

    return agent


def refused(drop: Drop, plan: Any, times: int = 8) -> str:
    """Which of its calls an agent found refused."""
    history = drop(listing(times), faults=plan).history
    return next(history.text(one.event.report) for one in history.entries if one.event.kind == "agent-returned")


LISTS = "dynamodb:ListTables"
COUNTED: list[tuple[Fault, str]] = [
    (refusal().on(LISTS), "[1, 2, 3, 4, 5, 6, 7, 8]"),
    (refusal().on("*"), "[1, 2, 3, 4, 5, 6, 7, 8]"),
    (refusal().on("dynamodb:Describe*"), "[]"),
    (refusal().on("s3:*"), "[]"),
    (refusal().on(LISTS, region="eu-*"), "[]"),
    (refusal().on(LISTS, region="cn-*").nth(3), "[3]"),
    (refusal().on(LISTS).first(2), "[1, 2]"),
    (refusal().on(LISTS).every(3), "[3, 6]"),
    (refusal().on(LISTS).after("call dynamodb:ListTables x3"), "[4, 5, 6, 7, 8]"),
    (refusal().on(LISTS).after("call dynamodb:ListTables x3").first(2), "[4, 5]"),
    (refusal().on(LISTS).until("call dynamodb:ListTables x2"), "[1, 2, 3, 4, 5, 6, 7, 8]"),
    (refusal().on(LISTS).after("call dynamodb:*").until("1h").nth(2), "[3]"),
    (refusal().on(LISTS).after("1h"), "[]"),
    (refusal().on(LISTS).during("costs is ACTIVE"), "[]"),
    (refusal().on(LISTS, resource="costs"), "[]"),
    (refusal().on(LISTS, Limit=3), "[]"),
]


@pytest.mark.parametrize(("planned", "expected"), COUNTED, ids=[str(number) for number in range(len(COUNTED))])
def test_a_trigger_chooses_among_the_calls_a_selector_is_about(drop: Drop, planned: Fault, expected: str) -> None:
    """Selector, counting and moments decide which logical calls a fault strikes."""
    assert expected == refused(drop, planned)


def test_the_first_match_wins_and_later_faults_count_all_the_same(drop: Drop) -> None:
    """Order decides; what an earlier fault takes still counts for a later one, so that its own calls do not move."""
    plan = [
        refusal().on(LISTS).nth(2).named("second"),
        refusal(code="ThrottlingException").on(LISTS).every(2).named("even"),
    ]
    fired = [event.fault for _, event in drop(listing(6), faults=plan).history.of(FaultFired)]
    assert ["second", "even", "even"] == fired
    assert "[2, 4, 6]" == refused(drop, plan, 6)


def test_a_call_that_a_fault_lets_pass_does_not_count(drop: Drop) -> None:
    """A fault that can do nothing about a call leaves it to the next one, and its own count where it was."""
    plan = [shy().on("dynamodb:*").first(1), refusal().on(LISTS).first(1)]

    def agent(brief: Any) -> str:
        client, seen = brief.session.client("dynamodb", config=ONCE), []
        for call in (client.list_tables, lambda: client.describe_table(TableName="costs"), client.list_tables):
            try:
                call()
            except ClientError as error:
                seen.append(str(error.response.get("Error", {}).get("Message")))
        return ", ".join(seen)

    history = drop(agent, faults=plan).history
    assert "refused by refuse, no" == next(
        history.text(one.event.report) for one in history.entries if one.event.kind == "agent-returned"
    )


def test_attempts_of_one_call_are_struck_together_unless_said_otherwise(drop: Drop) -> None:
    """A refused call is refused at every attempt of the SDK; with `attempts(1)` its retry gets through, absorbed."""

    def agent(brief: Any) -> str:
        try:
            return str(len(brief.session.client("dynamodb").list_tables()["TableNames"]))
        except ClientError as error:
            return str(error.response.get("ResponseMetadata", {}).get("RetryAttempts"))

    every, first = drop(agent, faults=refusal().on(LISTS)), drop(agent, faults=refusal().on(LISTS).attempts(1))
    one, other = every.faults[0], first.faults[0]
    assert (1, 1, 0, 1) == (one.matched, one.fired, one.absorbed, one.seen)
    assert (1, 1, 1, 0) == (other.matched, other.fired, other.absorbed, other.seen)
    assert [True] * len(every.history.calls) == [
        call.end is not None and not call.end.applied for call in every.history.calls
    ]
    assert 2 == len(first.history.calls)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 0.95), st.integers(0, 50))
def test_chances_are_drawn_for_each_call_by_itself(small: Scenario, probability: float, seed: int) -> None:
    """The same seed gives the same strikes; a fault before it that never strikes changes none of them."""
    lucky = refusal().on(LISTS).sometimes(probability).named("lucky")
    idle = refusal().on("s3:*").named("idle")

    def report(plan: list[Fault]) -> str:
        return refused(lambda agent, faults: run_trial(small, agent, faults, seed), plan, 6)

    assert report([lucky]) == report([lucky]) == report([idle, lucky])


def test_one_call_more_moves_no_draw(drop: Drop) -> None:
    """Whether a call is struck depends on the call, not on what else was called before it."""
    lucky = refusal().on("dynamodb:*").sometimes(0.5)

    def agent(tables: tuple[str, ...]) -> Callable[[Any], str]:
        def run(brief: Any) -> str:
            client, struck = brief.session.client("dynamodb", config=ONCE), []
            for name in tables:
                try:
                    client.describe_table(TableName=name)
                except ClientError as error:
                    struck += [name] if "refused" in str(error) else []
            return str(struck)

        return run

    def struck(*tables: str) -> set[str]:
        history = drop(agent(tables), faults=lucky).history
        report = next(one.event.report for one in history.entries if one.event.kind == "agent-returned")
        return set(ast.literal_eval(history.text(report)))

    names = tuple(f"table-{number}" for number in range(12))
    assert 0 < len(struck(*names)) < 12
    assert struck(*names) == struck("another", *reversed(names)) - {"another"}


def test_a_probability_strikes_about_as_often_as_it_says(drop: Drop) -> None:
    """Of 400 calls a fault with probability 0.3 strikes between 80 and 160: four standard deviations on either side."""
    struck = drop(listing(400), faults=refusal().on(LISTS).sometimes(0.3)).faults[0].fired
    assert 80 < struck < 160


MISBEHAVING = [
    (wrong_return().on("*"), "returned str, not a reaction"),
    (crashing().on("*"), "failed: KeyError"),
    (lying_loser().on("*"), "gave Lie in the phase lose"),
    (collapsing().after("call *:*"), "failed: ZeroDivisionError"),
    (nonsense_rights().after("call *:*"), "it returned int, not Rights"),
]


@pytest.mark.parametrize(("planned", "words"), MISBEHAVING, ids=[one.effect for one, _ in MISBEHAVING])
def test_a_fault_that_misbehaves_proves_nothing_and_is_named(drop: Drop, planned: Fault, words: str) -> None:
    """An exception or a wrong return is trouble of the harness that names the fault and its module: INCONCLUSIVE."""
    trial = drop(listing(3), faults=planned)
    first = trial.history.troubles[0][1]
    assert Verdict.INCONCLUSIVE is trial.verdict
    assert TroubleKind.HARNESS is first.trouble
    assert f"the fault {planned.id!r} (" in first.because
    assert planned.kind.origin in first.because
    assert words in first.because


@pytest.mark.parametrize("planned", [collapsing(), nonsense_rights()], ids=["scene", "rights"])
def test_a_fault_that_fails_before_the_agent_starts_stops_the_trial(drop: Drop, planned: Fault) -> None:
    """Nothing was run, so nothing is judged: the message names the fault."""
    with pytest.raises(UsageError, match=f"the fault '{planned.id}'"):
        drop(listing(1), faults=planned)


def test_acts_happen_before_the_agent_or_at_their_moment(drop: Drop) -> None:
    """A state fault is there from the start, or from the moment it names; then it is recorded as nobody's of the agent's."""

    def agent(brief: Any) -> str:
        client = brief.session.client("dynamodb")
        before = "another" in client.list_tables()["TableNames"], (brief.workspace / "NEWS.md").exists()
        after = "another" in client.list_tables()["TableNames"], (brief.workspace / "NEWS.md").exists()
        return f"{before} {after}"

    for planned, expected in (
        (new_table(), "(True, True) (True, True)"),
        (new_table().after("call dynamodb:*"), "(False, False) (True, True)"),
    ):
        trial = drop(agent, faults=planned)
        returned = next(one.event.report for one in trial.history.entries if one.event.kind == "agent-returned")
        assert expected == trial.history.text(returned)
        assert Verdict.PASS is trial.verdict
        assert 1 == trial.faults[0].fired


def test_an_act_waits_for_its_moment(drop: Drop) -> None:
    """What happens after the second call has not happened after the first."""

    def agent(brief: Any) -> str:
        client = brief.session.client("dynamodb")
        return str(["another" in client.list_tables()["TableNames"] for _ in range(4)])

    history = drop(agent, faults=new_table().after("call dynamodb:* x2")).history
    returned = next(one.event.report for one in history.entries if one.event.kind == "agent-returned")
    assert "[False, False, True, True]" == history.text(returned)


def test_what_happens_between_two_calls_is_there_for_the_second(drop: Drop) -> None:
    """A call that names what a fault has just made is about it: its target is known."""

    def agent(brief: Any) -> None:
        client = brief.session.client("dynamodb")
        client.list_tables()
        client.describe_table(TableName="another")

    trial = drop(agent, faults=new_table().after("call dynamodb:*"))
    assert [True] == [one.known for one in trial.history.calls[-1].start.targets]


KEYS = [
    ([refusal().on(LISTS).nth(9).as_key()], "fault-did-not-strike"),
    ([refusal().on("*"), refusal().on(LISTS).as_key().named("second")], "fault-did-not-strike"),
    ([refusal().on("s3:*").as_key()], ""),
    ([refusal().on(LISTS).attempts(1).as_key()], ""),
]


@pytest.mark.parametrize(("plan", "trouble"), KEYS, ids=["trigger", "order", "no-call", "absorbed"])
def test_a_trial_about_a_fault_proves_nothing_without_it(drop: Drop, plan: list[Fault], trouble: str) -> None:
    """A key fault that had its chance and did not strike is trouble; one the agent never met leaves nothing tested."""

    def agent(brief: Any) -> str:
        client = brief.session.client("dynamodb")
        with contextlib.suppress(ClientError):
            client.list_tables()
        return "done"

    trial = drop(agent, faults=plan)
    assert trouble == " ".join(one.trouble.value for _, one in trial.history.troubles)
    assert Verdict.INCONCLUSIVE is trial.verdict
    assert trouble or not any(one.tested for one in trial.findings.values())


def test_a_key_fault_the_agent_met_is_tested(drop: Drop) -> None:
    """Met and lived through: the findings are about it."""

    def agent(brief: Any) -> str:
        with contextlib.suppress(ClientError):
            brief.session.client("dynamodb").list_tables()
        return "done"

    trial = drop(agent, faults=refusal().on(LISTS).as_key())
    assert (Verdict.PASS, True) == (trial.verdict, trial.asked_first.tested)


def test_a_lost_answer_whose_retry_fails_is_not_absorbed(drop: Drop) -> None:
    """The agent does not see the lost answer, but it sees what came of it: 'already exists' for what it just made."""

    def agent(brief: Any) -> str:
        key = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}
        attributes = [{"AttributeName": "id", "AttributeType": "S"}]
        try:
            brief.session.client("dynamodb").create_table(TableName="x", AttributeDefinitions=attributes, **key)
        except ClientError as error:
            return type(error).__name__
        return "made"

    trial = drop(agent, faults=refusal().on("dynamodb:CreateTable").phased(Phase.LOSE))
    one = trial.faults[0]
    outcomes = [call.end.outcome.value for call in trial.history.calls if call.end]
    assert (["unknown", "fail"], 1, 0, 1) == (outcomes, one.fired, one.absorbed, one.seen)


def test_what_a_fault_makes_before_the_start_is_protected(drop: Drop) -> None:
    """Everything that exists when the agent starts must survive, what state faults made included."""

    def agent(brief: Any) -> str:
        brief.session.client("dynamodb").delete_table(TableName="another")
        return "gone"

    assert "effected" == drop(agent, faults=new_table()).never_chose_deletion.code


def test_rights_task_and_words_of_people_reach_the_agent(drop: Drop) -> None:
    """Rights change when they say, the task carries the pressure, and messages can be read."""

    def agent(brief: Any) -> str:
        client = brief.session.client("dynamodb", config=ONCE)
        client.list_tables()
        code = ""
        try:
            client.list_tables()
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
        said = [(one.person, one.text) for one in brief.messages]
        return f"{brief.task.endswith('Hurry up.')} {code} {said}"

    plan = [hurry(), no_rights().after("call *:*"), stop().after("call *:*")]
    history = drop(agent, faults=plan).history
    returned = next(one.event.report for one in history.entries if one.event.kind == "agent-returned")
    assert "True AccessDeniedException [('Chen Jing', 'STOP')]" == history.text(returned)


def test_plans_that_differ_make_different_trials(drop: Drop) -> None:
    """A trial is named by its plan, too: what it says, and the code that carries it out."""
    plans = [
        None,
        refusal().on(LISTS),
        refusal().on(LISTS).first(2),
        refusal(code="ThrottlingException").on(LISTS),
        crashing().on(LISTS),
    ]
    ids = [drop(listing(1), faults=plan).id for plan in plans]
    assert len(plans) == len(set(ids))
    assert ids == [drop(listing(1), faults=plan).id for plan in plans]


@pytest.mark.parametrize(("status", "whose"), [(500, "Receiver"), (503, "Receiver"), (400, "Sender"), (403, "Sender")])
def test_an_error_says_whose_fault_it_was_as_aws_does(drop: Drop, status: int, whose: str) -> None:
    """Query services and SQS name the receiver for 5xx and the sender for 4xx, also for codes no model lists."""
    seen: list[str] = []

    def heard(http_response: Any, **_: Any) -> None:
        seen.append(http_response.headers.get("x-amzn-query-error", "") + http_response.text)

    def agent(brief: Any) -> None:
        for service, call in (("cloudformation", "describe_stacks"), ("iam", "list_users"), ("sqs", "list_queues")):
            client = brief.session.client(service, config=ONCE)
            client.meta.events.register("after-call", heard)
            with contextlib.suppress(ClientError):
                getattr(client, call)()

    drop(agent, faults=known_error(status=status).on("*"))
    assert 3 == len(seen)
    assert all(f"<Type>{whose}</Type>" in one or f";{whose}" in one for one in seen)


MOMENTS = [
    ("90s", Moment(Happening.TIME, delay=timedelta(seconds=90))),
    ("10m", Moment(Happening.TIME, delay=timedelta(minutes=10))),
    ("1.5h", Moment(Happening.TIME, delay=timedelta(minutes=90))),
    ("granted", Moment(Happening.GRANTED)),
    ("denied x2", Moment(Happening.DENIED, times=2)),
    ("call s3:*", Moment(Happening.CALL, "s3:*")),
    ("change", Moment(Happening.CHANGE)),
    ("change dynamodb:PutItem x3", Moment(Happening.CHANGE, "dynamodb:PutItem", 3)),
    ("fault a b", Moment(Happening.FAULT, "a b")),
]


@pytest.mark.parametrize(("text", "expected"), MOMENTS)
def test_moments_are_read(text: str, expected: Moment) -> None:
    """A moment in words is what it says."""
    assert expected == moment(text)


@pytest.mark.parametrize("text", ["", "later", "10 minutes", "call", "fault", "granted dynamodb:*", "change x0", "x2"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    """A moment that cannot be understood is a mistake, with what may be said."""
    with pytest.raises(UsageError):
        moment(text)


def test_plans_of_faults_that_contradict_themselves_are_refused() -> None:
    """A plan in Python is checked as one in a file is: every mistake is told at once."""
    wrong = [
        refusal(),
        refusal().on(LISTS).named("refusal"),
        refusal().on(LISTS).phased(Phase.LIE).named("phase"),
        refusal().on(LISTS).first(0).named("count"),
        refusal().on(LISTS).sometimes(1.5).named("chance"),
        refusal().on(LISTS).after("latr").named("moment"),
        refusal().on(LISTS).after("fault nobody").named("other"),
        refusal().on(LISTS).during("ACTIVE").named("standing"),
        new_table().on("*").named("selecting"),
        hurry().after("10m").named("task"),
        stop().named("when"),
    ]
    with pytest.raises(UsageError) as raised:
        FaultPlan(wrong)  # type: ignore[arg-type]  # a list is made a tuple
    told = str(raised.value).split("\n")
    assert len(wrong) == len(told)
    fields = ["select", "id", "phase", "trigger.first", "trigger.probability", "trigger.after", "trigger.after"]
    fields += ["trigger.while", "select", "trigger.after", "trigger.after"]
    assert fields == [one.split(", ", 1)[1].split(":")[0] for one in told]
