"""What to write instead, of mistakes in ``exowatch.toml`` that the readers of TOML and of sections tell otherwise."""

from __future__ import annotations

import re
from typing import Any

#: Where no word of ours fits.
SEE_DOCS = "docs/configuration.md has every key"
_PLAIN_TOML = "text goes in quotes, lists in [ ], one key a line"
_TWICE = re.compile(r"Cannot declare \((?P<path>.*?),?\) twice|Cannot overwrite a value")
#: What a value of this kind looks like, by what pydantic calls an error.
_LOOKS = {
    "int": ("a whole number is wanted", "write a number without quotes, as {key} = 5"),
    "float": ("a number is wanted", "write a number without quotes and without a unit, as {key} = 2.5"),
    "bool": ("true or false is wanted", "write {key} = true, without quotes"),
    "string": ("a text is wanted", 'write it in quotes, as {key} = "…"'),
}


def of_toml(said: str) -> tuple[str, str]:
    """Problem and remedy, from what the reader of TOML says."""
    found = _TWICE.search(said)
    if found is None:
        return f"not TOML: {said}", _PLAIN_TOML
    if found["path"] is None:
        return f"a key stands there twice: {said}", "keep one of the two lines"
    name = ".".join(re.findall(r"'([^']*)'", found["path"]))
    return (
        f"the table [{name}] stands there twice: {said}",
        f"put all keys under the first [{name}] and take the second away (only lists as [[digest.recipients]] are "
        "begun anew for each)",
    )


def of_shape(kind: str, given: Any, path: list[str]) -> tuple[str, str] | None:
    """Problem and remedy where a value is of another kind than wanted (``kind``: pydantic's name of the error); None
    where its own words do."""
    key = path[-1]
    if kind in ("tuple_type", "list_type"):
        if isinstance(given, dict):
            name = ".".join(path)
            return (
                "a list of tables is wanted, and this is one table",
                f"write [[{name}]] with two brackets, once for each",
            )
        return (
            "a list is wanted",
            f"write {key} = [{_listed(given)}]: in brackets, texts in quotes, commas between them",
        )
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        name = ".".join(part for part in path if not part.isdecimal())
        if path[-1].isdecimal():
            return "a table is wanted", f"write [[{name}]] with two brackets, once for each, and its keys below"
        return "a table is wanted", f"write [{name}] with one bracket, once, and its keys below"
    looks = next((words for begin, words in _LOOKS.items() if kind.startswith(f"{begin}_")), None)
    if looks is None or not kind.endswith(("_type", "_parsing")):
        return None
    return looks[0], looks[1].format(key=key)


def _listed(given: Any) -> str:
    """A short plain text as it would stand in a list, so that it can be copied; else only the form."""
    if isinstance(given, str) and re.fullmatch(r"[\w.:, -]{1,40}", given):
        return ", ".join(f'"{part}"' for part in re.split(r"[,\s]+", given) if part)
    return '"…"'
