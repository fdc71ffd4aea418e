"""Bytes of a page to text: byte order mark, HTTP header, meta, then a guess. Never fails."""

from __future__ import annotations

import codecs
import re

from exowatch.pages.charset_guess import guessed, surely_another

#: Where the web's labels mean another decoder than Python's of that name (WHATWG Encoding Standard).
_WEB_MEANING = {
    **dict.fromkeys(("ascii", "us-ascii", "latin1", "latin-1", "l1", "iso-8859-1", "iso8859-1", "iso88591"), "cp1252"),
    **dict.fromkeys(("ansi", "x-cp1252", "x-ansi", "iso_8859-1", "windows1252"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "iso8859-9", "iso_8859-9", "latin5", "x-cp1254"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "iso8859-11", "tis-620", "dos-874", "windows-874"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "chinese", "csgb2312", "gb-2312", "euc-cn"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cn-big5", "csbig5"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j", "csshiftjis"), "cp932"),
    **dict.fromkeys(("ks_c_5601-1987", "ks_c_5601", "ks_c_5601-1989", "ksc5601", "ksc_5601"), "cp949"),
    **dict.fromkeys(("euc-kr", "euckr", "korean", "windows-949", "cseuckr"), "cp949"),
    **dict.fromkeys(("x-euc-jp", "eucjp", "x-euc"), "euc_jp"),
    **dict.fromkeys(("utf8", "unicode-1-1-utf-8", "x-unicode20utf8", "utf-8-sig", "utf_8"), "utf-8"),
    **dict.fromkeys(("utf-16", "unicode", "ucs-2", "iso-10646-ucs-2"), "utf-16-le"),
    **dict.fromkeys(("x-cp1251", "win-1251", "windows1251", "cp-1251"), "cp1251"),
    **dict.fromkeys(("koi8", "koi", "koi8r"), "koi8-r"),
    **dict.fromkeys(("iso-8859-8-i", "logical"), "iso8859-8"),
    **dict.fromkeys(("x-mac-roman", "macintosh"), "mac-roman"),
    "x-mac-cyrillic": "mac-cyrillic",
    "x-cp1250": "cp1250",
}
#: Decoders that are no charset of text, or that would let bytes smuggle other text in.
_NEVER = {"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
_MULTIBYTE = {"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "iso2022_jp", "iso2022_kr", "hz"}
_WIDE = _MULTIBYTE | {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta\b[^<>]{0,500}?charset\s*=\s*[\"']?\s*([\w:.+-]{2,40})", re.I)
_XML = re.compile(rb"^\s*<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']([\w:.+-]{2,40})", re.I)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.+-]{2,40})", re.I)
_LANG = re.compile(rb"<html\b[^<>]{0,500}?\blang\s*=\s*[\"']?\s*([A-Za-z]{2,3})", re.I)
_LOOKED_AT = 4096
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\x0b\x0c\r") + b"\x7f"
_TO_SPACE = bytes.maketrans(b"\x0b", b" ")


def page_text(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text of ``body`` without byte order mark, and the name of the charset it was read as.

    Undecodable bytes become U+FFFD. A declared charset that the bytes contradict is not believed.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    labels = (_header_label(content_type), _meta_label(body))
    declared = [name for name in map(codec_named, labels) if name]
    return _believed(body, declared)


def without_controls(text: str) -> bytes:
    """``text`` as UTF-8 without NUL and other control characters (a vertical tab becomes a space)."""
    return text.encode("utf-8", "replace").translate(_TO_SPACE, _CONTROLS)


def codec_named(label: str | None) -> str | None:
    """The Python codec for a charset label as the web means it; None for unknown labels and for non-charsets."""
    plain = (label or "").strip().strip("\"'").lower()
    name = _WEB_MEANING.get(plain, plain)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    usable = found.name not in _NEVER and getattr(found, "_is_text_encoding", True)
    return (name if name in _MULTIBYTE else found.name) if usable else None


def _believed(body: bytes, declared: list[str]) -> tuple[str, str]:
    if body.isascii() and not any(name.startswith(("iso2022", "hz", "utf-16")) for name in declared):
        return _ascii(body, declared)
    language = _page_language(body)
    for name in declared:
        text = _decodes(body, name)
        if text is None:
            continue
        if name == "utf-8" or name in _WIDE:
            return text, name
        # real UTF-8 is never valid by chance, and windows-1252 is often a server's default, not a fact
        if not _is_utf8(body) and not (name == "cp1252" and surely_another(body, language)):
            return text, name
    if _is_utf8(body) or _nearly_utf8(body):
        return body.decode("utf-8", "replace"), "utf-8"
    name = guessed(body, language)
    return body.decode(name, "replace"), name


def _page_language(body: bytes) -> str | None:
    found = _LANG.search(body[:_LOOKED_AT])
    return found.group(1).decode("ascii").lower()[:2] if found else None


def _ascii(body: bytes, declared: list[str]) -> tuple[str, str]:
    if b"\x1b$" in body:
        return body.decode("iso2022_jp", "replace"), "iso2022_jp"
    return body.decode("ascii"), declared[0] if declared else "utf-8"


def _decodes(body: bytes, name: str) -> str | None:
    """The text, or None where more than a stray byte of it is no text in that charset."""
    if name.startswith("utf-16") and not _wide(body):
        return None
    text = body.decode(name, "replace")
    return text if text.count("\ufffd") <= 2 + len(text) // 2000 else None


def _wide(body: bytes) -> bool:
    return body[:2000].count(0) > len(body[:2000]) // 8


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _nearly_utf8(body: bytes) -> bool:
    """True where few of the multi-byte sequences are broken: a page cut in a letter, one pasted quote mark."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = len(text) - broken - len(text.encode("ascii", "ignore"))
    return sound > 3 * broken


def _header_label(content_type: str | None) -> str | None:
    found = _HEADER.search(content_type or "")
    return found.group(1) if found else None


def _meta_label(body: bytes) -> str | None:
    head = body[:_LOOKED_AT]
    found = _META.search(head) or _XML.search(head)
    label = found.group(1).decode("ascii", "ignore").lower() if found else None
    # a page whose ASCII declaration can be read is not UTF-16, whatever it says
    return "utf-8" if label and label.startswith("utf-16") else label
