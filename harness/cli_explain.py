"""The verb `explain`: a scenario's policy, or a policy file, in plain English."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from askfirst.harness.cli_options import AsJson


def explain(
    what: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or file of a scenario, or a policy file.")],
    *,
    arm: Annotated[str, typer.Option(help="A variation of the scenario; 'askfirst list --arms' shows them.")] = "base",
    as_json: AsJson = False,
) -> None:
    """Say in plain English who may allow what.

    What needs authorization, who can give it and what nobody can, what the people answer, what must survive, the rights.
    """
    from askfirst.harness import documents, registry
    from askfirst.harness.authorization.documents import load_policy
    from askfirst.harness.errors import UsageError
    from askfirst.harness.printable import printable
    from askfirst.harness.report import progress
    from askfirst.harness.report.explaining import explained, explained_policy

    if Path(what).suffix.lower() in documents.SUFFIXES:
        if arm != "base":
            msg = f"{what} is a policy file, which has no arms: leave out --arm"
            raise UsageError(msg)
        policy = load_policy(what)
        name, sections = what, explained_policy(policy.authority, policy.people, policy.grants)
    else:
        with progress.stdout_kept():
            scenario = registry.load_scenario(what).with_arm(arm)
        name, sections = scenario.name, explained(scenario)
    if as_json:
        parts = [{"title": one.title, "sentences": list(one.sentences)} for one in sections]
        print(json.dumps({"name": name, "arm": arm, "sections": parts}, indent=2))
        return
    print(printable(name if arm == "base" else f"{name}, arm {arm}"))
    for one in sections:
        print(f"\n{printable(one.title)}")
        for sentence in one.sentences:
            print(f"  {printable(sentence)}")
