"""KMS: a key that is disabled or pending deletion serves nobody; moto goes on encrypting with it."""

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.safeguards.base import Refused, Safeguard, Situation

CRYPTOGRAPHIC = (
    "Decrypt",
    "DeriveSharedSecret",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "GetPublicKey",
    "ReEncrypt",
    "Sign",
    "Verify",
    "VerifyMac",
)
MANAGING = (
    "CreateAlias",
    "CreateGrant",
    "DisableKey",
    "DisableKeyRotation",
    "EnableKey",
    "EnableKeyRotation",
    "ScheduleKeyDeletion",
)
"""Refused while the key is pending deletion, and allowed on a disabled one."""


def _refuse_use(situation: Situation, forced: bool) -> None:  # noqa: FBT001, ARG001 - `Check`; the state is a fact
    key = _key(situation)
    if key is None:
        return
    if key.key_state == "PendingDeletion":
        raise _invalid_state(key, "PendingDeletion")
    if key.key_state == "Disabled":
        code = "DisabledException"
        raise Refused(code, f"{key.arn} is disabled.")


def _refuse_change(situation: Situation, forced: bool) -> None:  # noqa: FBT001, ARG001 - `Check`; the state is a fact
    key = _key(situation)
    if key is not None and key.key_state == "PendingDeletion":
        raise _invalid_state(key, "PendingDeletion")


def _invalid_state(key: Any, state: str) -> Refused:  # noqa: ANN401 - moto's key
    words = {"PendingDeletion": "pending deletion"}
    return Refused("KMSInvalidStateException", f"{key.arn} is {words[state]}.")


def _key(situation: Situation) -> Any:  # noqa: ANN401 - moto's key
    backend = situation.backend("kms")
    wanted = situation.text("KeyId") or situation.text("TargetKeyId") or situation.text("SourceKeyId")
    if not wanted and isinstance(blob := situation.parameters.get("CiphertextBlob"), str):
        wanted = _key_of(blob)
    if not wanted:
        return None
    name = wanted.rsplit(":", 1)[-1] if wanted.startswith("arn:") else wanted
    if name.startswith("alias/"):
        name = backend.get_key_id_from_alias(name) or ""
    return backend.keys.get(name.removeprefix("key/"))


def _key_of(blob: str) -> str:
    """Give the id of the key a ciphertext of moto's begins with."""
    import base64
    import binascii

    try:
        return base64.b64decode(blob)[:36].decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return ""


KEY_STATE = Safeguard(
    name="kms-key-state",
    summary="a key that is disabled or pending deletion neither encrypts nor decrypts",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
    checks={
        **{f"kms:{name}": _refuse_use for name in CRYPTOGRAPHIC},
        **{f"kms:{name}": _refuse_change for name in MANAGING},
    },
)
