"""Trials on disk, found by the name a user gives."""

from __future__ import annotations

from pathlib import Path

from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.history import History
from askfirst.harness.trial import Trial


def stored(name: str, store: Path) -> Trial:
    """Give a stored trial by its id, by the beginning of one, or by the path of its file; `UsageError` where there is none."""
    path = Path(name)
    if path.suffix != ".jsonl":
        known = sorted(one.stem for one in store.glob("*.jsonl"))
        fitting = [one for one in known if one.startswith(name)]
        if not known:
            msg = f"there are no trials in {store}: 'askfirst run' puts them there, and --store names another folder"
            raise UsageError(msg)
        if not fitting:
            what = f"trial in {store}"
            raise UnknownName(what, name, known)
        if len(fitting) > 1 and name not in fitting:
            some = ", ".join([*fitting[:5], *(["..."] if len(fitting) > 5 else [])])
            msg = f"{len(fitting)} trials in {store} begin with {name!r}: {some}; give one whole id"
            raise UsageError(msg)
        path = store / f"{name if name in fitting else fitting[0]}.jsonl"
    if not path.is_file():
        msg = f"there is no file {path}: give the id of a trial under {store}, or the path of a .jsonl file"
        raise UsageError(msg)
    try:
        history = History.load(path)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise UsageError(msg) from None
    digest, _, attempt = path.stem.rpartition("-")
    own = digest == history.header.identity.digest()[:12] and attempt.isdigit()
    return Trial(history, int(attempt) if own else 1, path)
