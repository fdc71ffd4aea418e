"""Places and languages as people type them: in any letters, checked before anything is done."""

from __future__ import annotations

from collections.abc import Callable

import click

from exowatch.codes import language_code, place_code


class _Code(click.ParamType):  # type: ignore[type-arg]  # older versions of Click take none
    def __init__(self, name: str, read: Callable[[str], str]) -> None:
        self.name, self._read = name, read

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code as we keep it."""
        try:
            return self._read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


PLACE = _Code("place", place_code)
LANGUAGE = _Code("language", language_code)
#: Number of a row, as far as a database counts.
NUMBER = click.IntRange(1, 2**31 - 1)
