"""Backfills: what was ordered, and how far it has come."""

import sqlalchemy as sa
from alembic import op

revision = "m0006"
down_revision = "m0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of backfills, and that of the requests that each still has to go through."""
    op.create_table(
        "backfills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("jql", sa.Text(), nullable=False),
        sa.Column("charges", sa.Boolean(), nullable=False),
        sa.Column("replies", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_backfills"),
    )
    op.create_table(
        "backfill_requests",
        sa.Column("backfill_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("takes_up", sa.Boolean(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["backfill_id"], ["backfills.id"], name="fk_backfill_requests_backfill_id"),
        sa.PrimaryKeyConstraint("backfill_id", "place", name="pk_backfill_requests"),
    )
    op.create_index("ix_backfill_requests_request_id", "backfill_requests", ["request_id"])
