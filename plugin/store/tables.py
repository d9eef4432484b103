"""Tables: one schema for SQLite and for PostgreSQL.

A change here needs a migration beside it (`migrations/versions/`); a test compares the two on both databases.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    true,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on the way in (a naive one is refused with ValueError), UTC on the way out.

    SQLite keeps it as UTC text of fixed width, so that text order is time order.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Turn any aware time into UTC."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{value!r} has no time zone: give an aware datetime, such as datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Say UTC where the database left it out (SQLite)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Names for every constraint: SQLite alone would leave them nameless, and then no migration can alter them.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The inbox: one webhook as received.
deliveries = Table(
    "deliveries",
    metadata,
    Column("identity", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("request_key", Text),
    Column("received_at", UtcDateTime, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "request_id", "deleted"),
    Index(None, "received_at"),
)

# The queue: one request's place in it. A row without a lease waits until `due`; a closed door is no row. A parked one
# waits for a person, who may have discarded it (`discarded` says who, and why). One without knocks is a reminder.
doors = Table(
    "doors",
    metadata,
    Column("request_id", Text, primary_key=True),
    Column("request_key", Text),
    Column("due", UtcDateTime, nullable=False),
    Column("knocks", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("trouble", Text),
    Column("parked", Boolean, nullable=False),
    Column("worker", Text),
    Column("lease", Text),
    Column("leased_until", UtcDateTime),
    Column("discarded", Text),
    Index(None, "due"),
)

# What went wrong at a door, one row for each time: for whoever looks into one that is parked.
attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request_id", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("worker", Text),
    Column("trouble", Text, nullable=False),
    Index(None, "request_id", "at"),
    Index(None, "at"),
)

policies = Table(
    "policies",
    metadata,
    Column("revision", Text, primary_key=True),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("content", JSON, nullable=False),
)

# History; the newest (highest id) decision on a request is in force.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request_id", Text, nullable=False),
    Column("request_key", Text),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("revision", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("content", JSON, nullable=False),
    # What it was made from, to make it again under another policy; NULL where it was not kept yet.
    Column("inputs", JSON),
    Index(None, "request_id"),
    Index(None, "request_key"),
)

# One row a customer, locked while its ledger moves; `sequence` numbers the customer's entries.
accounts = Table(
    "accounts",
    metadata,
    Column("customer", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("booked_at", UtcDateTime, nullable=False),
    Column("effective", Date, nullable=False),
    Column("request_key", Text),
    Column("revision", Text, nullable=False),
    Column("memo", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    # Two writers that both think they hold the account cannot both book.
    UniqueConstraint("customer", "sequence"),
    Index(None, "customer", "matter"),
)

ledger_postings = Table(
    "ledger_postings",
    metadata,
    Column("entry_id", Integer, ForeignKey("ledger_entries.id"), nullable=False),
    Column("lot", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("units", Integer, nullable=False),
    Index(None, "entry_id"),
)

# Where each customer's units stand: the sums of all postings, kept with every booking, so that a look costs the same
# however much was ever booked.
ledger_places = Table(
    "ledger_places",
    metadata,
    Column("customer", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("lot", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("units", Integer, nullable=False),
)

replies = Table(
    "replies",
    metadata,
    Column("intent", Text, primary_key=True),
    Column("request_id", Text, nullable=False),
    Column("request_key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("body", Text, nullable=False),
    # Does the customer see it? Otherwise it is a note for agents.
    Column("public", Boolean, nullable=False, server_default=true()),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("comment_id", Text),
    UniqueConstraint("request_id", "cause"),
)

# A backfill that was ordered: over which requests (Jira's JQL), and on what terms it takes them up.
backfills = Table(
    "backfills",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("jql", Text, nullable=False),
    Column("charges", Boolean, nullable=False),
    Column("replies", Boolean, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)

# The requests that a running backfill goes through, in order. `takes_up`: on its terms; otherwise the request is
# served already, and is only looked at.
backfill_requests = Table(
    "backfill_requests",
    metadata,
    Column("backfill_id", Integer, ForeignKey("backfills.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("request_id", Text, nullable=False),
    Column("request_key", Text, nullable=False),
    Column("takes_up", Boolean, nullable=False),
    Column("done_at", UtcDateTime),
    Index(None, "request_id"),
)

# One row at most: until when nothing is missing, and what was found to be (`memory.py`).
memory = Table(
    "memory",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("known_until", UtcDateTime),
    Column("gap", Text),
)

# Whether the first response to each request was kept, by its newest decision: for reports over all of them. Kept when
# decisions go, since it names no person.
responses = Table(
    "responses",
    metadata,
    Column("request_id", Text, primary_key=True),
    Column("request_key", Text, nullable=False),
    Column("customer", Text),
    Column("tier", Text),
    Column("severity", Integer, nullable=False),
    Column("month", Text, nullable=False),
    Column("kept", Text, nullable=False),
    Column("due", UtcDateTime),
    Column("responded", UtcDateTime),
    # The reason why the request is not eligible ("" where none is told); NULL where it is.
    Column("refused", Text),
    # Since when it is on hold until an agent decides; NULL where it is not, or not any more.
    Column("held_since", UtcDateTime),
    # The product and the release line that the request names, as far as a rule recognised them.
    Column("product", Text),
    Column("line", Text),
    # Reports are read from these alone.
    Index(None, "month", "tier", "kept", "due"),
    Index(None, "month", "refused"),
    Index(None, "kept", "due"),
    Index(None, "customer", "month", "product", "line"),
    Index(None, "product", "line", "month", "customer"),
    Index(None, "held_since"),
)

# Who may use the admin's pages by a password of their own.
admin_people = Table(
    "admin_people",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
)

# A link with which somebody sets a password: their first (of a name of their own choice where `name` is NULL), or a new
# one. Kept as its digest: whoever reads the database cannot use it.
admin_invitations = Table(
    "admin_invitations",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("name", Text),
    Column("role", Text, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
)

# Who is signed in. `digest` is of what the browser holds; `address` and `agent`: from where it came, and what it called
# itself. Of whoever came by OpenID Connect also what the provider calls them and its session, which of their claims
# lets them in, and the ID token, which it wants to see again when they sign out.
admin_sessions = Table(
    "admin_sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("subject", Text),
    Column("claim", Text),
    Column("sid", Text),
    Column("id_token", Text),
    Column("address", Text),
    Column("agent", Text),
    Index(None, "name"),
)

# Who has come by OpenID Connect, as of the last time: for whoever looks who may use the pages. It lets nobody in.
admin_openid_people = Table(
    "admin_openid_people",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("claim", Text, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

# How often a password was wrong, since the first of these tries: by name, by address, and by both.
admin_tries = Table(
    "admin_tries",
    metadata,
    Column("what", Text, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
)

# Every change that a person made from the admin's pages: appended only.
admin_changes = Table(
    "admin_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("person", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text),
    Column("before", JSON),
    Column("after", JSON),
    Index(None, "subject"),
)

# What is signed with secrets of our own, shared by all processes: a row for each purpose (`keys.py`).
admin_key = Table(
    "admin_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("secret", Text, nullable=False),
)

# Every save of mapping files from the admin's pages: appended only. Files that were edited together are one edit.
mapping_edits = Table(
    "mapping_edits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

# What each file said before an edit, and after it.
mapping_edit_files = Table(
    "mapping_edit_files",
    metadata,
    Column("edit", Integer, ForeignKey("mapping_edits.id"), primary_key=True),
    Column("file", Text, primary_key=True),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Index(None, "file"),
)

# Who has which file open to edit it, and since when they were last seen there.
mapping_editors = Table(
    "mapping_editors",
    metadata,
    Column("file", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
