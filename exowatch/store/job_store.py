"""Where APScheduler keeps its jobs: the table ``jobs`` of our own database."""

from __future__ import annotations

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore

from exowatch.store.session import Store


def job_store(store: Store) -> SQLAlchemyJobStore:
    """A job store for APScheduler on our engine; each of its transactions writes, or may."""
    return SQLAlchemyJobStore(engine=store.engine.execution_options(exowatch_writing=True), tablename="jobs")
