"""`python -m tests.agents.cassettes`: record the committed conversations anew, after scenario, tools or prompt changed."""

from __future__ import annotations

import sys

from tests.agents.cassettes.committed import record

if __name__ == "__main__":
    for path in record():
        sys.stdout.write(f"{path} {path.stat().st_size // 1024} KiB\n")
