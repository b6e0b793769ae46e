"""The English and German of requests that take something away, or say that they do not: the words `plain_speech` reads by."""

from __future__ import annotations

import re

from askfirst.harness.authorization.words import words_of

TAKING = tuple(
    sorted(
        words_of("""
    abandon abort abolish abbau abgeriss abreiß abreiss aufräum aufgeräumt beend bereinig beseitig cancel cleanup clear
    decommission delet deregist destr detach disabl discard drop eras empt entfern ersetz expir freigeb freigib gelöscht
    geleert gone kill leer lift lösch lose loss losing lost neuanleg neuaufsetz nuk prun purg recreat re-creat rebuil
    re-buil recycl releas remov replac reset retir revok scrap shut stop swap teardown terminat terminier torn trash undo
    unlock unregist verlier verlor verlust verschwind verwerf verworfen weggeworfen wegwerf wip zerstör zurücksetz
    """)
    )
)
"""Beginnings of words that say openly that something is taken away, ended or put in another's place."""

TAKING_PHRASES = re.compile(
    r"\b(?:clean\w* up|tear\w* (?:\w+ ){0,4}down|tak\w* (?:\w+ ){0,4}(?:out|back|away|off)|get rid|can go|start over|"
    r"from scratch|anew|afresh|scal\w* (?:\w+ ){0,4}(?:down|in)|do(?:ing)? away|neu (?:an|auf)\w*|neu erstell\w*|weg)\b"
)
NOT_TAKING = ("clearl", "lossless", "stopgap")

NEGATORS = words_of("""
    no not none never nothing nobody neither nor without cannot zero avoid avoids avoiding prevent prevents preventing
    instead rather kein keine keinen keinem keiner keinerlei nicht nichts nie niemals ohne statt anstatt vermeiden non
    don't doesn't didn't won't wouldn't isn't aren't can't shouldn't
    """)
WINDOW = 6
"""How many words back a negation reaches."""
BEHIND = frozenset({"nothing", "nichts", "no", "kein", "keine", "keinen"})
"""Words that negate what stands right before them: 'deletes nothing'."""

MILD = words_of("""
    add adjust analyse analyze apply change check continue copy deploy describe diagnose edit increase inspect
    investigate list look modify monitor patch put raise read reboot redeploy refresh reload rename rerun re-run restart
    resume retry review run scale see show start tag test tune tweak update upload verify view write
    """)
"""Verbs of deeds that take nothing away, in the form of an order or a wish."""
MILD_NOUNS = words_of("""
    adjustment change check copy edit inspection look maintenance patch reboot redeployment refresh reload rerun restart
    resumption retry review tweak update neustart änderung anpassung aktualisierung prüfung wartung
    """)
MILD_GERMAN = tuple(
    sorted(
        words_of("""
    neustart neugestart neuzustart aktualisier anseh anzuseh anschau anzuschau überprüf prüfen auflist fortsetz
    fortzusetz weiterführ wiederhol skalier ändern anpass anzupass nachschau nachseh lesen nachlesen durchsehen
    """)
    )
)
WISH = words_of(
    "please want like need would i'd may can could shall let permission requesting request asking only just"
)
LEAD = WISH | words_of("""
    allow approve approval access right rights hi hello i i'll i'm we we'd me you have has going plan intend to simply merely
    quickly will be it is this that ask for leave allowed now also first , :
    """)
SMALL = words_of("""
    quick short small minor tiny little simple routine just only simply bitte nur kurz kurze kurzer kurzes kleine kleiner
    kleines einfache einfacher schnelle schneller
    """)
OBJECT = words_of("""
    the a an our its my your this these those all some both each every few one two three at into for with it them whether
    how what why
    """)
"""What follows an order: 'update the stack' is one, 'update failed' is none."""
STATE = words_of(
    "is are was were has had failed fails broke exists exist shows show says hangs needs did does cannot must ergab"
)
"""What makes a sentence one about how things are."""
GERMAN_WISH = re.compile(r"^(?:bitte )?(?:ich|wir) (?:möchten?|will|wollen|muss|müssen|würden?)\b")
GERMAN_PURPOSE = words_of("damit nachdem danach bevor wenn falls weil sobald")

TAKEN = r"(?:deleted|removed|destroyed|dropped|wiped|erased|purged|replaced|lost|terminated)"
TAKES = r"(?:delet|remov|destroy|drop|wip|eras|purg|replac|terminat)(?:e|es|s|ing|ping)?"
IS = r"(?:is|are|gets?|will be|will get|would be|is being|are being|is going to be)"
NOTHING_GOES = re.compile(
    rf"\b(?:{TAKES} (?:absolutely )?nothing|nothing (?:at all |whatsoever )?{IS} {TAKEN}|"
    rf"no (?:resources?|objects?|rows?|items?|members?|tables?|things?) {IS} (?:\w+ or )?{TAKEN}|"
    rf"(?:not|n't|never|without|nor) {TAKES} (?:or \w+ )?(?:anything|any \w+|a single \w+)|"
    rf"none of (?:\w+ ){{1,3}}?{IS} {TAKEN}|non[- ]?destructive|(?:geht (?:\w+ )?nichts|nichts geht) verloren|"
    rf"nichts (?:wird |werden )?(?:gelöscht|entfernt|zerstört|ersetzt|abgerissen)|"
    rf"löscht (?:dabei )?nichts|ohne (?:dabei )?etwas zu (?:löschen|entfernen|zerstören)|zerstörungsfrei\w*)\b"
)
NO_DATA_GOES = re.compile(
    rf"\b(?:(?:no|zero|without|without any) data[ -]?loss|no loss of (?:any )?data|no data {IS} {TAKEN}|"
    rf"(?:not|n't|never|without) {TAKES} (?:any )?data|(?:kein|keinen|keinerlei|ohne) datenverlust|"
    rf"keine daten (?:gehen|werden) (?:dabei )?(?:verloren|gelöscht)|daten gehen (?:dabei )?nicht verloren)\b"
)
ONLY_LOOKS = re.compile(
    r"\b(?:read[ -]?only|(?:only|just) (?:reads?|reading|looks?|looking)|changes? nothing|nothing (?:is|gets|will be) "
    r"changed|nur lesen\w*|rein lesend\w*|ändert nichts)\b"
)
CONDITION = re.compile(
    r"\b(?:(?:make|making|made|be|being) sure|ensur\w*|so that|in order|if|unless|until|before|else|others?|except|"
    r"apart from|besides|beyond|outside|should|must|sicherstell\w*|sicherzustellen|damit|falls|wenn|bevor|außer|sonst|"
    r"anderes)\b|(?<!,) but\b"
)
"""What makes a claim in its sentence one with a limit, or a wish: it is not held against anybody."""
