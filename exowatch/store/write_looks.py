"""Writing and reading that a page was looked at by crawler and browser both, or secured for a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from exowatch.model.captures import Beside, Capture, WarcPlace
from exowatch.store.tables import looks

Row = dict[str, Any]


def write_look(
    db: Connection,
    *,
    run_id: str,
    capture: Capture,
    beside: Beside,
    holds: str | None,
    browser_lacks: Sequence[str],
    crawler_lacks: Sequence[str],
    unread: Sequence[str],
) -> None:
    """One row, once a run and page. ``holds``: the capture that holds the page's text after it."""
    same = (looks.c.run_id == run_id, looks.c.source_id == capture.source_id, looks.c.url == capture.final_url)
    if db.execute(select(looks.c.id).where(*same)).first() is not None:
        return
    other = beside.capture.warc if beside.capture else None
    db.execute(
        insert(looks).values(
            run_id=run_id,
            source_id=capture.source_id,
            url=capture.final_url,
            capture_id=holds,
            read_from="browser" if capture.rendered else "crawler",
            warc_file=capture.warc.file,
            warc_offset=capture.warc.offset,
            beside_file=other.file if other else None,
            beside_offset=other.offset if other else None,
            pictures=beside.pictures,
            browser_lacks=list(browser_lacks),
            crawler_lacks=list(crawler_lacks),
            unread=list(unread),
            lacking=beside.lacking or None,
            secured=beside.secured,
            case_id=beside.case_id,
            at=capture.fetched_at,
        )
    )


def looks_at(db: Connection, source_id: str, url: str) -> list[Row]:
    """Every time that a page was looked at so, oldest first."""
    asked = select(looks).where(looks.c.source_id == source_id, looks.c.url == url).order_by(looks.c.id)
    return [dict(row._mapping) for row in db.execute(asked)]


def newest_looks(db: Connection, pages: Collection[tuple[str, str]]) -> dict[tuple[str, str], Row]:
    """(source, URL) → the newest look at it, for those of ``pages`` that have one."""
    wanted, found = set(pages), dict[tuple[str, str], Row]()
    sources = sorted({source for source, _ in wanted})
    for start in range(0, len(sources), 500):
        asked = select(looks).where(looks.c.source_id.in_(sources[start : start + 500])).order_by(looks.c.id)
        for row in db.execute(asked):
            if (row.source_id, row.url) in wanted:
                found[row.source_id, row.url] = dict(row._mapping)
    return found


def shown_by(look: Row | None, claim_key: str) -> str | None:
    """Who alone shows a wording, by the newest look at its page: browser or crawler; None: both, or nobody compared."""
    if look is None:
        return None
    sides = (("browser", "crawler_lacks"), ("crawler", "browser_lacks"))
    return next((side for side, lacks in sides if claim_key in look[lacks]), None)


def looks_of_case(db: Connection, case_id: int) -> list[Row]:
    """What was secured for a case, oldest first."""
    asked = select(looks).where(looks.c.case_id == case_id).order_by(looks.c.id)
    return [dict(row._mapping) for row in db.execute(asked)]


def place_of(row: Row) -> WarcPlace:
    """Where the look stands that the page was read from."""
    return WarcPlace(row["warc_file"], row["warc_offset"])
