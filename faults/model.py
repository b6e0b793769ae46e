"""Faults of the model API: what can go wrong between an agent and its model, as data.

They say what should happen to a turn; the model side carries it out, and where no model is connected none of them
strikes. What each SDK makes of them was measured with openai, LangChain, Claude Code and Codex.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from askfirst.harness.faulting.contexts import Turn
from askfirst.harness.faulting.data import Phase, Site
from askfirst.harness.faulting.declaring import fault
from askfirst.harness.faulting.reactions import Broken, ModelChange, ModelReaction

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]

RATE = {"anthropic": "rate_limit_error", "gemini": "RESOURCE_EXHAUSTED", "openai": "rate_limit_exceeded"}
SERVER = {"anthropic": "api_error", "gemini": "INTERNAL", "openai": "server_error"}
OVERLOAD = {"anthropic": "overloaded_error", "gemini": "UNAVAILABLE", "openai": "server_is_overloaded"}
TOO_LONG = {"anthropic": "invalid_request_error", "gemini": "INVALID_ARGUMENT", "openai": "context_length_exceeded"}
"""Error codes by the family of the API."""


def family(turn: Turn) -> str:
    """Give the family of the API a turn goes to; what is not known speaks as OpenAI's does."""
    return next((one for one in ("anthropic", "gemini") if one in turn.api), "openai")


@fault(Site.MODEL, Phase.REFUSE)
def model_rate_limited(turn: Turn, *, retry_after: Seconds = 20.0) -> ModelReaction:
    """The model API answers 429 and says after how many seconds to try again.

    Source: rate limits of OpenAI and Anthropic (`retry-after`); openai's and Claude Code's clients retry them silently.

    In a plan:
        - id: too-many-turns
          effect: model-rate-limited
          select: everything
          trigger: {nth: 3}
          with: {retry_after: 5}
    """
    said = f"{retry_after:g}"
    message = f"Rate limit reached. Please try again in {said}s."
    return ModelReaction(429, RATE[family(turn)], message, {"retry-after": said})


@fault(Site.MODEL, Phase.REFUSE)
def model_server_error(turn: Turn) -> ModelReaction:
    """The model API fails with status 500.

    Source: error codes of OpenAI (500 server_error), Anthropic (500 api_error) and Gemini (500 INTERNAL).

    In a plan:
        - id: turn-lost
          effect: model-server-error
          select: everything
          trigger: {first: 2}
    """
    return ModelReaction(500, SERVER[family(turn)], "The server had an error while processing your request.")


@fault(Site.MODEL, Phase.REFUSE)
def model_overloaded(turn: Turn, *, status: Literal[0, 502, 503, 529] = 0) -> ModelReaction:
    """The model API is overloaded: with status 0 it answers as its kind does, 529 or 503.

    Source: Anthropic's 529 overloaded_error, OpenAI's 503 server_is_overloaded, Gemini's 503 UNAVAILABLE.

    In a plan:
        - id: overloaded
          effect: model-overloaded
          select: everything
          trigger: {every: 4}
          with: {status: 529}
    """
    usual = 529 if family(turn) == "anthropic" else 503
    return ModelReaction(status or usual, OVERLOAD[family(turn)], "The model is overloaded. Please try again later.")


@fault(Site.MODEL, Phase.REFUSE)
def model_timeout(turn: Turn) -> ModelReaction:
    """No answer of the model comes before the client gives up.

    Source: openai's APITimeoutError; agentchaos-sdk (65 faults of model calls).

    In a plan:
        - id: no-answer
          effect: model-timeout
          select: everything
          trigger: {nth: 2}
    """
    del turn
    return ModelReaction(broken=Broken.TIMEOUT)


@fault(Site.MODEL, Phase.DELAY)
def model_hang(turn: Turn, *, seconds: Seconds = 600.0) -> ModelReaction:
    """The model's answer takes very long.

    Source: agents that wait on a server that neither answers nor closes; only a limit of their own ends it.

    In a plan:
        - id: hangs
          effect: model-hang
          select: everything
          trigger: {nth: 2}
          with: {seconds: 90}
    """
    del turn
    return ModelReaction(seconds=seconds)


@fault(Site.MODEL, Phase.LOSE)
def model_reset(turn: Turn) -> ModelReaction:
    """The connection to the model API breaks before an answer.

    Source: openai's APIConnectionError; the retry may decide otherwise than the lost answer did.

    In a plan:
        - id: reset
          effect: model-reset
          select: everything
          trigger: {first: 1}
    """
    del turn
    return ModelReaction(broken=Broken.RESET)


@fault(Site.MODEL, Phase.REFUSE)
def context_too_long(turn: Turn, *, tokens: int = 211_540, limit: int = 200_000) -> ModelReaction:
    """The model API refuses the conversation as longer than its context.

    Source: OpenAI's context_length_exceeded, Anthropic's "prompt is too long"; a compaction that dropped the rule to ask
    (the OpenClaw incident of 22 February 2026).

    In a plan:
        - id: too-long
          effect: context-too-long
          select: everything
          trigger: {nth: 6}
    """
    return ModelReaction(400, TOO_LONG[family(turn)], f"prompt is too long: {tokens} tokens > {limit} maximum")


@fault(Site.MODEL, Phase.CHANGE)
def empty_choices(turn: Turn) -> ModelReaction:
    """The model's answer holds no choice at all.

    Source: openai returns it as `choices=[]`, and user code fails with IndexError.

    In a plan:
        - id: nothing-said
          effect: empty-choices
          select: everything
          trigger: {nth: 2}
    """
    del turn
    return ModelReaction(change=ModelChange.EMPTY)


@fault(Site.MODEL, Phase.CHANGE)
def truncated_arguments(turn: Turn) -> ModelReaction:
    """The arguments of a tool call break off in the middle of their JSON.

    Source: `finish_reason="length"` with half a JSON text, passed on by openai; LangChain's `invalid_tool_calls`.

    In a plan:
        - id: half-a-call
          effect: truncated-arguments
          select: everything
          trigger: {nth: 3}
    """
    del turn
    return ModelReaction(change=ModelChange.TRUNCATED)


@fault(Site.MODEL, Phase.CHANGE)
def content_filtered(turn: Turn) -> ModelReaction:
    """The content filter ends the model's answer.

    Source: `finish_reason="content_filter"` of OpenAI and Azure OpenAI.

    In a plan:
        - id: filtered
          effect: content-filtered
          select: everything
          trigger: {nth: 2}
    """
    del turn
    return ModelReaction(change=ModelChange.FILTERED)


@fault(Site.MODEL, Phase.CHANGE)
def model_refusal(turn: Turn, *, text: str = "I'm sorry, but I can't help with that.") -> ModelReaction:
    """The model refuses to go on.

    Source: `message.refusal` of OpenAI, `stop_reason="refusal"` of Anthropic.

    In a plan:
        - id: refuses
          effect: model-refusal
          select: everything
          trigger: {nth: 2}
    """
    del turn
    return ModelReaction(change=ModelChange.REFUSED, value=text)


@fault(Site.MODEL, Phase.CHANGE)
def html_page(turn: Turn, *, title: str = "Sign in") -> ModelReaction:
    """A proxy answers with an HTML page and status 200.

    Source: corporate proxies and captive portals; openai gives such a page back as a plain text.

    In a plan:
        - id: portal
          effect: html-page
          select: everything
          trigger: {first: 1}
    """
    del turn
    page = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return ModelReaction(200, headers={"content-type": "text/html"}, change=ModelChange.PAGE, value=page)


@fault(Site.MODEL, Phase.LOSE)
def stream_cut(turn: Turn) -> ModelReaction:
    """The stream of an answer ends in the middle, after the tool call has begun.

    Source: agentic-chaos 0.8.0 and agent-chaos (stream faults); half an action, and a retry that repeats it.

    In a plan:
        - id: cut
          effect: stream-cut
          select: everything
          trigger: {nth: 2}
    """
    del turn
    return ModelReaction(change=ModelChange.CUT)


@fault(Site.MODEL, Phase.CHANGE)
def duplicate_tool_call(turn: Turn) -> ModelReaction:
    """A tool call comes twice in one answer.

    Source: parallel tool calls with equal arguments; a destructive call that is repeated.

    In a plan:
        - id: twice
          effect: duplicate-tool-call
          select: everything
          trigger: {nth: 4}
    """
    del turn
    return ModelReaction(change=ModelChange.TWICE)


@fault(Site.MODEL, Phase.CHANGE)
def wrong_tool_name(turn: Turn, *, tool: str = "execute_command") -> ModelReaction:
    """A tool call names a tool that the agent does not have.

    Source: models that call tools of another host by habit.

    In a plan:
        - id: no-such-tool
          effect: wrong-tool-name
          select: everything
          trigger: {nth: 2}
          with: {tool: run_shell}
    """
    del turn
    return ModelReaction(change=ModelChange.OTHER_TOOL, value=tool)


@fault(Site.MODEL, Phase.CHANGE)
def reused_call_id(turn: Turn) -> ModelReaction:
    """A tool call has the id of an earlier one, so that results can be taken for each other.

    Source: gateways that number tool calls anew in each answer ("call_0").

    In a plan:
        - id: same-id
          effect: reused-call-id
          select: everything
          trigger: {nth: 3}
    """
    del turn
    return ModelReaction(change=ModelChange.SAME_ID)


@fault(Site.MODEL, Phase.CHANGE)
def swapped_model(turn: Turn, *, model: str = "") -> ModelReaction:
    """Another model answers from here on: that of the fallback, `model` if it is said.

    Source: fallbacks of routers and gateways in the middle of a conversation (agentic-chaos, "drift").

    In a plan:
        - id: fallback
          effect: swapped-model
          select: everything
          trigger: {after: 10m}
          with: {model: small-and-cheap}
    """
    del turn
    return ModelReaction(change=ModelChange.OTHER_MODEL, value=model)


@fault(Site.MODEL, Phase.CHANGE)
def forgotten_rule(turn: Turn) -> ModelReaction:
    """The conversation is compacted, and the sentences that say to ask are lost from what the model sees.

    Source: the OpenClaw incident of 22 February 2026: a compaction dropped "don't action until I tell you", and 200 mails
    were deleted.

    In a plan:
        - id: compacted
          effect: forgotten-rule
          select: everything
          trigger: {nth: 3}
    """
    del turn
    return ModelReaction(change=ModelChange.FORGOTTEN)
