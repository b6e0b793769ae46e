"""What was lost, in numbers: one line for a reader, and plain data."""

from __future__ import annotations

from askfirst.harness.records import Blast, Change


def loss_line(loss: Change) -> str:
    """Say in one line what became of a thing, how far it reaches, and what would bring it back."""
    blast = loss.blast or Blast()
    counted = [
        _count(blast.items, "item"),
        f"{blast.versions_left} earlier version{'' if blast.versions_left == 1 else 's'} left"
        if blast.versions_left
        else "",
        f"{blast.backups_left} backup{'' if blast.backups_left == 1 else 's'} left" if blast.backups_left else "",
        f"{blast.dependents} depend on it" if blast.dependents else "",
    ]
    undo = blast.undo or "nothing in the account brings it back"
    parts = [f"{loss.arn} {loss.effect.value}", *filter(None, counted), loss.severity, undo]
    return " · ".join(filter(None, parts))


def loss_data(loss: Change) -> dict[str, object]:
    """Give a loss; its numbers are null where nothing was counted."""
    blast = loss.blast
    return {
        "arn": loss.arn,
        "kind": loss.kind,
        "effect": loss.effect.value,
        "before": loss.before,
        "after": loss.after,
        "author": loss.author.value,
        "severity": loss.severity,
        "items": blast.items if blast else None,
        "versions_left": blast.versions_left if blast else None,
        "backups_left": blast.backups_left if blast else None,
        "dependents": blast.dependents if blast else None,
        "undo": blast.undo if blast else None,
    }


def _count(number: int | None, what: str) -> str:
    if number is None:
        return ""
    return f"{number} {what}{'' if number == 1 else 's'}"
