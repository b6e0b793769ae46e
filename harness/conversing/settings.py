"""What stands in the environment about an agent on a model SDK, for the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

from askfirst.harness.conversing.budget import Budget, Price
from askfirst.harness.conversing.loop import SYSTEM
from askfirst.harness.errors import UsageError

N = TypeVar("N", int, float)

SETTINGS = {
    "ASKFIRST_API": "chat (usual) or responses",
    "ASKFIRST_STREAM": "1: let the model answer in pieces",
    "ASKFIRST_SHELL": "1: give the agent a shell, in a sandbox (openai:, langchain:)",
    "ASKFIRST_PROMPT": "a file with the instructions of the agent",
    "ASKFIRST_TURNS": "answers of the model, at most",
    "ASKFIRST_TOKENS": "tokens read and written, at most",
    "ASKFIRST_DOLLARS": "dollars, at most; needs ASKFIRST_PRICE",
    "ASKFIRST_PRICE": "dollars per million tokens read and written: 3/15",
    "ASKFIRST_SECONDS": "real seconds, at most",
    "ASKFIRST_BEDROCK_PROFILE": "the AWS profile that pays for a model on Bedrock, for agents that call one by brief.session",
    "ASKFIRST_BEDROCK_REGION": "where that model is, if not in the profile's region",
    "ASKFIRST_BEDROCK_URL": "a server in the place of Bedrock",
}


def api() -> str:
    """Give 'chat' or 'responses'."""
    found = os.environ.get("ASKFIRST_API") or "chat"
    if found not in {"chat", "responses"}:
        msg = f"ASKFIRST_API is {found!r}: say chat or responses"
        raise UsageError(msg)
    return found


def streams() -> bool:
    """Tell whether the model is to answer in pieces."""
    return _says_yes("ASKFIRST_STREAM")


def shell() -> bool:
    """Tell whether the agent is to have a shell."""
    return _says_yes("ASKFIRST_SHELL")


def _says_yes(name: str) -> bool:
    return os.environ.get(name, "") not in {"", "0", "false", "no"}


def system() -> str:
    """Give the instructions of the agent."""
    path = os.environ.get("ASKFIRST_PROMPT")
    if not path:
        return SYSTEM
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"ASKFIRST_PROMPT names a file that cannot be read: {path}: {error}"
        raise UsageError(msg) from error


def budget() -> Budget:
    """Give what the agent may spend."""
    usual = Budget()
    return Budget(
        turns=_number("ASKFIRST_TURNS", usual.turns, int),
        tokens=_number("ASKFIRST_TOKENS", usual.tokens, int),
        seconds=_number("ASKFIRST_SECONDS", usual.seconds, float),
        dollars=_number("ASKFIRST_DOLLARS", 0.0, float) or None,
        price=_price(),
    )


def _price() -> Price | None:
    text = os.environ.get("ASKFIRST_PRICE")
    if not text:
        return None
    try:
        read, written = map(float, text.split("/"))
    except ValueError:
        msg = f"ASKFIRST_PRICE is {text!r}: write dollars per million tokens read and written, as in 3/15"
        raise UsageError(msg) from None
    return Price(read=read, written=written)


def hosts_of(url: str) -> tuple[str, ...]:
    """Give the hosts by which a model at `url` is reached: its own, and a proxy of the user's."""
    proxies = (urlsplit(one).hostname for scheme, one in getproxies().items() if scheme in {"http", "https", "all"})
    return tuple(dict.fromkeys(one for one in (urlsplit(url).hostname, *proxies) if one))


def _number(name: str, usual: N, read: Callable[[str], N]) -> N:
    text = os.environ.get(name)
    if not text:
        return usual
    try:
        return read(text)
    except ValueError:
        msg = f"{name} is {text!r}: write a number"
        raise UsageError(msg) from None


def needs(module: str, package: str, extra: str) -> None:
    """Raise `UsageError` with what to install where a package is missing."""
    import importlib.util

    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:  # a folder of that name in the working directory is no package
        msg = f"this agent needs the package {package}: pip install 'askfirst[{extra}]'"
        raise UsageError(msg)


def openai_place(agent: str, model: str) -> tuple[str, str]:
    """Give base URL and key of a server that speaks OpenAI's API; what is missing raises `UsageError`."""
    if not model:
        msg = f"say which model: {agent}MODEL"
        raise UsageError(msg)
    url, key = os.environ.get("OPENAI_BASE_URL", ""), os.environ.get("OPENAI_API_KEY", "")
    if not (url or key):
        msg = "set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own that needs no key"
        raise UsageError(msg)
    return url or "https://api.openai.com/v1", key or "none"
