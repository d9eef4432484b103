"""The first schema: inbox, doors, policies, decisions, ledger, replies.

Written out, not taken from `tables.py`: what a migration makes must never change after it was released. There is no
way back down; an older release needs the backup that was taken before the upgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "m0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create every table."""
    _create_inbox_and_queue()
    _create_decisions()
    _create_ledger()
    _create_replies()


def _create_inbox_and_queue() -> None:
    op.create_table(
        "deliveries",
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Text()),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("identity", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_request_id_deleted", "deliveries", ["request_id", "deleted"])
    op.create_index("ix_deliveries_received_at", "deliveries", ["received_at"])
    op.create_table(
        "doors",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Text()),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("knocks", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text()),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.Column("worker", sa.Text()),
        sa.Column("lease", sa.Text()),
        sa.Column("leased_until", INSTANT),
        sa.PrimaryKeyConstraint("request_id", name="pk_doors"),
    )
    op.create_index("ix_doors_due", "doors", ["due"])


def _create_decisions() -> None:
    op.create_table(
        "policies",
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_policies"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Text()),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_request_id", "decisions", ["request_id"])


def _create_ledger() -> None:
    op.create_table(
        "accounts",
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("customer", name="pk_accounts"),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("booked_at", INSTANT, nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("request_key", sa.Text()),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_entries"),
        sa.UniqueConstraint("customer", "sequence", name="uq_ledger_entries_customer_sequence"),
    )
    op.create_index("ix_ledger_entries_customer_matter", "ledger_entries", ["customer", "matter"])
    op.create_table(
        "ledger_postings",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("lot", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name="fk_ledger_postings_entry_id"),
    )
    op.create_index("ix_ledger_postings_entry_id", "ledger_postings", ["entry_id"])


def _create_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.Column("comment_id", sa.Text()),
        sa.PrimaryKeyConstraint("intent", name="pk_replies"),
        sa.UniqueConstraint("request_id", "cause", name="uq_replies_request_id_cause"),
    )
