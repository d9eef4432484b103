"""The first page: what needs a person, the queue, the last requests."""

from tests.webhooks.admin.conftest import Office


def test_an_empty_installation_is_calm(office: Office) -> None:
    page = office.signed_in().get("/admin/now")
    assert page.status_code == 200
    assert "Nothing. Every request was worked" in page.text
    assert "None yet." in page.text
