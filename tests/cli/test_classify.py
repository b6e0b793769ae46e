"""`askfirst classify`: what an operation does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Command


def test_what_an_operation_does(inside: Command) -> None:
    """`classify cloudformation:DeleteStack` prints level, class, severity and where that is known from."""
    done = inside("classify", "cloudformation:DeleteStack")
    assert 0 == done.code
    told = {line[:20].strip(): line[20:].strip() for line in done.out.splitlines()}
    assert ("destroy", "delete", "yes") == (told["level"], told["class"], told["needs authorization"])
    assert told["severity"] not in {"", "none"}
    assert told["source"]


@pytest.mark.parametrize("words", [("cloudformation:DeleteStack",), ("cloudformation", "delete-stack")])
def test_json_and_the_names_people_use(inside: Command, words: tuple[str, ...]) -> None:
    """An operation may be named as on the AWS command line; `--json` gives the same facts as data."""
    data = inside("classify", *words, "--json").data
    assert ("cloudformation:DeleteStack", "destroy", True) == (
        data["operation"],
        data["level"],
        data["needs_authorization"],
    )


def test_did_you_mean(inside: Command) -> None:
    """A misspelt operation exits 2 and names the right one first."""
    done = inside("classify", "cloudformation:DeletStack")
    assert (2, "") == (done.code, done.out)
    assert "did you mean cloudformation:DeleteStack" in done.err


def test_no_operation_at_all(inside: Command) -> None:
    """A text that resembles nothing exits 2 and says how operations are written."""
    done = inside("classify", "nonsense")
    assert 2 == done.code
    assert "service:Operation" in done.err
