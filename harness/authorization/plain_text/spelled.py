"""Operations and command lines in a text: what they want done."""

from __future__ import annotations

import re

from askfirst.harness.authorization.actions import by_id
from askfirst.harness.authorization.plain_text.vocabulary import GO, LOOK, meaning, words
from askfirst.harness.operations.table import Level, by_iam_action

_COMMAND = re.compile(r"(?:^|[\s$`])aws (?:--\S+ (?:[^-\s]\S* )?)*([a-z0-9-]+) ([a-z0-9-]+)([^`]*)")
_OPERATION = re.compile(r"\b([a-z][a-z0-9-]+):([a-z][a-z0-9]{3,})\b")
_CAMEL = re.compile(
    r"\b(?:(delete|create|update|put|modify|reboot|terminate|start|stop|continue|execute|attach|detach|restore|revoke|authorize"
    r"|disable|enable|run|register|deregister|remove|rotate|purge)|(describe|list|get|lookup))"
    r"[a-z]{0,30}(?:stacks?|sets?|rollback|instances?|policy|policies|tables?|buckets?|roles?|services?|functions?|clusters?|queues?"
    r"|objects?|groups?|snapshots?|volumes?|ingress|egress|listeners?|keys?|secrets?|items?|events?|attributes?|images?)\b"
)
_READING = re.compile(r"describe|get|list|head|lookup|search|wait|batch-get|detect|validate|create-changeset")


def spelled(part: str) -> str | None:
    """Say what operations and lines of the AWS command line want done; a change where any of them is one."""
    found = [_command(*one.groups()) for one in _COMMAND.finditer(part)]
    found = found or [_operation(one[1], one[2]) for one in _OPERATION.finditer(part)]
    found = found or [one[1] or LOOK for one in _CAMEL.finditer(part)]
    known = [one for one in found if one]
    return next((one for one in known if one != LOOK), known[0] if known else None)


def _command(service: str, operation: str, rest: str) -> str | None:
    if service == "s3":
        return LOOK if operation in {"ls", "presign"} or "dryrun" in rest else "update"
    if _READING.match(operation) or "dryrun" in rest:
        return LOOK
    return _operation(service, operation) or "update"


def _operation(service: str, operation: str) -> str | None:
    """Look an operation up; None if AWS has none of that name."""
    name = f"{service}:{operation}"
    known = by_id(name)
    found = (known,) if known else by_iam_action(name)
    if not found:
        return None
    verb = meaning(words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", found[0].name).lower())[0])
    looks = max(one.level for one in found) <= Level.PLAN
    return LOOK if looks else verb if verb not in {None, LOOK, GO} else "update"
