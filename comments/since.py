"""What has happened to a comment since somebody opened it, in words for whoever was about to
decide."""

from django.utils import timezone
from django.utils.translation import gettext

from .models import Comment


def told(pk):
    """“Put in the trash at 10:42 by marta.”; what its writer did; that it is erased."""
    comment = Comment.objects.filter(pk=pk, erased=None).first()
    if comment is None:
        return gettext("It has been erased.")
    last = comment.decisions.select_related("user").first()
    if comment.withdrawn:
        return gettext("Its writer withdrew it at %(time)s.") % {"time": _moment(comment.withdrawn)}
    if comment.edited and (last is None or comment.edited > last.at):
        return gettext("Its writer corrected it at %(time)s.") % {"time": _moment(comment.edited)}
    if last is None:
        return gettext("It has been changed.")
    facts = {"what": last.get_action_display(), "time": _moment(last.at), "who": last.user}
    if last.user is None:
        return gettext("%(what)s at %(time)s.") % facts
    return gettext("%(what)s at %(time)s by %(who)s.") % facts


def refused(pk):
    """The same, and that nothing was done upon it."""
    words = gettext("You had not seen that, so nothing was changed. Look again, and decide.")
    return f"{told(pk)} {words}"


def _moment(moment):
    local = timezone.localtime(moment)
    today = local.date() == timezone.localdate()
    return f"{local:%H:%M}" if today else f"{local:%Y-%m-%d, %H:%M}"
