"""The answering desk: one comment at a time with all that helps to decide and answer it; everything also by keyboard.

Each press is a POST to the comment's own address, with a `do`; the answer leads to the next one. What was done can be
taken back from the notice on top.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.richtext import strip_control

from . import counts, flags, mail, moderation, spam, text, threads
from .forms import PlainText, checked_text
from .models import COMMENT_LANGUAGES, SUSPECT, Comment, Decision, Kind, Snippet, Status

LISTED = 30
PARENTS = 6
EARLIER = 12
DECISIONS = 12
AGES = {"7": _("older than a week"), "30": _("older than a month"), "365": _("older than a year")}


class AnswerForm(forms.Form):
    text = PlainText(
        label=_("Your answer"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text=_("Plain text. Blank lines make paragraphs; addresses become links; [@citekey] cites the library."),
        error_messages={"required": _("Nothing is written here yet.")},
    )
    language = forms.ChoiceField(label=_("Language you answer in"), choices=COMMENT_LANGUAGES)
    token = forms.RegexField(r"^[\w-]{20,40}$", widget=forms.HiddenInput)

    use_required_attribute = False

    def clean_text(self):
        return checked_text(self.fields["text"], self.cleaned_data["text"])


class WordsForm(forms.ModelForm):
    """The reader's words, for the author to put right."""

    class Meta:
        model = Comment
        fields = ("name", "kind", "language", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 8, "dir": "auto"})}

    use_required_attribute = False

    def clean_text(self):
        return text.normalise(self.cleaned_data["text"])


class GlossForm(forms.ModelForm):
    class Meta:
        model = Comment
        fields = ("gloss", "gloss_language")
        widgets = {"gloss": forms.Textarea(attrs={"rows": 4, "dir": "auto"})}

    use_required_attribute = False

    def clean(self):
        values = super().clean()
        if values.get("gloss") and not values.get("gloss_language"):
            self.add_error("gloss_language", _("Say which language it is in."))
        return values


def unanswered():
    """Public questions of readers that have no answer of the author's and still wait for one."""
    answers = Comment.objects.approved().filter(parent=OuterRef("pk"), by_author=True)
    questions = Comment.objects.approved().filter(kind=Kind.QUESTION, by_author=False, settled=False)
    return questions.exclude(Exists(answers))


def _to_do():
    waiting = Comment.objects.waiting().filter(by_author=False)
    return Comment.objects.filter(Q(pk__in=waiting.values("pk")) | Q(pk__in=unanswered().values("pk")))


QUEUES = {
    "todo": (_("To do"), _to_do),
    "pending": (_("Waiting"), lambda: Comment.objects.waiting().filter(by_author=False)),
    "unanswered": (_("Unanswered questions"), unanswered),
    "suspect": (_("Perhaps spam"), lambda: Comment.objects.waiting().filter(spam_score__gte=SUSPECT)),
    "spam": (_("Spam"), lambda: Comment.objects.filter(status=Status.SPAM)),
    "trash": (_("Trash"), lambda: Comment.objects.filter(status=Status.TRASH, erased=None)),
}


@dataclass
class Queue:
    """What the author chose to go through, from the address of the page."""

    name: str = "todo"
    language: str = ""
    page: str = ""
    age: str = ""
    newest: bool = False

    @classmethod
    def asked_for(cls, query):
        name, language, page, age = (query.get(key, "") for key in ("queue", "language", "page", "age"))
        return cls(
            name=name if name in QUEUES else "todo",
            language=language if language in dict(COMMENT_LANGUAGES) else "",
            page=page if _page_of(page) else "",
            age=age if age in AGES else "",
            newest=query.get("order") == "newest",
        )

    def query(self, **more):
        """The same choice as the query of an address; what goes without saying is left out."""
        chosen = {
            "queue": "" if self.name == "todo" else self.name,
            "language": self.language,
            "page": self.page,
            "age": self.age,
            "order": "newest" if self.newest else "",
        }
        return urlencode({key: value for key, value in {**chosen, **more}.items() if value})

    def address(self, **more):
        query = self.query(**more)
        return reverse("admin:comments_comment_desk") + (f"?{query}" if query else "")

    @property
    def to(self):
        """The beginning of the address of one of its comments; the number follows."""
        query = self.query()
        return f"{reverse('admin:comments_comment_desk')}?{query}{'&' if query else ''}at="

    @cached_property
    def comments(self):
        found = QUEUES[self.name][1]()
        if self.language:
            found = found.filter(language=self.language)
        if self.page:
            kind, pk = _page_of(self.page)
            found = found.filter(page_type=kind, page_id=pk)
        if self.age:
            found = found.filter(created__lt=timezone.now() - timedelta(days=int(self.age)))
        return found.order_by("-created", "-pk") if self.newest else found.order_by("created", "pk")

    def after(self, comment):
        """What comes next; at the end, the first of those left over."""
        return self._beyond(comment, self.newest).first() or self.comments.exclude(pk=comment.pk).first()

    def before(self, comment):
        return self._beyond(comment, not self.newest).reverse().first()

    def place(self, comment):
        return self._beyond(comment, not self.newest).count() + 1

    def around(self, comment):
        """The part of the queue to show beside the comment: a few before it, then what follows."""
        start = max(0, self.place(comment) - 4)
        return self.comments[start : start + LISTED].prefetch_related("page")

    def _beyond(self, comment, older):
        sign = "lt" if older else "gt"
        same = Q(created=comment.created, **{f"pk__{sign}": comment.pk})
        return self.comments.filter(Q(**{f"created__{sign}": comment.created}) | same)

    def pages(self):
        """`(value, page)` of the pages these comments stand on, by kind and name."""
        rows = QUEUES[self.name][1]().order_by().values_list("page_type", "page_id").distinct()
        by_kind = {}
        for kind, pk in rows:
            by_kind.setdefault(kind, set()).add(pk)
        found = []
        for kind, pks in by_kind.items():
            model = ContentType.objects.get_for_id(kind).model_class()
            pages = model._default_manager.in_bulk(pks).values() if model else ()
            found += [(capfirst(model._meta.verbose_name), str(page), f"{kind}-{page.pk}") for page in pages]
        return [(value, f"{kind}: {name}") for kind, name, value in sorted(found)]


def _page_of(value):
    kind, _dash, pk = value.partition("-")
    return (int(kind), int(pk)) if all(each.isascii() and each.isdigit() and len(each) < 10 for each in (kind, pk)) else None


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
        batch = moderation.new_batch()
        refused = step(request, comment, batch)
        if refused:
            return self._page(request, queue, comment, **refused)
        shown = comment if request.POST["do"] in STAYING else following
        at = shown.pk if shown else ""
        return redirect(queue.address(at=at, did=batch if Decision.objects.filter(batch=batch).exists() else ""))

    def undo(self, request):
        """Take back what one press did, and return to it."""
        self._check(request)
        queue = Queue.asked_for(request.GET)
        if request.method != "POST":
            return redirect(queue.address())
        try:
            comments = moderation.undo(batch=request.POST.get("batch", ""), user=request.user)
        except moderation.CannotUndo:
            messages.warning(request, gettext("Something has been decided about it since. Take that back first."))
            return redirect(queue.address(at=request.GET.get("at", "")))
        messages.success(request, gettext("Taken back: %(name)s is as before.") % {"name": comments[0].name})
        return redirect(queue.address(at=comments[0].pk))

    def draft(self, request, pk):
        """Keep what she is typing. Called while she types; the button “Save draft” goes through `act`."""
        self._check(request)
        if not Comment.objects.filter(pk=pk, by_author=False).exists():
            raise Http404
        _keep_draft(request, pk)
        return JsonResponse({"saved": timezone.localtime().strftime("%H:%M")})

    def figures(self, request):
        """What was decided by whom, and how many came and were answered, month by month."""
        self._check(request)
        context = {
            **self._frame(request, gettext("Log and counts")),
            "tally": counts.tally(unanswered()),
            "chart": counts.chart(),
            "decisions": Decision.objects.select_related("comment", "user")[:100],
        }
        return TemplateResponse(request, "admin/comments/desk_figures.html", context)

    def try_mail_again(self, request):
        self._check(request)
        mail.try_again()
        return redirect("admin:comments_comment_desk")

    # What the page shows

    def _asked_for(self, request, queue):
        at = request.GET.get("at", "")
        if at.isascii() and at.isdigit() and len(at) < 19:
            comment = Comment.objects.filter(pk=at, by_author=False).prefetch_related("page").first()
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
            "tally": counts.tally(unanswered()),
            "urgent": [
                each for each in flags.urgent(Comment.objects.waiting().order_by("created", "pk")) if each != comment
            ],
            "trouble": mail.in_trouble(),
            "done": self._just_done(request),
            "comment": comment,
        }
        if comment is not None:
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
        above = threads.above(comment)
        found = flags.find(comment.text)
        listed = list(queue.around(comment))
        earlier = _of_same_person(comment).order_by("-created").prefetch_related("page")[:EARLIER]
        return {
            "following": queue.after(comment),
            "previous": queue.before(comment),
            "place": queue.place(comment),
            "total": queue.comments.count(),
            "listed": listed,
            "urgent_listed": {each.pk for each in flags.urgent(listed)},
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
            "trusted": comment.writer is not None and comment.writer.trusted,
            "act_address": f"{reverse('admin:comments_comment_desk_act', args=[comment.pk])}?{queue.query()}",
        }

    def _forms(self, comment):
        mine = {"text": comment.draft, "language": comment.language, "token": secrets.token_urlsafe(24)}
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
        decisions = list(Decision.objects.filter(batch=batch, undone=None).select_related("comment")) if batch else []
        return decisions[0] if decisions else None

    def _check(self, request):
        if not self.admin.has_change_permission(request):
            raise PermissionDenied


def _of_same_person(comment):
    """What else came by the same link of a writer's own, or with the same e-mail address."""
    same = Q(pk=None)
    if comment.writer_id:
        same |= Q(writer=comment.writer_id)
    if comment.email:
        same |= Q(email__iexact=comment.email)
    return Comment.objects.filter(same, erased=None).exclude(pk=comment.pk)


# What a press does: a function of the request, the comment and the batch to record it under. It gives nothing, or the
# forms to show again with what is wrong in them.


def _decide(decision):
    def step(request, comment, batch):
        decision(comments=[comment], user=request.user, batch=batch)

    return step


def _answer(request, comment, batch):
    form = AnswerForm(request.POST, prefix="answer")
    if not form.is_valid():
        return {"answer": form}
    try:
        reply = moderation.answer(comment=comment, user=request.user, batch=batch, **form.cleaned_data)
    except IntegrityError:  # sent twice at the same moment: the other one is saved
        reply = Comment.objects.get(form_token=form.cleaned_data["token"])
    warn_of_unknown(request, reply)
    return None


def warn_of_unknown(request, answer):
    """Say which citekeys of an answer the library does not have."""
    unknown = answer.unknown_citekeys
    if unknown:
        words = gettext("Not in the library: %(keys)s. Readers see it as you typed it until you mend the answer.")
        messages.warning(request, words % {"keys": ", ".join(unknown)})


def _edit(request, comment, batch):
    form = WordsForm(request.POST, instance=Comment.objects.get(pk=comment.pk), prefix="edit")
    if not form.is_valid():
        return {"edit": form, "editing": True}
    moderation.edit(comment=comment, user=request.user, batch=batch, **form.cleaned_data)
    return None


def _gloss(request, comment, batch):
    form = GlossForm(request.POST, instance=Comment.objects.get(pk=comment.pk), prefix="gloss")
    if not form.is_valid():
        return {"gloss": form, "glossing": True}
    values = form.cleaned_data
    moderation.gloss(
        comment=comment, text=values["gloss"], language=values["gloss_language"], user=request.user, batch=batch
    )
    return None


def _redact(request, comment, batch):
    """One flag, as its button names it, or all that can be removed."""
    wanted = request.POST.getlist("flag")
    found = [flag for flag in flags.find(comment.text) if flag.removable and (not wanted or flag.place in wanted)]
    moderation.redact(comment=comment, found=found, user=request.user, batch=batch)


def _settle(request, comment, batch):
    moderation.settle(comment=comment, user=request.user, batch=batch)


def _close(request, comment, batch):
    moderation.close(comment=comment, closed=request.POST.get("closed") == "1", user=request.user, batch=batch)


def _trust(request, comment, batch):
    if comment.writer_id:
        moderation.trust(comment=comment, trusted=request.POST.get("trusted") == "1", user=request.user, batch=batch)


def _draft(request, comment, batch):
    _keep_draft(request, comment.pk)
    messages.success(request, gettext("The draft is kept. Nobody else sees it."))


def _snippet(request, comment, batch):
    """Without a script: put the chosen words at the end of the draft."""
    chosen = request.POST.get("snippet", "")
    snippet = Snippet.objects.filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() else None
    _keep_draft(request, comment.pk, snippet.text if snippet else "")


def _keep_draft(request, pk, more=""):
    draft = strip_control(request.POST.get("answer-text", "")).replace("\r\n", "\n")[:40_000]
    Comment.objects.filter(pk=pk).update(draft="\n\n".join(filter(None, [draft.rstrip() if more else draft, more])))


STEPS = {
    "approve": _decide(moderation.approve),
    "spam": _decide(moderation.spam),
    "trash": _decide(moderation.trash),
    "wait": _decide(moderation.wait),
    "answer": _answer,
    "edit": _edit,
    "gloss": _gloss,
    "redact": _redact,
    "settle": _settle,
    "close": _close,
    "trust": _trust,
    "draft": _draft,
    "snippet": _snippet,
}
STAYING = {"edit", "gloss", "redact", "close", "trust", "draft", "snippet", "wait"}
