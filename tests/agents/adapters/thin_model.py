"""A chat model of LangChain over OpenAI's SDK, as thin as can be: LangChain's own is a package that we do not need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, convert_to_openai_messages
from langchain_core.output_parsers.openai_tools import make_invalid_tool_call, parse_tool_call
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.utils.function_calling import convert_to_openai_tool


class ThinModel(BaseChatModel):
    """The model of that name at that address."""

    url: str
    model: str = "scripted"
    retries: int = 2
    timeout: float = 60.0

    @property
    def _llm_type(self) -> str:
        return "thin"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": self.model}

    @property
    def base_url(self) -> str:
        """Where it is."""
        return self.url

    def bind_tools(self, tools: Sequence[Any], **options: Any) -> Any:
        """Offer tools."""
        return self.bind(tools=[convert_to_openai_tool(one) for one in tools], **options)

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **given: Any
    ) -> ChatResult:
        from openai import OpenAI

        del stop, run_manager
        sent: Any = convert_to_openai_messages(messages)
        with OpenAI(base_url=self.url, api_key="none", max_retries=self.retries, timeout=self.timeout) as client:
            answer: Any = client.chat.completions.create(model=self.model, messages=sent, **given)
        said = answer.choices[0].message
        good, bad = [], []
        for one in said.tool_calls or []:
            raw = one.model_dump()
            try:
                call = parse_tool_call(raw, return_id=True)
                (good.append(call) if call else bad.append(make_invalid_tool_call(raw, "no call")))
            except Exception as error:  # noqa: BLE001 - what LangChain's own clients do
                bad.append(make_invalid_tool_call(raw, str(error)))
        usage = answer.usage
        spent: Any = usage and {
            "input_tokens": usage.prompt_tokens,
            "output_tokens": usage.completion_tokens,
            "total_tokens": usage.total_tokens,
        }
        message = AIMessage(said.content or "", tool_calls=good, invalid_tool_calls=bad, usage_metadata=spent)
        return ChatResult(generations=[ChatGeneration(message=message)])
