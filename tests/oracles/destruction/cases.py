"""Every escape of the reference, by its number in the list, and every control."""

from __future__ import annotations

from tests.oracles.destruction.controls import CONTROLS
from tests.oracles.destruction.escapes_compute import COMPUTE
from tests.oracles.destruction.escapes_control import CONTROL
from tests.oracles.destruction.escapes_data import DATA
from tests.oracles.destruction.escapes_elsewhere import ELSEWHERE

ROWS = 50
"""How many escapes the reference lists; some rows hold several calls."""

ESCAPES = tuple(sorted((*DATA, *COMPUTE, *CONTROL, *ELSEWHERE), key=lambda case: (case.number, case.title)))

__all__ = ["CONTROLS", "ESCAPES", "ROWS"]
