"""A small OpenID Connect provider over HTTP: it signs in whoever it is told to, and checks what it is asked."""

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from wsgiref.simple_server import WSGIRequestHandler, make_server

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "support-contract", "between-the-two-of-us"
LOGOUT = {"http://schemas.openid.net/event/backchannel-logout": {}}


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


class Provider:
    """Who signs in is `claims`; `tampered` claims are put into the token last, with whatever signature `key` makes."""

    def __init__(self) -> None:
        self.url = ""
        self.signed_out: list[dict[str, str]] = []
        """What each browser that was led to the sign-out came with."""
        self._first = new_key("one")
        self.reset()

    def reset(self) -> None:
        """Be as at the start."""
        self.claims: dict[str, Any] = {}
        self.tampered: dict[str, Any] = {}
        self.key = self._published = self._first
        self.ends_sessions, self.is_down, self.refuses = True, False, ""
        self.signed_out.clear()
        self._codes: dict[str, dict[str, str]] = {}

    def signs_with_another_key(self) -> None:
        """As somebody would who is not the provider."""
        self.key = new_key("one")

    def has_new_keys(self) -> None:
        """It signs with a new key, and does not publish the old one any more."""
        self.key = self._published = new_key("two")

    def signed(self, **claims: Any) -> str:
        """A token of the provider's, for this client, of this minute, unless `claims` say otherwise."""
        now = int(time.time())
        known = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, **claims}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, known, self.key)

    def app(self) -> Flask:
        app = Flask(__name__)
        app.before_request(lambda: ("Away.", 503) if self.is_down else None)
        app.add_url_rule("/.well-known/openid-configuration", view_func=self._configuration)
        app.add_url_rule("/authorize", view_func=self._authorize)
        app.add_url_rule("/token", view_func=self._token, methods=["POST"])
        app.add_url_rule("/keys", view_func=self._keys)
        app.add_url_rule("/end", view_func=self._end)
        return app

    def _configuration(self) -> Response:
        ends = {"end_session_endpoint": f"{self.url}/end"} if self.ends_sessions else {}
        return jsonify(
            **ends,
            issuer=self.url,
            authorization_endpoint=f"{self.url}/authorize",
            token_endpoint=f"{self.url}/token",
            jwks_uri=f"{self.url}/keys",
            id_token_signing_alg_values_supported=["RS256"],
            response_types_supported=["code"],
            subject_types_supported=["public"],
            code_challenge_methods_supported=["S256"],
        )

    def _authorize(self) -> Response:
        asked = request.args.to_dict()
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        given = {"error": self.refuses} if self.refuses else {"code": code}
        answer = redirect(f"{asked['redirect_uri']}?{urlencode({**given, 'state': asked['state']})}")
        assert isinstance(answer, Response)
        return answer

    def _token(self) -> Response:
        user, _, password = base64.b64decode(request.headers["Authorization"].split()[1]).decode().partition(":")
        asked = self._codes.pop(request.form["code"])
        challenge = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(challenge).decode().rstrip("=") == asked["code_challenge"]
        assert (user, password) == (CLIENT, SECRET)
        assert request.form["redirect_uri"] == asked["redirect_uri"]
        token = self.signed(**{"nonce": asked["nonce"], **self.claims, **self.tampered})
        return jsonify(access_token="opaque", token_type="Bearer", expires_in=60, id_token=token)

    def _keys(self) -> Response:
        return jsonify(keys=[self._published.as_dict(private=False)])

    def _end(self) -> Response:
        """Sign out as the specification of it has it (2): by a token of ours, back to an address that is known."""
        asked = request.args.to_dict()
        claims = jwt.decode(asked["id_token_hint"], self._published).claims
        assert claims["aud"] == asked["client_id"] == CLIENT
        self.signed_out.append({"sub": claims["sub"], **asked})
        answer = redirect(f"{asked['post_logout_redirect_uri']}?{urlencode({'state': asked['state']})}")
        assert isinstance(answer, Response)
        return answer


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider on a free port of 127.0.0.1 until the block ends."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider.app(), handler_class=_Quiet)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
