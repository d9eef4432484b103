"""Which requests are on hold until an agent decides, and since when: found at once among however many there are."""

import sqlalchemy as sa
from alembic import op

revision = "m0012"
down_revision = "m0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, filled from the decisions that are kept."""
    op.add_column("responses", sa.Column("held_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_responses_held_since", "responses", ["held_since"])
    decisions = sa.table(
        "decisions",
        sa.column("id"),
        sa.column("request_id"),
        sa.column("decided_at", sa.DateTime(timezone=True)),
        sa.column("content", sa.JSON()),
    )
    responses = sa.table("responses", sa.column("request_id"), sa.column("held_since", sa.DateTime(timezone=True)))
    newest = sa.select(sa.func.max(decisions.c.id)).group_by(decisions.c.request_id)
    held = decisions.c.content["rulings"]["eligibility"]["value"].as_string() == "on hold"
    still_open = decisions.c.content["ended"].as_string().is_(None)
    found = sa.select(decisions.c.request_id, decisions.c.decided_at)
    database = op.get_bind()
    for request_id, since in database.execute(found.where(decisions.c.id.in_(newest), held, still_open)).all():
        database.execute(sa.update(responses).where(responses.c.request_id == request_id).values(held_since=since))
