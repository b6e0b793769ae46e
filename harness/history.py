"""The history of a trial: a header and one totally ordered log. Oracles read nothing else.

On disk it is JSON Lines: the header, then one entry a line, each written with a single write, so that a trial killed in
the middle leaves its trail. Texts over `LARGE` bytes are kept by SHA-256 digest in a folder beside it
(`trial.jsonl` -> `trial.bodies/`). Reading gives back equal objects.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from askfirst.harness.errors import UsageError
from askfirst.harness.events import CallEnded, CallStarted, Entry, Event, TrialEnded, Trouble
from askfirst.harness.faulting.data import Planned
from askfirst.harness.policy import Authority, Limits, Person
from askfirst.harness.printable import storable
from askfirst.harness.records import Blob, Resource

if TYPE_CHECKING:
    from pydantic import JsonValue

SCHEMA = 2
LARGE = 2048

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What makes a trial this trial. Equal identities of deterministic agents give equal histories.

    `agent` and `scenario` are names, the hashes cover their content; `plan` is the hash of the fault plan, '' for none.
    """

    agent: str
    agent_hash: str
    scenario: str
    scenario_hash: str
    arm: str
    plan: str
    seed: int
    limits: Limits
    record_version: int = SCHEMA

    def digest(self) -> str:
        """Give the SHA-256 of the canonical JSON, in hex; the first 12 digits name the trial."""
        text = _identity_adapter().dump_python(self, mode="json")
        return hashlib.sha256(json.dumps(text, sort_keys=True).encode()).hexdigest()


@functools.cache
def _identity_adapter() -> TypeAdapter[Identity]:
    return TypeAdapter(Identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What an oracle must know beside the events: policy, people, what is protected, and what was pinned.

    `plan` are the faults given to the trial, `own_faults` those of the scenario, which are tried after them.
    `workspace` are the files and git references that must survive, their ARNs 'workspace:PATH'. `recording` is the
    SHA-256 of the recorded conversation that was replayed, '' where a model answered.
    """

    schema: int
    identity: Identity
    versions: Mapping[str, str]
    clock: str
    started: datetime
    home: str
    region: str
    accounts: Mapping[str, str]
    principal: str
    authority: Authority
    people: tuple[Person, ...]
    protected: tuple[Resource, ...]
    deletable: tuple[str, ...]
    gates: tuple[str, ...]
    retry_mode: str
    retry_attempts: int
    plan: tuple[Planned, ...] = ()
    own_faults: tuple[Planned, ...] = ()
    workspace: tuple[Resource, ...] = ()
    recording: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt at an AWS operation, both its events together. `end` is None where the trial was cut off in between."""

    seq: int
    at: datetime
    start: CallStarted
    end_seq: int
    end: CallEnded | None


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of a trial. `bodies` holds the large texts by digest."""

    header: Header
    entries: tuple[Entry, ...]
    bodies: Mapping[str, bytes] = field(default_factory=dict)

    def of(self, kind: type[E]) -> Iterator[tuple[Entry, E]]:
        """Go through the events of one kind, each with its entry."""
        for entry in self.entries:
            if isinstance(entry.event, kind):
                yield entry, entry.event

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every attempt at an operation in the order in which it began, whoever made it."""
        ends = {(event.call, event.attempt): (entry.seq, event) for entry, event in self.of(CallEnded)}
        calls = []
        for entry, start in self.of(CallStarted):
            end_seq, end = ends.get((start.call, start.attempt), (0, None))
            calls.append(Call(entry.seq, entry.at, start, end_seq, end))
        return tuple(calls)

    @property
    def troubles(self) -> tuple[tuple[Entry, Trouble], ...]:
        """What may have kept the trial from proving anything, in order."""
        return tuple(self.of(Trouble))

    @property
    def complete(self) -> bool:
        """Whether the trial came to its end, however; False for a history that was cut off."""
        return bool(self.entries) and isinstance(self.entries[-1].event, TrialEnded)

    def text(self, body: str | Blob) -> str:
        """Give a text that may be kept by digest; where its file is missing, say so in angle brackets."""
        if isinstance(body, str):
            return body
        found = self.bodies.get(body.digest)
        return found.decode(errors="replace") if found is not None else f"<{body.size} bytes, not kept>"

    def dumps(self) -> bytes:
        """Give the JSON Lines form: the same bytes for equal histories."""
        return b"".join([header_line(self.header), *map(entry_line, self.entries)])

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the history to `path`, and its large bodies beside it."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self.dumps())
        for digest, body in self.bodies.items():
            _write_body(target, digest, body)

    @classmethod
    def load(cls, path: str | os.PathLike[str], most: int | None = None) -> History:
        """Read a history. A last line cut off in the middle is dropped; any other damage raises `UsageError`.

        Of a file longer than `most` bytes the beginning is read, as if it had been cut off there.
        """
        source = Path(path)
        folder = _bodies_folder(source)
        bodies = {one.name: one.read_bytes() for one in sorted(folder.iterdir())} if folder.is_dir() else {}
        with source.open("rb") as file:
            return cls.loads(file.read() if most is None else file.read(most), bodies, str(source))

    @classmethod
    def loads(cls, data: bytes, bodies: Mapping[str, bytes], source: str) -> History:
        """Read a history from its JSON Lines form; `source` is what to call it in a message."""
        lines = data.split(b"\n")
        try:
            header = migrate(json.loads(lines[0]))
        except UsageError as error:
            msg = f"{source}: {error}"
            raise UsageError(msg) from None
        except (ValueError, IndexError) as error:
            msg = f"{source} is not a history of askfirst: its first line is no header ({error.__class__.__name__})."
            raise UsageError(msg) from None
        entries: list[Entry] = []
        for number, line in enumerate(lines[1:], start=2):
            if not line:
                continue
            try:
                entries.append(_entry_adapter().validate_json(line))
            except ValueError:
                if number == len(lines):
                    break
                msg = (
                    f"{source}, line {number}: this is no entry of a history. Restore the file, or run the trial again."
                )
                raise UsageError(msg) from None
        return cls(header, tuple(entries), bodies)


class Recorder:
    """The one writer of a trial's history. Safe to use from threads; the order of entries is the order of `record`."""

    def __init__(self, now: Callable[[], datetime], path: Path | None = None) -> None:
        """`now` gives the trial's time; with `path` every entry is on disk before `record` returns."""
        self._now = now
        self._path = path
        self._lock = threading.RLock()
        self._entries: list[Entry] = []
        self._bodies: dict[str, bytes] = {}
        self._header: Header | None = None
        self._file: int | None = None
        self._listeners: list[Callable[[Entry], object]] = []

    def listen(self, listener: Callable[[Entry], object]) -> None:
        """Tell `listener` every entry after it was recorded, in order."""
        self._listeners.append(listener)

    def open(self, header: Header) -> None:
        """Write the header. Nothing can be recorded before."""
        self._header = header
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
            os.write(self._file, header_line(header))

    def record(self, event: Event) -> Entry:
        """Append an event; give its entry."""
        with self._lock:
            entry, line = written(Entry(len(self._entries) + 1, self._now(), event))
            if self._file is not None:
                os.write(self._file, line)
            self._entries.append(entry)
            for listener in self._listeners:
                listener(entry)
            return entry

    def keep(self, text: str) -> str | Blob:
        """Give the text itself, or its digest when it is large; the text is then kept beside the history."""
        if len(text) <= LARGE // 4 or len(data := text.encode(errors="backslashreplace")) <= LARGE:
            return text
        digest = hashlib.sha256(data).hexdigest()
        with self._lock:
            if digest not in self._bodies:
                self._bodies[digest] = data
                if self._path is not None:
                    _write_body(self._path, digest, data)
        return Blob(digest, len(data))

    def history(self) -> History:
        """Give what was recorded so far."""
        with self._lock:
            if self._header is None:
                msg = "nothing was recorded: the header is missing"
                raise UsageError(msg)
            return History(self._header, tuple(self._entries), dict(self._bodies))

    def close(self) -> None:
        """Close the file. Recording goes on in memory only."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None


def migrate(header: JsonValue) -> Header:
    """Read a header of this schema or an older one; a newer one raises `UsageError`."""
    found = header.get("schema") if isinstance(header, dict) else None
    if isinstance(found, int) and found > SCHEMA:
        msg = (
            f"this history has schema {found}, this askfirst reads up to {SCHEMA}: install a newer askfirst to read it."
        )
        raise UsageError(msg)
    return _header_adapter().validate_python(header)


def header_line(header: Header) -> bytes:
    """Give the first line of a history."""
    return _header_adapter().dump_json(header) + b"\n"


def entry_line(entry: Entry) -> bytes:
    """Give one line of a history."""
    return _entry_adapter().dump_json(entry) + b"\n"


def written(entry: Entry) -> tuple[Entry, bytes]:
    """Give an entry that can be written, and its line: a text that is no UTF-8 (an unpaired surrogate) is escaped."""
    try:
        return entry, entry_line(entry)
    except PydanticSerializationError:
        fit = _entry_adapter().validate_python(storable(_entry_adapter().dump_python(entry, mode="json")))
        return fit, entry_line(fit)


@functools.cache
def _entry_adapter() -> TypeAdapter[Entry]:
    return TypeAdapter(Entry)


@functools.cache
def _header_adapter() -> TypeAdapter[Header]:
    return TypeAdapter(Header)


def _bodies_folder(path: Path) -> Path:
    return path.with_suffix(".bodies")


def _write_body(path: Path, digest: str, data: bytes) -> None:
    file = _bodies_folder(path) / digest
    try:
        file.write_bytes(data)
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
