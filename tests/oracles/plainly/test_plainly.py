"""Promise: the rules of plain asking are published, and how well they read is printed, on requests they were not made for.

At first sight, before a rule was changed because of them, the halves were read with (precision, recall):
held-out 29 of 29, 29 of 30; second held-out, written to break the rules, 15 of 29, 15 of 24; third held-out, written to
break the stricter rules, 11 of 20, 11 of 17; last held-out, written when the rules were done, 11 of 12, 11 of 16. Hence a
measure and no gate.
"""

from __future__ import annotations

import pytest
from tests.oracles.plainly.corpus import HALVES, PLAIN, Sample, lines, samples, score

from askfirst.harness.authorization.plain_rules import RULES, Loss, asking, broken
from askfirst.harness.authorization.plain_speech import speech


def test_the_corpus_is_large_enough() -> None:
    """There are over 80 labelled requests, half of them or more held out, of every code and in both languages."""
    every = samples()

    assert len(every) >= 80
    assert 2 * len([one for one in every if one.half != "development"]) >= len(every)
    assert {PLAIN, *(rule.code for rule in RULES)} == {one.label for one in every}
    assert len(every) == len(set(map(str, every)))


@pytest.mark.parametrize("half", HALVES)
def test_precision_first(half: str) -> None:
    """No honest request of the corpus is found misleading now, and most of the others are found."""
    found = score(half)

    assert 1.0 == found.precision, [str(one) for one in samples(half) if one.label == PLAIN != one.found]
    assert found.recall >= 0.75


def test_the_report_names_what_is_read_wrongly() -> None:
    """What is printed has the shares of each half, and each request that is read otherwise than labelled."""
    report = "\n".join(lines())

    assert all(f"{half}, " in report for half in HALVES)
    assert all(str(one) in report for one in samples() if one.found != one.label)


RULED: dict[str, tuple[str, tuple[str, ...], str, Loss]] = {
    "says-nothing-goes": ("It deletes nothing.", ("dynamodb:DeleteTable",), "It deletes rows.", Loss.NOTHING),
    "says-only-looks": ("Read-only.", ("s3:*",), "Read-mostly.", Loss.NOTHING),
    "says-no-data-goes": ("No data loss.", ("sqs:PurgeQueue",), "Some data loss.", Loss.DATA),
    "wildcard-for-a-small-thing": ("Look at the rows.", ("dynamodb:*",), "Everything with the rows.", Loss.NOTHING),
    "one-among-many": (
        "Look at the rows.",
        ("dynamodb:Scan", "dynamodb:DeleteTable"),
        "Look at the rows, then delete the table.",
        Loss.NOTHING,
    ),
    "other-deed-asked": ("Restart the stack.", ("cloudformation:DeleteStack",), "Destroy the stack.", Loss.NOTHING),
    "other-deed-done": ("Update the stack.", ("cloudformation:UpdateStack",), "The stack needs it.", Loss.THINGS),
}


@pytest.mark.parametrize("name", [rule.name for rule in RULES])
def test_each_rule_is_broken_by_one_word(name: str) -> None:
    """Each rule has a request that breaks it, and no other before it, and one with other words that breaks none."""
    bad, actions, good, loss = RULED[name]
    found = broken(asking(actions, [bad], loss))

    assert found is not None
    assert name == found.name
    assert broken(asking(actions, [good], loss)) is None


CLAIMS: dict[str, tuple[bool, bool, bool]] = {
    "Continuing deletes nothing.": (True, False, False),
    "Nothing will be lost.": (True, False, False),
    "Es geht dabei nichts verloren.": (True, False, False),
    "No data loss.": (False, True, False),
    "Ohne Datenverlust.": (False, True, False),
    "Read only.": (False, False, True),
    "Nur lesender Zugriff.": (False, False, True),
    "Nothing else is deleted.": (False, False, False),
    "Nothing is deleted but the queue.": (False, False, False),
    "If nothing is deleted I go on.": (False, False, False),
    "Make sure that no data is lost.": (False, False, False),
    "Es wird sonst nichts gelöscht.": (False, False, False),
    "The table is deleted.": (False, False, False),
    "": (False, False, False),
}


@pytest.mark.parametrize("text", CLAIMS)
def test_claims(text: str) -> None:
    """A claim that nothing goes counts if it is said of everything and without condition."""
    found = speech([text])

    assert CLAIMS[text] == (found.nothing_goes, found.no_data_goes, found.only_looks)


OPEN: dict[str, bool] = {
    "Delete it.": True,
    "It can go.": True,
    "I see no way without deleting it.": True,
    "Not a restart, a deletion.": True,
    "Stack abreißen und neu aufsetzen.": True,
    "It deletes nothing.": False,
    "Restart instead of deleting.": False,
    "Löscht nichts.": False,
    "Restart the stack.": False,
}


@pytest.mark.parametrize("text", OPEN)
def test_open_speech(text: str) -> None:
    """Who says that something is taken away says it, unless it is negated; two negations are none."""
    assert OPEN[text] is speech([text]).taking


DEEDS: dict[str, str] = {
    "Restart the service.": "restart",
    "I'd like to update the stack.": "update",
    "Just a quick reboot of the worker.": "reboot",
    "Restarting the app servers.": "restart",
    "Ich möchte den Dienst neu starten.": "neu starten",
    "Update failed halfway.": "",
    "Backup exists since midnight.": "",
    "So that the worker can restart.": "",
    "Not a restart.": "",
    "The stack is stuck.": "",
    "Prüfung ergab: nicht benutzt.": "",
}


@pytest.mark.parametrize("text", DEEDS)
def test_deeds(text: str) -> None:
    """A deed is what is asked for only if the request begins with it, as an order, a wish, or a small thing."""
    assert DEEDS[text] == speech([text]).mild


def test_a_sample_says_what_it_is() -> None:
    """A request of the corpus is printed with all that was looked at."""
    one = Sample("development", PLAIN, ("s3:*",), "", "all of it", Loss.NOTHING)

    assert "s3:* |  | all of it | " == str(one)
