"""What ``exowatch knowledge diff`` compares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from exowatch.config import Config
from exowatch.errors import SetupError
from exowatch.extract.proof import load_proven
from exowatch.intake import Desk
from exowatch.knowledge.difference import differing_files, differing_rules
from exowatch.knowledge.load import READING, Knowledge, load_knowledge, rules_of
from exowatch.watchlist import load_watchlist

Row = dict[str, Any]


def local_differences(config: Config) -> list[Row]:
    """The local rules against the shipped ones; none where no local folder is configured."""
    if config.knowledge.dir is None:
        return []
    shipped, ours = load_knowledge(None), load_proven(config.knowledge.dir)
    return [asdict(one) for one in differing_rules(_by_id(shipped), _by_id(ours))]


def stored_differences(config: Config, against: str | None) -> Row:
    """Today's rules against a set that a run kept: its digest (None where nothing ran) and what differs.

    SetupError where no set, or more than one, begins so.
    """
    from exowatch.cli.here import store_of
    from exowatch.store.migrate import no_file_at
    from exowatch.store.read_sets import newest_set, sets_named

    if against is None and no_file_at(config.database.url):
        return {"digest": None, "rules": []}
    with store_of(config).reading() as db:
        wanted = against or newest_set(db)
        found = sets_named(db, wanted) if wanted else {}
    if wanted is None:
        return {"digest": None, "rules": []}
    if len(found) != 1:
        raise SetupError(
            f"{len(found) or 'none'} of the kept sets of reading rules begin with {wanted}",
            remedy='exowatch sql "SELECT digest, kind, first_used_at FROM knowledge_sets" lists them',
        )
    ((digest, texts),) = found.items()
    today = load_proven(config.knowledge.dir)
    if digest == today.reading_digest:
        return {"digest": digest, "rules": []}
    old, new = rules_of(texts), _by_id(today)
    told = [*differing_rules(old, new), *differing_files(texts, today.source_texts, READING)]
    return {"digest": digest, "rules": [asdict(one) for one in told]}


def flags_that_change(desk: Desk, on_step: Callable[[str], None]) -> list[Row]:
    """Open flags that today's rules would judge otherwise."""
    from exowatch.foreseen import changed_flags

    sources = {source.id: source for source in load_watchlist(desk.config.watchlist.dir).sources}
    return changed_flags(desk, sources, on_step)


def _by_id(knowledge: Knowledge) -> dict[str, Any]:
    return {rule.id: rule for rule in knowledge.rules}
