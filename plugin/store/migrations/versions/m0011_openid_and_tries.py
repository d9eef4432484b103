"""Who came by OpenID Connect, and how each session began; passwords that were tried and were wrong."""

import sqlalchemy as sa
from alembic import op

revision = "m0011"
down_revision = "m0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the columns."""
    for name in ("subject", "claim", "sid", "id_token", "address", "agent"):
        op.add_column("admin_sessions", sa.Column(name, sa.Text(), nullable=True))
    op.create_table(
        "admin_openid_people",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_admin_openid_people"),
    )
    op.create_table(
        "admin_tries",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_admin_tries"),
    )
