"""What the pages below show of the review."""

from html import escape

from django import template

from publishing.templatetags.richtext import rich
from review import markup, navigation, works

register = template.Library()


@register.simple_tag
def chapters_listing(reference, cited_in=()):
    """The chapters that list a work, each with the works before and after it there.

    `{% chapters_listing reference cited_in as places %}`; of each it is known whether it cites the
    work too.
    """
    return navigation.listing(reference, {row.page for row in cited_in})


@register.simple_tag
def chapters_listed(chapters):
    """`{% chapters_listed page %}`: the items of the contents."""
    return markup.listed(chapters)


@register.simple_tag
def works_of(chapter, placements):
    """`{% works_of chapter placements as works %}`: what it cites and lists, each once."""
    return works.of_chapter(chapter.references_html, placements)


@register.simple_tag
def cited_works(cited):
    """The entries of a chapter's list, as a template would write them, but sooner: there may be
    hundreds."""
    return rich("".join(_cited(*each) for each in cited))


def _cited(number, entry, remark):
    said = f'\n          <span class="remark">{escape(remark)}</span>' if remark else ""
    return f'<li id="ref-{number}">{entry}{said}</li>\n        '
