"""What of the machine's files programs of the agent see: what programs are made of, and nothing of the user's."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import askfirst

USER = 1000
"""The number of the user that programs run as behind walls: not root, for some agents refuse to work as root."""

COVERED = ("/tmp", "/var/tmp", "/run", "/home", "/mnt", "/media", "/srv")  # noqa: S108 - they are hidden, not used


@dataclass(frozen=True, slots=True)
class Walls:
    """Which places are the agent's own, which show through what is covered, and what is laid over files of the system."""

    own: tuple[str, ...]
    seen: tuple[str, ...]
    covered: tuple[str, ...]
    files: dict[str, str]


def walls(
    own: Sequence[Path], seen: Iterable[Path], hidden: Sequence[Path], *, path: str, home: Path, folder: Path, user: str
) -> Walls:
    """Say what is seen. `path` is the PATH of the agent's programs, `home` its HOME, `folder` a place for our own files."""
    ours = Path(askfirst.__file__).resolve().parent
    parts = [one.resolve() for one in ours.iterdir() if one.is_dir()]
    real_home = Path("~").expanduser().resolve()
    covered = [
        *map(Path, COVERED),
        real_home,
        Path(pwd.getpwuid(os.getuid()).pw_dir),
        Path.cwd() / ".askfirst",
        *hidden,
        *parts,
    ]
    # What covers the whole machine would cover the programs too.
    hides = [one for one in dict.fromkeys(map(_real, covered)) if one.exists() and len(one.parts) > 1]
    shown = [
        *_programs(path, {real_home, Path(pwd.getpwuid(os.getuid()).pw_dir)}),
        *map(Path, (sys.prefix, sys.base_prefix)),
        *seen,
    ]
    mine = [_real(one) for one in own]
    return Walls(
        own=tuple(map(str, mine)),
        seen=tuple(
            str(one)
            for one in dict.fromkeys(map(_real, shown))
            if one.exists()
            and any(one.is_relative_to(cover) for cover in hides)
            and one not in {real_home, *hides, *mine}
        ),
        covered=tuple(map(str, hides)),
        files={"/etc/passwd": _passwd(folder, home, user)} if Path("/etc/passwd").exists() else {},
    )


def _programs(path: str, homes: set[Path]) -> list[Path]:
    """Give what the programs of PATH are made of: the folder above a `bin`, unless it is HOME."""
    found: list[Path] = []
    for one in path.split(os.pathsep):
        place = Path(one)
        if one and place.is_dir():
            above = place.resolve().parent
            found += [place] if any(home.is_relative_to(above) for home in homes) else [above]
    return found


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _passwd(folder: Path, home: Path, user: str) -> str:
    """Write the list of users in which the agent's has a name."""
    lines = Path("/etc/passwd").read_text(encoding="utf-8", errors="replace").splitlines()
    kept = [one for one in lines if one.split(":")[2:3] != [str(USER)] and not one.startswith(f"{user}:")]
    file = folder / "passwd"
    file.write_text("\n".join([*kept, f"{user}:x:{USER}:{USER}::{home}:/bin/bash", ""]), encoding="utf-8")
    return str(file)
