"""Walks every phrase once, and prints what the owner and the oracle disagree about: `python -m tests.oracles.walk`."""

from __future__ import annotations

import sys
import time

from tests.oracles.walk.walking import PHRASES, Walker

if __name__ == "__main__":
    walker, began = Walker(), time.process_time()
    for phrase in sys.argv[1:] or PHRASES:
        for difference in walker.walk([phrase]):
            print(f"{phrase}: {difference}")  # noqa: T201 - printing is what this module is for
    spent = time.process_time() - began
    print(  # noqa: T201 - as above
        f"{walker.sequences} sequences, {walker.calls} calls, {walker.stricter} verdicts by parameters alone, "
        f"{spent / walker.sequences:.2f} s of CPU each"
    )
