"""The answering desk: one comment at a time with all that helps to decide and answer it; everything
also by keyboard.

Each press is a POST to the comment's own address, with a `do`; the answer leads to the next one.
What was done can be taken back from the notice on top.
"""

import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from publishing.mailing import outbox

from .. import since
from ..commenters import access
from ..models import COMMENT_LANGUAGES, Comment, Decision, Snippet
from ..moderation import actions, flags, spam
from ..threads import order
from . import statistics
from .forms import AnswerForm, GlossForm, WordsForm
from .queue import AGES, QUEUES, Queue, unanswered
from .steps import STAYING, STEPS, keep_draft

PARENTS = 6
EARLIER = 12
DECISIONS = 12


class Desk:
    """The views, for the admin of comments to put at their addresses."""

    def __init__(self, admin):
        self.admin = admin

    def show(self, request):
        self._check(request)
        queue = Queue.asked_for(request.GET)
        comment = self._asked_for(request, queue)
        return self._page(request, queue, comment)

    def act(self, request, pk):
        self._check(request)
        queue = Queue.asked_for(request.GET)
        comment = Comment.objects.filter(pk=pk, by_author=False).prefetch_related("page").first()
        if comment is None:
            raise Http404
        if request.method != "POST":
            return redirect(queue.address(at=pk))
        step = STEPS.get(request.POST.get("do"))
        if step is None:
            return HttpResponseBadRequest(gettext("There is no such step."))
        following = queue.after(comment)
        batch = actions.new_batch()
        seen = request.POST.get("seen") or actions.mark(comment)
        try:
            refused = step(request, comment, {"user": request.user, "batch": batch, "seen": seen})
        except (actions.Overtaken, Comment.DoesNotExist):
            messages.warning(request, since.refused(pk))
            return redirect(queue.address(at=pk))
        if refused:
            return self._page(request, queue, comment, **refused)
        shown = comment if request.POST["do"] in STAYING else following
        at = shown.pk if shown else ""
        return redirect(
            queue.address(at=at, did=batch if Decision.objects.filter(batch=batch).exists() else "")
        )

    def undo(self, request):
        """Take back what one press did, and return to it."""
        self._check(request)
        queue = Queue.asked_for(request.GET)
        if request.method != "POST":
            return redirect(queue.address())
        try:
            comments = actions.undo(batch=request.POST.get("batch", ""), user=request.user)
        except actions.CannotUndo as why:
            messages.warning(request, _why_not(why))
            return redirect(queue.address(at=request.GET.get("at", "")))
        messages.success(
            request, gettext("Taken back: %(name)s is as before.") % {"name": comments[0].name}
        )
        return redirect(queue.address(at=comments[0].pk))

    def draft(self, request, pk):
        """Keep what she is typing. Called while she types; the button “Save draft” goes through
        `act`."""
        self._check(request)
        if not Comment.objects.filter(pk=pk, by_author=False).exists():
            raise Http404
        keep_draft(request, pk)
        return JsonResponse({"saved": timezone.localtime().strftime("%H:%M")})

    def figures(self, request):
        """What was decided by whom, and how many came and were answered, month by month."""
        self._check(request)
        context = {
            **self._frame(request, gettext("Log and counts")),
            "figures": statistics.figures(unanswered()),
            "chart": statistics.chart(),
            "decisions": Decision.objects.select_related("comment", "user")[:100],
        }
        return TemplateResponse(request, "admin/comments/desk_figures.html", context)

    def try_mail_again(self, request):
        self._check(request)
        outbox.try_again()
        return redirect("admin:comments_comment_desk")

    # What the page shows

    def _asked_for(self, request, queue):
        at = request.GET.get("at", "")
        if at.isascii() and at.isdigit() and len(at) < 19:
            comment = (
                Comment.objects.filter(pk=at, by_author=False).prefetch_related("page").first()
            )
            if comment is not None:
                return comment
        return queue.comments.prefetch_related("page").first()

    def _page(self, request, queue, comment, **forms_refused):
        context = {
            **self._frame(request, gettext("Answering desk")),
            "queue": queue,
            "filters": queue.query(),
            "queues": [
                (name, label, Queue(name).address(), find().count(), name == queue.name)
                for name, (label, find) in QUEUES.items()
            ],
            "languages": COMMENT_LANGUAGES,
            "ages": AGES.items(),
            "pages": queue.pages(),
            "figures": statistics.figures(unanswered()),
            "urgent": _urgent_besides(comment),
            "trouble": outbox.in_trouble(),
            "done": self._just_done(request),
            "from_mail": request.GET.get("from") == "mail",
            "comment": comment,
            "may_keep": request.user.has_perm("comments.add_keptanswer"),
        }
        if comment is not None:
            access.seen([comment], request.user)
            context |= self._about(comment, queue)
            context |= self._forms(comment)
        return TemplateResponse(request, "admin/comments/desk.html", context | forms_refused)

    def _frame(self, request, title):
        return {
            **self.admin.admin_site.each_context(request),
            "title": title,
            "opts": self.admin.opts,
            "is_nav_sidebar_enabled": False,
        }

    def _about(self, comment, queue):
        above = order.above(comment)
        found = flags.find(comment.text)
        listed = list(queue.around(comment))
        earlier = _of_same_person(comment).order_by("-created").prefetch_related("page")[:EARLIER]
        return {
            "following": queue.after(comment),
            "previous": queue.before(comment),
            "place": queue.place(comment),
            "total": queue.comments.count(),
            "listed": listed,
            "urgent_listed": {each.pk for each in listed if each.urgent},
            "above": above[-PARENTS:],
            "above_hidden": len(above[:-PARENTS]),
            "answers": comment.replies.approved().filter(by_author=True),
            "page": comment.page,
            "words": flags.marked(comment.text, found),
            "crisis": [flag for flag in found if flag.kind == flags.CRISIS],
            "flags": [group for group in flags.by_kind(found) if group[0] != flags.CRISIS],
            "removable": sum(flag.removable for flag in found),
            "reasons": spam.explain(comment),
            "suspect": comment.is_suspect,
            "earlier": list(earlier),
            "log": comment.decisions.select_related("user")[:DECISIONS],
            "closed": Comment.objects.filter(pk=comment.root_id, closed=True).exists(),
            "seen": actions.mark(comment),
            "trusted": comment.writer is not None and comment.writer.trusted,
            "act_address": (
                f"{reverse('admin:comments_comment_desk_act', args=[comment.pk])}?{queue.query()}"
            ),
        }

    def _forms(self, comment):
        mine = {
            "text": comment.draft,
            "language": comment.language,
            "token": secrets.token_urlsafe(24),
        }
        return {
            "answer": AnswerForm(initial=mine, prefix="answer"),
            "edit": WordsForm(instance=comment, prefix="edit"),
            "gloss": GlossForm(instance=comment, prefix="gloss"),
            "snippets": Snippet.objects.order_by("language", "title"),
            "references_address": reverse("admin:references_pick"),
            "draft_address": reverse("admin:comments_comment_desk_draft", args=[comment.pk]),
        }

    def _just_done(self, request):
        batch = request.GET.get("did", "")
        decisions = (
            list(Decision.objects.filter(batch=batch, undone=None).select_related("comment"))
            if batch
            else []
        )
        return decisions[0] if decisions else None

    def _check(self, request):
        if not self.admin.has_change_permission(request):
            raise PermissionDenied


def _why_not(refusal):
    if isinstance(refusal, actions.AlreadyUndone):
        return gettext("It has been taken back already.")
    if isinstance(refusal, actions.WriterChangedIt):
        return gettext("Its writer has corrected or withdrawn it since: that cannot be taken back.")
    return gettext("Something has been decided about it since. Take that back first.")


def _urgent_besides(comment):
    """What else may be an emergency and was not read, wherever it lies, the longest waiting
    first."""
    return Comment.objects.urgent().exclude(pk=comment and comment.pk).order_by("created", "pk")


def _of_same_person(comment):
    """What else came by the same link of a writer's own, or with the same e-mail address."""
    same = Q(pk=None)
    if comment.writer_id:
        same |= Q(writer=comment.writer_id)
    if comment.email:
        same |= Q(email__iexact=comment.email)
    return Comment.objects.filter(same, erased=None).exclude(pk=comment.pk)
