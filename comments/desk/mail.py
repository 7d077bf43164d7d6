"""The mails at the desk: to be read, and deleted where somebody asks. They are written and sent by
`comments.mailing`."""

from django.contrib import admin
from post_office.admin import EmailAdmin, LogInline
from post_office.models import Attachment, Email, EmailTemplate, Log

# Mails are written in templates/mail/. The package's pages send a mail again by a GET, put it back
# for who may only look, and hand out attachments as pages of this site.
admin.site.unregister([Attachment, Email, EmailTemplate, Log])


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

    def has_change_permission(self, request, obj=None):
        return False
