"""Run by the migration library; the connection comes from `store.migrate`, in code."""

from alembic import context

from complaintmail.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
