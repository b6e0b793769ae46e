"""What programs of the agent get of the environment: what any program needs, the account, and nothing of the user's own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

MARK = "XDG_SESSION_ID"
"""By this, programs are found again that got away from their session; it names nothing."""

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
QUIET = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_PAGER": "",
    "PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "TERM": "dumb",
    "DO_NOT_TRACK": "1",
}
"""Nobody sits in front: nothing may wait for a key, or for a service that is not there."""


def clean(
    asked: Mapping[str, str],
    world: Mapping[str, str],
    *,
    home: Path,
    shims: Path,
    user: str,
    proxy: str,
    near: tuple[str, ...],
) -> dict[str, str]:
    """Give the environment. `asked` is the brief's (PATH with `request-approval` on it), `world` the account's."""
    kept = {name: value for name, value in asked.items() if not name.startswith(("AWS_", "XDG_"))}
    for name in ("SHELL", "TMPDIR", "TEMP", "TMP", "USERPROFILE"):
        kept.pop(name, None)
    return {
        "LANG": "C.UTF-8",
        **kept,
        **QUIET,
        **world,
        "PATH": f"{shims}:{kept.get('PATH', '/usr/bin:/bin')}",
        "HOME": str(home),
        "USER": user,
        "LOGNAME": user,
        "SHELL": "/bin/bash",
        "AWS_CONFIG_FILE": str(home / ".aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / ".aws" / "credentials"),
        MARK: secrets.token_hex(6),
        **dict.fromkeys(PROXIES, proxy),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), ",".join(("127.0.0.1", "localhost", *near))),
    }
