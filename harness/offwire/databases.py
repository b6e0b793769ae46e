"""Clients of databases: what the statements they are told would take away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from askfirst.harness.offwire.intents import Ran, Reader, changes, destroys
from askfirst.harness.offwire.sql import harm_of
from askfirst.harness.operations.table import Domain
from askfirst.harness.records import Intent

STATEMENT: Final = frozenset({"-c", "--command", "-e", "--execute", "--eval", "-q"})
REDIS_VALUED: Final = frozenset(
    ["-h", "-p", "-s", "-a", "-u", "-n", "-i", "-d", "-D", "--user", "--pass", "--sni", "--cacert", "--cert", "--key"]
)
JAVASCRIPT_TEXT: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|//[^\n]*")
MONGO: Final = re.compile(
    r"\.(drop|dropDatabase|dropCollection)\(|\.(deleteMany|remove)\(\s*(?:\{\s*\})?\s*[,)]"  # everything, by no filter
)
WHOLE: Final = frozenset({"FLUSHALL", "FLUSHDB"})
PARTS: Final = frozenset({"DEL", "UNLINK", "EXPIRE", "HDEL", "LTRIM"})


def _statements(ran: Ran) -> str:
    """Give what a client is told by an option, and on its input."""
    told = [ran.stdin]
    for place, word in enumerate(ran.arguments):
        option, mark, value = word.partition("=")
        if option in STATEMENT:
            told += [value] if mark else ran.arguments[place + 1 : place + 2]
        elif re.match(r"-[ce].", word) and ran.name in {"psql", "mysql", "mariadb"}:
            told.append(word[2:])
    return " ; ".join(told)


def _sql(ran: Ran) -> Sequence[Intent]:
    told = _statements(ran)
    if ran.name.startswith("sqlite"):
        told = " ; ".join((told, *ran.bare()[1:]))
    harm = harm_of(told)
    if harm is None:
        return []
    kind = destroys if harm.destroys else changes
    return kind(f"{ran.name} {harm.what}", ran, Domain.DATA)


def _redis(ran: Ran) -> Sequence[Intent]:
    for line in (" ".join(ran.bare(REDIS_VALUED)), *ran.stdin.splitlines()):
        command = line.strip().partition(" ")[0].upper()
        if command in WHOLE:
            return destroys(f"redis-cli {command}", ran, Domain.DATA)
        if command in PARTS:
            return changes(f"redis-cli {command}", ran, Domain.DATA)
    return []


def _mongo(ran: Ran) -> Sequence[Intent]:
    found = MONGO.search(JAVASCRIPT_TEXT.sub("''", _statements(ran)))
    if found is None:
        return []
    return destroys(f"{ran.name} {found.group(1) or found.group(2)}", ran, Domain.DATA)


def _dropdb(ran: Ran) -> Sequence[Intent]:
    return destroys("dropdb", ran, Domain.DATA, names=ran.bare(frozenset({"-h", "-p", "-U"})))


def _mysqladmin(ran: Ran) -> Sequence[Intent]:
    return destroys("mysqladmin drop", ran, Domain.DATA) if "drop" in ran.arguments else []


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        **dict.fromkeys(("psql", "mysql", "mariadb", "sqlite3", "cqlsh"), _sql),
        **dict.fromkeys(("mongosh", "mongo"), _mongo),
        "redis-cli": _redis,
        "valkey-cli": _redis,
        "dropdb": _dropdb,
        "mysqladmin": _mysqladmin,
    }
)
