"""The landscape as CSV (a line a site, a line a count), as JSON, and as a page with charts that needs no script."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from exowatch.report.compose import COLUMNS, FRAMING, REPRESENTATION, Count, Landscape, Site
from exowatch.unseen import cell, one_line, spelt

STANDING = "Machine reading of public pages; not a finding against anyone."
#: Of a landscape of a past day: what is of that time, and what that cannot be known of.
OF_THEN = (
    "claims, coverage, prices, disclaimers, sites and frames are those of that time; what a page showed before its "
    "features were kept by day counts as having stood there"
)
#: Columns whose values have an order of their own.
_ORDER = {"framing": FRAMING, "regulatory representation": REPRESENTATION}


def as_csv(told: Landscape) -> str:
    """One line a site."""
    rows = [_site_row(site) for site in told.sites]
    return _csv(list(rows[0]) if rows else list(_site_row(_EMPTY)), rows)


def counts_csv(told: Landscape) -> str:
    """One line a frame, column and value."""
    names = ["frame", "column", "value", "sites", "of", "share", "low", "high", "notice"]
    rows = []
    for one in told.counts:
        shares = {"share": round(one.share, 4), "low": round(one.low, 4), "high": round(one.high, 4)}
        rows.append(asdict(one) | shares | {"notice": STANDING})
    return _csv(names, rows)


def as_json(told: Landscape, *, as_of: datetime | None = None) -> str:
    """Everything, as JSON; ``as_of``: with what of it is of that time, and what of now."""
    whole = {
        "note": STANDING,
        **({"as_of": f"{as_of:%Y-%m-%dT%H:%M:%SZ}", "as_of_note": OF_THEN} if as_of else {}),
        "frames": list(told.frames),
        "sites": [asdict(site) for site in told.sites],
        "counts": [asdict(one) | {"share": one.share} for one in told.counts],
    }
    return spelt(json.dumps(whole, ensure_ascii=False, indent=1, default=str))


def as_html(told: Landscape, *, at: datetime, as_of: datetime | None, simulated: bool) -> str:
    """The page: what was looked at, a chart and a table a column, every site below."""
    loader = PackageLoader("exowatch.report")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    charts = [_charts(told, frame["frame"]) for frame in told.frames]
    values: dict[str, Any] = {
        "note": STANDING,
        "frames": [(_shown(frame), _shown(made)) for frame, made in zip(told.frames, charts, strict=True)],
        "sites": [_shown(_site_row(site)) for site in told.sites],
        "at": at,
        "as_of": as_of,
        "of_then": OF_THEN,
        "simulated": simulated,
    }
    return environment.get_template("landscape.html.j2").render(values)


def _charts(told: Landscape, frame: str) -> list[dict[str, Any]]:
    made = []
    for column in COLUMNS:
        counts = [one for one in told.counts if one.frame == frame and one.column == column]
        order = _ORDER.get(column)
        if order:
            counts.sort(key=lambda one: order.index(one.value))
        if counts:
            made.append({"column": column, "counts": counts, "of": counts[0].of, "bars": _bars(counts)})
    return made


def _bars(counts: Sequence[Count]) -> list[dict[str, Any]]:
    """Bars of a chart 700 wide: the share of sites, with its interval as a line."""
    full = 310.0
    return [
        {
            "y": 8 + 30 * place,
            "width": round(full * one.share, 1),
            "low": round(full * one.low, 1),
            "high": round(full * one.high, 1),
            "value": one.value,
            "words": f"{one.sites} of {one.of} ({one.share:.0%})",
        }
        for place, one in enumerate(counts)
    ]


def _site_row(site: Site) -> dict[str, Any]:
    prices = "; ".join(_range(*one) for one in site.prices)
    row = asdict(site) | {"prices": prices, "disclaimers": "present" if site.disclaimers else "absent"}
    told = {name: "; ".join(value) if isinstance(value, (tuple, list)) else value for name, value in row.items()}
    return told | {"notice": STANDING}


def _range(currency: str, low: float, high: float, per: str) -> str:
    amount = f"{low:.10g}" if low == high else f"{low:.10g}–{high:.10g}"
    return f"{amount} {currency}" + (f" a {per}" if per else "")


def _csv(names: Sequence[str], rows: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(names), lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _safe(row[name]) for name in names})
    return text.getvalue()


def _safe(value: Any) -> Any:
    return cell(value) if isinstance(value, str) else value


def _shown(value: Any) -> Any:
    """For a reader's eye: names come from whoever wrote the watchlist, or found it somewhere."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, dict):
        return {name: _shown(part) for name, part in value.items()}
    return [_shown(part) for part in value] if isinstance(value, (list, tuple)) else value


_EMPTY = Site("", "", "", None, "", "", 0, 0, (), (), (), (), (), "none", FRAMING[0], False, 0)
