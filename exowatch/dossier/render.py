"""The pages of a dossier: HTML that asks for nothing else, every word of a stranger escaped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from exowatch.dossier.facts import Facts, shown
from exowatch.dossier.gather import Proof
from exowatch.model.pages import Block
from exowatch.seal.manifest import NOTICE

_TAGS = {"heading": "h3", "list-item": "li", "question": "h4", "caption": "p", "cell": "p"}
_SHOWN = (
    ("Sentence", "quote"),
    ("Firm", "trader"),
    ("Registration number", "registration_no"),
    ("Page", "url"),
    ("Title of the page", "page_title"),
    ("Under the headings", "heading_path"),
    ("Where on the page", "zone"),
    ("Shown when the page opens", "visible"),
    ("Who speaks", "speaker"),
    ("Read as", "kinds"),
    ("Stance", "stance"),
    ("Conditions named", "conditions"),
    ("Authorities named", "agencies"),
    ("Status claimed", "status"),
    ("Raised", "raised_at"),
    ("As", "change"),
    ("Wording before", "before"),
    ("State", "state"),
)


def index_page(facts: Facts) -> str:
    """The first page: each flag with its words, its assessment and the facts of its capture."""
    return _render("index.html.j2", facts=shown(facts), rows=_rows)


def readable_copy(proof: Proof, at: str, quotes: Sequence[str], source: str, pictures: Sequence[str]) -> str:
    """The words of one archived page, quotes marked."""
    blocks = [
        {"tag": _TAGS.get(block.kind, "p"), "text": shown(block.text), "label": _label(block)}
        for block in proof.page.blocks
    ]
    return _render(
        "page.html.j2",
        title=shown(proof.page.title or proof.capture.final_url),
        language=proof.page.language,
        url=shown(proof.capture.final_url),
        at=at,
        blocks=blocks,
        quotes=[shown(quote) for quote in quotes],
        source=source,
        pictures=pictures,
    )


def verify_page(facts: Facts, keys: Sequence[str], pieces: Sequence[Any], contents: Sequence[tuple[str, str]]) -> str:
    """How to verify the bundle step by step; ``pieces``: the records, as they stand in its WARC file."""
    return _render("verify.html.j2", facts=shown(facts), keys=keys, pieces=shown(pieces), contents=contents)


def marked(text: str, quotes: Sequence[str]) -> Markup:
    """``text`` escaped, each of ``quotes`` in it marked; where two overlap, the one that begins first."""
    places = sorted((start, start + len(quote)) for quote in quotes if quote for start in _places(text, quote))
    parts, at = list[Markup](), 0
    for start, end in places:
        if start >= at:
            parts += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
            at = end
    return Markup("").join([*parts, escape(text[at:])])


def _places(text: str, quote: str) -> list[int]:
    found, at = list[int](), text.find(quote)
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + len(quote))
    return found


def _rows(flag: Facts) -> list[tuple[str, str]]:
    rows = [(name, _words(flag.get(key))) for name, key in _SHOWN]
    seen = flag["seen"]
    if seen["visits"]:
        rows.append(("Seen so", f"{seen['visits']} times, from {seen['first']} to {seen['last']}"))
    rows += _look_rows(flag.get("looked_at"))
    return [(name, value) for name, value in rows if value]


def _look_rows(look: Facts | None) -> list[tuple[str, str]]:
    """What the newest look by crawler and browser says of the sentence."""
    if look is None:
        return []
    stands = look["sentence_in"]
    words = {
        (True, True): "stands in both",
        (False, False): "stands in neither",
        (False, True): "only the browser shows it: the page as it was sent does not hold it",
        (True, False): "it stands in the page as it was sent, and the browser does not show it",
    }
    said = words[stands["crawler"], stands["browser"]] if stands else f"not compared: {look['lacking'] or 'one look'}"
    return [
        ("Crawler and browser", f"{said} (looked at {look['at']})"),
        ("Pictures of the page", ", ".join(look["pictures"])),
    ]


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _label(block: Block) -> str:
    where = [] if block.zone in ("body", "faq", "pdf") else [block.zone]
    return ", ".join([*where, *(["not shown when the page opens"] if block.hidden else [])])


def _render(name: str, **told: Any) -> str:
    return _templates().get_template(name).render(notice=NOTICE, marked=marked, **told) + "\n"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("exowatch.dossier"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (resources.files("exowatch.dossier") / "templates" / "style.css").read_text("utf-8")
    made.globals["style"] = Markup(style)  # noqa: S704 - our own file
    return made
