"""Letters as rows, and the claims that they quote, to be found again by whoever says the same."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from exowatch.model.letters import Letter, Precedent
from exowatch.store.tables import letters, pages, precedents
from exowatch.store.write_findings import Place


def write_letters(db: Connection, place: Place, found: Sequence[Letter]) -> None:
    """The letter of a page as it reads now. A page that holds none any more keeps the one that it held."""
    for letter in found[:1]:
        values = {
            "capture_id": place.capture_id,
            "kind": letter.kind,
            "authority": letter.authority,
            "firm": letter.firm,
            "issued_on": letter.issued_on,
            "numbers": letter.numbers,
            "product": letter.product,
            "office": letter.office,
            "withdrawn": letter.withdrawn,
            "last_seen": place.at,
        }
        number = db.execute(select(letters.c.id).where(letters.c.page_id == place.page_id)).scalar()
        if number is None:
            made = insert(letters).values(page_id=place.page_id, first_seen=place.at, **values)
            number = db.execute(made.returning(letters.c.id)).scalar_one()
        else:
            db.execute(update(letters).where(letters.c.id == number).values(**values))
        held = set(db.execute(select(precedents.c.quote).where(precedents.c.letter_id == number)).scalars())
        told = {one.text: one.said_on for one in letter.quotes}
        if gone := held - told.keys():
            db.execute(delete(precedents).where(precedents.c.letter_id == number, precedents.c.quote.in_(gone)))
        rows = [{"letter_id": number, "quote": text, "said_on": told[text]} for text in told if text not in held]
        if rows:
            db.execute(insert(precedents), rows)


def newest_precedent(db: Connection) -> tuple[int, int]:
    """(how many there are, the newest number): moves whenever they do."""
    row = db.execute(select(func.count(), func.coalesce(func.max(precedents.c.id), 0))).one()
    return int(row[0]), int(row[1])


def all_precedents(db: Connection) -> list[Precedent]:
    """Every quoted claim, oldest first."""
    rows = db.execute(
        select(precedents, letters.c.authority, letters.c.firm, letters.c.issued_on, letters.c.numbers, pages.c.url)
        .join(letters, letters.c.id == precedents.c.letter_id)
        .join(pages, pages.c.id == letters.c.page_id)
        .order_by(precedents.c.id)
    )
    return [
        Precedent(
            row.id,
            row.quote,
            row.said_on,
            row.authority,
            row.firm,
            row.issued_on,
            next(iter(row.numbers), None),
            row.url,
        )
        for row in rows
    ]
