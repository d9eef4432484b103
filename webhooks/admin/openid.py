"""Signing in by OpenID Connect, and out again: the provider says who somebody is, the settings what that makes of them.

Authlib does the road in: state, nonce and PKCE, the provider's keys, the signature and the claims of the ID token
(https://openid.net/specs/openid-connect-core-1_0.html, 3.1). There are two roads out: whoever signs out here is led to
the provider's own sign-out (https://openid.net/specs/openid-connect-rpinitiated-1_0.html), and where they sign out
there, the provider tells us (https://openid.net/specs/openid-connect-backchannel-1_0.html).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client.errors import MismatchingStateError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.errors import ClaimError, InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from plugin.settings import OpenId
from plugin.store import people
from plugin.store.people import OpenIdLogin
from webhooks.admin.desk import Desk
from webhooks.admin.gate import EVERYBODY, PROVIDER, open_to
from webhooks.admin.language import _
from webhooks.admin.page import render
from webhooks.admin.roles import granted, name_of
from webhooks.admin.signin import begin, next_page
from webhooks.admin.tries import Tries

log = structlog.get_logger(__name__)

SECONDS: Final = (5, 10)
"""How long the provider may take to take a call, and to answer it."""

SKEW: Final = 120
"""Seconds that its clock and ours may differ."""

_LOGOUT: Final = "http://schemas.openid.net/event/backchannel-logout"
_STATE: Final = "_state_provider_"
"""What Authlib calls in the cookie each sign-in that was begun."""
_BEGUN: Final = 3
_NEXT: Final = "next"

_TROUBLES: Final = (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError)
"""Whatever is wrong with what the provider answers."""


def add(pages: Blueprint, desk: Desk, tries: Tries, access: OpenId) -> Callable[[str], str | None]:
    """Add the views.

    Returns a function: an ID token -> where the provider ends the session that it is of, None where it does not.
    """
    oauth = OAuth()
    pages.record_once(lambda state: oauth.init_app(state.app))
    oauth.register(
        "provider",
        client_id=access.client,
        client_secret=access.secret.get_secret_value(),
        server_metadata_url=f"{access.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": access.scopes, "code_challenge_method": "S256", "default_timeout": SECONDS},
    )

    def ours(endpoint: str) -> str:
        if desk.settings.public_url:
            return f"{desk.settings.public_url}{url_for(endpoint)}"
        return url_for(endpoint, _external=True)

    def refused(sentence: str, status: int, trouble: Exception) -> ResponseReturnValue:
        log.warning("sign-in by OpenID Connect failed", reason=f"{type(trouble).__name__}: {trouble}")
        return render("problem", sentence=sentence), status

    def silent(trouble: Exception) -> ResponseReturnValue:
        return refused(_("Your organization's sign-in does not answer. The log says why."), 502, trouble)

    @pages.get("/openid")
    @open_to(EVERYBODY)
    def openid() -> ResponseReturnValue:
        # A cookie holds only so much, and what was begun and left is of no use.
        for begun in sorted((each for each in session if each.startswith(_STATE)), key=_expires)[:-_BEGUN]:
            session.pop(begun)
        session[_NEXT] = next_page()
        try:
            answer: ResponseReturnValue = oauth.provider.authorize_redirect(ours("admin.openid_back"))
        except (requests.RequestException, *_TROUBLES) as trouble:
            return silent(trouble)
        return answer

    @pages.get("/openid/back")
    @open_to(EVERYBODY)
    def openid_back() -> ResponseReturnValue:
        try:
            answer = oauth.provider.authorize_access_token(claims_options=for_us(), leeway=SKEW)
            claims: Mapping[str, Any] = answer["userinfo"]
        except requests.RequestException as trouble:
            return silent(trouble)
        except MismatchingStateError as trouble:
            sentence = _("This sign-in was begun in another browser, or too long ago. Begin it again.")
            return refused(sentence, 403, trouble)
        except ClaimError as trouble:
            sentence = _(
                "What your organization's sign-in answered is not for us, or not of now. If it stays so, the clocks "
                "of both machines have to be looked at. The log says more."
            )
            return refused(sentence, 403, trouble)
        except _TROUBLES as trouble:
            return refused(_("Your organization did not sign you in. The log says why."), 403, trouble)
        found = granted(claims, access)
        if found is None:
            log.warning("sign-in by OpenID Connect refused", person=name_of(claims))
            sentence = _(
                "You are signed in as %(name)s, but nobody has given you access to these pages. Whoever runs them "
                "does that, by your group or your address.",
                name=name_of(claims),
            )
            return render("problem", sentence=sentence), 403
        sid, wanted_page = claims.get("sid"), session.get(_NEXT)
        login = OpenIdLogin(
            str(claims["sub"]), found.claim, sid if isinstance(sid, str) else None, str(answer["id_token"])
        )
        begin(desk, name_of(claims), found.role, login)
        return redirect(wanted_page or url_for("admin.now"))

    @pages.post("/openid/ended")
    @open_to(PROVIDER)
    def openid_ended() -> ResponseReturnValue:
        """The provider says, by a token that it has signed, that somebody has signed out there."""
        counted = tries.logout()
        try:
            subject, sid = _ended(told(request.form["logout_token"]))
        except (requests.RequestException, *_TROUBLES) as trouble:
            log.warning("sign-out by OpenID Connect refused", reason=f"{type(trouble).__name__}: {trouble}")
            return jsonify(error="invalid_request"), 400
        tries.right(counted)
        with desk.store.writing() as tx:
            ended = people.sign_out_at_provider(tx, subject, sid)
        log.info("signed out by OpenID Connect", sessions=ended)
        return "", 200

    def told(token: str) -> Mapping[str, Any]:
        """What a token of the provider's says, if it is for us."""
        algorithms = oauth.provider.load_server_metadata().get("id_token_signing_alg_values_supported") or ["RS256"]
        try:
            read = jwt.decode(token, KeySet.import_key_set(oauth.provider.fetch_jwk_set()), algorithms)
        except InvalidKeyIdError:
            # It has new keys.
            read = jwt.decode(token, KeySet.import_key_set(oauth.provider.fetch_jwk_set(force=True)), algorithms)
        wanted = for_us() | {each: {"essential": True} for each in ("iat", "exp", "events")}
        jwt.JWTClaimsRegistry(None, SKEW, **wanted).validate(read.claims)
        return read.claims

    def for_us() -> dict[str, Any]:
        issuer = oauth.provider.load_server_metadata()["issuer"]
        return {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": access.client}}

    def goodbye(token: str) -> str | None:
        try:
            if not oauth.provider.load_server_metadata().get("end_session_endpoint"):
                return None
            leads = oauth.provider.create_logout_url(ours("admin.sign_in"), token, client_id=access.client)
        except (requests.RequestException, *_TROUBLES) as trouble:
            log.warning("sign-out by OpenID Connect failed", reason=f"{type(trouble).__name__}: {trouble}")
            return None
        return str(leads["url"])

    return goodbye


def _ended(claims: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Whose sessions, or which, a logout token says are over (2.6); raises `InvalidClaimError`."""
    subject, sid = claims.get("sub"), claims.get("sid")
    # With a nonce it would be an ID token, which says that somebody is there.
    if not isinstance(claims["events"], dict) or _LOGOUT not in claims["events"] or "nonce" in claims:
        raise InvalidClaimError("events")
    if not all(isinstance(each, str | None) for each in (subject, sid)) or not (subject or sid):
        raise InvalidClaimError("sub")
    return subject, sid


def _expires(begun: str) -> float:
    return float(session[begun]["exp"])
