"""KMS keys of stacks: moto keeps the policy a template gives as a mapping, and fails on it when the key is described."""

from __future__ import annotations

import json
from collections.abc import Mapping

from askfirst.harness.aws.gaps.base import Afterwards, Situation


def as_text(situation: Situation, _: Mapping[str, object]) -> None:
    """Write the policies of keys as the text that every other way of making a key gives."""
    for key in situation.backend("kms").keys.values():
        if isinstance(key.policy, Mapping):
            key.policy = json.dumps(key.policy)


AFTERWARDS: Mapping[tuple[str, str], Afterwards] = {
    ("cloudformation", "CreateStack"): as_text,
    ("cloudformation", "ExecuteChangeSet"): as_text,
    ("cloudformation", "UpdateStack"): as_text,
}
