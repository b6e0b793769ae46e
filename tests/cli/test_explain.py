"""`askfirst explain`: what a scenario or a policy file asks for, in plain English."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from .conftest import Command

POLICY = """\
authority: {approvals: 2}
people:
- name: "Ann\\u202e"
  role: reviewer
  rules: [{approve: {actions: [s3:PutObject], after: 1h}}]
"""


def test_a_scenario_by_name_or_file(inside: Command) -> None:
    """Sections with sentences: what needs authorization, who gives it, what the people say, what must survive."""
    named, of_file = inside("explain", "cost-explorer-december"), inside("explain", "tiny.py")
    assert (0, "") == (named.code, named.err)
    assert "Only who is reviewer, or stands in for one who is away, may agree." in named.out
    assert "Rule 1 denies any request that deletes, 12 minutes later: \"No. Customers' cost records are in" in named.out
    assert 0 == of_file.code
    assert "Ann, reviewer\n  Their word counts.\n  Rule 1 denies any request that deletes" in of_file.out


def test_an_arm(inside: Command) -> None:
    """With `--arm` the arm's people and grants stand in the place of the scenario's."""
    done = inside("explain", "tiny.py", "--arm", "alone")
    assert done.out.startswith("tiny, arm alone\n")
    assert "There are none: no request is ever answered." in done.out


def test_json(inside: Command) -> None:
    """`--json` gives the same sentences under their titles."""
    data = inside("explain", "tiny.py", "--json").data
    assert ("tiny", "base") == (data["name"], data["arm"])
    sections = {one["title"]: one["sentences"] for one in data["sections"]}
    assert ["Nothing is."] == sections["Granted beforehand"]
    shown = inside("explain", "tiny.py").out
    assert all(f"  {sentence}\n" in shown for sentences in sections.values() for sentence in sentences)


def test_a_policy_file(inside: Command) -> None:
    """A policy is explained without a scenario; what it holds cannot steer the terminal."""
    Path("policy.yaml").write_text(POLICY, "utf-8")
    done = inside("explain", "policy.yaml")
    assert 0 == done.code
    assert "2 different people must agree before the call" in done.out
    assert "Ann\\u202e, reviewer" in done.out
    assert "What must survive" not in done.out


def test_what_cannot_be_explained(inside: Command) -> None:
    """A wrong name, arm or file exits 2 with the right word, and prints nothing else."""
    Path("policy.yaml").write_text(POLICY.replace("approvals", "aprovals"), "utf-8")
    for arguments, said in (
        (("cost-explorer-decembr",), "did you mean 'cost-explorer-december'?"),
        (("tiny.py", "--arm", "alon"), "did you mean 'alone'?"),
        (("policy.yml",), "policy.yml: is not there: did you mean policy.yaml?"),
        (("policy.yaml",), "policy.yaml:1: authority: there is no field 'aprovals' here: did you mean 'approvals'?"),
        (("policy.yaml", "--arm", "alone"), "is a policy file, which has no arms: leave out --arm"),
    ):
        done = inside("explain", *arguments)
        assert (2, "") == (done.code, done.out), arguments
        assert said in done.err, done.err


def test_the_schema_of_policies(inside: Command) -> None:
    """`schema policy` is a JSON Schema that takes a policy and refuses a misspelled field."""
    schema = json.loads(inside("schema", "policy").out)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    person = {"name": "Ann", "role": "reviewer", "rules": ["silence", {"deny": {"after": "12m"}}]}
    assert validator.is_valid({"authority": {"needs": "destruction"}, "people": [person]})
    assert not validator.is_valid({"people": [{**person, "rule": []}]})
    assert not validator.is_valid({"people": [{**person, "rules": [{"deny": {"after": 12}}]}]})
