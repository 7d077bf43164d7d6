from django import template
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import get_language

from comments.models import Comment, KeptAnswer, Kind
from comments.text import html
from comments.threads import jsonld, markup, paging, targets
from publishing import cldr
from publishing.addresses import reverse
from publishing.compiled import Compiled
from publishing.http import parts
from publishing.machines import feeds
from publishing.richtext.sanitise import trusted

register = template.Library()
_kept_answers = Compiled(KeptAnswer.objects.below)


@register.simple_tag(takes_context=True)
def thread_for(context, page):
    """The conversations below a page, as the address asks for them: `{% thread_for page as comments
    %}`. One query."""
    return paging.of_page(page, paging.Asked.from_query(context["request"].GET))


@register.simple_tag
def reply_url(page, comment=None):
    """Address of the form that writes under `page`, or answers `comment` there."""
    address = reverse("comments:new", args=[page._meta.label_lower, page.pk])
    return f"{address}?reply_to={comment.pk}" if comment else address


@register.simple_tag
def ask_url(page):
    """The same form as a question about `page`."""
    return f"{reply_url(page)}?kind={Kind.QUESTION}"


@register.simple_tag
def mistake_url(page):
    """The same form as a correction of what stands on `page`."""
    return f"{reply_url(page)}?kind={Kind.CORRECTION}"


@register.simple_tag
def kept_answers(page):
    """Kept answers shown on a page, a few: `{% kept_answers page as kept %}`. A page that was read
    with `has_answers` may know that there are none; of others it is kept which have any."""
    place = ContentType.objects.get_for_model(page).pk, page.pk
    if hasattr(page, "has_answers"):
        there = page.has_answers
    else:
        there = place in parts.kept(("answered",), _answered)
    return _kept_answers(*place) if there else []


def _answered():
    return {*KeptAnswer.objects.published().order_by().values_list("page_type_id", "page_id")}


@register.simple_tag
def own_reply_url(page, comment):
    """The form again, for somebody who comes from their own page: what they write is theirs
    there."""
    return f"{reply_url(page, comment)}&from=mine"


@register.simple_tag
def thread_url(talk):
    return paging.whole_address(talk.root)


@register.simple_tag(takes_context=True)
def comments_jsonld(context, page, comments, question=False):
    """What is said on a page, for machines; a question with its answers where the page is nothing
    else."""
    author = context["site"].author_name
    return jsonld.script(
        jsonld.question(comments, author) if question else jsonld.comments(page, comments, author)
    )


@register.simple_tag
def comments_waiting():
    """How many comments and questions wait for the author: `{% comments_waiting as waiting %}`."""
    return Comment.objects.waiting().count()


@register.simple_tag(takes_context=True)
def comment_list(context, page, comments, reading, replies=False):
    """Comments in reading order; `reading`: the language of the page, `replies`: whether one may
    reply."""
    return markup.listed(
        comments, page=page, site=context["site"], reading=reading, replies=replies
    )


@register.filter
def said(comment):
    """What a comment says, as the HTML kept with it."""
    return trusted(comment.html)


@register.filter
def said_elsewhere(comment, address):
    """The same for a mail: full addresses."""
    return trusted(feeds.portable(comment.html, address))


@register.filter
def words_of(comment):
    """What a comment says, on one line without any markup."""
    return html.plain(comment.html)


@register.simple_tag(takes_context=True)
def signed_by(context, comment):
    """Who says it: the author under the name the site knows her by now, others as they signed."""
    return context["site"].author_shown if comment.by_author else comment.name


@register.filter
def day(moment):
    """“3 May 2026”, “3 de mayo de 2026”, “3 de maig del 2026”."""
    language = get_language() or "en"
    return cldr.day_in_words(timezone.localtime(moment), {"en": "en_GB"}.get(language, language))


register.filter("reading_language", targets.language_of)
