"""A page of given sentences, read as the program reads it."""

from datetime import UTC, datetime

from exowatch.assess import assess
from exowatch.extract.findings import findings
from exowatch.knowledge.load import load_knowledge
from exowatch.model.sources import Source
from exowatch.pages.page import read_page

KNOWLEDGE = load_knowledge()


def read(*sentences, title="Exosome therapy", kind="clinic", language="en"):
    """Findings of a page with one paragraph a sentence."""
    body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    html = (
        f'<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'
    )
    page = read_page(
        html.encode("utf-8", "surrogatepass"),
        url="https://a.example/",
        content_type="text/html; charset=utf-8",
        status=200,
        truncated=None,
        fitness=KNOWLEDGE.fitness,
    )
    return page, findings(page, Source("a", "a", kind, "IE", ("https://a.example/",)), KNOWLEDGE)


def claim_of(sentence, **facts):
    """The one claim of a sentence in the body; None where there is none."""
    _, found = read(sentence, **facts)
    return next((claim for claim in found.claims if claim.zone != "title"), None)


def judged(sentence, attitude="promotes", kind="clinic", evidence=(), search=None, **facts):
    """Its assessment."""
    claim = claim_of(sentence, **facts)
    assert claim is not None, sentence
    source = Source("a", "a", kind, "IE", ("https://a.example/",))
    return assess(
        claim,
        source=source,
        kind=kind if kind in ("journal", "regulator") else "clinic",
        attitude=attitude,
        jurisdiction="IE",
        evidence=evidence,
        search=search,
        knowledge=KNOWLEDGE,
        as_of=datetime(2026, 11, 24, tzinfo=UTC),
    )
