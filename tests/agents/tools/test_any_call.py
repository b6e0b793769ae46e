"""Promise: whatever a model writes, it gets a text back, and the trial goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askfirst.harness.policy import Limits
from askfirst.harness.tools.kit import toolbox
from askfirst.harness.trial import Trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

NAMES = ("call_aws", "aws", "list_files", "read_file", "write_file", "edit_file", "wait", "request_approval")
KEYS = (
    "service",
    "operation",
    "parameters",
    "region",
    "path",
    "offset",
    "lines",
    "content",
    "old",
    "new",
    "seconds",
    "actions",
)
ANY = st.characters(exclude_categories=())  # halves of characters and control characters too
TEXT = st.text(ANY, max_size=20) | st.sampled_from(["dynamodb", "Scan", "notes", "", "\x00", "\ud800", "x" * 5000, "."])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECT = st.dictionaries(st.sampled_from(KEYS) | TEXT, JSON, max_size=4)
NAME = st.sampled_from(NAMES) | TEXT


def _cut(text: str, at: int) -> str:
    return text[: at % (len(text) + 1)]


WRITTEN = (
    st.builds(json.dumps, JSON)
    | st.builds(_cut, st.builds(json.dumps, OBJECT), st.integers(0, 200))
    | TEXT
    | st.sampled_from(
        ["[" * 100_000, '{"a":' * 50_000, '{"path": "' + "x" * 2_000_000, "NaN", '"\\ud800"', '{"path": "\\ud800"}']
    )
)


def test_no_call_of_a_tool_raises(drop: Callable[..., Trial]) -> None:
    """Names, objects, and texts that are JSON, nearly JSON or nothing: the answer is a text that can be sent back."""
    seen: list[int] = []
    deep = ["[" * 100_000, '{"a":' * 50_000]

    def agent(brief: Brief) -> None:
        box = toolbox(brief)
        box.call("call_aws", {"service": "s3", "operation": "ListBuckets"})
        seen.extend(len(box.call(name, words)) for name in NAMES for words in deep)

        @settings(
            max_examples=300,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow],
        )
        @given(NAME, OBJECT | WRITTEN | JSON)
        def calls(name: str, arguments: object) -> None:
            result = box.call(name, arguments)
            result.encode()
            seen.append(len(result))

        calls()

    trial = drop(agent, limits=Limits(world_hours=10_000, seconds=300))

    assert () == trial.history.troubles
    assert 300 <= len(seen)
    assert max(seen) < 51_000
