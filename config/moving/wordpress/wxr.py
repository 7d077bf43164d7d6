"""WXR, the format in which WordPress exports a site: 1.0 to 1.2, whatever harm the file has come
to.

`read(path)` gives a `Site` first, then an `Item` for each, and a `Problem` for what cannot be read.
No entity is expanded and nothing outside the file is read: what XML offers of that never reaches
the parser.
"""

import html
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop
from lxml import etree

from publishing.richtext.sanitise import strip_control

from .packed import Unreadable, pieces
from .records import Author, Comment, Item, Problem, Site, Term
from .split import parts

__all__ = ["Unreadable", "read"]
VERSIONS = ("1.0", "1.1", "1.2")
LONGEST_NAME = 300
NOT_WELL_FORMED = gettext_noop("It is not well-formed.")

_DECLARED = re.compile(r"xmlns:([\w.-]{1,40})\s*=\s*[\"']([^\"'<>]{1,300})[\"']")
_USUAL = {
    "wp": "http://wordpress.org/export/1.2/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "atom": "http://www.w3.org/2005/Atom",
}
_OURS = (
    (re.compile(r"https?://wordpress\.org/export/[\d.]+/excerpt/?$"), "excerpt:"),
    (re.compile(r"https?://wordpress\.org/export/[\d.]+/?$"), "wp:"),
    (re.compile(r"https?://purl\.org/rss/1\.0/modules/content/?$"), "content:"),
    (re.compile(r"https?://purl\.org/dc/elements/1\.1/?$"), "dc:"),
)
_KEPT_APART = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_LOOSE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)(\w{2,31};)?")
_ENDS = re.compile(r"</(?:title|link|dc:\w+|content:\w+|excerpt:\w+|wp:\w+)>")
_NUMBERED = re.compile(r"&#(x?)([\da-fA-F]{1,8});")


def read(path, zone, only=None, *, comments=True):
    """What an export holds; `zone` is the name of the time zone its local times are meant in.
    `only`: the places of the items to read, from 1; the others are passed over, and so are the
    comments where nobody asks for them.

    Raises `Unreadable` where it is none at all.
    """
    file = parts(pieces(path))
    reader, found = None, 0
    try:
        for part in file:
            if reader is None:
                reader = _Reader(part, ZoneInfo(zone), comments)
                yield reader.site
                yield from reader.problems
                continue
            found += 1
            if only is None or found in only:
                yield from reader.item(part, found)
    except Unreadable as error:
        if not found:
            raise
        yield Problem(0, error.why, error.what)
    if reader is None:
        raise Unreadable(gettext_noop("The file is empty."))


class _Reader:
    def __init__(self, head, zone, comments):
        self.zone, self.comments, self.problems = zone, comments, []
        declared = dict(_DECLARED.findall(head.text[:200_000]))
        if not any(_prefix(uri) == "wp:" for uri in declared.values()):
            if "<rss" not in head.text and "<wp:" not in head.text:
                raise Unreadable(gettext_noop("This is not an export of WordPress."))
            self._note(
                head.line, gettext_noop("It does not say that it is an export of WordPress.")
            )
        self.names = _USUAL | declared
        self.site = self._site(head)

    def _note(self, line, reason, what=""):
        self.problems.append(Problem(line, reason, what[:LONGEST_NAME]))

    def _site(self, head):
        begin = head.text.find("<channel")
        text = head.text[begin if begin >= 0 else 0 :] + "</channel>"
        root, wrong = self._parse(text.replace("</channel></channel>", "</channel>"))
        channel = next(iter(root), None) if root is not None else None
        if wrong:
            self._note(head.line, NOT_WELL_FORMED, wrong)
        site = Site()
        for node in channel if channel is not None else ():
            self._of_site(site, _name(node), node)
        site.address = site.address.rstrip("/")
        if site.version and site.version not in VERSIONS:
            why = gettext_noop("It says another version than 1.0 to 1.2.")
            self._note(head.line, why, site.version)
        return site

    def _of_site(self, site, name, node):
        if name == "title":
            site.title = _line(node)
        elif name == "link":
            site.address = site.address or _line(node)
        elif name == "wp:base_blog_url" and _line(node):
            site.address = _line(node)
        elif name == "language":
            site.language = _line(node)[:20]
        elif name == "wp:wxr_version":
            site.version = _line(node)[:20]
        elif name == "wp:author":
            values = _values(node)
            login = values.get("wp:author_login", "")
            shown = values.get("wp:author_display_name", "") or login
            email, number = values.get("wp:author_email", ""), values.get("wp:author_id", "")
            site.authors.append(Author(login, shown, email, _number(number)))
        elif name in _TERMS:
            site.terms.append(_term(name, _values(node)))

    def item(self, part, place):
        """The `Item` of a part, and what was wrong with it."""
        broken = part.broken
        text, closed = _closed(part.text)
        broken = broken or closed
        root, wrong = self._parse(text)
        node = next(iter(root), None) if root is not None else None
        # What is not well-formed may stand one in the other.
        children = () if node is None else list(node.iter()) if wrong else node
        item = self._item(children, part) if node is not None else None
        wrong = "" if broken else wrong
        if item is None or not item.kind or not item.number:
            none = gettext_noop("It has no number or does not say what it is.")
            reason = broken or (NOT_WELL_FORMED if wrong else none)
            yield Problem(part.line, reason, _line_of(node, "title"))
            return
        if broken or wrong:
            words = f"{item.title} ({wrong})" if wrong else item.title
            yield Problem(part.line, broken or NOT_WELL_FORMED, words)
        item.place = place
        yield from self.problems_of_dates(item)
        yield item

    def problems_of_dates(self, item):
        if item.at is None and item.status in ("publish", "future", "private"):
            why = gettext_noop("It has no date that can be read.")
            yield Problem(item.line, why, item.title)

    def _parse(self, text):
        """`(root, what was wrong)`; the root is None where nothing can be read."""
        declared = " ".join(f'xmlns:{name}="{uri}"' for name, uri in self.names.items())
        whole = f"<moved {declared}>{strip_control(text)}</moved>"
        root, _error = _xml(whole)
        if root is not None:
            return root, ""
        whole = "".join(
            part if part.startswith("<![CDATA[") else _LOOSE.sub(_escaped, _numbers(part))
            for part in _KEPT_APART.split(whole)
        )
        root, error = _xml(whole)
        if root is not None:
            return root, ""
        root, _error = _xml(whole, recover=True)
        return root, error

    def _item(self, children, part):
        values, item = {}, Item(number=0, kind="", line=part.line)
        for child in children:
            name = _name(child)
            if name == "category":
                item.terms.append(
                    Term(child.get("domain", "category"), child.get("nicename", ""), _line(child))
                )
            elif name == "wp:postmeta":
                pair = _values(child)
                if key := pair.get("wp:meta_key"):
                    item.meta.setdefault(key, pair.get("wp:meta_value", ""))
            elif name == "wp:comment":
                if self.comments:
                    item.comments.append(self._comment(child, part.line))
            elif name and name not in values:
                values[name] = (child.text or "") if len(child) else _text(child)
        if part.broken:  # the last that was begun may be half of what it was
            item.comments = item.comments[:-1]
            values.pop(next(reversed(values), ""), None)
        self._fill(item, values)
        return item

    def _fill(self, item, values):
        def line(name):
            return " ".join(values.get(name, "").split())

        item.number, item.kind = _number(line("wp:post_id")), line("wp:post_type")
        item.status, item.title = line("wp:status"), line("title")
        item.link, item.slug = line("link"), line("wp:post_name")
        item.parent, item.order = _number(line("wp:post_parent")), _number(line("wp:menu_order"))
        item.at = self._moment(line("wp:post_date_gmt"), line("wp:post_date")) or _rfc(
            line("pubDate")
        )
        item.modified = self._moment(line("wp:post_modified_gmt"), line("wp:post_modified"))
        item.text, item.excerpt = (
            values.get("content:encoded", ""),
            values.get("excerpt:encoded", ""),
        )
        item.creator, item.password = line("dc:creator"), line("wp:post_password")
        item.sticky = line("wp:is_sticky") == "1"
        item.comments_open = line("wp:comment_status") != "closed"
        item.file = line("wp:attachment_url")

    def _comment(self, node, line):
        values = _values(node)
        return Comment(
            number=_number(values.get("wp:comment_id", "")),
            parent=_number(values.get("wp:comment_parent", "")),
            name=" ".join(values.get("wp:comment_author", "").split()),
            email=values.get("wp:comment_author_email", "").strip(),
            url=values.get("wp:comment_author_url", "").strip(),
            at=self._moment(
                values.get("wp:comment_date_gmt", ""), values.get("wp:comment_date", "")
            ),
            text=values.get("wp:comment_content", ""),
            approved=values.get("wp:comment_approved", "").strip(),
            kind=values.get("wp:comment_type", "").strip() or "comment",
            by_user=_number(values.get("wp:comment_user_id", "")),
            line=line,
        )

    def _moment(self, universal, local):
        """In UTC; what has no universal time, as drafts, is meant in the zone of the site."""
        return _moment(universal, UTC) or _moment(local, self.zone)


_TERMS = {
    "wp:category": ("category", "wp:category_nicename", "wp:cat_name", "wp:category_parent"),
    "wp:tag": ("post_tag", "wp:tag_slug", "wp:tag_name", ""),
    "wp:term": ("", "wp:term_slug", "wp:term_name", "wp:term_parent"),
}


def _term(name, values):
    kind, slug, words, parent = _TERMS[name]
    return Term(
        kind or values.get("wp:term_taxonomy", ""),
        values.get(slug, "").strip(),
        " ".join(html.unescape(values.get(words, "")).split()),
        values.get(parent, "").strip(),
        _number(values.get("wp:term_id", "")),
    )


def _closed(text):
    """`(text, what was wrong)`: a part in CDATA that is never closed ends with its element."""
    pieces = text.split("<![CDATA[")
    wrong = ""
    for number, piece in enumerate(pieces[1:-1], 1):
        if "]]>" not in piece and (end := _ENDS.search(piece)):
            pieces[number] = f"{piece[: end.start()]}]]>{piece[end.start() :]}"
            wrong = gettext_noop("A part of it is never closed.")
    return "<![CDATA[".join(pieces), wrong


def _xml(text, recover=False):
    """`(root, error)`."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser), ""
    except etree.XMLSyntaxError as error:
        return None, re.sub(r",? line \d+, column \d+.*", "", str(error))


def _numbers(text):
    """Without the numbered characters that XML does not know."""
    return _NUMBERED.sub(_numbered, text)


def _numbered(match):
    number = int(match[2], 16) if match[1] else int(match[2]) if match[2].isdecimal() else 0
    return match[0] if number < 0x110000 and strip_control(chr(number)) else ""


def _escaped(match):
    named = html.entities.html5.get(match[1] or "")
    return html.escape(named) if named else f"&amp;{match[1] or ''}"


def _prefix(uri):
    return next((prefix for form, prefix in _OURS if form.match(uri)), "")


def _name(node):
    """“wp:post_id”, by what its prefix stands for; "" for what is nobody's here."""
    if not isinstance(node.tag, str):
        return ""
    uri, _brace, local = node.tag.rpartition("}")
    if not uri:
        return local
    prefix = _prefix(uri[1:])
    return prefix + local if prefix else ""


def _values(node):
    return {name: _text(child) for child in node if (name := _name(child))}


def _text(node):
    return "".join(node.itertext())


def _line(node):
    return " ".join(_text(node).split())


def _line_of(node, name):
    found = node.find(name) if node is not None else None
    return _line(found)[:LONGEST_NAME] if found is not None else ""


def _number(text):
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _moment(text, zone):
    """None for “0000-00-00 00:00:00” and what is no date."""
    try:
        moment = datetime.strptime(text.strip()[:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rfc(text):
    try:
        # WordPress writes “Mon, 30 Nov -0001 …” for a post without a date.
        return None if "-0001" in text else parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
