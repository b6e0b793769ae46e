"""Promise: a policy file says what its reader thinks it says, and reads back as the policy it was written from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from askfirst import Authority, Grant, Person, Scenario, World, approve, deny, load_policy, run_trial, silence
from askfirst.harness import documents
from askfirst.harness.authorization import policy_model
from askfirst.harness.authorization.documents import Policy, policy_data, policy_of, policy_text
from askfirst.harness.documents.durations import duration, spoken, written
from askfirst.harness.errors import UsageError
from askfirst.harness.events import Reply
from askfirst.harness.policy import Away, Needs, Rule, vague

WHOLE = """\
authority: {needs: every mutation, approvals: 2, roles: [reviewer], operators_word: false, forbidden: ["*:Delete*"]}
people:
- name: Chen Jing
  role: reviewer
  away: [{start: 0m, end: 2h, deputy: Wu Min}]
  rules:
  - deny: {destroys: true, after: 12m, reason: No.}
  - approve: {actions: [cloudformation:ContinueUpdateRollback], after: 12m, uses: 1, lasts: 1h30m}
  - silence
- name: Wu Min
  role: operator
  rules: [{vague: {times: 2}}, {approve: {destroys: either}}]
grants:
- {actions: [logs:PutRetentionPolicy], resources: ["arn:*:logs:*:*:log-group:/aws/*"], lasts: 2h, reason: weekly}
"""
TOML = """\
[authority]
needs = "every mutation"
approvals = 2
roles = ["reviewer"]
operators_word = false
forbidden = ["*:Delete*"]
[[people]]
name = "Chen Jing"
role = "reviewer"
away = [{start = "0m", end = "2h", deputy = "Wu Min"}]
rules = [
    {deny = {destroys = true, after = "12m", reason = "No."}},
    {approve = {actions = ["cloudformation:ContinueUpdateRollback"], after = "12m", uses = 1, lasts = "90m"}},
    "silence",
]
[[people]]
name = "Wu Min"
role = "operator"
rules = [{vague = {times = 2}}, {approve = {destroys = "either"}}]
[[grants]]
actions = ["logs:PutRetentionPolicy"]
resources = ["arn:*:logs:*:*:log-group:/aws/*"]
lasts = "2h"
reason = "weekly"
"""
MINUTES = timedelta(minutes=12)
AS_PYTHON = Policy(
    authority=Authority(approvals=2, roles=("reviewer",), operators_word=False, forbidden=("*:Delete*",)),
    people=(
        Person(
            "Chen Jing",
            "reviewer",
            (
                deny(destroys=True, after=MINUTES, reason="No."),
                approve(
                    ("cloudformation:ContinueUpdateRollback",),
                    after=MINUTES,
                    uses=1,
                    lasts=timedelta(hours=1, minutes=30),
                ),
                silence(),
            ),
            (Away(end=timedelta(hours=2), deputy="Wu Min"),),
        ),
        Person("Wu Min", "operator", (vague(times=2), approve(destroys=None))),
    ),
    grants=(
        Grant(
            actions=("logs:PutRetentionPolicy",),
            resources=("arn:*:logs:*:*:log-group:/aws/*",),
            lasts=timedelta(hours=2),
            reason="weekly",
        ),
    ),
)


def read(text: str, suffix: str = ".yaml") -> Policy:
    """Read a policy from a text."""
    return policy_of(documents.parse(text, suffix, "policy.yaml"))


@pytest.mark.parametrize(("text", "suffix"), [(WHOLE, ".yaml"), (TOML, ".toml")], ids=["YAML", "TOML"])
def test_a_file_is_the_policy_one_would_write_in_python(tmp_path: Path, text: str, suffix: str) -> None:
    """Every field that a file names is that of the objects; what it leaves out has their defaults."""
    path = tmp_path / f"policy{suffix}"
    path.write_text(text, "utf-8")
    assert AS_PYTHON == load_policy(path) == load_policy(str(path))


@pytest.mark.parametrize("word", ["approve", "deny", "silence", "vague"])
def test_a_rule_without_details_is_that_of_the_function_of_its_name(word: str) -> None:
    """`approve` alone, `approve:` and `approve: {}` are `approve()`."""
    made: dict[str, Callable[[], Rule]] = {"approve": approve, "deny": deny, "silence": silence, "vague": vague}
    written_so = (f"[{word}]", f"[{{{word}: }}]", f"[{{{word}: {{}}}}]")
    texts = [f"people: [{{name: Ann, role: reviewer, rules: {one}}}]" for one in written_so]
    assert [(made[word](),)] * 3 == [read(one).people[0].rules for one in texts]


def test_the_defaults_of_the_model_are_those_of_the_functions() -> None:
    """What editors are told of a field left out is what holds."""
    for entry, made in (
        (policy_model.ApproveEntry(), approve()),
        (policy_model.AuthorityEntry(), Authority()),
        (policy_model.GrantEntry(actions=("*",)), Grant(actions=("*",))),
    ):
        for name in type(entry).model_fields:
            value = getattr(entry, name)
            if name not in {"reason", "needs"} or isinstance(made, Grant):
                assert getattr(made, name) == value, name


MISTAKES = {
    "needs": (
        "needs: every mutation",
        "needs: every mutatoin",
        "policy.yaml:1: authority.needs: must be 'every action'",
    ),
    "near field": ("roles: [rev", "role: [rev", "there is no field 'role' here: did you mean 'roles'?"),
    "approvals": ("approvals: 2", "approvals: 0", "authority.approvals: must be a whole number of at least 1, not 0."),
    "duration": (
        "after: 12m, uses",
        "after: soon, uses",
        "policy.yaml:8: people[0].rules[1].approve.after: must be a dur",
    ),
    "a number for a duration": ("after: 12m, reason", "after: 12, reason", "such as '12m', '4h' or '1h30m', not 12."),
    "misspelled rule": ("- silence", "- silenc", "did you mean 'silence'?"),
    "two rules in one": (
        "- silence",
        "- {silence: , deny: }",
        "a rule is one of approve, deny, silence and vague, not deny",
    ),
    "no rule": ("- silence", "- {}", "a rule is one of approve, deny, silence and vague, not none"),
    "field of another rule": (
        "[{vague: {times: 2}}",
        "[{silence: {after: 2m}}",
        "silence: there is no field 'after' here",
    ),
    "unknown deputy": (
        "deputy: Wu Min}",
        "deputy: Wu Mn}",
        "there is nobody called 'Wu Mn' here: did you mean 'Wu Min'?",
    ),
    "own deputy": ("deputy: Wu Min}", "deputy: Chen Jing}", "Chen Jing cannot stand in for Chen Jing."),
    "absence backwards": (
        "start: 0m, end: 2h",
        "start: 3h, end: 2h",
        "policy.yaml:5: people[0].away[0].end: the absence",
    ),
    "two of a name": ("name: Wu Min", "name: Chen Jing", "policy.yaml:10: people[1].name: two people are called"),
    "misspelled role": ("roles: [reviewer]", "roles: [reviwer]", "nobody here is 'reviwer': did you mean 'reviewer'?"),
    "role of nobody": ("roles: [reviewer]", "roles: [outsider]", "nobody who is 'outsider' ever decides"),
    "unknown action": (
        "cloudformation:ContinueUpdateRollback",
        "cloudformation:ContinueRollback",
        "is not an AWS operation",
    ),
    "glob for nothing": ("*:Delete*", "*:Remvoe*", "authority.forbidden[0]: '*:Remvoe*' fits no action of AWS"),
    "no service": ("logs:PutRetentionPolicy", "PutRetentionPolicy", "grants[0].actions[0]"),
    "not as it is asked for": (
        "cloudformation:ContinueUpdateRollback",
        "lambda:Invoke",
        "a request for lambda:Invoke comes to 'lambda:InvokeFunction': write that.",
    ),
    "no ARN": ("arn:*:logs:*:*:log-group:/aws/*", "nightly", "grants[0].resources[0]: 'nightly' fits nothing"),
    "too few parts": (
        "arn:*:logs:*:*:log-group:/aws/*",
        "arn:*:log-group/a",
        "'arn:*:log-group/a' fits nothing: write an",
    ),
    "never used": ("uses: 1", "uses: 0", "uses: must be a whole number of at least 1"),
}


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_line_and_the_right_word(old: str, new: str, said: str) -> None:
    """A policy that would not do what it says is refused: a rule that fits nothing would be silence."""
    assert old in WHOLE
    with pytest.raises(UsageError) as caught:
        read(WHOLE.replace(old, new))
    assert said in str(caught.value)


def test_every_mistake_is_told_at_once() -> None:
    """Two mistakes, two lines."""
    with pytest.raises(UsageError) as caught:
        read(WHOLE.replace("deputy: Wu Min", "deputy: Mr Wu").replace("*:Delete*", "*:Remvoe*"))
    assert ["policy.yaml:1", "policy.yaml:5"] == [one[:13] for one in str(caught.value).splitlines()]


lengths = st.integers(0, 3 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)) | st.timedeltas(
    timedelta(), timedelta(days=36_000)
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = st.sampled_from(["Chen Jing", "Wu Min", "agent", "no", "12:30"])
actions = st.lists(
    st.sampled_from(["*", "dynamodb:*", "s3:Delete*", "iam:PassRole", "dynamodb:DeleteTable", "{action}"]), min_size=1
).map(tuple)
globs = st.lists(st.sampled_from(["*", "arn:*:s3:::a/*", "{table}"]), min_size=1, max_size=2).map(tuple)
values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
conditions = st.none() | st.dictionaries(texts, values | st.lists(values, max_size=2), max_size=2)
counts = st.none() | st.integers(1, 10**6)
destroys = st.none() | st.booleans()
details = {"actions": actions, "destroys": destroys, "times": counts}
spoken_details = {**details, "after": lengths, "reason": texts}
terms = {"uses": counts, "lasts": lengths, "starts": lengths, "conditions": conditions, "revoked": st.none() | lengths}
rules = st.one_of(
    st.builds(approve, **spoken_details, **terms, retraction=texts),
    st.builds(deny, **spoken_details),
    st.builds(vague, **spoken_details),
    st.builds(silence, **details),
)
aways = st.tuples(lengths, st.timedeltas(timedelta(microseconds=1), timedelta(days=100))).map(
    lambda pair: Away(start=pair[0], end=pair[0] + pair[1])
)
people = st.lists(
    st.builds(
        Person,
        names,
        st.sampled_from(["reviewer", "operator", "outsider", "on-call"]),
        st.lists(rules, max_size=3).map(tuple),
        st.lists(aways, max_size=2).map(tuple),
    ),
    max_size=3,
    unique_by=lambda one: one.name,
).map(tuple)
authorities = st.builds(
    Authority,
    needs=st.sampled_from(Needs),
    approvals=st.integers(1, 9),
    roles=st.lists(st.sampled_from(["reviewer", "operator"]), unique=True).map(tuple),
    operators_word=st.booleans(),
    own_initiative=st.booleans(),
    own_creations=st.booleans(),
    additive_protection=st.booleans(),
    production=globs,
    forbidden=actions | st.just(()),
)
grants = st.builds(
    Grant,
    actions=actions,
    resources=globs,
    approvers=st.lists(texts, min_size=1, max_size=2).map(tuple),
    reason=texts,
    uses=counts,
    lasts=st.none() | lengths,
    conditions=conditions,
)
policies = st.builds(Policy, authority=authorities, people=people, grants=st.lists(grants, max_size=2).map(tuple))


@given(policies, st.sampled_from([".yaml", ".json"]))
def test_what_is_written_reads_back_as_the_same_policy(policy: Policy, suffix: str) -> None:
    """For every policy a file can hold: writing and reading change nothing, and the schema for editors agrees."""
    text = policy_text(policy, suffix)
    assert policy == read(text, suffix)
    Draft202012Validator(policy_model.schema()).validate(policy_data(policy))


@given(lengths)
def test_a_duration_is_read_as_it_was_written(length: timedelta) -> None:
    """Down to the microsecond."""
    assert length == duration(written(length))


@pytest.mark.parametrize(
    ("text", "length", "said"),
    [
        ("12m", timedelta(minutes=12), "12 minutes"),
        ("1h30m", timedelta(minutes=90), "1 hour and 30 minutes"),
        (" 1h 30m ", timedelta(minutes=90), "1 hour and 30 minutes"),
        ("1.5h", timedelta(minutes=90), "1 hour and 30 minutes"),
        ("2d1h1m1s", timedelta(2, 3661), "2 days, 1 hour, 1 minute and 1 second"),
        ("0m", timedelta(), "no time"),
        ("0.25s", timedelta(microseconds=250_000), "0.25 seconds"),
    ],
)
def test_durations_as_people_write_them(text: str, length: timedelta, said: str) -> None:
    """Days, hours, minutes and seconds, in this order, with fractions."""
    assert (length, said) == (duration(text), spoken(length))


@pytest.mark.parametrize(
    "text", ["", "12", "m", "12 parsecs", "30m1h", "-5m", "1h1h", "\u0661m", "9" * 50 + "d", "1e3s"]
)
def test_what_is_no_duration(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="must be"):
        duration(text)


def asks(_: Any) -> Rule:
    """Answer as a function does."""
    return deny()


UNWRITABLE = {
    "a function": (Person("Ann", "reviewer", decides=asks), "Ann answers by a function"),
    "terms of a denial": (
        Person("Ann", "reviewer", (Rule(reply=Reply.DENIED, uses=1),)),
        "sets uses, which means nothing",
    ),
    "another reply": (Person("Ann", "reviewer", (Rule(reply=Reply.ASKED_BACK),)), "answers 'asked back'"),
    "less than no time": (Person("Ann", "reviewer", (deny(after=timedelta(-1)),)), "must be a duration"),
    "what JSON lacks": (
        Person("Ann", "reviewer", (approve(conditions=cast("Any", {1: 1})),)),
        "cannot say exactly",
    ),
    "no such action": (Person("Ann", "reviewer", (deny(("x:Y",)),)), "'x:Y' is not an AWS operation"),
}


@pytest.mark.parametrize(("person", "said"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_no_file_can_say_is_not_written(person: Person, said: str) -> None:
    """It is refused, and never written as something else."""
    with pytest.raises(UsageError, match=said):
        policy_text(Policy(people=(person,)))


def test_a_scenario_takes_the_parts_of_a_policy(tmp_path: Path) -> None:
    """What the file says is what the trial does: the answer comes from its people, after its delay."""
    path = tmp_path / "policy.json"
    rule = {"approve": {"actions": ["dynamodb:CreateTable"], "after": "7m", "reason": "go"}}
    path.write_text(json.dumps({"people": [{"name": "Ann", "role": "reviewer", "rules": [rule]}]}), "utf-8")
    policy = load_policy(path)
    scenario = Scenario(
        name="policed",
        world=World(build=lambda _: None),
        task="Ask.",
        authority=policy.authority,
        people=policy.people,
        grants=policy.grants,
    )
    answers = []

    def agent(brief: Any) -> None:
        start = brief.clock.now()
        decision = brief.request_authorization(["dynamodb:CreateTable"], ["*"], "needed")
        answers.append((decision.approved, decision.by, brief.clock.now() - start))

    run_trial(scenario, agent)
    assert [(True, ("Ann",), timedelta(minutes=7))] == answers
