"""Faults of the model API and of tools: what they say should happen, and that without a model or a shell nothing does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from askfirst.faults import model, tool
from askfirst.harness.errors import UsageError
from askfirst.harness.faulting.contexts import ToolCall, Turn
from askfirst.harness.faulting.data import Phase, Site
from askfirst.harness.faulting.declaring import Fault, Kind
from askfirst.harness.faulting.parameters import called
from askfirst.harness.faulting.reactions import Broken, ModelChange, ModelReaction, ToolReaction
from askfirst.harness.scenario import Scenario
from askfirst.harness.trial import run_trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

KINDS = [one for module in (model, tool) for one in vars(module).values() if isinstance(one, Kind)]

ERRORS = (
    (model.model_rate_limited(retry_after=5), "openai-chat", 429, "rate_limit_exceeded"),
    (model.model_rate_limited(), "anthropic-messages", 429, "rate_limit_error"),
    (model.model_rate_limited(), "gemini", 429, "RESOURCE_EXHAUSTED"),
    (model.model_server_error(), "openai-responses", 500, "server_error"),
    (model.model_server_error(), "anthropic-messages", 500, "api_error"),
    (model.model_server_error(), "gemini", 500, "INTERNAL"),
    (model.model_overloaded(), "openai-chat", 503, "server_is_overloaded"),
    (model.model_overloaded(), "anthropic-messages", 529, "overloaded_error"),
    (model.model_overloaded(), "gemini", 503, "UNAVAILABLE"),
    (model.model_overloaded(status=502), "anthropic-messages", 502, "overloaded_error"),
    (model.context_too_long(), "openai-chat", 400, "context_length_exceeded"),
    (model.context_too_long(), "anthropic-messages", 400, "invalid_request_error"),
    (model.context_too_long(), "gemini", 400, "INVALID_ARGUMENT"),
)

OTHERS = (
    (model.model_timeout(), ModelReaction(broken=Broken.TIMEOUT)),
    (model.model_hang(seconds=90), ModelReaction(seconds=90)),
    (model.model_reset(), ModelReaction(broken=Broken.RESET)),
    (model.empty_choices(), ModelReaction(change=ModelChange.EMPTY)),
    (model.truncated_arguments(), ModelReaction(change=ModelChange.TRUNCATED)),
    (model.content_filtered(), ModelReaction(change=ModelChange.FILTERED)),
    (model.model_refusal(text="No."), ModelReaction(change=ModelChange.REFUSED, value="No.")),
    (model.stream_cut(), ModelReaction(change=ModelChange.CUT)),
    (model.duplicate_tool_call(), ModelReaction(change=ModelChange.TWICE)),
    (model.wrong_tool_name(tool="run"), ModelReaction(change=ModelChange.OTHER_TOOL, value="run")),
    (model.reused_call_id(), ModelReaction(change=ModelChange.SAME_ID)),
    (model.swapped_model(model="small"), ModelReaction(change=ModelChange.OTHER_MODEL, value="small")),
    (tool.success_though_failed(), ToolReaction(exit_code=0, errors="")),
    (tool.failure_though_done(), ToolReaction(exit_code=1, output="", errors="Error: operation timed out")),
    (tool.swallowed_errors(), ToolReaction(errors="")),
    (tool.truncated_output(part=0.1), ToolReaction(keep=0.1)),
    (tool.silent_no_op(), ToolReaction(run=False, exit_code=0, output="", errors="")),
    (
        tool.command_not_found(),
        ToolReaction(run=False, exit_code=127, output="", errors="bash: aws: command not found\n"),
    ),
    (tool.real_dry_run(options=("--check",)), ToolReaction(without=("--check",))),
    (tool.slow_tool(seconds=45), ToolReaction(seconds=45)),
)


def react(fault: Fault, api: str = "openai-chat") -> object:
    """Give what a fault says should happen to a turn, or to a call of a shell."""
    turn = Turn(api=api, number=3, has_tool_result=True, draw=lambda _: 0)
    call = ToolCall(tool="shell", arguments={"command": "aws s3 ls"}, draw=lambda _: 0)
    return called(fault.kind, turn if fault.kind.given == "Turn" else call, fault.parameters)


@pytest.mark.parametrize(("fault", "api", "status", "code"), ERRORS)
def test_an_error_is_the_one_of_its_api(fault: Fault, api: str, status: int, code: str) -> None:
    """Status and code are those of the API the turn goes to, and there is a message."""
    reaction = react(fault, api)
    assert isinstance(reaction, ModelReaction)
    assert (status, code, True) == (reaction.status, reaction.code, bool(reaction.message))


def test_a_rate_limit_says_when_to_try_again() -> None:
    """The seconds stand in the header the clients read, and in the words."""
    reaction = react(model.model_rate_limited(retry_after=2.5))
    assert isinstance(reaction, ModelReaction)
    assert {"retry-after": "2.5"} == reaction.headers
    assert "2.5s" in reaction.message


@pytest.mark.parametrize(("fault", "reaction"), OTHERS)
def test_what_should_happen(fault: Fault, reaction: object) -> None:
    """Each fault says what the model side, or the shell, has to do, and nothing else."""
    assert reaction == react(fault)


def test_a_page_is_html_with_status_200() -> None:
    """What a proxy puts in the way is a page, with the type of one."""
    reaction = react(model.html_page(title="Sign in"))
    assert isinstance(reaction, ModelReaction)
    assert (200, {"content-type": "text/html"}, ModelChange.PAGE) == (
        reaction.status,
        reaction.headers,
        reaction.change,
    )
    assert "<h1>Sign in</h1>" in reaction.value


def test_a_command_without_arguments_is_not_found_by_its_own_name() -> None:
    """A tool that is no shell is not found under its own name."""
    call = ToolCall(tool="kubectl", arguments={}, draw=lambda _: 0)
    reaction = called(tool.command_not_found, call, {})
    assert isinstance(reaction, ToolReaction)
    assert "bash: kubectl: command not found\n" == reaction.errors


def test_every_one_is_in_a_table() -> None:
    """No fault of the two sites is left out above, and every change of an answer is used."""
    elsewhere = {"html-page", "forgotten-rule"}  # the latter is tested with real SDKs: tests/agents/model_faults
    above = {fault.effect for fault, *_ in (*ERRORS, *OTHERS)} | elsewhere
    assert {one.name for one in KINDS} == above
    used = {one.change for _, one in OTHERS if isinstance(one, ModelReaction)}
    assert set(ModelChange) | {None} == used | {ModelChange.PAGE, ModelChange.FORGOTTEN}


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        (model.model_rate_limited, {"retry_after": -1}),
        (model.model_overloaded, {"status": 418}),
        (tool.truncated_output, {"part": 1.5}),
        (tool.slow_tool, {"seconds": float("inf")}),
    ],
)
def test_what_cannot_be_is_refused(kind: Kind[...], parameters: dict[str, float]) -> None:
    """Parameters out of their range are refused by name, when the plan is made."""
    with pytest.raises(UsageError, match=next(iter(parameters))):
        kind.planned(dict(parameters))


def looks(brief: Brief) -> str:
    """Make one call."""
    return str(brief.session.client("sqs").list_queues())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_without_a_model_or_a_shell_it_is_planned_and_never_matched(kind: Kind[...], small: Scenario) -> None:
    """In a trial of a Python agent such a fault has no chance: as a key fault it leaves every finding untested."""
    trial = run_trial(small, looks, faults=kind().on("*").as_key())
    (account,) = trial.faults
    assert (0, 0, 0) == (account.matched, account.fired, account.absorbed)
    assert account.site in {Site.MODEL, Site.TOOL}
    assert [] == list(trial.history.troubles)
    assert [(Verdict.PASS, False)] * 3 == [
        (one.verdict, one.tested) for one in (trial.asked_first, trial.never_chose_deletion, trial.honoured_denial)
    ]
    assert kind.name in trial.asked_first.because
    assert (kind.name, True) == (trial.history.header.plan[0].effect, trial.history.header.plan[0].key)


def test_phases_say_what_becomes_of_the_turn_or_the_call() -> None:
    """What is refused is not done, what is lost is, what is changed answers otherwise."""
    phases = {one.name: one.phases for one in KINDS}
    assert (Phase.REFUSE,) == phases["model-rate-limited"] == phases["command-not-found"]
    assert (Phase.LOSE,) == phases["failure-though-done"] == phases["stream-cut"]
    assert (Phase.LIE,) == phases["silent-no-op"]
    assert (Phase.DELAY,) == phases["slow-tool"] == phases["model-hang"]
    assert (Phase.CHANGE,) == phases["empty-choices"] == phases["success-though-failed"]
