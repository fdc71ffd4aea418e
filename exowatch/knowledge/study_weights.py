"""What was learned from labelled abstracts: how much each trait and each word speaks for a design or a direction.

Made by ``python -m exowatch.training_studies`` and shipped beside the rules; what these answer is one of the traits.
"""

from __future__ import annotations

import functools
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from exowatch.errors import KnowledgeError

FILE = Path(__file__).with_name("study_weights.npz")
Table = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True, eq=False)
class StudyWeights:
    """One table; rows are traits and then words, columns the answers of every question in turn."""

    heads: dict[str, tuple[str, ...]]
    """Question (design, subjects, direction) → its answers."""
    rows: dict[str, int]
    """Trait or word (behind a blank) → its row."""
    rarity: Table
    """By row: how rare a word is among abstracts (inverse document frequency); 1 for traits."""
    table: Table
    bias: Table
    number_rows: dict[str, int]
    """Trait of a number (``extract/study/numbered``) → its row."""
    numbers: Table
    """How much each of these speaks for the number being that of the people; the last one: for any number."""
    trained_on: str

    def as_bytes(self) -> bytes:
        """As it is shipped."""
        out = io.BytesIO()
        facts = json.dumps(
            {
                "heads": self.heads,
                "rows": list(self.rows),
                "number_rows": list(self.number_rows),
                "trained_on": self.trained_on,
            }
        )
        half = {name: getattr(self, name).astype(np.float16) for name in _TABLES}
        np.savez_compressed(out, facts=np.frombuffer(facts.encode(), np.uint8), **half)
        return out.getvalue()


_TABLES = ("rarity", "table", "bias", "numbers")


def study_weights_from(data: bytes, file: str) -> StudyWeights:
    """Weights as shipped. KnowledgeError where the file is none of ours."""
    try:
        kept = np.load(io.BytesIO(data), allow_pickle=False)
        facts = json.loads(kept["facts"].tobytes())
        tables = {name: np.ascontiguousarray(kept[name], np.float32) for name in _TABLES}
        heads = {head: tuple(answers) for head, answers in facts["heads"].items()}
        rows, number_rows = ({name: place for place, name in enumerate(facts[one])} for one in ("rows", "number_rows"))
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as error:
        remedy = "run `python -m exowatch.training_studies` (docs/evaluating.md)"
        raise KnowledgeError(f"no weights: {error}", file=file, remedy=remedy) from None
    return StudyWeights(heads=heads, rows=rows, number_rows=number_rows, trained_on=facts["trained_on"], **tables)


@functools.cache
def shipped_study_weights() -> StudyWeights:
    """Those beside this module, read when a study is first read."""
    return study_weights_from(FILE.read_bytes(), FILE.name)
