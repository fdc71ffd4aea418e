"""What is known of a flag that a person says was read wrongly: its sentence, and the rules that fired in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from exowatch.store.tables import captures, claims, flags, reviews

Row = dict[str, Any]


def misread_flag(db: Connection, flag_id: int) -> Row | None:
    """The flag's ``quote, language, kinds, rule_ids, cues`` (JSON: rule_id, role, text), when its page was
    ``fetched_at``, and its newest decision as ``reading, because, by, at, review_id`` (None where there is none).

    None where there is no such flag.
    """
    asked = select(
        *(claims.c.quote, claims.c.language, claims.c.kinds, claims.c.rule_ids, claims.c.cues, captures.c.fetched_at),
        *(reviews.c.reading, reviews.c.because, reviews.c.by, reviews.c.at, reviews.c.id.label("review_id")),
    )
    asked = asked.select_from(flags).join(claims, claims.c.id == flags.c.claim_id)
    asked = asked.join(captures, captures.c.id == flags.c.capture_id)
    asked = asked.outerjoin(reviews, reviews.c.flag_id == flags.c.id).where(flags.c.id == flag_id)
    row = db.execute(asked.order_by(reviews.c.id.desc()).limit(1)).first()
    return None if row is None else dict(row._mapping)
