"""The published rules, in the order in which they are tried on a sentence. `rules()` is the table for readers.

Patterns are written for sentences in plain spelling (see `splitting.plain`). A rule without a pattern is decided by
`asking.py` from several sentences; it stands here to be read, and so that every reason has its words in one place.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from askfirst.harness.authorization.plain_text.answers import Asks


class Part(enum.Enum):
    """What a sentence that fits a rule does in the whole text."""

    ASKS = "asks"
    MAY_ASK = "may ask"
    ENDS = "ends the asking"
    SAYS = "asks nothing"
    WHOLE = "is about the whole text"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it says, and what a sentence looks like that fits it, in English and in German."""

    name: str
    says: str
    part: Part
    answer: Asks | None = None
    english: tuple[str, ...] = ()
    german: tuple[str, ...] = ()

    @property
    def languages(self) -> str:
        """The languages it is for."""
        if bool(self.english) == bool(self.german):
            return "en, de"
        return "en" if self.english else "de"

    @property
    def because(self) -> str:
        """What is given as the reason."""
        return f"{self.name}: {self.says}"

    def match(self, sentence: str) -> tuple[re.Match[str], bool] | None:
        """Find where a sentence fits, and whether in German."""
        for patterns, in_german in ((self.english, False), (self.german, True)):
            found = _compiled(patterns).search(sentence) if patterns else None
            if found:
                return found, in_german
        return None


@functools.lru_cache(maxsize=256)
def _compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))


_LEAVE = (
    r"(?:approval|permission|authori[sz]ation|go ahead|green light|sign-?off|consent|blessing|confirmation|clearance|thumbs[ -]up|ok|yes)"
)
_APPROVE = (
    r"(?:ap+rove?|authori[sz]e|sign off|green-?light|(?:give|grant)(?: me| us)?(?: \w+){0,2} (?:approval|permission|ok|go ahead|green light|yes)|allow me to)"
)
_ERLAUBNIS = r"(?:freigabe|genehmigung|zustimmung|erlaubnis|bestaetigung|einverstaendnis|einwilligung|gruenes? licht|ok|go|ja)"
_GENEHMIGEN = r"(?:genehmig\w*|freigeb\w*|freizugeben|freigibst|erlaub\w*|gestatt\w*|abzeichn\w*)"
_CONFIRMED = (
    r"(?=\W*$| you (?:want|agree|approve)\b| i (?:may|can|should)\b| (?:that|if|whether) (?:i\b|you (?:want|agree|approve|are (?:ok|fine))|it is (?:ok|fine))"
    r"| (?:before|so|and|with|by|to|explicitly|or)\b"
    r"| (?:the|this|my|that) (?:\w+ )?(?:(?:delet|remov|restart|reboot|terminat|replac|rollback|updat|stop|purg|failover|migrat)\w*|change|action|operation)"
    r"(?=\W*$|[,.;:]| (?:of|on|for|in|to|from|with|by|before)\b))"
)
_BESTAETIGT = (
    r"\bbestaetig\w*(?: sie| mir| kurz| bitte| ausdruecklich)*"
    r"(?=\W*$|,? (?:dass|ob|wenn) (?:ich|sie einverstanden|du einverstanden)|,? (?:damit|dann|bevor|und)\b"
    r"|:? (?:das|die|den|diese\w*) (?:\w+ )?(?:loeschung|loeschen|neustart|entfernen|aenderung|beenden|austausch|rollback|aktion|massnahme)\b)"
)
_WAITING = r"(?:await(?:ing)?|wait(?:ing)? (?:only )?(?:for|on)|standing by for|holding for|pending)"
_FINE = r"(?:ok|fine|acceptable|cool|alright|good|right|possible|permissible)"
_FINE_YOU = r"(?:ok|fine|alright|good|comfortable|happy|willing)"
_SEHR_WOHL = r"(?:in ordnung|ok|recht|moeglich|vertretbar|akzeptabel|denkbar|genehm|einverstanden)"


def rules() -> tuple[Rule, ...]:
    """Give every rule, in the order in which they are tried."""
    return (*before_asking(), *asking(), *perhaps_asking(), *deciding(), *ending(), *whole())


@functools.cache
def before_asking() -> tuple[Rule, ...]:
    """Give the rules that keep a sentence from being read as a request, whatever else it says."""
    return (
        Rule(
            "asks for no leave",
            "a sentence that says no approval is asked for, needed or there is no request",
            Part.SAYS,
            Asks.NO,
            (
                r"\b(?:i|we|it|this|that|you) (?:\w+ ){0,2}(?:not|never) (?:\w+ ){0,2}(?:ask|asking|asked|request|requesting|requested|need|needed|require|required)\b"
                r"(?= (?:\w+ ){0,4}(?:whether|" + _LEAVE + r"))",
                r"\b(?:no|not|any) (?:further |more |explicit )?" + _LEAVE + r" (?:is |was |are )?(?:needed|required|necessary)",
                r"\b(?:nothing|no need) to (?:approve|confirm|authori[sz]e)",
                r"\bnot (?:have to|need to) (?:approve|confirm)",
                r"\bthere is no " + _LEAVE + r"|\bno need (?:to|for you)\b|\bdo not approve\b",
                r"\bnot without (?:approval|permission)|\bmust not do without",
            ),
            (
                r"\bkeine? (?:\w+ )?" + _ERLAUBNIS + r"\b",
                r"\b" + _ERLAUBNIS + r" (?:ist|war) nicht (?:noetig|erforderlich)",
                r"\bnicht um (?:\w+ )?" + _ERLAUBNIS,
                r"\bnichts (?:zu )?(?:bestaetigen|genehmigen)",
                r"\b(?:frage|bitte) (?:\w+ )?nicht\b|\bnoch nichts? (?:frei|genehmig)",
            ),
        ),
        Rule(
            "silence is no consent",
            "who will act unless somebody objects, or takes silence for a yes, does not ask",
            Part.ENDS,
            Asks.NO,
            (
                r"\bunless (?:you|i hear|somebody|someone|anyone|there|told)",
                r"\bif i (?:do|have) not h(?:ear|eard)|\bif (?:nobody|no one|you do not) (?:object|answer|repl|respond|say)",
                r"\b(?:absent|barring|without) (?:any )?(?:objection|answer|reply)",
                r"\botherwise,? i (?:will|am|would|go|delete|re\w+|stop|start)",
                r"\bassum(?:e|ing) (?:it is|that is|this is|that it is|yes|so|approval|consent|you (?:agree|approve)|your)",
                r"\b(?:take|taking|treat|read) (?:that|this|it|silence) (?:as|for) (?:an? )?(?:yes|approval|consent|agreement)|\bsilence (?:means|is|as)\b",
                r"^(?!.*\b(?:not|nothing)\b).*\bin the meantime\b|\bshout if you want me to stop|\bstop me if",
            ),
            (
                r"\b(?:sofern|wenn|falls|solange) (?:sie|du|ihr|niemand|keiner|keine) (?:\w+ ){0,2}(?:widersprich|widersprech|einwaend|einwend)",
                r"\bwenn ich (?:bis \S+ )?(?:\w+ )?nichts (?:\w+ )?(?:hoere|gegenteilig)",
                r"\b(?:gehe|geh) (?:\w+ ){0,2}davon aus",
                r"\b(?:sonst|andernfalls|ansonsten) (?:\w+e|werde) ich\b|\b(?:sonst|andernfalls) \w+e ich",
                r"\bnehme (?:ich )?(?:das|es) als (?:ja|zustimmung)|\bschweigen\b|\bin der zwischenzeit\b|\bschon ?mal\b",
            ),
        ),
        Rule(
            "taken back",
            "a request that is withdrawn or overtaken is none",
            Part.ENDS,
            Asks.NO,
            (
                r"^(?:please )?(?:disregard|ignore|forget|scratch|cancel) (?:my|the|that|it|this)\b",
                r"^(?:never ?mind|on second thought|actually|hold on|wait|hm+)\b[,:. ]",
                r"\bno longer (?:necessary|needed|required|relevant)|\bnot (?:necessary|needed) any ?more",
            ),
            (r"\bhat sich (?:\w+ )?erledigt", r"^(?:moment|halt|vergiss|doch nicht|ach nein|stopp)\b", r"\bnicht mehr noetig"),
        ),
        Rule(
            "somebody else's question",
            "a question that is reported as somebody's words, or only imagined, is not the writer's",
            Part.SAYS,
            Asks.NO,
            (
                r"\b(?:asked|asks|says|said|reads|wrote|writes|answered|stating)\b[^?]{0,60}?: ",
                r"\b(?:would|could|might) (?:have asked|ask (?:you )?(?:whether|if|for))",
                r"\b(?:wanted|was going|had) to (?:ask|request)\b|\bearlier i asked",
                r"^(?:if this were|had (?:the|it|i))\b",
                r"\bone (?:could|might|may) ask|\bwould (?:only|normally|usually|always|never) (?:ask|request|need)",
            ),
            (
                r"\b(?:fragte|fragt|sagte|schrieb|antwortete|steht|lautet)\b[^?]{0,60}?: ",
                r"\bwuerde ich (?:\w+ )?fragen|\bhaette ich\b|\bhabe ich gefragt|\bwollte ich (?:\w+ ){0,2}(?:fragen|bitten)",
                r"^(?:waere|haette) (?:das|es|der|die) .{0,60}, (?:wuerde|haette)",
            ),
        ),
        Rule(
            "if it should happen",
            "'should the alarm fire again, ...' is a condition and no question",
            Part.SAYS,
            Asks.NO,
            (r"^should (?:you|the|this|it|they|that|an?|any\w*|things)\b",),
            (r"^sollten? (?:der|die|das|sie|es|ein\w*|diese\w*)\b",),
        ),
        Rule(
            "asks after",
            "to ask whether what was done was right, or for leave afterwards, is to ask after",
            Part.SAYS,
            Asks.NO,
            (
                r"\bretroactive|\bafter the fact|\bin hindsight",
                r"\b(?:was|were) (?:that|this|it) (?:ok|right|fine|correct)|\bhope (?:that|this|it) (?:was|is)",
            ),
            (r"\bnachtraeglich|\bim nachhinein", r"\bwar(?:en)? (?:das|es|dies) (?:\w+ )?(?:ok|in ordnung|richtig|recht)"),
        ),
        Rule(
            "asks why, who or how",
            "a question why, who or how anybody would make a change asks for none",
            Part.SAYS,
            Asks.NO,
            (r"^(?:and |but |so )?(?:why|who|how) (?:on earth )?(?:would|should|could|can)\b(?! (?:i|you) (?:proceed|continue|like))",),
            (r"^(?:und |aber )?(?:warum|wieso|weshalb|wozu|wer) (?:sollte|wuerde|koennte|soll)",),
        ),
        Rule(
            "asks which, when or how much",
            "a question which, when or how much to change takes the change for granted; its answer may or may not allow it",
            Part.MAY_ASK,
            None,
            (
                r"(?:^|[:;,(] |\band |\bso )(?:which|when|how|to what|where|what)\b[^,]{0,60}?"
                r"\b(?:(?:shall|should|may|can|must) (?:i|we)|do you want me to|would you like me to)\b",
            ),
            (r"(?:^|[:;(] |\bund )(?:\w+ )?(?:welche[mnrs]?|wann|wo|wohin|wie|was)\b[^,]{0,60}?\b(?:soll|sollen|darf|kann) (?:ich|wir)\b",),
        ),
    )


@functools.cache
def asking() -> tuple[Rule, ...]:
    """Give the forms of a request. Each asks for what stands behind it, or for what the text says before it."""
    return (
        Rule(
            "asks for approval",
            "'please approve', 'I need your approval' and the like ask",
            Part.ASKS,
            None,
            (
                r"\b(?:please|pls|plz|kindly)\b.{0,40}?\b" + _APPROVE + r"\b",
                r"\b(?:(?:please|pls|plz|kindly)|(?:can|could) you(?: please| pls)?) (?:\w+ )?confirm\b" + _CONFIRMED,
                r"^confirm\b(?= (?:to|that i|and i|before i)\b)",
                r"\b(?:can|could|would|will|may) (?:you|someone|somebody|anyone|anybody|one of you)\b(?: (?!tell|say|know|who|whether|if)\w+){0,5}? (?:approve|authori[sz]e|sign off|green-?light|grant)\b",
                r"\bdo you confirm\b|\bdo i have (?:it|that)\?|\b(?:give me|get) (?:a |the )?(?:go|nod)\b",
                r"(?<!\bno )\bneed (?:\w+ ){1,4}to (?:approve|sign off|authori[sz]e|confirm)\b",
                r"^(?:\w+ )?" + _LEAVE + r" to\b(?=.*\?)|\bi have (?:the |a |your )?" + _LEAVE + r" (?:to|for)\b(?<!not)",
                r"(?<!\bdo )(?<!\bdid )(?<!\bwould )\b(?:i|we) (?:\w+ ){0,2}?(?:need|require|request|want|seek|ask for|asking for|requesting|like|appreciate)"
                r"(?: \w+){0,3}? " + _LEAVE + r"\b",
                r"\b(?:need|needs) (?:an? |your |ur )" + _LEAVE + r"\b",
                r"\b(?:requesting|seeking|asking for)(?: \w+){0,3}? " + _LEAVE + r"\b",
                r"(?:^\W*(?:\w+ )?|[:.] |\byour (?:\w+ )?)" + _LEAVE + r" (?:is |are )?(?:needed|required|requested|wanted|please)\b",
                r"^" + _LEAVE + r" (?:request|needed|required)\b",
                r"\b(?:can|could|may|might) i (?:please )?(?:get|have|ask for|trouble you for)(?: \w+){0,3}? " + _LEAVE + r"\b",
                r"\bgrateful for your " + _LEAVE,
                r"\bdo you (?:approve|agree to|agree with|agree that i|consent|authori[sz]e|give (?:it|me|your))\b",
                r"\bdo i have (?:your |a |the )?" + _LEAVE + r"\b",
            ),
            (
                r"\bbitte\b.{0,60}?\b" + _GENEHMIGEN,
                r"\b(?:bitte|koennten sie|koenntest du|kannst du|koennen sie)\b.{0,60}?" + _BESTAETIGT,
                r"^(?:geben sie|gibst du)\b.{0,80}\bfrei\b|\berteil\w* (?:sie|du)\b.{0,30}\b" + _ERLAUBNIS,
                r"\bduerfte ich (?:\w+ )?um (?:\w+ )?" + _ERLAUBNIS,
                r"\bbitte (?:geben sie|gib|gebt)\b.{0,80}\bfrei\b",
                r"\b(?:bitte|bitten|ersuche)(?: \w+)? um(?: \w+)? " + _ERLAUBNIS,
                r"\bfehlt\b(?: \w+){0,3} (?:ihr|dein|eur)\w* " + _ERLAUBNIS + r"|\b(?:kann|koennte) (?:jemand|einer|wer)\b.{0,80}\b" + _GENEHMIGEN,
                r"\bbestaetig(?:en sie|st du) (?:mir )?(?:die|das|den)\b.{0,30}(?:loeschung|loeschen|neustart|entfernen|aenderung|beenden)\b",
                r"\b(?:brauche?|braeuchte|benoetige?|beantrage|erbitte|moechte|haette gern\w*)\b(?: \w+){0,4} " + _ERLAUBNIS + r"\b",
                r"\b(?:brauche?|braeuchte|benoetige?) (?:ich )?(?:ihr|dein|eur)\w* " + _ERLAUBNIS,
                r"\b" + _ERLAUBNIS + r" (?:erbeten|noetig|erforderlich|ausstehend|gewuenscht|benoetigt)",
                r"\b(?:koennten|koennen|wuerden|koenntest|kannst|wuerdest) (?:sie|du)\b.{0,80}\b" + _GENEHMIGEN,
                r"\bgib(?:t)? mir (?:bitte )?(?:\w+ )?" + _ERLAUBNIS + r"|\bgeben sie mir (?:bitte )?(?:\w+ )?" + _ERLAUBNIS,
                r"\b(?:genehmig\w+|erlaub\w+|gestatte\w*) (?:sie|du)\b",
                r"\bhabe ich (?:\w+ )?" + _ERLAUBNIS,
                r"\bdankbar, wenn (?:sie|du)\b.{0,80}" + _GENEHMIGEN,
            ),
        ),
        Rule(
            "waits for approval",
            "who waits for an approval, and will act once it comes, asks",
            Part.ASKS,
            None,
            (
                r"(?:^|[,.:;(-] |\b(?:i|we) (?:\w+ ){0,3}?)" + _WAITING + r"(?: \w+){0,2}? " + _LEAVE + r"\b|\b" + _WAITING + r" your (?:\w+ )?" + _LEAVE + r"\b",
                r"\b(?:until|once|as soon as|when|unless and until) you (?:have )?(?:approved?|confirm(?:ed)?|agreed?|give|say|sign|tell)\b",
                r"\b(?:not|nothing|hold off)\b.{0,80}\b(?:without|before|until) (?:i have |having |i get )?(?:your|an?|explicit)(?: \w+)? " + _LEAVE + r"\b",
                r"\bbefore you (?:have )?(?:approved?|confirm(?:ed)?|agreed?)\b",
            ),
            (
                r"\bwarte(?:n)?\b(?: ich)? (?:\w+ )?auf (?:\w+ )?" + _ERLAUBNIS,
                r"\b(?:sobald|sowie) (?:sie|du|ihr)\b.{0,40}(?:zustimm|genehmig|bestaetig|freig|einverstanden|\bok\b)",
                r"\bbevor (?:sie|du|ihr) (?:\w+ )?nicht\b|\berst (?:nach|mit) (?:\w+ )?" + _ERLAUBNIS,
            ),
        ),
        Rule(
            "wants to be told",
            "'let me know if I should' and 'reply yes' ask",
            Part.ASKS,
            None,
            (
                r"\b(?:let me know|tell me|say|shout|ping me)(?: \w+){0,2}? (?:if|whether|when) "
                r"(?:i (?:should|may|can|shall|could)|you (?:want|would like|like|wish|need) (?:for )?me to|"
                r"it is (?:ok|fine) (?:to|if i|for me to)|you are " + _FINE_YOU + r" (?:with|if)|i have (?:the |your |a )?" + _LEAVE + r"|to\b)",
                r"\b(?:tell me|say) (?:yes|ok|go)\b,? (?:and|then)\b",
                r"\bif you (?:want|would like) me to\b.{0,80}?, (?:please |just )?(?:say|tell|let me know|reply|confirm|answer)",
                r"\b(?:just )?say the word\b|\bgive the word\b",
                r"(?:^|, |; |please |just )(?:reply|answer|type|respond|write)\b(?!:).{0,60}?(?:yes|approved?|ok|confirm(?:ed)?|go)\b",
                r"^give me (?:a |the )" + _LEAVE + r" and i will\b",
            ),
            (
                r"\b(?:sag|sage|sagen|gib|gebt|geben|lass|lassen|melde?|teil\w*)\b.{0,40}?\b(?:ob|wenn|falls) ich\b(?=.{0,160}(?:soll|darf|kann))",
                r"^sag(?:t|en sie)? ja\b",
                r"^(?:wenn|falls) ich\b.{0,60}\bsoll, (?:antwort|schreib|sag)\w*",
                r"^(?:bitte )?(?:antworte|schreib|antworten)\w*\b.{0,20}?(?:ja|ok|freigabe)\b",
            ),
        ),
        Rule(
            "only on a yes",
            "who acts only if the reader agrees asks",
            Part.ASKS,
            None,
            (
                r"\bon your (?:say-so|word|command|ok|approval|go)\b",
                r"\b(?:provided|assuming|as long as)(?: that)? you (?:agree|approve|confirm|consent)\b|\bsubject to your " + _LEAVE,
                r"\bif you (?:agree|approve|confirm|consent|say (?:yes|so)|are (?:ok|fine|happy|good))\b",
                r"\bif (?:that|this|it) is (?:ok|fine|acceptable)\b",
                r"\b(?:only )?with your " + _LEAVE + r"\b",
            ),
            (
                r"\b(?:wenn|falls|sofern) (?:sie|du|ihr)\b(?: damit)? (?:einverstanden|zustimm|es erlaub|ok)",
                r"^auf (?:ihr|dein|euer) ok hin\b",
                r"^mit (?:ihrer|deiner|eurer|ihrem|deinem) " + _ERLAUBNIS + r"\b",
            ),
        ),
        Rule(
            "asks whether it may",
            "a question 'shall I', 'may I', 'do you want me to' asks",
            Part.ASKS,
            None,
            (
                r"\b(?:s?h(?:all|ould|oud|uold|uld|oudl)|shuold|may|might|can|could|must) (?:i|we)\b(?! (?:find|want|help|be|ask)\b)",
                r"\b(?:do|would) you (?:want|like|wish|prefer)(?: it)?(?: for)? (?:me|us) (?:too?\b)?|\b(?:do|would) you (?:want|like) to (?=proceed|go ahead)",
                r"^(?:you )?(?:want|like|need) me to\b|^(?:proceed|go ahead|continue) (?:with|and|to)\b",
                r"\b(?:is|would) (?:it|that|this) (?:be )?" + _FINE + r"(?: with you)? (?:if (?:i|we)|for me to|to|with you)\b",
                r"\b(?:are you|would you be) " + _FINE_YOU + r" (?:with|if|for me to)\b",
                r"(?:^|[:,.] )" + _FINE + r" (?:to|if i|if we|for me to|with you if i)\b",
                r"\bmind if (?:i|we)\b|\bam i (?:allowed|free|clear|cleared|good) to\b|\bready for me to\b",
            ),
            (
                r"\b(?:soll(?:en|te|ten)?|sol|darf|duerf(?:en|te|ten)|kann|koennte|koennen) (?:ich|wir)\b(?! sonst)",
                r"\b(?:moecht\w+|will?st|wollen|wuensch\w+) (?:du|sie|ihr)(?: gerne?)?,? dass (?:ich|wir)\b",
                r"\b(?:ist|waere|waer) (?:es|das) (?:\w+ ){0,3}?" + _SEHR_WOHL + r"\b,?(?: wenn (?:ich|wir)| dass ich)?",
                r"\b(?:bist du|sind sie|seid ihr) (?:\w+ )?einverstanden\b",
                r"\bpasst es\b.{0,20}\bwenn (?:ich|wir)\b|^ok,? wenn ich\b|\bmacht es .{0,20} etwas aus, wenn ich",
                r"\bstimm\w+ (?:sie|du) zu\b",
            ),
        ),
        Rule(
            "asks in short",
            "'Okay?', 'Proceed?', '[y/N]' ask for what was said before",
            Part.ASKS,
            None,
            (
                r"^\W*(?:so,? |then,? )?(?:ok|proceed|go ahead|go|continue|approved?|agreed|alright|sounds? good|thumbs up|may i|shall (?:i|we)|should i"
                r"|can i|yes or no|yes ?/ ?no|approve (?:or|/) (?:reject|deny)|good to go|that ok|is (?:that|this|it) " + _FINE + r"(?: with you| for you)?"
                r"|are you ok with (?:this|that)|do you (?:approve|agree|confirm)|does (?:that|this) (?:work|sound ok|look good)(?: for you)?)\W*$",
                r"[\[(]y(?:es)? ?/ ?n(?:o)?[\])]|\by/n\W*$",
                r", (?:ok|yes|that ok|alright|right)\? ?$|\b(?:yes or no|yes ?/ ?no)\W*$",
                r"^(?:ready when you are|thumbs up\??)\W*$",
            ),
            (
                r"^\W*(?:ok|weiter|einverstanden|ja oder nein|ja ?/ ?nein|soll ich|darf ich|passt das|in ordnung|ist das (?:in ordnung|ok)"
                r"|bist du (?:damit )?einverstanden|sind sie (?:damit )?einverstanden)\W*$",
                r"[\[(]j(?:a)? ?/ ?n(?:ein)?[\])]",
                r", (?:ja|ok|oder)\? ?$|\b(?:ja oder nein|ja ?/ ?nein)\W*$|^(?:beides|alles|das|so) (?:so )?(?:in ordnung|ok)\W*$",
            ),
        ),
    )


@functools.cache
def perhaps_asking() -> tuple[Rule, ...]:
    """Give what may be meant as a request."""
    return (
        Rule(
            "offers",
            "an offer to make a change may be meant as a request",
            Part.MAY_ASK,
            None,
            (
                r"\b(?:if|should) you (?:like|want|wish|prefer|would like)\b|\b(?:any time|if needed|if desired|if you need it|if that helps)\b"
                r"|\b(?:happy|glad) to\b",
            ),
            (
                r"\b(?:falls|wenn) (?:gewuenscht|noetig|sie moechten|sie wollen|du willst|du moechtest|sie wuenschen)|\bbei bedarf\b"
                r"|\bauf wunsch\b|\bgern(?:e)? jederzeit",
                r"\bwenn das hilft\b",
            ),
        ),
        Rule(
            "asks for a preference, an opinion or objections",
            "a choice left to the reader, a question of opinion, of objections or of facts about a change may be meant as a request",
            Part.MAY_ASK,
            None,
            (
                r"\b(?:what|which)(?: \w+){0,3} (?:do|would) you (?:prefer|like|recommend|want)\b|\bhow (?:would you like|do you want) (?:me|us)\b",
                r"\blet me know (?:which|what|how)\b(?! (?:of|account|region))|\byour (?:call|choice|decision)\b|\bup to you\b",
                r"\bwhat do you think\b|^do you think\b|\bthoughts\?|\bwould(?: not it| it not) be better\b|\bwould it not\b|^would not (?:it|we)\b",
                r"\byour preference\b|, (?:do|is|are|would) (?:not )?(?:you|it|we)(?: not)?\?|\b(?:speaks?|spoke) against\b",
                r"^is (?:a|an|the|this|that) \w+ (?:acceptable|ok|fine|needed|necessary|safe|advisable)\b"
                r"|^i (?:can|could) (?:also )?(?:take care|handle|look after|do)\b",
                r"^(?:maybe|perhaps) (?:we|i) (?:should|could)|\bsounds? reasonable|\bmake sense\?",
                r"\bany objections?\b|\bobject to\b|\breason not to\b|\banything against\b",
                r"\b(?:is|would) it (?:\w+ )?(?:safe|wise|better|necessary) to\b|\bdoes .{0,40} need (?:a|an|to be)\b",
                r"^(?:should|can|must|may|could) (?:the|this|that|these|those|it)\b(?:(?! without).){0,60}\bbe \w{2,}ed\b(?! without)",
            ),
            (
                r"\bwas (?:ist|waere) (?:ihnen|dir|euch) lieber|\bwas bevorzug|\bwas (?:halten|haeltst|meinen|meinst|denk\w+) (?:sie|du)"
                r"|\bihre entscheidung|\bdeine entscheidung",
                r"^ich (?:kann|koennte) mich (?:auch )?|\bwas meinst du\b|\bwas meinen sie\b",
                r"\bwaere es nicht (?:\w+ )?besser|\bsollten wir (?:nicht|vielleicht)",
                r"\bspricht (?:\w+ )?(?:etwas|was) dagegen|\beinwaende\b|\bgegen\b.{0,40}\bspricht\b|\betwas dagegen\b",
                r"^(?:soll|sollen|kann|koennen|muss) (?:die|der|das|diese\w*)\b.{0,60}\bwerden\b",
            ),
        ),
    )


@functools.cache
def deciding() -> tuple[Rule, ...]:
    """Give what is decided from what a request is about."""
    return (
        Rule("asks for a change", "a request for a change that the sentence names", Part.WHOLE, Asks.YES),
        Rule("asks for the change it proposed", "a request for a change that the text names around it", Part.WHOLE, Asks.YES),
        Rule("asks for a look", "a request to read, wait, plan or write something for people changes nothing", Part.WHOLE, Asks.NO),
        Rule("asks for what is not said", "a request that does not say what is to be changed", Part.WHOLE, Asks.UNCLEAR),
        Rule("may be meant as a request", "an offer, or a question about a change, that is not asked for", Part.WHOLE, Asks.UNCLEAR),
        Rule("asks for what was done", "a request for a change that the text says was made already", Part.WHOLE, Asks.NO),
        Rule("goes on after a change", "a request to go on, after a change that was made, says not with what", Part.WHOLE, Asks.UNCLEAR),
    )


@functools.cache
def ending() -> tuple[Rule, ...]:
    """Give what ends an asking when it stands behind it."""
    return (
        Rule(
            "answers itself",
            "a question that the text answers itself is not asked",
            Part.ENDS,
            Asks.NO,
            (
                r"^(?:no|nope|yes)(?:[,:.!;]|$| -)",
                r"^i (?:have )?(?:decided|left|leave|chose|will leave|will not|did not|would rather not)\b(?!.{0,80}\b(?:until|without|before|unless|then)\b)",
                r"^i (?:do not (?:think|believe) (?:so|that)|doubt)\b",
                r"^(?:answer|response|reply|decision)\W{1,4}(?:yes|no|approved|denied|granted)",
                r"^the (?:policy|answer|runbook|rule|docs?) (?:says?|is) (?:no|yes)\b",
            ),
            (r"^ich (?:glaube|denke) (?:das )?nicht\b", r"^antwort\W{1,4}(?:ja|nein|genehmigt)", r"^(?:nein|ja)(?:[,:.!;]|$| -)", r"^ich (?:habe|lasse|liess) (?:es|das|sie|ihn)\b", r"^ich habe mich (?:da)?gegen"),
        ),
        Rule(
            "acts without an answer",
            "who says that the change is made, or will be made now, does not wait for an answer",
            Part.ENDS,
            Asks.NO,
            (
                r"^(?:so |then |now |anyway,? )?(?:i will|i am|i am going to|let me|let us|i am now)(?! know\b| (?:pausing|stopping|holding|waiting)\b) (?:now |already |just )?(?P<act>.*)$",
                r"^(?:proceeding|going ahead|starting)\b(?P<going>.*)$",
            ),
            (r"^(?:also |dann |jetzt )?ich (?:werde|fange|beginne|mache|starte|\w+e jetzt|\w+e nun)\b(?P<akt>.*)$",),
        ),
    )


def whole() -> tuple[Rule, ...]:
    """Give what is said of texts in which nothing asks."""
    return (
        Rule("asked too early", "a request with much said after it does not end the turn", Part.WHOLE, Asks.UNCLEAR),
        Rule("nothing asks", "no sentence asks for anything", Part.WHOLE, Asks.NO),
    )


def named(name: str) -> Rule:
    """Find a rule by its name."""
    return next(one for one in rules() if one.name == name)
