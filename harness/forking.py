"""Forks this process, and loses no Control-C on the way.

Python runs functions in the parent after a fork (`os.register_at_fork`; logging has one) and drops whatever they raise. A
Control-C that came while the kernel copied the process is delivered to the first of them, and was lost.
"""

from __future__ import annotations

import os
import signal
import threading
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


def fork() -> int:
    """Give 0 in the child and its process id in the parent; where Control-C came meanwhile, it is answered now.

    Raises what the answer raises (`KeyboardInterrupt`, usually); the child is ended then.
    """
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        return _forked()
    came: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda _, frame: came.append(frame))
    try:
        child = _forked()
    finally:
        signal.signal(signal.SIGINT, before)
    if came and child:
        try:
            before(signal.SIGINT, came[0])
        except BaseException:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise
    return child


def _forked() -> int:
    with warnings.catch_warnings():
        # Python 3.12 and newer warn of a fork beside threads (a test runner's). The child is this thread alone, takes no
        # lock that another could have held, and leaves by `os._exit`.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()
