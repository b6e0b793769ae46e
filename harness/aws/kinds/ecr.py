"""Kinds of ECR: a repository with its images and tags."""

from __future__ import annotations

import functools
import json

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name
from askfirst.harness.aws.kinds.policies import ways
from askfirst.harness.aws.kinds.reading import Thing, flag
from askfirst.harness.records import Part


def _read(repository: Thing, _: Thing) -> Reading:
    parts: dict[str, Part] = {}
    for image in repository.images:
        image_digest = image._image_digest or image.get_image_digest()  # noqa: SLF001 - computed once by moto
        # A tag that is set to another image is an ordinary push: in AWS the image it was on stays without tags. moto
        # deletes it, so an image is known by its tags, and by its digest only where it has none.
        for tag in image.image_tags:
            parts[f"tag {tag}"] = {"image": image_digest}
        if not image.image_tags:
            parts[image_digest] = image_digest
    allowed, denied = ways(repository.policy)
    return Reading(
        items=len(repository.images),
        content=repository.lifecycle_policy,
        guards={
            "immutable tags": flag(repository.image_tag_mutability == "IMMUTABLE"),
            "scan on push": flag(repository.image_scanning_configuration.get("scanOnPush") in {True, "true"}),
            "encryption by an own key": flag(repository.encryption_configuration.get("encryptionType") != "AES256"),
        },
        open=allowed,
        shut=denied,
        doomed=_doomed(repository.lifecycle_policy or ""),
        parts=parts,
    )


@functools.lru_cache(maxsize=256)
def _doomed(policy: str) -> tuple[str, ...]:
    """Give what a lifecycle policy deletes; https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html."""
    if not policy:
        return ()
    found: list[str] = []
    for rule in json.loads(policy).get("rules", []):
        choice = rule.get("selection", {})
        if rule.get("action", {}).get("type") != "expire":
            continue
        tags = choice.get("tagPrefixList", []) + choice.get("tagPatternList", [])
        which = f"{choice.get('tagStatus', 'any')} {' '.join(tags)}".strip()
        unit = choice.get("countUnit", "days") if choice.get("countType") == "sinceImagePushed" else "newer images"
        found.append(f"images ({which}) expire after {choice.get('countNumber')} {unit}")
    return tuple(sorted(found))


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="ecr.repository",
        service="ecr",
        members=lambda backend: backend.repositories.values(),
        arn=own_arn,
        name=own_name,
        read=_read,
    ),
)
