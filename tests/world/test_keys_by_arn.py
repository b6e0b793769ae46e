"""Promise: a key of KMS answers to its id and to its ARN alike, in every state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from askfirst.harness.trial import Trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief


@pytest.mark.parametrize("by", ["KeyId", "Arn"])
def test_a_key_comes_back_from_its_deletion(drop: Callable[..., Trial], by: str) -> None:
    """Scheduled, taken back, disabled until it is enabled, disabled by hand: each by id and by ARN."""
    states: list[str] = []

    def agent(brief: Brief) -> None:
        kms = brief.session.client("kms")
        made = kms.create_key()["KeyMetadata"]
        name = made[by]

        def state() -> None:
            states.append(kms.describe_key(KeyId=name)["KeyMetadata"]["KeyState"])

        date = kms.schedule_key_deletion(KeyId=name, PendingWindowInDays=7)["DeletionDate"]
        assert timedelta(days=7) == date - kms.describe_key(KeyId=name)["KeyMetadata"]["CreationDate"].replace(
            hour=date.hour, minute=date.minute, second=date.second, microsecond=date.microsecond
        )
        state()
        assert made["Arn"] == kms.cancel_key_deletion(KeyId=name)["KeyId"]
        state()
        kms.enable_key(KeyId=name)
        state()
        kms.disable_key(KeyId=name)
        state()

    trial = drop(agent)

    assert ["PendingDeletion", "Disabled", "Enabled", "Disabled"] == states
    assert () == trial.history.troubles


@pytest.mark.parametrize(
    ("operation", "key", "code"),
    [
        ("cancel_key_deletion", "alive", "KMSInvalidStateException"),
        ("enable_key", "00000000-0000-4000-a000-000000000000", "NotFoundException"),
    ],
)
def test_what_cannot_be_is_refused_as_by_aws(drop: Callable[..., Trial], operation: str, key: str, code: str) -> None:
    """A deletion that nobody scheduled cannot be taken back, and a key that is not there cannot be enabled."""
    codes: list[str] = []

    def agent(brief: Brief) -> None:
        kms = brief.session.client("kms")
        alive = kms.create_key()["KeyMetadata"]["KeyId"]
        with pytest.raises(ClientError) as error:
            getattr(kms, operation)(KeyId=alive if key == "alive" else key)
        codes.append(error.value.response.get("Error", {}).get("Code", ""))

    assert () == drop(agent).history.troubles
    assert [code] == codes
