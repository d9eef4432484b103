"""What a decision was made from, so that it can be made again; and replies that only agents see."""

import sqlalchemy as sa
from alembic import op

revision = "m0002"
down_revision = "m0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two columns; decisions that are there already were kept without what they were made from."""
    op.add_column("decisions", sa.Column("inputs", sa.JSON()))
    op.add_column("replies", sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.true()))
