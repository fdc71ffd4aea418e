"""The listings as they stood at a past time: the words, verdicts and reviews of then, nothing that came after.

What was written over since (a study's body, where a sentence stood in its page) is given as it is now, or left empty.
"""

from __future__ import annotations

from typing import Any

from exowatch.store.views import VIEWS

#: The words that stood there then: those before the first rewording that came after.
_QUOTE = """COALESCE((SELECT ch.before FROM changes ch WHERE ch.lineage_id = held.lineage_id
    AND ch.at > :as_of AND ch.kind IN ('stronger', 'weaker', 'reworded') AND ch.before IS NOT NULL
    AND ch.url = (SELECT there.url FROM pages there WHERE there.id = a.page_id)
    ORDER BY ch.id LIMIT 1), held.quote)"""
#: The row of those words that was judged then; where all are younger (they were read again since), the youngest.
_CLAIM = f"""(SELECT w.id FROM claims w, claims held WHERE held.id = a.claim_id
    AND w.lineage_id = held.lineage_id AND w.quote = {_QUOTE}
    ORDER BY CASE WHEN EXISTS (SELECT 1 FROM assessments x WHERE x.claim_id = w.id AND x.valid_from <= :as_of)
        THEN 0 ELSE 1 END, CASE WHEN w.id = held.id THEN 0 ELSE 1 END, w.id DESC LIMIT 1)"""
_STATEMENT = f"""(SELECT w.id FROM statements w, statements held WHERE held.id = a.statement_id
    AND w.lineage_id = held.lineage_id AND w.quote = {_QUOTE}
    ORDER BY CASE WHEN w.id = held.id THEN 0 ELSE 1 END, w.id DESC LIMIT 1)"""
#: Listing → pieces of its view and what stands there instead.
_THEN = {
    "claims": (
        ("c.id = a.claim_id", f"c.id = {_CLAIM}"),
        ("x.valid_to IS NULL", "x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to > :as_of)"),
    ),
    "statements": (("st.id = a.statement_id", f"st.id = {_STATEMENT}"),),
    "flags": (("x.flag_id = f.id", "x.flag_id = f.id AND x.at <= :as_of"),),
    "studies": (),
    "changes": (),
    "reviews": (("x.flag_id = r.flag_id", "x.flag_id = r.flag_id AND x.at <= :as_of"),),
}
_BEGINS = {"flags": "raised_at", "changes": "at", "reviews": "at"}
_FIT = """FROM outcomes o WHERE o.source_id = v.source AND o.url = v.url AND o.at <= :as_of
    AND o.result IN ('READ', 'UNCHANGED') AND o.code <> 'suspicious'"""
_CAPTURE = """FROM captures cap WHERE cap.source_id = v.source AND cap.final_url = v.url AND cap.fitness = 'ok'
    AND cap.fetched_at <= :as_of ORDER BY cap.fetched_at DESC LIMIT 1"""
_LINEAGE = """(SELECT ch.kind FROM changes ch WHERE ch.lineage_id = v.lineage_id AND ch.at <= :as_of
        AND ch.kind IN ('gone', 'returned') ORDER BY ch.id DESC LIMIT 1) AS then_state,
    (SELECT COUNT(*) FROM appearances e JOIN pages ep ON ep.id = e.page_id WHERE e.lineage_id = v.lineage_id
        AND (ep.url <> v.url OR e.zone <> v.zone) AND e.first_seen <= :as_of
        AND (e.absent_since IS NULL OR e.absent_since > :as_of)) AS then_elsewhere,
    (SELECT cap.fetched_at FROM captures cap WHERE cap.id = v.capture_id) AS then_held_at"""
_NO_LINEAGE = "NULL AS then_state, 0 AS then_elsewhere, NULL AS then_held_at"


def rows_then(name: str) -> str:
    """SQL of the rows of listing ``name`` at the bound time ``as_of``, with what ``as_then`` needs beside them."""
    body = VIEWS[f"v_{name}"].replace(":", "\\:")  # no names of values
    for now, then in _THEN[name]:
        if body.count(now) != 1:
            raise LookupError(f"v_{name} no longer holds {now!r} once")
        body = body.replace(now, then)
    more = ""
    if name not in ("changes", "reviews"):
        more = f""", (SELECT MAX(o.at) {_FIT}) AS then_fit_at, (SELECT COUNT(*) {_FIT}) AS then_fits,
            (SELECT cap.id {_CAPTURE}) AS then_capture, (SELECT cap.content_digest {_CAPTURE}) AS then_digest"""
        more += ", " + (_NO_LINEAGE if name == "studies" else _LINEAGE)
    begins = _BEGINS.get(name, "first_seen")
    return f"(SELECT v.*{more} FROM ({body}) AS v WHERE v.{begins} <= :as_of)"


def as_then(row: dict[str, Any], as_of: str) -> dict[str, Any]:
    """A row of ``rows_then`` with its presence as it was known at ``as_of``."""
    if "then_fit_at" not in row:
        return row
    told = {key: value for key, value in row.items() if not key.startswith("then_")}
    since = told["absent_since"]
    absent, gone = since if since and since <= as_of else None, row["then_state"] == "gone"
    told |= {"last_fit_at": row["then_fit_at"], "fit_captures": row["then_fits"], "absent_since": absent}
    if not absent:
        told["last_seen"] = row["then_fit_at"]
    # as in the view: no only where two runs lacked it on the whole site, or where it stood elsewhere on it
    told["live"] = "no" if gone or (absent and row["then_elsewhere"]) else "unknown" if absent else "yes"
    if row["then_held_at"] and row["then_held_at"] > as_of:  # the words of now stand in a later capture
        told |= {"capture_id": row["then_capture"], "body_digest": row["then_digest"], "locator": None}
    return told
