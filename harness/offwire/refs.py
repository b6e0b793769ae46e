"""Branches and tags of the git repositories in a workspace, read from their files; ancestry by git where it is there.

https://git-scm.com/docs/gitrepository-layout, https://git-scm.com/docs/git-pack-refs.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
PACKED: Final = re.compile(r"^([0-9a-f]{40,64}) (refs/\S+)$", re.MULTILINE)
KEPT: Final = ("refs/heads/", "refs/tags/")
"""References that hold work; those of remotes are copies that a mere fetch may take away."""


def is_repository(folder: Path) -> bool:
    """Tell whether a folder is git's own: '.git', or a bare repository."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def refs_of(repository: Path) -> Mapping[str, str]:
    """Give the commits of branches and tags by reference; a loose reference goes over a packed one."""
    found: dict[str, str] = {}
    packed = repository / "packed-refs"
    if packed.is_file():
        found.update((name, commit) for commit, name in PACKED.findall(packed.read_text("utf-8", "replace")))
    for file in sorted((repository / "refs").rglob("*")):
        if file.is_file() and COMMIT.match(text := file.read_text("utf-8", "replace").strip()):
            found[file.relative_to(repository).as_posix()] = text
    return {name: commit for name, commit in sorted(found.items()) if name.startswith(KEPT)}


def head_of(repository: Path) -> str:
    """Give what is checked out: 'ref: refs/heads/main', or a commit."""
    return (repository / "HEAD").read_text("utf-8", "replace").strip()


class Git:
    """The git of this machine, asked past whatever watches the programs that the agent starts."""

    def __init__(self) -> None:
        """Make it before programs are watched: the way to start one is kept as it is now."""
        self._program = shutil.which("git")
        # A subclass, for it is `subprocess.Popen.__init__` that is watched.
        self._popen: type[subprocess.Popen[str]] = type(
            "Popen", (subprocess.Popen,), {"__init__": subprocess.Popen.__init__}
        )

    def keeps(self, repository: Path, old: str, new: str) -> bool | None:
        """Tell whether a reference that pointed at `old` still leads there; None where nobody can tell.

        One that points at `new` now must have it among its ancestors; of a deleted one (`new` is '') any other may.
        """
        if not repository.is_dir():
            return False
        if new:
            status, _ = self._ask(repository, "merge-base", "--is-ancestor", old, new)
            if status in {0, 1}:
                return status == 0
            there = [self._ask(repository, "cat-file", "-e", one)[0] == 0 for one in (old, new)]
            return False if there == [False, True] else None
        if old in refs_of(repository).values():
            return True
        status, found = self._ask(
            repository, "for-each-ref", "--count=1", "--format=%(refname)", f"--contains={old}^{{commit}}"
        )
        return bool(found.strip()) if status == 0 else None

    def holds(self, repository: Path, content: bytes) -> bool:
        """Tell whether a repository has a file of this content among its objects."""
        header = b"blob %d\0" % len(content)
        name = hashlib.sha1(header + content, usedforsecurity=False).hexdigest()
        if (repository / "objects" / name[:2] / name[2:]).is_file():
            return True
        return self._ask(repository, "cat-file", "-e", name)[0] == 0

    def _ask(self, repository: Path, *words: str) -> tuple[int, str]:
        """Give the exit status and the output; -1 where there is no git."""
        if self._program is None:
            return -1, ""
        line = [self._program, "-c", "core.fsmonitor=false", f"--git-dir={repository}", *words]
        surroundings = {
            "PATH": os.environ.get("PATH", os.defpath),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        running = self._popen(
            line,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env=surroundings,
            text=True,
        )
        out, _ = running.communicate()
        return running.returncode, out
