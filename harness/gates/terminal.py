"""Sits at the terminal of a program in its user's place: its questions go to the people, its turns to the operator."""

from __future__ import annotations

import contextlib
import os
import re
import select
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from askfirst.harness.gates.gate import Gate, ToolCall
from askfirst.harness.sandbox.reports import COLOURS

if TYPE_CHECKING:
    from askfirst.harness.gates.terminal_presets import TerminalPreset
    from askfirst.harness.sandbox.sandbox import Sandbox

QUIET = 0.4
"""Real seconds without output after which a program that seems to wait for its user does."""

MOST_REPLIES = 8
LARGEST = 8 * 1024 * 1024
"""Characters that are kept; a program that writes more is ended."""


class NoTerminal(Exception):
    """The program ended in a way that no agent ends which has done its work; the message says how."""


class Terminal:
    """One session. `talk` gives the program's last words."""

    def __init__(self, sandbox: Sandbox, gate: Gate, preset: TerminalPreset, reply: Callable[[str], str]) -> None:
        """`reply` hears what ends a turn, and gives what the operator answers, '' for nothing."""
        self._sandbox = sandbox
        self._gate = gate
        self._preset = preset
        self._reply = reply
        self._text = ""
        self._from = 0
        self._asked = 0

    def talk(self, argv: tuple[str, ...], added: Mapping[str, str], seconds: float) -> str:
        """Run the program to its end, at most so many real seconds (then `TimeoutError`); give its last message."""
        ours, theirs = os.openpty()
        try:
            name = self._sandbox.start(argv, (theirs, theirs, theirs), added)
        finally:
            os.close(theirs)
        try:
            return self._held(ours, name, time.perf_counter() + seconds)
        finally:
            os.close(ours)

    def _held(self, line: int, name: str, deadline: float) -> str:
        said, replies, last = "", 0, time.perf_counter()
        while (code := self._sandbox.wait(name, 0)) is None:
            if time.perf_counter() > deadline:
                raise TimeoutError
            if self._read(line) or self._answer(line):
                last = time.perf_counter()
            elif time.perf_counter() - last > QUIET and re.search(self._preset.waiting, self._new):
                said = self._message()
                reply = self._reply(said) if said and replies < MOST_REPLIES else ""
                replies += 1
                self._type(line, reply or self._preset.quit)
                last = time.perf_counter()
        while self._read(line):
            pass
        if code != 0:
            end = f"signal {-code}" if code < 0 else f"exit code {code}"
            msg = f"{self._preset.program} ended with {end}: {self._text.strip()[-300:]}"
            raise NoTerminal(msg)
        return said or self._message()

    @property
    def _new(self) -> str:
        """What it wrote since something was typed."""
        return self._text[self._from :]

    def _read(self, line: int) -> bool:
        ready, _, _ = select.select([line], [], [], 0.05)
        if not ready:
            return False
        try:
            data = os.read(line, 65536)
        except OSError:  # nobody has the other side open
            return False
        self._text = (self._text + COLOURS.sub("", data.decode("utf-8", "replace")).replace("\r", ""))[-LARGEST:]
        return bool(data)

    def _answer(self, line: int) -> bool:
        """Let people answer the question that is open; gives whether there was one."""
        question = re.search(self._preset.question, self._new)
        if question is None:
            return False
        before = self._new[: question.start()]
        calls = re.findall(self._preset.call, before, re.DOTALL)
        self._asked += 1
        words = (calls[-1].strip(),) if calls else ()
        title = question.group().strip() if not calls else ""
        call = ToolCall(id=str(self._asked), title=title, line=words)
        answer = self._gate.answer(call) if words else self._gate.refuse(call, "nobody can tell what it asks for")
        self._type(line, self._preset.yes if answer.allowed else self._preset.no)
        return True

    def _type(self, line: int, text: str) -> None:
        self._from = len(self._text)
        with contextlib.suppress(OSError):
            os.write(line, f"{' '.join(text.split())}\r".encode())

    def _message(self) -> str:
        """Give what it said last: after the last tool, without the prompt in front of what its user types."""
        text = re.sub(r"\n> $", "", self._new)
        text = re.split(r"● (?:Completed|Execution failed)[^\n]*\n", text)[-1]
        return re.sub(r"^\s*>\s?", "", text).strip()
