"""What a call needs grants for, and which resources of a grant that fits."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from askfirst.harness.authorization.actions import ONLY_WITH
from askfirst.harness.authorization.matching import SEGMENTS, arn_matcher, text_matcher
from askfirst.harness.events import CallStarted
from askfirst.harness.operations.table import Domain, Level, OperationClass, by_iam_action, classify
from askfirst.harness.records import Target

NAMED = frozenset({Level.EXECUTE.word, Level.DESTROY.word})
"""Levels that a wildcard never grants: who allows these must name them."""

NAMED_DOMAINS = frozenset({Domain.GUARDRAIL.value, Domain.AUDIT.value})
"""Nor does it grant a change of these."""

HARMLESS = frozenset({Level.READ.word, Level.PLAN.word, Level.CONSUME.word})
"""Levels that change nothing."""

TOKENS = frozenset(
    {
        "clientrequesttoken",
        "clienttoken",
        "clienttokenid",
        "creationtoken",
        "creatorrequestid",
        "idempotencytoken",
        "updaterrequestid",
    }
)
"""Members that only tell one sending of a call from the next: they do not make it another call."""

NAMING = re.compile(r"(name|id|identifier|arn|url|cluster|service)$", re.IGNORECASE)
"""Members of a call that name something."""

UNTYPED = frozenset({"s3", "sns", "sqs"})
"""Services whose ARNs name the resource without its type in front ('arn:aws:s3:::name')."""


@dataclass(frozen=True, slots=True)
class Need:
    """One pair that a grant must cover: an IAM action, and what it changes.

    `arn` is '' for a thing the call names but nothing was found for (its `name`), and where nothing is known at all.
    `part` is the ARN of what exactly is changed in it (an object in a bucket); a grant for either will do. `sources` are
    the names of what a new thing is made of or in (the table of a backup); a grant for one of those will do as well.
    """

    action: str
    arn: str = ""
    part: str = ""
    name: str = ""
    sources: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """The resource as a reader knows it."""
        return (
            self.part
            or self.arn
            or (f"{self.name!r}, which is not known here" if self.name else "a resource that is not known")
        )


def must_be_named(call: CallStarted) -> bool:
    """Say whether no wildcard grants a call: it destroys, runs somebody's code, or is about a guardrail or an audit trail.

    What a template removes or replaces is destroyed, whatever the call is called.
    """
    return call.level in NAMED or (changes(call) and (call.domain in NAMED_DOMAINS or bool(call.predicted)))


def changes(call: CallStarted) -> bool:
    """Say whether a call may change or start something, by the level it was recorded with."""
    return call.level not in HARMLESS


def actions_of(call: CallStarted) -> tuple[str, ...]:
    """Give the IAM actions a call needs; where the table has none, the name of the operation stands for them."""
    return classify(call.service, call.operation).iam or (call.action,)


def needs(call: CallStarted, changed: Sequence[str], iam: Sequence[str], made: Collection[str] = ()) -> list[Need]:
    """List what must be covered: each action on each changed resource, else on what the call names, if anything.

    `made` are those of the changed resources that did not exist before.
    """
    actions = iam if len(iam) == 1 else _wanted(call, writing(tuple(iam))) or (call.action,)
    if changed:
        places = [(*place, "", arn in made) for arn in changed for place in _within(call, arn)]
    else:
        places = [place for one in call.targets for place in _named(call, one)] or [("", "", "", True)]
    sources = _sources(call, made) if any(new for *_, new in places) else ()
    return [
        Need(action, arn, part, name, sources if new else ()) for action in actions for arn, part, name, new in places
    ]


@functools.lru_cache(maxsize=1024)
def writing(actions: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the actions that only read (an operation that copies reads too), unless that leaves nothing."""
    return tuple(one for one in actions if not _reads(one)) or actions


def fits(pattern: str, need: Need) -> bool:
    """Say whether a resource pattern of a grant fits a need."""
    if need.arn or pattern == "*":
        matches = arn_matcher(pattern)
        return bool(matches(need.arn) or (need.part and matches(need.part)))
    return bool(need.name) and _names(pattern, need)


def fingerprint(call: CallStarted) -> str:
    """Give a text that is equal for calls that say the same thing to the same place."""
    said = {key: value for key, value in call.parameters.items() if key.lower() not in TOKENS}
    place = f"{call.author.value} {call.account} {call.region} {call.action}"
    return f"{place} {json.dumps(said, sort_keys=True, default=str)}"


def _wanted(call: CallStarted, actions: Sequence[str]) -> Sequence[str]:
    """Leave out the actions that the operation needs only with parameters which this call does not have."""
    if not any(one in ONLY_WITH for one in actions):
        return actions
    said = json.dumps(call.parameters, default=str)
    wanted = [one for one in actions if one not in ONLY_WITH or re.search(ONLY_WITH[one], said, re.IGNORECASE)]
    return wanted or actions


def _named(call: CallStarted, target: Target) -> list[tuple[str, str, str, bool]]:
    """Give a resource that a call names: its ARN with each part, else its name, which may be that of a new one."""
    if not target.known or not target.arn:
        return [("", "", target.name, True)]
    return [(arn, part, "", False) for arn, part in _within(call, target.arn)]


def _sources(call: CallStarted, made: Collection[str]) -> tuple[str, ...]:
    """Give what a call names beside the new thing, if it only makes something and takes nothing away."""
    if call.operation_class != OperationClass.NONE.value or call.level != Level.MUTATE.word:
        return ()
    new = {one.name for one in call.targets if not one.known} | {re.split(r"[/:]", one)[-1] for one in made}
    noun = re.sub("^[A-Z][a-z]+", "", call.operation).lower()  # 'BackupName' of CreateBackup is the new one's
    said = [(NAMING.sub("", name).lower(), one) for name, one in call.parameters.items() if NAMING.search(name)]
    return tuple(one for stem, one in said if isinstance(one, str) and one and stem != noun and one not in new)


def makes(pattern: str, need: Need, call: CallStarted) -> bool:
    """Say whether a resource pattern of a grant fits what the thing that is needed is made of or in, by its name."""
    parts = pattern.split(":", SEGMENTS - 1)
    if len(parts) < SEGMENTS or re.fullmatch(r"([\w-]+[/:])?\*", parts[-1]):
        return False
    places = zip(parts[3:5], (call.region, call.account), strict=True)
    here = all(not part or text_matcher(part)(one) for part, one in places)
    return here and any(_names(pattern, Need(need.action, name=one)) for one in need.sources)


def _within(call: CallStarted, arn: str) -> list[tuple[str, str]]:
    """Give a changed resource with each part of it that the call changes: the objects of a bucket, if it names some."""
    if call.service != "s3" or "/" in arn:
        return [(arn, "")]
    several = call.parameters.get("Delete")
    objects = several.get("Objects") if isinstance(several, Mapping) else [call.parameters]
    keys = [one.get("Key") for one in objects if isinstance(one, Mapping)] if isinstance(objects, list) else []
    return [(arn, f"{arn}/{key}") for key in keys if isinstance(key, str)] or [(arn, "")]


def _reads(action: str) -> bool:
    return any(one.level is Level.READ and one.iam == (action,) for one in by_iam_action(action))


def _names(pattern: str, need: Need) -> bool:
    """Say whether an ARN pattern names a thing nothing is known of: by the end of its last part, as people read it."""
    if need.name.startswith("arn:"):
        return bool(arn_matcher(pattern)(need.name))
    parts = pattern.split(":", SEGMENTS - 1)
    service = need.action.partition(":")[0]
    if len(parts) < SEGMENTS or not text_matcher(parts[2])(service):
        return False
    resource = parts[-1]
    stem = re.sub(r"([/:]\*)+$", "", resource)
    if resource == "*" or (stem != resource and not re.search(r"[/:]", stem) and service not in UNTYPED):
        return True  # '*', 'stack/*': any thing of that type
    ends = [stem, *(stem[found.end() :] for found in re.finditer(r"[/:]", stem))]
    return any(text_matcher(end)(need.name) for end in ends)
