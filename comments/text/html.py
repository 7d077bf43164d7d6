"""What people type, as plain text, and its HTML: paragraphs, line breaks, quotations, links. No
markup of theirs survives.

In the author's answers `[@sutro1935]` cites the library; who renders says what each citekey stands
for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString

from publishing.richtext.sanitise import strip_control, trusted
from publishing.text import nfc

_CITE = re.compile(r"\[@(\w[\w:.+-]*)\]")
_LINK = re.compile(r"(?i:https?)://\w[^\s<>\"“”«»]*|" + _CITE.pattern)
# What ends a sentence and not an address; a bracket does where it was not opened in the address.
_AFTER = frozenset(".,;:!?'’‘…*_。，、；：！？」』】》")
_CLOSED = {")": "(", "]": "[", "}": "{", "）": "（"}

_TAG = re.compile(r"<[^>]*>")  # in HTML of ours, where no value of an attribute holds a >
_QUOTED = re.compile(r"[ \t]*>[> \t]*")
_MORE_THAN = re.compile(r"[ \t]*>=?[ \t]*\d")


def normalise(text):
    """NFC, no control characters, line ends as \\n, no trailing blanks, at most one blank line in a
    row."""
    text = nfc(strip_control(text.replace("\r\n", "\n").replace("\r", "\n")))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def quoting(sentence, text):
    """Words about a sentence, with the sentence quoted above them."""
    sentence = " ".join(sentence.split())
    return f"> {sentence}\n\n{text}" if sentence else text


def citekeys(text):
    """The citekeys of `[@citekey]`, each once, in order of appearance."""
    return list(dict.fromkeys(_CITE.findall(text)))


def named(text, labels):
    """The same text with the names of the works for the citekeys known."""
    return _CITE.sub(lambda match: labels.get(match[1], match[0]), text)


def to_html(text, cited=None, language_of=None) -> SafeString:
    """Paragraphs at blank lines, `<br>` at line ends, lines that begin with > as quotations, web
    addresses as links that give no reference and no credit.

    `cited` gives `(address, label)` for citekeys; a citation it does not know stays as it was
    typed. `language_of` gives the code of a paragraph in another language than the whole, or "".
    """
    blocks = groupby(_quoted(text.split("\n")), key=lambda pair: pair[0])
    marks = _Marks(cited or {}, language_of or (lambda part: ""))
    return trusted(
        "".join(_block([line for _, line in pairs], quoted, marks) for quoted, pairs in blocks)
    )


def _quoted(lines):
    """`(whether it is a quotation, line)`. “> 3 cm” is a measure, unless the line before it is
    quoted too."""
    before = False
    for line in lines:
        before = bool(_QUOTED.match(line)) and (before or not _MORE_THAN.match(line))
        yield before, line


def _address(text):
    """What of a run of characters is the address."""
    end = len(text)
    surplus = {close: text.count(close) - text.count(begin) for close, begin in _CLOSED.items()}
    while end and (text[end - 1] in _AFTER or surplus.get(text[end - 1], 0) > 0):
        if text[end - 1] in surplus:
            surplus[text[end - 1]] -= 1
        end -= 1
    return text[:end]


def plain(html):
    """The words of such HTML on one line."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


@dataclass(frozen=True)
class _Marks:
    """What is known of a text beside its words."""

    cited: dict
    language_of: Callable[[str], str]


def _block(lines, quoted, marks):
    inner = (
        "\n".join(_QUOTED.sub("", line, count=1) for line in lines) if quoted else "\n".join(lines)
    )
    if quoted and not inner.strip():  # a lone > is no quotation
        return _paragraphs("\n".join(lines), marks)
    return (
        f"<blockquote>{_paragraphs(inner, marks)}</blockquote>"
        if quoted
        else _paragraphs(inner, marks)
    )


def _paragraphs(text, marks):
    parts = (part.strip("\n") for part in re.split(r"\n\s*\n", text))
    return "".join(_paragraph(part, marks) for part in parts if part.strip())


def _paragraph(part, marks):
    code = marks.language_of(part)
    begin = f'<p lang="{escape(code)}">' if code else "<p>"
    return f"{begin}{_inline(part, marks.cited)}</p>"


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
        address = _address(match[0])
        pieces.append(escape(part[end : match.start()]))
        pieces.append(
            f'<a href="{escape(address)}" rel="nofollow ugc noreferrer'
            f' noopener">{escape(_shown(address))}</a>'
        )
        end = match.start() + len(address)
    pieces.append(escape(part[end:]))
    return "".join(pieces).replace("\n", "<br>")


def _shown(address):
    text = re.sub(r"^https?://(www\.)?", "", address, flags=re.IGNORECASE).rstrip("/")
    return text if len(text) <= 60 else text[:57] + "…"
