"""An installation with a sealed visit: two pages of a clinic, a redirect and its robots.txt, and flags on them."""

import shutil
from datetime import timedelta

import pytest

from exowatch.config import load_config
from exowatch.intake import open_desk
from exowatch.seal.keys import load_key
from exowatch.seal.run import sealer_of
from exowatch.seal.sealing import seal
from exowatch.seal.verify import verify_installation
from exowatch.store.migrate import ready_store
from tests.unit.importing.conftest import NOW, Import, desk_in, desk_in_folder, imports  # noqa: F401 - fixtures
from tests.unit.importing.foreign_files import HOME, MORE, SAYS, Warc, page


class Sealed:
    """What a test of the signed record works with."""

    def __init__(self, taken):
        self.taken, self.desk, self.days = taken, taken.desk, 0

    @property
    def archive(self):
        return self.desk.archive_dir

    @property
    def manifests(self):
        return sorted((self.archive / "manifests").glob("*.jsonl"))

    @property
    def sealer(self):
        later = NOW + timedelta(days=self.days)
        return sealer_of(self.desk.config, self.desk.store, lambda: later, False)

    @property
    def key(self):
        return load_key(self.desk.config.record.signing_key).public

    def seal(self, days=0):
        self.days += days
        return seal(self.sealer)

    def bring(self, name, *answers):
        """Import answers (URL, body) as a visit of their own; they are sealed at its end."""
        made = Warc()
        for url, body in answers:
            made.answer(url, body, at=f"2026-11-2{len(self.manifests)}T06:00:00Z")
        path = self.taken.folder / f"{name}.warc.gz"
        path.write_bytes(made.bytes())
        self.taken.take(path)

    def write(self, statement):
        with self.desk.store.writing() as db:
            return db.exec_driver_sql(statement)

    def verify(self, *keys, **more):
        return verify_installation(self.desk.config, self.desk.store, keys, **more)

    def problems(self, *keys, **more):
        return [f"{one.file}: {one.problem}" for one in self.verify(*keys, **more).damage]


@pytest.fixture(scope="session")
def sealed_folder(tmp_path_factory, known_template):
    """The installation, made once: tests work on copies."""
    folder = tmp_path_factory.mktemp("sealed") / "here"
    made = Sealed(desk_in_folder(folder, known_template))
    made.bring("first", (HOME, page(SAYS)), (HOME + "two", page(MORE, SAYS)))
    made.desk.store.close()
    ready_store.cache_clear()
    return folder


@pytest.fixture
def sealed(sealed_folder, place):
    shutil.copytree(sealed_folder, place)
    desk = open_desk(load_config(place / "exowatch.toml"), lambda: NOW, False)
    yield Sealed(Import(place, desk))
    desk.store.close()
    ready_store.cache_clear()
