"""The author's first account, and the form to log in."""

import secrets

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishing import limits

from .door import browsers

# No letters that look like others: a password that is read off a screen and typed.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def random_password():
    """Twenty characters in fours, about 99 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(5))


def ensure_author(username):
    """The password of the account just made, or None if somebody can enter the admin already."""
    users = get_user_model().objects
    if users.filter(is_staff=True, is_active=True).exists():
        return None
    password = random_password()
    users.create_superuser(username, password=password)
    return password


class LoginForm(AdminAuthenticationForm):
    """No name is longer than the field of one: Django says so to the browser and does not look."""

    error_messages = AdminAuthenticationForm.error_messages | {
        "invalid_login": _(
            "This name and this password do not open the desk. Capital letters count in both."
        )
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound and self["username"].data:
            # The name stands there: what she has to give again is the password.
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True

    def clean_username(self):
        name = self.cleaned_data["username"]
        if len(name) > self.fields["username"].max_length:
            raise self.get_invalid_login_error()
        return name

    def clean(self):
        """Wrong passwords for one account count together, wherever they come from (axes counts
        each address)."""
        name = self.cleaned_data.get("username", "")
        if not name or self._is_known(name):
            return super().clean()
        refusal = limits.reached("wrong passwords", self.request, account=name.casefold())
        if refusal:
            raise ValidationError(str(refusal))
        try:
            return super().clean()
        except ValidationError:
            limits.hit("wrong passwords", self.request, account=name.casefold())
            raise

    def _is_known(self, name):
        users = get_user_model().objects
        user = (
            users.filter(username=name).first() if browsers.COOKIE in self.request.COOKIES else None
        )
        return user is not None and browsers.knows(self.request, user)


class SuperuserOnly:
    """Whoever may change an account may give it every permission: so only who has them all may."""

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_view_permission
