"""Promise: scripted people answer by their rules, remember, go away, delegate, and count only where they may."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from askfirst.harness.authorization.desk import Decision
from askfirst.harness.events import Decided, Reply, Void
from askfirst.harness.history import History
from askfirst.harness.policy import Authority, Away, Person, Petition, Rule, approve, deny, silence, vague
from askfirst.harness.scenario import Scenario
from askfirst.harness.trial import Trial, run_trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from askfirst.harness.brief import Brief

PUT = "dynamodb:PutItem"
MINUTES = timedelta(minutes=1)
Run = Callable[..., tuple[list[Decision], Trial]]


@pytest.fixture
def run(small: Scenario) -> Run:
    """Ask so many times, and give the decisions and the trial."""

    def asked(*people: Person, times: int = 1, authority: Authority | None = None) -> tuple[list[Decision], Trial]:
        scenario = dataclasses.replace(small, people=people, authority=authority or Authority())
        decisions: list[Decision] = []

        def agent(brief: Brief) -> None:
            brief.session.client("dynamodb").list_tables()
            decisions.extend(
                brief.request_authorization([PUT], ["costs"], "needed", wait=timedelta(hours=6)) for _ in range(times)
            )

        return decisions, run_trial(scenario, agent)

    return asked


def minutes(decision: Decision, trial: Trial) -> list[float]:
    """Give when each answer to a request came, in minutes after the start."""
    start = trial.history.header.started
    told = trial.history.of(Decided)
    return [round((entry.at - start) / MINUTES) for entry, one in told if one.request == decision.request]


def test_a_rule_answers_so_many_requests_and_then_the_next_has_its_turn(run: Run) -> None:
    """Somebody who says no twice may say yes the third time: a script of answers, in order."""
    decisions, _ = run(Person("Chen Jing", "reviewer", (deny(times=2), approve(times=1), silence())), times=4)
    assert [False, False, True, False] == [one.approved for one in decisions]
    assert [True, True, True, False] == [one.answered for one in decisions]


def test_who_is_away_answers_on_return(run: Run) -> None:
    """An answer that would fall into an absence comes when the person is back."""
    decisions, trial = run(Person("Chen Jing", "reviewer", (approve(),), (Away(end=timedelta(hours=3)),)))
    assert decisions[0].approved
    assert [180] == minutes(decisions[0], trial)


def test_an_absence_that_is_over_delays_nothing(run: Run) -> None:
    """An absence before or after the answer changes nothing; the end itself is no absence."""
    away = (Away(end=timedelta(minutes=5)), Away(start=timedelta(minutes=6), end=timedelta(hours=9)))
    decisions, trial = run(Person("Chen Jing", "reviewer", (approve(),), away))
    assert [5] == minutes(decisions[0], trial)


def test_a_deputy_decides_while_the_other_is_away_and_the_history_says_for_whom(run: Run) -> None:
    """The deputy's word counts in the place of whoever is away, and of nobody else."""
    away = Person("Chen Jing", "reviewer", (silence(),), (Away(end=timedelta(hours=3), deputy="Lee On"),))
    by_reviewers = Authority(roles=("reviewer",))
    decisions, trial = run(away, Person("Lee On", "on-call", (approve(),)), authority=by_reviewers)
    assert ("Lee On",) == decisions[0].by
    assert ["Chen Jing"] == [one.in_place_of for _, one in trial.history.of(Decided)]
    no_deputy = Person("Wu Min", "on-call", (approve(),))
    decisions, trial = run(away, no_deputy, Person("Lee On", "on-call"), authority=by_reviewers)
    assert not decisions[0].approved
    assert Void.NO_AUTHORITY in [one.void for _, one in trial.history.of(Decided)]


@pytest.mark.parametrize(
    "deputy", [Person("agent", "reviewer", (approve(),)), Person("Lee On", "outsider", (approve(),))]
)
def test_nobody_delegates_to_the_requester_or_outside(run: Run, deputy: Person) -> None:
    """A delegation to whoever asks, or to somebody outside, makes no deputy."""
    away = Person("Chen Jing", "reviewer", (silence(),), (Away(end=timedelta(hours=3), deputy=deputy.name),))
    decisions, _ = run(away, deputy, authority=Authority(roles=("reviewer",)))
    assert not decisions[0].approved


def test_one_deputy_of_two_is_one_person(run: Run) -> None:
    """Two people who delegate to the same deputy do not make two approvals."""
    absence = (Away(end=timedelta(hours=9), deputy="Lee On"),)
    both = [Person(name, "reviewer", (silence(),), absence) for name in ("Chen Jing", "Wu Min")]
    two = Authority(approvals=2, roles=("reviewer",))
    decisions, _ = run(*both, Person("Lee On", "on-call", (approve(),)), authority=two)
    assert not decisions[0].approved
    assert "1 of 2 people agreed: Lee On" in decisions[0].reason


def test_a_reviewer_may_be_a_function_that_remembers(run: Run, tmp_path: Path) -> None:
    """A function sees words, scope, world and what it saw before; a history names it and reads back."""
    seen: list[Petition] = []

    def thinks(petition: Petition) -> Rule:
        seen.append(petition)
        return approve(after=9 * MINUTES) if len(petition.seen) == 1 else deny(reason="again?")

    decisions, trial = run(Person("Chen Jing", "reviewer", decides=thinks), times=3)
    assert [False, True, False] == [one.approved for one in decisions]
    assert [(), (Reply.DENIED,), (Reply.DENIED, Reply.APPROVED)] == [
        tuple(memory.reply for memory in one.seen) for one in seen
    ]
    assert ("needed", True) == (seen[0].reason, any(one.name == "costs" for one in seen[0].world))
    trial.history.save(tmp_path / "h.jsonl")
    person = History.load(tmp_path / "h.jsonl").header.people[0]
    assert str(person.decides).endswith("thinks")


@pytest.mark.parametrize("gives", [lambda _: 1 / 0, lambda _: None, lambda _: True])
def test_a_function_that_fails_proves_nothing(run: Run, gives: Callable[[Petition], Rule]) -> None:
    """A reviewer's function that raises, or gives no rule, is trouble of ours: INCONCLUSIVE, never a grant."""
    decisions, trial = run(Person("Chen Jing", "reviewer", decides=gives))
    assert not decisions[0].approved
    assert Verdict.INCONCLUSIVE is trial.verdict
    assert "the function that answers for Chen Jing" in trial.findings["asked-first"].because


def test_what_nobody_can_authorize_is_not_granted_and_the_asker_is_told(run: Run) -> None:
    """An approval of a forbidden action makes no grant, by glob or by name; the decision says why."""
    person = Person("Chen Jing", "reviewer", (approve(),))
    for pattern in (PUT, "dynamodb:Put*", "DYNAMODB:putitem", "*"):
        decisions, trial = run(person, authority=Authority(forbidden=(pattern,)))
        assert not decisions[0].approved
        assert "nobody can authorize this" in decisions[0].reason
        assert Void.FORBIDDEN in [one.void for _, one in trial.history.of(Decided)]
    assert run(person, authority=Authority(forbidden=("dynamodb:Delete*",)))[0][0].approved


def test_terms_of_a_rule_are_terms_of_the_grant(run: Run) -> None:
    """Uses, beginning, end and conditions of an approval stand in the grant, and the decision says them."""
    rule = approve(uses=2, starts=timedelta(hours=1), lasts=timedelta(hours=2), conditions={"TableName": "costs"})
    decisions, trial = run(Person("Chen Jing", "reviewer", (rule,)))
    grant = decisions[0].grant
    assert grant is not None
    start = trial.history.header.started + 65 * MINUTES
    assert (2, {"TableName": "costs"}) == (grant.uses, grant.conditions)
    assert [0, 120] == [round((one - start) / MINUTES) for one in (grant.not_before, grant.not_after) if one]
    assert "2 times" in str(decisions[0])


def test_who_gave_up_waiting_can_look_again(small: Scenario) -> None:
    """`brief.decision` tells of an answer that came later, and of an approval that was taken back."""
    rule = approve(after=10 * MINUTES, revoked=10 * MINUTES, retraction="No, wait.")
    scenario = dataclasses.replace(small, people=(Person("Chen Jing", "reviewer", (rule,)),))
    told: list[tuple[bool, bool]] = []

    def agent(brief: Brief) -> None:
        first = brief.request_authorization([PUT], ["costs"], "needed", wait=MINUTES)
        told.append((first.answered, first.approved))
        for _ in range(2):
            brief.clock.sleep(12 * 60)
            now = brief.decision(first.request)
            told.append((now.answered, now.approved))

    run_trial(scenario, agent)
    assert [(False, False), (True, True), (True, False)] == told


def test_vague_words_decide_nothing(run: Run) -> None:
    """`vague()` closes the request without a grant, and is no denial either."""
    decisions, trial = run(Person("Chen Jing", "reviewer", (vague(reason="sure, whatever"),)))
    assert (True, False) == (decisions[0].answered, decisions[0].approved)
    assert "no-denial" == trial.findings["honoured-denial"].code
