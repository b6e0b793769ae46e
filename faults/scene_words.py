"""What faults that change a world or its documents share: which things there are, clients for them, and texts filled in.

A text of a fault may say `{name}`: a fact the builder noted, what the fault itself adds, `{region}`, `{account}`,
`{partition}`, `{today}`, `{environment}`, or a kind of `NAMED`, which is the first such thing of the account.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

from askfirst.harness.aws.inventory import is_gone
from askfirst.harness.faulting.contexts import CannotStrike, Scene
from askfirst.harness.records import Resource

NAMED: Mapping[str, str] = {
    "stack": "cloudformation.stack",
    "table": "dynamodb.table",
    "bucket": "s3.bucket",
    "queue": "sqs.queue",
    "topic": "sns.topic",
    "function": "lambda.function",
    "alarm": "cloudwatch.alarm",
    "role": "iam.role",
    "parameter": "ssm.parameter",
    "secret": "secretsmanager.secret",
    "key": "kms.key",
    "log_group": "logs.group",
    "database": "rds.instance",
    "instance": "ec2.instance",
    "service": "ecs.service",
}
"""The words a text may use for the first thing of a kind."""

MAIN = (
    "cloudformation.stack",
    "elasticbeanstalk.environment",
    "ecs.service",
    "rds.instance",
    "dynamodb.table",
    "s3.bucket",
    "sqs.queue",
    "lambda.function",
)
"""Kinds that can give a world its name, the most telling first."""


def fits(thing: Resource, pattern: str) -> bool:
    """Tell whether a glob fits one of the names of a thing."""
    return any(fnmatchcase(one, pattern) for one in (thing.name, thing.arn, *thing.aliases))


def standing(scene: Scene, kind: str, pattern: str = "*") -> list[Resource]:
    """Give what there is of a kind and is not going, by name."""
    there = (one for one in scene.all(kind) if not is_gone(one) and fits(one, pattern))
    return sorted(there, key=lambda one: (one.name, one.arn))


def first(scene: Scene, kind: str, pattern: str = "*") -> Resource:
    """Give the first of `standing`; raises `CannotStrike` with what there is where there is none."""
    found = standing(scene, kind, pattern)
    if found:
        return found[0]
    going = scene.one(kind, pattern)
    msg = f"the {kind} {going.name!r} is {going.state} already: name another"
    raise CannotStrike(msg)


def first_of(scene: Scene, kinds: tuple[str, ...], pattern: str = "*") -> Resource:
    """Give the first thing of the first kind that has any; raises `CannotStrike` with what there is."""
    for kind in kinds:
        found = standing(scene, kind, pattern)
        if found:
            return found[0]
    raise none_of(scene, kinds, pattern)


def none_of(scene: Scene, kinds: tuple[str, ...], pattern: str = "*") -> CannotStrike:
    """Say that the world has nothing of these kinds that fits, and what it has."""
    wanted = " or ".join(kinds)
    there = sorted({one.name for kind in kinds for one in scene.all(kind)})
    if there:
        return CannotStrike(f"no {wanted} here fits {pattern!r}: there is {', '.join(there)}")
    has = ", ".join(sorted({one.kind for one in scene.resources})) or "nothing"
    return CannotStrike(f"this world has no {wanted}: it has {has}")


def environment(scene: Scene) -> str:
    """Give the name by which people call what runs here: the stack the builder noted, or that of the main thing."""
    if "stack" in scene.facts:
        return scene.facts["stack"]
    for kind in MAIN:
        names = [one.name for one in standing(scene, kind)]
        if names:
            # A twin or a second try has the longer name.
            return min(names, key=lambda one: (len(one), one))
    return "production"


def filled(scene: Scene, text: str, **own: str) -> str:
    """Fill the `{names}` of a text; names that mean nothing stay. Raises `CannotStrike` for a kind the world lacks."""
    now = scene.env.now
    known = {
        "region": scene.env.region,
        "account": scene.env.account_id,
        "account_id": scene.env.account_id,
        "partition": scene.env.partition,
        "today": f"{now:%Y-%m-%d}",
        "yesterday": f"{now - timedelta(days=1):%Y-%m-%d}",
        "now": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        **scene.facts,
        **own,
    }

    def word(found: re.Match[str]) -> str:
        name = found[1]
        if name in known:
            return known[name]
        if name == "environment":
            return environment(scene)
        return first(scene, NAMED[name]).name if name in NAMED else found[0]

    return re.sub(r"\{(\w+)\}", word, text)


def client(scene: Scene, service: str, thing: Resource | None = None) -> Any:  # noqa: ANN401 - clients are made by name
    """Give a client with the owner's keys, in the account and region of a thing, or the home ones."""
    account, region = _home(scene, thing)
    return scene.env.session_for(account, region).client(service)


def backend(scene: Scene, service: str, thing: Resource | None = None) -> Any:  # noqa: ANN401 - moto's own objects
    """Give moto's backend of a service, in the account and region of a thing, or the home ones."""
    account, region = _home(scene, thing)
    return scene.env.backend(service, account, region)


def _home(scene: Scene, thing: Resource | None) -> tuple[str, str]:
    parts = (thing.arn if thing else "").split(":")
    region, account = (parts[3], parts[4]) if len(parts) > 5 else ("", "")
    names = {number: name for name, number in scene.env.accounts.items()}
    return names.get(account, ""), region


def plain(name: str) -> str:
    """Give a name in lower-case letters, digits and hyphens, as every service takes it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def digits(scene: Scene, label: str, length: int) -> str:
    """Give `length` (at most 64) hex digits that depend on the trial's seed, the fault and the label."""
    return f"{scene.draw(label):064x}"[-length:]


def appended(scene: Scene, path: str, text: str) -> None:
    """Put a text at the end of a document of the workspace, or make the document of it."""
    before = scene.files.get(path, "")
    scene.files[path] = f"{before.rstrip()}\n\n{text}" if before.strip() else text
