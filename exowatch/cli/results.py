"""Standard output that says itself why it failed, whichever library wrote to it."""

from __future__ import annotations

import io
import sys
from typing import Any

from exowatch.errors import OutputError


class ReaderGone(Exception):
    """Whoever read our output has enough (``| head``): the command ends, and nothing is said about it."""


def tell_failures() -> None:
    """From here on a write to standard output that fails raises ReaderGone or OutputError.

    Click and Rich each have their own idea of a closed pipe, and the interpreter ends with a traceback when the last
    letters cannot be written. None of them has a word for a full disk.
    """
    given = sys.stdout
    if isinstance(given, io.TextIOWrapper):
        raw = getattr(given.buffer, "raw", given.buffer)  # unbuffered, there is nothing between
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(_Told(raw)),
            encoding=given.encoding,
            errors="backslashreplace" if given.errors == "strict" else given.errors,
            line_buffering=given.line_buffering,
            write_through=given.write_through,
        )


class _Told(io.RawIOBase):
    """The bytes under standard output."""

    def __init__(self, raw: Any) -> None:
        self._raw, self._failed = raw, False

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return bool(self._raw.isatty())

    def fileno(self) -> int:
        return int(self._raw.fileno())

    def write(self, data: Any) -> int | None:
        if self._failed:  # what was held back when it failed comes once more at the end
            return len(data)
        try:
            written = self._raw.write(data)
            return None if written is None else int(written)  # None: nothing could be written just now
        except BrokenPipeError:
            self._failed = True
            raise ReaderGone from None
        except OSError as error:
            self._failed = True
            raise OutputError(
                f"the results cannot be written: {error.strerror}", remedy="make room there, or write to another place"
            ) from None
