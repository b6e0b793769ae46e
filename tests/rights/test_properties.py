"""Promise: whatever the policies are, what limits never widens, and a slow evaluator written from the page decides the same."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from askfirst.harness.aws.iam.decisions import Decision
from askfirst.harness.aws.iam.globs import UNKNOWN, perhaps, surely
from askfirst.harness.aws.iam.principals import Caller

ACCOUNT = "111122223333"
USER = Caller(f"arn:aws:iam::{ACCOUNT}:user/li", ACCOUNT)
SESSION = Caller(f"arn:aws:sts::{ACCOUNT}:assumed-role/Ops/li", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/Ops")
PLACE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}"

actions = st.sampled_from(["a:Get", "a:Put", "A:put", "b:Get", "a:*", "*", "?:Get", "a:?ut", "*:Get", "a:[Get]"])
resources = st.sampled_from(
    [
        "*",
        f"{PLACE}:one",
        f"{PLACE}:two",
        f"{PLACE}:*",
        f"{PLACE}:o?e",
        f"{PLACE}:${{aws:username}}",
        "arn:aws:s3:::one",
    ]
)
keys = st.sampled_from(["aws:username", "aws:TagKeys", "aws:RequestedRegion"])
values = st.lists(st.sampled_from(["one", "two", "o*", "${aws:username}"]), min_size=1, max_size=2)
operators = st.sampled_from(
    [
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLike",
        "StringEqualsIfExists",
        "ForAllValues:StringLike",
        "ForAnyValue:StringEquals",
        "ForAllValues:StringNotEquals",
        "Unheard",
    ]
)
conditions = st.dictionaries(operators, st.dictionaries(keys, values, max_size=1, min_size=1), max_size=2)


@st.composite
def statements(draw: st.DrawFn, principal: bool = False) -> dict[str, Any]:
    """Draw a statement; those of a resource's own policy say whom they are about."""
    made: dict[str, Any] = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        draw(st.sampled_from(["Action", "Action", "NotAction"])): draw(st.lists(actions, min_size=1, max_size=2)),
        draw(st.sampled_from(["Resource", "Resource", "NotResource"])): draw(
            st.lists(resources, min_size=1, max_size=2)
        ),
    }
    condition, conditional = draw(conditions), draw(st.booleans())
    if condition and conditional:
        made["Condition"] = condition
    if principal:
        named = [USER.arn, SESSION.arn, SESSION.entity, ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", "*", "444455556666"]
        made["Principal"] = {"AWS": draw(st.lists(st.sampled_from(named), min_size=1, max_size=2))}
    return made


policies = st.lists(statements(), max_size=3)
some = st.none() | policies
requests = st.fixed_dictionaries(
    {
        "action": st.sampled_from(["a:Get", "a:Put", "b:Get"]),
        "resource": st.sampled_from(["*", f"{PLACE}:one", f"{PLACE}:two", f"{PLACE}:three"]),
        "caller": st.sampled_from([USER, SESSION]),
        "elsewhere": st.booleans(),
        "context": st.fixed_dictionaries(
            {
                "aws:username": st.sampled_from([(), "one", "*"]),
                "aws:TagKeys": st.sampled_from([(), ("one",), ("one", "two"), None]),
                "aws:RequestedRegion": st.sampled_from(["one", "two"]),
            }
        ),
    }
)
limits = st.fixed_dictionaries(
    {
        "identity": policies,
        "boundary": some,
        "session": some,
        "own": st.none() | st.lists(statements(principal=True), max_size=3),
        "scps": st.lists(policies, max_size=2),
        "must": st.booleans(),
    }
)
KINDS = ("identity", "boundary", "session")
Ask = Callable[..., Decision]


@given(requests, limits, statements(principal=True), st.sampled_from([*KINDS, "own"]), st.integers(0, 3))
def test_another_deny_never_allows_more(
    decide: Ask, request: dict[str, Any], given_limits: dict[str, Any], one: dict[str, Any], kind: str, at: int
) -> None:
    """Adding a Deny to a policy that is there may turn an allowed request into a denied one, never the other way."""
    before = decide(**request, **given_limits)
    if given_limits[kind] is None:
        return
    added = [*given_limits[kind][:at], {**one, "Effect": "Deny"}, *given_limits[kind][at:]]
    after = decide(**request, **{**given_limits, kind: added})
    assert before.allowed or not after.allowed


@given(requests, limits, statements(principal=True), st.sampled_from([*KINDS, "own"]), st.integers(0, 3))
def test_another_allow_never_allows_less(
    decide: Ask, request: dict[str, Any], given_limits: dict[str, Any], one: dict[str, Any], kind: str, at: int
) -> None:
    """Adding an Allow to a policy that is there may turn a denied request into an allowed one, never the other way."""
    before = decide(**request, **given_limits)
    if given_limits[kind] is None:
        return
    added = [*given_limits[kind][:at], {**one, "Effect": "Allow"}, *given_limits[kind][at:]]
    after = decide(**request, **{**given_limits, kind: added})
    assert after.allowed or not before.allowed


@given(requests, limits, policies)
def test_what_limits_never_allows_more(
    decide: Ask, request: dict[str, Any], given_limits: dict[str, Any], one: list[dict[str, Any]]
) -> None:
    """A boundary, a session policy or a level of service control policies may take away, and gives nothing."""
    free = {**given_limits, "boundary": None, "session": None, "scps": []}
    before = decide(**request, **free)
    for limited in ({"boundary": one}, {"session": one}, {"scps": [one]}):
        assert before.allowed or not decide(**request, **{**free, **limited}).allowed


@given(requests, limits, st.randoms(use_true_random=False))
def test_the_order_of_statements_does_not_matter(
    decide: Ask, request: dict[str, Any], given_limits: dict[str, Any], mixed: random.Random
) -> None:
    """Statements in another order give the same outcome, by the same kind of policy."""
    before = decide(**request, **given_limits)
    shuffled = {
        kind: mixed.sample(found, len(found)) if kind in {*KINDS, "own"} and found else found
        for kind, found in given_limits.items()
    }
    after = decide(**request, **shuffled)
    assert (before.allowed, before.reason, before.kind) == (after.allowed, after.reason, after.kind)
    assert set(before.unknown) == set(after.unknown) or not before.allowed


# -- a slow evaluator, written from the page and from nothing of ours --------------------------------------------------


class Perhaps(Exception):
    """Nobody can say."""


def glob(pattern: str, text: str) -> bool:
    """Match '*' and '?' by trying everything."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(glob(pattern[1:], text[cut:]) for cut in range(len(text) + 1))
    return bool(text) and (pattern[0] in {"?", text[0]}) and glob(pattern[1:], text[1:])


def filled(pattern: str, context: Mapping[str, Any]) -> str | None:
    """Put the name in; the names of these cases hold no wildcards but '*', which is written as another character."""
    if "${aws:username}" not in pattern:
        return pattern
    name = context["aws:username"]
    return pattern.replace("${aws:username}", name.replace("*", "\x01")) if name else None


def same(pattern: str, text: str) -> bool:
    """Compare an ARN segment by segment."""
    if pattern == "*":
        return True
    parts, others = pattern.split(":", 5), text.replace("*", "\x01").split(":", 5)
    return len(parts) == len(others) and all(map(glob, parts, others))


def any_same(patterns: Sequence[str], text: str, context: Mapping[str, Any]) -> bool | None:
    """None: a variable has no value, the statement does not apply."""
    made = [filled(one, context) for one in patterns]
    return None if None in made else any(same(one, text) for one in made if one is not None)


def acts(patterns: Sequence[str], action: str) -> bool:
    """Compare an action, without its case and the service for itself."""
    service, name = action.lower().split(":")
    return any(
        one == "*" or (glob(one.lower().split(":")[0], service) and glob(one.lower().split(":")[1], name))
        for one in patterns
    )


def one_condition(operator: str, key: str, wanted: Sequence[str], context: Mapping[str, Any]) -> bool:
    """Say whether one key under one operator holds."""
    kind, _, name = operator.rpartition(":")
    if name == "Unheard" or context[key] is None:
        raise Perhaps
    has = [context[key]] if isinstance(context[key], str) else list(context[key])
    negated, like = "Not" in name, "Like" in name
    if not has:
        return {"ForAllValues": True, "ForAnyValue": False}.get(kind, negated or "IfExists" in name)
    made = [filled(one, context) for one in wanted]
    if None in made:
        return False

    def hit(value: str) -> bool:
        value = value.replace("*", "\x01")
        texts = [one for one in made if one is not None]
        found = any(glob(one, value) if like else one.replace("*", "\x01") == value for one in texts)
        return found != negated

    if kind == "ForAnyValue" or (not kind and not negated):
        return any(map(hit, has))
    return all(map(hit, has))


def applies(statement: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    """Say whether a statement applies; raises `Perhaps`."""
    context = request["context"]
    if "Action" in statement and not acts(statement["Action"], request["action"]):
        return False
    if "NotAction" in statement and acts(statement["NotAction"], request["action"]):
        return False
    inside = any_same(statement.get("Resource", statement.get("NotResource")), request["resource"], context)
    if inside is None or inside is not ("Resource" in statement):
        return False
    unsure = False
    for operator, block in statement.get("Condition", {}).items():
        for key, wanted in block.items():
            try:
                if not one_condition(operator, key, wanted, context):
                    return False
            except Perhaps:
                unsure = True
    if unsure:
        raise Perhaps
    return True


def says(statement: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    """Apply a statement for safety: an Allow that nobody can judge does not apply, such a Deny does."""
    try:
        return applies(statement, request)
    except Perhaps:
        return bool(statement["Effect"] == "Deny")


def whom(statement: Mapping[str, Any], caller: Caller) -> str:
    """Say how a statement means the caller: 'self', 'role', 'account' or ''."""
    named: list[str] = statement["Principal"]["AWS"]
    if "*" in named or caller.arn in named:
        return "self"
    if caller.entity and caller.entity in named:
        return "role"
    return "account" if {ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"} & set(named) else ""


def slowly(request: Mapping[str, Any], given_limits: Mapping[str, Any]) -> bool:
    """Decide as the page does it, step by step."""
    own = [(one, whom(one, request["caller"])) for one in given_limits["own"] or ()]
    own = [(one, way) for one, way in own if way]
    lists = [
        given_limits["identity"],
        given_limits["boundary"] or [],
        given_limits["session"] or [],
        *given_limits["scps"],
    ]
    every = [one for found in lists for one in found] + [one for one, _ in own]
    if any(one["Effect"] == "Deny" and says(one, request) for one in every):
        return False

    def allowed(found: Sequence[Mapping[str, Any]]) -> bool:
        return any(one["Effect"] == "Allow" and says(one, request) for one in found)

    if not all(allowed(level) for level in given_limits["scps"]):
        return False
    ways = {way for one, way in own if allowed([one])}
    needed = request["elsewhere"] or given_limits["must"]
    if needed and not ways:
        return False
    if "self" in ways and not request["elsewhere"]:
        return True
    identity = allowed(given_limits["identity"])
    if not request["elsewhere"]:
        identity = identity or "role" in ways
    rest = [given_limits[kind] for kind in ("boundary", "session") if given_limits[kind] is not None]
    return identity and all(map(allowed, rest))


@settings(max_examples=300)
@given(requests, limits)
def test_a_slow_evaluator_decides_the_same(decide: Ask, request: dict[str, Any], given_limits: dict[str, Any]) -> None:
    """Random small policies of every kind are decided alike by ours and by one that tries everything."""
    assert slowly(request, given_limits) is decide(**request, **given_limits).allowed


# -- names of which a part is not known ------------------------------------------------------------------------------

parts = st.lists(st.sampled_from(["a", "b", "*", "?", ":"]), max_size=3).map("".join)
texts = st.lists(st.sampled_from(["a", "b", ":", UNKNOWN]), max_size=5).map("".join)
FILLINGS = ["".join(one) for length in range(4) for one in itertools.product("ab:", repeat=length)]


@settings(max_examples=150)
@given(parts, texts)
@example("a?*", f"a{UNKNOWN}")
@example("*b*", f"{UNKNOWN}b{UNKNOWN}")
@example("?*b", f"{UNKNOWN}b")
def test_surely_and_perhaps_are_what_they_say(pattern: str, text: str) -> None:
    """`surely` fits whatever the unknown part is, `perhaps` fits something it may be: compared with trying them all."""
    pattern, text = PLACE + ":" + pattern, PLACE + ":" + text
    count = text.count(UNKNOWN)
    if count > 2:
        return
    tries = []
    for chosen in itertools.product(FILLINGS, repeat=count):
        tried = text
        for one in chosen:
            tried = tried.replace(UNKNOWN, one, 1)
        tries.append(same(pattern, tried))
    if surely(pattern, text):
        assert all(tries)
    assert any(tries) is perhaps(pattern, text)
    if all(tries) and not count:
        assert surely(pattern, text)
