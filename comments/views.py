"""The form that readers write with, at an address of its own; public pages only link to it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from publishing.models import SiteSettings

from . import places
from .forms import CommentForm
from .models import Comment, Kind


@require_safe
def permalink(request, pk):
    comment = get_object_or_404(Comment.objects.published(), pk=pk)
    if comment.page is None:
        raise Http404
    return redirect(f"{comment.page.get_absolute_url()}#{comment.anchor}")


@never_cache
@csrf_exempt
def new(request, label, pk):
    """Exempt only so that a post beyond all measure gets a page and not an error; `_new` checks the token."""
    try:
        request.POST.get("text")
    except RequestDataTooBig:
        return render(request, "comments/too_long.html", {"most": settings.COMMENT_MAX_LENGTH}, status=413)
    return _new(request, label, pk)


@csrf_protect
def _new(request, label, pk):
    page = places.public_page(label, pk)
    if page is None:
        raise Http404
    answered = Answered.asked_for(request.GET.get("reply_to"), page)
    if not page.comments_open:
        return render(request, "comments/closed.html", {"page": page, "text": request.POST.get("text", "")})
    by_author = request.user.has_perm("comments.add_comment")
    if request.method == "POST" and "another" not in request.POST:
        return _receive(request, page, answered, CommentForm(request.POST, page=page, by_author=by_author))
    initial = {"kind": Kind.COMMENT, "language": _likely_language(page), **request.POST.dict()}
    if by_author:
        initial.setdefault("name", SiteSettings.load().author_name)
    return _show(request, page, answered, CommentForm(initial=initial, page=page, by_author=by_author))


def _receive(request, page, answered, form):
    """One form makes one comment, however often and however fast it is sent."""
    try:
        with transaction.atomic():
            if form.was_sent():
                return _thank(page, answered)
            if form.is_valid() and not answered.gone:
                return _thank(page, answered, form.save(answered.comment))
            # The same form may have been sent twice at once: its sum was then used up by the other one.
            if form.was_sent():
                return _thank(page, answered)
    except IntegrityError:
        if form.was_sent():
            return _thank(page, answered)
        raise
    return _show(request, page, answered, form)


def _show(request, page, answered, form):
    context = {"page": page, "form": form, "answered": answered.comment, "gone": answered.gone}
    return render(request, "comments/form.html", context)


def _thank(page, answered, comment=None):
    asked = {"page": f"{page._meta.label_lower}/{page.pk}"}
    if answered.comment:
        asked["reply_to"] = answered.comment.pk
    if comment is not None and comment.by_author:
        asked["published"] = comment.pk
    return redirect(f"{reverse('comments:sent')}?{urlencode(asked)}")


@never_cache
@require_safe
def sent(request):
    label, _, pk = request.GET.get("page", "").partition("/")
    page = places.public_page(label, pk)
    back = page.get_absolute_url() if page else reverse("home")
    answered = Answered.asked_for(request.GET.get("reply_to"), page).comment if page else None
    published = places.public_comment(request.GET.get("published"), page) if page else None
    shown = published or answered
    context = {"page": page, "back": f"{back}#{shown.anchor}" if shown else back, "published": published}
    return render(request, "comments/sent.html", context)


@dataclass
class Answered:
    """The comment a reader answers, if any; `gone` when it was asked for and the public cannot see it (any more)."""

    comment: Comment | None
    gone: bool

    @classmethod
    def asked_for(cls, pk, page):
        comment = places.public_comment(pk, page)
        return cls(comment, gone=bool(pk) and comment is None)


def _likely_language(page):
    """A reader who chose a language for the menus writes in it; else she writes in that of the page."""
    chosen = get_language()
    return chosen if chosen != settings.LANGUAGE_CODE else places.language_of(page)
