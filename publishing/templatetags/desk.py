"""The first page of the admin: what needs doing, what was worked on last, and the lists in the
author's order."""

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing import backups, disk, tasks
from publishing.models import SiteSettings

register = template.Library()

ORDER = ("review", "references", "blog", "comments", "publishing", "taggit")
NAMES = {"taggit": _("Subjects")}
HEAD = ("Chapter", "InShort", "Reference", "Post", "Comment", "Image")
SHOWN = 6


@dataclass
class Task:
    kind: str
    words: str
    address: str


@dataclass
class Page:
    title: str
    kind: str
    state: str
    updated: datetime
    address: str


def _desks(request):
    """Every list this user may see, in the author's order."""
    desks = [
        desk
        for desk in admin.site._registry.values()
        if desk.has_view_or_change_permission(request)
    ]
    return sorted(desks, key=lambda desk: _rank(desk.opts.app_label))


def _rank(app_label):
    return ORDER.index(app_label) if app_label in ORDER else len(ORDER)


def _address(desk, what, *args):
    return reverse(f"admin:{desk.opts.app_label}_{desk.opts.model_name}_{what}", args=args)


@register.simple_tag
def site_name():
    """The name of the site; `site` is something else on the admin's own login page."""
    return SiteSettings.load().name


@register.simple_tag(takes_context=True)
def to_do(context):
    """What each list asks for; a list says so with `to_do()`: words, and a query of it or a whole
    address."""
    return [
        Task(
            desk.opts.verbose_name_plural,
            words,
            where if where.startswith("/") else _address(desk, "changelist") + where,
        )
        for desk in sorted(_desks(context["request"]), key=_comes_first)
        for words, where in (desk.to_do(context["request"]) if hasattr(desk, "to_do") else ())
    ]


def _comes_first(desk):
    """People who wait go before pages that do."""
    return desk.opts.app_label != "comments"


@register.simple_tag(takes_context=True)
def first_day(context):
    """The steps of the first day, as long as one is to be done and the list was not put away; each
    list names its own."""
    request = context["request"]
    if SiteSettings.load().first_day_over or not request.user.has_perm(
        "publishing.change_sitesettings"
    ):
        return []
    desks = [desk for desk in _desks(request) if hasattr(desk, "first_day")]
    desks.sort(key=lambda desk: desk.opts.model_name != "sitesettings")
    steps = [step for desk in desks for step in desk.first_day()]
    return steps if not all(step.done for step in steps) else []


@register.simple_tag
def task_queue():
    """What the desk says of long work; see `publishing.tasks.queue`."""
    return tasks.queue()


@register.simple_tag
def disk_left():
    """`{bytes, low}` of the fullest disk of the site; nothing where that is not known."""
    free = disk.left()
    return {"bytes": free, "low": free < disk.LOW} if free is not None else None


@register.simple_tag
def last_backup():
    """`{at, old}` of the last backup of the site; `at` is None where there never was one."""
    at = backups.last_backup()
    return {"at": at, "old": at is None or at < timezone.now() - backups.OLD}


@register.simple_tag(takes_context=True)
def worked_on(context):
    pages = [
        Page(
            str(page),
            desk.opts.verbose_name,
            page.get_state_display(),
            page.updated,
            _address(desk, "change", page.pk),
        )
        for desk in _desks(context["request"])
        for page in (desk.went_on(context["request"]) if hasattr(desk, "went_on") else ())
    ]
    return sorted(pages, key=lambda page: page.updated, reverse=True)[:SHOWN]


@register.filter
def for_the_author(app_list):
    """The apps the author works in, in the order she needs them."""
    apps = sorted(
        (app for app in app_list if app["app_label"] in ORDER),
        key=lambda app: _rank(app["app_label"]),
    )
    return [{**app, "name": NAMES.get(app["app_label"], app["name"])} for app in apps]


@register.filter
def lists(apps):
    """What the running head links to."""
    return [
        model
        for app in for_the_author(apps)
        for model in app["models"]
        if model["object_name"] in HEAD
    ]


@register.filter
def for_the_operator(app_list):
    return [app for app in app_list if app["app_label"] not in ORDER]
