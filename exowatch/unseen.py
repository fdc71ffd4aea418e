"""Signs in strangers' text that nobody sees: the one list of them, and what each kind of output does with them.

Some steer what is shown after them (controls, marks of direction, half letters, tags). They are shown as signs, made
blanks, or spelt. Others have no width at all: a word looks the same with and without them. They are left out, but for
the two joiners where a script or a picture of several needs them.
"""

from __future__ import annotations

import re

_STEERING = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f"
_WIDTHLESS = "\u00ad\u034f\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"
_JOINERS = "\u200c\u200d"
#: What may stand before a joiner that does something: letters of Arabic and of India's scripts and their neighbours,
#: and pictures (👩‍⚕️), with what colours them.
_JOINED = "\u0600-\u109f\u1780-\u18af\u2190-\u2bff\ufb50-\ufdff\ufe0f\ufe70-\ufefc\U0001f000-\U0001faff"
_STEERS = re.compile(f"[{_STEERING}]")
_STEERS_IN_LINES = re.compile(f"(?![\t\n])[{_STEERING}]")
_LEFT_OUT = re.compile(f"[{_WIDTHLESS}]|(?<![{_JOINED}])[{_JOINERS}]")
_SPELT = re.compile(f"(?![\x00-\x1f])[{_STEERING}{_WIDTHLESS}]|(?<![{_JOINED}])[{_JOINERS}]")
_BLANKS = re.compile(r"\s+")
#: A text that starts so is a formula to a spreadsheet (tab and CR too); a quote before it makes it text.
_FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")


def one_line(text: object) -> str:
    """``text`` on one line for a reader: blanks collapsed, what steers as visible signs, letters untouched."""
    told = "" if text is None else str(text)
    return _STEERS.sub(_sign, _BLANKS.sub(" ", _LEFT_OUT.sub("", told))).strip()


def in_lines(text: str) -> str:
    """The same, its lines kept."""
    return _STEERS_IN_LINES.sub(_sign, _LEFT_OUT.sub("", text))


def blanked(text: str) -> str:
    """``text`` for a cell of a table: a blank for what steers, and not shortened."""
    return _STEERS.sub(" ", _LEFT_OUT.sub("", text.encode("utf-8", "replace").decode()))


def spelt(json: str) -> str:
    """JSON, every letter kept: what nobody sees is spelt as a number, which JSON allows for any letter."""
    return _SPELT.sub(lambda found: "".join(f"\\u{unit:04x}" for unit in _units(found[0])), json)


def cell(text: str) -> str:
    """``text`` for a spreadsheet, which may not take it for a formula."""
    told = blanked(text)
    return f"'{told}" if _FORMULA.match(told) or _FORMULA.match(text) else told


def _units(letter: str) -> list[int]:
    code = ord(letter)
    return [code] if code < 0x10000 else [0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF)]


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"
