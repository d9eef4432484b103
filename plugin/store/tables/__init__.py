"""Tables: one schema for SQLite and for PostgreSQL.

A change here needs a migration beside it (`migrations/versions/`); a test compares the two on both databases.
"""

from plugin.store.tables.admin import (
    admin_changes,
    admin_invitations,
    admin_key,
    admin_openid_people,
    admin_people,
    admin_sessions,
    admin_tries,
    mapping_edit_files,
    mapping_editors,
    mapping_edits,
)
from plugin.store.tables.base import UtcDateTime, metadata
from plugin.store.tables.work import (
    accounts,
    attempts,
    backfill_requests,
    backfills,
    decisions,
    deliveries,
    doors,
    ledger_entries,
    ledger_places,
    ledger_postings,
    memory,
    policies,
    replies,
    responses,
)

__all__ = [
    "UtcDateTime",
    "accounts",
    "admin_changes",
    "admin_invitations",
    "admin_key",
    "admin_openid_people",
    "admin_people",
    "admin_sessions",
    "admin_tries",
    "attempts",
    "backfill_requests",
    "backfills",
    "decisions",
    "deliveries",
    "doors",
    "ledger_entries",
    "ledger_places",
    "ledger_postings",
    "mapping_edit_files",
    "mapping_editors",
    "mapping_edits",
    "memory",
    "metadata",
    "policies",
    "replies",
    "responses",
]
