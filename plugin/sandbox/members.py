"""Who belongs to which organization, and which of these the service desk serves. Thread-safe."""

import threading
from collections.abc import Iterable

from plugin.sandbox.site import Organization, Person, Site


class Members:
    """The customers of each organization of `site`: at first as their accounts say, then as agents change it.

    `served` are the ids of the organizations of the one service desk.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.Lock()
        self.served = set(site.organizations)
        self._of = {id: [one for one in site.people if id in one.organizations] for id in site.organizations}

    def people(self, organization: int) -> list[Person]:
        """The members of an organization, by its id; nobody where there is none."""
        with self._lock:
            return list(self._of.get(organization, ()))

    def organizations(self, person: Person) -> tuple[int, ...]:
        """The ids of the organizations that somebody belongs to."""
        with self._lock:
            return tuple(id for id, people in self._of.items() if person in people and id in self._site.organizations)

    def add(self, organization: int, people: Iterable[Person]) -> None:
        """Let people in; who is in already is so still."""
        with self._lock:
            members = self._of.setdefault(organization, [])
            members += [one for one in people if one not in members]

    def remove(self, organization: int, people: Iterable[Person]) -> None:
        """Let people go."""
        gone = list(people)
        with self._lock:
            self._of[organization] = [one for one in self._of.get(organization, ()) if one not in gone]

    def found(self, name: str) -> Organization:
        """Make an organization without members."""
        with self._lock:
            made = Organization(max(self._site.organizations, default=0) + 1, name)
            self._site.organizations[made.id], self._of[made.id] = made, []
            self.served.discard(made.id)
            return made
