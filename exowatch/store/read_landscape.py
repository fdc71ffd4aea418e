"""What sellers' sites say, site by site, for the landscape table: live claims, features, and how each site was read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from exowatch.store.as_of import as_then, rows_then
from exowatch.store.read_rows import rows

Row = dict[str, Any]
#: Kinds of sources that sell.
SELLERS = ("clinic", "supplier", "directory", "marketplace")


def landscape_rows(
    db: Connection, frame: str | None, jurisdiction: str | None, as_of: datetime | None
) -> dict[str, list[Row]]:
    """``sources``, ``claims`` (live), ``features``, ``coverage`` (newest visit each) and ``frames``."""
    kinds = ", ".join(f"'{kind}'" for kind in SELLERS)
    where, values = [f"kind IN ({kinds})"], {}
    if frame:
        where.append("frame = :frame")
        values["frame"] = frame
    if jurisdiction:
        where.append("jurisdiction = :place")
        values["place"] = jurisdiction
    sites = rows(db, "v_sources", where, values)
    ids = {row["id"] for row in sites}
    coverage: dict[str, Row] = {}
    for row in rows(db, "v_coverage", order="started_at, run_id"):
        if row["run_kind"] == "crawl" and (as_of is None or row["started_at"] <= _text(as_of)):
            coverage[row["source"]] = row
    return {
        "sources": sites,
        "claims": [row for row in _claims(db, as_of) if row["source"] in ids],
        "features": [row for row in rows(db, "v_page_features") if row["source"] in ids],
        "coverage": [row for row in coverage.values() if row["source"] in ids],
        "frames": rows(db, "v_frames"),
    }


def _claims(db: Connection, as_of: datetime | None) -> list[Row]:
    if as_of is None:
        return rows(db, "v_claims", ["live = 'yes'"])
    moment = _text(as_of)
    found = (as_then(row, moment) for row in rows(db, rows_then("claims"), values={"as_of": moment}))
    return [row for row in found if row["live"] == "yes"]


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
