"""The types of values that name something which mapping files define: forms and editors offer what there is."""

from typing import Annotated

from plugin.contract.rules.severity import UNTOLD
from plugin.contract.tables import ANY
from plugin.mappings.reads import BOOLEAN, NUMBER, Of, Reads
from plugin.mappings.values import NONE, Condition, Text

Answer = Annotated[
    str,
    Reads(
        f"a word that is known, {UNTOLD} for no answer, or {ANY} for all of them",
        str,
        types=(NUMBER, BOOLEAN),
        suggests=(ANY, UNTOLD),
    ),
]
AnyTier = Annotated[Condition, Of("tiers")]
AnySeverity = Annotated[Condition, Of("severities")]
AnyKind = Annotated[Condition, Of("kinds")]
AnyProduct = Annotated[Condition, Of("products")]
AnyEnvironment = Annotated[Answer, Of("environments")]
AnyImpact = Annotated[Answer, Of("impacts")]
AnyOutcome = Annotated[Condition, Of("outcomes")]
TierWord = Annotated[Text, Of("tiers")]
SeverityWord = Annotated[Text, Of("severities")]
KindWord = Annotated[Text, Of("kinds")]
ProductWord = Annotated[Text, Of("products")]
CalendarWord = Annotated[Text, Of("calendars")]
PriorityWord = Annotated[Text, Of("priorities")]
PriorityOrNone = Annotated[
    str,
    Reads(f"one of the priorities, or {NONE}", str, types=(NUMBER, BOOLEAN), suggests=(NONE,)),
    Of("priorities"),
]
OutcomeWord = Annotated[Text, Of("outcomes")]
