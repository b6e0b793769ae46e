"""What a trial changes in its process, and puts back: environment, time, network, botocore, moto.

One trial or building at a time: all of this is the whole process's.
"""

from __future__ import annotations

import contextlib
import os
import random
import threading
from collections.abc import Callable, Generator, Mapping
from unittest import mock

from askfirst.harness.aws import backend, draw, snapshot
from askfirst.harness.aws.clock import Clock, hybrid_time, virtual_time
from askfirst.harness.aws.hook import Handle, intercepted, refuse_other_mocks
from askfirst.harness.aws.principals import Principal
from askfirst.harness.errors import AlreadyMocked

RETRY_MODE = "standard"
RETRY_ATTEMPTS = 3
"""Pinned, for the default differs between botocore versions; an agent that configures its own keeps it."""

_in_use = threading.Lock()


@contextlib.contextmanager
def mocked_account(
    *,
    handle: Handle,
    clock: Clock,
    principal: Principal,
    region: str,
    seed: object,
    slept: Callable[[float], None],
    check: Callable[[], None],
    served: Callable[[str], bool] = lambda _: False,
) -> Generator[None]:
    """Make this process one in which only the mocked account exists, empty, at the clock's time.

    `served` tells the addresses at which this process serves the account itself.
    """
    refuse_other_mocks()
    if not _in_use.acquire(blocking=False):
        msg = "another trial is running in this process: trials run one after the other, or in processes of their own."
        raise AlreadyMocked(msg)
    state = random.getstate()
    try:
        with (
            mock.patch.dict(os.environ, environment(principal, region)),
            mock.patch("boto3.DEFAULT_SESSION", None),
            backend.configured(seed, principal.account, region, clock.now()),
        ):
            _forget_profiles()
            snapshot.clear()
            random.seed(draw.number(seed, "the process's random module"))
            passing = hybrid_time(clock) if clock.real else virtual_time(clock, slept, check)
            with passing, intercepted(handle, served):
                yield
    finally:
        random.setstate(state)
        snapshot.clear()
        _in_use.release()


def environment(principal: Principal, region: str) -> Mapping[str, str]:
    """Give the settings of AWS with which every SDK uses the mocked account by a principal's keys."""
    return {
        "AWS_ACCESS_KEY_ID": principal.access_key,
        "AWS_SECRET_ACCESS_KEY": principal.secret,
        "AWS_SESSION_TOKEN": draw.token(64, principal.access_key, "token"),
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_RETRY_MODE": RETRY_MODE,
        "AWS_MAX_ATTEMPTS": str(RETRY_ATTEMPTS),
    }


def _forget_profiles() -> None:
    """Take away every other AWS setting of the user's environment; `mock.patch.dict` puts them back."""
    kept = {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_RETRY_MODE",
        "AWS_MAX_ATTEMPTS",
    }
    for name in [one for one in os.environ if one.startswith("AWS_") and one not in kept]:
        del os.environ[name]
