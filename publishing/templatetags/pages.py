"""What every page says about itself: its address, its languages, its place in the menu."""

import json
import re
from functools import cache, lru_cache

from django import template
from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import urlize
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from publishing.http import parts
from publishing.machines import cards, jsonld
from publishing.models import State
from publishing.richtext import links
from publishing.templatetags.richtext import localised
from publishing.views import card_address

register = template.Library()

# Each in its own words, so that everybody can find theirs.
LANGUAGE_LABELS = {"en": "English", "es": "Español", "ca": "Català"}
# What offers it to whoever reads in another one, and what puts that away.
LANGUAGE_OFFERS = {
    "en": ("Read this page with its menus in English", "No, thank you"),
    "es": ("Ver esta página con los menús en español", "No, gracias"),
    "ca": ("Veure aquesta pàgina amb els menús en català", "No, gràcies"),
}


@register.filter
@lru_cache(maxsize=64, typed=True)
def linked(text):
    """The author's plain text with its addresses as links: the few that stand on every page."""
    return mark_safe(urlize(text, nofollow=False, autoescape=True))


@register.simple_tag(takes_context=True)
def said(context, name):
    """What the site says of itself, in the reader's language where there are words for it."""
    return context["site"].said(name)


@register.simple_tag(takes_context=True)
def project_address(context):
    """Where the menu's “The project” leads: to its translation where there is one."""
    language = context.get("LANGUAGE_CODE") or settings.LANGUAGE_CODE
    return parts.kept(("project", language), lambda: _project_address(context["site"], language))


def _project_address(site, language):
    page = links.parse(site.project_page) if site.project_url else None
    if page and language != settings.LANGUAGE_CODE:
        published = apps.get_model(page[0]).objects.published().defer("body", "body_html")
        translated = published.filter(translation_of=page[1], language=language).first()
        if translated:
            return translated.get_absolute_url()
    return localised(site.project_url)


@register.filter
def own_name(code):
    """A language as its own speakers call it."""
    return LANGUAGE_LABELS.get(code, code)


@register.filter
def open_graph(code):
    """A language as Open Graph wants it, with a country."""
    return {"en": "en_GB"}.get(code, f"{code}_ES")


@register.filter
def bare(path):
    """An address without its language prefix."""
    code = path[1:].partition("/")[0]
    return path[1 + len(code) :] if code in _prefixed() and path[1 + len(code) :] else path


def _prefixed():
    """The languages that addresses name."""
    return _all_but(settings.LANGUAGE_CODE)


@cache
def _all_but(code):
    return [each for each, _ in settings.LANGUAGES if each != code]


@register.simple_tag(takes_context=True)
def language_links(context):
    """`(code, name, address)` of this same page in every interface language; nothing without a
    request."""
    request = context.get("request")
    if request is None:
        return []
    address = bare(request.get_full_path())
    return [
        (
            code,
            LANGUAGE_LABELS[code],
            address if code == settings.LANGUAGE_CODE else f"/{code}{address}",
        )
        for code, _ in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def language_offers(context):
    """`(code, address, the offer, no to it)` of this page in the other interface languages."""
    return [
        (code, address, *LANGUAGE_OFFERS[code])
        for code, _name, address in language_links(context)
        if code != context.get("LANGUAGE_CODE")
    ]


@register.simple_tag(takes_context=True)
def canonical(context):
    """The one full address of this page: the texts are the same whatever the interface language."""
    request = context["request"]
    page = request.GET.get("page", "")
    query = (
        f"?page={int(page)}"
        if page.isascii() and page.isdigit() and len(page) < 6 and int(page) > 1
        else ""
    )
    return settings.SITE_URL + bare(request.get_full_path().partition("?")[0]) + query


@register.simple_tag(takes_context=True)
def versions(context, field=""):
    """`(the one full address, [(language, full address)])` of a page whose words themselves are
    translated with its menus; with a `field` of the site's settings, where that is."""
    codes = [
        code
        for code, _ in settings.LANGUAGES
        if code == settings.LANGUAGE_CODE
        or not field
        or getattr(context["site"], f"{field}_{code}")
    ]
    path = bare(context["request"].path)
    pages = [(code, settings.SITE_URL + speaking(path, code)) for code in codes]
    own = dict(pages).get(context.get("LANGUAGE_CODE"), settings.SITE_URL + path)
    return own, pages if len(pages) > 1 else []


@register.simple_tag
def absolute(address):
    """A full address from one of ours."""
    return settings.SITE_URL + address if address.startswith("/") else address


@register.tag
def keep(parser, token):
    """`{% keep section %}…{% endkeep %}`: what is rendered inside, on one line, as a variable
    instead of output."""
    name = token.split_contents()[1]
    nodes = parser.parse(["endkeep"])
    parser.delete_first_token()
    return KeepNode(name, nodes)


class KeepNode(template.Node):
    child_nodelists = ("nodes",)

    def __init__(self, name, nodes):
        self.name, self.nodes = name, nodes

    def render(self, context):
        text = self.nodes.render(context)
        context[self.name] = mark_safe(re.sub(r"[ \t\r\n]+", " ", text).strip())
        return ""


@register.tag
def part(parser, token):
    """`{% part "masthead" section %}…{% endpart %}`: what is rendered inside is the same on every
    page in this language with these values; it is kept until something is written. With a value of
    None it is not."""
    _tag, *key = token.split_contents()
    nodes = parser.parse(["endpart"])
    parser.delete_first_token()
    return PartNode([parser.compile_filter(each) for each in key], nodes)


class PartNode(template.Node):
    child_nodelists = ("nodes",)

    def __init__(self, key, nodes):
        self.key, self.nodes = key, nodes

    def render(self, context):
        values = [each.resolve(context) for each in self.key]
        if None in values:
            return self.nodes.render(context)
        key = (get_language(), *map(str, values))
        return parts.kept(key, lambda: self.nodes.render(context))


@register.simple_tag(takes_context=True)
def announcements(context, section=""):
    """The announcements of this moment for this section of the site and this language of the
    menus."""
    now, language = timezone.now(), context.get("LANGUAGE_CODE")
    found = []
    for row in context["site"].announcements:
        begins, ends = (
            parse_datetime(row["begins"]),
            parse_datetime(row["ends"]) if row["ends"] else None,
        )
        here = not row["sections"] or section in row["sections"]
        if (
            here
            and begins <= now
            and (ends is None or now < ends)
            and (not row["only"] or row["language"] == language)
        ):
            found.append({**row, "begins": begins})
    return found


@register.filter
def stale(page, months):
    """Whether a published page was last reviewed, or if never then published, longer ago than so
    many months."""
    last = max(filter(None, [page.reviewed, page.first_published]), default=None)
    if not months or last is None or page.state != State.PUBLISHED:
        return False
    today = timezone.localdate()
    whole = (today.year - last.year) * 12 + today.month - last.month - (today.day < last.day)
    return whole >= months


@register.filter
def speaking(address, language):
    """An address of ours with the menus in a language, if they speak it."""
    path = bare(address)
    return f"/{language}{path}" if language in _prefixed() else path


@register.simple_tag(takes_context=True)
def card(context, page=None):
    """The full address of the picture that is shown where a page is shared."""
    page = page or None
    return settings.SITE_URL + card_address(page, cards.card_of(page, context["site"]).digest)


@register.simple_tag(takes_context=True)
def describe(context, page=None, kind="", trail=()):
    """What a page says of itself to machines: a block of data, which no browser runs."""
    site = context["site"]
    if page is None:
        blocks = [jsonld.website(site)]
    else:
        blocks = jsonld.page(page, site, kind=kind, trail=trail, card=card(context, page))
    return data_blocks(blocks)


@register.simple_tag
def data_block(block):
    """One dict as JSON-LD."""
    return data_blocks([block])


def data_blocks(blocks):
    """Dicts as JSON-LD elements, which no browser runs and whose content cannot end them."""
    return mark_safe(
        "\n  ".join(
            f'<script type="application/ld+json">{_inert(block)}</script>' for block in blocks
        )
    )


def _inert(data):
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@register.simple_tag(takes_context=True)
def turned(context, number, param=""):
    """The address of this page with another page of one of its lists."""
    query = context["request"].GET.copy()
    query[param or "page"] = number
    return f"?{query.urlencode()}"
