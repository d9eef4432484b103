"""What an admin does on the pages, and a viewer cannot: by clicking, with Jira as the witness."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from plugin.store import people
from plugin.store.people import Role
from tests.browser.admin.conftest import PHONE, Office
from tests.browser.admin.judged import judge
from tests.webhooks.admin.conftest import park


def test_a_new_request_appears_by_itself(office: Office, viewer: Page) -> None:
    viewer.clock.install()
    viewer.goto(f"{office.url}/admin/now")
    viewer.evaluate("window.notReloaded = true")
    issue = office.home.raised()
    office.home.settle()
    viewer.clock.run_for(6_000)
    expect(viewer.get_by_role("link", name=issue.key, exact=True).first).to_be_visible()
    assert viewer.evaluate("window.notReloaded") is True


def test_an_admin_overrules_the_contract_on_a_phone(office: Office, admin: Page) -> None:
    home, key = office.home, office.keys["too old"]
    issue = home.sandbox.jira.issue(key)
    admin.set_viewport_size(PHONE)
    admin.goto(f"{office.url}/admin/requests/{key}")
    admin.get_by_text("Overrule the contract").click()
    admin.get_by_label("It is to be").select_option("eligible")
    admin.get_by_label("Why", exact=True).fill("Promised <b>on the phone</b>")
    admin.get_by_role("button", name="Overrule", exact=True).click()
    expect(admin.get_by_role("status")).to_contain_text("It is overruled.")
    assert home.shows(issue, "Contract override reason") == "Promised <b>on the phone</b> (Nora Quist)"
    home.settle()
    admin.reload()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("eligible")
    expect(admin.get_by_text("Overruled by an agent: eligible instead of not eligible.").first).to_be_visible()
    admin.goto(f"{office.url}/admin/changes")
    expect(admin.get_by_role("row", name="request.override").first).to_contain_text("Promised <b>on the phone</b>")
    admin.go_back()
    admin.get_by_text("Overrule the contract").click()
    admin.get_by_role("button", name="Let the rules decide again").click()
    expect(admin.get_by_role("status")).to_contain_text("The rules decide again")
    assert home.shows(issue, "Contract override reason") is None
    home.settle()


def test_an_admin_books_an_appointment_and_sees_it_on_the_calendar(office: Office, admin: Page) -> None:
    home = office.home
    issue = home.raised()
    home.settle()
    admin.goto(f"{office.url}/admin/requests/{issue.key}")
    admin.get_by_text("Book an appointment").click()
    admin.get_by_label("From").fill("2026-11-21T09:00")
    admin.get_by_label("Until").fill("2026-11-21T13:00")
    admin.get_by_role("button", name="Book", exact=True).click()
    expect(admin.get_by_role("status")).to_contain_text("It is booked.")
    home.settle()
    admin.reload()
    expect(admin.locator("svg.strip rect.appointment")).to_have_count(1)
    admin.get_by_role("button", name="Look at it again").click()
    expect(admin.get_by_role("status")).to_contain_text("as soon as a worker is free")
    admin.get_by_text("Book an appointment").click()
    admin.get_by_role("button", name="Take the appointment back").click()
    expect(admin.get_by_role("status")).to_contain_text("It is not booked any more.")
    assert home.shows(issue, "Appointment from") is None
    home.settle()


def test_an_admin_puts_a_parked_request_aside_and_tries_it_again_by_keyboard(office: Office, admin: Page) -> None:
    issue = office.home.raised()
    office.home.settle()
    park(office.home, issue)
    admin.goto(f"{office.url}/admin/requests/{issue.key}")
    admin.get_by_label("Why it is to be left alone").focus()
    admin.keyboard.type("A test of ours")
    admin.keyboard.press("Tab")
    expect(admin.get_by_role("button", name="Leave it alone")).to_be_focused()
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("status")).to_contain_text("It is left alone")
    judge(admin, "request-put-aside")
    admin.get_by_role("button", name="Try again now").focus()
    admin.keyboard.press("Space")
    expect(admin.get_by_role("status")).to_contain_text("tried again as soon as")
    office.home.settle()


def test_of_two_admins_at_one_request_the_second_is_told(office: Office, admin: Page) -> None:
    issue = office.home.raised()
    office.home.settle()
    second = admin.context.new_page()
    for page in (second, admin):
        page.goto(f"{office.url}/admin/requests/{issue.key}")
        page.get_by_text("Overrule the contract").click()
        page.get_by_label("It is to be").select_option("on hold")
    admin.get_by_label("Why", exact=True).fill("Ask sales first")
    admin.get_by_role("button", name="Overrule", exact=True).click()
    expect(admin.get_by_role("status")).to_contain_text("It is overruled.")
    second.get_by_label("Why", exact=True).fill("Promised on the phone")
    second.get_by_label("Why", exact=True).press("Tab")
    second.keyboard.press("Enter")
    expect(second.get_by_role("alert")).to_contain_text("Nora Quist was faster")
    expect(second.get_by_label("Why", exact=True)).to_have_value("Promised on the phone")
    judge(second, "request-second")
    second.close()
    office.home.settle()


def test_an_admin_invites_somebody_and_takes_it_back_after_being_asked(office: Office, admin: Page) -> None:
    asked: list[str] = []
    admin.goto(f"{office.url}/admin/people")
    admin.get_by_label("Name").fill("Mia Sand")
    admin.get_by_role("button", name="Make a link").click()
    expect(admin.get_by_role("status")).to_contain_text(f"{office.url}/admin/welcome/")
    with office.home.store.writing() as tx:
        token = people.invite(tx, "Mia Sand", Role.VIEWER, "the test", office.home.clock())
        people.accept(tx, token, "", "hashed", office.home.clock())
        people.sign_in(tx, "Mia Sand", Role.VIEWER, office.home.clock())
    admin.goto(f"{office.url}/admin/people")
    admin.get_by_role("button", name="Make an admin Mia Sand").click()
    expect(admin.get_by_role("button", name="Make a viewer Mia Sand")).to_be_visible()
    admin.get_by_role("button", name="Sign out Mia Sand").click()
    expect(admin.get_by_role("button", name="Sign out Mia Sand")).to_have_count(0)
    admin.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    admin.get_by_role("button", name="Remove Mia Sand").click()
    assert asked == ["Take away the password of Mia Sand?"]
    admin.once("dialog", lambda dialog: dialog.accept())
    admin.get_by_role("button", name="Remove Mia Sand").press("Enter")
    expect(admin.get_by_role("button", name="Remove Mia Sand")).to_have_count(0)
    admin.get_by_label("Why no link is to work any more").fill("Somebody left")
    admin.get_by_role("button", name="Withdraw all links").click()
    expect(admin.get_by_role("status")).to_contain_text("No link that was made until now")


def test_a_viewer_ends_what_they_left_open_elsewhere(office: Office, viewer: Page) -> None:
    with office.home.store.writing() as tx:
        for minutes in range(3):
            at = office.home.clock() - timedelta(minutes=minutes)
            people.sign_in(tx, "Tomas Berg", Role.VIEWER, at, address="203.0.113.7")
    viewer.goto(f"{office.url}/admin/now")
    viewer.get_by_role("link", name="Tomas Berg").click()
    ends = viewer.get_by_role("button", name="Sign out there")
    expect(ends).to_have_count(3)
    judge(viewer, "sessions-several")
    ends.first.click()
    expect(ends).to_have_count(2)
    viewer.get_by_role("button", name="Sign out everywhere but here").press("Enter")
    expect(ends).to_have_count(0)
    expect(viewer.get_by_role("heading", level=1)).to_have_text("Where you are signed in")


def test_a_viewer_sees_what_an_admin_sees_and_no_button(office: Office, viewer: Page) -> None:
    viewer.goto(f"{office.url}/admin/requests/{office.keys['unclear']}")
    expect(viewer.get_by_role("heading", name="What was decided, and why")).to_be_visible()
    expect(viewer.get_by_text("Do something about it")).to_have_count(0)
    expect(viewer.get_by_role("link", name="People")).to_have_count(0)
