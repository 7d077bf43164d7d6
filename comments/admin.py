import secrets
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from post_office.models import STATUS

from publishing.desk.again import asks_again, posts
from publishing.mailing import outbox

from . import since
from .commenters import access, retention
from .commenters import admin as commenters_admin
from .desk import admin as desk_admin  # noqa: F401 - these register their own pages
from .desk import mail as mail
from .desk.forms import AnswerForm
from .desk.queue import QUEUES, Queue
from .desk.steps import warn_of_unknown
from .desk.views import Desk
from .kept import admin as kept_admin  # noqa: F401
from .models import Comment, Status, Writer
from .moderation import actions as moderation_actions
from .templatetags.comments import said
from .threads import order

FIRST_LINES = 280
PARENTS_SHOWN = 5
TOLD = 5


class StatusFilter(admin.SimpleListFilter):
    """What waits comes first: it is what the list shows unasked."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return [
            *((each.value, each.label) for each in Status if each != Status.PENDING),
            ("all", _("Everything")),
        ]

    def choices(self, changelist):
        choices = list(super().choices(changelist))
        choices[0]["display"] = Status.PENDING.label
        return choices

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(status=self.value() or Status.PENDING)


class SeenForm(forms.ModelForm):
    """Knows the comment as it was when the form was opened, and refuses to write over what has
    happened since."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = moderation_actions.mark(self.instance)

    def clean(self):
        """Inside the transaction of the admin's view: nobody comes between this and the saving."""
        order.lock([self.instance.root_id])
        now = Comment.objects.filter(pk=self.instance.pk).first()
        seen = self.cleaned_data.get("seen")
        if now is None or (seen and seen != moderation_actions.mark(now)):
            self.data = {**self.data.dict(), "seen": now and moderation_actions.mark(now)}
            raise ValidationError(since.refused(self.instance.pk))
        return self.cleaned_data


@method_decorator(asks_again(posts), "delete_view")
@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    """The queue of what readers wrote. Deleting is for erasing; what is unwanted goes to the
    trash."""

    list_display_links = None
    list_filter = (StatusFilter, "kind", "language")
    search_fields = ("text", "name", "email")
    list_per_page = 50
    list_select_related = ("parent",)
    actions = ("approve", "spam", "trash", "wait")
    form = SeenForm
    fields = (
        "seen",
        "where",
        "context",
        "name",
        "email",
        "kind",
        "language",
        "text",
        "status",
        "by_author",
        "created",
    )
    readonly_fields = ("where", "context", "by_author", "created")
    save_on_top = True

    class Media:
        css = {"all": ["css/moderation.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("page")

    def get_list_display(self, request):
        filters = request.GET.urlencode()

        @admin.display(description=_("what they wrote"))
        def words(obj):
            return format_html("{}{}", self._words(obj), self._steps(obj, filters))

        return (words, "age")

    def get_ordering(self, request):
        # The longest waiting first; of what is decided, the latest.
        return (
            ("-created", "-pk")
            if request.GET.get(StatusFilter.parameter_name)
            else ("created", "pk")
        )

    def get_fields(self, request, obj=None):
        may = self.has_change_permission(request, obj)
        return self.fields if may else [name for name in self.fields if name != "seen"]

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def to_do(self, request):
        """For the first page of the desk: what may be an emergency, what is to read, what to
        answer, what was not sent."""
        words = (
            ("urgent", lambda n: ngettext("%d perhaps an emergency", "%d perhaps emergencies", n)),
            ("pending", lambda n: ngettext("%d to read", "%d to read", n)),
            (
                "unanswered",
                lambda n: ngettext("%d question to answer", "%d questions to answer", n),
            ),
        )
        for name, of in words:
            count = QUEUES[name][1]().count()
            # The desk is for those who decide; others see the list.
            if count and self.has_change_permission(request):
                yield of(count) % count, Queue(name).address()
        mails = outbox.given_up().count()
        if mails and request.user.has_perm("post_office.view_email"):
            words = (
                ngettext("%d mail could not be sent", "%d mails could not be sent", mails) % mails
            )
            yield (
                words,
                reverse("admin:post_office_email_changelist") + f"?status__exact={STATUS.failed}",
            )

    def has_add_permission(self, request):
        return False

    def get_view_on_site_url(self, obj=None):
        return (
            obj.get_absolute_url()
            if obj is not None and obj.is_approved and obj.page is not None
            else None
        )

    def get_urls(self):
        desk, own = Desk(self), self.admin_site.admin_view
        return [
            path("<int:pk>/answer/", own(self.answer_view), name="comments_comment_answer"),
            path("desk/", own(desk.show), name="comments_comment_desk"),
            path("desk/<int:pk>/", own(desk.act), name="comments_comment_desk_act"),
            path(
                "desk/<int:pk>/draft/",
                own(require_POST(desk.draft)),
                name="comments_comment_desk_draft",
            ),
            path("desk/undo/", own(desk.undo), name="comments_comment_desk_undo"),
            path("desk/figures/", own(desk.figures), name="comments_comment_desk_figures"),
            path(
                "desk/mail/",
                own(require_POST(desk.try_mail_again)),
                name="comments_comment_desk_mail",
            ),
            *super().get_urls(),
        ]

    def save_model(self, request, obj, form, change):
        changed = set(form.changed_data) - {"status", "seen"}
        status = obj.status
        if changed:
            obj.save(update_fields=changed)
        moderation_actions.decide(comments=[obj], status=status, user=request.user)

    def in_trash(self, request):
        """What the page of the trash says of comments: words and where they lie. They have had a
        trash of their own."""
        count = Comment.objects.filter(status=Status.TRASH, erased=None).count()
        if not count or not self.has_view_permission(request):
            return None
        words = (
            ngettext("%d comment is in the trash too.", "%d comments are in the trash too.", count)
            % count
        )
        return words, reverse("admin:comments_comment_changelist") + f"?status={Status.TRASH}"

    def get_deleted_objects(self, objs, request):
        """What stands below stays, so nothing forbids it."""
        if not self.has_delete_permission(request):
            return [], {}, {self.opts.verbose_name}, []
        return [str(obj) for obj in objs], {self.opts.verbose_name_plural: len(objs)}, set(), []

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        if response.status_code == 200 and (obj := self.get_object(request, object_id)):
            access.seen([obj], request.user)
        return response

    def delete_model(self, request, obj):
        access.note(access.What.ERASED, [obj], request.user)
        retention.erase([obj])

    # Columns

    def _words(self, obj):
        first = Truncator(obj.text).chars(FIRST_LINES)
        if len(obj.text) <= FIRST_LINES:
            text = format_html(
                '<div class="said" lang="{}" dir="auto">{}</div>', obj.language, said(obj)
            )
        else:
            folded = (
                '<details class="said" lang="{}" dir="auto"><summary>{} <span'
                ' class="more">{}</span></summary>{}</details>'
            )
            text = format_html(folded, obj.language, first, gettext("Show all of it"), said(obj))
        about = [obj.get_kind_display(), obj.get_language_display(), self.where(obj)]
        if obj.status != Status.PENDING:
            about.append(obj.get_status_display())
        return format_html(
            '<input type="hidden" name="seen-{}" value="{}"><p class="by"><bdi>{}</bdi>{}</p><p'
            ' class="meta">{}</p>{}{}',
            obj.pk,
            moderation_actions.mark(obj),
            obj.name,
            self._role(obj),
            format_html_join(" · ", "{}", ([each] for each in about)),
            self._answers(obj),
            text,
        )

    def _role(self, obj):
        return (
            format_html(' <span class="role">{}</span>', gettext("author")) if obj.by_author else ""
        )

    def _answers(self, obj):
        if obj.parent is None:
            return ""
        words = gettext("in reply to %(name)s:") % {"name": obj.parent.name}
        status = "" if obj.parent.is_approved else f" ({obj.parent.get_status_display()})"
        return format_html(
            '<p class="answers">{}{} {}</p>', words, status, Truncator(obj.parent.text).chars(120)
        )

    @admin.display(description=_("page"))
    def where(self, obj):
        if obj.page is None:
            return gettext("The page is gone.")
        anchor = f"#{obj.anchor}" if obj.is_approved else ""
        return format_html('<a href="{}{}">{}</a>', obj.page.get_absolute_url(), anchor, obj.page)

    @admin.display(description=_("in reply to"))
    def context(self, obj):
        return self._answers(obj) or gettext("nothing: it begins a conversation")

    @admin.display(description=_("age"), ordering="created")
    def age(self, obj):
        moment = timezone.localtime(obj.created)
        return format_html(
            '<time datetime="{}" title="{}">{}</time>',
            moment.isoformat(),
            moment,
            timesince(obj.created, depth=1),
        )

    def _steps(self, obj, filters):
        kept = f"?{urlencode({'_changelist_filters': filters})}" if filters else ""
        links = [
            (
                reverse("admin:comments_comment_change", args=[obj.pk]) + kept,
                gettext("Edit"),
                "edit",
            )
        ]
        if not obj.by_author:
            label = gettext("Answer") if obj.is_approved else gettext("Approve and answer")
            links.insert(
                0, (reverse("admin:comments_comment_answer", args=[obj.pk]) + kept, label, "answer")
            )
        steps = format_html_join(" ", '<a class="{2}" href="{0}">{1}</a>', links)
        return format_html('<p class="steps">{}</p>', steps)

    # Decisions

    @admin.action(description=_("Approve"), permissions=["change"])
    def approve(self, request, queryset):
        count = self._decide(request, queryset, Status.APPROVED)
        self.message_user(
            request, ngettext("%d is public now.", "%d are public now.", count) % count
        )

    @admin.action(description=_("Mark as spam"), permissions=["change"])
    def spam(self, request, queryset):
        count = self._decide(request, queryset, Status.SPAM)
        self.message_user(
            request, ngettext("%d marked as spam.", "%d marked as spam.", count) % count
        )

    @admin.action(description=_("Put in the trash"), permissions=["change"])
    def trash(self, request, queryset):
        count = self._decide(request, queryset, Status.TRASH)
        self.message_user(
            request, ngettext("%d put in the trash.", "%d put in the trash.", count) % count
        )

    @admin.action(description=_("Back to waiting"), permissions=["change"])
    def wait(self, request, queryset):
        count = self._decide(request, queryset, Status.PENDING)
        self.message_user(request, ngettext("%d waits again.", "%d wait again.", count) % count)

    def _decide(self, request, queryset, status):
        """The number decided; of those that became something else since the list was opened, it is
        told what."""
        if request.POST.get("select_across") != "1":
            # Not as the list is filtered: what was decided meanwhile has left it, and is told of
            # all the same.
            chosen = [pk for pk in request.POST.getlist(ACTION_CHECKBOX_NAME) if _is_number(pk)]
            queryset = Comment.objects.filter(pk__in=chosen)
        comments = list(queryset)
        seen = {comment.pk: request.POST.get(f"seen-{comment.pk}") for comment in comments}
        count = moderation_actions.decide(
            comments=comments, status=status, user=request.user, seen=seen
        )
        left = [comment for comment in comments if comment.status != status]
        for comment in left[:TOLD]:
            self.message_user(
                request, f"{comment.name}: {since.refused(comment.pk)}", messages.WARNING
            )
        if left[TOLD:]:
            more = ngettext("And %d more like this.", "And %d more like this.", len(left[TOLD:]))
            self.message_user(request, more % len(left[TOLD:]), messages.WARNING)
        return count

    def answer_view(self, request, pk):
        """Approve a comment and answer it, in one step."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        comment = self.get_queryset(request).filter(pk=pk, by_author=False).first()
        if comment is None:
            raise Http404
        form = AnswerForm(
            request.POST or None,
            initial={"language": comment.language, "token": secrets.token_urlsafe(24)},
        )
        if request.method == "POST" and form.is_valid():
            try:
                reply = self._answered(request, comment, form)
            except moderation_actions.Overtaken:
                messages.warning(request, since.refused(pk))
            else:
                self._tell_answered(request, comment, reply)
                warn_of_unknown(request, reply)
                return redirect(self._list_address(request))
        return TemplateResponse(
            request,
            "admin/comments/comment/answer.html",
            self._answer_context(request, comment, form),
        )

    def _answered(self, request, comment, form):
        seen = request.POST.get("seen") or moderation_actions.mark(comment)
        try:
            return moderation_actions.answer(
                comment=comment, user=request.user, seen=seen, **form.cleaned_data
            )
        except IntegrityError:  # sent twice at the same moment: the other one is saved
            return Comment.objects.get(form_token=form.cleaned_data["token"])

    def _answer_context(self, request, comment, form):
        above = order.above(comment)
        return {
            **self.admin_site.each_context(request),
            "title": gettext("Answer") if comment.is_approved else gettext("Approve and answer"),
            "opts": self.opts,
            "media": self.media,
            "comment": comment,
            "where": self.where(comment),
            "above": above[-PARENTS_SHOWN:],
            "earlier": len(above[:-PARENTS_SHOWN]),
            "answers": comment.replies.approved().filter(by_author=True),
            "form": form,
            "seen": moderation_actions.mark(comment),
            "list_address": self._list_address(request),
        }

    def _list_address(self, request):
        """The list as it was filtered and searched when the author left it."""
        filters = QueryDict(request.GET.get("_changelist_filters", "")).urlencode()
        return reverse("admin:comments_comment_changelist") + (f"?{filters}" if filters else "")

    def _tell_answered(self, request, comment, reply):
        change = reverse("admin:comments_comment_change", args=[reply.pk])
        address = reply.get_absolute_url() if reply.page is not None else change
        text = gettext("%(name)s has your answer, and both are public.") % {"name": comment.name}
        words = ((address, gettext("See it")), (change, gettext("Change the answer")))
        links = [format_html('<a href="{}">{}</a>', *each) for each in words]
        messages.success(request, format_html("{} {} · {}", text, *links))


def _is_number(text):
    return text.isascii() and text.isdigit() and len(text) < 19


admin.site.register(Writer, commenters_admin.PersonalDataAdmin)
