"""Edits of the mapping files from the admin's pages: what each file said before and after, and who edits one now."""

import sqlalchemy as sa
from alembic import op

revision = "m0010"
down_revision = "m0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "mapping_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mapping_edits"),
    )
    op.create_table(
        "mapping_edit_files",
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edit"], ["mapping_edits.id"], name="fk_mapping_edit_files_edit"),
        sa.PrimaryKeyConstraint("edit", "file", name="pk_mapping_edit_files"),
    )
    op.create_index("ix_mapping_edit_files_file", "mapping_edit_files", ["file"])
    op.create_table(
        "mapping_editors",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("file", "person", name="pk_mapping_editors"),
    )
