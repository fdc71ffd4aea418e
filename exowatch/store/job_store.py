"""Where APScheduler keeps its jobs: the table ``jobs`` of our own database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore

from exowatch.store.session import Store, told_as_ours


def job_store(store: Store) -> SQLAlchemyJobStore:
    """A job store for APScheduler on our engine; each of its transactions writes, or may. Raises StoreError."""
    return _Jobs(store)


class _Jobs(SQLAlchemyJobStore):  # type: ignore[misc]  # the library has no types
    """The library's own, a failing database told as ours."""

    def __init__(self, store: Store) -> None:
        super().__init__(engine=store.engine.execution_options(exowatch_writing=True), tablename="jobs")
        self._url = store.url

    def lookup_job(self, job_id: str) -> Any:
        with told_as_ours(self._url):
            return super().lookup_job(job_id)

    def get_due_jobs(self, now: datetime) -> Any:
        with told_as_ours(self._url):
            return super().get_due_jobs(now)

    def get_next_run_time(self) -> Any:
        with told_as_ours(self._url):
            return super().get_next_run_time()

    def add_job(self, job: Any) -> None:
        with told_as_ours(self._url):
            super().add_job(job)

    def update_job(self, job: Any) -> None:
        with told_as_ours(self._url):
            super().update_job(job)

    def remove_job(self, job_id: str) -> None:
        with told_as_ours(self._url):
            super().remove_job(job_id)

    def remove_all_jobs(self) -> None:
        with told_as_ours(self._url):
            super().remove_all_jobs()
