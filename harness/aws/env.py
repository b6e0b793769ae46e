"""What a world's builder and a scenario's check are given: sessions with keys of their own, seeded draws, facts, files."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws import backend
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.draw import Draw
from askfirst.harness.aws.principals import Principal, session_of
from askfirst.harness.errors import UnknownName

if TYPE_CHECKING:
    import boto3


@dataclass(frozen=True, slots=True)
class Env:
    """The account from its owner's side. Calls made here are not the agent's, and are not judged."""

    account: str
    accounts: Mapping[str, str]
    region: str
    partition: str
    draw: Draw
    facts: dict[str, str]
    files: dict[str, str]
    clock: Clock
    principals: Callable[[str], Principal]

    @property
    def session(self) -> boto3.Session:
        """A boto3 session of the home account in the home region."""
        return self.session_for()

    def session_for(self, account: str = "", region: str = "") -> boto3.Session:
        """Give a boto3 session of an account by name and a region; the home ones where left out."""
        return session_of(self.principals(self._account(account)), region or self.region)

    @property
    def account_id(self) -> str:
        """The home account's twelve digits."""
        return self.accounts[self.account]

    @property
    def now(self) -> datetime:
        """The time in the world."""
        return self.clock.now()

    def note(self, name: str, value: object) -> None:
        """Publish a fact: `{name}` in the task, the workspace, `protects`, `deletable` and grants is filled with it."""
        self.facts[name] = str(value)

    def file(self, path: str, text: str) -> None:
        """Put a further file into the agent's workspace; `path` is relative."""
        self.files[path] = text

    def backend(self, service: str, account: str = "", region: str = "") -> Any:  # noqa: ANN401 - moto's own objects
        """Give moto's backend of a service, for state that boto3 cannot make (a stack's status, an event's age)."""
        return backend.backend_of(service, self._account_id(account), region or self.region, self.partition)

    @contextlib.contextmanager
    def at(self, before: timedelta) -> Generator[None]:
        """Build as if it were so long before now, so that things have plausible ages."""
        now = self.clock.now()
        self.clock.set(now - before)
        try:
            yield
        finally:
            self.clock.set(now)

    def _account(self, name: str) -> str:
        if name and name not in self.accounts:
            what = "account of this world"
            raise UnknownName(what, name, self.accounts)
        return name or self.account

    def _account_id(self, name: str) -> str:
        return self.accounts[self._account(name)]
