from babel.dates import format_date
from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from comments import places, threads
from comments.models import Comment
from publishing.richtext import trusted

register = template.Library()

DEEPEST = 5


@register.simple_tag
def thread_for(page):
    """The approved comments of a page in reading order: `{% thread_for page as comments %}`. One query."""
    return threads.of_page(page)


@register.simple_tag
def reply_url(page, comment=None):
    """Address of the form that writes under `page`, or answers `comment` there."""
    address = reverse("comments:new", args=[page._meta.label_lower, page.pk])
    return f"{address}?reply_to={comment.pk}" if comment else address


@register.simple_tag
def comments_waiting():
    """How many comments and questions wait for the author: `{% comments_waiting as waiting %}`."""
    return Comment.objects.waiting().count()


@register.filter
def said(comment):
    """What a comment says, as the HTML kept with it."""
    return trusted(comment.html)


@register.simple_tag(takes_context=True)
def signed_by(context, comment):
    """Who says it: the author under the name the site knows her by now, others as they signed."""
    return context["site"].author_name if comment.by_author else comment.name


@register.filter
def indent(comment):
    """Class of a comment's depth; from the fifth level on the thread goes on at the same indent."""
    return f"d{min(comment.depth, DEEPEST)}"


@register.filter
def day(moment):
    """“3 May 2026”, “3 de mayo de 2026”, “3 de maig del 2026”."""
    language = get_language() or "en"
    return format_date(timezone.localtime(moment), "long", locale={"en": "en_GB"}.get(language, language))


register.filter("reading_language", places.language_of)
