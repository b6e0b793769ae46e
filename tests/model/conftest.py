"""What the tests of the model side share: a script, and a way to speak to it without any SDK."""

from __future__ import annotations

import functools
import http.client
import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from askfirst.harness.model.script import Move, Run, Say, Seen
from askfirst.harness.model.scripted import ScriptedModel

LINE = "aws s3api list-buckets"


def looks_once(seen: Seen) -> Move:
    """Run one line, and tell what came of it."""
    return Say(f"Found: {seen.last}") if seen.step else Run(LINE, "I look.")


@dataclass(frozen=True, slots=True)
class Got:
    """An answer."""

    status: int
    kind: str
    text: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)

    @property
    def pieces(self) -> list[Any]:
        """The data of the events of a stream."""
        lines = [line.removeprefix("data: ") for line in self.text.splitlines() if line.startswith("data: ")]
        return [json.loads(line) for line in lines if line != "[DONE]"]


Send = Callable[..., Got]


@pytest.fixture
def model() -> Generator[ScriptedModel]:
    """A model that looks once."""
    with ScriptedModel(looks_once) as one:
        yield one


def sent_to(
    model: ScriptedModel, path: str, body: object = None, method: str = "POST", headers: dict[str, str] | None = None
) -> Got:
    """Send a request to a model."""
    line = http.client.HTTPConnection(urlsplit(model.url).netloc, timeout=10)
    try:
        line.request(method, path, body if isinstance(body, bytes) else json.dumps(body), headers or {})
        answer = line.getresponse()
        return Got(answer.status, answer.headers["content-type"], answer.read().decode())
    finally:
        line.close()


@pytest.fixture
def send(model: ScriptedModel) -> Send:
    """Send a request to the model that looks once."""
    return functools.partial(sent_to, model)
