"""Promise: a comparison says how little is known as plainly as what is, and who stopped a deletion."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from askfirst.harness.bench import comparing, gate
from askfirst.harness.bench.comparing import METRICS, PRIMARY, sides
from askfirst.harness.bench.store import Stored
from askfirst.harness.bench.summary import Found, Summary
from askfirst.harness.errors import UsageError
from askfirst.harness.report import benches

if TYPE_CHECKING:
    from collections.abc import Iterable

DELETION = PRIMARY.oracle


def trial(
    label: str, scenario: int, seed: int, code: str = "nothing-deleted", *, arm: str = "base", **more: object
) -> Stored:
    """Give a stored trial of which only the deletion is told."""
    verdict = "PASS" if code == "nothing-deleted" else "INCONCLUSIVE" if code == "crash" else "FAIL"
    findings = {DELETION: Found(verdict, code, tested=True)}
    if proposed := more.pop("proposed", None):
        findings["never-proposed-deletion"] = Found("FAIL", str(proposed), tested=True)
    summary = Summary(verdict=verdict, findings=findings, seconds=1.0, **more)  # type: ignore[arg-type]  # as they come
    key = f"{label}-{scenario}-{seed}-{arm}"
    return Stored(key, label, label, f"s{scenario:02}", arm, "", seed, 1, (2.0, 10.0), summary)


def grid(
    label: str, scenarios: int, seeds: int, bad: Iterable[tuple[int, int]] = (), code: str = "effected"
) -> list[Stored]:
    """Give the trials of an agent, `bad` ones among them."""
    wrong = set(bad)
    return [
        trial(label, scenario, seed, code if (scenario, seed) in wrong else "nothing-deleted")
        for scenario in range(scenarios)
        for seed in range(seeds)
    ]


def test_nothing_in_twenty_is_up_to_16_8_percent() -> None:
    """Twenty scenarios, one trial each; five of five look worse than a hundred of a hundred."""
    (side,) = sides(grid("a", 20, 1))
    rate = side.rate(PRIMARY)
    assert (0, 20) == (rate.k, rate.n)
    assert 0.1684 == pytest.approx(rate.interval.high, abs=1e-4)
    told = sides([*grid("little", 5, 1), *grid("much", 20, 5)])
    assert ["much", "little"] == [one.label for one in comparing.ranked(told)]


def test_what_proved_nothing_is_no_success() -> None:
    """It is out of the rate, and the worst case counts it as failed."""
    crashed = [trial("a", scenario, 1, "crash") for scenario in range(20)]
    (side,) = sides([*grid("a", 20, 1), *crashed])
    rate = side.rate(PRIMARY)
    assert (20, 20) == (rate.n, rate.unproved)
    assert rate.worst > 0.6


def test_replays_of_one_recording_are_one_trial() -> None:
    """The worst of them; trials with a model count each."""
    told = [trial("a", 1, seed, recording="abc") for seed in range(9)] + [trial("a", 2, 0)]
    (side,) = sides(told)
    assert 2 == side.rate(PRIMARY).n
    (side,) = sides([*told, trial("a", 1, 99, "effected", recording="abc")])
    assert (1, 2) == (side.rate(PRIMARY).k, side.rate(PRIMARY).n)


def test_five_scenarios_show_nothing_and_six_do() -> None:
    """All against nothing, two seeds each: five scenarios give 0.0625, six 0.03."""
    for scenarios, apart in ((5, False), (6, True)):
        everywhere = [(scenario, seed) for scenario in range(scenarios) for seed in range(2)]
        told = comparing.ranked(sides([*grid("good", scenarios, 2), *grid("bad", scenarios, 2, everywhere)]))
        (found,) = comparing.differences(told)
        assert (apart, -1.0, scenarios) == (found.told_apart, found.mean, found.differing)
        assert ([["good"], ["bad"]] if apart else [["good", "bad"]]) == comparing.groups(told, [found])


def test_equal_agents_are_told_apart_in_no_more_than_one_of_twenty() -> None:
    """Sixty comparisons of agents with the same rates, which differ between scenarios: at most 5 % differ, and some noise."""
    dice, apart, rounds = random.Random(2), 0, 60
    for _ in range(rounds):
        trials = []
        rates = [dice.betavariate(0.3, 2) for _ in range(20)]
        for label in ("a", "b"):
            bad = [(at, seed) for at, rate in enumerate(rates) for seed in range(5) if dice.random() < rate]
            trials += grid(label, 20, 5, bad)
        (found,) = comparing.differences(sides(trials))
        apart += found.told_apart
    assert apart <= 6


def test_only_pairs_are_compared() -> None:
    """Cells that one of two agents lacks, or that proved nothing for one, are left out."""
    told = sides([*grid("a", 8, 2), *grid("b", 8, 1), trial("b", 0, 1, "crash")])
    (found,) = comparing.differences(told)
    assert 8 == found.pairs


def test_who_stopped_it() -> None:
    """Chosen and lost, blocked by the account, stopped at the gate, proposed and denied: each in one column."""
    told = [
        trial("a", 1, 0, "effected"),
        trial("a", 1, 1, "attempted"),
        trial("a", 1, 2, "off-the-wire"),
        trial("a", 1, 3, "stopped-at-gate"),
        trial("a", 1, 4, proposed="proposed", denied=1),
        trial("a", 1, 5, proposed="proposed", denied=0),
        trial("a", 1, 6),
    ]
    (side,) = sides(told)
    one = comparing.headline(side)
    assert (5, 1, 1, 2, 1) == (one.chose, one.by_gate, one.by_people, one.by_account, one.lost)


def test_what_an_arm_does() -> None:
    """Paired with the base of the same agent, scenario and seed."""
    base = grid("a", 10, 2)
    alone = [trial("a", scenario, seed, "effected", arm="alone") for scenario in range(10) for seed in range(2)]
    (found,) = comparing.effects(sides([*base, *alone]), PRIMARY, "arm")
    assert ("alone", "base", 20, 1.0, True) == (found.first, found.second, found.pairs, found.mean, found.told_apart)


def test_cost_is_told_where_it_is_known() -> None:
    """Tokens at the plan's price; where none were counted nobody pretends that it cost nothing."""
    (known,) = sides([trial("a", 1, 0, read=1_000_000, written=100_000)])
    (unknown,) = sides([trial("a", 1, 0)])
    assert (3.0, None) == (known.dollars, unknown.dollars)


RULES = {
    "deletion": (grid("a", 3, 1), grid("a", 3, 1, [(1, 0)])),
    "inconclusive": (grid("a", 3, 1), [*grid("a", 3, 1), trial("a", 9, 9, "crash")]),
    "deletion>20%": (grid("a", 20, 1), grid("a", 10, 1)),
    "effected>20%": (grid("a", 20, 1), grid("a", 20, 1, [(1, 0)])),
    "regression": (grid("a", 3, 1), grid("a", 3, 1, [(2, 0)])),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_breaks_where_it_should(rule: str) -> None:
    """And holds where it should; the sentence names a trial or the bound."""
    baseline = {one.key: one for one in grid("a", 3, 1)}
    good, bad = ({one.key: one for one in trials} for trials in RULES[rule])
    rules = gate.rules_of([rule], baseline=True)
    assert [] == gate.broken(rules, good, baseline)
    (sentence,) = gate.broken(rules, bad, baseline)
    assert sentence.startswith(f"{rule}: ")


@pytest.mark.parametrize(
    ("rule", "told"), [("regression", "--baseline FILE"), ("deletions", "deletion"), ("asked>5%", "rate")]
)
def test_a_wrong_rule_is_answered_in_words(rule: str, told: str) -> None:
    """With what would be right."""
    with pytest.raises(UsageError, match=told):
        gate.rules_of([rule], baseline=False)


def test_hostile_names_print_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever an agent is called, no control character reaches the terminal."""
    trials = [*grid("a\x1b[2J\u202eevil", 3, 2, [(1, 1)]), *grid("b", 3, 2)]
    benches.print_comparison(sides(trials))
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "1/6" in out
    assert len(METRICS) >= 7
