"""Prints how well the rules of plain asking read the labelled requests: `python -m tests.oracles.plainly`."""

from __future__ import annotations

import sys

from tests.oracles.plainly.corpus import lines

if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
