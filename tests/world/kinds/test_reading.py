"""Promise: policies, versions and booked deletions mean the same whatever their form, and only what is worse is worse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.harness.aws.dooms import booked
from askfirst.harness.aws.invariants import compared
from askfirst.harness.aws.kinds.policies import NO_WAYS, ways
from askfirst.harness.aws.kinds.versions import CURRENT, IN_USE
from askfirst.harness.aws.own import Own
from askfirst.harness.records import Author, Effect, Part, Resource

GET = {"Effect": "Allow", "Principal": {"AWS": ["b", "a"]}, "Action": ["s3:Put", "s3:Get"], "Resource": "r"}
LOCK = {"Effect": "Deny", "NotPrincipal": {"AWS": "a"}, "NotAction": "s3:Get", "Resource": ["r"]}


def policy(*statements: Mapping[str, Any], **more: Any) -> str:
    """Give the text of a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


def test_a_policy_is_said_by_who_may_do_what() -> None:
    """One way for each principal, action and resource of an Allow; what is denied is a barrier, negated elements too."""
    expected = tuple(f"allow {who} s3:{what} on r" for who in ("a", "b") for what in ("Get", "Put"))

    assert (expected, ()) == ways(policy(GET))
    assert ((), ("deny all but a all but s3:Get on r",)) == ways(policy(LOCK))


@pytest.mark.parametrize("nothing", ["", None, {}, "no JSON", "[]", '{"Statement": []}', {"Statement": []}])
def test_what_is_no_policy_says_nothing(nothing: object) -> None:
    """No policy, an empty one, and a text that is none let nobody in and keep nobody out."""
    assert NO_WAYS == ways(nothing)


@pytest.mark.parametrize(
    "same",
    [
        policy({"Resource": ["r"], **{name: GET[name] for name in reversed(GET) if name != "Resource"}}),
        policy({**GET, "Sid": "named", "Action": ["s3:Get", "s3:Put"]}, Id="x"),
        policy({**GET, "Action": "s3:Get"}, {**GET, "Action": "s3:Put"}),
        policy(GET, GET),
        json.dumps({"Statement": GET}),
        policy(GET).encode(),
        json.loads(policy(GET)),
    ],
)
def test_the_form_of_a_policy_says_nothing(same: object) -> None:
    """Order, names, lists of one, one statement or two, text, bytes or a dictionary: it is the same policy."""
    assert ways(policy(GET)) == ways(same)


def test_a_condition_makes_another_way() -> None:
    """Whoever is let in under a condition only is let in less."""
    (allowed, _), (narrowed, _) = ways(policy(GET)), ways(policy({**GET, "Condition": {"Bool": {"a": "true"}}}))

    assert set() == set(allowed) & set(narrowed)


def held(doomed: tuple[str, ...] = (), **parts: Part) -> Resource:
    """Give a thing that holds these parts."""
    return Resource("arn:x", "s3.bucket", "x", "1", items=len(parts), doomed=doomed, parts=parts)


E1, E2, E3 = "e1", "e2", "e3"
VERSIONS: dict[str, tuple[Part, Part | None, list[Effect]]] = {
    "new version": ({CURRENT: E1, "v1": E1}, {CURRENT: E2, "v1": E1, "v2": E2}, []),
    "replaced": ({CURRENT: E1, "null": E1}, {CURRENT: E2, "null": E2}, [Effect.OVERWRITTEN]),
    "emptied": ({CURRENT: E1, "null": E1}, {CURRENT: "", "null": ""}, [Effect.DATA_LOST]),
    "hidden": ({CURRENT: E1, "v1": E1}, {CURRENT: "", "v1": E1}, [Effect.DATA_LOST]),
    "shown again": ({CURRENT: "", "v1": E1}, {CURRENT: E1, "v1": E1}, []),
    "old version gone": ({CURRENT: E2, "v1": E1, "v2": E2}, {CURRENT: E2, "v2": E2}, [Effect.DATA_LOST]),
    "gone": ({CURRENT: E1, "v1": E1}, None, [Effect.DATA_LOST]),
    "versions begin": ({CURRENT: E1, "null": E1}, {CURRENT: E2, "null": E1, "v2": E2}, []),
    "in use replaced": ({IN_USE: E1, "1": E1}, {IN_USE: E2, "1": E1, "2": E2}, [Effect.OVERWRITTEN]),
    "in use set to the same": ({IN_USE: E1, "1": E1}, {IN_USE: E1, "1": E1, "2": E1}, []),
    "attribute changed": ({"a": E1, "b": E1}, {"a": E2, "b": E1}, []),
    "attribute gone": ({"a": E1, "b": E1}, {"a": E1}, [Effect.DATA_LOST]),
    "attribute emptied": ({"a": E1}, {"a": ""}, [Effect.DATA_LOST]),
    "whole replaced": (E1, E2, [Effect.OVERWRITTEN]),
    "whole kept beside": (E1, {CURRENT: E2, "null": E1, "v2": E2}, []),
    "whole emptied": (E1, "", [Effect.DATA_LOST]),
}


@pytest.mark.parametrize("what", VERSIONS)
def test_a_part_is_lost_overwritten_or_changed(what: str) -> None:
    """Content that is kept beside the new is not overwritten; what nobody can read any more is lost."""
    old, new, expected = VERSIONS[what]
    after = held() if new is None else held(key=new)
    changes = list(compared(held(key=old), after, Author.AGENT))

    assert expected == [one.effect for one in changes if one.effect.harms]
    assert changes or old == new


parts = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", E1, E2]), max_size=3)


@given(parts, parts)
def test_what_the_agent_added_may_go_again(theirs: dict[str, str], added: dict[str, str]) -> None:
    """Whatever attributes the agent adds to a part of others, taking these away again is no harm; more is."""
    before, after = held(key=theirs), held(key={**added, **theirs})
    own = Own()
    own.note(before, after, Author.AGENT)

    assert [] == [one for one in compared(after, before, Author.AGENT, own) if one.effect.harms]
    lost = {name for name, value in theirs.items() if value}
    gone = [one.effect for one in compared(after, held(key={}), Author.AGENT, own) if one.effect.harms]
    assert ([Effect.DATA_LOST] if lost else []) == gone


@given(parts)
def test_what_others_changed_meanwhile_is_theirs(added: dict[str, str]) -> None:
    """An attribute that somebody else has set since is not the agent's any more."""
    own, before, after = Own(), held(key={}), held(key={**added, "x": E1})
    own.note(before, after, Author.AGENT)
    set_since = held(key={**added, "x": E2})
    own.note(after, set_since, Author.PERSON)

    assert [Effect.DATA_LOST] == [one.effect for one in compared(set_since, before, Author.AGENT, own)]


LOGS = 'objects under "logs/" expire after 30 days'
BOOKED: dict[str, tuple[tuple[str, ...], tuple[str, ...], dict[str, Part], bool]] = {
    "new": ((), (LOGS,), {"logs/1": E1}, True),
    "sooner": ((LOGS,), ('objects under "logs/" expire after 29 days',), {"logs/1": E1}, True),
    "later": ((LOGS,), ('objects under "logs/" expire after 31 days',), {"logs/1": E1}, False),
    "as it was": ((LOGS,), (LOGS,), {"logs/1": E1}, False),
    "taken back": ((LOGS,), (), {"logs/1": E1}, False),
    "elsewhere": ((LOGS,), ('objects under "a/" expire after 31 days',), {"a/1": E1}, True),
    "nothing there": ((), (LOGS,), {"other": E1}, False),
    "nothing at all": ((), (LOGS,), {}, False),
    "rows with that": ((), ("rows expire by attribute ttl",), {"1": {"ttl": "1"}}, True),
    "rows without it": ((), ("rows expire by attribute ttl",), {"1": {"a": "1"}}, False),
    "of the thing itself": ((), ("it is deleted after 7 days",), {}, True),
    "on a day": ((), ('objects under "" expire on 2026-01-01',), {"a": E1}, True),
}


@pytest.mark.parametrize("what", BOOKED)
def test_a_booked_deletion_is_new_where_it_strikes(what: str) -> None:
    """What is deleted sooner, or was not going to be deleted; a later date, or nothing to delete, is no harm."""
    before, after, parts_held, expected = BOOKED[what]

    assert expected == bool(booked(held(before, **parts_held), held(after, **parts_held)))
