"""The paragraphs that WordPress makes of a classic text when it shows it: blank lines part them, a
line's end is a line's end."""

import re

# Parts a text into pieces between which no paragraph goes on.
_BLOCKS = (
    "address|article|aside|blockquote|caption|center|col|colgroup|dd|details|div|dl|dt|fieldset"
    "|figcaption|figure|footer|form|h[1-6]|header|hgroup|hr|legend|li|main|menu|nav|ol|p|pre"
    "|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|script|style|iframe|object|video|audio"
)
_TOKEN = re.compile(rf"<(/?)({_BLOCKS})(?=[\s/>])[^>]*>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_VOID = {"hr", "col"}
_AS_IT_IS = {"pre", "script", "style", "table", "tbody", "thead", "tfoot", "tr", "ul", "ol", "dl",
             "colgroup", "menu", "object", "iframe", "video", "audio", "figure"}  # fmt: skip
_LINES = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "figcaption", "caption", "summary",
          "legend"}  # fmt: skip
_CELLS = {"li", "td", "th", "dd"}
_BREAK = re.compile(r"\s*(?:<br\s*/?>)?[ \t]*\n", re.IGNORECASE)
_BLANK = re.compile(r"\n[ \t\xa0]*\n\s*")


def paragraphs(text: str) -> str:
    """HTML with the paragraphs and line breaks said in elements."""
    text = _TAG.sub(lambda tag: tag[0].replace("\n", " "), _COMMENT.sub("", text))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    out: list[str] = []
    open_: list[str] = []
    at = 0
    for token in _TOKEN.finditer(text):
        out.append(_run(text[at : token.start()], open_))
        at = token.end()
        out.append(token[0])
        name = token[2].lower()
        if name in _VOID or token[0].endswith("/>"):
            continue
        if not token[1]:
            open_.append(name)
        elif name in open_[-100:]:
            while open_.pop() != name:
                pass
    out.append(_run(text[at:], open_))
    return "".join(out)


def _run(text: str, open_: list[str]) -> str:
    """What stands between two blocks."""
    where = open_[-1] if open_ else ""
    if "pre" in open_[-100:] or where in _AS_IT_IS:
        return text
    parts = [part.strip() for part in _BLANK.split(text.strip("\n"))]
    parts = [part for part in parts if part]
    if where in _LINES:
        return "<br>".join(map(_broken, parts))
    if where in _CELLS and len(parts) < 2:
        return "".join(map(_broken, parts))
    return "".join(f"<p>{_broken(part)}</p>" for part in parts)


def _broken(part: str) -> str:
    return _BREAK.sub("<br>", part)
