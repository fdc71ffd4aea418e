"""What the system asks of the scheduler by signals: to end (TERM, INT), to read its files again (HUP)."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from exowatch.schedule.serve import Asked

_MEANING: dict[int, Asked] = {signal.SIGTERM: "end", signal.SIGINT: "end", signal.SIGHUP: "reread"}


@contextmanager
def signals() -> Iterator[Callable[[float], Asked | None]]:
    """Waits so many seconds at most for a signal, and says what it asks; only in the main thread.

    Children of ours are not told: a signal to all of our group reaches us first, and we end them in good order.
    """
    read, write = os.pipe()
    os.set_blocking(write, False)

    def heard(number: int, _frame: Any) -> None:
        os.write(write, bytes([number]))

    before = {number: signal.signal(number, heard) for number in _MEANING}

    def asked(seconds: float) -> Asked | None:
        ready, _, _ = select.select([read], [], [], seconds)
        return _MEANING[os.read(read, 1)[0]] if ready else None

    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(read)
        os.close(write)
