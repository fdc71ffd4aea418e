"""HTML element names by what they do to a run of text."""

from __future__ import annotations

from typing import Literal

Kind = Literal["heading", "paragraph", "list-item", "cell", "question", "answer", "caption", "button", "meta"]


def _names(line: str) -> frozenset[str]:
    return frozenset(line.split())


HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
#: Elements that begin and end a block. All others stand in a line of text, custom elements (with a hyphen) apart.
BLOCKS = _names(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noscript ol optgroup"
    " option p pre search section select summary table tbody td tfoot th thead tr ul"
)
#: Never text for a reader (fallback words of media elements included: they show only where the element does not work).
SKIPPED = _names(
    "script style template svg iframe head object embed video audio canvas textarea datalist frame noframes"
    " base basefont bgsound link meta title param source track"
)
LISTS = frozenset(("ul", "ol", "menu", "dl"))
BOLD = frozenset(("b", "strong"))
CONTENT = frozenset(("main", "article"))
KINDS: dict[str, Kind] = {
    "li": "list-item",
    "option": "list-item",
    "td": "cell",
    "th": "cell",
    "figcaption": "caption",
    "caption": "caption",
    "button": "button",
}
ROLE_KINDS: dict[str, Kind] = {
    "button": "button",
    "tab": "button",
    "listitem": "list-item",
    "cell": "cell",
    "gridcell": "cell",
    "columnheader": "cell",
    "rowheader": "cell",
}
NAV_ROLES = frozenset(("navigation", "menu", "menubar"))
DIALOG_ROLES = frozenset(("dialog", "alertdialog"))
#: Elements whose name alone changes how the text in them is read.
TELLING = _names(
    "nav footer details summary dl dt dd li td th figcaption caption button option select dialog main article header"
    " blockquote h1 h2 h3 h4 h5 h6"
)
TELLING_ATTRIBUTES = _names(
    "class id role hidden aria-hidden style lang xml:lang itemprop itemtype aria-controls aria-expanded aria-level"
    " data-target data-bs-target data-toggle data-bs-toggle data-elementor-type open href"
)
