"""How service accounts reach a Cloud site: through Atlassian's gateway, with OAuth 2.0 by a token for an hour.

https://support.atlassian.com/user-management/docs/create-oauth-2-0-credential-for-service-accounts/
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import requests
from requests.auth import AuthBase

from plugin.jira.errors import JiraBusy, JiraLockedOut, JiraUnavailable

TOO_OLD: Final = timedelta(minutes=5)
"""How long before its end a token is replaced: clocks differ, and a request may be under way for long."""

_NO_CLIENT: Final = (
    "This client is not known there: JIRA_CLIENT_ID or its secret in JIRA_TOKEN is not right, or the credential was "
    "revoked or has run out. Make a new OAuth 2.0 credential for the service account and set both."
)


class ClientCredentials(AuthBase):
    """Signs requests with a token that an OAuth 2.0 client gets for its id and secret, and gets anew in time.

    It may be shared by the clients of a process. `timeout` is the seconds to connect, and to wait for an answer.
    """

    def __init__(
        self, url: str, id: str, secret: str, clock: Callable[[], datetime], timeout: tuple[float, float]
    ) -> None:
        self._url = f"{url.rstrip('/')}/oauth/token"
        self._asked = {"grant_type": "client_credentials", "client_id": id, "client_secret": secret}
        self._clock, self._timeout = clock, timeout
        self._token: tuple[str, datetime] | None = None
        self._lock = threading.Lock()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the token into the request. Raises what `token` raises."""
        request.headers["Authorization"] = f"Bearer {self.token()}"
        return request

    def token(self) -> str:
        """A token that is good for minutes still.

        Raises:
            JiraLockedOut: where Atlassian does not know the client.
            JiraBusy: where it asks for a pause.
            JiraUnavailable: where it does not answer.
        """
        with self._lock:
            if self._token is None or self._clock() >= self._token[1] - TOO_OLD:
                self._token = self._granted()
            return self._token[0]

    def forget(self) -> None:
        """The token is no good any more: the next request is to get another."""
        with self._lock:
            self._token = None

    def _granted(self) -> tuple[str, datetime]:
        now = self._clock()
        try:
            answer = requests.post(self._url, json=self._asked, timeout=self._timeout, allow_redirects=False)
        except requests.exceptions.RequestException as error:
            # From None: what the library says of it, and its frames, hold the secret.
            raise JiraUnavailable(f"{self._url} gave no token ({type(error).__name__}).") from None
        said = f"{self._url} answered with {answer.status_code}."
        if answer.status_code in (400, 401, 403):
            raise JiraLockedOut(f"{said} {_NO_CLIENT}")
        if answer.status_code == 429:
            raise JiraBusy(said)
        told = _object(answer)
        token, seconds = told.get("access_token"), told.get("expires_in")
        if answer.status_code != 200 or not isinstance(token, str) or not isinstance(seconds, int):
            raise JiraUnavailable(f"{said} That is no token; expected one. Is JIRA_AUTH_URL right?")
        return token, now + timedelta(seconds=seconds)


def through(gateway: str, site: str, timeout: tuple[float, float]) -> str:
    """Where the gateway has a site, which tells its id to anybody: `GET /_edge/tenant_info`.

    Raises:
        JiraUnavailable: where the site does not tell it.
    """
    page = f"{site}/_edge/tenant_info"
    try:
        answer = requests.get(page, timeout=timeout, allow_redirects=False)
    except requests.exceptions.RequestException as error:
        raise JiraUnavailable(f"{page} did not answer ({type(error).__name__}).") from None
    id = _object(answer).get("cloudId")
    if not isinstance(id, str) or not id:
        raise JiraUnavailable(
            f"{page} answered with {answer.status_code} and no cloudId: is JIRA_URL the address of a Cloud site, such "
            "as https://your-site.atlassian.net?"
        )
    return f"{gateway.rstrip('/')}/ex/jira/{id}"


def _object(answer: requests.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
