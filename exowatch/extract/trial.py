"""Rules on trial: a file that a person may accept, loaded with the whole set as if it lay in the local folder."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import yaml

from exowatch.errors import KnowledgeError
from exowatch.extract.proof import mistakes_in
from exowatch.knowledge.forms import rule_forms
from exowatch.knowledge.load import Knowledge, law_files, load_knowledge, local_files, rule_file_text
from exowatch.knowledge.regulation import is_law
from exowatch.yaml_text import from_yaml


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a file on trial."""

    rules: tuple[str, ...]
    """Ids in it; none for a file of provisions of law, which are proven as it loads."""
    mistakes: tuple[KnowledgeError, ...]
    """Examples that fail, each with its line. The rest of the set loads with the file."""
    also_in: Mapping[str, str]
    """Rules of it that stand in another local file too → that file: there they have to be taken out."""


def try_file(file: Path, local: Path | None) -> Tried:
    """Load ``file`` over the shipped rules and those of ``local``, in the place of what has the same name or ids there.

    KnowledgeError where the set would not load with it. Nothing is changed.
    """
    if file.suffix != ".yml":
        raise KnowledgeError("rules stand in files that end in .yml", file=str(file), remedy="name it so")
    text = rule_file_text(file)
    found = [] if is_law(file.name) else list(rule_forms(file, text))
    if not found and not is_law(file.name):
        raise KnowledgeError("holds no rule", file=str(file), remedy="`exowatch knowledge propose FLAG` writes some")
    ids = {one.form.id for one in found}
    ours = {path.name: rule_file_text(path) for path in (*local_files(local), *law_files(local))} if local else {}
    others = {name: held for name, held in ours.items() if name != file.name}
    try:
        load_with({file.name: text}, others)
    except KnowledgeError as error:
        if error.file is None or Path(error.file).name != file.name:
            raise
        raise KnowledgeError(
            error.problem, file=str(file), line=error.line, key=error.key, remedy=error.remedy
        ) from None
    also = {id_: name for name, held in others.items() for id_ in ids if id_ in _ids(name, held)}
    mistakes = [mistake for one in found if not one.form.disable for mistake in mistakes_in(one)]
    return Tried(tuple(one.form.id for one in found), tuple(mistakes), also)


def load_with(new: Mapping[str, str], ours: Mapping[str, str]) -> Knowledge:
    """The shipped rules with local files ``ours`` and ``new`` over them (name → text); rules of ``new`` take the place
    of those of the same id. Kept for nobody. KnowledgeError where that does not load."""
    ids = {id_ for name, text in new.items() for id_ in _ids(name, text)}
    with tempfile.TemporaryDirectory() as place:
        for name, text in ours.items():
            (Path(place) / name).write_text(_without(text, name, ids), encoding="utf-8")
        for name, text in new.items():
            (Path(place) / name).write_text(text, encoding="utf-8")
        loaded: Knowledge = load_knowledge.__wrapped__(Path(place))
    return loaded


def _rows(name: str, text: str) -> list[dict[str, object]]:
    rows = None if is_law(name) else from_yaml(text)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _ids(name: str, text: str) -> set[str]:
    return {str(row.get("id")) for row in _rows(name, text)}


def _without(text: str, name: str, ids: Set[str]) -> str:
    rows = _rows(name, text)
    if not any(row.get("id") in ids for row in rows):
        return text
    return yaml.safe_dump([row for row in rows if row.get("id") not in ids], allow_unicode=True)
