"""Customers: agreements and organizations, and where balances are shown."""

from collections.abc import Sequence
from datetime import date

from plugin.contract.model import Organization, SupportAgreement
from plugin.doctor.line import Line, ok, some, unknown, warning, wrong
from plugin.jira.board import BoardKind, BoardSetting
from plugin.jira.errors import JiraGone, JiraRefused
from plugin.mappings.problem import nearest


def agreements(signed: Sequence[SupportAgreement], known: Sequence[Organization], today: date) -> list[Line]:
    """Has Jira the organizations that agreements name? One that ended is not spoken of."""
    running = [each for each in signed if any(term.last >= today for term in each.terms)]
    ids, names = {each.id for each in known}, {each.name.casefold() for each in known}
    lines = []
    for each in running:
        absent = [f"number {id}" for id in each.organization_ids if id not in ids]
        absent += [repr(name) for name in each.organization_names if name.casefold() not in names]
        if absent:
            near = nearest(each.name, [organization.name for organization in known])
            hint = f" (nearest: {near})" if near else ""
            lines.append(
                wrong(
                    f"Jira has no organization {some(absent)}, which the agreement of {each.name} names{hint}: no "
                    "request of theirs is known by it.",
                    f"Correct organizations in {each.source.file}, or make the organization in Jira.",
                )
            )
    if len(lines) < len(running):
        lines.insert(0, ok(f"Running agreements whose organizations Jira has: {len(running) - len(lines)}."))
    return lines or [warning("No agreement is running.", "Add one: support-contract agreements import, or by hand.")]


def organizations(signed: Sequence[SupportAgreement], known: Sequence[Organization]) -> list[Line]:
    """Has every organization of Jira's an agreement?"""
    ids = {id for each in signed for id in each.organization_ids}
    names = {name.casefold() for each in signed for name in each.organization_names}
    without = [each.name for each in known if each.id not in ids and each.name.casefold() not in names]
    if not known:
        return [
            warning(
                "Jira shows us no organization: customers are known by their e-mail domain only.",
                "Let our account be an agent, and put customers into organizations.",
            )
        ]
    if without:
        return [
            warning(
                f"No agreement names {some(without)}: their requests are not eligible for support.",
                "Add their agreements, or leave it so where none was signed.",
            )
        ]
    return [ok(f"Every one of {len(known)} organizations has an agreement.")]


def board(setting: BoardSetting, told: Sequence[str] | JiraRefused | None, cloud: bool) -> list[Line]:
    """Where are balances shown? `told`: the keys of an organization's properties; None without any organization."""
    if setting.kind is BoardKind.NONE:
        return [ok("Balances are kept in our own database only, as credits.yaml says.")]
    if told is None:
        return [unknown("There is no organization to try its properties with.", "Make one in Jira.")]
    if isinstance(told, JiraGone) and not cloud:
        return [
            warning(
                "This Jira has no organization properties: balances are kept in our own database only.",
                "Write kind: none at balance_board in credits.yaml; requests show what is left all the same.",
            )
        ]
    if isinstance(told, JiraRefused):
        return [
            wrong(
                f"Balances cannot be shown on organizations: {told}",
                "Let our account be an agent, or write kind: none at balance_board in credits.yaml.",
            )
        ]
    shown = "is on it already" if setting.key in told else "is not on it yet"
    return [ok(f"Balances are shown as the organization's property {setting.key}, which {shown}.")]
