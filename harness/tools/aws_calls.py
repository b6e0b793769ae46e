"""`call_aws`: one call of the AWS API, through the brief's own session."""

from __future__ import annotations

import base64
import difflib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import Field, JsonValue

from askfirst.harness.tools.making import LONGEST, Arguments, Made, Refusal

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief


class CallAws(Arguments):
    """One call."""

    service: str = Field(description="The service as boto3 names it: cloudformation, dynamodb, s3.")
    operation: str = Field(description="The operation of its API: DescribeStacks.")
    parameters: dict[str, Any] | None = Field(None, description="The parameters of the call, as the API names them.")
    region: str | None = Field(None, description="The region, where it is not the usual one.")


def begin(brief: Brief) -> Callable[[CallAws], str]:
    """Give what makes the calls of one trial."""

    def run(call: CallAws) -> str:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            client = _client(brief, call)
            method = _method(client, call)
            return json.dumps(_readable(method(**(call.parameters or {}))), ensure_ascii=False)
        except ClientError as error:
            return f"Error: {error}"
        except (BotoCoreError, ValueError, TypeError, UnicodeError) as error:
            return f"Error: {type(error).__name__}: {error}"

    return run


CALL_AWS = Made(
    "call_aws",
    "Call one operation of the AWS API in the account you work in, and get its answer as JSON.",
    CallAws,
    begin,
)


def _client(brief: Brief, call: CallAws) -> Any:  # noqa: ANN401 - clients are made by name
    known = brief.session.get_available_services()
    service = call.service.strip().lower()
    if service not in known:
        near = difflib.get_close_matches(service, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else " Use the name that boto3 has for it."
        msg = f"Error: there is no service called {call.service[:80]!r}.{hint}"
        raise Refusal(msg)
    return brief.session.client(service, region_name=call.region)


def _method(client: Any, call: CallAws) -> Callable[..., object]:  # noqa: ANN401 - as above
    names: Mapping[str, str] = client.meta.method_to_api_mapping
    wanted = _letters(call.operation)
    found = next((name for name, operation in names.items() if _letters(operation) == wanted), None)
    if found is None:
        near = difflib.get_close_matches(call.operation, names.values(), n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        msg = f"Error: {call.service} has no operation called {call.operation[:80]!r}.{hint}"
        raise Refusal(msg)
    method: Callable[..., object] = getattr(client, found)
    return method


def _letters(text: str) -> str:
    return "".join(one for one in text.lower() if one.isalnum())


def _readable(answer: object) -> JsonValue:
    """Write an answer as JSON: times as ISO 8601, bytes as text where they are one, streams up to what is shown."""
    if answer is None or isinstance(answer, str | int | float | bool):
        return answer
    if isinstance(answer, Mapping):
        return {str(name): _readable(one) for name, one in answer.items() if name != "ResponseMetadata"}
    if isinstance(answer, list | tuple | set):
        return [_readable(one) for one in answer]
    if isinstance(answer, datetime):
        return answer.isoformat()
    if isinstance(answer, bytes | bytearray):
        return _text(bytes(answer))
    if (read := getattr(answer, "read", None)) is not None:
        return _text(read(4 * LONGEST))
    if isinstance(answer, Iterable):  # the events of a stream
        return [_readable(one) for one in answer]
    return str(answer)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return f"base64:{base64.b64encode(data).decode()}"
