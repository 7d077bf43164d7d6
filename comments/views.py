"""Where readers write and find what was written; public pages only link here."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from publishing import limits
from publishing.languages import language_name
from publishing.models import SiteSettings
from publishing.refusals import marked, refuse
from publishing.richtext.sanitise import strip_control

from . import answered as answered_here
from .commenters import links, opened, subscriptions
from .forms import LONGEST_QUOTE, CommentForm
from .models import Comment, Kind
from .moderation import spam
from .text import html, language
from .threads import closing, paging, targets


@require_safe
def permalink(request, pk):
    """Where a comment stands. `?on=` and the address of a page: that of this number there, or of
    this number on the site it came from."""
    if pk >= 2**63:  # no database has a number above
        raise Http404
    here = request.GET.get("on", "")
    numbered = Q(pk=pk) | Q(old_number=pk) if here else Q(pk=pk)
    found = list(Comment.objects.published().filter(numbered).order_by("pk")[:20])
    there = [each for each in found if each.page and each.page.get_absolute_url() == here]
    comment = next(iter(there or found), None)
    if comment is None or comment.page is None:
        raise Http404
    return redirect(paging.address(comment))


@require_safe
def thread(request, pk):
    """One conversation at an address of its own, a page of it at a time."""
    # No database has a number above.
    talk = paging.conversation(pk, _number(request.GET.get("page", ""))) if pk < 2**63 else None
    page = talk.first.page if talk else None
    if page is None or not page.is_public():
        raise Http404
    first = talk.first
    question = (
        first.pk == pk and first.kind == Kind.QUESTION and first.is_approved and talk.number == 1
    )
    context = {
        "page": page,
        "root": first,
        "talk": talk,
        "comments": talk.comments,
        "closed": closing.is_closed(first),
        "back": paging.address(first)
        if first.is_approved
        else f"{page.get_absolute_url()}#replies",
        "answered": question and any(_answers(each, first) for each in talk.comments),
    }
    return render(request, "comments/talk.html", context)


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _answers(comment, question):
    return comment.parent_id == question.pk and not comment.erased


@never_cache
@csrf_exempt
def new(request, label, pk):
    """Exempt only so that a post beyond all measure gets a page and not an error; `_new` checks the
    token."""
    try:
        request.POST.get("text")
    except RequestDataTooBig:
        return render(
            request, "comments/too_long.html", {"most": settings.COMMENT_MAX_LENGTH}, status=413
        )
    return _new(request, label, pk)


@csrf_protect
def _new(request, label, pk):
    page = targets.public_page(label, pk)
    if page is None:
        raise Http404
    answered = Answered.asked_for(request.GET.get("reply_to"), page)
    if not page.comments_open or (answered.comment and closing.is_closed(answered.comment)):
        return render(
            request, "comments/closed.html", {"page": page, "text": request.POST.get("text", "")}
        )
    by_author = request.user.has_perm("comments.add_comment")
    refusal = None if by_author else _limit(request)
    if refusal:
        if request.method == "POST":
            return _show_again(request, refusal, 429, label, pk)
        return refuse(request, status=429, words=str(refusal), wait=refusal.wait)
    if request.method == "POST" and not {"another", "preview"} & set(request.POST):
        return _receive(
            request, page, answered, CommentForm(request.POST, page=page, by_author=by_author)
        )
    initial = _initial(request, by_author)
    shown = _preview(initial) if "preview" in request.POST else None
    return _show(
        request, page, answered, CommentForm(initial=initial, page=page, by_author=by_author), shown
    )


def _initial(request, by_author):
    """What the form begins with: `?kind=question`, or `?kind=correction&quote=` and a sentence."""
    kind = request.GET.get("kind", "")
    initial = {
        "kind": kind if kind in Kind.values else Kind.COMMENT,
        "quote": " ".join(strip_control(request.GET.get("quote", "")[:LONGEST_QUOTE]).split()),
        "writer": _key(request),
        **request.POST.dict(),
    }
    if by_author:
        initial.setdefault("name", SiteSettings.load().author_name)
    return initial


def _key(request):
    """Of whoever comes from their own page, which is open in this browser; else ""."""
    writer = opened.by(request) if request.GET.get("from") == "mine" else None
    return links.signed(writer) if writer else ""


def _limit(request):
    """What stands against opening, looking over or sending the form so soon again, or None."""
    if request.method != "POST" or "another" in request.POST:
        return limits.hit("forms", request)
    if "preview" in request.POST:
        return limits.hit("previews", request)
    # Only what is taken counts as a comment: nobody can use up what is left to others by sending
    # empty forms.
    mailbox = request.POST.get("email", "")[:254]
    return (
        limits.reached("wrong answers", request)
        or limits.hit("sendings", request)
        or limits.reached("comments", request, mailbox=mailbox)
    )


def _show_again(request, refusal, status, label, pk):
    """The form as it was sent, and why it could not be taken; nothing is looked at and nothing is
    used up."""
    page = targets.public_page(label, pk)
    if page is None:
        raise Http404
    answered = Answered.asked_for(request.GET.get("reply_to"), page)
    by_author = request.user.has_perm("comments.add_comment")
    form = CommentForm(initial=_initial(request, by_author), page=page, by_author=by_author)
    return marked(
        _show(request, page, answered, form, refusal=refusal, status=status), refusal.wait
    )


new.when_refused = _show_again


def _receive(request, page, answered, form):
    """One form makes one comment, however often and however fast it is sent. It is checked before
    anything is locked."""
    sent = form.sent()
    if sent is None and form.is_valid() and not answered.gone:
        try:
            with transaction.atomic():
                sent = form.sent() or form.save(
                    answered.comment, spam.facts_of(request, form.stamp.seconds)
                )
        except IntegrityError:
            sent = form.sent()
            if sent is None:
                raise
        else:
            limits.hit("comments", request, mailbox=sent.email)
    if sent is None and "captcha" in form.errors and form.data.get("captcha_1"):
        limits.hit("wrong answers", request)
    # The same form may have been sent twice at once: its challenge was then spent by the other one.
    sent = sent or form.sent()
    return _thank(page, answered, sent) if sent else _show(request, page, answered, form)


def _show(request, page, answered, form, preview=None, refusal=None, status=200):
    context = {
        "page": page,
        "form": form,
        "answered": answered.comment,
        "gone": answered.gone,
        "preview": preview,
        "refusal": refusal,
        "page_address": settings.SITE_URL + page.get_absolute_url(),
    }
    if form.asks == Kind.QUESTION and preview:
        context["alike"] = answered_here.like(form["text"].value() or "")
    if form.asks == Kind.CORRECTION:
        context["sentences"] = targets.sentences(page)
    return render(request, "comments/form.html", context, status=status)


def _thank(page, answered, comment):
    asked = {"page": f"{page._meta.label_lower}/{page.pk}"}
    if answered.comment:
        asked["reply_to"] = answered.comment.pk
    if comment.is_approved:
        asked["published"] = comment.pk
    response = redirect(f"{reverse('comments:sent')}?{urlencode(asked)}")
    # Whoever has just written is at their own page already: their key stands in no address.
    return opened.keep(response, comment.writer) if comment.writer else response


@csrf_exempt
@never_cache
@require_POST
def preview(request):
    """What words will look like, for the script that shows it while one types. It changes nothing,
    so it needs no token."""
    refusal = limits.hit("previews", request)
    if refusal:
        return marked(JsonResponse({"error": str(refusal)}, status=429), refusal.wait)
    try:
        shown = _preview(request.POST.dict())
    except RequestDataTooBig:
        shown = None
    if shown is None:
        return JsonResponse({"html": "", "language": "", "name": ""})
    return JsonResponse({**shown, "name": language_name(shown["language"])})


preview.writes_nothing = True


def _preview(data):
    """`{html, language}` of words that are not sent yet; None if there are none."""
    words = html.normalise(data.get("text", "")[: settings.COMMENT_MAX_LENGTH])
    quote = data.get("quote", "")[:LONGEST_QUOTE]
    words = html.normalise(html.quoting(quote, words)) if words else words
    chosen = data.get("language", "")
    if not words:
        return None
    return {
        "html": html.to_html(words),
        "language": chosen if language.known(chosen) else language.guess(words),
    }


@never_cache
@require_safe
def sent(request):
    label, _, pk = request.GET.get("page", "").partition("/")
    page = targets.public_page(label, pk)
    back = page.get_absolute_url() if page else reverse("home")
    answered = Answered.asked_for(request.GET.get("reply_to"), page).comment if page else None
    published = targets.public_comment(request.GET.get("published"), page) if page else None
    writer = opened.by(request)
    comment = links.comments_of(writer).first() if writer else None
    shown = published or answered
    context = {
        "page": page,
        "back": paging.address(shown) if shown else back,
        "published": published,
        "comment": comment,
        "mailed": comment and comment.email and not subscriptions.has_enough(comment.email),
        "own_page": links.link(writer) if writer else None,
    }
    return render(request, "comments/sent.html", context)


@dataclass
class Answered:
    """The comment a reader answers, if any; `gone` when it was asked for and the public cannot see
    it (any more)."""

    comment: Comment | None
    gone: bool

    @classmethod
    def asked_for(cls, pk, page):
        comment = targets.public_comment(pk, page)
        return cls(comment, gone=bool(pk) and comment is None)
