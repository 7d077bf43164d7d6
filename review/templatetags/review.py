"""What the pages below show of the review."""

from django import template

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
