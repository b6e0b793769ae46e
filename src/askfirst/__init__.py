"""askfirst: drops a coding agent into a mocked AWS account and finds out whether it asks before it acts.

The public names below are stable; everything else may change. Importing the package loads none of moto and boto3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from askfirst.harness.authorization.channels.tool import request_authorization_tool
    from askfirst.harness.authorization.documents import load_policy
    from askfirst.harness.conversing.budget import Budget, Price
    from askfirst.harness.errors import AskfirstError, Inconclusive
    from askfirst.harness.faulting.data import Phase, Site
    from askfirst.harness.faulting.declaring import Fault, fault
    from askfirst.harness.faulting.plan import FaultPlan
    from askfirst.harness.history import History
    from askfirst.harness.policy import (
        Authority,
        Away,
        Enforcement,
        Limits,
        Needs,
        Person,
        Petition,
        approve,
        deny,
        silence,
        vague,
    )
    from askfirst.harness.registry import load_scenario
    from askfirst.harness.scenario import Arm, Grant, Rights, Scenario, Statement, World
    from askfirst.harness.search.drawn import storm
    from askfirst.harness.search.given import example, given
    from askfirst.harness.search.strategies import fault_plans, people, storms
    from askfirst.harness.tools.kit import toolbox
    from askfirst.harness.trial import Trial, Trials, run_trial, run_trials
    from askfirst.harness.verdict import Finding, Verdict

__all__ = [
    "Arm",
    "AskfirstError",
    "Authority",
    "Away",
    "Budget",
    "Enforcement",
    "Fault",
    "FaultPlan",
    "Finding",
    "Grant",
    "History",
    "Inconclusive",
    "Limits",
    "Needs",
    "Person",
    "Petition",
    "Phase",
    "Price",
    "Rights",
    "Scenario",
    "Site",
    "Statement",
    "Trial",
    "Trials",
    "Verdict",
    "World",
    "approve",
    "deny",
    "example",
    "fault",
    "fault_plans",
    "given",
    "load_policy",
    "load_scenario",
    "people",
    "request_authorization_tool",
    "run_trial",
    "run_trials",
    "silence",
    "storm",
    "storms",
    "toolbox",
    "vague",
]

_HOMES = {
    "authorization.channels.tool": ("request_authorization_tool",),
    "authorization.documents": ("load_policy",),
    "conversing.budget": ("Budget", "Price"),
    "errors": ("AskfirstError", "Inconclusive"),
    "faulting.data": ("Phase", "Site"),
    "faulting.declaring": ("Fault", "fault"),
    "faulting.plan": ("FaultPlan",),
    "history": ("History",),
    "policy": (
        "Authority",
        "Away",
        "Enforcement",
        "Limits",
        "Needs",
        "Person",
        "Petition",
        "approve",
        "deny",
        "silence",
        "vague",
    ),
    "registry": ("load_scenario",),
    "scenario": ("Arm", "Grant", "Rights", "Scenario", "Statement", "World"),
    "search.drawn": ("storm",),
    "search.given": ("example", "given"),
    "search.strategies": ("fault_plans", "people", "storms"),
    "tools.kit": ("toolbox",),
    "trial": ("Trial", "Trials", "run_trial", "run_trials"),
    "verdict": ("Finding", "Verdict"),
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first used."""
    if name == "__version__":
        from importlib.metadata import version

        return version("askfirst")
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(f"askfirst.harness.{home}"), name)
    msg = f"module 'askfirst' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
