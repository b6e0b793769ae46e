"""Whether the text that ended an agent's turn asks for authorization of a change: YES, NO or UNCLEAR.

UNCLEAR grants nothing. The rules are strict, ordered and published: `rules()` is the table. How often they are right
is printed by `python -m tests.authorization.plain_text`.
"""

from askfirst.harness.authorization.plain_text.answers import Asking, Asks
from askfirst.harness.authorization.plain_text.judging import Judge, decide
from askfirst.harness.authorization.plain_text.reading import asks
from askfirst.harness.authorization.plain_text.table import Rule, rules

__all__ = ["Asking", "Asks", "Judge", "Rule", "asks", "decide", "rules"]
