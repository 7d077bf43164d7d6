"""A page is frozen as its next published version."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import advisory
from ..models.links import generic_key
from ..models.versions import PublishedVersion
from . import withdrawing


@dataclass
class Frozen:
    """What a version keeps, as its page is at the moment: HTML as readers get it, in which each
    letter names its consent as `data-letter`; `works` as CSL-JSON items, whose `id` is the citekey;
    `labels` by citekey."""

    title: str
    language: str
    label: str = ""
    summary: str = ""
    body_html: str = ""
    contents: list = field(default_factory=list)
    works_html: str = ""
    evidence_html: str = ""
    works: list = field(default_factory=list)
    labels: dict = field(default_factory=dict)
    words: int = 0


SAME = ("title", "label", "summary", "body_html", "works_html", "evidence_html", "works")


@transaction.atomic
def publish(
    *, page, frozen, kind, what_changed, what_to_do="", cite=None, user=None, now=None,
    searched_to=None, taken_in_to=None,
):  # fmt: skip
    """Keep `frozen` as the next version of `page`; gives it. Pressed twice, it is the one there is.
    `cite(version)` gives how it is cited, in every style. Raises ValidationError, in words."""
    advisory.hold(withdrawing.LOCK)
    if not page.is_public():
        raise ValidationError(_("Only what readers see can be published as a version."))
    before = PublishedVersion.objects.of(page).first()
    version = PublishedVersion(
        **generic_key(page, "page"),
        number=before.number + 1 if before else 1,
        published=max(now or timezone.now(), before.published if before else timezone.now()),
        kind=kind,
        what_changed=_lines(what_changed),
        what_to_do=_lines(what_to_do),
        searched_to=searched_to,
        taken_in_to=taken_in_to,
        user=user,
        **{name: value for name, value in vars(frozen).items() if name != "labels"},
    )
    withdrawing.settle(version)
    if before and _is_the_same(before, version):
        return before
    version.works_added, version.works_gone = _moved(before, version, frozen.labels)
    version.cited_as = cite(version) if cite else {}
    version.save()
    return version


def mended(*, page, now=None):
    """Only the wording of a page was mended, and that makes no version; whether there is one."""
    with transaction.atomic():
        advisory.hold(withdrawing.LOCK)
        last = PublishedVersion.objects.of(page).first()
        if last is None:
            return False
        PublishedVersion.objects.filter(pk=last.pk).update(reworded=now or timezone.now())
        return True


def _lines(text):
    """As archives and feeds want it: a browser ends its lines in two signs."""
    return "\n".join(text.splitlines()).strip()


def _is_the_same(before, version):
    told = ("kind", "what_changed", "what_to_do")
    return all(getattr(before, name) == getattr(version, name) for name in (*SAME, *told))


def _moved(before, version, labels):
    """Works that came, and works that went, against the version before; the first has none."""
    if before is None:
        return [], []
    old = {item["id"]: item for item in before.works}
    new = {item["id"]: item for item in version.works}
    return (
        [_named(key, new, labels) for key in new if key not in old],
        [_named(key, old, labels) for key in old if key not in new],
    )


def _named(key, works, labels):
    return {"citekey": key, "label": labels.get(key) or works[key].get("title") or key}
