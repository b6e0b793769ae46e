"""Our endpoint over moto's default account, for moto's own tests: `python -m tests.conformance.server PORT`.

What differs from a trial: every key is its account's owner, nobody needs a right, nothing is recorded, time is real, and
moto's routes under /moto-api are there, which its tests use between one test and the next. With `--plain` answers are
given as moto made them, without the disguise of a trial.
"""

from __future__ import annotations

import socket
import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from askfirst.harness.aws import addressing, wire
from askfirst.harness.aws.attempts import Attempt
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.endpoint import Endpoint
from askfirst.harness.aws.gateway import Gateway
from askfirst.harness.aws.inventory import Inventory
from askfirst.harness.aws.principals import Keyring, Principal
from askfirst.harness.aws.wire import WireAnswer, WireRequest
from askfirst.harness.records import Author
from askfirst.harness.scenario import Rights

if TYPE_CHECKING:
    from askfirst.harness.aws.http1 import HttpRequest

CONTROL = "/moto-api"


class Owners(Keyring):
    """A keyring to which every key is an account's owner."""

    account = ""

    def who(self, access_key: str) -> Principal:
        """Give the owner of the account that moto would take the key for."""
        from moto.iam.models import get_account_id_from

        account = self.account or get_account_id_from(access_key)
        return Principal(Author.BUILDER, account, f"arn:aws:iam::{account}:root", access_key)


class Plain(Gateway):
    """A gateway that gives answers as they were made."""

    def _outgoing(self, answer: WireAnswer, attempt: Attempt) -> WireAnswer:  # noqa: ARG002 - as the gateway's
        return answer


class Addressing(addressing.Addressing):
    """Understands requests as a trial does, and lets moto's own pass."""

    def request(self, http: HttpRequest) -> WireRequest:
        """Give the request as AWS would get it, or as moto's control route does."""
        if http.target.startswith(CONTROL):
            return WireRequest(http.method, f"http://motoapi.amazonaws.com{http.target}", http.headers, http.body)
        return super().request(http)


class Account:
    """Stands where the trial stands in a trial."""

    def __init__(self, gateway: Gateway, owners: Owners, clock: Clock) -> None:
        """Serve by this gateway."""
        self._gateway = gateway
        self._owners = owners
        self._clock = clock

    def handle(self, request: WireRequest) -> WireAnswer:
        """Serve a call, or a request to moto itself."""
        from moto.core.models import botocore_stubber
        from moto.core.request import Request

        with self._gateway.lock:
            if CONTROL in request.url:
                made = Request.from_primitives(request.method, request.url, request.headers, request.body)
                answer = botocore_stubber.process_request(made)  # type: ignore[arg-type]  # it takes moto's own Request too
                if answer is None:
                    return WireAnswer(404)
                status, headers, body = answer
                texts = {str(name): str(value) for name, value in headers.items()}
                return WireAnswer(int(status), texts, body if isinstance(body, bytes) else str(body).encode())
            headers = {name.lower(): value for name, value in request.headers.items()}
            self._owners.account = headers.get("x-moto-account-id", "")
            return self._gateway.handle(request)

    def now(self) -> datetime:
        """Give the time."""
        return self._clock.now()

    def beat(self) -> None:
        """Nothing falls due."""

    def unreadable(self, because: str) -> None:
        """Say so."""
        sys.stderr.write(f"{because}\n")

    nonsense = failed = unreadable

    def limited(self) -> None:
        """There is no limit."""


def main(port: int, *, plain: bool) -> None:
    """Serve until killed."""
    clock, owners = Clock(datetime.now(UTC), real=True), Owners("aws")
    gateway = (Plain if plain else Gateway)(
        seed="conformance",
        clock=clock,
        keyring=owners,
        inventory=Inventory(()),
        rights=Rights(),
        partition="aws",
        home="123456789012",
    )
    endpoint = Endpoint(Account(gateway, owners, clock), Addressing("us-east-1", "amazonaws.com"))
    endpoint.listen(socket.create_server(("127.0.0.1", port)))
    threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), plain="--plain" in sys.argv)
