"""A sandbox in each of its guises for clients that were written for a Jira, and know nothing of us."""

from collections.abc import Iterator

import pytest

from plugin.sandbox import Guise, Sandbox, running_sandbox, seed
from tests.openapi import validate_response
from tests.wire.documents import FOLDER
from tests.wire.undocumented import has_page

AGENT, MIRA, NORA, INES = (
    "sam.okafor@vendor.example",
    "mira.castellan@aurora-robotics.example",
    "nora.quist@vendor.example",
    "ines.falk@vendor.example",
)


@pytest.fixture(params=list(Guise))
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Afterwards every answer that was given is held against Jira's documents, where they are at hand."""
    with running_sandbox(seed(Guise(request.param))) as running:
        yield running
    for each in running.traffic.all() if FOLDER.is_dir() else ():
        if not has_page(each.method, each.path):
            told = {"Content-Type": each.answer_type}
            validate_response(each.method, each.path, each.status, told, each.answer, cloud=running.site.cloud)


def known_as(sandbox: Sandbox, email: str) -> str:
    """How this kind of Jira names somebody."""
    person = sandbox.site.person(email)
    return person.account_id if sandbox.site.cloud else person.username
