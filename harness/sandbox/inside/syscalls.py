"""The calls of Linux that Python has no function for: namespaces, mounts, prctl, seccomp."""

from __future__ import annotations

import ctypes
import functools
import os

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x00020000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)

MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
ATTR_RDONLY, ATTR_NOSUID = 1, 2

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38

_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE = -100, 0x1000, 0x8000
_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442  # the same on every machine since Linux 5.1
_SECCOMP = {"x86_64": 317, "aarch64": 277}


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    """Leave the namespaces of these flags for new ones."""
    _check(_libc().unshare(flags), "unshare")


def prctl(option: int, value: int) -> None:
    """Set one property of this process."""
    _check(_libc().prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """Mount a file system."""
    texts = [one.encode() if one else None for one in (source, target, kind)]
    result = _libc().mount(*texts, ctypes.c_ulong(flags), data.encode() if data else None)
    _check(result, f"mount {target}")


def open_tree(path: str) -> int:
    """Give a copy of what is mounted at a path, with all below, hanging nowhere; a file descriptor."""
    flags = 1 | os.O_CLOEXEC | _AT_RECURSIVE  # OPEN_TREE_CLONE
    return _check(_libc().syscall(_OPEN_TREE, _AT_FDCWD, path.encode(), ctypes.c_uint(flags)), f"open_tree {path}")


def move_mount(tree: int, target: str) -> None:
    """Hang a copy at a path."""
    result = _libc().syscall(_MOVE_MOUNT, tree, b"", _AT_FDCWD, target.encode(), ctypes.c_uint(4))
    _check(result, f"move_mount {target}")


def mount_setattr(place: int | str, attributes: int) -> None:
    """Add attributes to a mount and all below it: to a copy, or to what is mounted at a path."""
    sizes = (ctypes.c_uint64 * 4)(attributes, 0, 0, 0)
    folder, path, flags = (_AT_FDCWD, place.encode(), _AT_RECURSIVE) if isinstance(place, str) else (place, b"", 0x9000)
    _check(
        _libc().syscall(_MOUNT_SETATTR, folder, path, ctypes.c_uint(flags), ctypes.byref(sizes), ctypes.c_size_t(32)),
        f"mount_setattr {place}",
    )


def seccomp_listener(program: bytes) -> int:
    """Put a filter on this thread, and on all it becomes and starts; gives the descriptor at which its questions arrive."""
    buffer = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    wanted = Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    number = _SECCOMP.get(os.uname().machine)
    if number is None:
        raise OSError(38, f"programs cannot be watched on {os.uname().machine}")
    return _check(
        _libc().syscall(number, ctypes.c_uint(1), ctypes.c_uint(8), ctypes.byref(wanted)),  # a filter with a listener
        "seccomp",
    )
