"""Which resource a name means: exactly, by the end of a URL, by the ARN a longer one begins with, in its place.

An index is made once per look at the account: between two looks nothing has another name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from askfirst.harness.records import Resource

State = Mapping[str, Resource]

PREFIXES = ("/hostedzone/", "hostedzone/", "/healthcheck/", "/change/", "resource:", "stateful-rulegroup/")
LAMBDA = re.compile(r"^(?:(?:arn:[\w-]+:lambda:[\w-]*:)?\d*:?function:)?([\w-]+)(?::[\w$-]+)?$")
SECRET = re.compile(r":secret:(.+)$")


class Index:
    """Names of everything in one look at the account."""

    def __init__(self, state: State) -> None:
        """`state` is kept, so that its identity tells whether the index is of the present."""
        self.state = state
        self._services: dict[str, list[Resource]] = {}
        for resource in state.values():
            self._services.setdefault(resource.kind.partition(".")[0], []).append(resource)
        self._names: dict[str, dict[str, list[Resource]]] = {}

    def find(self, value: str, service: str, kind: str, region: str, account: str) -> list[Resource]:
        """Find what a value means among the resources of a service whose kind fits a pattern ('' for any)."""
        if value in self.state and (not kind or _pattern(kind).fullmatch(self.state[value].kind)):
            return [self.state[value]]
        names = self._of(service)
        found = self._named(value, names, service)
        if kind:
            found = [one for one in found if _pattern(kind).fullmatch(one.kind)]
        if value.startswith("arn:"):
            return found
        owner = _owner(value) or account
        return [one for one in found if _here(one.arn, region, owner)]

    def anywhere(self, arn: str) -> list[Resource]:
        """Find what an ARN means, of any service: exactly, or what it lies in."""
        if arn in self.state:
            return [self.state[arn]]
        parts = arn.split(":", 5)
        service = SERVICES.get(parts[2], parts[2]) if len(parts) == 6 else ""
        found = self._named(arn, self._of(service), service) if service else []
        return found or (self._named(arn, self._of("elb"), "elb") if service == "elbv2" else [])

    def _of(self, service: str) -> Mapping[str, list[Resource]]:
        names = self._names.get(service)
        if names is None:
            names = self._names[service] = {}
            for resource in self._services.get(service, ()):
                for name in dict.fromkeys((resource.arn, resource.name, *resource.aliases)):
                    names.setdefault(name, []).append(resource)
        return names

    def _named(self, value: str, names: Mapping[str, list[Resource]], service: str) -> list[Resource]:
        if value in names:
            return names[value]
        for other in _spellings(value, service):
            if other in names:
                return names[other]
        if value.startswith("arn:"):
            return _around(value, names, service)
        return []


@functools.lru_cache(maxsize=256)
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(kind)


SERVICES = MappingProxyType(
    {
        "states": "stepfunctions",
        "elasticloadbalancing": "elbv2",
        "elasticfilesystem": "efs",
        "monitoring": "cloudwatch",
        "es": "opensearch",
    }
)
"""Services whose ARNs go by another name than botocore's."""


def _spellings(value: str, service: str) -> Iterable[str]:
    """Go through the other ways to write a name."""
    if value.startswith(("http://", "https://")):
        yield value.rstrip("/").rsplit("/", 1)[-1]
    for prefix in PREFIXES:
        if value.startswith(prefix):
            yield value.removeprefix(prefix)
    if value.endswith(":*"):
        yield value[:-2]
    if ":alias/" in value:
        yield value.rsplit(":", 1)[-1]
    if service == "lambda" and (found := LAMBDA.match(value)):
        yield found[1]
    if service == "route53":
        yield f"/hostedzone/{value}"
        yield f"{value}."
    if service in {"rds", "redshift", "elasticache", "neptune", "docdb"}:
        yield value.lower()
    if service == "ssm":
        yield value.removeprefix("/") if value.startswith("/") else f"/{value}"


def _around(arn: str, names: Mapping[str, list[Resource]], service: str) -> list[Resource]:
    """Find what an ARN lies in, the nearest first: the function of a version, the bucket of an object."""
    if service == "secretsmanager" and (found := SECRET.search(arn)):
        return names.get(found[1], []) or names.get(found[1].rpartition("-")[0], [])
    if ":execution:" in arn:
        arn = arn.replace(":execution:", ":stateMachine:", 1)
    while (cut := max(arn.rfind("/"), arn.rfind(":"))) > 0:
        arn = arn[:cut]
        if arn.count(":") < 5:
            return []
        if arn in names:
            return names[arn]
    return []


def _owner(value: str) -> str:
    """Give the account a queue's URL names."""
    parts = value.rstrip("/").split("/") if value.startswith("http") else []
    return parts[-2] if len(parts) > 3 and re.fullmatch(r"\d{12}", parts[-2]) else ""


def _here(arn: str, region: str, account: str) -> bool:
    """Tell whether an ARN lies in the region and account of the call; global services leave the region empty."""
    parts = arn.split(":", 5)
    return len(parts) < 6 or (parts[3] in {"", region} and parts[4] in {"", account})
