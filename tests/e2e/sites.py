"""Clinic pages of the tests' own writing."""

from __future__ import annotations

from tests.e2e.web import Answer, html

CLAIMS = (
    "Our exosome serum reduces fine lines within two weeks.",
    "Exosomes regrow hair on thinning scalps.",
    "Exosome therapy is completely safe and has no side effects.",
    "Exosome injections relieve knee arthritis for good.",
    "Exosomes may help calm rosacea.",
    "Our exosomes repair scars that nothing else could repair.",
)


def page(title: str, sentences: list[str], links: list[str] = ()) -> str:  # type: ignore[assignment]
    """A clinic page: menu, prose, links onwards, footer."""
    told = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    onwards = "".join(f'<li><a href="{link}">Read about exosomes: {link}</a></li>' for link in links)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        '<header><nav><a href="/">Home</a></nav></header>'
        f"<main><h1>{title}</h1><p>At our clinic we have offered exosome treatments to patients since spring.</p>{told}"
        "<p>Every treatment begins with a talk of half an hour, in which a doctor looks at skin and history.</p>"
        f"<ul>{onwards}</ul></main><footer><p>Open Monday to Friday.</p></footer></body></html>"
    )


def clinic(pages: int = 12) -> dict[str, Answer]:
    """A small site: a home page that links to ``pages`` treatment pages, each with claims of its own."""
    links = [f"/exosomes/{n}" for n in range(pages)]
    site = {"/": html(page("Exosome clinic", [CLAIMS[0]], links))}
    for n, link in enumerate(links):
        own = f"In room {n} our exosome facial makes the skin of guest {n} firmer and brighter."
        site[link] = html(page(f"Exosomes {n}", [CLAIMS[n % len(CLAIMS)], own], ["/"]))
    return site
