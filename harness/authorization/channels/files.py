"""Change requests as files of the workspace: each new or edited one is a request, and the decision is laid beside it."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from askfirst.harness.authorization.channels.file_texts import read_draft
from askfirst.harness.authorization.channels.office import Approvals
from askfirst.harness.authorization.plans import digest
from askfirst.harness.errors import UsageError
from askfirst.harness.events import AskedBy, Decided, Entry, Granted, Requested, Revoked
from askfirst.harness.records import Author

FOLDER = "change-requests"
KINDS = {".md", ".yaml", ".yml", ".json"}
DECISION = ".decision.md"
LARGEST = 256 * 1024
CHANNEL = "file"


class Clock(Protocol):
    """The trial's time, as far as files need it."""

    def now(self) -> datetime:
        """Give the trial's time."""
        ...

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Let `act` happen when the clock passes `when`."""
        ...


class ChangeRequests:
    """Looks at the folder whenever time is about to pass, so before every call and every wait.

    What is not written by the agent is no request: what is there at the start, and what `pass_over` finds.
    """

    def __init__(self, approvals: Approvals, clock: Clock, look_around: Callable[[Author, str], None]) -> None:
        """`look_around` looks at the workspace: what changed since the last look is the given author's doing."""
        self._approvals = approvals
        self._clock = clock
        self._look_around = look_around
        self._workspace = self._folder = Path()
        self._open = False
        self._seen: dict[str, str] = {}
        self._filing = ""
        self._names: dict[str, str] = {}
        self._grants: dict[str, str] = {}
        self._told: dict[str, list[str]] = {}

    def open(self, workspace: Path) -> None:
        """Begin: what is there now was there before the agent."""
        self._workspace = workspace.resolve()
        self._folder = self._workspace / FOLDER
        self._open = True
        self.pass_over()

    def pass_over(self) -> None:
        """Take what is new or edited as not the agent's."""
        for name, content in self._changed():
            self._seen[name] = _hash(content)

    def look(self) -> None:
        """Make a request of every file that is new or edited."""
        for name, content in list(self._changed()):
            self._seen[name] = _hash(content)
            self._filing = name
            with contextlib.suppress(ConnectionError):  # who leaves a file learns of no broken channel
                self._file(name, content)
            self._filing = ""

    def observe(self, entry: Entry) -> None:
        """Hear of every event: what becomes of a request of ours is written beside its file."""
        event = entry.event
        if isinstance(event, Requested) and event.channel == CHANNEL:
            self._names[event.request] = self._filing
        elif isinstance(event, Granted):
            self._grants[event.grant.id] = event.grant.request
        elif isinstance(event, Decided) and event.person:
            self._tell(event.request, event.person)
        elif isinstance(event, Revoked):
            self._tell(self._grants.get(event.grant, ""), event.person)

    def _tell(self, request: str, person: str) -> None:
        if request in self._names:  # at once, but after the desk has counted the answer
            self._clock.at(self._clock.now(), functools.partial(self._write, request, person))

    def _write(self, request: str, person: str) -> None:
        name = self._names[request]
        file = self._folder / self._beside(name)
        said = f"## {self._clock.now():%Y-%m-%d %H:%M} UTC, {person}\n\n{self._approvals.decision(request)}\n"
        self._told.setdefault(name, [f"# {name}\n"]).append(said)
        self._look_around(Author.AGENT, f"before {person} answered {FOLDER}/{name}")
        with contextlib.suppress(OSError):  # the folder may be gone, or something else of that name be there
            file.unlink(missing_ok=True)  # never through a link
            file.write_text("\n".join(self._told[name]), encoding="utf-8")
        self._look_around(Author.PERSON, f"{person} answered {FOLDER}/{name}")

    def _beside(self, name: str) -> str:
        """Give the name of the decision; two requests of one name need the whole one."""
        stem = name.rpartition(".")[0]
        alike = [one for one in self._seen if one.rpartition(".")[0] == stem]
        return f"{stem if len(alike) < 2 else name}{DECISION}"

    def _changed(self) -> Iterator[tuple[str, bytes]]:
        """Go through the files that are not as they were last seen; an empty one is not written yet."""
        if not self._open or not self._folder.is_dir() or self._folder.is_symlink():
            return
        for file in sorted(self._folder.iterdir()):
            if file.suffix not in KINDS or file.name.endswith(DECISION) or file.is_symlink() or not file.is_file():
                continue
            with contextlib.suppress(OSError):
                with file.open("rb") as opened:
                    content = opened.read(LARGEST + 1)
                if content.strip() and self._seen.get(file.name) != _hash(content):
                    yield file.name, content

    def _file(self, name: str, content: bytes) -> None:
        try:
            if len(content) > LARGEST:
                msg = "it is too long"
                raise UsageError(msg)  # noqa: TRY301 - one place says what is asked of an unreadable file
            draft = read_draft(name, content.decode())
            plan = self._plan(draft.plan)
        except (UsageError, UnicodeDecodeError) as error:
            why = str(error) if isinstance(error, UsageError) else "it is no text"
            self._ask((f"{FOLDER}/{name} cannot be read: {why}",), (), "", "")
        else:
            self._ask(draft.actions, draft.resources, draft.reason, plan)

    def _ask(self, actions: tuple[str, ...], resources: tuple[str, ...], reason: str, plan: str) -> None:
        self._approvals.file(actions, resources, reason, channel=CHANNEL, asked_by=AskedBy.AGENT, plan=plan)

    def _plan(self, path: str) -> str:
        """Give the digest of the plan a request names."""
        if not path:
            return ""
        file = (self._workspace / path).resolve()
        if not file.is_relative_to(self._workspace):
            msg = f"its plan {path} lies outside the workspace"
            raise UsageError(msg)
        try:
            return digest(file.read_bytes())
        except OSError:
            msg = f"its plan {path} is not there"
            raise UsageError(msg) from None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
