"""Starts a program that heeds Control-C whoever runs the tests."""

from __future__ import annotations

import sys
from pathlib import Path

# Whoever runs the tests in the background has them ignore Control-C, and they would hand that on.
HEEDING = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"


def heeding(program: Path, *words: str) -> list[str]:
    """Give the command that runs a program with the default answer to Control-C."""
    return [sys.executable, "-c", HEEDING, str(program), *words]
