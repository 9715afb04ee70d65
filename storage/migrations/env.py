"""Alembic's environment: it works on the connection, and in the transaction, that `storage.migrating` gives it."""

from alembic import context

from storage.tables import metadata

db = context.config.attributes["connection"]
context.configure(
    connection=db,
    target_metadata=metadata,
    render_as_batch=db.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
