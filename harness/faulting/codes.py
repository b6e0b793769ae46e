"""What a service answers when something goes wrong: error code, message and HTTP status, in the service's own words.

    throttled("ec2", "RunInstances")                RequestLimitExceeded 503, not Throttling 400
    not_found("rds", "DeleteDBInstance", "shop")    DBInstanceNotFound 404, "DBInstance shop not found."

An answer comes from the first of: a row of ``answers.tsv`` for the service, an error that botocore's model lists for the
operation, one of the service, the row of its wire protocol. Every row has its source. ``codes.toml`` holds the codes that
models do not list. Both are read on the first question; what a look into a model costs stands in ``service_models.py``.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from askfirst.harness.faulting import error_families as families
from askfirst.harness.faulting.service_models import errors_of


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An error as it goes to a client: the code on the wire, without namespace, the message, the HTTP status."""

    code: str
    message: str
    status: int


def throttled(service: str, operation: str) -> ErrorAnswer:
    """Give the answer to a call too many; botocore's SDKs try it again."""
    return _answer(service, operation, families.THROTTLED)


def server_error(service: str, operation: str) -> ErrorAnswer:
    """Give the answer of a service that failed, status 500."""
    return _answer(service, operation, families.SERVER_ERROR)


def unavailable(service: str, operation: str) -> ErrorAnswer:
    """Give the answer of a service that cannot answer now, mostly 503."""
    return _answer(service, operation, families.UNAVAILABLE)


def access_denied(
    service: str, operation: str, principal_arn: str, action: str, resource: str, because: str = ""
) -> ErrorAnswer:
    """Give the refusal for want of rights; `action` is IAM's ('s3:DeleteBucket'), `because` the end of the sentence."""
    from askfirst.harness.aws.iam.denials import message

    denial = message(service, principal_arn, action, resource, because)
    return _answer(service, operation, families.ACCESS_DENIED, denial=denial)


def expired_token(service: str) -> ErrorAnswer:
    """Give the refusal of a session whose token has expired."""
    return _answer(service, "", families.EXPIRED_TOKEN)


def not_found(service: str, operation: str, name: str) -> ErrorAnswer:
    """Give the answer to a call about something that does not exist; `name` is what the caller called it."""
    return _answer(service, operation, families.NOT_FOUND, name=name)


def not_supported(service: str, operation: str) -> ErrorAnswer:
    """Give the answer of a region in which the operation is not offered."""
    return _answer(service, operation, families.NOT_SUPPORTED)


def quota_full(service: str, operation: str) -> ErrorAnswer:
    """Give the answer to a call that would exceed a quota of the account."""
    return _answer(service, operation, families.QUOTA_FULL)


def in_progress(service: str, operation: str) -> ErrorAnswer:
    """Give the answer to a call about something that is being changed just now, or is in the wrong state for it."""
    return _answer(service, operation, families.IN_PROGRESS)


@functools.cache
def known_codes(service: str) -> frozenset[str]:
    """Give every code a service may answer with: its model's, the common ones, and those of our two tables.

    Raises `UnknownName` for a service botocore does not have.
    """
    return frozenset((*(one.code for one in errors_of(service).every), *_listed(service)))


@functools.cache
def known_status(service: str, code: str, default: int) -> int:
    """Give the HTTP status of a code: the model's, else the tables', else what a modelled error has by convention.

    By convention of the json protocol a fault is 500 and the rest is 400; some models forget the fault. `default` is the
    answer for a code the service does not have.
    """
    modelled = next((one for one in errors_of(service).every if one.code == code), None)
    if modelled is not None and modelled.status:
        return modelled.status
    if code in _listed(service):
        return _listed(service)[code]
    if modelled is None:
        return default
    failed = modelled.fault or any(re.search(liked, code) for liked in families.SERVER_ERROR.liked)
    return 503 if code.startswith("ServiceUnavailable") else 500 if failed else 400


def _answer(service: str, operation: str, family: families.Family, **words: str) -> ErrorAnswer:
    """Find the answer of a family; `words` are what its message may name."""
    words["operation"] = operation
    row = _row(service, operation, family)
    if row is not None:
        return ErrorAnswer(row.code, row.message.format(**words), row.status)
    usual = _rows()[f"({_dialect(service)})", family.word][0]
    error = families.pick(errors_of(service), operation, family)
    if error is None:
        return ErrorAnswer(usual.code, usual.message.format(**words), known_status(service, usual.code, usual.status))
    status = known_status(service, error.code, usual.status)
    if family is families.NOT_FOUND:
        message = f"{families.thing(error.code)} {words['name']} not found."
    else:
        message = error.sentence if family.told and error.sentence else usual.message.format(**words)
    return ErrorAnswer(error.code, message, status)


@dataclass(frozen=True, slots=True)
class _Row:
    operations: str
    code: str
    status: int
    message: str


@dataclass(frozen=True, slots=True)
class _Section:
    services: tuple[str, ...]
    protocols: tuple[str, ...]
    status: int
    names: frozenset[str]

    def fits(self, service: str, protocol: str) -> bool:
        return service in self.services or protocol in self.protocols or not (self.services or self.protocols)


def _row(about: str, operation: str, family: families.Family) -> _Row | None:
    rows = _rows().get((about, family.word), ())
    return next((row for row in rows if fnmatchcase(operation, row.operations)), None)


@functools.cache
def _dialect(service: str) -> str:
    """Give the wire protocol of a service; three new ones speak CBOR only, with the codes of json."""
    protocol = errors_of(service).protocol
    return "json" if protocol == "smithy-rpc-v2-cbor" else protocol


@functools.cache
def _listed(service: str) -> Mapping[str, int]:
    """Give codes and status that the tables list for a service, for its protocol or for every service."""
    listed: dict[str, int] = {}
    for section in _sections():
        if section.fits(service, _dialect(service)):
            listed |= {name: section.status for name in section.names if name not in listed}
    for about in (service, f"({_dialect(service)})"):
        for (whose, _), rows in _rows().items():
            if whose == about:
                listed |= {row.code: row.status for row in rows if row.code not in listed}
    return listed


@functools.cache
def _rows() -> Mapping[tuple[str, str], tuple[_Row, ...]]:
    """Read answers.tsv: rows by service or protocol and family, in the order of the file."""
    rows: dict[tuple[str, str], list[_Row]] = {}
    for line in _text("answers.tsv").splitlines():
        if not line.startswith(("#", "service\t")):
            service, operations, family, code, status, message, _ = line.split("\t")
            rows.setdefault((service, family), []).append(_Row(operations, code, int(status), message))
    return {key: tuple(found) for key, found in rows.items()}


@functools.cache
def _sections() -> tuple[_Section, ...]:
    """Read codes.toml, in the order of the file."""
    return tuple(
        _Section(
            tuple(one.get("services", ())),
            tuple(one.get("protocols", ())),
            one["status"],
            frozenset(one["names"].split()),
        )
        for one in tomllib.loads(_text("codes.toml"))["codes"]
    )


def _text(file: str) -> str:
    return (importlib.resources.files("askfirst.harness.faulting") / file).read_text(encoding="utf-8")
