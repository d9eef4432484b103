"""What an admin does on the pages, and a viewer cannot: by clicking, with Jira as the witness."""

from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import PHONE, Office


def test_a_new_request_appears_by_itself(office: Office, viewer: Page) -> None:
    viewer.goto(f"{office.url}/admin/now")
    viewer.evaluate("window.notReloaded = true")
    issue = office.home.raised()
    office.home.settle()
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
    home.settle()


def test_an_admin_invites_somebody_and_takes_it_back_after_being_asked(office: Office, admin: Page) -> None:
    asked: list[str] = []
    admin.goto(f"{office.url}/admin/people")
    admin.get_by_label("Name").fill("Mia Sand")
    admin.get_by_role("button", name="Make a link").click()
    expect(admin.get_by_role("status")).to_contain_text(f"{office.url}/admin/welcome/")
    admin.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    admin.get_by_role("button", name="Remove Tomas Berg").click()
    assert asked == ["Take away the password of Tomas Berg?"]
    expect(admin.get_by_role("button", name="Remove Tomas Berg")).to_be_visible()


def test_a_viewer_sees_what_an_admin_sees_and_no_button(office: Office, viewer: Page) -> None:
    viewer.goto(f"{office.url}/admin/requests/{office.keys['unclear']}")
    expect(viewer.get_by_role("heading", name="What was decided, and why")).to_be_visible()
    expect(viewer.get_by_text("Do something about it")).to_have_count(0)
    expect(viewer.get_by_role("link", name="People")).to_have_count(0)
