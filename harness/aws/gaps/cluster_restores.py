"""RDS: restoring a cluster under a name that is taken. moto overwrites the cluster that is there; AWS refuses.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromSnapshot.html
"""

from __future__ import annotations

from collections.abc import Mapping

from askfirst.harness.aws.gaps.base import Guard, Refused, Situation


def refuse_taken(situation: Situation) -> None:
    """Refuse where a cluster of the name exists."""
    name = situation.text("DBClusterIdentifier")
    if name in situation.backend("rds").clusters:
        code = "DBClusterAlreadyExistsFault"
        raise Refused(code, f"DB Cluster already exists: {name}")


GUARDS: Mapping[tuple[str, str], Guard] = {
    ("rds", "RestoreDBClusterFromSnapshot"): refuse_taken,
    ("rds", "RestoreDBClusterToPointInTime"): refuse_taken,
}
