"""What is withdrawn is withdrawn from every published version too: a notice stands in its place.

A picture and a letter can be put back, so what stood there is set aside in the version, where
nothing shows it. Words are taken out for good.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext, override

from .. import advisory, cldr, images
from ..models.editing import Trashed
from ..models.versions import PublishedVersion
from ..richtext import records, sanitise
from ..richtext.tree import make

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LOCK = "publishing.versions"
HTML = ("body_html", "works_html", "evidence_html")
FIELDS = (
    *HTML, "title", "summary", "what_changed", "what_to_do", "contents", "works", "works_added",
    "works_gone", "cited_as", "set_aside",
)  # fmt: skip
LONGEST_WORDS = 500
_BLOCKS = {
    "p", "li", "td", "th", "dd", "dt", "h1", "h2", "h3", "h4", "figcaption", "caption", "summary",
}  # fmt: skip


# Pictures


def follow_picture(image):
    """Bring every version up to date with a picture: withdrawn, put back, or another file in its
    place. Part of the transaction in which that changed."""
    advisory.hold(LOCK)
    names = image.names_known()
    shown = _noticed("picture", image)
    for name in names:
        shown |= Q(body_html__contains=name)
    for version in PublishedVersion.objects.filter(shown):
        root = sanitise.parse(version.body_html)
        if image.withdrawn:
            _take_out(version, root, _pictures(root, names), "picture", image, image.withdrawn)
        else:
            _put_back(version, root, "picture", image)
            _show_file_of_now(version, root, image, names)
        _keep(version, root)


def forget_picture(image):
    """The picture is deleted for good: neither it nor what was set aside of it stays."""
    if not image.withdrawn:
        image.withdrawn = timezone.localdate()
    follow_picture(image)
    _forget("picture", image)


def _pictures(root, names):
    """What shows one of the files: the figure with its caption, else the picture alone."""
    found = []
    for node in root.iter("img"):
        if node.get("src", "").removeprefix(settings.MEDIA_URL) not in names:
            continue
        figure = next((each for each in node.iterancestors("figure")), None)
        alone = figure is not None and sum(1 for _img in figure.iter("img")) == 1
        outer = figure if alone else _around(node)
        if outer not in found:
            found.append(outer)
    return found


def _around(node):
    """The picture with what belongs to it alone: its other formats, the link to the whole of it."""
    while node.getparent() is not None and (
        node.getparent().tag == "picture" or node.getparent().get("class") == "plate"
        or node.getparent().get("data-zoom") is not None
    ):  # fmt: skip
        node = node.getparent()
    return node


def _show_file_of_now(version, root, image, names):
    """Another file in its place, and a line that says so."""
    for node in list(root.iter("img")):
        name = node.get("src", "").removeprefix(settings.MEDIA_URL)
        if name not in names or name == image.file.name:
            continue
        for left in ("srcset", "sizes"):
            node.attrib.pop(left, None)
        images.fill(node)
        outer = _around(node)
        if node.getparent().tag == "picture":
            for source in node.getparent().findall("source"):
                source.drop_tree()
        link = next(node.iterancestors("a"), None)
        if link is not None and link.get("data-zoom") is not None:
            link.set("href", image.get_absolute_url())
        with override(version.language):
            words = gettext("This picture was replaced after this version was published.")
        inside = outer.getparent().tag == "figure"
        line = make("p" if inside else "span", words, {"class": "withdrawn"})
        line.tail, outer.tail = outer.tail, None
        outer.addnext(line)


# Letters


def follow_consent(consent):
    """The same of the letters under a consent that was taken back, or given again."""
    advisory.hold(LOCK)
    shown = Q(body_html__contains=f'data-letter="{consent.pk}"')
    for version in PublishedVersion.objects.filter(shown | _noticed("letter", consent)):
        root = sanitise.parse(version.body_html)
        if consent.withdrawn:
            letters = _letters(root, str(consent.pk))
            _take_out(version, root, letters, "letter", consent, consent.withdrawn)
        else:
            _put_back(version, root, "letter", consent)
        _keep(version, root)


def forget_letters(consent):
    """The record of a consent goes, and with it what was set aside."""
    advisory.hold(LOCK)
    _forget("letter", consent)


def _letters(root, pk):
    return [node for node in root.iter("aside") if node.get("data-letter") == pk]


# Words


@transaction.atomic
def withdraw_words(*, words, day=None) -> int:
    """Take words out of every version, for good; in how many they stood. Where they cannot be told
    from what is around them, the whole paragraph goes."""
    words = " ".join(words.split())[:LONGEST_WORDS]
    if not words:
        return 0
    advisory.hold(LOCK)
    wanted = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
    count = 0
    for version in PublishedVersion.objects.all().iterator(chunk_size=20):
        values = {name: getattr(version, name) for name in FIELDS}
        changed = _changed(values, version.language, wanted, day or timezone.localdate())
        for name, value in changed.items():
            setattr(version, name, value)
        if changed:
            _update(version, *changed)
            count += 1
    _from_the_trash(wanted, day or timezone.localdate())
    return count


def lacks_words(values):
    """Whether words were taken out of a version with these values of FIELDS, whatever its
    language."""
    held = json.dumps([values[name] for name in FIELDS], ensure_ascii=False, default=str)
    return any(said in held for said in _openings())


def _openings():
    """How a notice of words begins, in each language."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield "[" + gettext("Words withdrawn on %(day)s.").partition("%(day)s")[0]


def _from_the_trash(wanted, day):
    """Versions whose page lies there come back with it."""
    label = PublishedVersion._meta.label_lower
    for trashed in Trashed.objects.iterator(chunk_size=20):
        rows = [row["fields"] for row in trashed.rows if row["model"] == label]
        changes = [_changed(fields, fields["language"], wanted, day) for fields in rows]
        for fields, changed in zip(rows, changes, strict=True):
            fields.update(changed)
        if any(changes):
            trashed.save(update_fields=["rows"])


def _changed(values, language, wanted, day):
    """What becomes of the fields that hold the words."""
    with override(language):
        said = _said(gettext("Words withdrawn on %(day)s."), day)
    found, notice = {}, f"[{said}]"
    for name in FIELDS:
        if name == "set_aside":
            held = values[name].items()
            value = {mark: _html_without(html, wanted, notice) for mark, html in held}
        else:
            without = _html_without if name in HTML else _data_without
            value = without(values[name], wanted, notice)
        if value != values[name]:
            found[name] = value
    return found


def _html_without(html, wanted, notice):
    if not html:
        return html
    root = sanitise.parse(html)
    found = False
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        for name, value in list(node.attrib.items()):
            if wanted.search(value):
                node.set(name, "" if name in ("alt", "title", "aria-label") else "#")
                found = True
        for part in ("text", "tail"):
            value = getattr(node, part)
            if value and wanted.search(value):
                setattr(node, part, wanted.sub(notice, value))
                found = True
    # What runs over from one element into the next.
    for node in list(root.iter(*_BLOCKS)):
        if wanted.search(node.text_content()):
            tail = node.tail
            for child in list(node):
                node.remove(child)
            node.text, node.tail, found = notice, tail, True
    return sanitise.serialise(root) if found else html


def _data_without(value, wanted, notice):
    """The same of JSON; walked without recursion, since works come from outside."""
    if isinstance(value, str):
        return wanted.sub(notice, value)
    top = [value]
    waiting = [(top, 0)]
    while waiting:
        holder, key = waiting.pop()
        each = holder[key]
        if isinstance(each, str):
            holder[key] = wanted.sub(notice, each)
        elif isinstance(each, dict):
            each = holder[key] = dict(each)
            waiting.extend((each, name) for name in each)
        elif isinstance(each, list):
            each = holder[key] = list(each)
            waiting.extend((each, place) for place in range(len(each)))
    return top[0]


# What both have in common


def settle(version):
    """Take out of a version in hand what is withdrawn already; not saved."""
    root = sanitise.parse(version.body_html or "")
    files = {node.get("src", "").removeprefix(settings.MEDIA_URL) for node in root.iter("img")}
    for name in sorted(files):
        image = images.record_of(name)
        if image is not None and image.withdrawn:
            names = image.names_known()
            _take_out(version, root, _pictures(root, names), "picture", image, image.withdrawn)
    letters = {node.get("data-letter") for node in root.iter("aside")} - {None, ""}
    for consent in records.of("consent").filter(
        pk__in=[int(each) for each in letters if each.isdecimal()]
    ).exclude(withdrawn=None):  # fmt: skip
        found = _letters(root, str(consent.pk))
        _take_out(version, root, found, "letter", consent, consent.withdrawn)
    if version.body_html:
        version.body_html = sanitise.serialise(root)


def settle_all(versions):
    """The same of versions that came back from elsewhere, kept."""
    advisory.hold(LOCK)
    for version in versions:
        before = version.body_html
        settle(version)
        if version.body_html != before:
            _update(version, "body_html", "set_aside")


def _update(version, *names):
    PublishedVersion.objects.filter(pk=version.pk).update(
        **{name: getattr(version, name) for name in names}
    )


def _mark(kind, record):
    return f"{kind}-{record.pk}"


def _noticed(kind, record):
    """Those in which a notice stands for it."""
    return Q(body_html__contains=f'data-withdrawn="{_mark(kind, record)}:')


def _take_out(version, root, nodes, kind, record, day):
    with override(version.language):
        said = gettext("This picture was withdrawn on %(day)s.")
        if kind == "letter":
            said = gettext("This letter was withdrawn on %(day)s.")
        said = _said(said, day)
    aside = dict(version.set_aside)
    for node in nodes:
        mark = next(
            mark for number in range(len(aside) + 1)
            if (mark := f"{_mark(kind, record)}:{number}") not in aside
        )  # fmt: skip
        inline = node.tag in ("img", "picture", "a", "div") and _is_inline(node)
        notice = make(
            "span" if inline else "p", said, {"class": "withdrawn", "data-withdrawn": mark}
        )
        notice.tail, node.tail = node.tail, None
        node.getparent().replace(node, notice)
        aside[mark] = sanitise.serialise(_wrapped(node))
    version.set_aside = aside


def _is_inline(node):
    return node.getparent().tag in ("p", "span", "a", "td", "th", "li", "figcaption")


def _wrapped(node) -> HtmlElement:
    """`serialise` writes what an element holds."""
    around = make("div")
    around.append(node)
    return around


def _put_back(version, root, kind, record):
    aside = dict(version.set_aside)
    for notice in [node for node in root.iter() if node.get("data-withdrawn")]:
        mark = notice.get("data-withdrawn")
        if not mark.startswith(f"{_mark(kind, record)}:"):
            continue
        html = aside.pop(mark, None)
        if html is None:
            continue  # gone for good
        held = sanitise.parse(html)
        tail, last = notice.tail, notice
        for node in list(held):
            last.addnext(node)
            last = node
        notice.tail = None
        notice.getparent().remove(notice)
        last.tail = (last.tail or "") + (tail or "") or None
    version.set_aside = aside


def _forget(kind, record):
    begins = f"{_mark(kind, record)}:"
    for version in PublishedVersion.objects.filter(_noticed(kind, record)):
        version.set_aside = {
            mark: html for mark, html in version.set_aside.items() if not mark.startswith(begins)
        }
        _update(version, "set_aside")


def _keep(version, root):
    version.body_html = sanitise.serialise(root)
    _update(version, "body_html", "set_aside")


def _said(words, day):
    language = get_language() or "en"
    locale = {"en": "en_GB"}.get(language, language)
    return words % {"day": cldr.day_in_words(day, locale)}
