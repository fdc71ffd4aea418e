"""What was learned from labelled pages: how much each mark and each row of letters speaks for a reading.

Made by ``python -m exowatch.training`` and shipped beside the rules; a set of rules and its weights have one digest.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

import numpy as np

from exowatch.errors import KnowledgeError
from exowatch.knowledge.trees import Trees, trees_from

Table = np.ndarray[Any, np.dtype[np.float32]]
#: Readings of every sentence; what its neighbours and the page's mean add to it; readings of the page as a whole.
SENTENCE_HEADS = ("claim",)
CONTEXT_HEADS = ("claim after", "claim before", "claim on page")
PAGE_HEADS = ("promotes", "criticises", "other things")
KIND_HEADS = (
    "kind:efficacy",
    "kind:disease",
    "kind:safety",
    "kind:superiority",
    "kind:guarantee",
    "kind:mechanism",
    "kind:regulatory",
    "kind:testimonial",
)
STANCE_HEADS = ("stance:asserted", "stance:hedged", "stance:negated", "stance:attributed", "stance:question")
STATUS_HEADS = (
    "status:approved",
    "status:not_approved",
    "status:registered",
    "status:compliant",
    "status:trial",
    "status:warning",
    "status:banned",
    "status:other",
)
CLAIM_HEADS = (*KIND_HEADS, *STANCE_HEADS, *STATUS_HEADS, "marketing", "low")
FIRST = (*SENTENCE_HEADS, *PAGE_HEADS)
FIRST_GRAMS = (*FIRST, *CONTEXT_HEADS)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Two sets of tables: for every sentence (``first``), and for claims only (``then``); rows are marks or letters.

    Columns: FIRST of ``first_marks`` and ``first_bias``, FIRST_GRAMS of ``first_grams``, CLAIM_HEADS of ``then_…``.
    """

    first_marks: Table
    first_grams: Table
    first_bias: Table
    then_marks: Table
    then_grams: Table
    then_bias: Table
    roles: tuple[str, ...]
    """Roles in the order that the marks were numbered by."""
    claim_cut: float
    """Probability from which a sentence is read as a claim."""
    trained_on: str
    """How many pages and sentences, and when."""
    claim_trees: Trees | None = None
    """A claim or none, weighed with its page (``exowatch.extract.again``); None: the tables alone."""
    own_trees: Trees | None = None
    """The page's own promise or not."""

    def as_bytes(self) -> bytes:
        """As it is shipped."""
        out = io.BytesIO()
        tables = {name: getattr(self, name).astype(np.float16) for name in _TABLES}
        for name in _TREES:
            trees = getattr(self, name)
            tables |= trees.tables(name) if trees else {}
        facts = json.dumps({"roles": self.roles, "claim_cut": self.claim_cut, "trained_on": self.trained_on})
        np.savez_compressed(out, facts=np.array(facts), **tables)
        return out.getvalue()


_TREES = ("claim_trees", "own_trees")
_TABLES = ("first_marks", "first_grams", "first_bias", "then_marks", "then_grams", "then_bias")


def weights_from(data: bytes, file: str) -> Weights:
    """Weights as shipped. KnowledgeError where the file is none of ours."""
    try:
        kept = np.load(io.BytesIO(data), allow_pickle=False)
        facts = json.loads(str(kept["facts"]))
        tables = {name: np.ascontiguousarray(kept[name], np.float32) for name in _TABLES}  # rows lie together
        claim_trees, own_trees = [trees_from(kept, name) if f"{name}.facts" in kept else None for name in _TREES]
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as error:
        raise KnowledgeError(f"no weights: {error}", file=file, remedy="run `python -m exowatch.training`") from None
    return Weights(
        **tables,
        roles=tuple(facts["roles"]),
        claim_cut=facts["claim_cut"],
        trained_on=facts["trained_on"],
        claim_trees=claim_trees,
        own_trees=own_trees,
    )
