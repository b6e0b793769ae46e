"""The agent's own HOME: shell start-up files that keep PATH in every kind of shell, and the profiles of the AWS clients."""

from __future__ import annotations

import configparser
import io
import shlex
from collections.abc import Mapping
from pathlib import Path

from askfirst.harness.errors import UsageError

START_UP = (".profile", ".bash_profile", ".bashrc", ".zshenv", ".zprofile")
"""Login shells set PATH anew (/etc/profile); who reads these afterwards has ours again."""

KEPT = ("PATH", "AWS_ENDPOINT_URL", "AWS_PAGER")


def furnish(
    home: Path, environment: Mapping[str, str], accounts: Mapping[str, str], role: tuple[str, str, str]
) -> None:
    """Write what a HOME holds. `accounts` are ids by name; `role` is the home account's name, a role, and a partition."""
    home.mkdir(parents=True, exist_ok=True)
    lines = [f"export {name}={shlex.quote(environment[name])}" for name in KEPT if name in environment]
    for name in START_UP:
        (home / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    (home / ".gitconfig").write_text(
        "[user]\n\tname = ops\n\temail = ops@localhost\n[init]\n\tdefaultBranch = main\n", encoding="utf-8"
    )
    folder = home / ".aws"
    folder.mkdir(exist_ok=True)
    config, credentials = profiles(environment, accounts, role)
    (folder / "config").write_text(config, encoding="utf-8")
    (folder / "credentials").write_text(credentials, encoding="utf-8")
    (folder / "credentials").chmod(0o600)


def add(home: Path, texts: Mapping[str, str]) -> None:
    """Add texts to files of a HOME: a profile to `.aws/credentials`, a line to `.netrc`; what is not there is made."""
    for name, text in texts.items():
        file = home / name
        if not file.resolve().is_relative_to(home.resolve()):
            msg = f"the scenario puts {name!r} into HOME, which leads out of it: write a path within"
            raise UsageError(msg)
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(before + text, encoding="utf-8")


def profiles(
    environment: Mapping[str, str], accounts: Mapping[str, str], role: tuple[str, str, str]
) -> tuple[str, str]:
    """Give `config` and `credentials`: the agent's keys, and for every other account the role of the same name there."""
    home, name, partition = role
    region = environment.get("AWS_DEFAULT_REGION", "")
    base = {
        "region": region,
        "output": "json",
        "cli_pager": "",
        "endpoint_url": environment.get("AWS_ENDPOINT_URL", ""),
    }
    config = configparser.ConfigParser(interpolation=None)
    credentials = configparser.ConfigParser(interpolation=None)
    config.read_dict({"default": base, f"profile {home}": base})
    keys = {
        key.lower(): environment[key]
        for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        if environment.get(key)
    }
    credentials.read_dict({"default": keys, home: keys})
    for other, account in accounts.items():
        if other != home:
            arn = f"arn:{partition}:iam::{account}:role/{name}"
            config[f"profile {other}"] = {**base, "role_arn": arn, "source_profile": "default"}
    return _text(config), _text(credentials)


def _text(parser: configparser.ConfigParser) -> str:
    file = io.StringIO()
    parser.write(file)
    return file.getvalue()
