"""Our endpoint over moto's default account, for moto's own tests: `python -m tests.conformance.server PORT`.

What differs from a trial: every key is its account's owner, nobody needs a right, nothing is recorded, time is real, and
moto's routes under /moto-api are there, which its tests use between one test and the next. Answers are as moto made them,
for its tests look for what a trial hides (constant tokens, the owner `webfile`, headers sent back), and addresses of queues
are those of this server, not AWS's; with `--disguised` they are as in a trial.
"""

from __future__ import annotations

import re
import socket
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from askfirst.harness.aws import addressing
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
QUEUES = re.compile(rb"https://sqs\.[a-z0-9-]+\.amazonaws\.com(\.cn)?(?=/)")
REGION = re.compile(r"region/([a-z0-9-]+)")


class Owners(Keyring):
    """A keyring to which every key is an account's owner."""

    account = ""

    def who(self, access_key: str) -> Principal:
        """Give the owner of the account that moto would take the key for."""
        from moto.iam.models import get_account_id_from

        account = self.account or get_account_id_from(access_key)
        return Principal(Author.BUILDER, account, f"arn:aws:iam::{account}:root", access_key)


class Plain(Gateway):
    """A gateway that gives answers as they were made, and queues an address here."""

    here = ""

    def _outgoing(self, answer: WireAnswer, attempt: Attempt) -> WireAnswer:
        if attempt.resolved.service != "sqs":
            return answer
        return replace(answer, body=QUEUES.sub(self.here.encode(), answer.body))


class Addressing(addressing.Addressing):
    """Understands requests as a trial does, and lets moto's own pass."""

    def request(self, http: HttpRequest) -> WireRequest:
        """Give the request as AWS would get it, or as moto's control route does."""
        if http.target.startswith(CONTROL):
            kept = {name: value for name, value in http.headers.items() if name.lower() != "host"}
            return WireRequest(http.method, f"http://motoapi.amazonaws.com{http.target}", kept, http.body)
        # What moto's tests sign for nobody they put into the name of the client.
        told = REGION.search(http.headers.get("User-Agent", ""))
        return addressing.Addressing(told[1] if told else self.region, self.suffix).request(http)


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

    failed = unreadable

    def nonsense(self, what: str) -> None:
        """Say so."""
        sys.stderr.write(f"{what}\n")

    def limited(self) -> None:
        """There is no limit."""


def main(port: int, *, disguised: bool) -> None:
    """Serve until killed."""
    clock, owners = Clock(datetime.now(UTC), real=True), Owners("aws")
    Plain.here = f"http://localhost:{port}"
    gateway = (Gateway if disguised else Plain)(
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
    main(int(sys.argv[1]), disguised="--disguised" in sys.argv)
