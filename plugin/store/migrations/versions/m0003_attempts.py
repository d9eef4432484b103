"""What was tried at a door, and that a person discarded it."""

import sqlalchemy as sa
from alembic import op

revision = "m0003"
down_revision = "m0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of attempts, and the column that says who discarded a door and why."""
    op.add_column("doors", sa.Column("discarded", sa.Text()))
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker", sa.Text()),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_index("ix_attempts_request_id_at", "attempts", ["request_id", "at"])
    op.create_index("ix_attempts_at", "attempts", ["at"])
