"""Spans as OTLP/JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. The SDK itself writes none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.util.types import AttributeValue
    from pydantic import JsonValue

Told = dict[str, "JsonValue"]


def resource_spans(spans: Sequence[ReadableSpan]) -> Told:
    """Give spans of one resource and scope."""
    first = spans[0]
    scope = first.instrumentation_scope
    return {
        "resource": {"attributes": _attributes(first.resource.attributes)},
        "scopeSpans": [{"scope": {"name": scope.name if scope else ""}, "spans": [*map(_span, spans)]}],
    }


def _span(span: ReadableSpan) -> JsonValue:
    context = span.get_span_context()
    if context is None:  # no span that has ended
        return None
    told: Told = {
        "traceId": f"{context.trace_id:032x}",
        "spanId": f"{context.span_id:016x}",
        "name": span.name,
        "kind": 1,
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time),
        "attributes": _attributes(span.attributes or {}),
        "events": [
            {"timeUnixNano": str(one.timestamp), "name": one.name, "attributes": _attributes(one.attributes or {})}
            for one in span.events
        ],
        "status": {"code": span.status.status_code.value, "message": span.status.description or ""},
    }
    if span.parent is not None:
        told["parentSpanId"] = f"{span.parent.span_id:016x}"
    return told


def _attributes(given: Mapping[str, AttributeValue]) -> list[JsonValue]:
    return [{"key": name, "value": _value(value)} for name, value in given.items()]


def _value(value: AttributeValue) -> JsonValue:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"arrayValue": {"values": [{"stringValue": str(one)} for one in value or ()]}}
