from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from publishing.desk.publishable import PublishableAdmin
from publishing.models import State
from publishing.templatetags.richtext import day

from . import views
from .models import Post


@admin.register(Post)
class PostAdmin(PublishableAdmin):
    """A post is a draft or published; there is nothing in between."""

    list_display = ("page_title", "state_word", "language", "dated", "worked_on", "on_the_site")
    states = (State.DRAFT, State.PUBLISHED)

    def preview_response(self, request, preview):
        return views.preview(request, preview.page, preview.tags)

    @admin.display(description=_("dated"), ordering="first_published")
    def dated(self, obj):
        return day(obj.first_published)
