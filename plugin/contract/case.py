"""A case: one request beside the agreement and the policy that it is judged by, with what all rules need looked up."""

from dataclasses import dataclass
from datetime import date, datetime

from plugin.contract.decision import Citation, Finding, Outcome, Reason
from plugin.contract.model import Entitlement, NoAgreement, SupportAgreement, SupportRequest
from plugin.contract.policy import Policy, Product, Service
from plugin.contract.tables import AsOf, Cited


@dataclass(frozen=True, slots=True)
class Heard:
    """What the customer said in a comment. `value` counts for `word` instead of what the field says, None: nothing."""

    word: str
    value: str
    instead_of: str | None
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule looks at. `day` is the vendor's date on which the request was raised: the day it is judged by.

    `as_of` is what tables are looked up by: that day, and the last on which the request was open. `today` is the
    vendor's date of the decision, for the little that may change in the customer's favour meanwhile.
    `product` is the one the customer wrote, or the only one the agreement covers where nothing was written; None
    otherwise. `entitlement` is the one in force for it. `heard` are the customer's answers that the request already
    holds as if they had been typed into its fields.
    """

    request: SupportRequest
    agreement: SupportAgreement | None
    no_agreement: NoAgreement
    policy: Policy
    day: date
    today: date
    as_of: AsOf
    product: Product | None
    entitlement: Entitlement | None
    heard: tuple[Heard, ...] = ()

    def service(self) -> Cited[Service] | None:
        """What the tier in force says to this kind of request; None where no tier is.

        Raises:
            LookupError: when no row fits; the check of the mapping files makes sure that the last row always does.
        """
        if self.entitlement is None or self.entitlement.free:
            return None
        tier, kind = self.entitlement.tier, self.request.kind
        row = self.policy.services.find(self.as_of, tier=tier, kind=kind)
        if row is None:
            raise LookupError(f"no row of the services fits tier {tier}, kind {kind}")
        return row

    @property
    def handled_as(self) -> str:
        """The kind of request that it is helped with as: its own, unless the tier gives another instead."""
        row = self.service()
        return row.value.instead or self.request.kind if row else self.request.kind

    def cite(self, rule: str) -> Citation:
        """The row of `eligibility.yaml` that states the rule. Raises KeyError where the policy has none."""
        return self.policy.rules[rule]

    def finding(
        self, rule: str, outcome: Outcome, sentence: str, *more: Citation, reason: Reason | None = None, **facts: str
    ) -> Finding:
        """A finding of a rule that cites its own row first, then the values it used."""
        return Finding(rule, outcome, sentence, (self.cite(rule), *more), reason, facts)


def case_of(
    request: SupportRequest, agreement: SupportAgreement | NoAgreement | None, policy: Policy, now: datetime
) -> Case:
    """Lay the records of a request side by side. `now` is the aware moment of the decision."""
    none = agreement if isinstance(agreement, NoAgreement) else NoAgreement()
    signed = agreement if isinstance(agreement, SupportAgreement) else None
    day = policy.day(request.raised)
    today = max(day, policy.day(now))
    product = _product(request, signed, policy, day)
    ended = policy.day(request.ended) if request.ended else today
    as_of = AsOf(day, max(day, ended))
    return Case(request, signed, none, policy, day, today, as_of, product, _entitlement(signed, product, policy, day))


def _product(request: SupportRequest, agreement: SupportAgreement | None, policy: Policy, day: date) -> Product | None:
    if request.product and request.product.strip():
        return policy.product_named(request.product)
    covered = {each.product for each in agreement.entitlements_on(day)} if agreement else set()
    return policy.product_named(covered.pop()) if len(covered) == 1 else None


def _entitlement(
    agreement: SupportAgreement | None, product: Product | None, policy: Policy, day: date
) -> Entitlement | None:
    """The paid entitlement before a free one, and of several the one of the best tier.

    A free licence takes no support away from a bought one (C23), nor licences of a lower tier from those of a higher.
    """
    rank = {tier.id: number for number, tier in enumerate(policy.tiers)}
    if agreement is None or product is None:
        return None
    fitting = [each for each in agreement.entitlements_on(day) if each.product == product.id]
    return min(fitting, key=lambda each: (each.free, rank.get(each.tier, len(rank))), default=None)
