"""What people type, as plain text, and its HTML: paragraphs, line breaks, quotations, links. No markup of theirs survives.

In the author's answers `[@sutro1935]` cites the library; who renders says what each citekey stands for.
"""

import re
from html import unescape
from itertools import groupby

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString

from publishing.richtext.sanitise import strip_control, trusted
from publishing.text import nfc

_CITE = re.compile(r"\[@(\w[\w:.+-]*)\]")
_LINK = re.compile(r"https?://\w[^\s<>\"'“”«»]*|" + _CITE.pattern)


_QUOTED = re.compile(r"[ \t]*>[> \t]*")


def normalise(text):
    """NFC, no control characters, line ends as \\n, no trailing blanks, at most one blank line in a row."""
    text = nfc(strip_control(text.replace("\r\n", "\n").replace("\r", "\n")))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def citekeys(text):
    """The citekeys of `[@citekey]`, each once, in order of appearance."""
    return list(dict.fromkeys(_CITE.findall(text)))


def recite(text, old, new):
    """The same text with another citekey."""
    return text.replace(f"[@{old}]", f"[@{new}]")


def named(text, labels):
    """The same text with the names of the works for the citekeys known."""
    return _CITE.sub(lambda match: labels.get(match[1], match[0]), text)


def to_html(text, cited=None) -> SafeString:
    """Paragraphs at blank lines, `<br>` at line ends, lines that begin with > as quotations, web addresses as links that
    give no reference and no credit.

    `cited` gives `(address, label)` for citekeys; a citation it does not know stays as it was typed.
    """
    blocks = groupby(text.split("\n"), key=lambda line: bool(_QUOTED.match(line)))
    return trusted("".join(_block(list(lines), quoted, cited or {}) for quoted, lines in blocks))


def plain(html):
    """The words of such HTML on one line."""
    return " ".join(unescape(strip_tags(html.replace("<", " <"))).split())


def _block(lines, quoted, cited):
    inner = "\n".join(_QUOTED.sub("", line, count=1) for line in lines) if quoted else "\n".join(lines)
    if quoted and not inner.strip():  # a lone > is no quotation
        return _paragraphs("\n".join(lines), cited)
    return f"<blockquote>{_paragraphs(inner, cited)}</blockquote>" if quoted else _paragraphs(inner, cited)


def _paragraphs(text, cited):
    parts = (part.strip("\n") for part in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{_inline(part, cited)}</p>" for part in parts if part.strip())


def _inline(part, cited):
    pieces, end = [], 0
    for match in _LINK.finditer(part):
        if match[1]:
            if match[1] in cited:
                address, label = cited[match[1]]
                pieces.append(escape(part[end : match.start()]))
                pieces.append(f'<a class="cited" href="{escape(address)}">{escape(label)}</a>')
                end = match.end()
            continue
        address = match[0].rstrip(".,;:!?)]}")
        pieces.append(escape(part[end : match.start()]))
        pieces.append(f'<a href="{escape(address)}" rel="nofollow ugc noreferrer noopener">{escape(_shown(address))}</a>')
        end = match.start() + len(address)
    pieces.append(escape(part[end:]))
    return "".join(pieces).replace("\n", "<br>")


def _shown(address):
    text = re.sub(r"^https?://(www\.)?", "", address).rstrip("/")
    return text if len(text) <= 60 else text[:57] + "…"
