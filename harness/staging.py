"""Where faults that change the world act: the account by its owner's keys, the workspace, the agent's rights, the people."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path

from askfirst.harness.authorization.channels.files import ChangeRequests
from askfirst.harness.authorization.desk import Desk
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.draw import Draw
from askfirst.harness.aws.env import Env
from askfirst.harness.aws.gateway import Gateway
from askfirst.harness.aws.inventory import Inventory
from askfirst.harness.aws.principals import Keyring
from askfirst.harness.aws.world import Snapshot, filled, which_draw
from askfirst.harness.faulting.contexts import Scene
from askfirst.harness.faulting.data import Site
from askfirst.harness.faulting.declaring import Fault
from askfirst.harness.offwire.workspace import WorkspaceWatch
from askfirst.harness.records import Author
from askfirst.harness.scenario import Rights, Scenario

HOME = "~/"
"""How the paths of files begin that lie in HOME: those of programs that are agents; an agent in process has none."""


class Staging:
    """The stage of one trial: see `faulting.acts.Stage`. Before `open` everything belongs to the world as it was built."""

    def __init__(
        self,
        scenario: Scenario,
        snapshot: Snapshot,
        *,
        seed: int,
        clock: Clock,
        keyring: Keyring,
        gateway: Gateway,
        inventory: Inventory,
        desk: Desk,
        watch: WorkspaceWatch,
        requests: ChangeRequests,
    ) -> None:
        """`seed` is the trial's number."""
        self._scenario = scenario
        self._snapshot = snapshot
        self._number = seed
        self._clock = clock
        self._keyring = keyring
        self._gateway = gateway
        self._inventory = inventory
        self._desk = desk
        self._watch = watch
        self._requests = requests
        self._folder: Path | None = None
        files: dict[str, str | bytes] = {**scenario.world.workspace, **snapshot.files}
        self._bytes = {name: data for name, data in files.items() if isinstance(data, bytes)}
        self.texts = {name: filled(text, snapshot.facts) for name, text in files.items() if isinstance(text, str)}
        """The workspace before the agent starts, by relative path."""

    @property
    def home(self) -> Mapping[str, str]:
        """What lies in the agent's HOME, by path in it: the texts whose path begins with `~/`."""
        return {name.removeprefix(HOME): text for name, text in self.texts.items() if name.startswith(HOME)}

    def open(self, folder: Path) -> None:
        """Write the workspace; what changes from now on changes while the agent works."""
        self._write(folder, {**self._bytes, **self.texts})
        self._folder = folder

    def env(self, author: Author, files: dict[str, str]) -> Env:
        """Give the account from its owner's side, with keys whose calls are not the agent's."""
        accounts = self._snapshot.accounts
        partition = self._snapshot.partition
        return Env(
            self._scenario.world.home,
            accounts,
            self._scenario.world.region,
            partition,
            Draw(self._scenario.name, which_draw(self._scenario.world, self._number)),
            dict(self._snapshot.facts),
            files,
            self._clock,
            lambda name: self._keyring.issue(
                author, accounts[name], f"arn:{partition}:iam::{accounts[name]}:root", self._scenario.name, self._number
            ),
        )

    def change_world(self, fault: Fault, act: Callable[[Scene], object], draw: Callable[[str], int]) -> None:
        """Let a fault change account and workspace; while the agent works, what it changes is recorded."""
        self._requests.look()
        self._watch.look(Author.AGENT, f"before {fault.id}")
        before = self._read() if self._folder is not None else self.texts
        files = dict(before)
        scene = Scene(
            env=self.env(Author.FAULT, files),
            resources=tuple(self._inventory.state.values()),
            files=files,
            granted=self._desk.grants[-1] if self._desk.grants else None,
            draw=draw,
        )
        if self._folder is None:
            act(scene)
            self.texts = files
            self._inventory.look()
            return
        author = Author.PERSON if fault.site is Site.APPROVAL else Author.FAULT

        def happen() -> None:
            act(scene)

        self._gateway.watcher.happen(author, fault.kind.summary, happen)
        self._write(self._folder, {name: text for name, text in files.items() if before.get(name) != text})
        self._requests.pass_over()
        self._watch.look(author, fault.kind.summary)

    def change_rights(self, change: Callable[[Rights], object]) -> None:
        """Give the agent other rights from now on."""
        given = change(self._gateway.rights)
        if not isinstance(given, Rights):
            msg = f"it returned {type(given).__name__}, not Rights"
            raise TypeError(msg)
        self._gateway.rights = given

    def people_act(self, act: Callable[[object], object]) -> None:
        """Let people act on their own."""
        act(self._desk)

    def _read(self) -> dict[str, str]:
        """Give what the workspace holds now; what is no text is left out."""
        texts: dict[str, str] = {}
        if self._folder is None:
            return texts
        for file in sorted(one for one in self._folder.rglob("*") if one.is_file()):
            with contextlib.suppress(UnicodeDecodeError):
                texts[file.relative_to(self._folder).as_posix()] = file.read_text(encoding="utf-8")
        return texts

    def _write(self, folder: Path, contents: Mapping[str, str | bytes]) -> None:
        for name, content in contents.items():
            if name.startswith(HOME):
                continue
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
