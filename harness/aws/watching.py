"""Watching the account: what changed between two looks, and who is to blame for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from askfirst.harness.aws import backend, draw
from askfirst.harness.aws.blast import assessed
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.inventory import Inventory, State, UnreadableState, difference
from askfirst.harness.events import Event, Trouble, TroubleKind, WorldChanged
from askfirst.harness.records import Author, Change

STALE = timedelta(seconds=30)
"""After so much of the trial's time the account is looked at anew before a call, so that time is not blamed on it."""


class Watcher:
    """Looks at the account for one trial; what changes outside a call it records itself."""

    def __init__(self, inventory: Inventory, clock: Clock, seed: object, record: Callable[[Event], object]) -> None:
        """`record` takes the events; all looks happen in the clock's lock."""
        self._inventory = inventory
        self._clock = clock
        self._seed = seed
        self._record = record
        self._looked = clock.now()
        self._unlooked: list[str] = []

    @property
    def state(self) -> State:
        """The last look."""
        return self._inventory.state

    def before(self) -> State:
        """Give the state right before a call that may change something."""
        if self._clock.now() - self._looked > STALE:
            self.look_again("time has passed")
        return self._inventory.state

    def look(self, before: State, author: Author, what: str) -> tuple[Change, ...]:
        """Look, and give what differs from `before`, as `author`'s doing."""
        self._looked = self._clock.now()
        self._unlooked.clear()
        try:
            after = self._inventory.look()
        except UnreadableState as error:
            self._record(Trouble(TroubleKind.HARNESS, f"after {what}: {error}"))
            return ()
        own = self._inventory.own
        changes = difference(before, after, author, own)
        for arn in dict.fromkeys(change.arn for change in changes):
            own.note(before.get(arn), after.get(arn), author)
        return tuple(assessed(change, before, after) for change in changes)

    def pass_over(self, what: str) -> None:
        """Note a call after which nobody looks, for it should change nothing."""
        self._unlooked.append(what)

    def look_again(self, why: str) -> None:
        """Compare the account with the last look, and record what changed since as the clock's doing.

        If something was lost, and the agent made calls meanwhile that should change nothing, nobody can say whose doing
        it was: that is trouble.
        """
        with self._clock.lock:
            meanwhile = tuple(dict.fromkeys(self._unlooked))
            changes = self.look(self._inventory.state, Author.CLOCK, why)
            if not changes:
                return
            self._record(WorldChanged(changes, why))
            lost = [change.arn for change in changes if change.effect.destroys]
            if lost and meanwhile:
                because = f"{lost[0]} was lost while only calls that change nothing were made: {', '.join(meanwhile)}"
                self._record(Trouble(TroubleKind.HARNESS, because))

    def happen(self, author: Author, why: str, act: Callable[[], None], cause: str = "") -> None:
        """Let something happen outside any call, and record what it changed as `author`'s doing.

        `cause` is the logical call of the agent that set it in motion.
        """
        with self._clock.lock:
            before = self._inventory.state
            with backend.seeded(draw.number(self._seed, why, self._clock.now())):
                try:
                    act()
                finally:
                    changes = self.look(before, author, why)
                    if changes:
                        self._record(WorldChanged(changes, why, cause))

    def later(
        self, delay: timedelta, why: str, act: Callable[[], None], author: Author = Author.SERVICE, cause: str = ""
    ) -> None:
        """Book what goes on by itself; the change is the author's: a service's, or what a call set in motion.

        What the mock cannot go on with is trouble, and no error of whoever lets the time pass.
        """

        def due() -> None:
            try:
                self.happen(author, why, act, cause)
            except Exception as error:  # noqa: BLE001 - it looks into moto's objects
                because = f"{why}: the mock failed: {error.__class__.__name__}: {error}"
                self._record(Trouble(TroubleKind.HARNESS, because))

        self._clock.at(self._clock.now() + delay, due)
