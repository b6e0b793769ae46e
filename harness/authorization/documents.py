"""Policies as files: YAML, TOML or JSON, read with messages that name the line and the nearest right word.

authority: {needs: every mutation, approvals: 2, roles: [reviewer], operators_word: false}
people:
- name: Chen Jing
  role: reviewer
  rules:
  - deny: {destroys: true, after: 12m, reason: No.}
  - approve: {actions: [cloudformation:ContinueUpdateRollback], after: 12m, uses: 1, lasts: 4h}
grants:
- {actions: [logs:PutRetentionPolicy], lasts: 2h}
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, JsonValue

from askfirst.harness import documents
from askfirst.harness.authorization.policy_checks import problems
from askfirst.harness.authorization.policy_model import PolicyFile, RuleEntry, Word
from askfirst.harness.documents import Document
from askfirst.harness.documents.durations import written
from askfirst.harness.errors import UsageError
from askfirst.harness.events import Reply
from askfirst.harness.policy import Authority, Away, Needs, Person, Rule, approve, deny, silence, vague
from askfirst.harness.scenario import Grant

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

NEEDS = {
    "every action": Needs.EVERY_ACTION,
    "every mutation": Needs.MUTATIONS,
    "destruction": Needs.DESTRUCTION,
    "production": Needs.PRODUCTION,
}
RULES: Mapping[Word, tuple[Reply, Callable[..., Rule]]] = {
    "approve": (Reply.APPROVED, approve),
    "deny": (Reply.DENIED, deny),
    "silence": (Reply.NO_ANSWER, silence),
    "vague": (Reply.UNCLEAR, vague),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who may authorize what: the fields of a scenario that go by these names."""

    authority: Authority = dataclasses.field(default_factory=Authority)
    people: tuple[Person, ...] = ()
    grants: tuple[Grant, ...] = ()


def load_policy(path: str | Path) -> Policy:
    """Read a policy file. Raises `UsageError` with everything that is wrong, each with its line."""
    return policy_of(documents.read(Path(path)))


def policy_of(document: Document) -> Policy:
    """Make the policy a document says."""
    said = documents.checked(document, PolicyFile)
    authority = _said(said.authority)
    if "needs" in authority:
        authority["needs"] = NEEDS[said.authority.needs]
    policy = Policy(
        authority=Authority(**authority),
        people=tuple(
            Person(one.name, one.role, tuple(map(_rule, one.rules)), tuple(Away(**_said(away)) for away in one.away))
            for one in said.people
        ),
        grants=tuple(Grant(**_said(one)) for one in said.grants),
    )
    words = [tuple(_word(rule) for rule in one.rules) for one in said.people]
    wrong = [
        document.says(document.line_of(place), documents.place_text(place), sentence)
        for place, sentence in problems(policy.authority, policy.people, policy.grants, words)
    ]
    if wrong:
        raise UsageError("\n".join(wrong))
    return policy


def _said(entry: BaseModel | None) -> dict[str, Any]:
    """Give the fields that the file names: for the others the defaults of what is made of it hold."""
    return {name: getattr(entry, name) for name in entry.model_fields_set} if entry is not None else {}


def _word(entry: Word | RuleEntry) -> Word:
    return entry if isinstance(entry, str) else next(word for word in RULES if word in entry.model_fields_set)


def _rule(entry: Word | RuleEntry) -> Rule:
    word = _word(entry)
    said = {} if isinstance(entry, str) else _said(getattr(entry, word))
    if said.get("destroys") == "either":
        said["destroys"] = None
    return RULES[word][1](**said)


def policy_text(policy: Policy, suffix: str = ".yaml") -> str:
    """Write a policy as a file of that suffix ('.yaml' or '.json') that reads back as an equal policy.

    Raises `UsageError` for what no file can say: a reviewer that is a function, a rule that no rule of a file makes.
    """
    text = documents.text(policy_data(policy), suffix)
    if policy_of(documents.parse(text, suffix, "the policy, written as a file")) != policy:
        msg = "the policy holds something that a file cannot say exactly, such as a parameter whose name is no text"
        raise UsageError(msg)
    return text


def policy_data(policy: Policy) -> dict[str, JsonValue]:
    """Give a policy as plain data, without what is left out by default."""
    word = next(word for word, needs in NEEDS.items() if needs is policy.authority.needs)
    data: dict[str, JsonValue] = {"authority": {"needs": word, **_differing(policy.authority, Authority(), "needs")}}
    if policy.people:
        data["people"] = [dict(_person_data(one)) for one in policy.people]
    if policy.grants:
        data["grants"] = [
            {"actions": list[JsonValue](one.actions), **_differing(one, Grant(actions=one.actions))}
            for one in policy.grants
        ]
    return data


def _person_data(person: Person) -> Iterator[tuple[str, JsonValue]]:
    if person.decides is not None:
        msg = f"{person.name} answers by a function: a file holds rules, so write this policy in Python"
        raise UsageError(msg)
    yield "name", person.name
    yield "role", person.role
    if person.rules:
        yield "rules", [_rule_data(person, rule) for rule in person.rules]
    if person.away:
        yield "away", [{"end": written(one.end), **_differing(one, Away(end=one.end))} for one in person.away]


def _rule_data(person: Person, rule: Rule) -> JsonValue:
    for word, (reply, make) in RULES.items():
        if reply is rule.reply:
            data = _differing(rule, make())
            if "destroys" in data and rule.destroys is None:
                data["destroys"] = "either"
            fields = make.__annotations__
            if not set(data) <= set(fields):
                extra = ", ".join(sorted(set(data) - set(fields)))
                msg = f"a rule of {person.name} that is '{word}' sets {extra}, which means nothing there: leave it out"
                raise UsageError(msg)
            return {word: data}
    msg = f"a rule of {person.name} answers {rule.reply.value!r}: a file holds {', '.join(RULES)}"
    raise UsageError(msg)


def _differing(one: DataclassInstance, usual: DataclassInstance, *without: str) -> dict[str, JsonValue]:
    """Give the fields in which one differs from the usual, as a file says them."""
    return {
        field.name: _plain(value)
        for field in dataclasses.fields(one)
        if field.name not in without and (value := getattr(one, field.name)) != getattr(usual, field.name)
    }


def _plain(value: Any) -> JsonValue:  # noqa: ANN401 - a field of any of them
    if isinstance(value, timedelta):
        return written(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value
