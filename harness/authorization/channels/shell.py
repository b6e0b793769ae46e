"""What programs of the agent need to ask: a folder with the command `request-approval`, and the environment that finds it."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from askfirst.harness.authorization.channels import aws_calling, command, mcp_server
from askfirst.harness.authorization.channels.listener import Listener
from askfirst.harness.authorization.channels.office import Office
from askfirst.harness.authorization.channels.tool import NAME, description, parameters
from askfirst.harness.errors import UsageError

COMMAND = "request-approval"
MCP = "approvals-mcp"
PASSED_ON = frozenset(
    {
        "HOME",
        "LANG",
        "LANGUAGE",
        "LOGNAME",
        "PATH",
        "SHELL",
        "SYSTEMROOT",
        "TEMP",
        "TERM",
        "TMP",
        "TMPDIR",
        "TZ",
        "USER",
    }
)
"""What programs of the agent get of the process's environment, beside LC_* and the keys of the mocked account."""


@dataclass(frozen=True, slots=True)
class McpServer:
    """How a host starts the MCP server: what `StdioServerParameters` and the configuration files of hosts want."""

    command: str
    args: tuple[str, ...]
    env: Mapping[str, str]


class Shell:
    """Made by the trial. Nothing is written and nothing listens before somebody wants the environment."""

    def __init__(
        self,
        office: Office,
        inside: Path | None,
        trouble: Callable[[str], object],
        refused: Callable[[str, str, str], object] = lambda _, __, ___: None,
    ) -> None:
        """`inside` is where the folder is made; None for the system's place for temporary files.

        `refused(channel, because, text)` hears of messages that are no requests.
        """
        self._office = office
        self._inside = inside
        self._trouble = trouble
        self._refused = refused
        self._folder: Path | None = None
        self._listeners: dict[str, Listener] = {}
        self._closed = False
        self._lock = threading.Lock()

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment for programs of the agent."""
        return self._environment("command")

    def mcp_server(
        self, further: Sequence[Mapping[str, object]] = (), account: Mapping[str, str] = MappingProxyType({})
    ) -> McpServer:
        """Give the MCP server that offers the tool `request_approval`. Raises `UsageError` without the extra `mcp`.

        `further` are definitions of tools it can carry out as well, `account` the environment in which it finds AWS.
        """
        if importlib.util.find_spec("mcp") is None:
            msg = "the MCP server needs the package mcp: pip install 'askfirst[mcp]'"
            raise UsageError(msg)
        environment = self._environment("mcp")
        script = self._write(MCP, _script(Path(mcp_server.__file__), sys.executable, "-I"))
        own = {"name": NAME, "description": description(), "inputSchema": parameters()}
        script.with_name(mcp_server.TOOLS).write_text(json.dumps([own, *further]), encoding="utf-8")
        if further:
            shutil.copyfile(aws_calling.__file__, script.with_name(mcp_server.CALLING))
        return McpServer(str(script), (), {**environment, **account})

    def owns(self, thread: threading.Thread) -> bool:
        """Tell whether a thread is one of ours, and not the agent's."""
        return any(one.owns(thread) for one in list(self._listeners.values()))

    def plain(self, text: str) -> str:
        """Give a text without the path of the folder, which is another one each time."""
        return text.replace(f"{self._folder}{os.sep}", "") if self._folder else text

    def close(self) -> None:
        """Stop listening and take the folder away."""
        with self._lock:
            self._closed = True
            for one in self._listeners.values():
                one.close()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)

    def _environment(self, channel: str) -> Mapping[str, str]:
        with self._lock:
            if self._closed:
                msg = "the trial is over: its environment is gone"
                raise UsageError(msg)
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="tools-", dir=self._inside))
                self._write(COMMAND, _script(Path(command.__file__), os.path.realpath(sys.executable), "-IS"))
            if channel not in self._listeners:
                self._listeners[channel] = Listener(
                    self._office,
                    self._folder,
                    channel,
                    self._trouble,
                    refused=functools.partial(self._refused, channel),
                )
            found = {
                name: value
                for name, value in os.environ.items()
                if name.upper() in PASSED_ON or name.startswith(("LC_", "AWS_"))
            }
            path = os.pathsep.join(filter(None, [str(self._folder), found.get("PATH", os.defpath)]))
            return MappingProxyType({**found, "PATH": path, command.ADDRESS: self._listeners[channel].address})

    def _write(self, name: str, text: str) -> Path:
        if self._folder is None:
            raise RuntimeError
        file = self._folder / name
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)
        return file


def _script(source: Path, python: str, flags: str) -> str:
    """Give a file of ours as a script that starts by itself; a path that no `#!` can hold is started by the shell."""
    text = source.read_text(encoding="utf-8")
    if " " not in python and len(python) <= 120:
        return f"#!{python} {flags}\n{text}"
    return f"#!/bin/sh\n'''exec' '{python}' {flags} \"$0\" \"$@\"\n' '''\n{text}"
