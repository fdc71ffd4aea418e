"""Rows of the views in the shapes of the listings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]


def _flag(row: Row) -> Row:
    return _without(
        row
        | {
            "context": {"paragraph": row["context"], "heading_path": row["heading_path"]},
        },
        "heading_path",
        "left_censored",
        "fit_captures",
        "last_fit_at",
        "lineage_state",
        "absent_since",
        "frame",
        "tags",
    )


def _claim(row: Row) -> Row:
    told = row | {
        "conditions": row["conditions_full"],
        "intervention": {
            "source": row["source_material"],
            "cells": row["cells"],
            "material": row["material"],
            "route": row["route"],
            "product": row["product"],
        },
        "reasons": row["reasons"] or [],
    }
    return _without(
        told, "conditions_full", "source_material", "cells", "material", "route", "product", "lineage_state"
    )


def _statement(row: Row) -> Row:
    told = row | {"jurisdiction": row["about_jurisdiction"], "source_jurisdiction": row["jurisdiction"]}
    return _without(told, "about_jurisdiction", "lineage_state")


def _study(row: Row) -> Row:
    # another source, or a notice, may call it retracted
    told = row["body"] | {k: v for k, v in row.items() if k not in row["body"] or k in ("source", "retracted")}
    return _without(told, "body")


def _change(row: Row) -> Row:
    return _without(row, "tags", "frame", "source_kind")


def _review(row: Row) -> Row:
    return _without(row, "tags", "frame", "source_kind", "kinds", "conditions", "agencies", "zone", "audience")


def _without(row: Row, *names: str) -> Row:
    return {key: value for key, value in row.items() if key not in names}


SHAPES: dict[str, Callable[[Row], Row]] = {
    "flags": _flag,
    "claims": _claim,
    "statements": _statement,
    "studies": _study,
    "changes": _change,
    "reviews": _review,
}
