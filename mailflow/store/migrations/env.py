"""Run by Alembic on a connection that `Store.migrate` hands over; there is no offline mode and no alembic.ini."""

from alembic import context

from mailflow.store.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
