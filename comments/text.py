"""What people type, as plain text, and its HTML: paragraphs, line breaks, links. No markup of theirs survives."""

import re
import unicodedata

from django.utils.html import escape
from django.utils.safestring import SafeString

from publishing.richtext import strip_control, trusted

_URL = re.compile(r"https?://\w[^\s<>\"'“”«»]*")


def normalise(text):
    """NFC, no control characters, line ends as \\n, no trailing blanks, at most one blank line in a row."""
    text = unicodedata.normalize("NFC", strip_control(text.replace("\r\n", "\n").replace("\r", "\n")))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def to_html(text) -> SafeString:
    """Paragraphs at blank lines, `<br>` at line ends, web addresses as links that give no reference and no credit."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    return trusted("".join(f"<p>{_inline(part)}</p>" for part in paragraphs))


def _inline(part):
    pieces, end = [], 0
    for match in _URL.finditer(part):
        address = match[0].rstrip(".,;:!?)]}")
        pieces.append(escape(part[end : match.start()]))
        pieces.append(f'<a href="{escape(address)}" rel="nofollow ugc noreferrer noopener">{escape(_shown(address))}</a>')
        end = match.start() + len(address)
    pieces.append(escape(part[end:]))
    return "".join(pieces).replace("\n", "<br>")


def _shown(address):
    text = re.sub(r"^https?://(www\.)?", "", address).rstrip("/")
    return text if len(text) <= 60 else text[:57] + "…"
