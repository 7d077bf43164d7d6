"""Under which terms a picture is shown."""

from django.utils.translation import gettext_lazy as _

# As they are written under a figure; in the second column what the form says.
LICENCES = [
    ("CC BY 4.0", "CC BY 4.0"),
    ("CC BY-SA 4.0", "CC BY-SA 4.0"),
    ("CC BY-NC 4.0", "CC BY-NC 4.0"),
    ("CC BY-NC-SA 4.0", "CC BY-NC-SA 4.0"),
    ("CC BY-ND 4.0", "CC BY-ND 4.0"),
    ("CC BY-NC-ND 4.0", "CC BY-NC-ND 4.0"),
    ("CC BY 3.0", "CC BY 3.0"),
    ("CC BY-SA 3.0", "CC BY-SA 3.0"),
    ("CC0 1.0", "CC0 1.0"),
    ("Public domain", _("Public domain")),
    ("Own work", _("Own work")),
    ("With permission", _("With the permission of the holder")),
]
BY_PERMISSION = "With permission"
