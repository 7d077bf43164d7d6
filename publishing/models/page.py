"""What every public page is: its states, who sees it, how it is saved and rendered."""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import ahead, changed, search, visibility
from ..languages import PAGE_LANGUAGES
from ..richtext import consents, links, pipeline, plain, render, sanitise
from ..richtext.fields import RichTextField
from ..versions import withdrawing
from .links import PageLink, delete_page, rerender_pages_linking_to
from .redirects import Redirect
from .settings import SiteSettings
from .versions import PublishedVersion


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PLANNED = "planned", _("Planned")
    CONSTRUCTION = "construction", _("Under construction")
    PUBLISHED = "published", _("Published")


class PublishableQuerySet(models.QuerySet):
    def published(self):
        """What the public sees at this moment."""
        return self.filter(self.model.public_q())

    def falling_due(self, since, until):
        """What became public, or stopped being so, by itself between two moments."""
        return self.filter(visibility.falling_due_q(self.model, since, until))


@dataclass(frozen=True)
class Computed:
    """What `RichPage.compute()` made, and of what."""

    rendered: render.Rendered
    body: str
    language: str
    readings: ahead.Readings

    def is_of(self, page):
        """Whether it would be the same now."""
        known = (self.body, self.language) == (page.body, page.language)
        return known and self.readings.still_hold()


class RichPage(models.Model):
    """A text the author writes and the public reads, with its states and its time.

    What a reader gets (`body_html`, `contents`) is computed by `save()`, never on reading.
    `render_body()` is the place to add to it.
    """

    # In which states the public sees it; `publishing.visibility` has the rule.
    PUBLIC_STATES = (State.PLANNED, State.CONSTRUCTION, State.PUBLISHED)

    body = RichTextField(_("text"), blank=True)
    language = models.CharField(
        _("language"),
        max_length=8,
        choices=PAGE_LANGUAGES,
        default="en",
        help_text=_("The language this is written in."),
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=State.choices,
        default=State.DRAFT,
        help_text=_(
            "A draft is seen by you alone. All other states are public and say so on the page."
        ),
    )
    publish_at = models.DateTimeField(
        _("publish on"),
        null=True,
        blank=True,
        help_text=_("Nobody sees the page before. Empty: at once."),
    )
    unpublish_at = models.DateTimeField(
        _("take down on"),
        null=True,
        blank=True,
        help_text=_("From then on nobody sees the page any more. Empty: it stays."),
    )
    first_published = models.DateField(
        _("first published"),
        null=True,
        blank=True,
        help_text=_("Filled in by itself when the page is first published."),
    )
    updated = models.DateTimeField(_("last worked on"), default=timezone.now, editable=False)
    reviewed = models.DateField(
        _("last reviewed"),
        null=True,
        blank=True,
        help_text=_("The day you last read it through and found it still right."),
    )
    what_changed = models.TextField(
        _("what changed"),
        blank=True,
        max_length=5000,
        help_text=_(
            "Readers see it at the foot of the page. One change a line, its day first: 2026-05-03"
            " New section on injections."
        ),
    )
    body_html = models.TextField(editable=False, blank=True)
    contents = models.JSONField(editable=False, default=list)
    words = models.PositiveIntegerField(editable=False, default=0)

    objects = PublishableQuerySet.as_manager()

    # Whether h2 headings are called parts and numbered.
    numbered_parts = False
    _computed = _plain = None
    WORKED_ON = ("body", "state")

    class Meta:
        abstract = True

    @classmethod
    def public_q(cls, prefix=""):
        """The rule of `publishing.visibility` for this kind of page."""
        return visibility.public_q(cls, prefix)

    def is_public(self):
        """Whether the public sees this page now, as it is in hand."""
        return (
            self.pk is not None
            and self.has_public_address()
            and visibility.is_reached(self.visible_from)
        )

    def has_public_address(self):
        """Whether the public sees it now, or will by itself once its time comes."""
        return visibility.is_allowed(self) and not visibility.is_over(self.unpublish_at)

    @property
    def visible_from(self):
        """The moment from which the public may see the page; None for always."""
        return self.publish_at

    @property
    def visible_until(self):
        """The moment from which the public may no longer see it; None for never."""
        return self.unpublish_at

    def clean(self):
        super().clean()
        if self.publish_at and self.unpublish_at and self.unpublish_at <= self.publish_at:
            raise ValidationError(
                {"unpublish_at": _("It would be taken down before it is published.")}
            )
        for line in changed.lines(self.what_changed):
            if changed.of_line(line) is None:
                words = _("Begin with the day, as in 2026-05-03: %(line)s") % {"line": line[:100]}
                raise ValidationError({"what_changed": words})
        words = self.why_not_public()
        if words and visibility.is_allowed(self):
            raise ValidationError({"body": words})

    def why_not_public(self):
        """Why this text may not be seen by the public, in words; empty where it may."""
        letters = consents.letters_without(self.body)
        return consents.words_for(letters) if letters else ""

    @property
    def changes_told(self):
        """`[(day, words)]` of what readers are told of changes, the newest first."""
        return changed.told(self.what_changed)

    def tell_change(self, words, day):
        """Tell readers, at the foot of the page; not saved."""
        self.what_changed = changed.with_line(self.what_changed, words, day)

    def publish_now(self):
        """Leave out a time to come and one that is over; not saved."""
        if not visibility.is_reached(self.publish_at):
            self.publish_at = None
        if visibility.is_over(self.unpublish_at):
            self.unpublish_at = None

    @property
    def minutes(self):
        return max(1, round(self.words / render.WORDS_A_MINUTE))

    @property
    def under_construction(self):
        return self.state == State.CONSTRUCTION

    @property
    def planned(self):
        return self.state == State.PLANNED

    def compute(self):
        """Clean and render what is about to be saved, before a transaction begins: `save()` then
        takes it as it is, if all it rests on is so still."""
        readings = ahead.Readings()
        with readings.kept():
            rendered = self._write(timezone.localdate())
        self._computed = Computed(rendered, self.body, self.language, readings)

    # What `compute()` leaves on a page.
    COMPUTED = ("_computed", "_plain")

    def take_computed(self, other):
        """What was computed of the same page in other hands."""
        for name in (*self.RENDERED, *self.COMPUTED):
            setattr(self, name, getattr(other, name))

    def _write(self, day):
        self.body, root = pipeline.prepare(self.body, day)
        return self.render_body(root)

    def save(self, *args, updated=None, **kwargs):
        """Clean, render, save, then bring what depends on this page up to date, all or nothing.

        `updated` sets the date of the last work, for importers; else it moves when the words or the
        state do.
        """
        day, computed = timezone.localdate(updated or timezone.now()), self._computed
        self._computed = None
        with transaction.atomic():
            before = type(self)._default_manager.filter(pk=self.pk).first() if self.pk else None
            known = computed is not None and computed.is_of(self)
            if known:
                self.body, rendered = computed.body, computed.rendered
            else:
                rendered = self._write(day)
            if updated:
                self.updated = updated
            elif before is None or any(
                getattr(before, name) != getattr(self, name) for name in self.WORKED_ON
            ):
                self.updated = timezone.now() if before else self.updated
            self.date_it(before)
            seen_before = before and _seen_at(before)
            super().save(*args, **kwargs)
            self.after_render(rendered, before)
            search.index(
                self, same_summary=before is not None and before.index_summary == self.index_summary
            )
            if before and seen_before != _seen_at(self):
                address, allowed, *_moments = seen_before
                if allowed and address != links.canonical_url(self):
                    Redirect.objects.record({address: self})
                rerender_pages_linking_to(self.seen_with())

    def date_it(self, before):
        """The day it is first published, unless she typed one; a day that was never reached moves
        with its schedule."""
        planned = before and before.publish_at and not visibility.is_reached(before.publish_at)
        if planned and self.first_published == before.first_published == timezone.localdate(
            before.publish_at
        ):
            self.first_published = None
        if self.state not in (State.DRAFT, State.PLANNED) and not self.first_published:
            self.first_published = timezone.localdate(self.publish_at or timezone.now())

    def seen_with(self):
        """The pages that become public, or stop being so, together with this one."""
        return [self]

    @property
    def public_body(self):
        """The text without letters whose writer has taken the consent back."""
        return consents.without_withdrawn(self.body)

    @property
    def public_text(self):
        """Its plain text, a line for each block, at hand where it was just rendered."""
        body, text = self._plain or (None, "")
        return text if body == self.body else plain.lines_of(self.public_body)

    def render_body(self, root=None):
        """Fill the rendered fields from `body`, of which `root` is the tree if it is at hand; gives
        the `Rendered`."""
        root = sanitise.parse(self.body) if root is None else root
        consents.drop_withdrawn(root)
        rendered = render.render_tree(
            root,
            language=self.language,
            numbered_parts=self.numbered_parts,
            passes=self.render_passes(),
        )
        self.body_html, self.contents, self.words = rendered.html, rendered.contents, rendered.words
        self._plain = (self.body, rendered.text)
        return rendered

    def render_passes(self):
        return ()

    def reading_level(self, root):
        """How easily a text, given as its tree, reads, in words; "" for what is not measured."""
        return ""

    def look_again(self, root):
        """`(title, help, lines)` of what the writer of a text, given as its tree, may want to know
        beside what `richtext.hints` finds in any."""
        return ()

    def after_render(self, rendered, before):
        """Record what the rendered text points to, so that a change there reaches this page.
        `before` is the page as it was kept, None for a new one."""
        PageLink.objects.record(self, rendered.targets)

    def rerender(self):
        """Compute the reader's HTML again from the same text; dates stay. Nobody waits meanwhile,
        and whatever is saved meanwhile is newer."""
        readings = ahead.Readings()
        with readings.kept():
            rendered = self.render_body()
        with transaction.atomic():
            if not readings.still_hold():
                rendered = self.render_body()
            if self.save_rendered():
                self.after_render(rendered, self)

    RENDERED = ("body_html", "contents", "words")

    def save_rendered(self):
        """Store what was computed, and nothing else: neither dates nor what points here change.
        Gives 0 where the page has another text by now."""
        same = type(self)._base_manager.filter(pk=self.pk, body=self.body, language=self.language)
        return same.update(**{name: getattr(self, name) for name in self.RENDERED})

    def site_changed(self):
        """Called when the site or its author is renamed: the place to bring what names them up to
        date."""

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            PublishedVersion.objects.of(self).delete()
            return delete_page(self, super().delete, *args, **kwargs)

    def came_back(self):
        """Out of the trash: what was withdrawn meanwhile goes from its published versions."""
        withdrawing.settle_all(PublishedVersion.objects.of(self))

    # Her name, where whoever writes many pages knows it.
    author_known = ""

    @classmethod
    def for_index(cls, pages):
        """With her name, which stands in the row of each."""
        named = models.Subquery(SiteSettings.objects.filter(pk=1).values("author_name"))
        default = models.Value(SiteSettings._meta.get_field("author_name").default)
        return pages.annotate(author_known=Coalesce(named, default))

    @property
    def index_authors(self):
        return self.author_known or SiteSettings.author()

    @property
    def index_year(self):
        return self.first_published.year if self.first_published else None

    def index_kind(self):
        return self._meta.model_name

    def index_text(self):
        """`(title, text)` for the search index."""
        return str(self), self.public_text

    @property
    def index_summary(self):
        return " ".join(heading["text"] for heading in self.contents)


def _seen_at(page):
    """What decides, of the page itself, where the public finds it, whether, and from when until
    when."""
    return (
        links.canonical_url(page),
        visibility.is_allowed(page),
        page.publish_at,
        page.unpublish_at,
    )


def rich_page_models():
    """Every concrete kind of rich page, in the order of INSTALLED_APPS."""
    return [model for model in apps.get_models() if issubclass(model, RichPage)]
