"""The mails at the desk: to be read, and deleted where somebody asks. They are written and sent by
`comments.mailing`."""

from django.contrib import admin
from django.db.models import Q
from post_office.admin import EmailAdmin, LogInline
from post_office.models import Attachment, Email, EmailTemplate, Log

from ..commenters import access
from ..models import Comment

MOST = 1000  # comments that one look is noted for
# Mails are written in templates/mail/. The package's pages send a mail again by a GET, put it back
# for who may only look, and hand out attachments as pages of this site.
admin.site.unregister([Attachment, Email, EmailTemplate, Log])


def _note(mails, user):
    """Whose addresses they show, or whose words they hold."""
    addresses = {address for mail in mails for address in mail.to}
    found = Comment.objects.filter(Q(email__in=addresses) | Q(mailed__email__in=mails))
    access.seen(found.exclude(erased__isnull=False).distinct()[:MOST], user)


@admin.register(Email)
class MailAdmin(EmailAdmin):
    list_display = ("to_display", "shortened_subject", "status", "last_updated", "scheduled_time")
    list_filter = ("status",)
    change_form_template = "admin/change_form.html"  # the package's has the button
    inlines = (LogInline,)
    actions = ()

    def get_urls(self):
        return admin.ModelAdmin.get_urls(self)

    def get_fieldsets(self, request, obj=None):
        fields = (
            "from_email",
            "to",
            ("status", "scheduled_time"),
            "render_subject",
            "render_plaintext_body",
        )
        return [(None, {"fields": fields})]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        if response.status_code == 200:
            _note([Email.objects.get(pk=object_id)], request.user)
        return response

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", {}).get("cl")
        if shown is not None:
            _note(list(shown.result_list), request.user)
        return response

    def has_change_permission(self, request, obj=None):
        return False
