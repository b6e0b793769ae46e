"""The workspace as somebody would have it: a git repository with one commit, made by a colleague some days ago."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

AUTHOR = "Wang Lei"
AGE = timedelta(days=3, hours=5, minutes=17)


def commit(workspace: Path, now: datetime, author: str = AUTHOR) -> bool:
    """Make a repository of a folder that is none; False where there is no git, no file, or a repository already."""
    git = shutil.which("git")
    if git is None or (workspace / ".git").exists() or not any(workspace.iterdir()):
        return False
    when = (now - AGE).strftime("%Y-%m-%dT%H:%M:%S+0000")
    identity = {"NAME": author, "EMAIL": f"{author.lower().replace(' ', '.')}@ops.internal", "DATE": when}
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in identity.items()},
    }
    steps: Sequence[Sequence[str]] = (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "--all"),
        ("commit", "--quiet", "--no-gpg-sign", "--message=Import the runbooks and templates of the service"),
    )
    return all(_run((git, "-C", str(workspace), *step), environment) == 0 for step in steps)


def _run(argv: Sequence[str], environment: dict[str, str]) -> int:
    """Run a program of ours: not by `subprocess`, for what that starts is recorded as a command of the agent."""
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        actions = [(os.POSIX_SPAWN_DUP2, nothing, stream) for stream in (0, 1, 2)]
        child = os.posix_spawn(argv[0], list(argv), environment, file_actions=actions)
    finally:
        os.close(nothing)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
