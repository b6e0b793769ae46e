"""Calls that a client refuses before it sends anything: wrong parameters, an address that cannot be resolved.

Hooked where every call of botocore begins (`BaseClient._make_api_call`): resources, waiters and paginators pass there
too. Whether anything was sent is seen where it would leave, below signing and retries.
"""

from __future__ import annotations

import contextlib
import contextvars
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

from askfirst.harness.aws.target_index import Index
from askfirst.harness.aws.targets import targets_of
from askfirst.harness.aws.wire import jsonable
from askfirst.harness.events import NeverSent
from askfirst.harness.operations.rules import Before, ruling_on
from askfirst.harness.operations.table import classify
from askfirst.harness.records import Author, Parameters, Resource, Target

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.client import BaseClient
    from botocore.httpsession import URLLib3Session
    from pydantic import JsonValue

SECRET = re.compile(
    r"(Password|SecretString|SecretBinary|SecretKey|PrivateKey|Token|Credential|Plaintext)", re.IGNORECASE
)
"""Members whose values must not get into a file; members that the service's model calls sensitive are hidden as well."""

ADDRESS = re.compile(r" at 0x[0-9a-f]+")
HIDDEN = "***"
SHOWN = 500


@dataclass(frozen=True, slots=True)
class Unsent:
    """One call that was never sent. `parameters` are as the caller gave them, `sensitive` the members to hide."""

    service: str
    operation: str
    region: str
    access_key: str
    parameters: Mapping[str, object]
    sensitive: frozenset[str]
    error: Exception


@contextlib.contextmanager
def noticed(report: Callable[[Unsent], None]) -> Generator[None]:
    """Report every call that fails in its own client; the error goes on to the caller unchanged."""
    from botocore.client import BaseClient
    from botocore.exceptions import BotoCoreError
    from botocore.httpsession import URLLib3Session

    sent: contextvars.ContextVar[list[bool] | None] = contextvars.ContextVar("sent", default=None)
    make_api_call, real_send = vars(BaseClient)["_make_api_call"], URLLib3Session.send  # the one place all calls pass

    def make(self: BaseClient, operation_name: str, api_params: Any) -> Any:  # noqa: ANN401 - botocore's signature
        mark = [False]
        token = sent.set(mark)
        given = dict(api_params)  # botocore adds random tokens to the caller's own dictionary
        try:
            return make_api_call(self, operation_name, api_params)
        except BotoCoreError as error:
            if not mark[0]:
                report(_unsent(self, operation_name, given, error))
            raise
        finally:
            sent.reset(token)

    def send(self: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        mark = sent.get()
        if mark is not None:
            mark[0] = True
        return real_send(self, request)

    with mock.patch.object(BaseClient, "_make_api_call", make), mock.patch.object(URLLib3Session, "send", send):
        yield


def _unsent(client: BaseClient, operation: str, given: Mapping[str, object], error: Exception) -> Unsent:
    model = client.meta.service_model.operation_model(operation)
    members: Mapping[str, Any] = model.input_shape.members if model.input_shape is not None else {}
    # Not the public property: where keys are renewed it would call AWS.
    keys = vars(getattr(vars(client).get("_request_signer"), "_credentials", None) or object)
    return Unsent(
        service=client.meta.service_model.service_name,
        operation=operation,
        region=client.meta.region_name or "",
        access_key=str(keys.get("_access_key") or keys.get("access_key") or ""),
        parameters=given,
        sensitive=frozenset(name for name, shape in members.items() if shape.metadata.get("sensitive")),
        error=error,
    )


def event_of(unsent: Unsent, author: Author, account: str, resources: Iterable[Resource]) -> NeverSent:
    """Give the event of a call that was never sent."""
    secrets: list[str] = []
    parameters: dict[str, JsonValue] = {
        str(name): _shown(str(name), value, unsent.sensitive, secrets) for name, value in unsent.parameters.items()
    }
    error = ADDRESS.sub("", f"{type(unsent.error).__name__}: {unsent.error}")
    for secret in secrets:
        error = error.replace(secret, HIDDEN)
    state = {one.arn: one for one in resources}
    targets = _targets(unsent, account, parameters, state)
    operation = classify(unsent.service, unsent.operation)
    named = tuple(state[one.arn] for one in targets if one.arn in state)
    ruling = ruling_on(operation, Before(parameters, named, state))
    operation = operation if ruling is None else ruling.over(operation)
    return NeverSent(
        author=author,
        service=unsent.service,
        operation=unsent.operation,
        region=unsent.region,
        parameters=parameters,
        error=" ".join(error.split())[:SHOWN],
        level=operation.level.word,
        operation_class=operation.operation_class.value,
        targets=targets,
    )


def _targets(unsent: Unsent, account: str, parameters: Parameters, state: Mapping[str, Resource]) -> tuple[Target, ...]:
    """Give what any text in the parameters names: the member that was meant may be the one that was misspelt."""
    index = Index(state)
    found = [
        one
        for text in dict.fromkeys(_texts(list(parameters.values())))
        for one in index.find(text, unsent.service, "", unsent.region, account)
    ]
    known = tuple(dict.fromkeys(Target(one.arn, one.name) for one in found))
    return known or targets_of(unsent.service, unsent.operation, unsent.region, account, parameters, index)


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def _shown(name: str, value: object, sensitive: frozenset[str], secrets: list[str]) -> JsonValue:
    """Give a parameter as it may be written down; what was hidden is added to `secrets`."""
    if name in sensitive or SECRET.search(name):
        secrets.append(str(value))
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(key): _shown(str(key), one, sensitive, secrets) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shown("", one, sensitive, secrets) for one in value]
    if value is None or isinstance(value, str | int | float | bool | bytes | bytearray | datetime):
        return jsonable(value)
    return f"<{type(value).__name__}>"  # its own text may hold an address, and reading it may do anything
