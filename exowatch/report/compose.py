"""Rows of the database → the landscape: one line a site, and counts of sites by each column, frame by frame. Pure.

The columns are those of the published content analyses of this market (docs/landscape.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exowatch.intervals import wilson
from exowatch.knowledge.indications import OTHER, indication_groups
from exowatch.report.money import price_in

Row = Mapping[str, Any]
NO_FRAME = "(none)"
#: From least to most; a site counts by its strongest claim.
FRAMING = (
    "no claim of effect",
    "investigational",
    "possible benefit",
    "improvement",
    "treatment of disease",
    "cure or certainty",
)
REPRESENTATION = ("none", "accurate", "unclear", "inaccurate")
_FAVOURABLE = ("approved", "cleared", "registered", "compliant")


@dataclass(frozen=True, slots=True)
class Site:
    """One site as the table shows it."""

    frame: str
    source: str
    name: str
    trader: str | None
    country: str
    state: str
    """read, no claim, not read, cut off."""
    pages: int
    claims: int
    declared_source: tuple[str, ...]
    route: tuple[str, ...]
    indications: tuple[str, ...]
    prices: tuple[tuple[str, float, float, str], ...]
    """Currency (``*``: assumed from the country, since several use its sign), lowest, highest, and what that buys
    (session, course, month …; empty: the words do not say)."""
    evidence_offered: tuple[str, ...]
    representation: str
    framing: str
    disclaimers: bool
    unsupported: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many sites of a frame have a value in a column, with the share's 95 % interval after Wilson."""

    frame: str
    column: str
    value: str
    sites: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Of the sites with a claim."""
        return self.sites / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Landscape:
    """The whole table."""

    sites: tuple[Site, ...]
    counts: tuple[Count, ...]
    frames: tuple[dict[str, Any], ...] = field(default_factory=tuple)
    """Frame by frame: id, what it is, n sites, traders, no claim, not read, cut off."""


#: Column → values of a site.
COLUMNS: dict[str, Callable[[Site], Iterable[str]]] = {
    "country": lambda site: (site.country,),
    "declared source": lambda site: site.declared_source or ("undisclosed",),
    "route": lambda site: site.route or ("unstated",),
    "indication group": lambda site: site.indications or ("none named",),
    "price shown": lambda site: _values(f"in {currency}" for currency, *_ in site.prices) or ("no price",),
    "price is for": lambda site: _values(per or "not said" for *_, per in site.prices) or ("no price",),
    "evidence offered": lambda site: site.evidence_offered or ("none",),
    "regulatory representation": lambda site: (site.representation,),
    "framing": lambda site: (site.framing,),
    "disclaimers": lambda site: ("present" if site.disclaimers else "absent",),
}


def compose(rows: Mapping[str, Sequence[Row]]) -> Landscape:
    """``rows`` as ``store.read_landscape`` gives them."""
    claims, features = _by(rows["claims"], "source"), _by(rows["features"], "source")
    coverage = {row["source"]: row for row in rows["coverage"]}
    sites = tuple(
        _site(row, claims.get(row["id"], ()), features.get(row["id"], ()), coverage.get(row["id"]))
        for row in sorted(rows["sources"], key=lambda row: (row["frame"] or NO_FRAME, row["jurisdiction"], row["id"]))
    )
    known = {row["id"]: row for row in rows["frames"]}
    names = _frames(sites)
    frames = tuple(_frame(name, [site for site in sites if site.frame == name], known.get(name)) for name in names)
    return Landscape(sites, tuple(_counts(sites)), frames)


def _site(row: Row, claims: Sequence[Row], features: Sequence[Row], visit: Row | None) -> Site:
    own = [claim for claim in claims if claim["stance"] in ("asserted", "hedged")]
    groups = indication_groups()
    return Site(
        frame=row["frame"] or NO_FRAME,
        source=row["id"],
        name=row["name"],
        trader=row["trader"],
        country=row["jurisdiction"],
        state=_state(row, own, visit),
        pages=row["pages"],
        claims=len({claim["lineage_id"] for claim in own}),
        declared_source=_values(claim["source_material"] for claim in own if claim["source_material"] != "unstated"),
        route=_values(claim["route"].replace("_", " ") for claim in own if claim["route"] not in ("unstated", "other")),
        indications=_values(groups.get(one, OTHER) for claim in own for one in claim["conditions"]),
        prices=_prices((one["text"] for one in features if one["feature"] == "prices"), row["jurisdiction"]),
        evidence_offered=_values(one for claim in own for one in claim["evidence_offered"]),
        representation=_representation(claims),
        framing=max((_framing(claim) for claim in own), key=FRAMING.index, default=FRAMING[0]),
        disclaimers=any(one["feature"] == "disclaimers" for one in features),
        unsupported=len({c["lineage_id"] for c in own if c["verdict"] in ("unsupported", "contradicted")}),
    )


def _state(row: Row, claims: Sequence[Row], visit: Row | None) -> str:
    if not row["pages"]:
        return "not read"
    if visit is not None and visit["verdict"] != "complete":
        return "cut off"
    return "read" if claims else "no claim"


def _representation(claims: Sequence[Row]) -> str:
    """What the site says of regulators: denials are accurate, what a regulator denies is inaccurate."""
    told = [claim for claim in claims if "regulatory" in claim["kinds"] or claim["status"]]
    if not told:
        return "none"
    own = [claim for claim in told if claim["stance"] in ("asserted", "hedged")]
    if any(claim["verdict"] == "contradicted" and claim["status"] in _FAVOURABLE for claim in own):
        return "inaccurate"
    if any(claim["status"] in _FAVOURABLE for claim in own):
        return "unclear"
    denies = any(claim["status"] == "not_approved" or claim["stance"] == "negated" for claim in told)
    return "accurate" if denies else "unclear"


def _framing(claim: Row) -> str:
    if "guarantee" in claim["kinds"] or claim["strength"] >= 5:
        return "cure or certainty"
    if claim["status"] == "trial" or claim["framing"] == "investigational":
        return "investigational"
    if claim["stance"] == "hedged":
        return "possible benefit"
    if "disease" in claim["kinds"]:
        return "treatment of disease"
    effect = {"efficacy", "superiority", "mechanism", "testimonial"} & set(claim["kinds"])
    return "improvement" if effect else "no claim of effect"


def _prices(texts: Iterable[str], country: str) -> tuple[tuple[str, float, float, str], ...]:
    """Ranges by currency and what they buy; ``*`` behind a currency that was assumed from the country."""
    found: dict[tuple[str, str], list[float]] = {}
    for text in texts:
        if price := price_in(text, country):
            name = (f"{price.currency}{'*' if price.assumed else ''}", price.per or "")
            found.setdefault(name, []).extend(one for one in (price.amount, price.high) if one)
    return tuple((name, min(amounts), max(amounts), per) for (name, per), amounts in sorted(found.items()))


def _values(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({one for one in found if one}))


def _by(rows: Sequence[Row], name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def _frames(sites: Sequence[Site]) -> list[str]:
    return sorted({site.frame for site in sites})


def _frame(name: str, sites: Sequence[Site], known: Row | None) -> dict[str, Any]:
    states = [site.state for site in sites]
    return {
        "frame": name,
        "described": known["body"] if known else None,
        "sites": len(sites),
        "traders": len({site.trader or site.source for site in sites}),
        **{state.replace(" ", "_"): states.count(state) for state in ("read", "no claim", "not read", "cut off")},
    }


def _counts(sites: Sequence[Site]) -> Iterable[Count]:
    for frame in _frames(sites):
        mine = [site for site in sites if site.frame == frame and site.claims]
        for column, values_of in COLUMNS.items():
            counts: dict[str, int] = {}
            for site in mine:
                for value in values_of(site):
                    counts[value] = counts.get(value, 0) + 1
            for value, n in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
                yield Count(frame, column, value, n, len(mine), *wilson(n, len(mine)))
