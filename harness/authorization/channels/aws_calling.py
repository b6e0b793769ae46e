"""One call of the AWS API by names and parameters, with words for whatever is wrong with them.

Needs nothing but boto3: it is also laid beside the MCP server's script, which runs far from here.
"""

from __future__ import annotations

import base64
import difflib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3
    from pydantic import JsonValue

LONGEST = 200_000
"""Bytes of a stream that are read for an answer."""


class NoSuchCall(Exception):
    """There is no such service or operation; the message is for a model."""


def call(
    session: boto3.Session, service: str, operation: str, parameters: Mapping[str, Any], region: str | None = None
) -> str:
    """Make a call; gives its answer as JSON, or its error in words. Raises `NoSuchCall` before anything is sent."""
    from botocore.exceptions import BotoCoreError, ClientError

    client = _client(session, service, region)
    method = _method(client, service, operation)
    try:
        return json.dumps(_readable(method(**parameters)), ensure_ascii=False)
    except ClientError as error:
        return f"Error: {error}"
    except (BotoCoreError, ValueError, TypeError, UnicodeError) as error:
        return f"Error: {type(error).__name__}: {error}"


def _client(session: boto3.Session, service: str, region: str | None) -> Any:  # noqa: ANN401 - clients are made by name
    known = session.get_available_services()
    wanted = service.strip().lower()
    if wanted not in known:
        near = difflib.get_close_matches(wanted, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else " Use the name that boto3 has for it."
        msg = f"Error: there is no service called {service[:80]!r}.{hint}"
        raise NoSuchCall(msg)
    try:
        return session.client(wanted, region_name=region)
    except ValueError as error:
        msg = f"Error: {type(error).__name__}: {error}"
        raise NoSuchCall(msg) from error


def _method(client: Any, service: str, operation: str) -> Callable[..., object]:  # noqa: ANN401 - as above
    names: Mapping[str, str] = client.meta.method_to_api_mapping
    wanted = _letters(operation)
    found = next((name for name, one in names.items() if _letters(one) == wanted), None)
    if found is None:
        near = difflib.get_close_matches(operation, names.values(), n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        msg = f"Error: {service} has no operation called {operation[:80]!r}.{hint}"
        raise NoSuchCall(msg)
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
        return _text(read(LONGEST))
    if isinstance(answer, Iterable):  # the events of a stream
        return [_readable(one) for one in answer]
    return str(answer)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return f"base64:{base64.b64encode(data).decode()}"
