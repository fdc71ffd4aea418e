"""Jobs that were due: taken up once, ended, and begun again where their process died.

Whoever writes here holds the lock of the job (``lock.hold_jobs``): a row of it that still says ``running`` is therefore
one that a dead process left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from exowatch.store.tables import job_runs, runs

#: damaged: a verification came to its end, and found damage. put-off: it failed for a reason that passes by itself.
State = Literal["running", "done", "damaged", "failed", "put-off", "killed"]
#: A job that its process died of as often is not begun again.
TRIES = 3
#: One that failed for a passing reason is tried as often in all, after pauses of 10, 20, 40 and 80 minutes.
PASSING_TRIES = 5
_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class JobRun:
    """One job at one of its times."""

    job: str
    due_at: datetime
    started_at: datetime
    state: State
    tries: int = 1
    finished_at: datetime | None = None
    detail: str | None = None

    @property
    def again_at(self) -> datetime | None:
        """Its process died, or a reason that passes kept it from its end: when it may be begun again; None: not."""
        if self.state == "killed" and self.tries < TRIES:
            return self.due_at
        if self.state == "put-off" and self.tries < PASSING_TRIES:
            pause: timedelta = _PAUSE * 2 ** (self.tries - 1)
            return (self.finished_at or self.started_at) + pause
        return None


def newest_runs(db: Connection) -> dict[str, JobRun]:
    """Job → what was last due of it."""
    last = select(job_runs.c.job, func.max(job_runs.c.due_at).label("due_at")).group_by(job_runs.c.job).subquery()
    found = db.execute(
        select(job_runs).join(last, (job_runs.c.job == last.c.job) & (job_runs.c.due_at == last.c.due_at))
    )
    return {row.job: _run(row) for row in found}


def who_runs(db: Connection, job: str) -> str | None:
    """Machine and process that last began this job and did not say that it ended."""
    asked = select(job_runs.c.process).where(job_runs.c.job == job, job_runs.c.state == "running")
    found = db.execute(asked.order_by(job_runs.c.started_at.desc(), job_runs.c.id.desc()).limit(1)).scalar()
    return None if found is None else str(found)


def last_ended(db: Connection, job: str, states: Sequence[State], until: datetime) -> JobRun | None:
    """What was last ended of a job in one of these states, not after ``until``."""
    asked = select(job_runs).where(job_runs.c.job == job, job_runs.c.state.in_(states), job_runs.c.finished_at <= until)
    row = db.execute(asked.order_by(job_runs.c.finished_at.desc(), job_runs.c.id.desc()).limit(1)).first()
    return None if row is None else _run(row)


def newest_ends(db: Connection) -> dict[tuple[str, str], datetime]:
    """(kind of job, state) → when one of the kind last ended so; all sources are one kind, ``crawl``."""
    asked = select(job_runs.c.job, job_runs.c.state, func.max(job_runs.c.finished_at).label("at"))
    asked = asked.where(job_runs.c.finished_at.is_not(None)).group_by(job_runs.c.job, job_runs.c.state)
    found: dict[tuple[str, str], datetime] = {}
    for row in db.execute(asked):
        kind = row.job.partition(":")[0], row.state
        found[kind] = max(found.get(kind, row.at), row.at)
    return found


def job_history(db: Connection, job: str | None = None, limit: int = 50) -> list[JobRun]:
    """What was due, newest first; of one job, or of all."""
    asked = select(job_runs).order_by(job_runs.c.id.desc()).limit(limit)
    return [_run(row) for row in db.execute(asked if job is None else asked.where(job_runs.c.job == job))]


def first_due(db: Connection, job: str) -> datetime | None:
    """When the job was due for the first time ever; None: never."""
    found: datetime | None = db.execute(select(func.min(job_runs.c.due_at)).where(job_runs.c.job == job)).scalar()
    return found


def pulse(db: Connection) -> tuple[Any, ...]:
    """Moves whenever a job or a run began or ended."""
    jobs = select(func.max(job_runs.c.id), func.max(job_runs.c.started_at), func.max(job_runs.c.finished_at))
    visits = select(func.max(runs.c.fence), func.max(runs.c.finished_at))
    return *db.execute(jobs).one(), *db.execute(visits).one()


def begin_jobs(db: Connection, dues: Sequence[tuple[str, datetime]], now: datetime, process: str) -> list[str]:
    """Take these up, each job once a due time; the jobs that are ours now. Their locks are held.

    One that is done, or that failed, is not done again; one whose process died is, up to ``TRIES`` times, and one that
    failed for a reason that passes up to ``PASSING_TRIES`` times.
    """
    mark_killed(db, [job for job, _ in dues], now)
    ours = []
    for job, due_at in dues:
        this = (job_runs.c.job == job, job_runs.c.due_at == due_at)
        row = db.execute(select(job_runs).where(*this)).first()
        if row is None:
            values = {"job": job, "due_at": due_at, "started_at": now, "state": "running", "tries": 1}
            db.execute(insert(job_runs).values(process=process, **values))
        elif _run(row).again_at is not None:
            again = {"state": "running", "tries": row.tries + 1, "started_at": now, "finished_at": None, "detail": None}
            db.execute(update(job_runs).where(*this).values(process=process, **again))
        else:
            continue
        ours.append(job)
    return ours


def begin_now(db: Connection, jobs: Sequence[str], now: datetime, process: str) -> dict[str, datetime]:
    """Begin these as due now: job → its due time, a second later each time where that one is taken already."""
    dues = {}
    for job in jobs:
        dues[job] = now.replace(microsecond=0)
        while not begin_jobs(db, [(job, dues[job])], now, process):
            dues[job] += timedelta(seconds=1)
    return dues


def end_job(db: Connection, job: str, due_at: datetime, state: State, detail: str, now: datetime) -> None:
    """What came of it."""
    this = (job_runs.c.job == job, job_runs.c.due_at == due_at)
    db.execute(update(job_runs).where(*this).values(state=state, detail=detail, finished_at=now))


def give_back(db: Connection, job: str, due_at: datetime) -> None:
    """Nothing was done, since another program was at work: it is as due as before, or after a pause."""
    this = (job_runs.c.job == job, job_runs.c.due_at == due_at)
    db.execute(delete(job_runs).where(*this, job_runs.c.tries == 1))
    before = {"state": "put-off", "tries": job_runs.c.tries - 1, "finished_at": job_runs.c.started_at}
    db.execute(update(job_runs).where(*this).values(**before))


def mark_killed(db: Connection, jobs: Iterable[str], now: datetime) -> list[str]:
    """Rows of these jobs that a dead process left, told as killed; the jobs that had one. Their locks are held."""
    left = (job_runs.c.state == "running", job_runs.c.job.in_(list(jobs)))
    found = list(db.execute(select(job_runs.c.job).where(*left)).scalars())
    if found:
        values = {"state": "killed", "finished_at": now, "detail": "its process ended before it did"}
        db.execute(update(job_runs).where(*left).values(**values))
    return found


def running_jobs(db: Connection) -> list[str]:
    """Jobs with a row that says running, be its process alive or not."""
    return list(db.execute(select(job_runs.c.job).where(job_runs.c.state == "running").distinct()).scalars())


def _run(row: Any) -> JobRun:
    return JobRun(row.job, row.due_at, row.started_at, row.state, row.tries, row.finished_at, row.detail)
