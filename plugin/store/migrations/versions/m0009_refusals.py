"""Why requests were refused, for reports over all of them; and one customer's requests, quickly."""

import sqlalchemy as sa
from alembic import op

revision = "m0009"
down_revision = "m0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, filled from the decisions that are kept."""
    op.add_column("responses", sa.Column("refused", sa.Text(), nullable=True))
    op.drop_index("ix_responses_month_customer", "responses")
    op.create_index("ix_responses_month_tier_kept_due", "responses", ["month", "tier", "kept", "due"])
    op.create_index("ix_responses_month_refused", "responses", ["month", "refused"])
    op.create_index("ix_responses_customer", "responses", ["customer"])
    decisions = sa.table("decisions", sa.column("id"), sa.column("request_id"), sa.column("content", sa.JSON()))
    responses = sa.table("responses", sa.column("request_id"), sa.column("refused"))
    newest = sa.select(sa.func.max(decisions.c.id)).group_by(decisions.c.request_id)
    refused = decisions.c.content["rulings"]["eligibility"]["value"].as_string() == "not eligible"
    found = sa.select(decisions.c.request_id, decisions.c.content).where(decisions.c.id.in_(newest), refused)
    database = op.get_bind()
    for request_id, content in database.execute(found):
        findings = content["rulings"]["eligibility"]["findings"]
        reason = (
            "override"
            if findings[0]["rule"] == "override"
            else next((each["reason"] for each in findings if each.get("reason")), "")
        )
        database.execute(sa.update(responses).where(responses.c.request_id == request_id).values(refused=reason))
