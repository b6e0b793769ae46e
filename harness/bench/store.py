"""Where a benchmark is kept: one SQLite file, every attempt at every trial with its whole history, one writer at a time.

What is committed is on disk (write-ahead log, full sync): neither `kill -9` nor a power cut takes it away. Network file
systems cannot do that: keep a store per machine, and merge them.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from askfirst.harness.bench.packing import CODEC, unpacked
from askfirst.harness.bench.summary import Summary
from askfirst.harness.errors import AskfirstError, UsageError

if TYPE_CHECKING:
    from askfirst.harness.history import History, Identity

SCHEMA = 1
TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS trials (
    key TEXT PRIMARY KEY, label TEXT NOT NULL, agent TEXT NOT NULL, scenario TEXT NOT NULL, arm TEXT NOT NULL,
    plan TEXT NOT NULL, faults TEXT NOT NULL, seed INTEGER NOT NULL, price TEXT NOT NULL, identity TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS attempts (
    key TEXT NOT NULL REFERENCES trials (key), number INTEGER NOT NULL, host TEXT NOT NULL, began TEXT NOT NULL,
    outcome TEXT NOT NULL, verdict TEXT NOT NULL, summary TEXT NOT NULL, codec TEXT NOT NULL, history BLOB NOT NULL,
    PRIMARY KEY (key, number)
);
"""
MOST = 3
"""Attempts at a trial: the first, and two more where the trouble was ours or a model's API's."""


class StoreFull(AskfirstError):
    """Nothing more can be written. What was acknowledged is kept; the message says what to do."""


Value = str | int | bytes


@dataclass(frozen=True, slots=True)
class Row:
    """An attempt and its trial as the file has them, to be carried to another one."""

    trial: tuple[Value, ...]
    attempt: tuple[Value, ...]

    @property
    def key(self) -> str:
        """The trial's."""
        return str(self.attempt[0])


@dataclass(frozen=True, slots=True)
class Stored:
    """The last attempt at a trial."""

    key: str
    label: str
    agent: str
    scenario: str
    arm: str
    faults: str
    seed: int
    number: int
    price: tuple[float, float] | None
    summary: Summary

    @property
    def ended(self) -> bool:
        """Whether nothing is to be run again."""
        return not self.summary.again or self.number >= MOST

    @property
    def cell(self) -> tuple[str, str, str, int]:
        """What pairs it with the trials of other agents."""
        return self.scenario, self.arm, self.faults, self.seed


class Store:
    """One file. Use it as a context; with `write` nobody else may write meanwhile."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        """Nothing is opened yet."""
        self.path = path
        self._write = write

    def __enter__(self) -> Self:
        """Open the file; raises `UsageError` where that cannot be."""
        with contextlib.ExitStack() as undo:
            if self._write:
                _writable(self.path)
                undo.enter_context(_alone(self.path))
            elif not self.path.is_file():
                msg = f"there is no benchmark {self.path}: `askfirst bench run PLAN` makes one"
                raise UsageError(msg)
            with self._told():
                self._base = sqlite3.connect(self.path, isolation_level=None)
                undo.callback(self._base.close)
                self._open()
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._undo.__exit__(kind, error, trace)

    def _open(self) -> None:
        if self._write:
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=FULL")
            self._base.executescript(TABLES)
            self._base.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", (str(SCHEMA),))
        known = self.meta("schema")
        if known and int(known) > SCHEMA:
            msg = f"{self.path} has schema {known}, this askfirst reads up to {SCHEMA}: install a newer askfirst"
            raise UsageError(msg)

    # -- writing -----------------------------------------------------------------------------------------------------

    def add(
        self,
        identity: Identity,
        label: str,
        number: int,
        began: str,
        outcome: str,
        summary: Summary,
        history: bytes,
        *,
        faults: str = "",
        price: tuple[float, float] | None = None,
    ) -> None:
        """Keep an attempt: when this returns it is on disk. An attempt that is there already stays as it is."""
        key = identity.digest()
        row = (
            key,
            label,
            identity.agent,
            identity.scenario,
            identity.arm,
            identity.plan,
            faults,
            identity.seed,
            json.dumps(price),
            json.dumps(asdict(identity), sort_keys=True),
        )
        attempt = (key, number, socket.gethostname(), began, outcome, summary.verdict, summary.dumps(), CODEC, history)
        self.take(Row(row, attempt))

    def take(self, row: Row) -> None:
        """Keep an attempt as another store has it; as with `add` it is on disk then."""
        with self._told(), self._transaction():
            for table, values in (("trials", row.trial), ("attempts", row.attempt)):
                marks = ", ".join("?" * len(values))
                self._base.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", values)  # noqa: S608 - ours

    def row(self, key: str, number: int) -> Row:
        """Give an attempt as the file has it."""
        with self._told():
            trial = self._base.execute("SELECT * FROM trials WHERE key = ?", (key,)).fetchone()
            query = "SELECT * FROM attempts WHERE key = ? AND number = ?"
            attempt = self._base.execute(query, (key, number)).fetchone()
        return Row(tuple(trial), tuple(attempt))

    def set_meta(self, name: str, value: str) -> None:
        """Keep a fact about the whole."""
        with self._told():
            self._base.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def rejudge(self, key: str, number: int, summary: Summary) -> None:
        """Replace what was concluded of an attempt; its history stays."""
        with self._told():
            self._base.execute(
                "UPDATE attempts SET verdict = ?, summary = ? WHERE key = ? AND number = ?",
                (summary.verdict, summary.dumps(), key, number),
            )

    def merge(self, other: Path) -> tuple[int, int]:
        """Take over the attempts of another store; gives how many were new, and how many were here already."""
        with Store(other):  # says what is wrong with it
            pass
        with self._told():
            before = self._count()
            self._base.execute("ATTACH DATABASE ? AS other", (str(other),))
            try:
                there = int(self._base.execute("SELECT count(*) FROM other.attempts").fetchone()[0])
                with self._transaction():
                    self._base.execute("INSERT OR IGNORE INTO trials SELECT * FROM other.trials")
                    self._base.execute("INSERT OR IGNORE INTO attempts SELECT * FROM other.attempts")
                    self._base.execute("INSERT OR IGNORE INTO meta SELECT * FROM other.meta")
            finally:
                self._base.execute("DETACH DATABASE other")
            new = self._count() - before
        return new, there - new

    # -- reading -----------------------------------------------------------------------------------------------------

    def meta(self, name: str) -> str:
        """Give a fact about the whole, '' if it is not there."""
        with self._told():
            try:
                row = self._base.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
            except sqlite3.OperationalError:
                msg = f"{self.path} holds no benchmark: name the .sqlite file that `askfirst bench run` wrote"
                raise UsageError(msg) from None
        return str(row[0]) if row else ""

    def last(self) -> dict[str, Stored]:
        """Give the last attempt at each trial, by key."""
        query = (
            "SELECT t.key, label, agent, scenario, arm, faults, seed, number, price, summary FROM trials t JOIN attempts a "
            "ON a.key = t.key AND number = (SELECT max(number) FROM attempts WHERE key = t.key) "
            "ORDER BY label, scenario, arm, faults, seed"
        )
        with self._told():
            rows = self._base.execute(query).fetchall()
        found = {}
        for key, label, agent, scenario, arm, faults, seed, number, price, summary in rows:
            told = json.loads(price)
            cost = (float(told[0]), float(told[1])) if told else None
            found[key] = Stored(key, label, agent, scenario, arm, faults, seed, number, cost, Summary.loads(summary))
        return found

    def identities(self) -> Mapping[str, Mapping[str, object]]:
        """Give the parts of every stored identity, by key."""
        with self._told():
            rows = self._base.execute("SELECT key, identity FROM trials").fetchall()
        return {key: json.loads(text) for key, text in rows}

    def attempts(self) -> Iterator[tuple[str, int, str, Summary]]:
        """Go through every attempt: key, number, outcome, summary."""
        with self._told():
            rows = self._base.execute(
                "SELECT key, number, outcome, summary FROM attempts ORDER BY key, number"
            ).fetchall()
        for key, number, outcome, summary in rows:
            yield key, number, outcome, Summary.loads(summary)

    def history(self, key: str, number: int | None = None) -> History:
        """Give the history of an attempt, the last unless told; raises `UsageError` where there is none."""
        query = "SELECT number, codec, history FROM attempts WHERE key = ? ORDER BY number DESC"
        with self._told():
            rows = self._base.execute(query, (key,)).fetchall()
        for found, codec, blob in rows:
            if number in {None, found} and blob:
                return unpacked(blob, codec, f"{key[:12]}-{found}")
        msg = f"{self.path} has no history of the trial {key[:12]}{f'-{number}' if number else ''}"
        raise UsageError(msg)

    def sound(self) -> bool:
        """Tell whether the file is whole."""
        with self._told():
            return bool(self._base.execute("PRAGMA integrity_check").fetchone()[0] == "ok")

    def _count(self) -> int:
        return int(self._base.execute("SELECT count(*) FROM attempts").fetchone()[0])

    @contextlib.contextmanager
    def _transaction(self) -> Generator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    @contextlib.contextmanager
    def _told(self) -> Generator[None]:
        """Say in words what SQLite has against it."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            said = str(error)
            if "full" in said or "disk I/O" in said:
                what = "make room, then `askfirst bench resume`. What was done is kept."
                msg = f"{self.path} cannot be written any more ({said}): {what}"
                raise StoreFull(msg) from error
            if "locked" in said:
                msg = f"{self.path} is in use by something else: {said}"
                raise UsageError(msg) from error
            if "readonly" in said or "unable to open" in said:
                msg = f"{self.path} cannot be written ({said}): name another file with --store"
                raise UsageError(msg) from error
            msg = f"{self.path} is no store of a benchmark, or is damaged: {said}"
            raise UsageError(msg) from error


def _writable(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        reason = "" if os.access(path.parent, os.W_OK) else "Permission denied"
        if path.exists() and not os.access(path, os.W_OK):
            reason = "Permission denied"
    except OSError as error:
        reason = error.strerror or str(error)
    if reason:
        msg = f"the benchmark cannot be written to {path} ({reason}): name another file with --store"
        raise UsageError(msg)


@contextlib.contextmanager
def _alone(path: Path) -> Generator[None]:
    """Hold the right to write; a process that dies gives it back."""
    try:
        import fcntl
    except ImportError:  # no such locks there: SQLite's own keep the file whole
        yield
        return
    lock = path.with_name(path.name + ".lock")
    with lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            msg = f"another askfirst writes to {path} ({file.read().strip() or 'who, it does not say'}): wait for it, or stop it"
            raise UsageError(msg) from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        file.flush()
        yield
