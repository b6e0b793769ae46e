"""The in-process transport: every botocore client of the process talks to the gateway instead of the network.

It stands where botocore would open a connection (`URLLib3Session.send`), below signing, retries and parsing, so that
those stay real, and so that clients made before the trial, with whatever keys, are caught as well. moto's own stubber
hangs on the `before-send` event of new sessions, and cannot keep a call from being applied; it stays switched off.
"""

from __future__ import annotations

import contextlib
import contextvars
import io
import sys
import threading
import time
import weakref
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any
from unittest import mock

from askfirst.harness.aws.gateway import Closed, Dropped
from askfirst.harness.aws.wire import WireAnswer, WireRequest
from askfirst.harness.errors import AlreadyMocked
from askfirst.harness.faulting.reactions import Broken

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.httpsession import URLLib3Session

Handle = Callable[[WireRequest], WireAnswer]


def refuse_other_mocks() -> None:
    """Raise `AlreadyMocked` if moto's own mock is active: two mocks would share one account and hide each other."""
    models = sys.modules.get("moto.core.models")
    if models is not None and models.MockAWS._mocks_active:  # noqa: SLF001 - moto has no public question for it
        msg = (
            "moto's mock_aws is already active here, and a trial needs the mocked account to itself: "
            "leave out mock_aws (decorator, fixture or start()) around the trial; askfirst mocks AWS itself."
        )
        raise AlreadyMocked(msg)


@contextlib.contextmanager
def intercepted(handle: Handle, served: Callable[[str], bool] = lambda _: False) -> Generator[None]:
    """Send every botocore request of the process through `handle`, but for those to an address that is `served`."""
    from botocore.endpoint import Endpoint
    from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
    from botocore.httpsession import URLLib3Session

    current: contextvars.ContextVar[tuple[str, str]] = contextvars.ContextVar("operation", default=("", ""))
    make_request, real_send = Endpoint.make_request, URLLib3Session.send

    def named_make_request(self: Endpoint, operation_model: Any, request_dict: Any) -> Any:  # noqa: ANN401 - botocore's signature
        token = current.set((operation_model.service_model.service_name, operation_model.name))
        try:
            return make_request(self, operation_model, request_dict)
        finally:
            current.reset(token)

    def send(self: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        if served(str(request.url)):
            return real_send(self, request)
        service, operation = current.get()
        wire = WireRequest(
            method=str(request.method),
            url=str(request.url),
            headers={str(name): _text(value) for name, value in request.headers.items()},
            body=_body(request.body),
            service=service,
            operation=operation,
            read_timeout=_read_timeout(self),
        )
        try:
            answer = handle(wire)
        except Dropped as error:
            if error.how is Broken.TIMEOUT:
                raise ReadTimeoutError(endpoint_url=wire.url, error=error) from None
            if error.how in {Broken.RESET, Broken.CUT}:
                raise ConnectionClosedError(endpoint_url=wire.url, request=request) from None
            raise EndpointConnectionError(endpoint_url=wire.url, error=error) from None
        except Closed:
            raise ConnectionClosedError(endpoint_url=wire.url, request=request) from None
        if answer.held:
            time.sleep(answer.held)
        return _response(wire.url, answer)

    with (
        mock.patch.object(Endpoint, "make_request", named_make_request),
        mock.patch.object(URLLib3Session, "send", send),
    ):
        yield


def bar(threads: Iterable[threading.Thread]) -> None:
    """Keep threads that outlived their trial from AWS for good: the mocked account is gone, and no other is theirs."""
    from botocore.exceptions import ConnectionClosedError
    from botocore.httpsession import URLLib3Session

    barred = weakref.WeakSet(threads)
    if not barred:
        return
    real_send = URLLib3Session.send

    def send(self: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        if threading.current_thread() in barred:
            raise ConnectionClosedError(endpoint_url=str(request.url), request=request)
        return real_send(self, request)

    URLLib3Session.send = send  # type: ignore[method-assign,assignment]  # of the two kinds of request this is the one


def _read_timeout(session: URLLib3Session) -> float | None:
    """Give the seconds a client waits for an answer; botocore keeps one number, or urllib3's `Timeout` of two."""
    timeout: object = vars(session).get("_timeout")  # botocore has no public name for it
    waiting = getattr(timeout, "read_timeout", timeout)
    return float(waiting) if isinstance(waiting, int | float) else None


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(body: Any) -> bytes:  # noqa: ANN401 - botocore sends texts, bytes, files and wrappers of files
    if body is None:
        return b""
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body)


class _Raw(io.BytesIO):
    """A body as urllib3 would hand it over."""

    def stream(self, **_: object) -> Iterator[bytes]:
        while chunk := self.read(65536):
            yield chunk


def _response(url: str, answer: WireAnswer) -> AWSResponse:
    from botocore.awsrequest import AWSResponse

    return AWSResponse(url, answer.status, dict(answer.headers), _Raw(answer.body))  # type: ignore[arg-type]  # it copies any mapping
