"""Accounts and failed logins: what other packages bring to the desk, as far as it is needed."""

from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from . import unanswered  # noqa: F401
from .accounts import LoginForm


class SuperuserOnly:
    """Whoever may change an account may give it every permission: so only who has them all may."""

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_view_permission


admin.site.login_form = LoginForm
admin.site.unregister([User, Group])


@admin.register(User)
class AccountAdmin(SuperuserOnly, UserAdmin):
    pass


@admin.register(Group)
class RoleAdmin(SuperuserOnly, GroupAdmin):
    pass


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
