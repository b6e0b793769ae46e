"""Which resource a name means: by ARN, name or alias, by what kind of thing it is said to be, and where."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from askfirst.harness.authorization.actions import owners
from askfirst.harness.authorization.matching import SEGMENTS, is_glob
from askfirst.harness.authorization.words import SILENT, stem
from askfirst.harness.records import Resource

GONE = frozenset(
    {"DELETE_COMPLETE", "DELETE_IN_PROGRESS", "PendingDeletion", "deleting", "shutting-down", "terminated"}
)
"""States of what still has an entry: such a thing is meant only where nothing else bears the name."""


def service_of(resource: Resource) -> str:
    """Give the service of a resource, by botocore's name."""
    return resource.kind.partition(".")[0]


def kind_words(resource: Resource) -> frozenset[str]:
    """Give the stems of what the thing is called by its kind: 'log', 'group', 'table', 'db'."""
    service, _, kind = resource.kind.partition(".")
    spoken = _SPOKEN.get(service, "").split()
    return frozenset(stem(one) for one in (*re.split(r"[\W_]+", kind), service, *spoken) if one)


def regions(resource: Resource) -> set[str]:
    """Give the stem of the region a resource is in, and of its account; for what is everywhere, nothing."""
    return {stem(one) for one in resource.arn.split(":")[3:5] if one}


def of_kind(found: Sequence[Resource], said: Collection[str]) -> list[Resource]:
    """Leave out what is of another kind than was said, if one was said; `said` are stems."""
    return [one for one in found if not kind_words(one).isdisjoint(said)] or list(found)


def services_of(arn: str) -> tuple[str, ...]:
    """Give the services an ARN may belong to."""
    split = arn.split(":")
    return () if len(split) < SEGMENTS or is_glob(split[2]) else owners(split[2])


def stranger(arn: str) -> Resource:
    """Make what is known of a resource that does not exist here, from its ARN alone."""
    found = services_of(arn)
    prefix, rest = (arn.split(":", SEGMENTS - 1)[index] for index in (2, -1))
    kind, mark, name = re.match(r"([\w-]*)([/:]?)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
    service = prefix if prefix in found else next(iter(found), prefix)
    return Resource(arn, f"{service}.{kind if mark else ''}", (name if mark else rest), "")


def place(words: str, world: Sequence[Resource], services: Collection[str] = (), region: str = "") -> tuple[str, ...]:
    """Give the ARN that words name; () where they name nothing, several where they name more than one thing.

    `services` are those the actions belong to: they decide where things of different kinds share a name.
    """
    text = words.strip().strip("`'\"").strip()
    if text == "*":
        return ("*",)
    if text.startswith("arn:"):
        return _by_arn(text, world)
    if text.startswith("s3://"):
        return _by_s3_url(text, world)
    found = by_name(text, world) or _by_path(text, world) or _described(text, world)
    return tuple(sorted({one.arn for one in narrow(found, services, region)}))


def by_name(name: str, world: Iterable[Resource]) -> list[Resource]:
    """Find what goes by a name exactly."""
    return [one for one in world if name in (one.arn, one.name, *one.aliases)]


def narrow(found: Sequence[Resource], services: Collection[str] = (), region: str = "") -> list[Resource]:
    """Leave out what is in another region, of a service that is not meant, or gone, as long as something is left."""
    kept = [one for one in found if not region or one.arn.split(":")[3:4] in ([region], [""])]
    kept = [one for one in kept if service_of(one) in services] or kept
    return [one for one in kept if one.state not in GONE] or kept


def partition_of(world: Iterable[Resource]) -> str:
    """Give the partition of a world: 'aws', 'aws-cn'."""
    return next((one.arn.split(":")[1] for one in world if one.arn.startswith("arn:")), "aws")


def _by_arn(arn: str, world: Sequence[Resource]) -> tuple[str, ...]:
    """Take an ARN as it is; complete one that leaves out what AWS appended to it."""
    if arn.count(":") < SEGMENTS - 1:
        return ()
    group = arn.removesuffix(":*")
    if ":logs:" in arn and group.count(":") >= SEGMENTS and any(one.arn == group for one in world):
        return (group,)  # as IAM wants a log group to be written
    if is_glob(arn) or any(one.arn == arn for one in world):
        return (arn,)
    whole = [one for one in world if _appended(one.arn, arn)]
    return tuple(sorted({one.arn for one in narrow(whole)})) if whole else (arn,)


def _appended(whole: str, arn: str) -> bool:
    """Say whether an ARN is another one and the id that AWS appends to it: of a stack, of a secret."""
    rest = whole[len(arn) :] if whole.startswith(arn) else ""
    return bool(
        (":stack/" in arn and re.fullmatch(r"/[^/]+", rest)) or (":secret:" in arn and re.fullmatch(r"-\w{6}", rest))
    )


def _by_s3_url(url: str, world: Sequence[Resource]) -> tuple[str, ...]:
    bucket, mark, key = url.removeprefix("s3://").partition("/")
    known = [one for one in by_name(bucket, world) if service_of(one) == "s3"]
    return (f"{known[0].arn}{mark if key else ''}{key}",) if known else ()


def _by_path(text: str, world: Iterable[Resource]) -> list[Resource]:
    """Find what a type and a name in the way of ARNs mean: 'table/orders', 'stack/web', 'function:report'."""
    if not re.search(r"\w[/:]\w", text):
        return []
    rests = ((one, one.arn.split(":", SEGMENTS - 1)[-1]) for one in world)
    return [one for one, rest in rests if rest == text or _appended(f":{rest}", f":{text}")]


def _described(text: str, world: Sequence[Resource]) -> list[Resource]:
    """Find what a name among words about its kind means: 'the table orders', 'orders (DynamoDB table)'."""
    words = [one.strip("`'\"(),.;") for one in text.split()]
    found: list[Resource] = []
    for index, word in enumerate(words):
        others = {stem(one) for one in words[:index] + words[index + 1 :] if one.lower() not in SILENT and one}
        named = by_name(word, world) if others else []
        found += [one for one in named if all(_says_kind(other, one) for other in others)]
    return found


def _says_kind(word: str, resource: Resource) -> bool:
    return word in kind_words(resource) or word in map(stem, ("resource", "amazon", "aws"))


# What people call services, and things of a service, beside its own name.
_SPOKEN = {
    "cloudformation": "cfn",
    "dynamodb": "dynamo ddb",
    "ec2": "vm server",
    "elbv2": "alb nlb elb",
    "events": "eventbridge",
    "logs": "cloudwatch",
    "rds": "db database",
    "stepfunctions": "step functions",
}
