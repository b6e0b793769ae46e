"""What a part of a sentence wants done: a change, a look, something that is said elsewhere, or nothing we know."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from askfirst.harness.authorization.actions import by_id
from askfirst.harness.authorization.plain_text.verbs import GO, LOOK, meaning, near, words
from askfirst.harness.authorization.words import stem, words_of
from askfirst.harness.operations.table import Level, by_iam_action

_FURTHER = 60
"""Words of a part of a sentence that are looked at."""

_GERMAN = words_of("""
    ich wir der den dem das ein eine einen einer und oder bitte nicht soll darf wenn zu auf mit von fuer sie du ist wird werden
    neu wieder habe im
    """)
_PAPER = words_of("""
    changeset changerequest drift draft dryrun entwurf list liste note overview plan proposal question report summary ticket
    uebersicht zusammenfassung bericht runbook timeline diagram
    """)
"""What is made for people to read: to make it is no change."""

_MAKING = words_of("create start add open make update anlegen erstellen")
_RUNNING = words_of("execut run appli ausfuehren ausfuehr aus")
_JOINTS = words_of("or and then oder und")
_BELOW = re.compile(
    r",? \b(?:whether|if|why|what|who|which|when|how|because|so that|since|in case|where|unless|before|after|until|that (?:was|were|is|are))\b"
    r"|, (?:ob|warum|was|wer|damit|wie|welche\w*|weil|falls|wann|wo|so ?dass|um)\b"
    r"|, (?:der|die|das|den|dem)\b(?!.{0,80}\b(?:zu \w+en|\w+zu\w+en)\b)"
)
_COMMAND = re.compile(r"(?:^|[\s$`])aws ((?:--\S+ (?:[^-\s]\S* )?)*)([a-z0-9-]+) ([a-z0-9-]+)([^`]*)")
_OPERATION = re.compile(r"\b([a-z][a-z0-9-]+):([a-z][a-z0-9]{3,})\b")
_CAMEL = re.compile(
    r"\b(?:(delete|create|update|put|modify|reboot|terminate|start|stop|continue|execute|attach|detach|restore|revoke|authorize"
    r"|disable|enable|run|register|deregister|remove|rotate|purge)|(describe|list|get|lookup))"
    r"[a-z]{0,30}(?:stacks?|sets?|rollback|instances?|policy|policies|tables?|buckets?|roles?|services?|functions?|clusters?|queues?"
    r"|objects?|groups?|snapshots?|volumes?|ingress|egress|listeners?|keys?|secrets?|items?|events?|attributes?|images?)\b"
)


def german(sentence: str) -> bool:
    """Say whether a sentence is German."""
    return not _GERMAN.isdisjoint(sentence.replace(",", " ").replace(".", " ").split())


def wanted(part: str, *, names: Collection[str] = (), in_german: bool | None = None) -> str | None:
    """Say what a part of a sentence wants done; GO is what it leaves open, None what is not known."""
    spelled = _spelled(part)
    if spelled:
        return spelled
    in_german = german(part) if in_german is None else in_german
    main = _BELOW.split(part, maxsplit=1)[0]
    said = words(main)[:_FURTHER]
    found = [(index, means) for index, one in enumerate(said) if (means := _meaning(said, index, one, in_german))]
    telling = [(index, means) for index, means in found if means != GO]
    if not telling:
        mistyped = near(said[0]) if said and not found else None
        return mistyped or (GO if found else _named(said, names))
    index, means = telling[-1 if in_german else 0]
    if means == LOOK and not in_german:
        return next((other for at, other in telling if other != LOOK and said[at - 1] in _JOINTS), LOOK)
    if means == LOOK:
        changes = [(at, other) for at, other in telling if other != LOOK]
        return next((other for at, other in changes if not _JOINTS.isdisjoint(said[at:index])), LOOK)
    return means


def _meaning(said: Sequence[str], index: int, word: str, in_german: bool) -> str | None:  # noqa: FBT001
    if word == "changeset" and any(stem(one) in _RUNNING for one in said[max(0, index - 6) : index + 6]):
        return "deploy"
    if word in {"changeset", "dryrun", "drift"}:
        return LOOK
    means = meaning(word, german=in_german)
    if means in {"create", "start", "update"}:
        beside = said[max(0, index - 5) : index] if in_german else said[index + 1 : index + 6]
        return LOOK if not _PAPER.isdisjoint(beside) and "and" not in beside and "und" not in beside else means
    return means


def _named(said: Sequence[str], names: Collection[str]) -> str | None:
    """A word that is not known, said of something that exists ('bump billing-api'), is taken for a change."""
    known = {one.casefold() for one in names}
    return "unknown change" if len(said) > 1 and said[0] not in known and not known.isdisjoint(said) else None


def _spelled(part: str) -> str | None:
    """Say what operations and lines of the AWS command line want done; a change where any of them is one."""
    found = [_command(*one.groups()) for one in _COMMAND.finditer(part)]
    found += [_operation(one[1], one[2]) for one in _OPERATION.finditer(part) if not found]
    found += [one[1] if one[1] else LOOK for one in _CAMEL.finditer(part) if not found]
    known = [one for one in found if one]
    return next((one for one in known if one != LOOK), known[0] if known else None)


def _command(_: str, service: str, operation: str, rest: str) -> str | None:
    if service == "s3":
        return LOOK if operation in {"ls", "presign"} or "--dryrun" in rest else "update"
    looks = re.match(r"describe|get|list|head|lookup|search|wait|batch-get|detect|validate|create-changeset", operation)
    return LOOK if looks or "--dry-run" in rest or "dryrun" in rest else _operation(service, operation) or "update"


def _operation(service: str, operation: str) -> str | None:
    """Look an operation up; None if AWS has no such service."""
    name = f"{service}:{operation}"
    known = by_id(name)
    found = (known,) if known else by_iam_action(name)
    if not found:
        return None
    change = meaning(words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", found[0].name).lower())[0])
    level = max(one.level for one in found)
    return LOOK if level <= Level.PLAN else change if change not in {None, LOOK, GO} else "update"
