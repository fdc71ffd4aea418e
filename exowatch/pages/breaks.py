"""Lines parted by ``<br>``: are they lines of their own, as in a list without its tags, or one text wrapped by hand?"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

#: Signs that lists are drawn with where nobody used a list.
_BULLETS = "•●▪◦‣·・○◆■□✓✔☑✅✦★☆➤►▶–—-*①②③④⑤⑥⑦⑧⑨⑩"
_OPENING = "\"'“”„«»‘’([¿¡「『"
#: A line that ends with one of these goes on in the next.
_OPEN_ENDS = (",", "، ", "،", "、", "，", "(", "/", "&", "+")
#: Letters of a small word ("with", "und", "de la") that no line of a list ends with.
_SMALL_WORD = 4


def own_lines(lines: Sequence[str]) -> bool:
    """Each of the lines begins as a sentence or an item does, and none but the last ends in the middle of one.

    Where a script has no capitals (Chinese, Japanese, Korean, Arabic …) only a bullet or a number begins a line, or the
    end of the sentence before: there lines are wrapped by hand more often than listed.
    """
    for before, line in itertools.pairwise(lines):
        if not _begins(line, after=before) or _goes_on(before):
            return False
    return len(lines) > 1


def _begins(line: str, after: str) -> bool:
    first = line.lstrip(_OPENING)[:1]
    if first.isupper() or first.isdigit() or first in _BULLETS:
        return True
    return bool(first) and not first.islower() and after.endswith(("。", "！", "？", ".", "!", "?", "؟"))


def _goes_on(line: str) -> bool:
    if line.endswith(_OPEN_ENDS):
        return True
    last = line.rsplit(None, 1)[-1]
    return last.islower() and last.isalpha() and len(last) < _SMALL_WORD
