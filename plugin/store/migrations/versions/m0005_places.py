"""Where each customer's units stand, beside the entries that brought them there."""

import sqlalchemy as sa
from alembic import op

revision = "m0005"
down_revision = "m0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, with the sums of what is booked already."""
    op.create_table(
        "ledger_places",
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("lot", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("customer", "unit", "lot", "account", name="pk_ledger_places"),
    )
    op.execute(
        "INSERT INTO ledger_places (customer, unit, lot, account, units) "
        "SELECT customer, unit, lot, account, SUM(units) FROM ledger_entries "
        "JOIN ledger_postings ON ledger_postings.entry_id = ledger_entries.id "
        "GROUP BY customer, unit, lot, account"
    )
