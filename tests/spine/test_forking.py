"""Promise: Control-C is heeded also when it comes while a trial is being forked."""

from __future__ import annotations

import subprocess
import sys

import pytest

INTERRUPTED = """
import os
import signal
from askfirst.harness.forking import fork

def control_c():
    os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, {answer})
os.register_at_fork(after_in_parent=control_c)  # where Python runs the answer to a Control-C, and drops what it raises
try:
    child = {fork}()
    if not child:
        signal.pause()
    print("goes on")
    os.kill(child, signal.SIGKILL)
except KeyboardInterrupt:
    print("interrupted")
try:
    print("ended with", os.waitpid(-1, 0)[1])
except ChildProcessError:
    print("no child is left")
"""


def _said(fork: str, answer: str) -> list[str]:
    program = INTERRUPTED.format(fork=fork, answer=answer)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("fork", "answer", "said"),
    [
        ("fork", "signal.default_int_handler", ["interrupted", "no child is left"]),
        ("fork", "lambda *_: print('noted', flush=True)", ["noted", "goes on", "ended with 9"]),
        ("fork", "signal.SIG_IGN", ["goes on", "ended with 9"]),
        ("os.fork", "signal.default_int_handler", ["goes on", "ended with 9"]),
    ],
)
def test_control_c_during_a_fork_is_not_lost(fork: str, answer: str, said: list[str]) -> None:
    """The answer to it is given when the fork is over, the child is ended where that raises; `os.fork` alone loses it."""
    assert said == _said(fork, answer)
