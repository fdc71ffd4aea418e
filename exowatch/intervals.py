"""How far a share that was counted on some may be off for all: its 95 % interval after Wilson."""

from __future__ import annotations

#: Standard deviations that hold 95 % of a normal distribution.
_Z = 1.96


def wilson(hit: int, n: int) -> tuple[float, float]:
    """(lower, upper) bound of the share ``hit / n``, both within 0 and 1; ``n`` of at least 1.

    Source: Wilson, E. B. (1927), Probable inference, J. Am. Stat. Assoc. 22: the score interval, which holds for
    small counts and for shares of 0 and 1, as the normal one does not.
    """
    share, square = hit / n, _Z * _Z
    middle = share + square / (2 * n)
    width = _Z * ((share * (1 - share) + square / (4 * n)) / n) ** 0.5
    return max(0.0, (middle - width) / (1 + square / n)), min(1.0, (middle + width) / (1 + square / n))
