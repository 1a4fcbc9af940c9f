"""How Alembic runs the migrations: on the connection that `api.storage.database` hands it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)  # SQLite makes tables anew
context.run_migrations()
