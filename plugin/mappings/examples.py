"""`examples/*.yaml`: the admins' own acceptance tests. Given this request, we expect that."""

from typing import Annotated

from plugin.contract.decision import Eligibility, PatchEligibility, Reason, ResponseKept
from plugin.contract.model import Author
from plugin.contract.policy import Mode
from plugin.mappings.appointments import WindowShape
from plugin.mappings.reads import member_of, one_word_of
from plugin.mappings.references import KindWord, OutcomeWord, ProductWord, TierWord
from plugin.mappings.shape import Rows, Shape
from plugin.mappings.values import (
    NONE,
    Clause,
    Email,
    Moment,
    MomentOrNone,
    Number,
    NumberOrNone,
    Positive,
    Text,
    YesNo,
)

FOLDER = "examples"


class AnswerShape(Shape):
    """A comment that the customer writes later on."""

    said: Moment
    """When; in the vendor's zone."""
    text: Text


class CommentShape(Shape):
    """A comment that somebody writes on the request."""

    at: Moment
    """When; in the vendor's zone."""
    by: Annotated[Author, member_of(Author)]
    """machine: this product, or an automation."""
    public: YesNo = True
    """Does the customer see it?"""


class RequestShape(Shape):
    """The request; what is left out the customer did not say."""

    kind: KindWord
    """A kind of severities.yaml."""
    product: ProductWord | None = None
    version: Text | None = None
    environment: Text | None = None
    impact: Text | None = None
    stated_severity: Positive | None = None
    """The severity that the customer chose."""
    platform: Text | None = None
    third_party: Text | None = None
    """Software of others that it concerns as well."""
    modified: YesNo | None = None
    """Has the customer changed the software?"""
    outcome: OutcomeWord | None = None
    """How it ended: one of the outcomes of credits.yaml."""
    raised: Moment
    """When; in the vendor's zone."""
    raised_by: Email
    resolved: Moment | None = None
    """When it was resolved."""
    answers: tuple[AnswerShape, ...] = ()
    """What the customer writes when we ask; it is decided again with each."""
    appointments: tuple[WindowShape, ...] = ()
    """Windows that an agent booked on it; in the vendor's zone."""
    comments: tuple[CommentShape, ...] = ()
    """What is written on it by the time it is decided."""
    on_behalf: YesNo = False
    """Has an agent raised it for the customer?"""


class ExpectShape(Shape):
    """What is expected. Only what is given is compared; times are the vendor's; none: there is to be nothing."""

    customer: Text | None = None
    tier: TierWord | None = None
    severity: Positive | None = None
    response_due: MomentOrNone = None
    eligibility: Annotated[Eligibility, member_of(Eligibility)] | None = None
    reasons: tuple[Annotated[Reason, member_of(Reason)], ...] | None = None
    """All of them, in any order; [] for none."""
    charge: Number | None = None
    """The credits that it costs."""
    left: NumberOrNone = None
    """The credits that are left then."""
    patch_eligibility: Annotated[PatchEligibility, member_of(PatchEligibility)] | None = None
    sessions: Number | None = None
    """The training sessions that it costs."""
    sessions_left: NumberOrNone = None
    """The training sessions that are left then."""
    priority: Text | None = None
    """none where Jira's own stays as it is."""
    account_representative: Text | None = None
    """By name; none where nobody is assigned."""
    first_response: MomentOrNone = None
    response_kept: Annotated[ResponseKept, member_of(ResponseKept)] | None = None
    response_reminder: Text | None = None
    """The point at which agents are reminded, as tiers.yaml has it; it is then looked at when it is raised as well."""
    reply: Annotated[str, one_word_of((NONE, *Mode))] | None = None
    """What the reasons give the customer to read: none, or a letter that is sent or drafted."""


class ExampleShape(Shape):
    """One example: whose request, what it says, and what is expected; decided when it is raised, or as is said."""

    name: Text
    """What it shows, in a sentence."""
    cites: Rows[Clause]
    """The clauses that it is about."""
    customer: Text | None = None
    """Whose request: a file in agreements/, without .yaml. Or else organizations."""
    organizations: tuple[Text, ...] | None = None
    """Whose request: names of organizations in Jira; [] for none. Or else customer."""
    credits_used: Number = 0
    """Credits that other requests have used."""
    sessions_used: Number = 0
    """Training sessions that other requests have used."""
    decided: Moment | None = None
    """When it is decided at last; left out: when it is raised, or answered."""
    request: RequestShape
    expect: ExpectShape


class ExamplesFile(Shape):
    """Your own tests: given this request, we expect that."""

    examples: Rows[ExampleShape]
    """Read and run by check."""
