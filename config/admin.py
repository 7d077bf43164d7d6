"""Accounts and failed logins: what other packages bring to the desk, as far as it is needed."""

from allauth.account import admin as _allauth_account  # noqa: F401  registers what is taken back
from allauth.account.models import EmailAddress
from allauth.mfa import admin as _allauth_mfa  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.usersessions import admin as _allauth_sessions  # noqa: F401
from allauth.usersessions.models import UserSession
from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from publishing.desk.again import asks_again, posts

from . import unanswered  # noqa: F401
from .accounts import LoginForm, SuperuserOnly
from .moving import desk as _moving  # noqa: F401


def _without_single(names):
    return [name for name in names if name != "user_permissions"]


admin.site.login_form = LoginForm
# Keys and codes are for their owners alone (config/door).
admin.site.unregister([User, Group, EmailAddress, Authenticator, UserSession])


@method_decorator(asks_again(posts), "changelist_view")
@method_decorator(asks_again(posts), "delete_view")
@method_decorator(asks_again(), "changeform_view")
@method_decorator(asks_again(), "user_change_password")
@admin.register(User)
class AccountAdmin(SuperuserOnly, UserAdmin):
    """What somebody may do is said by roles; single permissions are given in those. Whoever finds
    the desk open makes no account and changes none without the password."""

    filter_horizontal = ()
    fieldsets = tuple(
        (heading, {**options, "fields": tuple(_without_single(options["fields"]))})
        for heading, options in UserAdmin.fieldsets
    )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs |= {"widget": forms.CheckboxSelectMultiple, "help_text": _("Two roles add up.")}
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@method_decorator(asks_again(posts), "changelist_view")
@method_decorator(asks_again(posts), "delete_view")
@method_decorator(asks_again(), "changeform_view")
@admin.register(Group)
class RoleAdmin(SuperuserOnly, GroupAdmin):
    filter_horizontal = ()


@admin.register(AccessAttempt)
class FailedLoginAdmin(AccessAttemptAdmin):
    """To be read; deleting one lets its owner try again."""

    actions = ()
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    "ip_address",
                    "attempt_time",
                    "failures_since_start",
                    "user_agent",
                )
            },
        ),
    )

    def has_change_permission(self, request, obj=None):
        return False
