"""What goes wrong with one thing that is to be written, and must not keep the others unwritten."""

from collections.abc import Iterator
from contextlib import contextmanager

from plugin.jira.errors import JiraHitch, JiraRefused


class NotKept(Exception):
    """Somebody changes back what we write, or Jira does not keep it: writing it once more would not end it."""


class Troubles:
    """The troubles of one look with one request, told together once everything else was done.

    Only what is this request's own: where Jira is away or wants a pause, it makes no sense to go on.
    """

    def __init__(self) -> None:
        self._met: list[JiraRefused | JiraHitch | NotKept] = []

    def __bool__(self) -> bool:
        return bool(self._met)

    def add(self, trouble: JiraRefused | JiraHitch | NotKept) -> None:
        """Remember a trouble."""
        self._met.append(trouble)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Let what goes wrong in this block not end the look."""
        try:
            yield
        except (JiraRefused, JiraHitch, NotKept) as trouble:
            self.add(trouble)

    def tell(self) -> None:
        """Raise them as one, if there are any.

        Raises:
            NotKept: when one of them is: then trying everything again is no use.
            JiraHitch: else, when one of them is.
            JiraRefused: else.
        """
        if not self._met:
            return
        told = " ".join(dict.fromkeys(map(str, self._met)))
        hitches = [each for each in self._met if isinstance(each, JiraHitch)]
        if any(isinstance(each, NotKept) for each in self._met):
            raise NotKept(told)
        if hitches:
            raise JiraHitch(told, max((each.retry_at for each in hitches if each.retry_at), default=None))
        raise JiraRefused(told)
