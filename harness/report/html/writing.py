"""Writing a page to a file: what is wrong with the place is said before anything is made."""

from __future__ import annotations

from pathlib import Path

from askfirst.harness.errors import UsageError


def place(path: Path) -> Path:
    """Give the path if a page may be written there; raises `UsageError` where not."""
    if path.suffix.lower() not in {".html", ".htm"}:
        msg = f"--html is {str(path)!r}: name a file that ends in .html, so that nothing else is overwritten"
        raise UsageError(msg)
    if path.is_dir():
        msg = f"{path} is a folder: name a file in it, such as {path / 'report.html'}"
        raise UsageError(msg)
    if not path.parent.is_dir():
        msg = f"there is no folder {path.parent}: make it, or name another place for the page"
        raise UsageError(msg)
    return path


def write(path: Path, html: str) -> None:
    """Write a page; raises `UsageError` where that cannot be."""
    try:
        path.write_text(html, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror}): name another place for the page"
        raise UsageError(msg) from None
