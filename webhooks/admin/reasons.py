"""Why requests are refused, in a word or two, as people say it."""

from typing import Final

from plugin.contract.decision import Reason
from plugin.contract.rules import override
from webhooks.admin.language import N_, _

_SAID: Final = {
    override.RULE: N_("an agent's word"),
    Reason.CUSTOMER_UNKNOWN: N_("customer not known"),
    Reason.CUSTOMER_AMBIGUOUS: N_("several customers possible"),
    Reason.AGREEMENT_NOT_BEGUN: N_("agreement not begun"),
    Reason.AGREEMENT_ENDED: N_("agreement ended"),
    Reason.FREE_LICENSE: N_("free licence"),
    Reason.CONTACT_NOT_NAMED: N_("contact not named"),
    Reason.PRODUCT_MISSING: N_("product missing"),
    Reason.PRODUCT_UNKNOWN: N_("product not known"),
    Reason.PRODUCT_NOT_COVERED: N_("product not covered"),
    Reason.VERSION_MISSING: N_("version missing"),
    Reason.VERSION_UNCLEAR: N_("version unclear"),
    Reason.VERSION_UNLISTED: N_("version not listed"),
    Reason.VERSION_TOO_NEW: N_("version too new"),
    Reason.VERSION_TOO_OLD: N_("version too old"),
    Reason.VERSION_PRERELEASE: N_("version not released"),
    Reason.PLATFORM_UNKNOWN: N_("platform not known"),
    Reason.THIRD_PARTY: N_("software of others"),
    Reason.MODIFICATION: N_("software was changed"),
    Reason.SERVICE_NOT_IN_TIER: N_("service not in the tier"),
    Reason.SERVICE_REFUSED: N_("service refused"),
    Reason.RESOURCES: N_("resources"),
    Reason.SEVERITY_LOWERED: N_("severity lowered"),
    Reason.CREDITS_FLAGGED: N_("few credits"),
    Reason.CREDITS_HELD: N_("no credits, held"),
    Reason.CREDITS_REFUSED: N_("no credits"),
    Reason.SESSIONS_FLAGGED: N_("few sessions"),
    Reason.SESSIONS_HELD: N_("no sessions, held"),
    Reason.SESSIONS_REFUSED: N_("no sessions"),
}


def reason_text(reason: str) -> str:
    """A reason as it is kept in reports, said."""
    said = _SAID.get(reason)
    return _(said) if said else _("another reason")
