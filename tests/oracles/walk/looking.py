"""One full look at the account by its owner."""

from __future__ import annotations

from tests.oracles.walk.looking_others import OTHERS
from tests.oracles.walk.looking_stores import STORES
from tests.oracles.walk.owner import Owner
from tests.oracles.walk.seen import Look


def looked(owner: Owner) -> Look:
    """Ask every service what is there."""
    return {arn: thing for part in (*STORES, *OTHERS) for arn, thing in part(owner)}
