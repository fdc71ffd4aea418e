"""WARC files inside a WACZ bundle, each as a file of its own."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

#: Local file header of a ZIP: its length without name and extra field, and where theirs are told.
_HEADER, _LENGTHS = 30, 26
#: Text packs to a tenth; what claims this many times its size is a bomb.
_MOST_PACKED = 200


class _Window(io.RawIOBase):
    """A stretch of another file: ZIP's own reader goes back only by reading all anew."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self._at, self._size)[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        self._file.seek(self._start + self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data


def warcs_in_zip(bundle: zipfile.ZipFile, file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    """Name and contents of each WARC file in the bundle; packed ones are unpacked to disk first.

    Raises zipfile.BadZipFile where an entry is damaged, RuntimeError where it is encrypted or a bomb.
    """
    for entry in bundle.infolist():
        if not entry.filename.lower().endswith((".warc", ".warc.gz")):
            continue
        if entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & 1:
            file.seek(entry.header_offset + _LENGTHS)
            told = file.read(4)
            lengths = int.from_bytes(told[:2], "little") + int.from_bytes(told[2:], "little")
            start = entry.header_offset + _HEADER + lengths
            yield entry.filename, cast(BinaryIO, _Window(file, start, entry.file_size))
        elif entry.file_size > _MOST_PACKED * max(1, entry.compress_size):
            raise RuntimeError(f"{entry.filename} unpacks to {entry.file_size} bytes")
        else:
            with tempfile.TemporaryFile() as plain, bundle.open(entry) as packed:
                problem = None
                try:
                    shutil.copyfileobj(packed, plain)
                except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                    problem = error
                yield entry.filename, cast(BinaryIO, plain)
                if problem is not None:  # what came before the damage was given
                    raise zipfile.BadZipFile(str(problem))
