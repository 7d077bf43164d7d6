"""The author finds, exports and erases everything somebody sent, by their e-mail address."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.desk.again import asks_again
from publishing.mailing import outbox

from ..forms import PlainText
from ..models import Comment, Subscription, Writer
from . import access, links, retention

PER_PAGE = 50


class FindForm(forms.Form):
    email = PlainText(
        label=_("Their e-mail address"),
        max_length=254,
        help_text=_(
            "As they gave it; capitals do not matter. Answer to that address only: anybody can ask"
            " in a name."
        ),
        widget=forms.EmailInput(attrs={"autofocus": True, "size": 40}),
    )

    use_required_attribute = False


def _weighs_much(request):
    return bool({"export", "erase", "send"} & set(request.POST))


class PersonalDataAdmin(admin.ModelAdmin):
    """One page instead of a list: people are found by what they ask with, never browsed."""

    def get_urls(self):
        view = self.admin_site.admin_view(asks_again(_weighs_much)(self.people))
        return [path("", view, name="comments_writer_changelist")]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("comments.delete_comment")

    def people(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = FindForm(request.POST or None)
        email = form.cleaned_data["email"] if request.method == "POST" and form.is_valid() else ""
        if email and "export" in request.POST:
            return self._export(request, email)
        if email and {"erase", "send"} & set(request.POST):
            if not self.has_delete_permission(request):
                raise PermissionDenied
            (self._erase if "erase" in request.POST else self._send)(request, email)
            return redirect(reverse("admin:comments_writer_changelist"))
        found = retention.of_email(email) if email else Comment.objects.none()
        looks = access.of(found)
        page = Paginator(found.prefetch_related("page"), PER_PAGE).get_page(
            request.POST.get("page")
        )
        access.note(access.What.READ, page, request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Personal data of a reader"),
            "opts": self.opts,
            "form": form,
            "email": email,
            "comments": page,
            "looks": looks,
            "listening": Subscription.objects.filter(comment__in=found.order_by()).count(),
        }
        return TemplateResponse(request, "admin/comments/people.html", context)

    def _export(self, request, email):
        comments = retention.of_email(email)
        access.note(access.What.EXPORTED, comments, request.user)
        data = retention.export(comments)
        response = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
        response["Content-Disposition"] = 'attachment; filename="comments.json"'
        return response

    def _erase(self, request, email):
        access.note(access.What.ERASED, retention.of_email(email), request.user)
        count = retention.erase_email(email)
        text = ngettext("%d comment is erased, and every mail to that address.",
                        "%d comments are erased, and every mail to that address.",
                        count)  # fmt: skip
        messages.success(request, text % count)

    def _send(self, request, email):
        """The links to their own pages, to the address they gave: whoever asks in their name gets
        nothing."""
        access.note(access.What.KEY_SENT, retention.of_email(email), request.user)
        writers = Writer.objects.filter(comments__in=retention.of_email(email)).distinct()
        for writer in writers:
            language = writer.comments.latest("created").language
            outbox.send(
                "own_page", email, language, {"own_page": outbox.absolute(links.link(writer))}
            )
        count = len(writers)
        messages.success(
            request, ngettext("%d link is on its way.", "%d links are on their way.", count) % count
        )
