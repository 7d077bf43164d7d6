"""`[caption]` and the other words in brackets of WordPress, written as elements that `content`
knows. What nobody knows stays as it is and is told."""

import html
import re

_KNOWN = (
    "caption|wp_caption|gallery|embed|audio|video|playlist|ref|footnote|fn|efn_note|youtube|vimeo"
)
_CODE = re.compile(
    rf"(\[?)\[(/?)({_KNOWN})(?=[\s\]/=])([^\[\]]{{0,4000}}?)(/?)\](\]?)", re.IGNORECASE
)
_VALUE = re.compile(r"([\w-]{1,60})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'\]]+))|(\S+)")
_UNKNOWN = re.compile(r"(?<!\[)\[([a-zA-Z][\w-]{1,40})((?:\s[^\[\]<>]{0,2000})?)/?\](?!\])")
_NOTES = {"ref", "footnote", "fn", "efn_note"}
_MEDIA = {"audio": "mp3 m4a ogg wav src", "video": "mp4 m4v webm ogv src"}
_IMAGE = re.compile(
    r"\s*((?:<a\s[^>]*>\s*)?<img\s[^>]*>(?:\s*</a>)?)(.*)", re.DOTALL | re.IGNORECASE
)


def written_out(text, told):
    """`told(name)` hears of a shortcode that is kept as text."""
    if "[" not in text:
        return text
    marks = list(_CODE.finditer(text))
    ends = _ends(marks)
    out, at = [], 0
    for number, mark in enumerate(marks):
        if mark.start() < at or mark[2]:
            continue
        out.append(text[at : mark.start()])
        at = mark.end()
        if mark[1] and mark[6]:  # [[caption]] speaks of it
            out.append(mark[0][1:-1])
            continue
        out.append(mark[1])
        end = ends.get(number)
        inside = ""
        if end is not None:
            inside, at = text[mark.end() - len(mark[6]) : marks[end].start()], marks[end].end()
        elif mark[6]:
            at -= 1
        out.append(_written(mark[3].lower(), values(mark[4]), inside))
    out.append(text[at:])
    whole = "".join(out)
    for unknown in _UNKNOWN.finditer(whole):
        name = unknown[1]
        if "=" in unknown[2] or "_" in name or f"[/{name}]" in whole:
            told(name)
    return whole


def _ends(marks):
    """`{number of a mark: number of the one that closes it}`; the nearest does."""
    ends, open_ = {}, {}
    for number, mark in enumerate(marks):
        name = mark[3].lower()
        if not mark[2]:
            open_[name] = number
        elif name in open_:
            ends[open_.pop(name)] = number
    return ends


def values(text):
    """Of the words behind the name; what has no name is numbered."""
    found, bare = {}, 0
    for each in _VALUE.finditer(html.unescape(text)):
        if each[1]:
            found[each[1].lower()] = each[2] or each[3] or each[4] or ""
        else:
            found[str(bare)] = each[5].strip("\"'= ")
            bare += 1
    return found


def _written(name, given, inside):
    if name in ("caption", "wp_caption"):
        return _caption(given, inside)
    if name == "gallery":
        ids = html.escape(given.get("ids", given.get("include", "")))
        return f'\n\n<div data-gallery="{ids}"></div>\n\n'
    if name in ("embed", "youtube", "vimeo"):
        address = inside.strip() or given.get("src") or given.get("id") or given.get("0", "")
        if name == "vimeo" and address.isdigit():
            address = f"https://vimeo.com/{address}"
        elif name == "youtube" and re.fullmatch(r"[\w-]{6,20}", address):
            address = f"https://www.youtube.com/watch?v={address}"
        return _embed(address)
    if name in _NOTES:
        return f'<span class="fn">{inside}</span>' if inside.strip() else ""
    if name == "playlist":
        return f'\n\n<div data-playlist="{html.escape(given.get("ids", ""))}"></div>\n\n'
    found = next((given[each] for each in _MEDIA[name].split() if given.get(each)), "")
    return _embed(found or given.get("0", "") or inside.strip())


def _embed(address):
    return (
        f'\n\n<div data-embed="{html.escape(html.unescape(address))}"></div>\n\n' if address else ""
    )


def _caption(given, inside):
    found = _IMAGE.match(inside)
    picture, words = found.groups() if found else (inside, "")
    words = given.get("caption", "") or words.strip()
    return f"\n\n<figure>{picture}<figcaption>{words}</figcaption></figure>\n\n"
