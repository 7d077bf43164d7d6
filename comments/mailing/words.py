"""Mails that hold words of comments: they go, or are rewritten, when those do."""

from post_office.models import Email

from publishing.mailing import outbox

from ..models import MailedComment


def send(template, to, language, context, headers=None, after=None, *, about):
    """As `outbox.send`; `about` are the comments whose words it holds."""
    email = outbox.send(template, to, language, context, headers, after)
    MailedComment.objects.bulk_create(
        MailedComment(email=email, comment=comment) for comment in about
    )
    return email


def about(comment):
    """The mails that hold the words of a comment."""
    return Email.objects.filter(mailed_comments__comment=comment)
