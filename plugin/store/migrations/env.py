"""Run the migrations on the connection that `Store.migrate()` hands over, inside its transaction."""

from alembic import context

from plugin.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can alter hardly anything in place: alembic then copies the table.
    render_as_batch=True,
)
context.run_migrations()
