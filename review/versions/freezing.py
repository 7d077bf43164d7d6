"""A chapter as it is at the moment, made fit to stay as it is: no address of the site, no button
that asks for something that changes, each letter with the name of its consent."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from publishing.models import SiteSettings
from publishing.richtext import consents, links, sanitise
from publishing.versions.publish import Frozen, publish
from references.citing import own
from references.citing.records import record_of
from references.exporting.files import SUBJECTS
from references.formats.csljson import as_item
from references.models import Reference
from references.screening import boxes, public, record

from .. import navigation

_OTHERS = "|".join(code for code, _label in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
_PREFIX = re.compile(rf'(href="/)(?:{_OTHERS})/')
# What leads on to something that is made for the moment.
ONLY_NOW = {"compare", "may-fill", "fill"}
# Of others, or of no use to who cites.
LEFT_OUT = {"abstract", "note", "custom", "keyword"}


def publish_chapter(*, chapter, **told):
    """Freeze a chapter as its next version. `told`: as `publishing.versions.publish` takes it.

    A ValidationError names the boxes of a public flow that do not close: a version says for good
    how far was searched.
    """
    methods = public.known()
    if methods and (said := list(record.unclosed(boxes.flow(methods.new_since)))):
        raise ValidationError([_("The flow of records does not close."), *said])
    frozen = freeze(chapter)
    told = {"searched_to": record.searched_to(), "taken_in_to": record.taken_in_to()} | told
    return publish(page=chapter, frozen=frozen, cite=lambda each: cited_as(chapter, each), **told)


def freeze(chapter) -> Frozen:
    """What a version of it would keep."""
    works = works_of(chapter)
    with override(chapter.language):
        placements = navigation.placed(chapter)[0]
        context = {"chapter": chapter, "placements": placements, "LANGUAGE_CODE": chapter.language}
        works_html = _still(render_to_string("review/versions/works.html", context))
        evidence_html = ""
        if chapter.evidence_table:
            evidence_html = _still(render_to_string("review/versions/evidence.html", context))
    return Frozen(
        title=chapter.title,
        language=chapter.language,
        label=chapter.number,
        summary=chapter.summary,
        body_html=_with_consents(_still(chapter.body_html), chapter.body),
        contents=[each for each in chapter.contents if each["level"] == 2],
        works_html=works_html,
        evidence_html=evidence_html,
        works=[_item(work) for work in works],
        labels={work.citekey: work.label for work in works},
        words=chapter.words,
    )


def works_of(chapter):
    """What it cites or lists, each once, in the order of their citekeys."""
    cited = Reference.objects.cited_by(chapter).values("pk")
    found = Reference.objects.filter(Q(chapters=chapter) | Q(pk__in=cited)).distinct()
    return list(found.with_people().prefetch_related(*SUBJECTS).order_by("citekey"))


def _item(work):
    item = as_item(record_of(work))
    return {name: value for name, value in item.items() if name not in LEFT_OUT}


def _still(html):
    """Without what is made for the moment; addresses as they are in no language's menus."""
    html = _PREFIX.sub(r"\1", (html or "").replace(f'"{settings.SITE_URL}/', '"/')).strip()
    if not html:
        return ""
    root = sanitise.parse(html)
    for node in [each for each in root.iter("a") if each.get("class") in ONLY_NOW]:
        node.drop_tree()
    return sanitise.serialise(root)


def _with_consents(html, body):
    """Each letter says under whose consent it is shown, as its text does: in the same order, those
    taken back left out of both."""
    if 'class="letter"' not in html:
        return html
    written = sanitise.parse(consents.without_withdrawn(body)).iter("div")
    named = [each.get("data-consent", "") for each in written if each.get("class") == "letter"]
    root = sanitise.parse(html)
    shown = [node for node in root.iter("aside") if node.get("class") == "letter"]
    if len(shown) != len(named):
        raise ValidationError(_("This page is being written anew. Please try again in a minute."))
    for node, consent in zip(shown, named, strict=True):
        node.set("data-letter", consent if consent.isdecimal() else "")
    return sanitise.serialise(root)


# How it is cited


@dataclass
class Cited:
    """A version as `own.of_page` takes a page."""

    title: str
    number: str
    language: str
    updated: datetime
    summary: str = ""
    address: str = ""
    slug: str = ""
    cited_as: dict = field(default_factory=dict)
    doi: str = ""

    @classmethod
    def of(cls, version):
        """`version.page` is at hand, but for a version that stands nowhere yet."""
        with override(version.language):
            title = _("%(title)s (version %(number)s)") % {
                "title": version.title,
                "number": version.number,
            }
        return cls(
            title,
            version.label,
            version.language,
            version.updated,
            version.summary,
            address(version.page, version.number),
            f"{version.page.slug}-v{version.number}",
            version.cited_as,
            version.doi,
        )

    @property
    def first_published(self):
        return self.updated

    def get_absolute_url(self):
        return self.address


def address(chapter, number):
    """Where a version stands, in no language's menus."""
    return f"{links.canonical_url(chapter)}v/{number}/"


def cited_as(chapter, version):
    """`{style: safe HTML}`, with the address it has and the name the site has today."""
    site = SiteSettings.load()
    version.page = chapter
    cited = Cited.of(version)
    return own.of_page(cited, author=site.author_name, site_name=site.name, path=cited.address)
