"""What the database knows of its own completeness."""

import sqlalchemy as sa
from alembic import op

revision = "m0004"
down_revision = "m0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table with one row at most."""
    op.create_table(
        "memory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True)),
        sa.Column("gap", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_memory"),
    )
