"""Groups of conditions, for counting (``indications.yml``)."""

from __future__ import annotations

import functools
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from exowatch.errors import KnowledgeError
from exowatch.yaml_text import from_yaml

FILE = Path(__file__).with_name("indications.yml")
OTHER = "other"


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    group: str
    conditions: tuple[str, ...]


@functools.cache
def indication_groups() -> dict[str, str]:
    """Condition → its group. KnowledgeError where a condition stands in two."""
    try:
        groups = TypeAdapter(list[_Group]).validate_python(from_yaml(FILE.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise KnowledgeError(error.errors()[0]["msg"], file=str(FILE), remedy="group and conditions a line") from None
    found: dict[str, str] = {}
    for one in groups:
        for condition in one.conditions:
            if condition in found:
                raise KnowledgeError(f"{condition} stands in two groups", file=str(FILE), remedy="leave one")
            found[condition] = one.group
    return found
