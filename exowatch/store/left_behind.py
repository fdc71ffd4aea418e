"""An archive whose database is gone: a new one beside it would know nothing of what was read, sent and decided."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url

from exowatch.errors import WrongStoreError

#: What every run leaves in an archive folder: answers, and signed manifests of them.
_KEPT = ("*.warc.gz", "*.warc", "manifests/*.jsonl", "manifests/*.sig")


def refuse_left_behind(archive: Path, url: str) -> None:
    """WrongStoreError where ``archive`` holds a record though there is nothing in the database at ``url``.

    Folders without files are no record. To be asked before a database is made: rows made anew would not be those that
    were signed, and every letter would go out again.
    """
    kept = next((file for pattern in _KEPT for file in archive.glob(pattern)), None)
    if kept is None:
        return
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    place = parsed.database if sqlite else parsed.render_as_string(hide_password=True)
    raise WrongStoreError(
        f"the database {place} is missing or empty, and the archive {archive} holds a record of before "
        f"({kept.name}); nothing was made or changed\n"
        "  a new database would not know what was read, sent and decided: letters would go out again, and what was "
        "signed would count as changed\n"
        "  remedy: check [database] url and [archive] dir; put back a copy of the database (docs/running.md, "
        '"Backing up"), or make a new folder with `exowatch init` and there `exowatch import` the old archive'
    )
