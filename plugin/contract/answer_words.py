"""The words of `answers.py`, English and German: those that say nothing beside a version, and those that leave it open.

In lower case, `ä` as `ae` and `ß` as `ss`. A word that is missing among the harmless ones costs little: a person reads
the answer. One too many could let something count that was never said.
"""

import re
from typing import Final


def _any_of(phrases: str) -> re.Pattern[str]:
    """Any of these phrases, set off by `|` and line ends; the longest first, so that `in use` is not `in` and `use`."""
    listed = {phrase.strip() for phrase in re.split(r"[|\n]", phrases) if phrase.strip()}
    longest_first = sorted(listed, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


HARMLESS: Final = _any_of(
    """
    we|i|it|this|that|the|our|my|is|are|am|its|it's|that's|we're|i'm|we've|i've|have|has been|have been
    now|just|already|currently|meanwhile|in the meantime|finally|today|yesterday|this morning|as of today|since today
    since yesterday|here|and|with|on|at|yes|ok|okay|sorry|thanks|thank you|many thanks|hello|hi|successfully|successful
    for your help|for the help|for your answer|for your reply|for your quick reply|for the quick reply|for the hint
    use|uses|using|run|runs|running|working with|in use|in production|updated to|upgraded to|moved to|switched to
    updated|upgraded|installed|was installed|was updated|was upgraded|was successful|done|finished|completed|complete
    update|update to|upgrade|upgrade to|installation|system|systems|new|version|versions|version number|exact version
    release|number|product|product version|platform|operating system|os|name

    but|still|again|the same|same problem|same error|same issue|same fault|same crash|same thing|problem|error|issue
    fault|crash|bug|persists|remains|occurs|happens|still exists|still there|is unchanged|unchanged|crashes|crashes too
    also occurs|also happens|also crashes|problem in|error in|issue in|fault in|happens in|occurs in|crashes in
    happens there|occurs there|has the same

    wir|ich|es|das|dies|die|der|den|dem|unser|unsere|unserer|meine|ist|sind|bin|haben|habe|hat|wurde|jetzt|nun
    inzwischen|mittlerweile|aktuell|derzeit|momentan|zur zeit|heute|gestern|seit heute|seit gestern|soeben|eben|gerade
    bereits|schon|endlich|hier|bei uns|mit|und|auf|unter|ja|danke|vielen dank|besten dank|hallo|erfolgreich|leider
    fuer ihre hilfe|fuer die hilfe|fuer ihre antwort|fuer die antwort|fuer die schnelle antwort|fuer den hinweis
    nutzen|nutze|benutzen|benutze|verwenden|verwende|arbeiten|arbeite|laeuft|im einsatz|in betrieb|im betrieb
    in produktion|setzen|setze|ein|aktualisiert|upgedatet|geupdatet|upgegradet|umgestellt|umgestiegen|gewechselt
    eingespielt|installiert|durchgefuehrt|erfolgt|gemacht|erledigt|abgeschlossen|aktualisierung|neue|neuen
    versionsnummer|genaue|genau|lautet|eingesetzte|verwendete|genutzte|installierte|produkt|produktversion|plattform
    betriebssystem|stand

    aber|trotzdem|immer noch|noch immer|weiterhin|nach wie vor|gleiche problem|gleiches problem|gleiche fehler
    gleicher fehler|selbe problem|selbes problem|selbe fehler|selber fehler|dasselbe problem|derselbe fehler|fehler
    absturz|besteht|besteht auch|bleibt|tritt|tritt auch|noch da|unveraendert
    """
)
"""What may stand beside a version, a product or a platform in a sentence that says nothing else."""

_DONE = """
    updated|updated to|upgraded|upgraded to|moved to|switched to|installed|was installed|was updated|was upgraded
    was successful|done|finished|completed|complete|successful|successfully|aktualisiert|upgedatet|geupdatet|upgegradet
    umgestellt|umgestiegen|gewechselt|eingespielt|installiert|durchgefuehrt|erfolgt|gemacht|erledigt|abgeschlossen
    erfolgreich
    """
_HAVING = """
    use|uses|using|run|runs|running|working with|in use|nutzen|nutze|benutzen|benutze|verwenden|verwende
    arbeiten|arbeite|laeuft|im einsatz|in betrieb|im betrieb|in produktion|setzen|setze
    """
_BEING = """
    it is|it's|its|that is|that's|this is|we have|i have|we are|we're|i am|i'm|is now|es ist|das ist|wir haben|ich habe
    wir sind|ich bin|ist jetzt|ist nun
    """

UPDATE: Final = _any_of("update|update to|upgrade|upgrade to|installation|aktualisierung")
DONE: Final = _any_of(_DONE)
"""An update is told of only where it is done."""

NEW: Final = _any_of("new|neue|neuen")
USED: Final = _any_of(_DONE + _HAVING)
"""A new version is told of only where it is used; it may as well be one that we offer."""

AGREEING: Final = re.compile(r"(?:yes|ok|okay|thanks|thank you|many thanks|ja|danke|vielen dank|besten dank)(?!\w)")
SAID: Final = _any_of(_DONE + _HAVING + _BEING)
"""A sentence that begins with thanks tells something only where one of these stands; else it repeats what we wrote."""

ASKING: Final = re.compile(
    r"(?:is|are|am|do|does|did|can|could|has|use|run|have (?:we|i)|"
    r"ist(?! (?:jetzt|nun|inzwischen|mittlerweile|aktuell|derzeit))|sind|bin|hat|wurde|habe ich|haben wir|"
    r"laeuft (?:es|das)|(?:nutzen|setzen|verwenden|benutzen|arbeiten) wir)(?!\w)"
)
"""How a question or an order begins, question mark or not."""

DOUBTFUL: Final = _any_of(
    """
    will|would|we'll|i'll|it'll|we'd|i'd|shall|should|ought|might|may|if|unless|until|whether|maybe|perhaps|probably
    possibly|likely|presumably|supposedly|apparently|seemingly|think|believe|guess|assume|suppose|hope|afraid|unsure
    uncertain|plan|plans|planned|planning|scheduled|going to|soon|tomorrow|next|later|future|upcoming|pending|approval
    instead|except|only|wrong|incorrect|mistake|mistaken|typo|correction|meant|ignore|or|either
    approx|e.g|i.e|eg|vs|waiting for it|warten darauf
    wuerde|wuerden|soll|sollen|sollte|sollten|duerfte|duerften|koennte|koennten|moechte|moechten|falls|wenn|sofern
    sobald|solange|ob|vielleicht|eventuell|evtl|ggf|vermutlich|wahrscheinlich|wohl|moeglicherweise|womoeglich|angeblich
    anscheinend|scheinbar|glaube|glauben|denke|denken|nehme an|schaetze|hoffe|hoffen|unsicher|geplant|plane|planen
    demnaechst|bald|naechste|naechster|naechsten|naechstes|spaeter|morgen|zukuenftig|kuenftig|statt|anstatt|stattdessen
    ausser|nur|falsch|irrtum|verwechselt|vertippt|korrektur|gemeint|oder|entweder|bzw|ca|circa|etwa|ungefaehr|z.b|zb|d.h
    genehmigung|freigabe
    """
)
"""Words that leave open what is so, wherever in the answer they stand."""

NEGATING: Final = re.compile(
    r"(?<!\w)(?:not|no|nope|never|neither|nor|none|nothing|without|cannot|unable|\w+n't|cant|dont|doesnt|didnt|isnt|wont|"
    r"wasnt|havent|hasnt|nicht|nichts|kein\w*|nie|niemals|nein|ohne|weder)(?!\w)"
)
MODAL: Final = _any_of(
    """
    want|wants|wish|like to|need|needs|must|can|could|have to|has to|had to|try|tried|trying|able|possible|intend|ask
    asked|other|another|old|older|before|previous|previously|formerly|was|were|had|used|waiting|requested
    wollen|muss|muessen|musste|mussten|kann|koennen|konnte|konnten|versuchen|versucht|moeglich|werden|werde|wird|wurden
    andere|anderen|alte|alten|frueher|vorher|bisher|bislang|zuvor|war|waren|hatte|hatten|warten|beantragt|noch
    """
)
"""Words that are harmless unless their sentence speaks of versions or updates too."""

MOVING: Final = re.compile(
    r"(?<!\w)(?:updat\w*|upgrad\w*|(?:un|re)?install\w*|downgrad\w*|migrat\w*|deploy\w*|roll(?:ed|ing)?[ -]out|"
    r"rollout|switch\w*|version\w*|releas\w*|aktualisier\w*|(?:de)?installier\w*|einspiel\w*|eingespielt|umstell\w*|"
    r"umgestellt|upgedatet|geupdatet|freigegeben|done|made|gemacht)(?!\w)"
)
"""Words for versions, and for going from one to another."""

FAULTY: Final = re.compile(
    r"(?<!\w)(?:work(?:s|ed|ing)?|start(?:s|ed|ing)?|open(?:s|ed)?|load(?:s|ed)?|record(?:s|ed|ing)?|save[sd]?|"
    r"connect(?:s|ed)?|respond(?:s|ed)?|finds?|found|help(?:s|ed)?|solved?|fix(?:ed)?|gone|better|different|changed?|"
    r"problems?|errors?|issues?|faults?|bugs?|crash(?:es|ed)?|hangs?|freezes?|"
    r"geht|gehen|funktionier\w*|klappt|startet|starten|oeffne\w*|laedt|speicher\w*|reagier\w*|finde\w*|gefunden|geholfen|"
    r"hilft|geloest|behoben|weg|besser|anders|geaendert|probleme?|fehler\w*|absturz|stuerzt|haengt)(?!\w)"
)
"""Words for how a fault shows: a sentence that denies one of them describes the fault, and takes nothing back."""

MENU: Final = re.compile(r"(?:(?:under|in|unter) )?(?:help|hilfe) ?(?:->|[>,/-])? ?(?:about|info|ueber)(?: expecco)?")
"""Where the version is found; our own question names the place."""

GREETING: Final = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|day|evening)|hallo|moin|servus|guten (?:tag|morgen|abend)|"
    r"liebe[rs]?|sehr geehrte[rs]?|gruess gott)(?P<names>(?: [^\W\d_][\w.-]*){0,4}) ?(?:[,!]|$)"
)
CLOSING: Final = re.compile(
    r"(?:(?:best|kind|kindest|warm) (?:regards|wishes)|regards|sincerely|yours|cheers|br|mfg|vg|lg|"
    r"(?:mit )?(?:freundlich|best|viel|lieb|schoen|herzlich)\w* gr(?:uss|uesse|uessen)|gruss|gruesse)(?!\w)[^\d?]{0,80}"
)
"""The line with which a letter ends; names and addresses follow."""
