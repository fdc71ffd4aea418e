"""A desk in a folder: a watchlist of two clinics, an empty database, and a clock that stands."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from exowatch.config import load_config
from exowatch.importing import Given, import_files
from exowatch.intake import open_desk
from exowatch.store.migrate import ready_store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Import:
    """What a test of imports works with."""

    def __init__(self, folder, desk):
        self.folder, self.desk = folder, desk

    def take(self, *paths, source="quay", **said):
        """Import; without damage unless the test looks for it."""
        return import_files(self.desk, paths, Given(source, **said))

    def sql(self, statement):
        with self.desk.store.reading() as db:
            return [tuple(row) for row in db.exec_driver_sql(statement)]

    def pages(self):
        return [row[0] for row in self.sql("SELECT url FROM pages ORDER BY url")]

    def claims(self):
        return self.sql(
            "SELECT p.url, c.quote, c.stance, c.kinds, c.conditions, a.zone FROM appearances a"
            " JOIN pages p ON p.id = a.page_id JOIN claims c ON c.id = a.claim_id ORDER BY 1, 2, 6"
        )


def desk_in_folder(folder, template):
    """An installation in a folder, its database a copy of ``template``."""
    (folder / "watchlist").mkdir(parents=True)
    for name in ("quay", "alder"):
        facts = {"id": name, "name": name, "kind": "clinic", "jurisdiction": "IE", "reason": "test"}
        facts |= {"start_urls": [f"https://{name}.example/"]}
        (folder / "watchlist" / f"{name}.yml").write_text(json.dumps(facts))
    (folder / "exowatch.toml").write_text('[database]\nurl = "sqlite:///exowatch.db"\n')
    shutil.copy(template, folder / "exowatch.db")
    return Import(folder, open_desk(load_config(folder / "exowatch.toml"), lambda: NOW, False))


@pytest.fixture
def desk_in(known_template, monkeypatch):
    """Make an installation in a folder."""
    monkeypatch.delenv("EXOWATCH_NOW", raising=False)

    made = []

    def make(folder):
        made.append(desk_in_folder(folder, known_template))
        return made[-1]

    yield make
    for one in made:
        one.desk.store.close()
    ready_store.cache_clear()


@pytest.fixture
def imports(desk_in, place):
    return desk_in(place)
