"""Alembic's door: it migrates on the connection that ``exowatch.store.migrate`` hands it."""

from alembic import context

from exowatch.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
