"""What pages of other parts show of the library."""

from datetime import date

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import mark_safe

from publishing.http import parts
from publishing.richtext.sanitise import trusted
from publishing.templatetags.pages import data_blocks
from publishing.templatetags.richtext import day, rich
from references import csl, identifiers, vocabulary
from references.browsing import markup
from references.browsing.evidence import NUMBERS, folded, labels, rows, shown, studies, told
from references.citing import entries, own
from references.exporting import files, metadata
from references.models import Methods

register = template.Library()
register.filter("doi_url", identifiers.doi_url)


@register.filter
def term(text):
    """Words of a record in the reader's language, marked with the one they are in."""
    text = str(text or "")
    known = vocabulary.in_words(text)
    if known is None:
        return (
            format_html('<span lang="{}">{}</span>', settings.LANGUAGE_CODE, text) if text else ""
        )
    return known


@register.filter
def where(reference):
    """Where it appeared, as kept; what is no more than a kind of work in the reader's language."""
    kept, genre = reference.where_html, reference.genre
    known = vocabulary.in_words(genre) if kept == escape(genre) else None
    return known or rich(kept)


@register.simple_tag
def searched():
    """The row behind “How this was searched”, with its two dates; None where readers have no such
    page."""
    row = parts.kept(("searched",), Methods.load)
    return row if row.public and row.searched_to else None


@register.filter
def day_of(text):
    """“2010-02-06” as a day in words; less than a day as it is."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


@register.simple_tag
def work_list(works, short=False):
    """Works of a list, with their marks or `short`."""
    return markup.listed(works, short=short)


@register.simple_tag
def placed_works(rows, language):
    """Works where they are placed, with remarks in that language."""
    return markup.placed(rows, language)


@register.simple_tag
def cited_items(rows):
    """Pages that cite a work, with the places where they do."""
    return markup.citing(rows)


@register.inclusion_tag("references/fact.html")
def fact(work, name, fill=False):
    """One cell of the evidence table; with `fill`, an empty one leads to where it is filled."""
    facts = getattr(work, "facts", None)
    return {"work": work, "name": name, "value": getattr(facts, name, None), "fill": fill}


@register.simple_tag(takes_context=True)
def may_fill(context):
    """Whether whoever reads is logged in and may enter facts. Nobody is asked who has no session:
    a page stays the same for all of them."""
    request = context.get("request")
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return request.user.has_perm("references.change_reference")


@register.filter(name="told")
def facts_told(work):
    """`(label, value)` of what is known of a study; an empty value is not reported."""
    return told(work)


@register.simple_tag
def label(name):
    """The heading of a column of the evidence table."""
    return labels()[name]


@register.simple_tag
def evidence(works):
    """The evidence table of some works, or of rows that hold one each, in their order; None if
    nothing is known."""
    works = [getattr(each, "reference", each) for each in works]
    found = {work.pk: work for work in rows(studies().filter(pk__in=[work.pk for work in works]))}
    known = [found[work.pk] for work in works if work.pk in found]
    if not known:
        return None
    empty = folded(known)
    columns = [
        {"label": label, "number": name in NUMBERS}
        for name, label in labels().items()
        if name not in empty
    ]
    return {"works": known, "columns": columns, **shown(known)}


@register.filter
def grouped(number):
    """Thousands apart, the same in every language: 12 000."""
    return f"{number:,}".replace(",", "\u202f") if isinstance(number, int) else number


@register.filter
def coins(reference):
    """A work for Zotero and its kin, in a list."""
    return metadata.coins(reference)


@register.simple_tag
def highwire(reference, people):
    """The tags Google Scholar, Zotero and library catalogues read, written here: a template costs
    four times as much where there are 5,000 authors."""
    rows = [*metadata.highwire(reference, people), *metadata.dublin_core(reference, people)]
    lines = (f'<meta name="{name}" content="{escape(str(content))}">' for name, content in rows)
    return trusted("\n  ".join(lines))


@register.simple_tag(takes_context=True)
def page_tags(context, page, kind):
    """What Zotero reads of a page of this site."""
    return metadata.page_tags(page, context["site"], kind)


@register.simple_tag
def signposts(reference):
    return metadata.links(reference)


@register.simple_tag
def describe_work(reference, people, site, notes=None):
    return data_blocks([metadata.described(reference, people, site, notes)])


@register.simple_tag
def export_links(base, query=""):
    """The files offered; `base`: the address without its ending."""
    base, query = conditional_escape(base), conditional_escape(query)
    return mark_safe(
        "".join(
            f'<a href="{base}.{ending}{query}" rel="nofollow" download>{name}</a> '
            for ending, name in files.LABELS.items()
        )
    )


@register.filter
def styles(reference, language):
    """`(name, HTML, plain text)` of a work in every style."""
    return [
        (name, html, csl.plain_text(html))
        for name, html in entries.named_styles(reference, language)
    ]


@register.filter
def page_styles(page):
    """`(name, HTML)` of a page of this site in every style, as written when it was saved."""
    today = timezone.localdate()
    kept = {style: own.shown(words, page.language, today) for style, words in page.cited_as.items()}
    return [
        (name, entries.trusted(kept[style]))
        for style, name in entries.STYLES.items()
        if style in kept
    ]
