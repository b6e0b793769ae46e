"""The English of requests: which words say the same, which say nothing, and which make a request unclear."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping


def words_of(text: str) -> frozenset[str]:
    """Give the words of a text as a set."""
    return frozenset(text.split())


SILENT = words_of("""
    a ahead all also am an and any approval approve approved are as asap at aws be been being both but can confirm could
    currently do does down each every fine for from get go hello hereby hi i in into is it its just kindly let like may
    me might must my named called need needed needs new now of ok okay on onto our out permission please proceed so soon
    shall should that the their them then there these they this those to under up us using via want way we will with
    would you your again back right away time allow allowed wish thank thanks following whole entire current existing
    """)
"""Words that say nothing about what is to be done to what."""

UNCLEAR = words_of("""
    after anything before but-for either else everything except excluding if lest nothing once or other others
    otherwise provided remaining rest unless until whenever whichever
    """)
"""Words that make what was said conditional or open-ended: nobody can grant exactly that."""

NEGATIONS = words_of("""
    avoid block cannot delay disallow dont exclude forbid hold ignore instead keep keeping neither never no nobody none
    nor not postpone preserve prevent preventing protect protecting rather recover refrain retain retaining reverse revert
    save skip undo undoing without
    """)
"""What follows these, up to the end of the clause, is not asked for."""

REASONS = words_of("because since which who whose where while whereas") | {"so that", "so it", "in order", "due to"}
"""What follows these says why, or of what sort; it asks for nothing."""

STATES = words_of("was were has have had been got seems looks appears remains")
"""A clause with one of these tells what happened; it asks for nothing."""

PASSIVE = words_of("be get gets must want wants")
"""A past form asks for something beside one of these ('must be deleted'); else it tells what happened."""

PLAIN = words_of("account all aws completely entirely finally first fully immediately permanently region simply")
"""Words that may stand in a request to delete and leave it one; no other word that is not understood may."""

DESCRIBING = words_of(
    "broken dead failed failing obsolete old orphaned prod production staging stale stuck test unused"
)
"""Words that say which: they may stand there if what is deleted is the thing itself, not something of it."""

RUNNING = words_of("run running execute executing perform performing call calling invoke invoking use using action")
"""Words around the name of an operation that say no more than it does."""

PRONOUNS = words_of("it its them they that this those these")

_SAYINGS = (
    ("remove destroy drop wipe teardown erase nuke", ("delete", "terminate")),
    ("delete", ("terminate",)),
    ("terminate", ("delete",)),
    ("reboot", ("restart",)),
    ("restart", ("reboot",)),
    ("shutdown halt", ("stop",)),
    ("launch", ("run",)),
    ("raise increase lower reduce decrease scale resize adjust extend", ("update modify put set change",)),
    ("edit change set update modify put enable disable", ("update modify put set change",)),
)
_AGAIN = ("recreate", "rebuild")

# First words of operations, as far as a request may use them as verbs; where one is only a noun it is left out.
_VERBS = """
    abort accept activate add allocate apply archive assign associate assume attach authorize cancel change clone close
    configure confirm connect continue copy create deactivate decline decrease define delete deny deprecate deregister
    describe detach disable disassociate disconnect enable evaluate execute export extend failover flush generate import
    increase initiate invite invoke join lookup merge modify move notify optimize pause poll promote provision publish
    purchase purge put reboot receive refresh register reject release remove renew replace replicate reset resolve
    restart restore resume retire retry return revoke rollback rotate run select send set share start stop submit
    subscribe suspend swap switchover tag terminate transfer unarchive unassign unsubscribe untag update upgrade upload
    verify
"""


def stem(word: str) -> str:
    """Bring a word to the form that its plural and its -ing, -ed and -ion forms share."""
    text = word.lower()
    if len(text) <= 3:
        return text
    text = re.sub(r"(?<=ss|sh|ch|.x|.s)es$|(?<![siua])s$", "", text)
    for ending in ("ing", "ion", "ed"):
        if text.endswith(ending) and re.search(r"[aeiou]", text[: -len(ending)]) and len(text) - len(ending) > 2:
            text = text[: -len(ending)]
            break
    text = re.sub(r"ie$", "y", text)
    text = re.sub(r"(.)\1$", r"\1", text).removesuffix("e")
    return re.sub(r"y$", "i", text)


SAYINGS: Mapping[str, tuple[frozenset[str], ...]] = {
    stem(said): tuple(frozenset(map(stem, tier.split())) for tier in tiers)
    for several, tiers in _SAYINGS
    for said in several.split()
}
"""Stems of verbs, and in tiers the stems of verbs that operations have for them."""

AGAIN = frozenset(map(stem, _AGAIN))
"""Stems of verbs that mean deleting and creating, unless a service has an operation of that name."""

DELETE_AND_CREATE = (stem("delete"), stem("create"))

VERBS = frozenset({*map(stem, _VERBS.split()), *SAYINGS, *AGAIN})
"""Stems of all words that ask for something: none of them may be left out of account."""

_JOINED = (
    (r"(?<=\w)'s\b", ""),
    (r"\b(?:run|execute|invoke|perform|call)(?:ing)?\s+(?:the\s+)?(?=(?-i:[A-Z][a-z]+[A-Z]))", ""),
    (r"\b(?:roll(?:ed|ing|s)?)[ -]+back\b", "rollback"),
    (r"\b(?:tear(?:ing|s)?|torn|tore)[ -]+down\b", "teardown"),
    (r"\b(?:shut(?:ting|s)?)[ -]+down\b", "shutdown"),
    (r"\b(?:turn(?:ed|ing|s)?|switch(?:ed|ing|es)?)[ -]+on\b", "enable"),
    (r"\b(?:turn(?:ed|ing|s)?|switch(?:ed|ing|es)?)[ -]+off\b", "disable"),
    (r"\bre-(create|build|start|boot|run)", r"re\1"),
    (r"\b(?:have|has|had|need|needs|ought|going)[ ]+to\b", "must"),
    (r"\b(?:do|does|did|should|must|would|could|can|may|shall|will)(?:n't| not)\b|\bcannot\b", "not"),
    (r"\b(?:all|anything|everything|nothing|none)[ ]+but\b", "except"),
    (r"\b(?:apart|aside)[ ]+from\b|\bother[ ]+than\b", "except"),
)


def simplify(text: str) -> str:
    """Write what is said in two words as one, where together they mean something else."""
    text = text.replace("\u2019", "'")
    for pattern, word in _JOINED:
        text = re.sub(pattern, word, text, flags=re.IGNORECASE)
    return text


@functools.lru_cache(maxsize=65536)
def parts(name: str) -> tuple[str, ...]:
    """Split a name in camel case into the stems of its words; versions ('V2') say nothing."""
    found = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+", re.sub(r"V[0-9]+$", "", name))
    return tuple(map(stem, found))
