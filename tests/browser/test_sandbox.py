"""A newcomer's two clicks, in a real browser: raise a request, and see it filled in without a reload."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from plugin.sandbox import Sandbox, running_sandbox

PLUGIN = "support-contract@vendor.example"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox() as running:
        yield running


def raise_by_clicking(page: Page, sandbox: Sandbox, summary: str) -> None:
    page.goto(sandbox.url)
    page.get_by_role("link", name="Raise a request").click()
    page.get_by_role("link", name="Mira Castellan").click()
    page.get_by_role("link", name="Report a fault").click()
    page.get_by_label("Summary").fill(summary)
    page.get_by_label("What happened?").fill("It <b>stops</b>.")
    page.get_by_label("Product", exact=True).select_option("expecco")
    page.get_by_label("Product version").fill("25.1")
    page.get_by_label("Usage environment").select_option("Production")
    page.get_by_label("Business impact").select_option("Seriously impaired")
    page.get_by_label("Stated severity").select_option("Severity 2")
    page.get_by_role("button", name="Send").click()


def test_a_request_raised_by_clicking_is_filled_in_live_on_the_agents_page(page: Page, sandbox: Sandbox) -> None:
    raise_by_clicking(page, sandbox, "The robot arm stops")
    expect(page.get_by_role("heading", level=1)).to_have_text("SUP-1 The robot arm stops")
    expect(page.get_by_text("It <b>stops</b>.")).to_be_visible()

    page.get_by_role("link", name="Agent's desk").click()
    page.get_by_role("link", name="SUP-1 The robot arm stops").click()
    expect(page.get_by_text("Seriously impaired").first).to_be_visible()
    page.evaluate("window.notReloaded = true")
    jira, site = sandbox.jira, sandbox.site
    me, issue = site.person(PLUGIN), jira.issue("SUP-1")
    written = {
        "Support tier": {"value": "Premium"},
        "Eligibility": {"value": "Eligible"},
        "Response due": "2026-11-20T14:03:11.000+0000",
        "Credits left": 92,
    }
    jira.edit(issue, me, {site.field(name).id: value for name, value in written.items()})
    jira.comment(issue, me, "We answer by Friday", public=True)

    contract = page.locator("[data-live=contract]")
    expect(contract).to_contain_text("Premium")
    expect(contract).to_contain_text("Fri 20 Nov 2026, 14:03 UTC")
    expect(contract).to_contain_text("92")
    expect(page.get_by_text("We answer by Friday")).to_be_visible()
    assert page.evaluate("window.notReloaded") is True


def test_what_an_agent_is_typing_survives_the_live_update(page: Page, sandbox: Sandbox) -> None:
    raise_by_clicking(page, sandbox, "Stops")
    page.goto(f"{sandbox.url}/agent/SUP-1")
    page.get_by_label("Comment").fill("Half a sente")
    jira = sandbox.jira
    jira.comment(jira.issue("SUP-1"), sandbox.site.person(PLUGIN), "Meanwhile", public=False)

    expect(page.get_by_text("Meanwhile")).to_be_visible()
    expect(page.get_by_label("Comment")).to_have_value("Half a sente")


def test_the_agent_resolves_and_the_customer_sees_it(page: Page, browser: Browser, sandbox: Sandbox) -> None:
    raise_by_clicking(page, sandbox, "Stops")
    agent = browser.new_page()
    agent.goto(f"{sandbox.url}/agent/SUP-1")
    agent.get_by_label("Resolution").select_option("Product defect")
    agent.get_by_role("button", name="Resolve this issue").click()
    expect(agent.get_by_role("button", name="Reopen")).to_be_visible()
    agent.close()

    expect(page.locator("[data-live=status]")).to_have_text("Resolved Product defect")


def test_what_the_agent_has_chosen_stays_chosen_while_the_page_updates_itself(
    page: Page, browser: Browser, sandbox: Sandbox
) -> None:
    raise_by_clicking(page, sandbox, "Stops")
    page.goto(f"{sandbox.url}/agent/SUP-1")
    page.get_by_label("Resolution").select_option("Product defect")
    page.get_by_label("Resolution").focus()
    other = browser.new_page()
    other.goto(f"{sandbox.url}/agent/SUP-1")
    other.get_by_role("button", name="Respond to customer").click()
    other.close()
    expect(page.locator("[data-live=status]")).to_have_text("Waiting for customer")
    expect(page.get_by_label("Resolution").locator("option:checked")).to_have_text("Product defect")
    expect(page.get_by_label("Resolution")).to_be_focused()


def test_the_agent_books_an_appointment_and_takes_it_back(page: Page, sandbox: Sandbox) -> None:
    raise_by_clicking(page, sandbox, "Stops")
    page.goto(f"{sandbox.url}/agent/SUP-1")
    contract = page.locator("[data-live=contract]")
    page.get_by_text("Change", exact=True).click()
    page.get_by_label("Appointment from").fill("2026-11-21T09:00")
    page.get_by_label("Appointment until").fill("2026-11-21T13:00")
    page.get_by_role("button", name="Save").click()
    expect(contract).to_contain_text("Sat 21 Nov 2026, 09:00 UTC")
    expect(contract).to_contain_text("Sat 21 Nov 2026, 13:00 UTC")

    page.get_by_text("Change", exact=True).click()
    expect(page.get_by_label("Appointment from")).to_have_value("2026-11-21T09:00")
    page.get_by_label("Appointment from").fill("")
    page.get_by_label("Appointment until").fill("")
    page.get_by_role("button", name="Save").click()
    expect(contract).not_to_contain_text("21 Nov")
    issue = sandbox.jira.issue("SUP-1")
    assert [issue.values[sandbox.site.field(name).id] for name in ("Appointment from", "Appointment until")] == [
        None
    ] * 2


def test_the_queue_shows_a_new_request_without_a_reload(page: Page, sandbox: Sandbox) -> None:
    page.goto(f"{sandbox.url}/agent")
    expect(page.get_by_text("No requests yet.")).to_be_visible()
    mira = sandbox.site.person("mira.castellan@aurora-robotics.example")
    sandbox.jira.create(mira, mira, sandbox.site.request_types["1"], {"summary": "Stops"})

    expect(page.get_by_role("link", name="SUP-1 Stops")).to_be_visible()


def test_a_person_is_told_when_the_sandbox_is_gone(page: Page) -> None:
    with running_sandbox() as sandbox:
        page.goto(f"{sandbox.url}/agent")
        expect(page.get_by_text("No requests yet.")).to_be_visible()

    expect(page.get_by_text("The sandbox does not answer.")).to_be_visible()
