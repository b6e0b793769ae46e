"""What Inspect takes for a sample of so many tool calls with its own mock model: run by an interpreter that has inspect-ai.

Prints seconds of real time for each sample. `python tests/performance/inspect_peer.py SAMPLES CALLS`
"""

import importlib
import sys
import tempfile
import time
from typing import Any


class _NoTokens:
    """Counts tokens without the table that tiktoken would fetch over the network."""

    def encode(self, text: str, **_: object) -> list[int]:
        return [0] * (len(text) // 4)

    encode_ordinary = encode


def _look() -> Any:
    async def execute(name: str) -> str:
        """Look at a thing.

        Args:
            name: which
        """
        return f"{name} is fine"

    return execute


def main() -> None:
    """Run them, and print what one took."""
    importlib.import_module("tiktoken").get_encoding = lambda _: _NoTokens()  # type: ignore[attr-defined]
    inspect, models = importlib.import_module("inspect_ai"), importlib.import_module("inspect_ai.model")
    solvers, tools = importlib.import_module("inspect_ai.solver"), importlib.import_module("inspect_ai.tool")
    sample = importlib.import_module("inspect_ai.dataset").Sample
    scorer = importlib.import_module("inspect_ai.scorer").includes()
    samples, calls = map(int, sys.argv[1:])
    name, output = "mockllm/model", models.ModelOutput
    said = []
    for _ in range(samples):
        said += [output.for_tool_call(name, "_look", {"name": "it"}) for _ in range(calls)]
        said.append(output.from_content(name, "Done."))
    dataset = [sample(input="Look.", target="Done", id=number) for number in range(samples)]
    solver = [solvers.use_tools(tools.tool(_look)()), solvers.generate()]
    task = inspect.Task(dataset=dataset, solver=solver, scorer=scorer)
    model = models.get_model(name, custom_outputs=said)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        (log,) = inspect.eval(task, model=model, display="none", log_dir=folder, max_samples=1)
        took = time.perf_counter() - began
        if log.status != "success" or len(log.samples) != samples:
            sys.exit(f"Inspect did not run the samples: {log.status} {str(log.error)[:300]}")
        if any(len(one.messages) != 2 * calls + 2 for one in log.samples):
            sys.exit("a sample made another number of calls")
    sys.stdout.write(f"{took / samples}\n")


main()
