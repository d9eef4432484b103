"""Signing in, choosing a language, getting about by keyboard, and a session that is over: as a person does it."""

from dataclasses import replace

from playwright.sync_api import Page, expect
from pydantic import SecretStr

from plugin.store import people
from plugin.store.people import Role
from tests.browser.admin.conftest import PHONE, Office, served
from tests.browser.admin.judged import judge
from tests.webhooks.admin.provider import CLIENT, SECRET, running_provider


def test_a_person_sets_a_password_signs_out_and_in_again(office: Office, stranger: Page) -> None:
    stranger.goto(office.link(Role.VIEWER, "Ida Brandt"))
    judge(stranger, "welcome")
    expect(stranger.get_by_label("Name")).to_have_value("Ida Brandt")
    stranger.get_by_label("Password", exact=True).fill("green boats on a lake")
    stranger.get_by_label("The same password again").fill("green boats on a lake")
    stranger.get_by_role("button", name="Set the password").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Now")
    stranger.get_by_role("button", name="Sign out").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Sign in")
    stranger.go_back()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Sign in")
    stranger.goto("/admin/changes")
    judge(stranger, "sign-in")
    stranger.get_by_label("Name").fill("Ida Brandt")
    stranger.get_by_label("Password").fill("green boats on a lake")
    stranger.get_by_label("Password").press("Enter")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Changes")


def test_the_pages_speak_german_once_somebody_says_so(office: Office, admin: Page) -> None:
    admin.goto(f"{office.url}/admin/requests/{office.keys['well']}")
    admin.get_by_role("button", name="Deutsch").click()
    expect(admin.get_by_role("heading", name="Was entschieden wurde, und warum")).to_be_visible()
    judge(admin, "request-de")
    admin.goto(f"{office.url}/admin/now")
    expect(admin.get_by_role("heading", level=1)).to_have_text("Jetzt")
    admin.get_by_role("button", name="English").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Now")


def test_the_keyboard_skips_what_is_the_same_on_every_page(office: Office, admin: Page) -> None:
    admin.set_viewport_size(PHONE)
    admin.goto(f"{office.url}/admin/now")
    admin.keyboard.press("Tab")
    expect(admin.get_by_role("link", name="Skip to the content")).to_be_focused()
    admin.keyboard.press("Enter")
    admin.keyboard.press("Tab")
    expect(admin.locator("main :focus")).to_have_count(1)


def test_a_page_whose_session_is_over_leads_to_the_sign_in(office: Office, stranger: Page) -> None:
    stranger.goto(office.link(Role.VIEWER, "Jon Holm"))
    stranger.get_by_label("Password", exact=True).fill("green boats on a lake")
    stranger.get_by_label("The same password again").fill("green boats on a lake")
    stranger.get_by_role("button", name="Set the password").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Now")
    with office.home.store.writing() as tx:
        people.sign_out_everywhere(tx, "Jon Holm")
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_person_signs_in_and_out_by_openid_connect_from_the_page_they_wanted(office: Office, stranger: Page) -> None:
    with running_provider() as provider:
        provider.claims = {"sub": "17", "preferred_username": "mia", "groups": ["support"]}
        settings = office.desk.settings.model_copy(
            update={
                "oidc_issuer": provider.url,
                "oidc_client_id": CLIENT,
                "oidc_client_secret": SecretStr(SECRET),
                "oidc_viewers": ("support",),
            }
        )
        desk = replace(office.desk, settings=settings)
        with served(settings, office.home, desk) as url:
            stranger.goto(f"{url}/admin/changes")
            judge(stranger, "sign-in-openid")
            stranger.get_by_role("link", name="Sign in with your organization").press("Enter")
            expect(stranger.get_by_role("heading", level=1)).to_have_text("Changes")
            stranger.get_by_role("button", name="Sign out").click()
            stranger.wait_for_url("**/admin/sign-in?state=*")
            assert [each["sub"] for each in provider.signed_out] == ["17"]
            provider.claims["groups"] = []
            # In a page of its own: of a refusal the browser complains.
            refused = stranger.context.new_page()
            refused.goto(f"{url}/admin/openid")
            expect(refused.locator("main")).to_contain_text("nobody has given you access")
            judge(refused, "no-access")
            refused.get_by_role("link", name="Back to the sign-in").click()
            expect(refused.get_by_role("heading", level=1)).to_have_text("Sign in")
            refused.close()
