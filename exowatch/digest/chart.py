"""The chart of a letter: flags raised on each of the last 30 days, as one small picture, and the same in words."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from exowatch.model.readings import SEVERITIES

Days = Sequence[tuple[str, tuple[int, ...]]]
#: Twice the size that it is shown in, so that it is sharp on a phone.
_WIDTH, _HEIGHT, _LEFT, _TOP, _FOOT = 1200, 240, 64, 14, 40
_INK, _LINE, _PAPER = "#56606a", "#c9ced3", "#ffffff"
#: As the letter's badges, gravest first.
_COLOURS = ("#8a1c1c", "#c26a12", "#3d5a80", "#a9b2ba")


def drawn(days: Days) -> bytes:
    """A bar a day, its severities one on the other, gravest at the foot; PNG."""
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    pen, letters = ImageDraw.Draw(picture), ImageFont.load_default(size=22)
    most = max((sum(counts) for _, counts in days), default=0) or 1
    floor, room = _HEIGHT - _FOOT, _HEIGHT - _FOOT - _TOP
    step = (_WIDTH - _LEFT) / max(1, len(days))
    pen.line((_LEFT, floor, _WIDTH, floor), fill=_LINE, width=2)
    pen.text((_LEFT - 10, _TOP), str(most), fill=_INK, font=letters, anchor="ra")
    pen.text((_LEFT - 10, floor), "0", fill=_INK, font=letters, anchor="rs")
    for place, (_, counts) in enumerate(days):
        left, base = _LEFT + place * step + 3, float(floor)
        for colour, count in zip(_COLOURS, counts, strict=True):
            height = room * count / most
            if height:
                pen.rectangle((left, base - height, left + step - 6, base - 1), fill=colour)
            base -= height
    if days:
        pen.text((_LEFT, _HEIGHT - 8), days[0][0], fill=_INK, font=letters, anchor="ls")
        pen.text((_WIDTH, _HEIGHT - 8), days[-1][0], fill=_INK, font=letters, anchor="rs")
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def chart_words(days: Days) -> str:
    """What the picture shows, for who does not see it."""
    if not days:
        return "No days to show."
    sums = [sum(counts[place] for _, counts in days) for place in range(len(SEVERITIES))]
    between = f"from {days[0][0]} to {days[-1][0]}"
    if not any(sums):
        return f"No flag was raised {between}."
    told = ", ".join(f"{count} {name}" for name, count in zip(SEVERITIES, sums, strict=True) if count)
    busiest = max(days, key=lambda one: sum(one[1]))
    return f"Flags raised {between}: {told}; most on {busiest[0]} ({sum(busiest[1])})."
