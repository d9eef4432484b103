"""Settings: the environment, read once at the edge.

Nothing else in the house looks at environment variables. Secrets are kept as `SecretStr`, so that no log line and no
traceback shows them.
"""

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Flavour = Literal["cloud", "datacenter", "auto"]
Secrets = Annotated[tuple[SecretStr, ...], NoDecode]
Names = Annotated[tuple[str, ...], NoDecode]
Network = IPv4Network | IPv6Network
Proxies = int | tuple[Network, ...]
"""How many proxies of ours stand before us, or from which networks they ask; none by default."""

_GATEWAY = "https://api.atlassian.com"
HOW_TO_MAKE_ONE = 'python3 -c "import secrets; print(secrets.token_hex(32))"'

# What a variable is for, said when its value is wrong: the reader has the variable before them, not this file.
_EXPECTED = {
    "JIRA_URL": "the address of your Jira, such as https://your-site.atlassian.net, without user and password",
    "JIRA_GATEWAY": "https://api.atlassian.com, the address through which service accounts reach their sites",
    "JIRA_AUTH_URL": "https://auth.atlassian.com, the address that gives OAuth 2.0 clients their tokens",
    "PUBLIC_URL": "the address under which Jira reaches this service, such as https://support.your-company.example",
    "JIRA_FLAVOUR": "cloud, datacenter or auto",
    "JIRA_REQUESTS_PER_SECOND": "a whole number from 1 on: how many requests a second this process may send to Jira",
    "WEBHOOK_SECRETS": "the secrets of your Jira webhook, separated by commas (several while you rotate them)",
    "WEBHOOK_HEADER_SECRETS": "the values that your automation rules send in the header, separated by commas",
    "WEBHOOK_HEADER": "the name of an HTTP header: letters, digits and dashes",
    "DATABASE_URL": "sqlite:///path/to/file.sqlite3 or postgresql://user:password@host/database",
    "NEW_DATABASE_URL": "where to move to: postgresql://user:password@host/database",
    "MAPPINGS_DIR": "the folder with your mapping files",
    "HOST": "the address to listen on, such as 127.0.0.1",
    "PORT": "a whole number from 0 to 65535 (0 takes a free port)",
    "TRUSTED_PROXIES": "how many proxies pass requests on to this service one after the other (1), or their addresses "
    "and networks, separated by commas (10.0.0.0/8, 192.0.2.7)",
    "METRICS_PORT": "a whole number from 0 to 65535 (0 takes a free port): where a worker tells how it is",
    "WORKERS": "a whole number from 1 to 64: threads that look at requests",
    "MAX_BODY_BYTES": "a whole number from 1024 to 67108864: the largest webhook that is taken, in bytes",
    "MIN_FREE_MB": "a whole number, at least 0: megabytes that stay free beside a SQLite file; below, webhooks get 503",
    "LEASE_SECONDS": "a whole number, at least 1: how long a worker may hold a request before another takes over",
    "MAX_ATTEMPTS": "a whole number, at least 1: failures in a row before a request is parked",
    "RECONCILE_SECONDS": "a whole number, at least 1: seconds between two looks at every open request",
    "HISTORY_DAYS": "a whole number, at least 0: days that decisions on requests which are done are kept (0: for ever)",
    "LOG_FORMAT": "auto, console or json",
    "ADMIN_PAGES": "auto (only for browsers on this machine), on or off",
    "RECEIPT_LINK_DAYS": "a whole number from 0 to 3650: days for which a link in a note opens a receipt (0: no links)",
    "OIDC_ISSUER": "the address of your OpenID Connect provider, such as https://login.your-company.example",
    "OIDC_SCOPES": "scopes separated by blanks, openid among them",
    "OIDC_GROUPS_CLAIM": "the name of the claim that lists somebody's groups",
}


class SettingsError(Exception):
    """The environment does not hold what is needed; the text names each variable and says what to do."""


class JiraAccess(BaseModel):
    """Where Jira is and who we are there; complete, or it does not exist."""

    model_config = ConfigDict(frozen=True)

    url: str
    email: str | None
    token: SecretStr
    flavour: Literal["cloud", "datacenter"]
    client: str | None = None
    """The id of an OAuth 2.0 client, whose secret `token` then is; it gets its tokens at `auth_url`."""
    auth_url: str = "https://auth.atlassian.com"
    gateway: str | None = None
    """Where the site is reached, if not at its own address."""


class OpenId(BaseModel):
    """Who says who somebody is, and what their groups or addresses may."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    client: str
    secret: SecretStr
    scopes: str
    groups_claim: str
    admins: frozenset[str]
    viewers: frozenset[str]


class Settings(BaseSettings):
    """Everything that an installation says through its environment; immutable once read.

    Use `read_settings()` to build it: it turns every complaint into a sentence that names the variable. Durations
    are whole seconds. An empty variable counts as not set.
    """

    model_config = SettingsConfigDict(
        frozen=True, env_ignore_empty=True, extra="ignore", hide_input_in_errors=True, str_strip_whitespace=True
    )

    jira_url: str | None = None
    jira_email: str | None = None
    jira_token: SecretStr | None = None
    jira_client_id: str | None = None
    jira_gateway: str | None = None
    jira_auth_url: str = "https://auth.atlassian.com"
    jira_flavour: Flavour = "auto"
    jira_requests_per_second: Annotated[int, Field(ge=1)] = 50
    webhook_secrets: Secrets = ()
    webhook_header_secrets: Secrets = ()
    webhook_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")] = "X-Support-Contract-Secret"
    # A SecretStr because a PostgreSQL address usually holds a password.
    database_url: SecretStr = SecretStr("sqlite:///support-contract.sqlite3")
    new_database_url: SecretStr | None = None
    mappings_dir: str = "./mappings"
    public_url: str | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    trusted_proxies: Annotated[Proxies, NoDecode] = ()
    metrics_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    max_body_bytes: Annotated[int, Field(ge=1024, le=64 * 1024 * 1024)] = 1024 * 1024
    min_free_mb: Annotated[int, Field(ge=0)] = 200
    lease_seconds: Annotated[int, Field(ge=1)] = 60
    max_attempts: Annotated[int, Field(ge=1)] = 8
    reconcile_seconds: Annotated[int, Field(ge=1)] = 900
    history_days: Annotated[int, Field(ge=0)] = 1095
    log_format: Literal["auto", "console", "json"] = "auto"
    admin_pages: Literal["auto", "on", "off"] = "auto"
    receipt_link_days: Annotated[int, Field(ge=0, le=3650)] = 30
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_scopes: Annotated[str, Field(pattern=r"(^| )openid( |$)")] = "openid email profile"
    oidc_groups_claim: Annotated[str, Field(min_length=1)] = "groups"
    oidc_admins: Names = ()
    oidc_viewers: Names = ()

    @field_validator("webhook_secrets", "webhook_header_secrets", "oidc_admins", "oidc_viewers", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        # An empty entry ("a,,b") must never become a secret: anybody could sign with it.
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _proxies(cls, value: Any) -> Any:
        if isinstance(value, str):
            return int(value) if value.isdecimal() else tuple(ip_network(each.strip()) for each in value.split(","))
        return value

    @field_validator("jira_url", "jira_gateway", "jira_auth_url", "public_url", "oidc_issuer")
    @classmethod
    def _plain_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query:
            raise ValueError("not an address")
        return value.rstrip("/")

    @property
    def listens_here_only(self) -> bool:
        """Is HOST an address of this machine that no other can reach?"""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def serves_admin_pages(self) -> bool:
        """Are there pages under /admin? `auto`: where HOST is an address of this machine alone."""
        return self.admin_pages == "on" or (self.admin_pages == "auto" and self.listens_here_only)

    def admin_address(self, port: int) -> str:
        """Where the admin's pages are, with a stroke at the end: at PUBLIC_URL only where others may come to them."""
        from_afar = self.public_url if self.admin_pages == "on" else None
        return f"{from_afar or f'http://{self.host}:{port}'}/admin/"

    def openid(self) -> OpenId | None:
        """How people sign in by OpenID Connect; None where nothing is said of it.

        Raises:
            SettingsError: where only a half of it is said.
        """
        wanted = {
            "OIDC_ISSUER": self.oidc_issuer,
            "OIDC_CLIENT_ID": self.oidc_client_id,
            "OIDC_CLIENT_SECRET": self.oidc_client_secret,
        }
        if not any(wanted.values()):
            return None
        missing = [name for name, value in wanted.items() if not value]
        if not self.oidc_admins and not self.oidc_viewers:
            missing.append("OIDC_ADMINS or OIDC_VIEWERS")
        if missing or self.oidc_issuer is None or self.oidc_client_id is None or self.oidc_client_secret is None:
            raise SettingsError(
                f"Nobody can sign in by OpenID Connect without {' and '.join(missing)}: OIDC_ISSUER, OIDC_CLIENT_ID "
                "and OIDC_CLIENT_SECRET come from your provider; OIDC_ADMINS and OIDC_VIEWERS name the groups (of the "
                f"claim {self.oidc_groups_claim!r}) or the e-mail addresses of those who may change, and of those who "
                "may look."
            )
        return OpenId(
            issuer=self.oidc_issuer,
            client=self.oidc_client_id,
            secret=self.oidc_client_secret,
            scopes=self.oidc_scopes,
            groups_claim=self.oidc_groups_claim,
            admins=frozenset(self.oidc_admins),
            viewers=frozenset(self.oidc_viewers),
        )

    def require_webhook_secret(self) -> None:
        """Refuse to go on when nothing could tell Jira from a stranger; raises `SettingsError`."""
        if not self.webhook_secrets and not self.webhook_header_secrets:
            raise SettingsError(
                "No webhook secret is set, so anybody could knock: set WEBHOOK_SECRETS to the secret of your Jira "
                "webhook (or WEBHOOK_HEADER_SECRETS for a JSM automation rule). "
                f"Make one with: {HOW_TO_MAKE_ONE}"
            )

    def require_jira(self) -> JiraAccess:
        """Return who we are in Jira; raises `SettingsError` that names every variable still missing.

        `auto` takes sites under atlassian.net and atlassian.com for Cloud (user and API token, or an OAuth 2.0
        client), all others for Data Center (personal access token, no user).
        """
        flavour = self.jira_flavour
        if flavour == "auto":
            host = urlsplit(self.jira_url or "").hostname or ""
            flavour = "cloud" if re.search(r"(^|\.)atlassian\.(net|com)$", host) else "datacenter"
        client = self.jira_client_id if flavour == "cloud" else None
        wanted = {"JIRA_URL": self.jira_url, "JIRA_TOKEN": self.jira_token}
        if flavour == "cloud" and not client:
            wanted["JIRA_EMAIL"] = self.jira_email
        missing = [name for name, value in wanted.items() if not value]
        if missing or self.jira_url is None or self.jira_token is None:
            raise SettingsError(
                f"Jira cannot be reached without {' and '.join(missing)}: set JIRA_URL to your site, JIRA_TOKEN to an "
                "API token (Cloud) or a personal access token (Data Center), and on Cloud JIRA_EMAIL to the address "
                "of the account that owns the token. With the OAuth 2.0 credential of a service account of Cloud, "
                "JIRA_CLIENT_ID is its id and JIRA_TOKEN its secret."
            )
        # A site whose address is the gateway's already needs no other.
        gateway = None if "/ex/jira/" in self.jira_url else self.jira_gateway or (_GATEWAY if client else None)
        return JiraAccess(
            url=self.jira_url,
            email=None if client else self.jira_email,
            token=self.jira_token,
            flavour=flavour,
            client=client,
            auth_url=self.jira_auth_url,
            gateway=gateway if flavour == "cloud" else None,
        )


def secrets_dir() -> Path | None:
    """The folder SECRETS_DIR, in which secrets stand in files and a new one may be put; None where none is set."""
    folder = os.environ.get("SECRETS_DIR")
    return Path(folder) if folder else None


def read_settings() -> Settings:
    """Read the environment; raises `SettingsError` with one sentence for each variable that is wrong.

    What the environment does not say may stand in files, one for each variable and named after it in small letters
    (`jira_token`), in the folder SECRETS_DIR; where systemd hands over credentials, in the folder that it names.
    """
    folder = secrets_folder()
    if folder and not folder.is_dir():
        raise SettingsError(f"SECRETS_DIR is not right: there is no folder {folder}; expected one with files in it.")
    # pydantic-settings takes the folder as an argument that its types do not tell of.
    files: dict[str, Any] = {"_secrets_dir": folder}
    try:
        return Settings(**files)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(problem["loc"]) for problem in error.errors())) from None


def secrets_folder() -> Path | None:
    """The folder with secrets in files, if the environment names one."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return secrets_dir() or (Path(folder) if folder else None)


def _sentence(place: tuple[int | str, ...]) -> str:
    variable = str(place[0]).upper()
    # The value itself is left out: it may be, or hold, a secret.
    return f"{variable} is not right: expected {_EXPECTED.get(variable, 'text')}."
