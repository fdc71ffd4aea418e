"""YAML as people write it: a key that stands twice is a mistake, a day stays text, and every value has a line.

By the C parser where the library carries it (eight times the speed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SAFE):  # type: ignore[misc]  # which of the two is known at run time
    """Days stay text: what is no day (2026-02-30) is then told with its line, as any other value."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the base class declares it so
        letter: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for letter, found in _SAFE.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        lines: dict[str, int] = {}
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name in lines:
                told = f"the key {name!r} stands twice; first in line {lines[name] + 1}"
                raise yaml.constructor.ConstructorError(None, None, told, key.start_mark)
            lines[name] = key.start_mark.line
        return super().construct_mapping(node, deep=deep)


def from_yaml(text: str) -> Any:
    """The values that ``text`` holds. Raises ``yaml.YAMLError``, also where a key stands twice."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader that knows fewer types still


def said(error: yaml.YAMLError) -> tuple[str, int | None]:
    """What is wrong with a text that is no YAML, and in which line."""
    mark = getattr(error, "problem_mark", None)
    words = getattr(error, "problem", None) or " ".join(str(error).split())
    return words if "stands twice" in words else f"not YAML: {words}", mark.line + 1 if mark else None


def line_of(text: str, place: Sequence[int | str]) -> int:
    """The line of the value that ``place`` leads to (keys and positions), or of the last step that is there."""
    node = yaml.compose(text, Loader=_Loader)
    line = 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def misshapen(error: Mapping[str, Any], known: Sequence[str]) -> tuple[str, str]:
    """What a shape's first error says, in the words of whoever wrote the file, and what to do about it."""
    kind = error["type"]
    if kind == "extra_forbidden":
        return "unknown key", f"known keys: {', '.join(known)}"
    if kind == "missing":
        return "this key is missing", f"known keys: {', '.join(known)}"
    if kind == "string_type" and error["input"] is False:
        return "YAML reads NO without quotes as false", 'write it in quotes: "NO"'
    if kind == "string_type" and isinstance(error["input"], (int, float)):
        return "YAML reads this as a number or as yes or no", "text goes in quotes"
    return str(error["msg"]).removeprefix("Value error, "), ""
