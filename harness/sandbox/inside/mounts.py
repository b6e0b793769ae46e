"""A file system in which only the agent's own places can be written, and the user's own cannot be seen."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence

from askfirst.harness.sandbox.inside import syscalls as calls

DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
SCRATCH = ("/tmp", "/var/tmp", "/run")  # noqa: S108 - they are the sandbox's own
LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"}


def wall_off(*, own: Sequence[str], seen: Sequence[str], covered: Sequence[str], files: dict[str, str]) -> None:
    """Make everything read-only but `own`; cover `covered` with emptiness, through which only `own` and `seen` show.

    `files` are laid over files of the system: path to the file that is to be there.
    """
    calls.mount("", "/", "", calls.MS_REC | calls.MS_PRIVATE)
    kept = {path: calls.open_tree(path) for path in own if os.path.exists(path)}
    shown = {path: calls.open_tree(path) for path in seen if os.path.exists(path)}
    laid = {path: calls.open_tree(file) for path, file in files.items()}
    devices = {f"/dev/{name}": calls.open_tree(f"/dev/{name}") for name in DEVICES if os.path.exists(f"/dev/{name}")}
    nothing = calls.open_tree("/dev/null")
    calls.mount_setattr("/", calls.ATTR_RDONLY | calls.ATTR_NOSUID)
    for tree in (*shown.values(), *laid.values(), nothing):
        calls.mount_setattr(tree, calls.ATTR_RDONLY | calls.ATTR_NOSUID)
    # The outer ones first: what lies within them is then covered already, or shown again below.
    for path in sorted(covered, key=len):
        if os.path.isdir(path):
            _empty(path)
            if not any(one.startswith(f"{path}/") for one in (*own, *seen)) and path not in SCRATCH:
                calls.mount_setattr(path, calls.ATTR_RDONLY)
        elif os.path.exists(path):
            calls.move_mount(nothing, path)
            nothing = calls.open_tree("/dev/null")
    _devices(devices)
    for path, tree in sorted({**shown, **kept}.items(), key=lambda one: len(one[0])):
        _make_room(path, os.path.isdir(f"/proc/self/fd/{tree}"))
        calls.move_mount(tree, path)
    _proc()
    for path, tree in laid.items():
        with contextlib.suppress(OSError):
            calls.move_mount(tree, os.path.realpath(path))
    for tree in (*kept.values(), *shown.values(), *laid.values(), *devices.values(), nothing):
        with contextlib.suppress(OSError):
            os.close(tree)


def _empty(path: str) -> None:
    calls.mount("tmpfs", path, "tmpfs", calls.MS_NOSUID | calls.MS_NODEV, "mode=0755")


def _proc() -> None:
    """Show the processes of the sandbox alone, and of those not the one that holds it."""
    flags = calls.MS_NOSUID | calls.MS_NODEV | calls.MS_NOEXEC
    try:
        calls.mount("proc", "/proc", "proc", flags, "hidepid=2")
    except OSError:
        calls.mount("proc", "/proc", "proc", flags)


def _devices(devices: dict[str, int]) -> None:
    _empty("/dev")
    for path, tree in devices.items():
        _make_room(path, folder=False)
        calls.move_mount(tree, path)
    for name, target in LINKS.items():
        os.symlink(target, f"/dev/{name}")
    os.mkdir("/dev/shm", 0o1777)  # noqa: S108 - it is made here, of nobody's use before
    os.mkdir("/dev/pts")
    with contextlib.suppress(OSError):
        calls.mount("devpts", "/dev/pts", "devpts", calls.MS_NOSUID | calls.MS_NOEXEC, "newinstance,ptmxmode=0666")
        os.symlink("pts/ptmx", "/dev/ptmx")


def _make_room(path: str, folder: bool) -> None:  # noqa: FBT001 - the second word of a sentence
    """Make sure that something can be mounted at a path."""
    if os.path.exists(path):
        return
    os.makedirs(path if folder else os.path.dirname(path), exist_ok=True)
    if not folder:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))
