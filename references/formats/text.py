"""Bytes to text, and text to one clean line: what every reader needs before it looks at a
format."""

import codecs
import re
from html.entities import html5

from publishing.richtext.sanitise import strip_control
from publishing.text import nfc

BOM = "\ufeff"
_BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
# Only what bibliographic files were ever written in: an XML declaration may name any codec there
# is.
_DECLARED = re.compile(
    rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["'](iso-8859-\d+|windows-125\d|us-ascii|koi8-[ru]|gb18030|gbk|big5|"""
    rb"""shift_jis|euc-jp|euc-kr)["']""",
    re.I,
)
# Raised and lowered signs that have a character of their own.
SUPER = str.maketrans("0123456789+-=()n∘*′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ°*′")
SUB = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def raised(text: str, table: dict) -> str:
    """“2+” → “²⁺” where all of it can be written so, else the text as it is."""
    return text.translate(table) if all(ord(char) in table for char in text) else text


def _as_windows_1252(error):
    """Bytes that are no UTF-8 are read one by one as Windows-1252, so that a mixed file loses
    nothing."""
    byte = error.object[error.start : error.start + 1]
    try:
        return byte.decode("cp1252"), error.start + 1
    except UnicodeDecodeError:
        return byte.decode("latin-1"), error.start + 1


CP1252 = "references.windows-1252"
codecs.register_error(CP1252, _as_windows_1252)


def encoding_of(head: bytes) -> tuple[str, int]:
    """`(name of the encoding, length of the BOM)` as the beginning of a file has it; empty where
    it is UTF-8 unless a later byte is none."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding, len(bom)
    declared = _DECLARED.match(head[:200])
    return _utf16_without_bom(head) or (declared[1].decode("ascii").lower() if declared else ""), 0


def _utf16_without_bom(data):
    """Every format here begins in ASCII, which in UTF-16 has a zero in every other byte."""
    head = data[:64]
    even, odd = head[0::2], head[1::2]
    if len(head) >= 8 and not any(odd[:4]) and all(even[:4]):
        return "utf-16-le"
    if len(head) >= 8 and not any(even[:4]) and all(odd[:4]):
        return "utf-16-be"
    return ""


def one_line(text: str) -> str:
    """Composed characters, no control characters, single spaces."""
    return " ".join(nfc(strip_control(text)).split())


_REFERENCE = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_RAISED = re.compile(r"<(sup|sub|inf)>([^<>]{0,40})</\1>", re.I)
_MARKUP = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|inf|sc|span|p|br|(?:jats|mml):\w{1,20})(?: [^<>]{0,200})?/?>",
    re.I,
)


def unmarked(text: str) -> str:
    """“CO<sub>2</sub> &amp; <i>Rattus</i>” → “CO₂ & Rattus”; also where an entity was written
    twice: “&amp;lt;”."""
    for _round in range(2 if "&" in text else 0):
        text = _REFERENCE.sub(_character, text)
    if "<" in text:
        text = _RAISED.sub(
            lambda found: raised(found[2], SUPER if found[1].casefold() == "sup" else SUB), text
        )
        text = _MARKUP.sub("", text)
    return one_line(text)


def _character(found):
    name = found[1]
    if not name.startswith("#"):
        return html5.get(name + ";", found[0])
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return chr(code) if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def shorten(text: str, length: int) -> str:
    """At most `length` characters, cut between words where there are any."""
    if len(text) <= length:
        return text
    begin = text[: length - 1]
    return (begin.rpartition(" ")[0] or begin).rstrip(" ,;:") + "…"


def excerpt(text: str, length: int = 90) -> str:
    """The beginning of something, for a message."""
    line = one_line(text[: length * 4])
    return line if len(line) <= length else line[: length - 1] + "…"


def pages(text: str) -> str:
    """“833--837”, “833–837” or “833 - 837” → “833-837”."""
    return re.sub(r"\s*(?:-{1,3}|[‐-―−])\s*", "-", one_line(text)).strip("-, ")
