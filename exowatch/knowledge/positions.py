"""What regulators hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from exowatch.codes import place_code
from exowatch.errors import KnowledgeError
from exowatch.knowledge.schema import Position
from exowatch.model.findings import Status
from exowatch.yaml_text import from_yaml, line_of, misshapen, said


class _PositionForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Annotated[str, Field(min_length=1)]
    agency: str
    jurisdiction: str
    status: Status
    words: str
    url: Annotated[str, Field(pattern=r"^https?://")]
    dated_on: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    checked: Literal["text_read", "reported", "unchecked"]

    @field_validator("jurisdiction")
    @classmethod
    def _place(cls, value: str) -> str:
        return place_code(value)


def read_positions(path: Path, text: str) -> tuple[Position, ...]:
    """The positions in a file's text. KnowledgeError where one is misshapen or stands twice."""
    found = _read(path, text, TypeAdapter(list[_PositionForm]), list(_PositionForm.model_fields))
    seen: set[str] = set()
    for place, one in enumerate(found):
        if one.id in seen:
            line = line_of(text, (place, "id"))
            raise KnowledgeError(
                "two positions have this id", file=str(path), line=line, key=one.id, remedy="rename one"
            )
        seen.add(one.id)
    return tuple(Position(**one.model_dump()) for one in found)


def _read(path: Path, text: str, shape: TypeAdapter[Any], known: list[str]) -> Any:
    try:
        return shape.validate_python(from_yaml(text))
    except yaml.YAMLError as error:
        problem, line = said(error)
        raise KnowledgeError(problem, file=str(path), line=line, remedy="check indent, quotes and keys") from None
    except ValidationError as error:
        first = error.errors()[0]
        problem, remedy = misshapen(first, known)
        where = first["loc"]
        raise KnowledgeError(
            problem,
            file=str(path),
            line=line_of(text, where),
            key=".".join(map(str, where)),
            remedy=remedy or f"known keys: {', '.join(known)}",
        ) from None
