"""Names by which things meet: a wording of the same words, whatever rules read them; what an agency says."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SIGNS = re.compile(r"[\W_]+")
#: How the key of what an agency says begins, among the keys that claims and evidence are about.
OF_AGENCY = "position:"
#: A bare answer, whose key is that of its question and itself: "Yes." says on every page another thing.
ANSWER = re.compile(
    r"^(yes|no|absolutely|of course|certainly|sí|si|oui|ja|nein|non|да|нет|はい|네|是的)\b[\w\s,!]{0,30}[.!]?$", re.I
)
_ITEM = re.compile(r"^\W*\d{1,2}[.)]\s+")


def normalised(text: str) -> str:
    """``text`` in NFKC, case-folded, without letters that are not seen, with runs of whitespace as one space."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():
        plain = "".join([letter for letter in plain if unicodedata.category(letter) != "Cf"])
    return " ".join(plain.casefold().split())


def letters(text: str) -> str:
    """The letters and digits of ``text`` alone: what is left when quotes, dashes, spaces and the number of a list's
    item may differ.
    """
    return _SIGNS.sub("", _ITEM.sub("", normalised(text)))


def wording_key(quote: str) -> str:
    """The key of a claim or statement: SHA-256 (hex) of the normalised quote.

    Never of slots, URL or rules, so that a key survives a change of knowledge and joins the same sentence
    across pages and sites.
    """
    return hashlib.sha256(normalised(quote).encode("utf-8", "surrogatepass")).hexdigest()


def position_key(agency: str) -> str:
    """The key under which an agency's position is held, and asked for by a claim that names the agency."""
    return f"{OF_AGENCY}{agency}"
