"""Signing in by OpenID Connect: the provider says who somebody is, the settings say what that makes of them.

Authlib does the road: state, nonce and PKCE, the provider's keys, the signature and the claims of the ID token
(https://openid.net/specs/openid-connect-core-1_0.html, 3.1).
"""

from collections.abc import Mapping
from typing import Any, Final

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from plugin.settings import OpenId
from plugin.store.people import Role
from webhooks.admin.desk import Desk
from webhooks.admin.gate import EVERYBODY, open_to
from webhooks.admin.language import _
from webhooks.admin.page import render
from webhooks.admin.signin import begin

log = structlog.get_logger(__name__)

_TROUBLES: Final = (requests.RequestException, AuthlibBaseError, JoseError, ValueError)
"""Whatever is wrong with what the provider answers, or that it does not."""


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views, where the settings name a provider."""
    access = desk.settings.openid()
    if access is None:
        return
    oauth = OAuth()
    pages.record_once(lambda state: oauth.init_app(state.app))
    oauth.register(
        "provider",
        client_id=access.client,
        client_secret=access.secret.get_secret_value(),
        server_metadata_url=f"{access.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": access.scopes, "code_challenge_method": "S256"},
    )

    def back() -> str:
        path = url_for("admin.openid_back")
        return (
            f"{desk.settings.public_url}{path}"
            if desk.settings.public_url
            else url_for("admin.openid_back", _external=True)
        )

    def refused(sentence: str, status: int) -> ResponseReturnValue:
        return render("problem", sentence=sentence), status

    @pages.get("/openid")
    @open_to(EVERYBODY)
    def openid() -> ResponseReturnValue:
        try:
            answer: ResponseReturnValue = oauth.provider.authorize_redirect(back())
        except _TROUBLES as trouble:
            log.error("sign-in by OpenID Connect failed", reason=str(trouble))
            return refused(_("Your organization's sign-in does not answer. The log says why."), 502)
        return answer

    @pages.get("/openid/back")
    @open_to(EVERYBODY)
    def openid_back() -> ResponseReturnValue:
        try:
            claims: Mapping[str, Any] = oauth.provider.authorize_access_token()["userinfo"]
        except (*_TROUBLES, KeyError) as trouble:
            log.warning("sign-in by OpenID Connect failed", reason=str(trouble))
            return refused(_("Your organization did not sign you in. Try again."), 403)
        role = role_of(claims, access)
        if role is None:
            log.warning("sign-in by OpenID Connect refused", person=name_of(claims))
            return refused(_("You are known, but nobody has given you access to these pages."), 403)
        begin(desk, name_of(claims), role)
        return redirect(url_for("admin.now"))


def role_of(claims: Mapping[str, Any], access: OpenId) -> Role | None:
    """What the provider's claims make of somebody: the higher of their roles, None where they have none.

    An e-mail address counts only where the provider has made sure that it is theirs.
    """
    groups = claims.get(access.groups_claim)
    theirs = {groups} if isinstance(groups, str) else {each for each in groups or () if isinstance(each, str)}
    email = (_email(claims) or "").casefold()
    for role, granted in ((Role.ADMIN, access.admins), (Role.VIEWER, access.viewers)):
        # Addresses are written in any case; groups are what they are.
        if theirs & granted or any("@" in each and each.casefold() == email for each in granted):
            return role
    return None


def name_of(claims: Mapping[str, Any]) -> str:
    """Under which name somebody is written down: their address if it is sure, else what the provider knows them by."""
    if email := _email(claims):
        return email
    said = claims.get("preferred_username") or claims.get("name")
    return f"{said} ({claims['sub']})" if said else str(claims["sub"])


def _email(claims: Mapping[str, Any]) -> str | None:
    email = claims.get("email")
    return email if isinstance(email, str) and claims.get("email_verified") is True else None
