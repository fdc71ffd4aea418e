"""Column kinds shared by all tables: UTC times and word lists that read well in any tool."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, MetaData, String, Text
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as ``2026-11-24T06:00:00Z``: sorts as text, and means the same in every tool."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """Short ids as ``efficacy, disease``: readable as it stands, and still a list to the program."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ", ".join(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...]:
        return tuple(value.split(", ")) if value else ()


def time(name: str, comment: str, *, required: bool = False) -> Column[Any]:
    """A UTC time column."""
    return Column(name, UtcTime, nullable=not required, comment=f"{comment} (UTC, ISO 8601)")


def words(name: str, comment: str) -> Column[Any]:
    """A list of short words, never NULL."""
    return Column(name, Words, nullable=False, default=(), comment=f"{comment} (joined by comma and space)")


def text(name: str, comment: str, *, required: bool = False) -> Column[Any]:
    """A text column."""
    return Column(name, Text, nullable=not required, comment=comment)
