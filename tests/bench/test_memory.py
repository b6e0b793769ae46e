"""Promise: memory in large pages is the same memory, in this process and in those it forks."""

from __future__ import annotations

import hashlib
import os
import random

import pytest

from askfirst.harness.bench.memory import collapse


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_nothing_changes_by_it() -> None:
    """Objects of many sizes are what they were, before and after a fork, however often it is done; nothing is raised."""
    dice = random.Random(1)
    kept = [bytes(dice.randbytes(dice.randrange(1, 4000))) for _ in range(5000)]
    before = hashlib.sha256(b"".join(kept)).digest()
    assert collapse() >= 0
    assert collapse() >= 0
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        kept.extend([b"x" * 100] * 100)
        os.write(writing, hashlib.sha256(b"".join(kept[:5000])).digest())
        os._exit(0)
    os.close(writing)
    assert before == os.read(reading, 32)
    os.close(reading)
    os.waitpid(child, 0)
    assert before == hashlib.sha256(b"".join(kept)).digest()
