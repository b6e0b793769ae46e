"""An agent whose model is on Amazon Bedrock: its calls of a model leave the mocked account and reach a real one, or a script.

    ASKFIRST_BEDROCK_PROFILE=models         credentials of their own for the model; the agent never sees them
    ASKFIRST_BEDROCK_REGION=us-east-1       where the model is, if that is not the profile's region
    ASKFIRST_BEDROCK_URL=http://127.0.0.1:8080   a server that speaks the API of Bedrock, in the place of AWS

The calls are step 0 of the gateway: no call of the account, in no count, struck by the faults of a model's API alone.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from askfirst.harness.errors import UsageError

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import ReadOnlyCredentials

    from askfirst.harness.aws.wire import WireAnswer, WireRequest
    from askfirst.harness.model.passing import Sign
    from askfirst.harness.model.turns import ModelTurns

URL, PROFILE, REGION = "ASKFIRST_BEDROCK_URL", "ASKFIRST_BEDROCK_PROFILE", "ASKFIRST_BEDROCK_REGION"
CALL = re.compile(r"/model/[^/]+/(?:converse|converse-stream|invoke|invoke-with-response-stream)")
REPLAYED = "http://bedrock.invalid"
"""Where calls go whose answers are all recorded."""

USUAL_PATIENCE = 60.0
"""Seconds a client waits for an answer unless it says otherwise (botocore's `read_timeout`)."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where calls of a model go, and what signs them there."""

    url: str
    sign: Sign | None = None

    @property
    def hosts(self) -> tuple[str, ...]:
        """What must be reached over the network."""
        return (urlsplit(self.url).hostname or "",)


def upstream() -> Upstream | None:
    """Give what the environment names, None where it names nothing; raises `UsageError` for what cannot be right.

    Credentials are loaded here: within a trial there is no other account than the mocked one.
    """
    url, profile = os.environ.get(URL, ""), os.environ.get(PROFILE, "")
    if url and not urlsplit(url).hostname:
        msg = f"{URL} is {url!r}: write an address such as http://127.0.0.1:8080"
        raise UsageError(msg)
    if not profile:
        return Upstream(url) if url else None
    import boto3
    from botocore.exceptions import BotoCoreError

    try:
        session = boto3.Session(profile_name=profile)
        found = session.get_credentials()
        region = os.environ.get(REGION) or session.region_name
        frozen = found.get_frozen_credentials() if found is not None else None
    except BotoCoreError as error:
        msg = f"{PROFILE} is {profile!r}: {error}"
        raise UsageError(msg) from error
    if frozen is None or not frozen.access_key:
        msg = f"{PROFILE} is {profile!r}, and that profile has no credentials: aws configure --profile {profile}"
        raise UsageError(msg)
    if not region:
        msg = f"{PROFILE} is {profile!r}, and that profile names no region: set {REGION}"
        raise UsageError(msg)
    return Upstream(url or f"https://bedrock-runtime.{region}.amazonaws.com", signing(frozen, region))


def signing(credentials: ReadOnlyCredentials, region: str) -> Sign:
    """Give what signs for Bedrock with these credentials, at the real time: within a trial the clocks show another."""
    began, then = datetime.now(UTC), time.perf_counter()

    def sign(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth
        from botocore.awsrequest import AWSRequest

        class Auth(SigV4Auth):
            def _modify_request_before_signing(self, request: AWSRequest) -> None:
                real = began + timedelta(seconds=time.perf_counter() - then)
                request.context["timestamp"] = real.strftime(SIGV4_TIMESTAMP)
                super()._modify_request_before_signing(request)  # type: ignore[misc]  # botocore-stubs lack it

        kept = {name: value for name, value in headers.items() if name.lower() in {"content-type", "accept"}}
        request = AWSRequest(method, url, kept, body)
        Auth(credentials, "bedrock", region).add_auth(request)
        return dict(request.headers.items())

    return sign


def is_call_of_a_model(request: WireRequest) -> bool:
    """Tell whether a request asks a model for an answer."""
    place = urlsplit(request.url)
    known = request.service == "bedrock-runtime" or place.netloc.startswith("bedrock-runtime")
    return known and request.method == "POST" and CALL.fullmatch(place.path) is not None


class ModelPlane:
    """Answers the calls of models of one trial."""

    def __init__(
        self, where: Upstream, turns: ModelTurns, over: Callable[[], bool], wait: Callable[[float], None] | None
    ) -> None:
        """`wait` lets the trial's time pass where nobody waits for real."""
        from askfirst.harness.model.passing import PassThrough
        from askfirst.harness.model.striking import Struck

        self._struck = Struck(PassThrough(where.url, where.sign), turns, over, wait)

    def __call__(self, request: WireRequest) -> WireAnswer:
        """Answer a request, or raise `Dropped` where no answer comes."""
        from askfirst.harness.aws.gateway import Dropped
        from askfirst.harness.aws.wire import WireAnswer
        from askfirst.harness.faulting.reactions import Broken
        from askfirst.harness.model.server import question_of

        place = urlsplit(request.url)
        target = f"{place.path}?{place.query}" if place.query else place.path
        question = question_of(request.method, target, request.headers, request.body.decode("utf-8", "replace"))
        try:
            raw = self._struck.answer(question)
            answer = WireAnswer(raw.status, raw.headers, b"".join(raw.pieces))
        except TimeoutError as error:
            msg = "the model did not answer in time"
            raise Dropped(msg, Broken.TIMEOUT) from error
        except OSError as error:
            msg = f"the model cannot be reached: {error}"
            raise Dropped(msg, Broken.RESET) from error
        if raw.broken:
            msg = "the answer of the model ended in the middle"
            raise Dropped(msg, Broken.CUT, answer)
        return answer
