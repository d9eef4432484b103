"""What the road and its reports are kept in: deliveries, doors, decisions, the ledger, replies, responses."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, true

from plugin.store.tables.base import UtcDateTime, metadata

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
