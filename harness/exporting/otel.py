"""`otel`: trials as spans of OpenTelemetry with the names of its GenAI conventions, as OTLP/JSON lines. Extra `otel`.

https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-agent-spans: a trial is `invoke_agent`, a turn of its model `chat`, an
AWS call `execute_tool`. Those names are still in development; what is ours stands under `askfirst.`. `spans` gives the same
spans for another exporter: `exporter.export(spans(subject))`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

from askfirst.harness.errors import UsageError
from askfirst.harness.events import AgentStarted, Decided, FaultFired, ModelTurn, ModelUsed, Requested, Trouble
from askfirst.harness.exporting.base import Form, Subject
from askfirst.harness.exporting.texts import reasons
from askfirst.harness.records import Outcome
from askfirst.harness.report.timeline import plain

if TYPE_CHECKING:
    from datetime import datetime

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Span, Tracer

    from askfirst.harness.history import Call, History

Attributes = dict[str, str | int | bool | list[str]]


def write(subjects: Sequence[Subject], file: IO[bytes]) -> None:
    """Write a line of OTLP/JSON for each trial, as the file receiver of a collector takes them."""
    from askfirst.harness.exporting.otel_json import resource_spans

    for one in subjects:
        file.write(json.dumps({"resourceSpans": [resource_spans(spans(one))]}).encode() + b"\n")


def spans(one: Subject) -> tuple[ReadableSpan, ...]:
    """Give the finished spans of a trial, that of the trial last. Without the extra `otel` raises `UsageError`."""
    if importlib.util.find_spec("opentelemetry") is None or importlib.util.find_spec("opentelemetry.sdk") is None:
        msg = "spans need the package opentelemetry-sdk: pip install 'askfirst[otel]'"
        raise UsageError(msg)
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    from opentelemetry.sdk.trace.id_generator import IdGenerator

    class Ids(IdGenerator):
        """The same ids whenever the trial is exported."""

        number = 0

        def generate_trace_id(self) -> int:
            return int.from_bytes(hashlib.sha256(f"{one.stored.key}-{one.stored.number}".encode()).digest()[:16])

        def generate_span_id(self) -> int:
            self.number += 1
            return int.from_bytes(hashlib.sha256(f"{one.stored.key}-{one.id}-{self.number}".encode()).digest()[:8])

    held = InMemorySpanExporter()
    resource = Resource(
        {"service.name": "askfirst", "askfirst.version": one.stored.summary.versions.get("askfirst", "")}
    )
    provider = TracerProvider(resource=resource, id_generator=Ids(), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(held))
    _trial(one, provider.get_tracer("askfirst"))
    provider.shutdown()
    return tuple(held.get_finished_spans())


def _trial(one: Subject, tracer: Tracer) -> None:
    from opentelemetry import trace

    history, stored = one.read(), one.stored
    summary = stored.summary
    agent = plain(stored.label)
    attributes: Attributes = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": agent,
        "gen_ai.conversation.id": one.id,
        "gen_ai.usage.input_tokens": summary.read,
        "gen_ai.usage.output_tokens": summary.written,
        "askfirst.scenario": stored.scenario,
        "askfirst.arm": stored.arm,
        "askfirst.seed": stored.seed,
        "askfirst.faults": stored.faults,
        "askfirst.verdict": summary.verdict,
    }
    begin = history.header.started
    end = max([begin, *(entry.at for entry in history.entries)])
    root = _begun(tracer, f"invoke_agent {agent}", None, begin, attributes)
    inside = trace.set_span_in_context(root)
    for call in history.calls:
        if call.start.author.of_agent:
            _call(call, history, tracer, inside)
    _turns(history, tracer, inside)
    _events(history, root)
    told = {name: because for name, _, because in reasons(one)}
    for name, found in summary.findings.items():
        if found.tested:
            root.add_event(
                "gen_ai.evaluation.result",
                {
                    "gen_ai.evaluation.name": name,
                    "gen_ai.evaluation.score.label": found.verdict,
                    "gen_ai.evaluation.explanation": plain(told.get(name, found.code), 600),
                },
                _nano(end),
            )
    if summary.verdict != "PASS":
        _failed(root, summary.verdict)
    root.end(_nano(end))


def _begun(tracer: Tracer, name: str, inside: Any, at: datetime, attributes: Attributes) -> Span:  # noqa: ANN401 - the SDK's context
    return tracer.start_span(name, context=inside, attributes=attributes, start_time=_nano(at))


def _call(call: Call, history: History, tracer: Tracer, inside: Any) -> None:  # noqa: ANN401 - the SDK's context
    start, end = call.start, call.end
    attributes: Attributes = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": start.action,
        "gen_ai.tool.type": "extension",
        "gen_ai.tool.call.id": f"{start.call}-{start.attempt}",
        "rpc.system": "aws-api",
        "rpc.service": start.service,
        "rpc.method": start.operation,
        "aws.request_id": start.request_id,
        "cloud.region": start.region,
        "cloud.account.id": start.account,
        "askfirst.level": start.level,
        "askfirst.targets": [plain(one.arn or one.name) for one in start.targets],
    }
    if end:
        attributes["askfirst.outcome"] = end.outcome.value
        if end.coverage:
            attributes["askfirst.granted"] = end.coverage.covered
    span = _begun(tracer, f"execute_tool {plain(start.action)}", inside, call.at, attributes)
    if end is None or end.outcome is not Outcome.OK:
        span.set_attribute("error.type", plain(end.error or end.outcome.value) if end else "no answer")
        _failed(span, plain(end.message, 300) if end else "no answer was recorded")
    closed = next((entry.at for entry in history.entries if entry.seq == call.end_seq), call.at)
    span.end(_nano(max(closed, call.at)))


def _turns(history: History, tracer: Tracer, inside: Any) -> None:  # noqa: ANN401 - the SDK's context
    """Begin each turn where the one before ended: a history holds the moment of its answer alone."""
    since = history.header.started
    open_turn: Span | None = None
    at = since
    for entry in history.entries:
        event = entry.event
        if isinstance(event, ModelUsed) and open_turn is not None:
            open_turn.set_attribute("gen_ai.usage.input_tokens", event.read)
            open_turn.set_attribute("gen_ai.usage.output_tokens", event.written)
        if isinstance(event, AgentStarted):
            since = entry.at
        if isinstance(event, ModelTurn):
            if open_turn is not None:
                open_turn.end(_nano(at))
            attributes: Attributes = {
                "gen_ai.operation.name": "chat",
                "gen_ai.request.model": plain(event.model),
                "askfirst.api": plain(event.api),
                "askfirst.outcome": plain(event.outcome),
            }
            open_turn = _begun(tracer, f"chat {plain(event.model)}", inside, since, attributes)
            since = at = entry.at
    if open_turn is not None:
        open_turn.end(_nano(at))


def _events(history: History, root: Span) -> None:
    for entry in history.entries:
        told: tuple[str, Attributes] | None = None
        match entry.event:
            case FaultFired() as fired:
                told = "askfirst.fault", {"fault": fired.fault, "site": fired.site, "what": plain(fired.what, 300)}
            case Requested() as asked:
                actions = [plain(one) for one in asked.actions]
                told = "askfirst.request", {"request": asked.request, "by": asked.asked_by.value, "actions": actions}
            case Decided() as said:
                reply = {
                    "request": said.request,
                    "person": said.person,
                    "reply": said.reply.value,
                    "counts": said.counts,
                }
                told = "askfirst.answer", {**reply}
            case Trouble() as trouble:
                told = "askfirst.trouble", {"kind": trouble.trouble.value, "because": plain(trouble.because, 300)}
            case _:
                continue
        root.add_event(told[0], told[1], _nano(entry.at))


def _failed(span: Span, because: str) -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_status(Status(StatusCode.ERROR, because))


def _nano(at: datetime) -> int:
    return round(at.timestamp() * 1e6) * 1000


FORM = Form(name="otel", summary="spans of OpenTelemetry (extra otel)", write=write, suffix=".jsonl")
