"""The site as an export of WordPress (WXR 1.2), so that WordPress can take it in: chapters and
works that say something are pages, posts are posts; with comments, subjects and pictures."""

import html
import mimetypes
import re
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override
from lxml.html import builder as make

from blog.models import Post
from comments.models import Comment, Status
from publishing.models import Image, SiteSettings, State, rich_page_models
from publishing.richtext import links, sanitise
from publishing.tags import Tag
from references.models import Notes, Reference
from review.models import Chapter

from . import cited
from .writing import one_moment

FIRST = 101  # a new WordPress has pages of its own with lower numbers
LOGIN = "author"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
"""
STATES = {Status.APPROVED: "1", Status.PENDING: "0", Status.SPAM: "spam", Status.TRASH: "trash"}
_MEDIA = re.compile(r'(?:src|href)="([^"#?]+)"')


def write(path):
    """Write the file; gives `{"pages": …, "posts": …, "attachments": …, "comments": …}`. What is
    half written lies beside it under another name."""
    SiteSettings.load()
    begun = path.with_name(f"{path.name}.unfinished")
    with one_moment(), begun.open("w", encoding="utf-8") as file, override(settings.LANGUAGE_CODE):
        found = _Export(file).run()
    begun.replace(path)
    return found


class _Export:
    def __init__(self, file):
        self.file, self.site = file, SiteSettings.load()
        self.next, self.numbers, self.by_address = FIRST, {}, {}
        self.media, self.seen = {}, set()
        self.counts = dict.fromkeys(("pages", "posts", "attachments", "comments"), 0)
        host = urlsplit(settings.SITE_URL).hostname
        self.email = self.site.contact or f"author@{host}"

    def run(self):
        self._number()
        self.file.write(HEAD)
        self._head()
        self._attachments()
        for kind, pages in _pages():
            for page in pages.iterator(chunk_size=50):
                self._page(kind, page)
        self.file.write("</channel>\n</rss>\n")
        return self.counts

    def _number(self):
        """Every page's number and address first, for texts lead to what comes later."""
        for kind, pages in _pages():
            for page in pages.iterator(chunk_size=200):
                self.numbers[page._meta.label, page.pk] = self.next
                query = "p" if kind == "post" else "page_id"
                where = f"{settings.SITE_URL}/?{query}={self.next}"
                self.by_address[links.canonical_url(page)] = where
                self.next += 1

    def _head(self):
        for name, value in (
            ("title", self.site.name), ("link", settings.SITE_URL), ("description", ""),
            ("language", settings.LANGUAGE_CODE), ("wp:wxr_version", "1.2"),
            ("wp:base_site_url", settings.SITE_URL), ("wp:base_blog_url", settings.SITE_URL),
        ):  # fmt: skip
            self.file.write(f"<{name}>{_text(value)}</{name}>\n")
        author = {"author_id": 1, "author_login": LOGIN, "author_email": self.email,
                  "author_display_name": self.site.author_name}  # fmt: skip
        self.file.write(f"<wp:author>{_fields(author)}</wp:author>\n")
        for tag in Tag.objects.order_by("slug").iterator():
            said = {"term_id": tag.pk, "tag_slug": tag.slug, "tag_name": tag.name}
            self.file.write(f"<wp:tag>{_fields(said)}</wp:tag>\n")

    def _attachments(self):
        for image in Image.objects.filter(withdrawn=None).order_by("pk").iterator():
            name = image.file.name
            title = image.title or PurePosixPath(name).stem
            self._attach(name, title, image.added, image.caption, image.alt)
            self.numbers["publishing.Image", image.pk] = self.media[name]

    def _attach(self, name, title, at, caption="", alt=""):
        """A file below MEDIA, once."""
        if name in self.media:
            return
        self.media[name] = number = self.next
        self.next += 1
        address = f"{settings.SITE_URL}{settings.MEDIA_URL}{quote(name)}"
        self._begin("attachment", number, title, address, at, at)
        self._rest("", caption, {
            "status": "inherit", "post_name": PurePosixPath(name).stem, "attachment_url": address,
            "post_type": "attachment", "comment_status": "closed",
        })  # fmt: skip
        self._meta({"_wp_attached_file": name, "_wp_attachment_image_alt": alt})
        self.file.write("</item>\n")
        self.counts["attachments"] += 1

    def _page(self, kind, page):
        number = self.numbers[page._meta.label, page.pk]
        status, at = _state(page)
        title = str(getattr(page, "title", "") or page)
        text = _source(page)
        for found in _MEDIA.findall(text):
            self._attach_linked(found, at)
        address = settings.SITE_URL + links.canonical_url(page)
        self._begin(kind, number, title, address, at, _changed(page))
        self._rest(self._html(text), getattr(page, "summary", ""), {
            "status": status, "post_type": kind, "post_name": _slug(page),
            "post_parent": self.numbers.get(("review.Chapter", getattr(page, "parent_id", 0)), 0),
            "menu_order": number if kind == "page" else 0,
            "comment_status": "open" if page.comments_open else "closed",
        })  # fmt: skip
        for tag in page.tags.all() if hasattr(page, "tags") else ():
            term = f'domain="post_tag" nicename="{escape(tag.slug)}"'
            self.file.write(f"<category {term}>{_text(tag.name)}</category>\n")
        self._meta(self._languages(page) | self._cover(page))
        for row in _in_order(_comments(page)):
            self._comment(*row)
        self.file.write("</item>\n")
        self.counts[f"{kind}s"] += 1

    def _attach_linked(self, address, at):
        name = unquote(address).removeprefix(settings.MEDIA_URL)
        if not address.startswith(settings.MEDIA_URL) or not mimetypes.guess_type(name)[0]:
            return
        if not Image.objects.filter(Q(file=name) | Q(past__name=name)).exists():
            self._attach(name, PurePosixPath(name).stem, at)

    def _html(self, text):
        """The text without what only this site knows: citations as numbers that lead to a list,
        footnotes at the end, addresses that WordPress answers."""
        root = sanitise.parse(text)
        works = cited.works(root)
        numbers = {work.citekey: at for at, work in enumerate(works, 1)}
        notes = []
        for node in list(root.iter("span")):
            if cited.cites(node):
                _cite(node, numbers)
            elif "fn" in node.get("class", "").split():
                _note(node, notes)
        for node in root.iter("a", "img"):
            name = "src" if node.tag == "img" else "href"
            node.set(name, self._address(node.get(name) or ""))
        if notes:
            root.append(make.OL(*notes))
        if works:
            root.append(make.H2(_("References")))
            entries = [
                make.LI(cited.words(work), id=f"ref-{at}") for at, work in enumerate(works, 1)
            ]
            root.append(make.OL(*entries))
        return sanitise.serialise(root)

    def _address(self, address):
        path, hash_, part = address.partition("#")
        if not path.startswith("/") or path.startswith("//"):
            return address
        return self.by_address.get(path, settings.SITE_URL + path) + hash_ + part

    def _languages(self, page):
        """As plug-ins for languages read it; WordPress itself passes it over."""
        found = {"_wpml_import_language_code": getattr(page, "language", "")}
        original = getattr(page, "translation_of", None)
        if original is not None or (hasattr(page, "translations") and page.translations.exists()):
            first = original or page
            found["_wpml_import_translation_group"] = str(self.numbers[first._meta.label, first.pk])
            if original is not None:
                found["_wpml_import_source_language_code"] = original.language
        return found

    def _cover(self, page):
        number = self.numbers.get(("publishing.Image", getattr(page, "cover_id", None)))
        return {"_thumbnail_id": number} if number else {}

    def _begin(self, kind, number, title, address, at, modified):
        title = " ".join(title.split())
        while (title, at) in self.seen:  # WordPress takes two of a name and a moment for one
            at += timedelta(seconds=1)
        self.seen.add((title, at))
        query = "p" if kind == "post" else "page_id"
        said = f"{settings.SITE_URL}/?{query}={number}"
        self.file.write(
            f"<item><title>{_text(title)}</title><link>{escape(address)}</link>"
            f"<pubDate>{format_datetime(at)}</pubDate><dc:creator>{_text(LOGIN)}</dc:creator>"
            f'<guid isPermaLink="false">{escape(said)}</guid><description></description>\n'
        )
        moments = _moments("post_date", at) | _moments("post_modified", modified)
        self.file.write(_fields({"post_id": number} | moments))

    def _rest(self, text, excerpt, values):
        self.file.write(
            f"<content:encoded>{_text(text)}</content:encoded>"
            f"<excerpt:encoded>{_text(excerpt)}</excerpt:encoded>\n"
        )
        usual = {"ping_status": "closed", "post_parent": 0, "menu_order": 0, "post_password": "",
                 "is_sticky": 0}  # fmt: skip
        self.file.write(_fields(usual | values))

    def _meta(self, values):
        for key, value in values.items():
            if value not in ("", None):
                pair = _fields({"meta_key": key, "meta_value": value})
                self.file.write(f"<wp:postmeta>{pair}</wp:postmeta>\n")

    def _comment(self, comment, number, parent):
        author = self.site.author_name if comment.by_author else comment.name
        text = _("[removed at the writer’s wish]") if comment.erased else comment.readable
        said = {
            "comment_id": number, "comment_author": author,
            "comment_author_email": self.email if comment.by_author else comment.email,
            "comment_author_url": "", "comment_author_IP": "",
            **_moments("comment_date", comment.created),
            "comment_content": html.escape(text, quote=False),
            "comment_approved": "trash" if comment.withdrawn else STATES[comment.status],
            "comment_type": "comment", "comment_parent": parent,
            "comment_user_id": 1 if comment.by_author else 0,
        }  # fmt: skip
        self.file.write(f"<wp:comment>{_fields(said)}</wp:comment>\n")
        self.counts["comments"] += 1


def _pages():
    """`[(kind, pages)]`: what becomes a page or a post of WordPress, those above first."""
    yield "page", Chapter._base_manager.order_by("order", "pk")
    yield "post", Post._base_manager.order_by("pk")
    for model in (Reference, *rich_page_models()):
        if model in (Chapter, Post, Notes) or not hasattr(model, "comments_open"):
            continue
        kind = ContentType.objects.get_for_model(model).pk
        talked = Comment.objects.filter(page_type=kind, page_id=OuterRef("pk")).order_by()
        wanted = Q(Exists(talked))
        if model is Reference:
            notes = Notes.objects.published().filter(reference=OuterRef("pk")).order_by()
            wanted |= Q(Exists(notes))
        yield "page", model._base_manager.filter(wanted).order_by("pk")


def _state(page):
    """`(status, moment)` as WordPress says it."""
    now = timezone.now()
    begins = getattr(page, "publish_at", None)
    if begins and begins > now and page.state == State.PUBLISHED:
        return "future", begins
    day = getattr(page, "first_published", None)
    at = timezone.make_aware(datetime.combine(day, time(12))) if day else _changed(page)
    public = not hasattr(page, "state") or type(page).objects.published().filter(pk=page.pk)
    return "publish" if public else "draft", at


def _changed(page):
    return getattr(page, "updated", None) or page.added


def _source(page):
    if not isinstance(page, Reference):
        return links.to_addresses(page.public_body)
    notes = Notes.objects.published().filter(reference=page).first()
    said = f"<p>{page.citation_html}</p>" if page.citation_html else ""
    return sanitise.clean(said) + (links.to_addresses(notes.public_body) if notes else "")


def _slug(page):
    return getattr(page, "slug", "") or getattr(page, "citekey", "") or str(page.pk)


def _cite(node, numbers):
    place, number = node.get("data-locator"), numbers.get(node.get("data-cite"))
    words = ", ".join(filter(None, (str(number or node.get("data-cite")), place)))
    link = make.A(f"[{words}]", href=f"#ref-{number}") if number else make.SPAN(f"[{words}]")
    _put(node, link)


def _note(node, notes):
    number = len(notes) + 1
    _put(node, make.SUP(make.A(str(number), href=f"#note-{number}")))
    node.tag, node.tail = "li", None
    node.attrib.clear()
    node.set("id", f"note-{number}")
    notes.append(node)


def _put(node, other):
    """`other` in the place of a node, which keeps nothing of what followed it."""
    other.tail, node.tail = node.tail, None
    node.getparent().replace(node, other)


def _comments(page):
    """What has words, and the empty places of what was erased above a reply."""
    rows = Comment.objects.on(page).order_by("pk")
    return list(rows.filter(Q(erased=None) | Q(status=Status.APPROVED, withdrawn=None)))


def _in_order(comments):
    """`(comment, number, number of the one it answers)`: WordPress takes them by their numbers, so
    none may be lower than that of the one it answers."""
    here = {comment.pk for comment in comments}
    above = {each.pk: each.parent_id if each.parent_id in here else 0 for each in comments}
    if all(parent < number for number, parent in above.items()):
        return [(each, each.pk, above[each.pk]) for each in comments]
    below, placed = {}, []
    for comment in comments:
        below.setdefault(above[comment.pk], []).append(comment)
    waiting = below.get(0, [])[::-1]
    while waiting:
        placed.append(waiting.pop())
        waiting.extend(reversed(below.get(placed[-1].pk, [])))
    numbers = dict(zip([each.pk for each in placed], sorted(here), strict=False)) | {0: 0}
    return [(each, numbers[each.pk], numbers[above[each.pk]]) for each in placed]


def _moments(name, at):
    return {
        name: f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}",
        f"{name}_gmt": f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
    }


def _fields(values):
    return (
        "".join(f"<wp:{name}>{_text(value)}</wp:{name}>" for name, value in values.items()) + "\n"
    )


def _text(value):
    if isinstance(value, int):
        return str(value)
    text = sanitise.strip_control(str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>" if text else ""
