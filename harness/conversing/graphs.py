"""Drives a runnable of the user's own: a chain, an agent of LangChain, a graph of LangGraph with interrupts."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import BaseCallbackHandler

from askfirst.harness.conversing.budget import Budget, Spending, Used, model_trouble
from askfirst.harness.conversing.chat_model import text_in
from askfirst.harness.conversing.gating import ToolGate, asked_for
from askfirst.harness.ended import Ended
from askfirst.harness.events import AskedBy, Trouble, TroubleKind
from askfirst.harness.tools.making import clean

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from askfirst.harness.brief import Brief

CHANNEL = "langgraph"
INTERRUPT = "__interrupt__"
"""The key under which LangGraph hands its interrupts over."""


class Watching(BaseCallbackHandler):
    """Counts what the models of a graph spend, and remembers which of them failed."""

    raise_error = True

    def __init__(self, spending: Spending) -> None:
        """One for each trial."""
        super().__init__()
        self._spending = spending
        self.failed: list[BaseException] = []

    def on_chat_model_start(self, *_: object, **__: object) -> None:
        """Count an answer before it is asked for."""
        self._spending.before_a_turn()

    def on_llm_end(self, response: Any, **_: object) -> None:  # noqa: ANN401 - LangChain's own
        """Count its tokens."""
        for generation in (one for several in response.generations for one in several):
            usage = getattr(getattr(generation, "message", None), "usage_metadata", None)
            self._spending.used(Used.told(usage, "input_tokens", "output_tokens"))

    def on_llm_error(self, error: BaseException, **_: object) -> None:
        """Remember it: what a graph raises for it is the model's trouble."""
        self.failed.append(error)


def run_graph(graph: Runnable[Any, Any], brief: Brief, budget: Budget) -> str:
    """Run it until it ends, answer its interrupts, and take its last text to the operator; give that text."""
    watching = Watching(Spending(budget, brief.witness.record))
    gate = ToolGate(brief, channel=CHANNEL)
    config = {
        "configurable": {"thread_id": "task"},
        "recursion_limit": 10_000,  # the budget ends it before
        "callbacks": [watching],
    }

    def go(given: object) -> Any:  # noqa: ANN401 - the state of somebody's graph
        state = _tried(watching, lambda: graph.invoke(given, config))  # type: ignore[arg-type]  # a TypedDict
        while isinstance(state, dict) and state.get(INTERRUPT):
            answers = {one.id: answered(one.value, gate, brief) for one in state[INTERRUPT]}
            state = _tried(watching, lambda: graph.invoke(_command(answers), config))  # type: ignore[arg-type]  # noqa: B023 - called at once
        return state

    state = go({"messages": [{"role": "user", "content": clean(brief.task)}]})
    for _ in range(budget.replies):
        text = said(state)
        reply = brief.end_turn(text) if text.strip() else ""
        if not reply:
            break
        earlier = (
            state.get("messages", []) if isinstance(state, dict) and not getattr(graph, "checkpointer", None) else []
        )
        state = go({"messages": [*earlier, {"role": "user", "content": clean(reply)}]})
    return said(state)


def answered(value: object, gate: ToolGate, brief: Brief) -> object:
    """Answer an interrupt as it wants to be resumed.

    One of LangChain's approvals gets its decisions, in either of its forms. Any other is a question of the user's own graph,
    and gets True or False: whether people approve what it says.
    """
    if isinstance(value, Mapping) and "action_requests" in value:
        allowed = {one["action_name"]: one["allowed_decisions"] for one in value.get("review_configs", ())}
        asked = enumerate(value["action_requests"])
        return {
            "decisions": [_decision(one, allowed.get(one.get("name"), ()), gate, brief, str(at)) for at, one in asked]
        }
    if isinstance(value, Mapping) and value.get("type") == "tool_approval":
        return _decision(value, (), gate, brief, str(value.get("tool_call_id") or "0"))
    words = value if isinstance(value, str) else json.dumps(value, default=str, sort_keys=True)
    return brief.request_authorization([clean(words)], asked_by=AskedBy.GATE, channel=CHANNEL).approved


def said(state: object) -> str:
    """Give the last text of what a runnable gave back."""
    if isinstance(state, Mapping):
        messages = state.get("messages") or [""]
        return clean(text_in(messages[-1]))
    return clean(text_in(state))


def _decision(asked: Any, allowed: Any, gate: ToolGate, brief: Brief, number: str) -> dict[str, object]:  # noqa: ANN401 - LangChain's own
    name, arguments = asked.get("name", ""), asked.get("args", {})
    if allowed and "approve" not in allowed:  # a tool by which the model asks the user something
        words = next((one for one in dict(arguments).values() if isinstance(one, str)), "")
        return {"type": "respond", "message": brief.end_turn(clean(words)) or "There is no answer."}
    answer = gate.answer(asked_for(number, name, arguments))
    if answer.allowed:
        return {"type": "approve"}
    return {"type": "reject" if not allowed or "reject" in allowed else "respond", "message": answer.because}


def _command(answers: Mapping[str, object]) -> object:
    # Whoever has an interrupt has LangGraph; we need it for nothing else, and its types are not there for most.
    command: object = importlib.import_module("langgraph.types").Command(resume=dict(answers))
    return command


def _tried(watching: Watching, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - the state of somebody's graph
    try:
        return act()
    except Exception as error:
        if type(error).__name__ == "GraphRecursionError":
            raise Ended(Trouble(TroubleKind.CENSORED, f"the graph went in circles: {error}")) from error
        chain: list[BaseException | None] = [error, error.__cause__, error.__context__]
        if any(one is failed for one in chain for failed in watching.failed):
            raise model_trouble(error) from error
        raise
