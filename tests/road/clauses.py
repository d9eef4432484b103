"""A second opinion: what the contract says, worked out from its clauses without a line of the product's own rules.

The clauses are written down here once more, as plainly as possible; only the holidays are a library's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

BERLIN = ZoneInfo("Europe/Berlin")

# C1: tier; C9: licences, and credits for each; C15: the day before the agreement year begins is the last of the year.
TIERS = {"aurora-robotics": "Premium", "brennhaus-medical": "Advanced", "cobalt-rail": "Basic"}
CREDITS = {"aurora-robotics": 6 * 32, "brennhaus-medical": 6 * 16, "cobalt-rail": 3 * 0}
# C4
CONTACTS = {"mira.castellan", "jonas.feld", "emil.sandor", "greta.holm", "yusuf.adeyemi", "oskar.brandt"}
# C2: hours until the first response, for severity 1, 2 and 3
HOURS = {"Premium": (8, 12, 24), "Advanced": (16, 24, 36), "Basic": (24, 48, 72)}
# C9
PRICES = {"Report a fault": 1, "Ask a question": 1, "Ask for a remote session": 2}
# C21: releases of expecco, by their days
RELEASES = {"24.2": date(2024, 10, 14), "25.1": date(2025, 4, 14), "25.2": date(2025, 10, 13)}
RELEASES |= {"26.1": date(2026, 4, 13), "26.2": date(2026, 10, 12)}


@dataclass(frozen=True)
class Verdict:
    """What a request should show; `hours` is the time for the first response, None while it does not run."""

    tier: str | None
    severity: str
    eligibility: str
    charged: int
    hours: int | None
    told: tuple[str, ...]
    """Words that the one reply to the customer has to hold; none where there is no reply."""


def customer_of(organizations: tuple[int, ...], email: str) -> str | None:
    """Whose request it is: by its one organization, else by the domain."""
    by_organization = {11: "aurora-robotics", 12: "brennhaus-medical", 13: "cobalt-rail", 14: "delta-foundry"}
    if len(organizations) == 1:
        return by_organization[organizations[0]]
    return None if organizations else email.partition("@")[2].partition(".")[0]


def verdict(
    email: str,
    customer: str | None,
    type: str,
    version: str | None,
    environment: str,
    impact: str,
    day: date,
    left: int | None = None,
    defect: bool = False,
) -> Verdict:
    """What the contract says of a request raised on `day`; `left` are the customer's credits without it."""
    level = 3
    if type in ("Report a fault", "Ask for a remote session") and environment == "Production":
        level = {"Totally non-operational": 1, "Seriously impaired": 2}.get(impact, 3)
    tier = TIERS.get(customer or "")
    told: list[str] = []
    outcomes = set()
    if tier is None:
        # C22: Delta Foundry's agreement ended; C28: without a customer we ask
        outcomes.add("Not eligible" if customer else "Needs information")
        told.append("ended on 31 december 2025" if customer else "organization")
    domain = f"{customer}.example"
    if customer and (email.partition("@")[0] not in CONTACTS or not email.endswith(domain)):
        outcomes.add("Not eligible")
        told.append("contact")
    supported = sorted((day_, line) for line, day_ in RELEASES.items() if day_ <= day)[-2:]
    if version not in RELEASES:
        outcomes.add("Needs information")
        told.append("version")
    elif version not in [line for _, line in supported]:
        outcomes.add("Not eligible")
        told.append(f"update to {supported[-1][1]}")
    price = 0 if defect else PRICES[type]
    left = CREDITS.get(customer or "", 0) if left is None else left
    if tier and price > left:
        # C9: help with a fault is not refused for want of credits; C7: a session is for an agent to decide
        outcomes.add("On hold" if type == "Ask for a remote session" else "Limited")
    order = ("Eligible", "Limited", "On hold", "Needs information", "Not eligible")
    eligibility = max(outcomes | {"Eligible"}, key=order.index)
    helped = eligibility in ("Eligible", "Limited")
    charged = price if helped and tier and price <= left else 0
    waits = eligibility in ("Needs information", "Not eligible")
    hours = HOURS[tier][level - 1] if tier and not waits else None
    return Verdict(tier, f"Severity {level}", eligibility, charged, hours, tuple(told))


def due(start: datetime, hours: int) -> datetime:
    """C2, C3: so many hours of Monday to Friday, 8 to 18 in Berlin, without the holidays of Baden-Württemberg."""
    rest, now = timedelta(hours=hours), start.astimezone(BERLIN)
    while True:
        day = now.date()
        opens, closes = (datetime.combine(day, time(hour), BERLIN) for hour in (8, 18))
        if day.weekday() < 5 and day not in holidays.country_holidays("DE", subdiv="BW", years=day.year):
            begin = max(now, opens)
            # No change of the clocks falls into these hours.
            if begin < closes and begin + rest <= closes:
                return (begin + rest).astimezone(UTC)
            rest -= max(timedelta(), closes - begin)
        now = datetime.combine(day + timedelta(days=1), time(0), BERLIN)


def to_the_minute(moment: datetime | None) -> datetime | None:
    """As Jira's field shows it to people."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0) if moment else None


def shown(fields: Mapping[str, object]) -> Mapping[str, object]:
    """The fields that a `Verdict` speaks of."""
    names = ("Support tier", "Ruled severity", "Eligibility", "Credits charged")
    return {name: fields[name] for name in names}


def wanted(ruled: Verdict) -> Mapping[str, object]:
    """A verdict as those fields show it."""
    return {
        "Support tier": ruled.tier,
        "Ruled severity": ruled.severity,
        "Eligibility": ruled.eligibility,
        "Credits charged": ruled.charged,
    }
