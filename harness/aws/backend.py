"""moto behind one function: seeded, and never reached any other way.

Everything moto invents (ids, tokens, random choices) comes from the seed it is given for a call, so that ids do not
depend on which calls came before. moto has one global random sequence of its own, and parts of it use `os.urandom`
(through `uuid.uuid4`) or the `random` module.
"""

from __future__ import annotations

import contextlib
import logging
import os
import random
import re
import threading
import warnings
from collections.abc import Generator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

from askfirst.harness.aws import draw, literals
from askfirst.harness.aws.wire import WireAnswer

if TYPE_CHECKING:
    from moto.core.request import Request

AMIS_KEPT = 6
PAGE = "<!doctype html>"
NOT_YET = b"Not yet implemented"
NOT_IN_MOTO = re.compile(rb"implemented in Moto|Moto does not support|getmoto/moto")
"""What moto writes into an error where it cannot do something: a gap, not an answer of AWS."""

OWN_ADDRESSES = {"moto_api._internal", "instance_metadata"}
"""What moto answers at beside AWS's services: `motoapi.amazonaws.com` empties every account, 169.254.169.254 says 'moto'."""


class NotInMock(Exception):
    """moto does not implement the operation."""


def apply(request: Request, account: str, seed: int) -> WireAnswer:
    """Let moto carry out a request in an account; `NotInMock` where it cannot. Other exceptions are moto's own faults."""
    from moto.core.models import botocore_stubber

    request.environ["HTTP_X_MOTO_ACCOUNT_ID"] = account
    with seeded(seed):
        try:
            answer = botocore_stubber.process_request(request)  # type: ignore[arg-type]  # it takes moto's own Request too
        except NotImplementedError as error:
            raise NotInMock(str(error)) from error
    if answer is None:
        msg = "no service of the mock answers at this address"
        raise NotInMock(msg)
    status, headers, body = answer
    if not isinstance(headers, Mapping):  # it was raised, by moto or by werkzeug, whose page AWS does not send
        headers, body = dict(headers), b"" if PAGE in str(body) else body
    data = body if isinstance(body, bytes) else str(body).encode()
    if status == 404 and data == NOT_YET:
        raise NotInMock(data.decode())
    if int(status) >= 400 and NOT_IN_MOTO.search(data):
        raise NotInMock(data.decode(errors="replace"))
    return WireAnswer(int(status), _texts(headers), data)


def _texts(headers: Mapping[str, object]) -> dict[str, str]:
    return {str(name): value.decode() if isinstance(value, bytes) else str(value) for name, value in headers.items()}


@contextlib.contextmanager
def seeded(seed: int) -> Generator[None]:
    """Make everything this thread draws at random depend on the seed alone."""
    from moto.moto_api._internal import mock_random

    mine, real_urandom = threading.get_ident(), os.urandom
    mock_random.seed(seed)
    drawn = 0

    def urandom(size: int) -> bytes:
        nonlocal drawn
        if threading.get_ident() != mine:
            return real_urandom(size)
        drawn += 1
        return random.Random(draw.number(seed, drawn)).randbytes(size)  # noqa: S311 - a mocked account's secrets

    state = random.getstate()
    random.seed(seed)
    os.urandom = urandom
    try:
        yield
    finally:
        os.urandom = real_urandom
        random.setstate(state)


@contextlib.contextmanager
def apart(*seed: object) -> Generator[None]:
    """Draw by another seed for a while, and take up the draws of the call after it where they were."""
    from moto.moto_api._internal import mock_random

    state = mock_random.getstate()
    try:
        with seeded(draw.number(*seed)):
            yield
    finally:
        mock_random.setstate(state)


@contextlib.contextmanager
def backends_made_apart(seed: object) -> Generator[None]:
    """Let what moto makes when a service is first touched (a default VPC, say) not depend on the call that touches it."""
    from moto.core.base_backend import AccountSpecificBackend, BackendDict

    make_account, make_region = BackendDict.__getitem__, AccountSpecificBackend.__getitem__

    def account(self: BackendDict[Any], account_id: str) -> Any:  # noqa: ANN401 - moto's own types
        if account_id in self.keys():
            return make_account(self, account_id)
        with apart(seed, self.service_name, account_id):
            return make_account(self, account_id)

    def region(self: AccountSpecificBackend[Any], name: str) -> Any:  # noqa: ANN401
        if name in self.keys():
            return dict.__getitem__(self, name)
        with apart(seed, self.service_name, self.account_id, name):
            return make_region(self, name)

    with (
        mock.patch.object(BackendDict, "__getitem__", account),
        mock.patch.object(AccountSpecificBackend, "__getitem__", region),
    ):
        yield


@contextlib.contextmanager
def configured(seed: object, account: str, region: str, now: datetime) -> Generator[None]:
    """Set moto up as worlds need it: no Docker for Lambda, few machine images, nothing read from the environment.

    moto's own addresses (its control routes, the metadata service) answer nothing, its warnings and log are silent, and
    its code says what AWS would; `account` and `region` are the home ones. One `describe_images` over moto's 1,300
    default images costs a second; making them, four.
    """
    from moto import backend_index
    from moto.core.config import default_user_config
    from moto.ec2.models import amis
    from moto.utilities.utils import get_partition

    config = {
        "lambda": {"use_docker": False},
        "batch": {"use_docker": False},
        "iam": {"load_aws_managed_policies": False},
    }
    known = literals.facts(account, region, get_partition(region), now)
    with (
        mock.patch.dict(default_user_config, config),
        mock.patch.object(amis, "AMIS", amis.AMIS[:AMIS_KEPT]),
        mock.patch.object(
            backend_index,
            "backend_url_patterns",
            [one for one in backend_index.backend_url_patterns if one[0] not in OWN_ADDRESSES],
        ),
        mock.patch.dict(os.environ),
        literals.said_otherwise(known),
        _silent(),
        backends_made_apart(seed),
    ):
        for name in [one for one in os.environ if one.startswith("MOTO_")]:
            del os.environ[name]
        yield


@contextlib.contextmanager
def _silent() -> Generator[None]:
    """Let nothing be read of moto in warnings and logs: an agent in this process may collect both."""
    log = logging.getLogger("moto")
    level = log.level
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"moto\.")
        log.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            log.setLevel(level)


def backend_of(service: str, account: str, region: str, partition: str) -> object:
    """Give moto's backend object of a service; for a global service, the partition's one."""
    from moto.backends import get_backend

    if service == "lambda":  # there are two, with Docker and without
        from moto.awslambda.utils import get_backend as get_lambda_backend

        return get_lambda_backend(account, region)
    regional = get_backend(service)[account]  # type: ignore[call-overload]
    return regional[region] if region in regional else regional[partition]
