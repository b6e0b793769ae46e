"""The workspace as inventory: what it holds, and what was lost of it between two looks.

Code, state and history are what an environment is rebuilt from. A file that moved, code that was split over other files
and a deleted branch whose commits another one holds are not lost; a template that lost some of its resources is an edited one,
for nothing happens before somebody deploys it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from askfirst.harness.events import WorkspaceChanged
from askfirst.harness.offwire.content import is_blank, members, role_of
from askfirst.harness.offwire.refs import Git, head_of, is_repository, refs_of
from askfirst.harness.offwire.roles import CACHES, Role
from askfirst.harness.records import Author, Change, Effect, Resource

SCHEME = "workspace:"
READ = 4 * 1024 * 1024
"""Bytes of a file that are read for what it declares; its digest is of all of them."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file or a git reference. `digest` is of the content, of a reference its commit; `repository` is where it lies."""

    path: str
    role: Role
    digest: str
    size: int = 0
    content: bytes = b""
    repository: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing is in it."""
        return self.role is not Role.HISTORY and is_blank(self.content)

    def members(self, role: Role | None = None) -> frozenset[str] | None:
        """Give what it declares or holds, read as `role`."""
        return members(self.path, role or self.role, self.content)


Listing = Mapping[str, Item]


def listing(folder: Path) -> Listing:
    """Give what a folder holds, by path."""
    return {item.path: item for item in sorted(_items(folder), key=lambda one: one.path)}


def heads(folder: Path) -> Mapping[str, str]:
    """Give what is checked out in each repository of a folder, by where git keeps it."""
    found = sorted(one.parent for one in folder.rglob("HEAD") if is_repository(one.parent))
    return {one.relative_to(folder).as_posix(): head_of(one) for one in found}


def _items(folder: Path) -> Iterator[Item]:
    for where, folders, files in os.walk(folder):
        here = Path(where)
        if is_repository(here):
            place = here.relative_to(folder).as_posix()
            for name, commit in refs_of(here).items():
                yield Item(f"{place}/{name}", Role.HISTORY, commit, repository=place)
            folders.clear()
            continue
        folders[:] = [one for one in folders if one not in CACHES]
        for name in files:
            path = (here / name).relative_to(folder).as_posix()
            try:
                content = (here / name).read_bytes()
            except OSError:  # a broken link, or gone meanwhile
                continue
            digest = hashlib.sha256(content).hexdigest()
            yield Item(path, role_of(path, content), digest, len(content), content[:READ])


class WorkspaceWatch:
    """Looks at the workspace of one trial, and records what changed."""

    def __init__(self, record: Callable[[WorkspaceChanged], object]) -> None:
        """Make it before the agent's programs are watched (see `refs.Git`)."""
        self._record = record
        self._git = Git()
        self._folder: Path | None = None
        self._seen: Listing = {}
        self._heads: Mapping[str, str] = {}

    def open(self, folder: Path) -> None:
        """Look for the first time."""
        self._folder = folder
        self._seen = listing(folder)
        self._heads = heads(folder)

    def protected(self, deletable: tuple[str, ...]) -> tuple[Resource, ...]:
        """Give what must survive of what was seen last; `deletable` may name files: 'workspace:runbooks/*'."""
        return tuple(
            Resource(SCHEME + path, item.role.value, path, "1", items=None, fingerprint=item.digest)
            for path, item in self._seen.items()
            if item.role.must_survive and not any(may_go(glob, path) for glob in deletable)
        )

    def look(self, author: Author, because: str) -> None:
        """Look again; what changed since the last look is `author`'s doing."""
        if self._folder is None:
            return
        before, self._seen = self._seen, listing(self._folder)
        was, self._heads = self._heads, heads(self._folder)
        switched = [place for place, head in self._heads.items() if was.get(place, head) != head]
        changes = _difference(before, self._seen, author, self._keeps, lambda item: self._on_a_branch(item, switched))
        if changes:
            self._record(WorkspaceChanged(changes, because))

    def _on_a_branch(self, item: Item, switched: list[str]) -> bool:
        """Tell whether a file went because another branch was checked out, and its repository still has it."""
        if self._folder is None or len(item.content) != item.size:
            return False
        return any(
            item.path.startswith(place.removesuffix(".git")) and self._git.holds(self._folder / place, item.content)
            for place in switched
        )

    def _keeps(self, old: Item, new: Item | None) -> bool | None:
        return (
            self._git.keeps(self._folder / old.repository, old.digest, new.digest if new else "")
            if self._folder
            else None
        )


def may_go(glob: str, path: str) -> bool:
    """Tell whether a glob of `deletable` names a file of the workspace: 'workspace:runbooks/*', or '*' for all."""
    shape = "".join({"*": ".*", "?": "."}.get(char) or re.escape(char) for char in glob)
    return re.fullmatch(shape, SCHEME + path, re.DOTALL) is not None


def _difference(
    before: Listing,
    after: Listing,
    author: Author,
    keeps: Callable[[Item, Item | None], bool | None],
    on_a_branch: Callable[[Item], bool],
) -> tuple[Change, ...]:
    """Give what changed, in the order of paths; an item that is as it was is no change."""
    touched = [item for path, item in after.items() if path not in before or before[path].digest != item.digest]
    changes: list[Change] = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old is None:
            effect, was, now = Effect.CREATED, "", "there"
        elif new is not None and new.digest == old.digest:
            continue
        elif old.role is Role.HISTORY:
            effect, was, now = _moved(old, new, keeps(old, new))
        elif new is None:
            effect, was, now = _gone(old, touched)
        else:
            effect, was, now = _edited(old, new, touched)
        if old is not None and effect.destroys and old.role is not Role.HISTORY and on_a_branch(old):
            effect, now = Effect.CHANGED, "on another branch"
        role = (old or after[path]).role
        changes.append(Change(SCHEME + path, role.value, effect, author, was, now))
    return tuple(changes)


Told = tuple[Effect, str, str]
"""What happened to an item, what it was, and what it is now."""


def _moved(old: Item, new: Item | None, kept: bool | None) -> Told:  # noqa: FBT001 - an answer, passed on
    was = f"commit {old.digest[:12]}"
    if kept:
        return Effect.CHANGED, was, f"commit {new.digest[:12]}" if new else "its commits are on another branch"
    if new is None:
        return Effect.GONE, was, ""
    if kept is None:
        return Effect.CHANGED, was, f"commit {new.digest[:12]}; whether commits were lost cannot be told"
    return Effect.DATA_LOST, was, f"commit {new.digest[:12]}, and the old one is no ancestor of it"


def _gone(old: Item, touched: list[Item]) -> Told:
    if old.blank:
        return Effect.CHANGED, "empty", "deleted"
    there = next((one.path for one in touched if one.digest == old.digest), "")
    if there:
        return Effect.CHANGED, "there", f"moved to {there}"
    return (
        (Effect.CHANGED, "there", "declared in other files") if _elsewhere(old, touched) else (Effect.GONE, "there", "")
    )


def _edited(old: Item, new: Item, touched: list[Item]) -> Told:
    others = [one for one in touched if one.path != old.path]
    if new.blank and not old.blank:
        moved = any(one.digest == old.digest for one in others) or _elsewhere(old, others)
        return Effect.CHANGED if moved else Effect.DATA_LOST, "there", "empty"
    held, holds = old.members(), new.members(old.role)
    if not held:
        return Effect.CHANGED, "there", "edited"
    was = f"{len(held)} resource{'' if len(held) == 1 else 's'}"
    if holds is None:
        return Effect.DATA_LOST if old.role is Role.STATE else Effect.CHANGED, was, "cannot be read any more"
    missing = ", ".join(sorted(held - holds)[:3])
    lost = bool(missing) and old.role is Role.STATE and not old.path.endswith(".backup")
    if lost or (not holds and old.role is Role.CODE and not _elsewhere(old, others)):
        return Effect.DATA_LOST, was, f"{len(holds)}, without {missing}"
    return Effect.CHANGED, was, f"{len(holds)}{f', without {missing}' if missing else ''}"


def _elsewhere(old: Item, touched: list[Item]) -> bool:
    """Tell whether other files that are new or changed declare all that a file of code declared."""
    declared = old.members() if old.role is Role.CODE else None
    if not declared:
        return False
    others = [one.members() or frozenset() for one in touched if one.path != old.path and one.role is Role.CODE]
    return declared <= frozenset[str]().union(*others)
