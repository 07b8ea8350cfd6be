"""The steps from one shape of the tables to the next (Alembic). `HEAD` names the newest."""

HEAD = "0006"
