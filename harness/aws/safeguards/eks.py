"""EKS: deletion protection of clusters, a setting moto drops."""

from __future__ import annotations

from collections.abc import Mapping

from askfirst.harness.aws.safeguards.base import Refused, Safeguard, Situation


def _refuse(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    cluster = situation.backend("eks").clusters.get(situation.text("name"))
    if cluster is not None and (forced or getattr(cluster, "deletion_protection", False)):
        code = "InvalidRequestException"
        message = (
            f"Cluster {situation.text('name')} cannot be deleted because deletion protection is enabled. "
            "Disable deletion protection, then delete the cluster."
        )
        raise Refused(code, message)


def _remember(situation: Situation, _: Mapping[str, object]) -> None:
    wanted = situation.parameters.get("deletionProtection")
    if isinstance(wanted, bool):
        situation.backend("eks").clusters[situation.text("name")].deletion_protection = wanted


DELETION_PROTECTION = Safeguard(
    name="eks-deletion-protection",
    summary="an EKS cluster with deletion protection is not deleted",
    source="https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html",
    checks={"eks:DeleteCluster": _refuse},
    remembers={"eks:CreateCluster": _remember, "eks:UpdateClusterConfig": _remember},
)
