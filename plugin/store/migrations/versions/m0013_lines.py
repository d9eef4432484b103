"""Which release line each request names: for statements and customers' pages, which need not open its decision."""

import sqlalchemy as sa
from alembic import op

revision = "m0013"
down_revision = "m0012"
branch_labels = None
depends_on = None

AT_ONCE = 500


def upgrade() -> None:
    """Add the columns, filled from the decisions that are kept; it takes about a minute for 100,000 requests."""
    op.add_column("responses", sa.Column("product", sa.Text(), nullable=True))
    op.add_column("responses", sa.Column("line", sa.Text(), nullable=True))
    op.drop_index("ix_responses_customer", "responses")
    op.create_index("ix_responses_customer_month_product_line", "responses", ["customer", "month", "product", "line"])
    op.create_index("ix_responses_product_line_month_customer", "responses", ["product", "line", "month", "customer"])
    decisions = sa.table("decisions", sa.column("id"), sa.column("request_id"), sa.column("content", sa.JSON()))
    responses = sa.table("responses", sa.column("request_id"), sa.column("product"), sa.column("line"))
    database = op.get_bind()
    newest = database.scalars(sa.select(sa.func.max(decisions.c.id)).group_by(decisions.c.request_id)).all()
    for first in range(0, len(newest), AT_ONCE):
        these = decisions.c.id.in_(newest[first : first + AT_ONCE])
        for request_id, content in database.execute(
            sa.select(decisions.c.request_id, decisions.c.content).where(these)
        ):
            for finding in content["rulings"]["eligibility"]["findings"]:
                facts = finding.get("facts", {})
                if finding["rule"] == "supported_version" and "line" in facts:
                    named = {"product": facts.get("product"), "line": facts["line"]}
                    database.execute(sa.update(responses).where(responses.c.request_id == request_id).values(named))
