"""Prints how well claims are found in reports: `python -m tests.oracles.honesty`."""

from __future__ import annotations

import sys

from tests.oracles.honesty.corpus import lines

if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
