"""Which words change something, which only look, and which say no more than 'do it'."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Mapping

from askfirst.harness.authorization.words import VERBS, stem, words_of

LOOK = "look"
"""What looks, waits, plans, or writes for people: none of it is a change."""

GO = "go"
"""What says 'do it' and leaves open what."""

# A change, the English words for it, and what German words for it contain. Words of one line are the same change where
# the question is whether it was made already. English verbs of operations that stand in no line are changes too.
_CHANGES = (
    (
        "delete",
        "delete deletion remove removal destroy drop wipe teardown erase nuke kill terminate purge empty flush clear decommission retire",
        "loesch entfern plattmach plattgemach wegwerf abschiess leeren leere geleert beend terminier vernicht killen abraeum",
    ),
    ("restart", "restart reboot bounce recycle", "neustart neugestart reboot durchstart"),
    ("start", "start boot launch", "starten gestartet starte startet"),
    ("stop", "stop halt shutdown pause suspend", "anhalten angehalten stopp herunterfahr heruntergefahr herunterzufahr"),
    ("rollback", "rollback revert undo", "rollback zurueckroll zurueckgeroll zurueckspiel zurueckgespiel zuruecksetz zurueckgesetz einspiel eingespiel"),
    ("restore", "restore recover redrive", "wiederherstell wiederhergestell zurueckhol"),
    ("recreate", "recreate rebuild reprovision", "neuanleg neuanzuleg neuaufbau neuaufzubau neuangeleg neuerstell neuaufsetz"),
    ("create", "create add provision", "anleg anzuleg angeleg erstell aufbau aufzubau aufgebau erzeug hinzufueg ergaenz"),
    ("replace", "replace replacement swap exchange", "ersetz austausch ausgetausch auswechsel"),
    (
        "update",
        "update modify change edit alter adjust set put patch close implement overwrite rewrite reconfigure touch open",
        "aender anpass angepass anzupass aktualisier umstell bearbeit konfigurier ueberschreib setzen gesetzt",
    ),
    (
        "scale",
        "scale resize increase raise reduce lower decrease extend shrink bump upgrade downgrade expand",
        "erhoeh skalier verringer senken gesenkt vergroesser verklein hochstuf hochsetz",
    ),
    ("attach", "attach reattach associate", "anhaeng anzuhaeng angehaeng haengen haenge$  zuweis verknuepf"),
    ("detach", "detach disassociate", "trennen getrennt abtrenn loesen geloest"),
    ("deploy", "deploy deployment redeploy rollout release push merge ship publish apply", "ausroll auszuroll ausgeroll anwenden anzuwenden angewend deployen deploye einspielen freischalt"),
    ("disable", "disable deactivate", "abschalt abzuschalt abgeschalt deaktivier ausschalt stillleg stillzuleg stillgeleg"),
    ("enable", "enable activate", "aktivier anschalt einschalt"),
    ("rotate", "rotate renew", "rotier erneuer"),
    ("revoke", "revoke withdraw", "entzieh entzogen widerruf"),
    ("migrate", "migrate import copy move transfer rename switch failover", "failover umschalt umzuschalt umgeschalt migrier migration verschieb umzieh kopier importier"),
    ("fix", "fix repair", "behebung beheben reparier"),
    ("skip", "skip", "ueberspring uebersprung"),
    ("run again", "rerun retrigger trigger", "wiederholen"),
)

_LOOKING = """
    analyse analysis analyze ask assess assume audit check collect compare confirm debug describe detect diagnose diff dig document draft dryrun
    estimate evaluate examine explain explore export fetch figure find gather get help inspect investigate know learn list look
    lookup monitor observe outline plan poll prepare query read receive report research retrieve review scan search see show
    simulate summarise summarize summary tail test think wonder consider calculate count measure print worry recheck reread remind sketch answer diagnostic expect pull mention trust tell say inform notify trace track understand validate verify view wait watch write
    """
_LOOKING_GERMAN = """
    pruef holen hole$ ^erfahr aufnehmen erinnern rechnen sagen durchgehen durchgeh simulier vergewisser abfrag einseh nachles recherch zusammenstell aufschreib notier skizzier vorbereit
    mitteil informier berichten davonausgehen blick nachvollzieh untersuch ansehen anschau schauen angesehen angeschau auflist auflisten aufzulisten lesen liest analys vergleich
    beobacht zusammenfass schreib entwerf entwurf entwickl erklaer erlaeuter auswert nachsehen nachschau suchen herausfind
    ermittel ausarbeit planen fragen validier testen abwart warten zeigen protokoll dokumentier
    """
_GOING = """
    accept approve begin call carry continue do execute force go handle issue invoke make perform proceed reject resume run send submit take use
    """
_GOING_GERMAN = "fortfahr weitermach vorgehen beginnen anfangen loslegen umsetz machen ^mache$ ^tun$ ^tue$  ausfuehr auszufuehr aufruf kuemmer vornehm durchfuehr erledig fortsetz fortzusetz"

_TWO_PARTS = (
    (r"\bstart\w*\b(?=.{0,60}\bneu\b)", "neustart"),
    (r"\bsetz\w*\b(?=.{0,60}\bfort\b)", "fortsetz"),
    (r"\bstell\w*\b(?=.{0,60}\bwieder her\b)", "wiederherstell"),
    (r"\bleg\w*\b(?=.{0,60}\bneu an\b)", "neuanleg"),
    (r"\bleg\w*\b(?=.{0,60}\ban\b)", "anleg"),
    (r"\bpass\w*\b(?=.{0,60}\ban\b)", "anpass"),
    (r"\bspiel\w*\b(?=.{0,60}\b(?:ein|zurueck)\b)", "einspiel"),
    (r"\broll\w*\b(?=.{0,60}\bzurueck\b)", "zurueckroll"),
    (r"\bschalt\w*\b(?=.{0,60}\b(?:ab|aus)\b)", "abschalt"),
    (r"\bfuehr\w*\b(?=.{0,60}\baus\b)", "ausfuehr"),
)
_WORD = re.compile(r"[a-z0-9][\w:./-]*")


@functools.cache
def _english() -> Mapping[str, str]:
    found = {one: one for one in VERBS}
    found |= {stem(word): means for means, english, _ in _CHANGES for word in english.split()}
    return found | {stem(one): LOOK for one in words_of(_LOOKING)} | {stem(one): GO for one in words_of(_GOING)}


@functools.cache
def _german() -> tuple[re.Pattern[str], tuple[str, ...]]:
    groups = [(means, german) for means, _, german in _CHANGES] + [(LOOK, _LOOKING_GERMAN), (GO, _GOING_GERMAN)]
    parts = [f"({'|'.join(german.split())})" for _, german in groups]
    return re.compile("|".join(parts)), tuple(means for means, _ in groups)


def words(sentence: str) -> list[str]:
    """Give the words of a sentence in plain spelling, German verbs in two parts as one."""
    for pattern, word in _TWO_PARTS:
        sentence = re.sub(pattern, word, sentence)
    return [one.rstrip(".:/-") for one in _WORD.findall(sentence)]


@functools.lru_cache(maxsize=4096)
def meaning(word: str, *, german: bool = False) -> str | None:
    """Say what a word means: LOOK, GO, the change it names, or None if it is no verb we know."""
    pattern, means = _german()
    found = pattern.search(word)
    in_german = means[(found.lastindex or 1) - 1] if found else None
    in_english = _english().get(stem(word))
    return (in_german or in_english) if german else (in_english or in_german)


@functools.lru_cache(maxsize=4096)
def near(word: str) -> str | None:
    """Say what a mistyped verb probably means."""
    close = difflib.get_close_matches(stem(word), _english(), n=1, cutoff=0.83) if 4 < len(word) < 20 else []
    return _english()[close[0]] if close else None
