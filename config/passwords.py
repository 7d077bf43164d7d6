"""What a password at the desk must not be made of."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing.models import SiteSettings
from publishing.search.words import fold

LEFT = 8  # characters that no name explains


class NotOnlyNames:
    """Refuses what is little more than names everybody can read: the account's, the author's, the
    site's."""

    def validate(self, password, user=None):
        rest = fold(password)
        for name in sorted(_names(user), key=len, reverse=True):
            rest = rest.replace(name, "")
        if len(re.sub(r"[\W_]", "", rest)) < LEFT and rest != fold(password):
            raise ValidationError(
                _("It is made of little more than names everybody can read here."), code="names"
            )

    def get_help_text(self):
        return _("Not made of your name or the name of the site, not even twice.")


def _names(user):
    site = SiteSettings.load()
    said = [site.author_name, site.name]
    if user is not None:
        said += [user.get_username(), user.first_name, user.last_name, user.email.partition("@")[0]]
    return {word for each in said for word in re.findall(r"\w{3,}", fold(each))}
